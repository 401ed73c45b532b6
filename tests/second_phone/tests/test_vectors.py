"""Every file of vectors, in the order the checklist of protocol.md gives; then the two generated documents."""

import hashlib
import json
import re
import unittest

import zstandard

from second_phone import (Malformed, cbor, checksum, cose, ids, keys, messages, operations, pages, points, proof, rules,
                          study)
from second_phone.mirror import Mirror
from second_phone.tables import KINDS, NAMED, TABLES

from . import DOCS, vectors


def raw(text):
    """Bytes from the hex of the vectors."""
    return bytes.fromhex(text)


def vector_key(name):
    """The private keys of the vectors."""
    return keys.Key(int.from_bytes(hashlib.sha256(f"dangjian/vectors/{name}".encode()).digest(), "big"))


def fields_of(op):
    """An operation's fields as the phone has them."""
    (form, ms), = op["at"].items()
    depends_on = ids.parse(op["depends_on"]) if op["depends_on"] else None
    payload = raw(op["payload_bytes"]) if "payload_bytes" in op else payload_of(op["kind"], op["payload"])
    return {"id": ids.parse(op["id"]), "seq": op["seq"], "actor": ids.parse(op["actor"]), "at": (form, ms),
            "kind": op["kind"], "version": op["version"], "payload": payload, "depends_on": depends_on}


def payload_of(kind, fields):
    """A payload's bytes from its fields with ids as text."""
    types = dict(operations.PAYLOADS[kind])
    parse = {"id": ids.parse, "boot": raw, "bytes": raw, "bytes?": lambda text: raw(text) if text else None}
    return operations.encode_payload(kind, {name: parse.get(types[name], lambda given: given)(value)
                                            for name, value in fields.items()})


def row_of(table, given):
    """A row with ids as bytes."""
    return {name: ids.parse(value) if NAMED[table].named[name].type == "id" else value for name, value in given.items()}


def part_of(part):
    """A part of a derived id."""
    (form, value), = part.items()
    return {"id": ids.parse, "number": ids.number, "text": ids.word}[form](value)


NAMED_IDS = {
    "a fact that an operation brought about": lambda op, kind, day: ids.fact_id(ids.parse(op), kind, day),
    "a posting": lambda fact, rule: ids.entry_id(ids.parse(fact), rule),
    "its reversal": lambda entry: ids.reversal_id(ids.parse(entry)),
    "a day of study": lambda member, day: ids.study_day_id(ids.parse(member), day),
    "a day before 1970": lambda member, day: ids.study_day_id(ids.parse(member), day),
    "progress with an item": lambda member, item: ids.progress_id(ids.parse(member), ids.parse(item)),
    "a draw of a quiz": lambda member, item, day: ids.draw_id(ids.parse(member), ids.parse(item), day),
    "the seed of a member's checks on an item": lambda member, item: ids.check_seed(ids.parse(member), ids.parse(item)),
}


class Identifiers(unittest.TestCase):
    def test_ids(self):
        given = vectors("ids")
        for case in given["derived"]:
            with self.subTest(case["name"]):
                parts = [part_of(part) for part in case["of"]]
                self.assertEqual(list(map(ids.text, parts)), case["parts"])
                self.assertEqual(ids.text(ids.derived(case["context"], *parts)), case["id"])
                named = NAMED_IDS.get(case["name"])
                if named:
                    own = [value for part in case["of"] for value in part.values()]
                    self.assertEqual(ids.text(named(*own)), case["id"])
        for case in given["v7"]:
            self.assertEqual(ids.text(ids.version7(case["unix_ms"], raw(case["random"]))), case["id"])

    def test_quarters(self):
        for ms, quarter in ((1795381200000, 20264), (1767196799999, 20254), (1767196800000, 20261), (0, 19701)):
            self.assertEqual(ids.quarter(ms), quarter)


class Operations(unittest.TestCase):
    def test_operations(self):
        for case in vectors("operations")["operations"]:
            with self.subTest(case["name"]):
                op = fields_of(case["fields"])
                self.assertEqual(op["payload"].hex(), case["payload"])
                self.assertEqual(operations.encode(op).hex(), case["bytes"])
                self.assertEqual(operations.decode(raw(case["bytes"])), op)

    def test_operations_refused(self):
        given = vectors("operations-refused")
        operations.decode(raw(given["like"]))
        like = {case["name"]: case["fields"] for case in vectors("operations")["operations"]}
        for case in given["refused"]:
            with self.subTest(case["name"]):
                data = raw(case["bytes"]) if "bytes" in case else operations.encode(
                    {**fields_of(like[case["build"]["like"]]), "payload": bytes(case["build"]["payload_zeros"])})
                self.assertEqual(len(data), case.get("length", len(data)))
                self.assertRaises(Malformed, operations.decode, data)

    def test_payloads_refused(self):
        actor = bytes(15) + b"\1"
        county = Mirror()
        county.put("member", {"id": actor, "version": 1, "org": actor, "status": 1})
        for case in vectors("payloads-refused")["refused"]:
            with self.subTest(case["name"]):
                op = {"id": actor, "kind": case["kind"], "version": case["version"], "payload": raw(case["payload"]),
                      "at": ("anchored", 0), "depends_on": None}
                self.assertEqual(rules.judge(county, actor, op, 0), {"refused": case["refusal"]})
        county.close()

    def test_chain(self):
        given = vectors("chain")
        previous = operations.FIRST_LINK
        for case in given["links"]:
            self.assertEqual(previous.hex(), case["previous"])
            previous = operations.link(ids.parse(given["deployment"]), ids.parse(given["device"]), case["seq"], previous,
                                       raw(case["operation"]))
            self.assertEqual(previous.hex(), case["link"])


class Signatures(unittest.TestCase):
    def test_keys(self):
        given = vectors("keys")
        for case in given["keys"]:
            key = vector_key(case["name"])
            self.assertEqual((key.public.hex(), key.id.hex()), (case["public"], case["id"]))
            for signed in case["signatures"]:
                self.assertTrue(keys.verify(key.public, raw(signed["message"]), raw(signed["signature"])))
                self.assertTrue(keys.verify(key.public, raw(signed["message"]), key.sign(raw(signed["message"]))))
        for case in given["key_store"]:
            self.assertEqual(keys.wire(raw(case["from_key_store"])).hex(), case["on_the_wire"], case["name"])

    def test_keys_refused(self):
        given, key = vectors("keys"), vector_key("silent")
        for case in given["refused_keys"]:
            with self.subTest(case["name"]):
                self.assertRaises(Malformed, keys.public_key, raw(case["public"]))
        for case in given["refused_signatures"]:
            self.assertFalse(keys.verify(key.public, raw(case["message"]), raw(case["signature"])), case["name"])

    def test_contextual_signatures(self):
        given = vectors("contextual-signatures")
        key = vector_key(given["key"])
        for case in given["cases"]:
            signed = keys.contextual(case["context"], raw(case["given"]))
            self.assertEqual(signed.hex(), case["signed_bytes"])
            self.assertTrue(keys.verify(key.public, signed, raw(case["signature"])))

    def test_cose(self):
        for case in vectors("cose")["messages"]:
            key, payload, deployment = vector_key(case["key"]), raw(case["payload"]), ids.parse(case["deployment"])
            structure = cose.sig_structure(case["context"], deployment, raw(case["protected"]), payload)
            self.assertEqual(structure.hex(), case["sig_structure"])
            self.assertEqual(cose.verify(raw(case["message"]), key.public, case["context"], deployment), payload)
            ours = cose.sign(key, case["context"], deployment, payload)
            self.assertEqual(ours[:-64].hex(), case["message"][:-128])
            self.assertEqual(cose.verify(ours, key.public, case["context"], deployment), payload)

    def test_head_and_receipt(self):
        head, receipt = vectors("cose")["messages"]
        fields = {name: head["payload_fields"][name] for name in ("deployment", "device")}
        deployment, device = map(ids.parse, fields.values())
        link = raw(vectors("chain")["links"][-1]["link"])
        ours = cose.head(vector_key("silent"), deployment, device, 10, link)
        self.assertEqual(ours[:-64].hex(), head["message"][:-128])
        read = cose.read_receipt(raw(receipt["message"]), vector_key("server").public, deployment, device)
        self.assertEqual(read, {"to_seq": 10, "link": link, "at": receipt["payload_fields"]["at"]})

    def test_cose_refused(self):
        given = vectors("cose-refused")
        public, deployment = vector_key(given["key"]).public, ids.parse(given["deployment"])
        cose.verify(raw(given["like"]), public, given["context"], deployment)
        for case in given["refused"]:
            with self.subTest(case["name"]), self.assertRaises(cose.Refused) as refused:
                cose.verify(raw(case["message"]), public, given["context"], deployment)
            self.assertEqual(str(refused.exception), case["error"], case["name"])

    def test_session(self):
        given = vectors("session")
        token, key = raw(given["token"]), raw(given["session_key"])
        for case in given["proofs"]:
            request = case["method"], case["path"], raw(case["body"])
            self.assertEqual(proof.signature_base(*request, token, case["created"]), case["signature_base"])
            headers = proof.headers(*request, token, key, case["created"])
            self.assertEqual(headers, case["headers"])
            self.assertEqual(proof.parse_input(headers["Signature-Input"]), (case["created"], token))
        for case in given["refused"]:
            with self.subTest(case["name"]):
                self.assertRaises(Malformed, proof.parse_input, case["Signature-Input"])


class Messages(unittest.TestCase):
    def test_messages(self):
        for case in vectors("messages")["messages"]:
            with self.subTest(case["name"]):
                text = json.dumps(case["json"])
                read = messages.read(case["schema"], raw(case["cbor"]))
                self.assertEqual(messages.read(case["schema"], text, messages.JSON), read)
                if "page" in read:
                    continue  # Phones do not write pages.
                self.assertEqual(messages.write(case["schema"], read).hex(), case["cbor"])
                written = json.loads(messages.write(case["schema"], read, messages.JSON))
                self.assertEqual(written, without_nulls(case["json"]))

    def test_tolerated(self):
        for case in vectors("messages")["tolerated"]:
            self.assertEqual(messages.read(case["schema"], raw(case["cbor"])), case["read_as"])
            self.assertEqual(messages.read(case["schema"], json.dumps(case["json"]), messages.JSON), case["read_as"])

    def test_refused(self):
        for data in map(raw, ("", "a101", "a1010000", "a0", "80", "a201000100", "9bffffffffffffffff")):
            self.assertRaises(Malformed, messages.read, "Done", data)


def without_nulls(value):
    """JSON with absent fields left out."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


class Rows(unittest.TestCase):
    def test_feeds(self):
        for case in vectors("feeds")["rows"]:
            feeds = [(feed["kind"], ids.parse(feed["subject"])) for feed in case["feeds"]]
            self.assertEqual(NAMED[case["table"]].feeds(row_of(case["table"], case["row"])), feeds)

    def test_pages(self):
        for case in vectors("pages")["pages"]:
            with self.subTest(case["name"]):
                page = pages.read_columnar(raw(case["columnar"]))
                self.assertEqual(page["unknown"], case["unknown"])
                if "zstd" in case:
                    self.assertEqual(pages.unpack(raw(case["zstd"])).hex(), case["columnar"])
                twin = pages.read_json(case["json"])
                self.assertEqual(len(twin["unknown"]), len(case["unknown"]))
                self.assertEqual({**twin, "unknown": []}, {**page, "unknown": []})

    def test_pages_refused(self):
        for case in vectors("pages-refused")["refused"]:
            with self.subTest(case["name"]):
                self.assertRaises(Malformed, pages.read_columnar, raw(case["columnar"]))

    def test_page_bombs(self):
        bomb = zstandard.ZstdCompressor().compress(bytes(pages.LARGEST + 1))
        self.assertRaises(Malformed, pages.unpack, bomb)
        self.assertRaises(Malformed, pages.unpack, bomb[:20])
        self.assertRaises(Malformed, pages.unpack, b"no frame")

    def test_checksum(self):
        given = vectors("checksum")
        for case in given["mix"]:
            self.assertEqual(f'{checksum.mix(int(case["x"], 16)):016x}', case["mix"])
        hashes = [checksum.row_hash(row["table"], ids.parse(row["id"]), row["version"]) for row in given["rows"]]
        self.assertEqual([f"{word:016x}" for word in hashes], [row["hash"] for row in given["rows"]])
        self.assertEqual(f"{sum(hashes) & checksum.MASK:016x}", given["sum_of_all_rows"])


class Study(unittest.TestCase):
    def setUp(self):
        self.given = vectors("study")
        self.rules = self.given["rules"]

    def test_check_times(self):
        for case in self.given["check_times"]:
            seed = ids.check_seed(ids.parse(case["member"]), ids.parse(case["item"]))
            self.assertEqual(ids.text(seed), case["seed"])
            times = [study.due(seed, n, case["checks"], self.rules["checks"]) for n in range(len(case["due"]))]
            self.assertEqual(times, [(due["at_ms"], due["check"]) for due in case["due"]])
        self.assertIsNone(study.due(ids.ZERO, 0, 0, self.rules["checks"]))

    def test_credit(self):
        for case in self.given["credit"]:
            with self.subTest(case["name"]):
                seed = ids.parse(self.given["seed"])
                self.assertEqual(study.credit({**case, "seed": seed}, self.rules), case["credit"])
        for case in self.given["malformed"]:
            self.assertFalse(study.well_formed(case["record"], self.rules), case["name"])
        for case in self.given["finish"]:
            self.assertEqual(study.finish_ms(case["length_ms"], self.rules), case["finish_ms"])

    def test_places(self):
        for case in self.given["places"]:
            with self.subTest(case["name"]):
                known, expected = ({clock["boot"]: (clock["offset_ms"], clock["observed"]) for clock in case[name]}
                                   for name in ("known", "clocks"))
                present = (case["present"]["boot"], case["present"]["ms"]) if case["present"] else None
                readings = [(reading["boot"], reading["ms"]) for reading in case["readings"]]
                self.assertEqual(study.clocks(known, present, case["received"], readings), expected)

    def test_lease(self):
        given = self.given["lease"]
        self.assertEqual(given["tag"] + given["lease"], given["token"])
        fields = {name: ids.parse(cell) if isinstance(cell, str) else cell for name, cell in given["fields"].items()}
        self.assertEqual(study.read_lease(raw(given["token"])), fields)
        self.assertRaises(Malformed, study.read_lease, raw(given["token"])[:-1])


class Points(unittest.TestCase):
    def setUp(self):
        self.given = vectors("points")

    def test_rule_set(self):
        text, read = self.given["rule_set"]["text"], self.given["rule_set"]["read"]
        given = points.read_set(text)
        self.assertEqual(given["id"], read["id"])
        self.assertEqual([(rule["id"], rule["fact"], rule["every"], rule["points"]) for rule in given["rules"]],
                         [(rule["id"], rule["fact"], rule["every"], rule["points"]) for rule in read["rules"]])
        study_rules, ms = vectors("study")["rules"], 1000
        self.assertEqual({"min_ms": given["study"]["checks"]["min_s"] * ms, "max_ms": given["study"]["checks"]["max_s"] * ms},
                         study_rules["checks"])
        self.assertEqual(given["study"]["max_credit_per_gap_s"] * ms, study_rules["max_gap_ms"])

    def test_postings(self):
        rule_set, ledger = points.read_set(self.given["rule_set"]["text"]), []
        for case in self.given["facts"]:
            with self.subTest(case["name"]):
                fact = case["fact"]
                parsed = {name: ids.parse(fact[name]) if fact[name] else None for name in ("id", "subject", "org", "op", "about")}
                if fact["kind"] != "sign_in":
                    self.assertEqual(ids.fact_id(parsed["op"], fact["kind"], fact["day"]), parsed["id"])
                else:
                    self.assertEqual(ids.sign_in_fact_id(parsed["subject"], fact["day"]), parsed["id"])
                given = lambda rule: [(row["day"], row["points"]) for row in ledger
                                      if row["rule"] == rule and row["member"] == parsed["subject"]]
                entries = points.post(rule_set, {**fact, **parsed}, given, case["sign_in_points"])
                self.assertEqual(entries, [row_of("ledger_entry", row) for row in case["postings"]])
                ledger += entries

    def test_reversal(self):
        given = self.given["reversal"]
        entry, back = (row_of("ledger_entry", given[name]) for name in ("posting", "reversal"))
        self.assertEqual(points.reversal(entry, ids.parse(given["op"]), given["reason"]), back)
        self.assertRaises(Malformed, points.reversal, back, back["fact"], "")

    def test_ranks(self):
        for case in self.given["histograms"]["read"]:
            histogram = points.Histogram(case["text"])
            self.assertEqual(histogram.subjects, case["subjects"])
            for rank in case["ranks"]:
                self.assertEqual(histogram.rank(rank["points"]), rank["rank"], (case["text"], rank["points"]))
        for text in self.given["histograms"]["refused"]:
            self.assertRaises(Malformed, points.Histogram, text)


class Rules(unittest.TestCase):
    def setUp(self):
        self.given, self.county = vectors("rules"), Mirror()
        self.addCleanup(self.county.close)
        for table, rows in self.given["rows"].items():
            for row in rows:
                self.county.put(table, row_of(table, row))

    def test_decisions(self):
        versions = {(ids.parse(entry["op"]), entry["table"], ids.parse(entry["id"])): entry["version"]
                    for entry in self.given["written_by_operations"]}
        for case in self.given["decisions"]:
            with self.subTest(case["name"]):
                op = fields_of({**case, "id": case["op"], "seq": 1, "version": 1})
                follows = rules.judge(self.county, op["actor"], op, case["received"], versions)
                if case["kind"] in rules.JUDGED:
                    self.assertEqual(follows, self.expected(case))

    def test_segments(self):
        """What the small county's segments and sign-ins come to, from rows and what `study` says a server knows besides."""
        known = self.given["study"]
        rule_set = points.read_set(next(self.county.find("rule_set"))["text"])
        clocks = {clock["boot"]: clock["offset_ms"] for clock in known["clocks"]}
        study_rules = vectors("study")["rules"]
        for case in self.given["decisions"]:
            if case["kind"] not in (operations.RECORD_STUDY, operations.SIGN_IN) or "refused" in case:
                continue
            with self.subTest(case["name"]):
                offset, member = clocks[case["payload"]["boot"]], ids.parse(case["actor"])
                find = self.sign_in if case["kind"] == operations.SIGN_IN else self.segment
                facts = find(case, member, offset, study_rules, known)
                entries = self.posted(rule_set, member, facts)
                self.assertEqual(entries, self.expected(case)["writes"].get("ledger_entry", []))

    def posted(self, rule_set, member, facts):
        """The new entries for facts of one operation."""
        def given(rule):
            rows = list(self.county.find("ledger_entry", member=member, rule=rule)) + entries
            return [(row["day"], row["points"]) for row in rows if "reverses" not in row and row["rule"] == rule]
        entries = []
        for fact in facts:
            entries += [entry for entry in points.post(rule_set, {**fact, "subject": member}, given)
                        if self.county.get("ledger_entry", entry["id"]) is None]
        return entries

    def sign_in(self, case, member, offset, study_rules, _known):
        """The fact of a sign-in."""
        at = offset + case["payload"]["at_ms"]
        day = study.study_day(at, study_rules)
        return [{"id": ids.sign_in_fact_id(member, day), "kind": "sign_in", "day": day, "amount": 1, "amount_before": 0,
                 "org": self.county.get("member", member)["org"], "op": ids.parse(case["op"]), "about": None,
                 "from_at": at, "to_at": at}]

    def segment(self, case, member, offset, study_rules, known):
        """The facts of a segment; its credit and rows are compared on the way."""
        payload, item = case["payload"], self.county.get("study_item", ids.parse(case["payload"]["item"]))
        progress = self.county.get("item_progress", ids.progress_id(member, item["id"])) or {}
        days = {day["day"]: day for day in self.county.find("study_day", member=member)}
        lease = next((lease for lease in known["leases"] if lease["token"] == payload["lease"]), None)
        checked = {"observed_ms": progress.get("observed_ms", 0), "answered": progress.get("answered", 0)}
        credit = study.credit({
            "record": payload, "offset_ms": offset, "window": [known["not_before"], case["received"]], "item": item,
            "lease": lease, "seed": ids.check_seed(member, item["id"]), "before": {
                "covered": [(stretch["from"], stretch["to"]) for stretch in known["covered"]
                            if stretch["member"] == case["actor"]],
                "item_ms": progress.get("credited_ms", 0), "finished": "finished_on" in progress, "checked": checked,
                "days": list(days.values())}}, study_rules)
        self.assertEqual(credit["stretches"], case["credited"])
        kind, sort = ("read_ms", "read_item") if item["kind"] == 1 else ("av_ms", "av_item")
        common = {"org": self.county.get("member", member)["org"], "op": ids.parse(case["op"]), "about": item["id"]}
        facts = []
        for day in credit["days"]:
            before = days.get(day["day"], {}).get("read_ms" if item["kind"] == 1 else "av_ms", 0)
            facts.append({**common, "kind": kind, "day": day["day"], "amount": day["ms"], "amount_before": before,
                          "from_at": day["from"], "to_at": day["to"]})
        if credit["finished"] is not None:
            end = next(day["to"] for day in credit["days"] if day["day"] == credit["finished"])
            facts.append({**common, "kind": sort, "day": credit["finished"], "amount": 1, "amount_before": 0,
                          "from_at": end, "to_at": end})
        self.assertEqual([row["id"] for row in self.expected(case)["writes"].get("study_day", [])],
                         [ids.study_day_id(member, day["day"]) for day in credit["days"]])
        return [{**fact, "id": ids.fact_id(fact["op"], fact["kind"], fact["day"])} for fact in facts]

    @staticmethod
    def expected(case):
        """What follows, with ids as bytes."""
        if "refused" in case:
            return {"refused": case["refused"]}
        return {"writes": {table: [row_of(table, row) for row in rows] for table, rows in case["writes"].items()},
                "ledgers": [{**ledger, "org": ids.parse(ledger["org"])} for ledger in case["ledgers"]],
                "regrants": list(map(ids.parse, case["regrants"]))}

    def test_grants(self):
        names = {code: name for name, code in KINDS.items()}
        for case in self.given["grants"]:
            opened = {ids.parse(ledger["org"]) for ledger in self.given["opened_ledgers"]
                      if ledger["member"] == case["member"]}
            held = rules.feeds_of_member(self.county, ids.parse(case["member"]), opened)
            named = {f"{names[kind]}/{ids.text(subject)}" for kind, subject in held}
            self.assertEqual(named, set(case["feeds"]))


class Documents(unittest.TestCase):
    def test_tables(self):
        sections = re.split(r"\n## (\d+) (\w+)\n", (DOCS / "tables.md").read_text(encoding="utf-8").split("\n# Codes")[0])
        for number, name, text in zip(sections[1::3], sections[2::3], sections[3::3]):
            table = TABLES[int(number)]
            columns = re.findall(r"^\| (\d+) \| `(\w+)` \| (\w+)[^|]*\| (yes|) *\|", text, re.M)
            ours = [(str(c.number), c.name, c.type, "yes" if c.optional else "") for c in table.columns.values()]
            self.assertEqual((table.name, ours), (name, columns))
            rules_given = re.findall(r"`(\w+)`/`(\w+)`(?: if `(\w+)` = (\d+))?", text.split("Feeds:")[1].split("\n")[0])
            ours = [(rule.kind, rule.column, rule.condition) for rule in table.rules]
            self.assertEqual(ours, [(KINDS[kind], column, (where, int(value)) if where else None)
                                    for kind, column, where, value in rules_given])
        self.assertEqual(len(sections) // 3, len(TABLES))

    def test_openapi(self):
        text = (DOCS / "openapi.yaml").read_text(encoding="utf-8").split("\n  parameters:\n")[0]
        blocks = re.split(r"\n    (\w+):\n", text.split("\n  schemas:\n")[1].join(("\n", "\n")))
        for name, block in zip(blocks[1::2], blocks[2::2]):
            fields = re.findall(r"^        (\w+):\n((?:          .*\n)+)", block + "\n", re.M)
            keyed = [(int(re.search(r"x-cbor-key: (\d+)", body)[1]), field) for field, body in fields if "cbor-key" in body]
            if keyed:
                required = set(re.findall(r"^      - (\w+)$", block.split("      properties:")[0], re.M))
                self.assertEqual([(key, field, optional) for key, field, _, optional in messages.MESSAGES[name]],
                                 [(key, field, field not in required) for key, field in keyed], name)
        self.assertEqual(set(messages.MESSAGES) - set(blocks[1::2]), set())

    def test_cbor_reader(self):
        for data in ("1800", "5f4100ff", "a2010101 02", "fb0000000000000000", "c100", "a20200 0100", "f818"):
            self.assertRaises(Malformed, cbor.canonical, raw(data))

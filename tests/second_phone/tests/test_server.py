"""Phones against the server program, from the activation to a restored backup.

What a phone has is compared with the server's database, filtered by the documented feed rules.
"""

import shutil
import threading
import unittest

from second_phone import ids, keys, messages, operations, points, rules, study
from second_phone.log import Log, Lost, new_operation
from second_phone.operations import EDIT, MOVE, OPEN_LEDGER, PUBLISH, READ, WITHDRAW
from second_phone.phone import Phone, pause_ms
from second_phone.tables import BRANCH, LEDGER
from second_phone.transport import ApiError, NetworkError, boot_reading

from .county import PASSWORD, County, contents, wait_until

COUNTY = None


def setUpModule():
    global COUNTY
    COUNTY = County()
    unittest.addModuleCleanup(COUNTY.close)


class Case(unittest.TestCase):
    """What the tests share."""

    def phone(self, member, media=messages.CBOR):
        """A phone that goes away after the test."""
        phone = COUNTY.phone(member, media)
        self.addCleanup(phone.close)
        return phone

    def synced(self, member, media=messages.CBOR):
        """A phone with all its rows."""
        phone = self.phone(member, media)
        self.assertEqual(phone.sync(), [])
        return phone

    def branch(self):
        """Secretary and two plain members of a branch whose people have no phones yet."""
        role = next(row for row in COUNTY.rows.find("role", role=1)
                    if COUNTY.rows.get("organization", row["org"])["kind"] == 5 and row["member"] not in COUNTY.taken
                    and len(list(COUNTY.rows.find("member", org=row["org"], status=1))) > 8)
        first = COUNTY.plain(role["org"])["id"]
        return role["org"], role["member"], first, COUNTY.plain(role["org"], (first,))["id"]

    def secretary(self):
        """A synced phone of a branch secretary, and the branch."""
        org, secretary, _, _ = self.branch()
        return self.synced(secretary), org

    def publish(self, phone, org, title="主题党日"):
        """A notice to the branch."""
        return phone.act(PUBLISH, org=org, scope=1, title=title, body="周五上午九点。\n请准时。")

    def assert_refused(self, code, call, *args, **kwargs):
        """The server answers with this error."""
        with self.assertRaises(ApiError) as raised:
            call(*args, **kwargs)
        self.assertEqual(raised.exception.code, code)

    def assert_verdict(self, phone, op, decision, reason=None):
        """The server decided so."""
        self.assertEqual(phone.verdict(op), (decision, reason))

    def assert_whole(self, phone, opened=()):
        """The phone has exactly the rows it should, the feeds it should, and checks that agree."""
        held = rules.feeds_of_member(COUNTY.rows, phone.member, opened)
        self.assertEqual(set(phone.mirror.held.values()), held)
        self.assertEqual(contents(phone), COUNTY.rows.visible_to_few(held))
        self.assert_checked(phone)

    def assert_checked(self, phone):
        """Count and sum of every feed agree with the server's."""
        checks = phone.exchange()["checks"]
        self.assertEqual({check["feed"] for check in checks}, set(phone.mirror.held))
        self.assertEqual(phone.mirror.differing(checks), [])


class Joining(Case):
    def test_capabilities(self):
        for media in (messages.CBOR, messages.JSON):
            phone = Phone(COUNTY.url, media)
            given = phone.transport.call("GET", "/v1/capabilities", None, "Capabilities")
            phone.close()
            self.assertEqual((given["versions"], given["level"], given["hints"]), ([1], "full", True))
            self.assertEqual((given["tables"], given["op_kinds"]), (list(range(1, 24)), list(range(1, 17))))
            keys.public_key(given["server_key"])

    def test_activation(self):
        member = COUNTY.plain()["id"]
        COUNTY.taken.add(member)
        person = COUNTY.people[member]
        phone = Phone(COUNTY.url)
        self.addCleanup(phone.close)
        self.assert_refused("not_activated", phone.sign_in, person["login"], PASSWORD)
        self.assert_refused("wrong_credentials", phone.activate, person["login"], "AAAAA-AAAAA", PASSWORD)
        self.assert_refused("weak_password", phone.activate, person["login"], person["code"], "short")
        spelt = person["code"].lower().replace("-", " ")
        phone.activate(person["login"], spelt, PASSWORD)
        self.assertEqual(phone.member, member)
        self.assert_refused("wrong_credentials", phone.activate, person["login"], person["code"], PASSWORD)
        self.assert_refused("wrong_credentials", phone.sign_in, person["login"], PASSWORD + "!")
        self.assert_refused("wrong_credentials", phone.sign_in, "nobody", PASSWORD)
        phone.sign_in(person["login"], PASSWORD)

    def test_sign_in_by_mobile_number(self):
        phone = self.phone(COUNTY.plain()["id"])
        phone.sync()
        file, = phone.mirror.find("member_file", member=phone.member)
        other = Phone(COUNTY.url, messages.JSON)
        self.addCleanup(other.close)
        other.sign_in(file["phone"], PASSWORD)
        self.assertEqual(other.member, phone.member)

    def test_enrolment(self):
        phone = self.phone(COUNTY.plain()["id"])
        first, again = phone.enrol(), phone.enrol()
        self.assertEqual({**first, "server_time": 0}, {**again, "server_time": 0})
        self.assertEqual((first["key"], first["chain"]["next_seq"]), (phone.key.id, 1))
        phone.key = keys.Key()
        self.assert_refused("bad_nonce", phone.enrol)
        phone.sign_in(COUNTY.people[phone.member]["login"], PASSWORD)
        phone.ticket, ticket = phone.ticket[:-1] + bytes([phone.ticket[-1] ^ 1]), phone.ticket
        self.assert_refused("bad_nonce", phone.enrol)
        phone.ticket = ticket
        phone.enrol()
        phone.sync()
        self.assert_whole(phone)

    def test_session(self):
        phone = self.phone(COUNTY.plain()["id"])
        nonce = phone.transport.call("POST", "/v1/session/nonce", ("AskNonce", {"device": phone.device}), "Nonce")["nonce"]
        request = {"device": phone.device, "key": phone.key.id, "nonce": nonce,
                   "signature": phone.key.sign_for("dangjian/session/1", nonce)}
        phone.transport.call("POST", "/v1/session", ("OpenSession", request), "Session")
        self.assert_refused("bad_nonce", phone.transport.call, "POST", "/v1/session", ("OpenSession", request), "Session")
        phone.key, key = keys.Key(), phone.key
        self.assert_refused("bad_signature", phone.open_session)
        phone.key = key
        phone.open_session()

    def test_session_is_renewed(self):
        phone = self.synced(COUNTY.plain()["id"])
        phone.session.key = bytes(32)
        phone.exchange()
        phone.transport.clock.tie(phone.transport.clock.now() + 120_000)
        phone.exchange()
        phone.transport.clock.tie(phone.transport.clock.now() + 13 * 3_600_000)
        phone.exchange()

    def test_proof(self):
        phone = self.synced(COUNTY.plain()["id"])
        body = messages.write("SyncRequest", phone.request())
        good = phone.session.headers("POST", "/v1/sync", body, phone.transport.clock.now())
        send = phone.transport.send
        self.assertEqual(send("POST", "/v1/sync", body, extra=good)[0], 200)
        self.assertEqual(send("POST", "/v1/sync", body, extra=good)[0], 200)
        later = phone.session.headers("POST", "/v1/sync", body, phone.transport.clock.now() + 90_000)
        refused = {
            "no proof": (body, {}, 4), "an altered body": (body + b"\0", good, 4), "another time": (body, later, 5),
            "a forged signature": (body, {**good, "Signature": "s=:" + "A" * 43 + "=:"}, 4),
            "padding": (body, {**good, "Signature-Input": good["Signature-Input"].replace('";alg', '=";alg')}, 4),
        }
        for name, (sent, headers, code) in refused.items():
            status, media, data = send("POST", "/v1/sync", sent, extra=headers)
            error = messages.read("ApiError", data, media)
            self.assertEqual((status, error["code"]), (401, messages._WORDS["error"][code - 1]), name)

    def test_errors(self):
        phone = Phone(COUNTY.url, messages.JSON)
        self.addCleanup(phone.close)
        self.assert_refused("no_such_path", phone.transport.call, "GET", "/v1/nothing")
        self.assert_refused("bad_request", phone.transport.call, "GET", "/v1/capabilities?x=1")
        self.assert_refused("bad_request", phone.transport.call, "DELETE", "/v1/capabilities")
        status, media, data = phone.transport.send("POST", "/v1/sign-in", b"{}{}")
        self.assertEqual((status, messages.read("ApiError", data, media)["code"]), (400, "bad_request"))
        status, media, data = phone.transport.send("POST", "/v1/sign-in", bytes(1_048_577))
        self.assertEqual((status, messages.read("ApiError", data, media)["code"]), (413, "too_large"))


class FirstSync(Case):
    """Rows of very different members equal the server's, in both encodings and at any size of page."""

    def test_rows(self):
        role = COUNTY.holder(3)
        _, secretary, member, _ = self.branch()
        migrant = next(row["member"] for row in COUNTY.rows.find("participation")
                       if COUNTY.rows.get("member", row["member"])["status"] == 1)
        members = [member, secretary, role["member"], COUNTY.holder(4)["member"], migrant]
        phones = [self.synced(member) for member in members]
        phones.append(self.synced(members[1], messages.JSON))
        grants = [set(phone.mirror.held.values()) for phone in phones]
        for phone, held, expected in zip(phones, grants, COUNTY.rows.visible(*grants)):
            self.assertEqual(held, rules.feeds_of_member(COUNTY.rows, phone.member))
            self.assertEqual(contents(phone), expected)
            self.assert_checked(phone)
        self.assertGreater(len(grants[3]), 1000)

    def test_small_pages(self):
        phone = self.phone(COUNTY.plain()["id"])
        exchanges = 0
        while phone.exchange(max_rows=37)["more"]:
            exchanges += 1
            self.assertLessEqual(sum(map(len, phone.reply["page"]["rows"].values())), 37)
        self.assertGreater(exchanges, 5)
        self.assert_whole(phone)

    def test_json(self):
        phone = self.synced(COUNTY.plain()["id"], messages.JSON)
        self.assert_whole(phone)

    def test_nothing_new(self):
        phone = self.synced(COUNTY.plain()["id"])
        reply = phone.exchange()
        self.assertEqual(reply.keys() & {"page", "grant", "receipt"}, set())
        self.assertEqual((reply["more"], reply["verdicts"]), (False, []))
        self.assertEqual(phone.exchange(check=False)["checks"], [])
        self.assertTrue(1000 <= pause_ms(0, reply) <= 86_400_000)
        self.assertTrue(2000 <= pause_ms(3) <= 4000 and 60_000 <= pause_ms(1, None, 60))

    def test_repair(self):
        phone = self.synced(COUNTY.plain()["id"])
        notice = next(phone.mirror.find("notice"))
        phone.mirror.db.execute("DELETE FROM notice WHERE id = ?", (notice["id"],))
        phone.mirror.db.execute("UPDATE activity SET version = 0 WHERE id = (SELECT min(id) FROM activity)")
        self.assertEqual(len(phone.sync()), 2)
        self.assert_whole(phone)

    def test_generation(self):
        phone = self.synced(COUNTY.plain()["id"])
        feed = next(feed for feed, (kind, _) in phone.mirror.held.items() if kind == BRANCH)
        generation, seq = phone.mirror.positions[feed]
        for wrong in ((generation + 1, seq), (generation, seq + 1000)):
            phone.mirror.positions[feed] = wrong
            phone.sync()
            self.assertEqual(phone.mirror.positions[feed], (generation, seq))
            self.assert_whole(phone)


class Notices(Case):
    def test_from_secretary_to_member(self):
        org, secretary, reader, _ = self.branch()
        writer, reader = self.synced(secretary), self.synced(reader, messages.JSON)
        notice = self.publish(writer, org)
        self.assertEqual(writer.mirror.get("notice", notice), None)
        self.assertIn(notice, {row["id"] for row in writer.shown("notice").values()})
        writer.sync()
        self.assert_verdict(writer, notice, "accepted")
        self.assertEqual(writer.mirror.get("notice", notice)["version"], 1)
        self.assertEqual(writer.log.unsettled(writer.mirror.positions, writer.mirror.held), [])
        reader.sync()
        self.assertEqual(reader.mirror.get("notice", notice), COUNTY.rows.get("notice", notice))
        self.read(reader, writer, notice, org)
        for phone in (reader, writer):
            self.assert_whole(phone)

    def read(self, reader, writer, notice, org):
        """The receipt reaches the secretary; a second reading changes nothing."""
        first = reader.act(READ, notice=notice)
        second = reader.act(READ, notice=notice)
        reader.sync()
        self.assert_verdict(reader, first, "accepted")
        self.assert_verdict(reader, second, "accepted")
        writer.sync()
        receipt = writer.mirror.get("notice_receipt", ids.receipt_id(notice, reader.member))
        self.assertEqual((receipt["version"], receipt["org"], receipt["member"]), (1, org, reader.member))

    def test_predicted(self):
        """What the phone shows before it sends is what the server then writes."""
        phone, org = self.secretary()
        notice = self.publish(phone, org)
        phone.act(READ, notice=notice)
        before = phone.shown("notice")[notice]
        phone.sync()
        after = {**phone.mirror.get("notice", notice), "version": 0}
        self.assertEqual(before, after)

    def test_edits(self):
        org, secretary, _, _ = self.branch()
        one, two = self.synced(secretary), self.synced(secretary, messages.JSON)
        notice = self.publish(one, org)
        edited = one.act(EDIT, depends_on=notice, notice=notice, base_version=0, title="改期", body="周六")
        one.sync()
        two.sync()
        self.assert_verdict(one, edited, "accepted")
        newer = two.act(EDIT, notice=notice, base_version=2, title="再改", body="周日")
        two.sync()
        stale = one.act(EDIT, notice=notice, base_version=2, title="旧", body="旧")
        one.sync()
        self.assert_verdict(two, newer, "accepted")
        self.assert_verdict(one, stale, "refused", rules.STALE)
        self.assertEqual(one.mirror.get("notice", notice)["title"], "再改")
        gone = one.act(WITHDRAW, notice=notice, base_version=3, reason="日期有误")
        late = one.act(EDIT, notice=notice, base_version=4, title="旧", body="旧")
        one.sync()
        self.assert_verdict(one, gone, "accepted")
        self.assert_verdict(one, late, "refused", rules.WITHDRAWN)
        for phone in (one, two):
            phone.sync()
            self.assert_whole(phone)

    def test_refusals(self):
        """The server refuses for the reasons the phone would give."""
        phone, org = self.secretary()
        parent = COUNTY.rows.get("organization", org)["parent"]
        for fields in ({"scope": 2}, {"org": parent, "scope": 2}, {"org": bytes([7] * 16)}, {"title": " \u3000"},
                       {"title": "\x1c"}, {"title": "字" * 81}, {"title": "a\tb"}, {"body": "字" * 1366}, {"body": ""},
                       {"body": "a\r\nb"}, {"title": "\u200b"}, {"title": "字" * 80, "body": "\n\na\n"}):
            op = phone.act(PUBLISH, **{"org": org, "scope": 1, "title": "标题", "body": "正文", **fields})
            own = rules.judge(phone.mirror, phone.member,
                              operations.decode(bytes(phone.log.entries("id = ?", op)[0]["bytes"])), 0)
            phone.sync()
            with self.subTest(fields):
                self.assert_verdict(phone, op, "refused" if "refused" in own else "accepted", own.get("refused"))

    def test_suspended(self):
        row = next(COUNTY.rows.find("member", status=2), None)
        if row is None:
            self.skipTest("nobody is suspended")
        phone = self.synced(row["id"])
        self.assert_whole(phone)


class Chain(Case):
    def push(self, phone, request):
        """A push as given; the reply is not taken over."""
        return phone.call("/v1/sync", "SyncRequest", request, "SyncReply")

    def test_lost_reply(self):
        phone, org = self.secretary()
        notice = self.publish(phone, org)
        lost = self.push(phone, phone.request())
        self.assert_verdict(phone, notice, None)
        again = phone.exchange()
        self.assertEqual(lost["verdicts"], again["verdicts"])
        self.assertEqual(lost["chain"], again["chain"])
        self.assert_verdict(phone, notice, "accepted")
        self.assertEqual(COUNTY.rows.get("notice", notice)["version"], 1)
        self.assert_whole(phone)

    def test_receipt(self):
        phone, org = self.secretary()
        self.publish(phone, org)
        phone.sync()
        seq, link = phone.log.end()
        self.assertEqual((phone.receipt["to_seq"], phone.receipt["link"]), (seq, link))
        self.assertLess(abs(phone.receipt["at"] - phone.transport.clock.now()), 5000)

    def test_extra_byte(self):
        """Bytes that are not canonical keep their place in the chain, and are refused."""
        phone, org = self.secretary()
        good = operations.encode({**self.notice(phone, org), "seq": 1})
        phone.log.append_bytes(phone.deployment, phone.device, ids.ZERO, good + b"\0", operations.FIRST_LINK)
        after = self.publish(phone, org)
        reply = phone.exchange()
        self.assertEqual([(v["op"], v["decision"], v.get("reason")) for v in reply["verdicts"]],
                         [(ids.ZERO, "refused", rules.MALFORMED), (after, "accepted", None)])

    def notice(self, phone, org, **changed):
        """An operation that has no place yet."""
        fields = {"org": org, "scope": 1, "title": "标题", "body": "正文"}
        return {**new_operation(phone.transport.clock.now(), phone.member, PUBLISH, fields), **changed}

    def test_forged(self):
        phone, org = self.secretary()
        self.publish(phone, org)
        good = phone.request()["push"]
        forged = {
            "an altered operation": {"ops": [good["ops"][0][:-1] + b"\x41"]},
            "an altered head": {"head": good["head"][:-1] + bytes([good["head"][-1] ^ 1])},
            "a head of another place": {"first_seq": 2},
            "bytes after the head": {"head": good["head"] + b"\0"},
        }
        for name, change in forged.items():
            with self.subTest(name):
                request = {**phone.request(), "push": {**good, **change}}
                self.assert_refused("bad_signature", self.push, phone, request)
        for change in ({"first_seq": 0}, {"ops": []}):
            self.assert_refused("bad_request", self.push, phone, {**phone.request(), "push": {**good, **change}})
        self.assert_refused("too_large", self.push, phone, {**phone.request(), "push": {**good, "ops": good["ops"] * 501}})
        self.assertEqual(phone.exchange()["chain"]["next_seq"], 2)

    def test_rules_for_every_operation(self):
        phone, org = self.secretary()
        other = COUNTY.plain(org)["id"]
        now = phone.transport.clock.now()
        first = self.publish(phone, org)
        cases = [({"actor": other}, "refused", rules.WRONG_ACTOR), ({"id": first}, "refused", rules.DUPLICATE),
                 ({"kind": 9999}, "held", 1), ({"version": 2}, "held", 1), ({"version": 0}, "refused", rules.MALFORMED),
                 ({"kind": 9999, "version": 0}, "refused", rules.MALFORMED),
                 ({"payload": b"\xa0"}, "refused", rules.MALFORMED),
                 ({"at": ("anchored", now + 600_000)}, "refused", rules.IMPLAUSIBLE),
                 ({"at": ("anchored", -1)}, "refused", rules.IMPLAUSIBLE),
                 ({"at": ("after", now - 600_000)}, "refused", rules.IMPLAUSIBLE),
                 ({"at": ("after", now)}, "accepted", None)]
        for change, _, _ in cases:
            phone.log.append(phone.deployment, phone.device, self.notice(phone, org, **change))
        verdicts = phone.exchange()["verdicts"]
        self.assertEqual([(v["decision"], v.get("reason")) for v in verdicts],
                         [("accepted", None)] + [(decision, reason) for _, decision, reason in cases])
        self.assertEqual(phone.sync(), [])
        self.assert_whole(phone)

    def test_wrong_place(self):
        """An operation whose own number is not its place."""
        phone, org = self.secretary()
        data = operations.encode({**self.notice(phone, org), "seq": 7})
        phone.log.append_bytes(phone.deployment, phone.device, ids.ZERO, data, operations.FIRST_LINK)
        verdict, = phone.exchange()["verdicts"]
        self.assertEqual((verdict["decision"], verdict["reason"]), ("refused", rules.MALFORMED))

    def test_gap(self):
        """A phone that is ahead is told what the server expects."""
        phone, org = self.secretary()
        self.publish(phone, org)
        request = phone.request()
        second = self.publish(phone, org)
        phone.log.db.execute("UPDATE operation SET decision = 'accepted' WHERE seq = 1")
        ahead = phone.request()
        reply = phone.exchange()
        self.assertEqual((reply["verdicts"], reply["chain"]["next_seq"]), ([], 1))
        self.assertEqual((request["push"]["first_seq"], ahead["push"]["first_seq"]), (1, 2))
        phone.sync()
        self.assert_verdict(phone, second, "accepted")

    def test_fork(self):
        """Two histories of one installation: the server keeps its own, the phone begins anew."""
        phone, org = self.secretary()
        copied, phone.log = phone.log, Log()
        self.publish(phone, org)
        phone.sync()
        phone.log.close()
        phone.log = copied
        lost = self.publish(phone, org, "另一段历史")
        phone.act(EDIT, depends_on=lost, notice=lost, base_version=1, title="改过的历史", body="周六")
        with self.assertRaises(Lost):
            phone.exchange()
        self.assertTrue(phone.reply["chain"]["forked"])
        self.assertEqual(phone.reply["verdicts"], [])
        phone.sign_in(COUNTY.people[phone.member]["login"], PASSWORD)
        phone.begin_anew()
        phone.sync()
        self.assertEqual(COUNTY.rows.get("notice", lost), None)
        self.assertIn("改过的历史", {row["title"] for row in phone.mirror.find("notice")})
        self.assertFalse(phone.reply["chain"]["forked"])
        self.assert_whole(phone)

    def test_many(self):
        """More operations than one push takes."""
        phone, org = self.secretary()
        notice = self.publish(phone, org)
        for _ in range(510):
            phone.act(READ, notice=notice)
        self.assertEqual(len(phone.request()["push"]["ops"]), 500)
        phone.sync()
        self.assertEqual((phone.log.first_open(), phone.receipt["to_seq"]), (None, 511))
        self.assert_whole(phone)


class Moves(Case):
    def reviewer(self):
        """A synced phone of a reviewer, and the branches under their organization."""
        role = COUNTY.holder(3)
        under = [org for org in rules.below(COUNTY.rows, role["org"])
                 if COUNTY.rows.get("organization", org)["kind"] == 5]
        return self.synced(role["member"]), under

    def test_move(self):
        reviewer, (here, there, *_) = self.reviewer()
        old = self.synced(COUNTY.holder(1, here)["member"])
        new = self.synced(COUNTY.holder(1, there)["member"], messages.JSON)
        moved = self.synced(COUNTY.plain(here)["id"])
        self.assertIsNotNone(old.mirror.get("member", moved.member))
        self.move(reviewer, moved.member, here, there)
        for phone in (old, new, moved):
            self.assertEqual(phone.sync(), [])
            self.assert_whole(phone)
        self.assertIsNone(old.mirror.get("member", moved.member))
        self.assertEqual(new.mirror.get("member", moved.member)["org"], there)
        carried = moved.mirror.get("points_total", ids.carried_id(moved.member, there))
        self.assertEqual((carried["carried"], carried["version"]), (1, 1))
        self.move(reviewer, moved.member, there, here)
        self.move(reviewer, moved.member, here, there)
        for phone in (old, new, moved, reviewer):
            self.assertEqual(phone.sync(), [])
            self.assert_whole(phone)

    def move(self, reviewer, member, here, there):
        """The move writes what the phone expects of it."""
        op = reviewer.act(MOVE, **{"member": member, "from": here, "to": there})
        reviewer.sync()
        self.assert_verdict(reviewer, op, "accepted")
        self.assertEqual(COUNTY.rows.get("member", member)["org"], there)
        file, = COUNTY.rows.find("member_file", member=member)
        self.assertEqual(file["org"], there)
        sums = [COUNTY.rows.find("points_total", member=member, carried=0), COUNTY.rows.find("ledger_entry", member=member)]
        points = sum(row["points"] for rows in sums for row in rows)
        carried = COUNTY.rows.get("points_total", ids.carried_id(member, there))
        self.assertEqual((carried["points"], carried["quarter"], carried["org"]),
                         (points, ids.quarter(reviewer.transport.clock.now()), there))

    def test_refused_moves(self):
        reviewer, (here, there, *_) = self.reviewer()
        member = COUNTY.plain(here)["id"]
        secretary = COUNTY.holder(1, here)["member"]
        for fields, reason in (({"to": here}, rules.SAME_BRANCH), ({"from": there}, rules.STALE),
                               ({"member": secretary}, rules.HOLDS_OFFICE), ({"to": bytes([7] * 16)}, rules.NOT_FOUND)):
            op = reviewer.act(MOVE, **{"member": member, "from": here, "to": there, **fields})
            reviewer.sync()
            self.assert_verdict(reviewer, op, "refused", reason)

    def test_ledger(self):
        reviewer, (org, *_) = self.reviewer()
        self.assertNotIn((LEDGER, org), reviewer.mirror.held.values())
        opened = reviewer.act(OPEN_LEDGER, org=org, open=True)
        reviewer.sync()
        self.assert_verdict(reviewer, opened, "accepted")
        self.assertIn((LEDGER, org), reviewer.mirror.held.values())
        self.assert_whole(reviewer, {org})
        reviewer.act(OPEN_LEDGER, org=org, open=False)
        reviewer.sync()
        self.assertNotIn((LEDGER, org), reviewer.mirror.held.values())
        self.assert_whole(reviewer)


class Studying(Case):
    def setUp(self):
        self.one = self.synced(COUNTY.plain()["id"])
        self.item = next(item for item in self.one.mirror.find("study_item", kind=1) if item["length_ms"] >= 90_000
                         and self.one.mirror.get("item_progress", ids.progress_id(self.one.member, item["id"])) is None)

    def segment(self, phone, lease=None):
        """Ninety seconds that ended ten seconds ago."""
        begun = boot_reading()["ms"] - 100_000
        return phone.record_study(self.item["id"], begun, [[0, 90_000]], [30_000, 60_000], lease)

    def postings(self, op, day):
        """What the rules give for the segment, from the rows before it."""
        mirror, member = self.one.mirror, self.one.member
        rule_set = points.read_set(max(mirror.find("rule_set"), key=lambda row: row["effective_from"])["text"])
        before = mirror.get("study_day", ids.study_day_id(member, day)) or {"read_ms": 0}
        fact = {"id": ids.fact_id(op, "read_ms", day), "kind": "read_ms", "subject": member, "day": day, "amount": 90_000,
                "amount_before": before["read_ms"], "org": mirror.get("member", member)["org"], "op": op,
                "about": self.item["id"], "from_at": None, "to_at": None}
        return points.post(rule_set, fact, lambda rule: [
            (row["day"], row["points"]) for row in mirror.find("ledger_entry", member=member, rule=rule)
            if "reverses" not in row])

    def test_sign_in(self):
        first, again = self.one.sign_in_today(), self.one.sign_in_today()
        day = ids.day(self.one.transport.clock.now())
        self.one.sync()
        for op in (first, again):
            self.assert_verdict(self.one, op, "accepted")
        entry = self.one.mirror.get("ledger_entry", ids.entry_id(ids.sign_in_fact_id(self.one.member, day), "sign_in"))
        self.assertEqual((entry["rule"], entry["day"], entry["points"]), ("sign_in", day, 1))
        self.assert_whole(self.one)

    def test_segment(self):
        lease = self.one.lease(self.item["id"])
        told = study.read_lease(lease)
        self.assertEqual((told["member"], told["device"], told["item"]), (self.one.member, self.one.device, self.item["id"]))
        day, op = ids.day(self.one.transport.clock.now() - 100_000), self.segment(self.one, lease)
        expected = self.postings(op, day)
        self.one.sync()
        self.assert_verdict(self.one, op, "accepted")
        progress = self.one.mirror.get("item_progress", ids.progress_id(self.one.member, self.item["id"]))
        self.assertEqual((progress["credited_ms"], progress["observed_ms"]), (90_000, 90_000))
        for entry in expected:
            self.assertEqual(self.one.mirror.get("ledger_entry", entry["id"])["points"], entry["points"])
        self.assert_whole(self.one)

    def test_refused_segments(self):
        other = self.synced(COUNTY.plain()["id"])
        foreign = self.segment(other, self.one.lease(self.item["id"]))
        forged = self.segment(self.one, self.one.lease(self.item["id"])[:-1] + b"\0")
        for phone, op in ((other, foreign), (self.one, forged)):
            phone.sync()
            self.assert_verdict(phone, op, "refused", rules.LEASE_INVALID)
        self.assert_refused("no_such_path", self.one.lease, bytes([7] * 16))

    def test_content(self):
        self.assertEqual(len(self.one.content(self.item["id"])["checks"]), self.item["checks"])
        asked = ("AskContent", {"sha256": bytes(32)}, "Content")
        self.assert_refused("no_such_path", self.one.call, "/v1/content", *asked)

    def test_rank(self):
        home = self.one.mirror.get("member", self.one.member)["org"]
        day = max((row["day"] for row in self.one.mirror.find("histogram", org=home, kind=1)), default=None)
        if day is None:
            self.skipTest("no histogram")
        row, = self.one.mirror.find("histogram", org=home, kind=1, day=day)
        self.assertLessEqual(1, self.one.rank(home, day))
        self.assertLessEqual(self.one.rank(home, day), row["subjects"])


class HintStream(Case):
    def listen(self, phone):
        """The events of a phone's stream as they come, and the thread that ends with the stream."""
        stream, events = phone.hints(timeout=10), []
        thread = threading.Thread(target=self.collect, args=(stream, events))
        thread.start()
        wait_until(lambda: ("open", None) in events)
        return events, thread

    @staticmethod
    def collect(stream, events):
        """Reads a stream to its end."""
        for event in stream:
            events.append(event)
        stream.close()

    def test_feed(self):
        org, secretary, member, _ = self.branch()
        writer, reader = self.synced(secretary), self.synced(member)
        feed = next(feed for feed, held in reader.mirror.held.items() if held == (BRANCH, org))
        events, thread = self.listen(reader)
        self.publish(writer, org)
        writer.sync()
        wait_until(lambda: any(name == "feed" and hint[0] == feed for name, hint in events))
        newest = max(hint[1] for name, hint in events if name == "feed" and hint[0] == feed)
        reader.sync()
        self.assertEqual(reader.mirror.positions[feed][1], newest)
        second, other = self.listen(reader)
        thread.join(5)
        self.assertFalse(thread.is_alive(), "the second stream closes the first")
        self.close_from_the_server(reader, writer, other)
        self.assertEqual(second[0], ("open", None))

    def close_from_the_server(self, reader, writer, thread):
        """A device that is revoked loses its stream and its access."""
        devices = writer.call("/v1/devices/list", "ListDevices", {"member": reader.member}, "DeviceList")["devices"]
        self.assertEqual([(entry["device"], entry["revoked"]) for entry in devices], [(reader.device, False)])
        for _ in (1, 2):
            writer.call("/v1/devices/revoke", "RevokeDevice", {"device": reader.device}, "Done")
        thread.join(5)
        self.assertFalse(thread.is_alive(), "the stream of a revoked device is closed")
        self.assert_refused("device_revoked", reader.exchange)

    def test_grant(self):
        role = COUNTY.holder(3)
        phone = self.synced(role["member"])
        org = next(org for org in rules.below(COUNTY.rows, role["org"]) if org != role["org"])
        events, thread = self.listen(phone)
        phone.act(OPEN_LEDGER, org=org, open=True)
        phone.sync()
        wait_until(lambda: ("grant", None) in events)
        phone.call("/v1/devices/revoke", "RevokeDevice", {"device": phone.device}, "Done")
        thread.join(5)


class Helping(Case):
    def test_reset(self):
        org, secretary, member, other = self.branch()
        helper, helped, stranger = self.synced(secretary), self.synced(member), self.synced(other)
        code = helper.call("/v1/accounts/reset", "ResetAccount", {"member": member}, "AccountReset")["code"]
        self.assert_refused("not_activated", helped.sign_in, COUNTY.people[member]["login"], PASSWORD)
        helped.exchange()
        helped.activate(COUNTY.people[member]["login"], code, PASSWORD + "!")
        reset = "/v1/accounts/reset", "ResetAccount"
        self.assert_refused("forbidden", stranger.call, *reset, {"member": member}, "AccountReset")
        self.assert_refused("forbidden", helper.call, *reset, {"member": secretary}, "AccountReset")
        self.assert_refused("forbidden", stranger.call, "/v1/devices/list", "ListDevices", {"member": member}, "DeviceList")

    def test_too_many_devices(self):
        member = COUNTY.plain()["id"]
        for _ in range(3):
            self.phone(member)
        self.assert_refused("too_many_devices", self.phone, member)


class Restart(Case):
    """Last, since the server ends and comes back."""

    def test_restart(self):
        org, secretary, member, _ = self.branch()
        writer, reader = self.synced(secretary), self.synced(member, messages.JSON)
        before = self.publish(writer, org)
        writer.sync()
        waiting = self.publish(writer, org)
        COUNTY.stop()
        self.assertRaises(NetworkError, writer.exchange)
        COUNTY.start()
        for phone in (writer, reader):
            phone.transport.go_to(COUNTY.url)
            self.assertEqual(phone.sync(), [])
            self.assertEqual({before, waiting} - {row["id"] for row in phone.mirror.find("notice")}, set())
            self.assert_whole(phone)

    def test_restored_backup(self):
        org, secretary, member, _ = self.branch()
        writer, reader = self.synced(secretary), self.synced(member)
        first = self.publish(writer, org)
        writer.sync()
        COUNTY.stop()
        backup = COUNTY.folder / "backup"
        shutil.copytree(COUNTY.data, backup)
        COUNTY.start()
        writer.transport.go_to(COUNTY.url)
        second, third = self.publish(writer, org), writer.act(READ, notice=first)
        writer.sync()
        history = writer.mirror.history
        self.restore(backup)
        for phone in (writer, reader):
            phone.transport.go_to(COUNTY.url)
            self.assertEqual(phone.sync(max_rows=50), [])
        self.assertNotEqual(writer.mirror.history, history)
        for op in (first, second, third):
            self.assert_verdict(writer, op, "accepted")
        reader.sync()
        for phone in (writer, reader):
            self.assertIsNotNone(phone.mirror.get("notice", second))
            self.assert_whole(phone)

    @staticmethod
    def restore(backup):
        """Puts a backup in the place of the data, as an operator would."""
        COUNTY.stop()
        COUNTY.rows.close()
        shutil.rmtree(COUNTY.data)
        shutil.move(backup, COUNTY.data)
        COUNTY.start("--new-history")
        COUNTY.rows = type(COUNTY.rows)(COUNTY.data / "county.db")

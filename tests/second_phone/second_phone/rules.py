"""What a server decides (sections 4 and 14), so that a phone can show what an operation will do before it is sent.

`county` is a mirror: something with `get(table, id)` and `find(table, **columns)`.
"""

import unicodedata

from . import Malformed, ids, points
from .operations import (DECIDE_APPEAL, DECIDE_REVIEW, EDIT, MAKE_APPEAL, MOVE, OPEN_LEDGER, PAYLOADS, PUBLISH, READ, REVERSE,
                         SET_FEATURES, WITHDRAW, decode_payload)
from .tables import BRANCH, DOWN, DUTY, LEDGER, OWN

SECRETARY, DEPUTY, REVIEWER, OFFICER = 1, 2, 3, 4
(NOT_ALLOWED, NOT_FOUND, STALE, WITHDRAWN, EMPTY, TOO_LONG, UNPRINTABLE, WRONG_SCOPE, INACTIVE, SAME_BRANCH, HOLDS_OFFICE,
 NOT_A_BRANCH, IMPLAUSIBLE, MALFORMED, WRONG_ACTOR, DUPLICATE, LEASE_INVALID, STUDY_MALFORMED, NO_RULES, RULES_INVALID,
 RULES_IN_PAST, NOT_REVERSIBLE, ALREADY_DECIDED, QUIZ_CLOSED) = range(1, 25)
# What this phone can tell before the server has; study, quizzes and rule sets wait for the server.
JUDGED = (PUBLISH, EDIT, WITHDRAW, READ, MOVE, OPEN_LEDGER, REVERSE, MAKE_APPEAL, DECIDE_APPEAL, DECIDE_REVIEW, SET_FEATURES)
UNKNOWN_KIND = 1
_GENERAL_BRANCH, _BRANCH, _MIGRANT_BRANCH = 4, 5, 7
# White_Space of Unicode; Python's isspace also takes U+001C to U+001F, which are not.
_SPACE = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | set(map(chr, range(0x2000, 0x200B)))


class Refusal(Exception):
    """A refusal with its code."""


def judge(county, actor, op, received, versions=()):
    """What follows from an operation: {"refused"}, {"held"}, or {"writes", "ledgers", "regrants"}.

    `versions` maps (operation, table, row id) to the version an accepted operation of this chain wrote.
    """
    if op["version"] == 0:
        return {"refused": MALFORMED}
    if op["kind"] not in PAYLOADS or op["version"] > 1:
        return {"held": UNKNOWN_KIND}
    try:
        fields = decode_payload(op["kind"], op["payload"])
        return _judged(county, actor, op, fields, received, dict(versions))
    except Malformed:
        return {"refused": MALFORMED}
    except Refusal as refusal:
        return {"refused": refusal.args[0]}


def _must(holds, code):
    """Refuses unless a condition holds."""
    if not holds:
        raise Refusal(code)


def _judged(county, actor, op, fields, received, versions):
    """The rules of one kind, after those for every operation."""
    member = county.get("member", actor)
    _must(member and member["status"] in (1, 2), INACTIVE)
    _must(member["status"] == 1 or op["kind"] == READ, INACTIVE)
    latest = op["at"][1] if op["at"][0] == "anchored" else received
    follows = {"writes": {}, "ledgers": [], "regrants": []}
    case = _Case(county, member, op, fields, latest, versions, follows)
    rules = dict(zip(JUDGED, (case.publish, case.edit, case.withdraw, case.read, case.move, case.open_ledger, case.reverse,
                              case.make_appeal, case.decide_appeal, case.decide_review, case.set_features)))
    if op["kind"] in rules:
        rules[op["kind"]]()
    return follows


def above(county, org):
    """An organization and those above it, to the root."""
    while org is not None:
        row = county.get("organization", org)
        if row is None:
            return
        yield org
        org = row.get("parent")


def below(county, org):
    """An organization and everything under it."""
    yield org
    for row in county.find("organization", parent=org):
        yield from below(county, row["id"])


def feeds_of_member(county, member_id, opened=()):
    """The feeds a member holds, as (kind, subject); `opened` are the ledgers they opened."""
    member = county.get("member", member_id)
    if member is None or member["status"] not in (1, 2):
        return set()
    places = [member["org"], *(row["org"] for row in county.find("participation", member=member_id))]
    held = {(OWN, member_id)} | {(BRANCH, org) for org in places}
    held |= {(DOWN, up) for org in places for up in above(county, org)}
    if member["status"] == 1:
        for role in county.find("role", member=member_id):
            held |= _feeds_of_role(county, role, opened)
    return held


def _feeds_of_role(county, role, opened):
    """What one role adds."""
    held = {(DOWN, up) for up in above(county, role["org"])}
    for org in below(county, role["org"]):
        held |= {(BRANCH, org), (DUTY, org)} | ({(LEDGER, org)} if org in opened else set())
    return held | ({(LEDGER, role["org"])} if role["role"] in (SECRETARY, DEPUTY) else set())


def _check_text(text, longest, length, lines):
    """Empty, too long or unprintable, in this order."""
    _must(not set(text) <= _SPACE, EMPTY)
    _must(length(text) <= longest, TOO_LONG)
    _must(not any(unicodedata.category(c) == "Cc" and not (lines and c == "\n") for c in text), UNPRINTABLE)


def _check_title(text):
    _check_text(text, 80, len, lines=False)


def _check_body(text, longest=4096):
    _check_text(text, longest, lambda given: len(given.encode()), lines=True)


class _Case:
    """One operation before its rules."""

    def __init__(self, county, member, op, fields, latest, versions, follows):
        self.county, self.member, self.op, self.fields = county, member, op, fields
        self.latest, self.versions, self.follows = latest, versions, follows

    def _holds(self, roles, *orgs):
        """Whether the actor holds one of the roles for one of the organizations."""
        return any(role["role"] in roles and role["org"] in orgs
                   for role in self.county.find("role", member=self.member["id"]))

    def _found(self, table, row_id):
        """The row an operation is about."""
        row = self.county.get(table, row_id)
        _must(row, NOT_FOUND)
        return row

    def _write(self, table, row):
        """A row that follows; its version is the server's to count."""
        row = {name: cell for name, cell in row.items() if name != "version"}
        self.follows["writes"].setdefault(table, []).append(row)

    def publish(self):
        """PublishNotice."""
        fields = self.fields
        org = self._found("organization", fields["org"])
        _must(self._holds((SECRETARY, DEPUTY, OFFICER), org["id"]), NOT_ALLOWED)
        scopes = {_BRANCH: (1,), _MIGRANT_BRANCH: (1,), _GENERAL_BRANCH: (1, 2)}.get(org["kind"], (2,))
        _must(fields["scope"] in scopes, WRONG_SCOPE)
        _check_title(fields["title"])
        _check_body(fields["body"])
        _must(self.county.get("notice", self.op["id"]) is None, DUPLICATE)
        self._write("notice", {"id": self.op["id"], **fields, "author": self.member["id"],
                               "author_name": self.member["name"], "published_at": self.latest, "state": 1})

    def _own_notice(self):
        """The notice to be changed, in the version the editor had before them."""
        notice = self._found("notice", self.fields["notice"])
        _must(self._holds((SECRETARY, DEPUTY, OFFICER), notice["org"]), NOT_ALLOWED)
        _must(notice["state"] != 2, WITHDRAWN)
        before = self.fields["base_version"]
        if self.op["depends_on"]:
            before = self.versions.get((self.op["depends_on"], "notice", notice["id"]))
        _must(before == notice["version"], STALE)
        return notice

    def edit(self):
        """EditNotice."""
        notice = self._own_notice()
        _check_title(self.fields["title"])
        _check_body(self.fields["body"])
        self._write("notice", {**notice, "title": self.fields["title"], "body": self.fields["body"],
                               "edited_at": self.latest})

    def withdraw(self):
        """WithdrawNotice."""
        notice = self._own_notice()
        _check_body(self.fields["reason"], 400)
        self._write("notice", {**notice, "state": 2, "withdrawn_reason": self.fields["reason"]})

    def read(self):
        """ReadNotice."""
        notice, member = self._found("notice", self.fields["notice"]), self.member["id"]
        guests = sorted(self.county.find("participation", member=member), key=lambda row: row["id"])
        places = [self.member["org"], *(row["org"] for row in guests)]
        through = next((org for org in places if self._reaches(notice, org)), None)
        _must(through, NOT_ALLOWED)
        receipt = ids.receipt_id(notice["id"], member)
        if self.county.get("notice_receipt", receipt) is None:
            self._write("notice_receipt", {"id": receipt, "notice": notice["id"], "member": member, "org": through,
                                           "read_at": self.latest})

    def _reaches(self, notice, org):
        """Whether the notice reaches the members of an organization."""
        return notice["org"] == org if notice["scope"] == 1 else notice["org"] in above(self.county, org)

    def move(self):
        """MoveMember."""
        member, to = self._found("member", self.fields["member"]), self._found("organization", self.fields["to"])
        for org in (member["org"], to["id"]):
            _must(self._holds((REVIEWER, OFFICER), *above(self.county, org)), NOT_ALLOWED)
        _must(member["org"] != to["id"], SAME_BRANCH)
        _must(member["org"] == self.fields["from"], STALE)
        _must(to["kind"] == _BRANCH, NOT_A_BRANCH)
        _must(not list(self.county.find("role", member=member["id"], org=member["org"])), HOLDS_OFFICE)
        self._write("member", {**member, "org": to["id"]})
        for file in self.county.find("member_file", member=member["id"]):
            self._write("member_file", {**file, "org": to["id"]})
        points = sum(row["points"] for row in self.county.find("points_total", member=member["id"], carried=0))
        points += sum(row["points"] for row in self.county.find("ledger_entry", member=member["id"]))
        self._write("points_total", {"id": ids.carried_id(member["id"], to["id"]), "member": member["id"], "org": to["id"],
                                     "quarter": ids.quarter(self.latest), "points": points, "carried": 1})
        self.follows["regrants"].append(member["id"])

    def open_ledger(self):
        """OpenLedger."""
        org, opening = self._found("organization", self.fields["org"])["id"], self.fields["open"]
        roles = (SECRETARY, DEPUTY, REVIEWER, OFFICER)
        _must(not opening or self._holds(roles, *above(self.county, org)), NOT_ALLOWED)
        self.follows["ledgers"].append({"org": org, "open": opening})
        self.follows["regrants"].append(self.member["id"])

    def reverse(self):
        """ReverseEntry."""
        entry = self._found("ledger_entry", self.fields["entry"])
        self._not_own((REVIEWER, OFFICER), entry)
        _check_body(self.fields["reason"], 400)
        _must(self.county.get("ledger_entry", ids.reversal_id(entry["id"])) is None, ALREADY_DECIDED)
        _must("reverses" not in entry, NOT_REVERSIBLE)
        self._write("ledger_entry", points.reversal(entry, self.op["id"], self.fields["reason"]))

    def _not_own(self, roles, row):
        """The actor holds a role above the row's organization, and the row is not about them."""
        _must(self._holds(roles, *above(self.county, row["org"])) and row["member"] != self.member["id"], NOT_ALLOWED)

    def make_appeal(self):
        """MakeAppeal."""
        found = [self.county.get(table, self.fields["about"]) for table in ("ledger_entry", "score", "review_case")]
        row = next((row for row in found if row), {})
        _must(row.get("member", row.get("subject")) == self.member["id"], NOT_FOUND)
        _check_body(self.fields["text"], 1000)
        _must(self.county.get("appeal", self.op["id"]) is None, DUPLICATE)
        self._write("appeal", {"id": self.op["id"], "member": self.member["id"], "org": self.member["org"], **self.fields,
                               "made_at": self.latest, "state": 1})

    def _decided(self, table, row, holds, words):
        """An appeal or a review, decided."""
        _must(row["state"] == 1, ALREADY_DECIDED)
        _check_body(self.fields[words], 400)
        self._write(table, {**row, "state": 2 if holds else 3, "decided_by": self.member["id"], "decided_at": self.latest,
                            words: self.fields[words]})

    def decide_appeal(self):
        """DecideAppeal."""
        appeal, granted = self._found("appeal", self.fields["appeal"]), self.fields["granted"]
        self._not_own((REVIEWER, OFFICER), appeal)
        self._decided("appeal", appeal, granted, "answer")
        entry = self.county.get("ledger_entry", appeal["about"]) if granted else None
        if entry and "reverses" in entry and self.county.get("ledger_entry", ids.reversal_id(entry["id"])) is None:
            back = {**entry, "id": ids.reversal_id(entry["id"]), "points": -entry["points"], "fact": self.op["id"],
                    "reverses": entry["id"], "reason": self.fields["answer"]}
            self._write("ledger_entry", back)

    def decide_review(self):
        """DecideReview."""
        case = self._found("review_case", self.fields["case"])
        self._not_own((SECRETARY, DEPUTY, REVIEWER, OFFICER), case)
        self._decided("review_case", case, self.fields["upheld"], "reason")

    def set_features(self):
        """SetFeatures."""
        county = self.county.get("organization", self.fields["county"])
        _must(county and "parent" not in county and self._holds((OFFICER,), county["id"]), NOT_ALLOWED)
        self._write("features", {"id": ids.derived("dangjian/features", county["id"]),
                                 **{name: int(cell) if type(cell) is bool else cell for name, cell in self.fields.items()}})

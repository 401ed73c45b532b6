"""The phone: accounts, sessions, the exchange and what the member does (sections 8 to 10)."""

import hashlib
import json
import random

from . import cose, ids, keys, messages, operations, points, rules
from .log import Log, new_operation
from .mirror import Mirror
from .transport import ApiError, Hints, NetworkError, Session, Transport, boot_reading

_RENEW_MS = 60_000
_MOST_ROWS = 5_000


class Phone:
    """One installation of one member."""

    def __init__(self, url, media=messages.CBOR, label="second phone"):
        self.transport, self.label = Transport(url, media), label
        self.key, self.device = keys.Key(), None
        self.member = self.ticket = self.session = self.deployment = self.server_key = None
        self.mirror, self.building, self.log = Mirror(), None, Log()
        self.receipt = self.reply = None

    def close(self):
        """Lets go of connections and databases."""
        self.transport.close()
        for store in (self.mirror, self.building, self.log):
            if store:
                store.close()

    # Accounts

    def activate(self, login, code, password):
        """Sets the first password with the one-time code."""
        self._signed_in("/v1/activate", "Activate", login=login, code=code, password=password)

    def sign_in(self, login, password):
        """Signs in."""
        self._signed_in("/v1/sign-in", "SignIn", login=login, password=password)

    def _signed_in(self, path, name, **fields):
        reply = self.transport.call("POST", path, (name, fields), "SignedIn")
        self.member, self.ticket = reply["member"], reply["ticket"]

    def enrol(self, presence_key=None):
        """Binds this installation to the member who signed in."""
        self.device = self.device or ids.version7(self.transport.clock.now())
        request = {"ticket": self.ticket, "device": self.device, "silent_key": self.key.public,
                   "algorithm": keys.ALGORITHM, "signature": self.key.sign_for("dangjian/enrol/1", self.ticket),
                   "label": self.label, "presence_key": presence_key}
        reply = self.transport.call("POST", "/v1/devices", ("Enrol", request), "Enrolled")
        self.deployment, self.server_key = reply["deployment"], reply["server_key"]
        return reply

    def begin_anew(self):
        """A new installation for one that cannot go on; what had no verdict is written into it (after a sign-in).

        The operations get new ids, so those that refer to each other (a notice and its edit) are made to refer anew.
        """
        unsent, old = self.log.unsent(), self.log
        self.session, self.key, self.device, self.log = None, keys.Key(), None, Log()
        self.enrol()
        renamed = {}
        for op in unsent:
            renamed[op["id"]] = self._append({**_referring(op, renamed), "id": ids.version7(self.transport.clock.now())})
        old.close()

    # Sessions

    def open_session(self):
        """A nonce, then a session."""
        nonce = self.transport.call("POST", "/v1/session/nonce", ("AskNonce", {"device": self.device}), "Nonce")["nonce"]
        request = {"device": self.device, "key": self.key.id, "nonce": nonce,
                   "signature": self.key.sign_for("dangjian/session/1", nonce)}
        reply = self.transport.call("POST", "/v1/session", ("OpenSession", request), "Session")
        self.session = Session(reply["token"], reply["key"], reply["expires_at"])

    def _current(self):
        """A session that lasts another minute at least."""
        if self.session is None or self.transport.clock.now() > self.session.expires_at - _RENEW_MS:
            self.open_session()
        return self.session

    def call(self, path, name, fields, reply):
        """A request with a proof, and the one retry that section 9 allows."""
        for last_try in (False, True):
            try:
                return self.transport.call("POST", path, (name, fields), reply, self._current())
            except ApiError as error:
                if error.code in ("session_expired", "bad_signature"):
                    self.session = None
                if last_try or error.code not in ("clock_skew", "session_expired", "bad_signature"):
                    raise
        raise AssertionError("unreachable")

    # The exchange

    def request(self, max_rows=_MOST_ROWS, check=True):
        """What the next exchange would send."""
        request = {"cursor": (self.building or self.mirror).cursor(), "max_rows": max_rows, "check": check,
                   "clock": boot_reading()}
        batch = self.log.waiting()
        if batch:
            last = batch[-1]
            head = cose.head(self.key, self.deployment, self.device, last["seq"], bytes(last["link"]))
            request["push"] = {"first_seq": batch[0]["seq"], "ops": [bytes(entry["bytes"]) for entry in batch],
                               "head": head}
        return request

    def exchange(self, **options):
        """One exchange: operations up, verdicts and rows down."""
        request = self.request(**options)
        reply = self.call("/v1/sync", "SyncRequest", request, "SyncReply")
        self.apply(request, reply)
        return reply

    def apply(self, request, reply):
        """Takes a reply over: rows first, then verdicts, so that no row vanishes in between."""
        self.reply = reply
        if self.building is None and self.mirror.history not in (0, reply["history"]):
            self.building = Mirror()
        target = self.building or self.mirror
        target.apply(reply)
        if self.building and not reply["more"]:
            self.mirror.close()
            self.mirror, self.building = self.building, None
            self.log.forget_effects()
        if "receipt" in reply:
            self._keep_receipt(reply["receipt"])
        self.log.settle(reply, "push" in request)

    def _keep_receipt(self, message):
        """A receipt that does not hold is a failure of the server."""
        try:
            self.receipt = cose.read_receipt(message, self.server_key, self.deployment, self.device)
        except ValueError as error:
            raise NetworkError(f"receipt: {error}") from error

    def sync(self, max_rows=_MOST_ROWS):
        """Exchanges until nothing waits, then repairs feeds whose checks differ. Returns the feeds repaired."""
        repaired = []
        while True:
            reply = self.exchange(max_rows=max_rows)
            if reply["more"] or self.log.first_open():
                continue
            wrong = [feed for feed in self.mirror.differing(reply["checks"]) if feed not in repaired]
            if not wrong:
                return repaired
            repaired += wrong
            self.mirror.repair(wrong)

    def hints(self, timeout=60):
        """The stream of hints."""
        return Hints(self.transport, self._current(), timeout)

    # What the member does

    def act(self, kind, depends_on=None, at=None, **fields):
        """Writes an operation; it is sent with the next exchange. Returns its id."""
        return self._append(new_operation(self.transport.clock.now(), self.member, kind, fields, depends_on, at))

    def sign_in_today(self):
        """Says that the member opened the app. Returns the operation's id."""
        reading = boot_reading()
        return self.act(operations.SIGN_IN, boot=reading["boot"], at_ms=reading["ms"])

    def record_study(self, item, from_ms, spans, beats, lease=None, inputs=(), answers=()):
        """Hands in a segment of this boot: `from_ms` on the boot clock, the rest ms after it. Returns the operation's id."""
        return self.act(operations.RECORD_STUDY, session=ids.version7(self.transport.clock.now()), item=item, lease=lease,
                        boot=boot_reading()["boot"], from_ms=from_ms, spans=list(spans), beats=list(beats),
                        inputs=list(inputs), checks=list(answers))

    def lease(self, item):
        """The server's word that the member begins to study an item."""
        return self.call("/v1/study/lease", "AskLease", {"item": item}, "LeaseGranted")["lease"]

    def content(self, item):
        """The content of a study item; what has another hash is a failure of the server."""
        sha256 = bytes.fromhex(self.mirror.get("study_item", item)["content"])
        content = self.call("/v1/content", "AskContent", {"sha256": sha256}, "Content")["content"]
        if hashlib.sha256(content).digest() != sha256:
            raise NetworkError("another content")
        return json.loads(content)

    def rank(self, org, day):
        """The member's rank in an organization as of a day, from a histogram; None without one."""
        row = next(self.mirror.find("histogram", org=org, kind=1, day=day), None)
        if row is None:
            return None
        own = points.quarter_points(self.mirror, self.member, row["quarter"], day)
        return points.Histogram(row["counts"]).rank(own)

    def _append(self, op):
        self.log.append(self.deployment, self.device, op)
        return op["id"]

    def verdict(self, op_id):
        """(decision, reason) of an operation; both None while there is no verdict."""
        entry = self.log.entries("id = ?", op_id)[-1]
        return entry["decision"], entry["reason"]

    def shown(self, table):
        """Rows as the member sees them: the mirror, and what operations on their way would do."""
        rows = {row["id"]: row for row in self.mirror.find(table)}
        for entry in self.log.unsettled(self.mirror.positions, self.mirror.held):
            op = operations.decode(bytes(entry["bytes"]))
            follows = rules.judge(self.mirror, self.member, op, self.transport.clock.now())
            for row in follows.get("writes", {}).get(table, []):
                rows[row["id"]] = {"version": 0, **row}
        return rows


def _referring(op, renamed):
    """The operation with the new names of operations it refers to."""
    payload = op["payload"]
    if op["version"] == 1 and op["kind"] in (operations.EDIT, operations.WITHDRAW, operations.READ):
        fields = operations.decode_payload(op["kind"], payload)
        notice = renamed.get(fields["notice"], fields["notice"])
        payload = operations.encode_payload(op["kind"], {**fields, "notice": notice})
    return {**op, "payload": payload, "depends_on": renamed.get(op["depends_on"])}


def pause_ms(failures, reply=None, retry_after_s=0):
    """How long to wait before coming again (section 10)."""
    if failures:
        bound = min(1000 << min(failures - 1, 20), 300_000)
        return max(random.uniform(bound / 2, bound), min(retry_after_s or 0, 3600) * 1000)
    return 0 if reply["more"] else min(max(reply["next_slot_ms"], 1000), 86_400_000)

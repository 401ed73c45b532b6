"""Study (section 18): when a check is due, when a segment was, and how much of it counts.

A phone needs the check times; the rest it may compute to show what is not confirmed yet.
"""

import hashlib
import math

from . import Malformed, cbor, ids

_MOST_MARKS, _SLACK_MS, _LONGEST_UPTIME_MS = 64, 60_000, 3_155_760_000_000
TAG_BYTES = 32


def due(seed, n, checks, times):
    """When the n-th check is due on the item's own clock, and which question it is; None without checks."""
    if not checks:
        return None
    words = [int.from_bytes(hashlib.sha256(b"dangjian/check" + seed + k.to_bytes(4, "big")).digest()[:8], "big")
             for k in range(n + 1)]
    span = times["max_ms"] - times["min_ms"] + 1
    return sum(times["min_ms"] + word % span for word in words), (words[n] >> 32) % checks


def finish_ms(length_ms, rules):
    """How much of an item finishes it."""
    return length_ms * rules["finish_pct"] // 100


def study_day(ms, rules):
    """The day of study an instant lies in."""
    return ids.day(ms - rules["day_starts_at_ms"])


def clocks(known, present, received, readings):
    """The clocks {boot: (offset, observed)} after a push; `present` and `readings` are (boot, ms)."""
    found = dict(known)
    if present:
        boot, ms = present
        offset, observed = found.get(boot, (0, False))
        found[boot] = (min(offset, received - ms) if observed else received - ms, True)
    before = min(received, found[present[0]][0]) if present else received
    for boot, ms in reversed(readings):
        offset, _ = found.setdefault(boot, (before - ms, False))
        before = min(before, offset)
    return found


def well_formed(record, rules):
    """Whether a timer can have made the record."""
    lists = [record["spans"], record["beats"], record["inputs"], record["checks"]]
    spans, beats, inputs, answers = lists
    ends = [span[1] for span in spans], beats, inputs, [answer[0] for answer in answers]
    return (all(len(marks) <= _MOST_MARKS for marks in lists) and record["from_ms"] <= _LONGEST_UPTIME_MS
            and all(start < end for start, end in spans)
            and all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
            and all(list(marks) == sorted(marks) for marks in ends[1:])
            and all(marks[-1] <= rules["segment_ms"] + _SLACK_MS for marks in ends if marks))


def observed(record, rules):
    """The pieces of a segment near enough to a heartbeat, ms after its start."""
    pieces = []
    for start, end in record["spans"]:
        for beat in [start] + [beat for beat in record["beats"] if start < beat < end]:
            until = min(beat + rules["max_gap_ms"], end)
            if pieces and pieces[-1][1] >= beat:
                pieces[-1][1] = max(pieces[-1][1], until)
            else:
                pieces.append([beat, until])
    return pieces


def _edge(at, *edges):
    """The next edge after an instant."""
    return min((edge for edge in edges if edge > at), default=math.inf)


class _Walk:
    """The way through a segment."""

    def __init__(self, case, rules):
        self.case, self.rules, self.record, self.before = case, rules, case["record"], case["before"]
        self.start, self.reached = case["offset_ms"] + self.record["from_ms"], -math.inf
        self.observed_ms, self.answered = self.before["checked"]["observed_ms"], self.before["checked"]["answered"]
        self.used = {day["day"]: day["offline_ms"] for day in self.before["days"]}
        self.stretches, self.days, self.total_ms, self.finished = [], {}, 0, None

    def checked(self, at):
        """Whether all checks due are answered, and until when that stays so."""
        while True:
            item = self.case["item"]
            next_check = due(self.case["seed"], self.answered, item["checks"], self.rules["checks"])
            if next_check is None:
                return True, math.inf
            when, question = next_check
            if when > self.observed_ms:
                return True, at + when - self.observed_ms
            answers = [self.start + given for given, check, _ in self.record["checks"] if check == question]
            answer = min((instant for instant in answers if instant >= self.reached), default=math.inf)
            if answer > at:
                return False, answer
            self.answered += 1

    def go(self, at, end):
        """One piece, from change to change."""
        window, lease, covered = self.case["window"], self.case["lease"], self.before["covered"]
        lease = (lease["issued_at"], lease["expires_at"]) if lease else (0, 0)
        while at < end:
            day = study_day(at, self.rules)
            checked, until = self.checked(at)
            tomorrow = ids.day_start(day + 1) + self.rules["day_starts_at_ms"]
            edges = [edge for stretch in (window, lease, *covered) for edge in stretch]
            until = max(min(end, tomorrow, until, _edge(at, *edges)), at + 1)
            free = not any(start <= at < stop for start, stop in covered)
            if checked and free and window[0] <= at < window[1]:
                self.take(at, until, day, lease[0] <= at < lease[1])
            if checked:
                self.observed_ms, self.reached = self.observed_ms + until - at, until
            at = until

    def take(self, at, until, day, leased):
        """Credits what the item's length and the day's allowance leave."""
        so_far = self.before["item_ms"] + self.total_ms
        ms = min(until - at, self.case["item"]["length_ms"] - so_far)
        if not leased:
            ms = min(ms, self.rules["offline_daily_ms"] - self.used.get(day, 0))
        if ms <= 0:
            return
        if self.stretches and self.stretches[-1][1] == at:
            self.stretches[-1][1] = at + ms
        else:
            self.stretches.append([at, at + ms])
        credit = self.days.setdefault(day, {"day": day, "ms": 0, "offline_ms": 0, "from": at})
        credit["ms"], credit["to"] = credit["ms"] + ms, at + ms
        if not leased:
            credit["offline_ms"] += ms
            self.used[day] = self.used.get(day, 0) + ms
        self.total_ms += ms
        enough = finish_ms(self.case["item"]["length_ms"], self.rules)
        if not self.before["finished"] and self.finished is None and so_far + ms >= enough:
            self.finished = day


def credit(case, rules):
    """What a segment adds; `case` as in study.json, with the seed as bytes."""
    if not well_formed(case["record"], rules):
        raise Malformed("no record that a timer makes")
    walk = _Walk(case, rules)
    for start, end in observed(case["record"], rules):
        walk.go(walk.start + start, walk.start + end)
    return {"stretches": walk.stretches, "days": [walk.days[day] for day in sorted(walk.days)], "total_ms": walk.total_ms,
            "finished": walk.finished, "checked": {"observed_ms": walk.observed_ms, "answered": walk.answered}}


def read_lease(token):
    """What a lease says; only the server can tell whether it is genuine."""
    fields = cbor.canonical(token[TAG_BYTES:])
    if len(token) < TAG_BYTES or type(fields) is not list or len(fields) != 6:
        raise Malformed("no lease")
    return dict(zip(("id", "member", "device", "item", "issued_at", "expires_at"), fields))

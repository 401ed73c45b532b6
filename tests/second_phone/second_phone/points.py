"""Points (section 19): what a fact gives, what takes it back, and ranks without names."""

import bisect
import re
import tomllib

from . import Malformed, ids

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_LONGEST = 512 * 1024


def read_set(text):
    """A published rule set; that it is sound was checked when it was published."""
    given = tomllib.loads(text)
    return {"id": f"{given['name']}/{given['version']}", **given}


def post(rule_set, fact, given, sign_in_points=True):
    """The postings for a fact. `given(rule, day)` are earlier entries (day, points) of the subject under the rule."""
    if fact["kind"] == "sign_in" and not sign_in_points:
        return []
    entries = []
    for rule in (rule for rule in rule_set["rules"] if rule["fact"] == fact["kind"]):
        before, amount = max(fact["amount_before"], 0), max(fact["amount"], 0)
        points = ((before + amount) // rule["every"] - before // rule["every"]) * rule["points"]
        earlier, day = given(rule["id"]), fact["day"]
        points_before = sum(posted for when, posted in earlier if when == day)
        if points > 0:
            points = max(min(points, _left(rule.get("cap", {}), earlier, day)), 0)
        if points:
            entries.append({"id": ids.entry_id(fact["id"], rule["id"]), "member": fact["subject"], "org": fact["org"],
                            "day": day, "rule": rule["id"], "points": points, "fact": fact["op"],
                            "rule_set": rule_set["id"], "amount": fact["amount"], "amount_before": fact["amount_before"],
                            "points_before": points_before, "about": fact["about"], "from_at": fact["from_at"],
                            "to_at": fact["to_at"]})
    return [{name: cell for name, cell in entry.items() if cell is not None} for entry in entries]


def _left(caps, earlier, day):
    """What the caps leave."""
    periods = {"day": lambda when: when, "quarter": ids.quarter_of, "year": lambda when: ids.quarter_of(when) // 10}
    return min((cap - sum(points for when, points in earlier if periods[name](when) == periods[name](day))
                for name, cap in caps.items()), default=1 << 62)


def reversal(entry, op, reason):
    """The entry that takes another back."""
    if "reverses" in entry:
        raise Malformed("a reversal is not taken back")
    return {**entry, "id": ids.reversal_id(entry["id"]), "points": -entry["points"], "fact": op,
            "reverses": entry["id"], "reason": reason}


class Histogram:
    """How many have how many points."""

    def __init__(self, text):
        """Reads the one form there is."""
        if len(text.encode()) > _LONGEST:
            raise Malformed("too long")
        self.steps, self.subjects = [], 0
        for part in text.split(",") if text else []:
            points, count = self._step(part)
            if self.steps and points >= self.steps[-1][0] or count < 1:
                raise Malformed("not in descending order, or nobody")
            self.subjects += count
            self.steps.append((points, self.subjects))
        if self.subjects >= 1 << 63:
            raise Malformed("too many")

    @staticmethod
    def _step(part):
        """Points and count."""
        numbers = part.split(":")
        if len(numbers) != 2 or not all(_INTEGER.fullmatch(number) for number in numbers):
            raise Malformed("not points:count")
        points, count = map(int, numbers)
        if not -(1 << 63) <= points < 1 << 63:
            raise Malformed("out of range")
        return points, count

    def rank(self, points):
        """1 and as many more as have more points."""
        above = bisect.bisect_left([-step[0] for step in self.steps], -points)
        return 1 + (self.steps[above - 1][1] if above else 0)


def quarter_points(county, member, quarter, until=None):
    """A member's points of a quarter, up to and including a day."""
    entries = county.find("ledger_entry", member=member)
    counted = (row["points"] for row in entries
               if ids.quarter_of(row["day"]) == quarter and (until is None or row["day"] <= until))
    totals = county.find("points_total", member=member, quarter=quarter, carried=0)
    return sum(counted) + sum(row["points"] for row in totals)

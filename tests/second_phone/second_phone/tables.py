"""The synced tables and the feeds their rows belong to (tables.md, section 4)."""

import re

OWN, BRANCH, DUTY, LEDGER, DOWN = 1, 2, 3, 4, 5
KINDS = {"own": OWN, "branch": BRANCH, "duty": DUTY, "ledger": LEDGER, "down": DOWN}

# number name: columns from the third on (? may be absent) | feed rules kind/column[condition]
_SPEC = """
1 organization: county:id parent?:id kind:int name:text area_code?:int city?:text | down/county
2 member: org:id number:text name:text standing:int status:int migrant:int | own/id branch/org
3 member_file: member:id org:id gender:int born:int joined:int education:text occupation:text phone:text \
  | own/member duty/org
4 pay: member:id basis:int monthly_fen:int from_day:int | own/member
5 leadership: org:id member:id name:text post:int term_from:int term_until:int | branch/org down/org
6 role: member:id org:id role:int since:int | own/member branch/org
7 participation: org:id member:id name:text since:int | own/member branch/org
8 notice: org:id scope:int title:text body:text author:id author_name:text published_at:int edited_at?:int state:int \
  withdrawn_reason?:text | branch/org[scope=1] down/org[scope=2] duty/org[scope=2]
9 notice_receipt: notice:id member:id org:id read_at:int | own/member duty/org
10 activity: org:id kind:int title:text held_at:int recorded_at:int place:text expected:int present:int | branch/org
11 points_total: member:id org:id quarter:int points:int carried:int | own/member ledger/org
12 ledger_entry: member:id org:id day:int rule:text points:int fact?:id | own/member ledger/org
"""


class Column:
    """A column of a table: its number, name and type, and whether it may be absent."""

    def __init__(self, number, spec):
        name, self.type = spec.split(":")
        self.number, self.name, self.optional = number, name.rstrip("?"), name.endswith("?")


class Rule:
    """A feed rule: rows that meet the condition belong to the feed about the value of a column."""

    def __init__(self, spec):
        kind, self.column, condition, value = re.fullmatch(r"(\w+)/(\w+)(?:\[(\w+)=(\d+)\])?", spec).groups()
        self.kind = KINDS[kind]
        self.condition = (condition, int(value)) if condition else None

    def subject(self, row):
        """The subject of the feed by which this row is carried, if the rule applies to it."""
        if self.condition and row.get(self.condition[0]) != self.condition[1]:
            return None
        return row.get(self.column)


class Table:
    """A synced table."""

    def __init__(self, line):
        head, rules = line.split(" | ")
        title, columns = head.split(": ")
        number, self.name = title.split()
        self.number = int(number)
        specs = ["id:id", "version:int", *columns.split()]
        self.columns = {at: Column(at, spec) for at, spec in enumerate(specs, 1)}
        self.named = {column.name: column for column in self.columns.values()}
        self.rules = [Rule(spec) for spec in rules.split()]

    def feeds(self, row):
        """The feeds a row belongs to, as (kind, subject)."""
        found = ((rule.kind, rule.subject(row)) for rule in self.rules)
        return [feed for feed in found if feed[1] is not None]


TABLES = {table.number: table for table in map(Table, _SPEC.strip().splitlines())}
NAMED = {table.name: table for table in TABLES.values()}

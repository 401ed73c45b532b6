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
11 points_total: member:id org:id quarter:int points:int carried:int component?:text | own/member ledger/org
12 ledger_entry: member:id org:id day:int rule:text points:int fact?:id rule_set:text amount:int amount_before:int \
  points_before:int about?:id from_at?:int to_at?:int reverses?:id reason?:text | own/member ledger/org
13 study_item: county:id kind:int category:int title:text source:text length_ms:int published_on:int required_month?:int \
  content:text content_bytes:int checks:int | down/county
14 study_day: member:id org:id day:int read_ms:int av_ms:int offline_ms:int | own/member ledger/org
15 item_progress: member:id item:id credited_ms:int finished_on?:int observed_ms:int answered:int right:int | own/member
16 rule_set: county:id name:text rule_version:text effective_from:int text:text | down/county
17 histogram: org:id kind:int quarter:int day:int as_of:int subjects:int counts:text | down/org
18 score: subject:id kind:int org:id name:text quarter:int points:int score:int board:int listed:int components:text \
  rule_set:text as_of:int | own/subject branch/org[listed=1] duty/org[listed=2]
19 board_line: org:id kind:int quarter:int place:int subject:id name:text of_name:text points:int score:int | down/org
20 quiz_draw: member:id item:id day:int questions:text asked:int answered_at?:int right?:int solution?:text | own/member
21 review_case: member:id org:id kind:int day:int evidence:text opened_at:int state:int decided_by?:id decided_at?:int \
  reason?:text | own/member duty/org
22 appeal: member:id org:id about:id text:text made_at:int state:int decided_by?:id decided_at?:int answer?:text \
  | own/member duty/org
23 features: county:id public_ranking:int names_on_low_boards:int study_in_appraisal:int sign_in_points:int \
  mandatory_photo:int usage_reports:int forced_check_in:int | down/county
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

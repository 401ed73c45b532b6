"""Identifiers and time (section 3)."""

import hashlib
import os
import re
import uuid

from . import Malformed

ZERO = bytes(16)
_TEXT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHANGHAI_MS = 28_800_000
DAY_MS = 86_400_000


def text(raw):
    """The UUID text of sixteen bytes."""
    return str(uuid.UUID(bytes=raw))


def parse(written):
    """Sixteen bytes from UUID text in either case; other spellings of UUIDs are refused."""
    if not isinstance(written, str) or not _TEXT.fullmatch(written):
        raise Malformed("not a UUID")
    return bytes.fromhex(written.replace("-", ""))


def _stamped(raw, version):
    """Sets the version nibble and the variant bits."""
    raw = bytearray(raw)
    raw[6] = raw[6] & 0x0F | version << 4
    raw[8] = raw[8] & 0x3F | 0x80
    return bytes(raw)


def version7(unix_ms, random=None):
    """A new id: 48 bits of milliseconds, then random bits."""
    return _stamped(unix_ms.to_bytes(6, "big") + (random or os.urandom(10)), 7)


def derived(context, *parts):
    """The id of the one row there may be for a pair."""
    return _stamped(hashlib.sha256(context.encode() + b"".join(parts)).digest()[:16], 8)


def receipt_id(notice, member):
    """The id of a member's receipt of a notice."""
    return derived("dangjian/notice-receipt", notice, member)


def carried_id(member, branch):
    """The id of the points a member carried over to a branch."""
    return derived("dangjian/carried-over", member, branch)


def number(n):
    """A number as a part."""
    return n.to_bytes(16, "big", signed=True)


def word(given):
    """A text as a part."""
    return derived(given)


def fact_id(cause, kind, civil_day):
    """The id of the fact that an operation, or what stands for it, brought about."""
    return derived("dangjian/fact", cause, word(kind), number(civil_day))


def sign_in_fact_id(member, civil_day):
    """The id of the fact that a member signed in on a day: there is one."""
    return fact_id(derived("dangjian/sign-in", member), "sign_in", civil_day)


def entry_id(fact, rule):
    """The id of the posting that a rule gives for a fact."""
    return derived("dangjian/ledger-entry", fact, word(rule))


def reversal_id(entry):
    """The id of the posting that takes another back."""
    return derived("dangjian/reversal", entry)


def study_day_id(member, civil_day):
    """The id of what a member studied on a day."""
    return derived("dangjian/study-day", member, number(civil_day))


def progress_id(member, item):
    """The id of how far a member is with an item."""
    return derived("dangjian/item-progress", member, item)


def draw_id(member, item, civil_day):
    """The id of a member's quiz of a day."""
    return derived("dangjian/quiz-draw", member, item, number(civil_day))


def check_seed(member, item):
    """What the times of a member's checks on an item follow from."""
    return derived("dangjian/checks", member, item)


def day(ms):
    """The civil day in Shanghai."""
    return (ms + _SHANGHAI_MS) // DAY_MS


def day_start(civil_day):
    """The first instant of a civil day."""
    return civil_day * DAY_MS - _SHANGHAI_MS


def quarter(ms):
    """The quarter in which an instant lies in Shanghai, year × 10 + quarter."""
    return quarter_of(day(ms))


def quarter_of(days):
    """The quarter in which a civil day lies."""
    era_day = days + 719_468
    era, of_era = divmod(era_day, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * of_year + 2) // 153 + 3
    year = era * 400 + year_of_era
    if month > 12:
        month, year = month - 12, year + 1
    return year * 10 + (month + 2) // 3

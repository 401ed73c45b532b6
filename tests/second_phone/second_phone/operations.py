"""Operations: their one form, their payloads, and the links between them (sections 5 and 6)."""

import hashlib

from . import Malformed, cbor, ids

LONGEST = 16_384
FIRST_LINK = bytes(32)

PUBLISH, EDIT, WITHDRAW, READ, MOVE, OPEN_LEDGER = 1, 2, 3, 4, 5, 6
RECORD_STUDY, SIGN_IN, DRAW_QUIZ, ANSWER_QUIZ = 7, 8, 9, 10
REVERSE, MAKE_APPEAL, DECIDE_APPEAL, DECIDE_REVIEW, PUBLISH_RULES, SET_FEATURES = 11, 12, 13, 14, 15, 16

# Fields of version 1 in the order of their keys, 1 and up; those with a question mark may be absent.
PAYLOADS = {
    PUBLISH: (("org", "id"), ("scope", "scope"), ("title", "text"), ("body", "text")),
    EDIT: (("notice", "id"), ("base_version", "unsigned"), ("title", "text"), ("body", "text")),
    WITHDRAW: (("notice", "id"), ("base_version", "unsigned"), ("reason", "text")),
    READ: (("notice", "id"),),
    MOVE: (("member", "id"), ("from", "id"), ("to", "id")),
    OPEN_LEDGER: (("org", "id"), ("open", "flag")),
    RECORD_STUDY: (("session", "id"), ("item", "id"), ("lease", "bytes?"), ("boot", "boot"), ("from_ms", "unsigned"),
                   ("spans", "spans"), ("beats", "moments"), ("inputs", "moments"), ("checks", "answers")),
    SIGN_IN: (("boot", "boot"), ("at_ms", "unsigned")),
    DRAW_QUIZ: (("item", "id"),),
    ANSWER_QUIZ: (("draw", "id"), ("answers", "bytes")),
    REVERSE: (("entry", "id"), ("reason", "text")),
    MAKE_APPEAL: (("about", "id"), ("text", "text")),
    DECIDE_APPEAL: (("appeal", "id"), ("granted", "flag"), ("answer", "text")),
    DECIDE_REVIEW: (("case", "id"), ("upheld", "flag"), ("reason", "text")),
    PUBLISH_RULES: (("text", "text"),),
    SET_FEATURES: (("county", "id"), *((switch, "flag") for switch in (
        "public_ranking", "names_on_low_boards", "study_in_appraisal", "sign_in_points", "mandatory_photo",
        "usage_reports", "forced_check_in"))),
}


def _unsigned(value, bits):
    """Whether the value is an integer (no flag) of so many bits."""
    return type(value) is int and 0 <= value < 1 << bits


def _array(value, *bits):
    """Whether the value is an array of arrays of unsigned numbers of so many bits."""
    return type(value) is list and all(
        type(item) is list and len(item) == len(bits) and all(map(_unsigned, item, bits)) for item in value)


_FITS = {
    "id": lambda value: type(value) is bytes and len(value) == 16,
    "scope": lambda value: type(value) is int and value in (1, 2),
    "text": lambda value: type(value) is str,
    "unsigned": lambda value: _unsigned(value, 64),
    "flag": lambda value: type(value) is bool,
    "boot": lambda value: type(value) is bytes and len(value) == 16,
    "bytes": lambda value: type(value) is bytes,
    "bytes?": lambda value: type(value) is bytes,
    "moments": lambda value: type(value) is list and all(_unsigned(moment, 32) for moment in value),
    "spans": lambda value: _array(value, 32, 32),
    "answers": lambda value: _array(value, 32, 8, 8),
}


def _must(holds, what):
    """Refuses unless a condition holds."""
    if not holds:
        raise Malformed(what)


def encode_payload(kind, fields):
    """The payload's own CBOR."""
    return cbor.encode({number: fields[name] for number, (name, form) in enumerate(PAYLOADS[kind], 1)
                        if not (form.endswith("?") and fields.get(name) is None)})


def decode_payload(kind, data):
    """Fields of a payload that is in its one form: all of them, no others."""
    value = cbor.canonical(data)
    _must(type(value) is dict, "no map")
    given = [(number, name, form) for number, (name, form) in enumerate(PAYLOADS[kind], 1)
             if number in value or not form.endswith("?")]
    _must(list(value) == [number for number, _, _ in given], "other fields")
    named = [(name, value[number], form) for number, name, form in given]
    for name, cell, form in named:
        _must(_FITS[form](cell), name)
    return {name: cell for name, cell, _ in named}


def encode(op):
    """The bytes of an operation: seven elements, or eight if it depends on another."""
    kind_of_time, ms = op["at"]
    elements = [op["id"], op["seq"], op["actor"], [("anchored", "after").index(kind_of_time), [ms]],
                op["kind"], op["version"], op["payload"]]
    return cbor.encode(elements + ([op["depends_on"]] if op["depends_on"] else []))


def decode(data):
    """An operation from exactly the bytes that `encode` gives; everything else is refused."""
    _must(len(data) <= LONGEST, "too long")
    value = cbor.canonical(data)
    _must(type(value) is list and len(value) in (7, 8), "not seven or eight elements")
    depends_on = value[7] if len(value) == 8 else None
    for given in (value[0], value[2]) + ((depends_on,) if len(value) == 8 else ()):
        _must(_FITS["id"](given), "not an id")
    _must(value[0] != ids.ZERO, "an id of zeros")
    _must(_unsigned(value[1], 64) and _unsigned(value[4], 32) and _unsigned(value[5], 32), "not unsigned")
    _must(type(value[6]) is bytes, "a payload that is not bytes")
    return {"id": value[0], "seq": value[1], "actor": value[2], "at": _instant(value[3]), "kind": value[4],
            "version": value[5], "payload": value[6], "depends_on": depends_on}


def _instant(value):
    """What the phone says about the time: ("anchored" or "after", ms)."""
    _must(type(value) is list and len(value) == 2 and type(value[1]) is list and len(value[1]) == 1, "not an instant")
    form, ms = value[0], value[1][0]
    _must(type(form) is int and form in (0, 1) and type(ms) is int, "not an instant")
    return ("anchored", "after")[form], ms


def link(deployment, device, seq, previous, operation):
    """The link after an operation: what binds it to its place and to all before it."""
    return hashlib.sha256(b"dangjian/op-link/1\0" + deployment + device + seq.to_bytes(8, "big") + previous
                          + hashlib.sha256(operation).digest()).digest()

"""CBOR (RFC 8949): a deterministic writer, a reader, and the gate between them.

Signed bytes have exactly one form. The protocol's advice is to decode, encode again and compare, so the reader is lenient
and `canonical` is strict: whatever the writer would not have written is refused.
"""

from . import Malformed

_DEEPEST = 16


class Other:
    """A value our messages never hold (tag, float, undefined): it may be passed over, but not written."""


def encode(value):
    """Writes a value: definite lengths, shortest heads, map keys (integers) ascending."""
    kind = type(value)
    if kind is bool:
        return b"\xf5" if value else b"\xf4"
    if kind is int:
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if kind is bytes:
        return _head(2, len(value)) + value
    if kind is str:
        text = value.encode()
        return _head(3, len(text)) + text
    if kind in (list, tuple):
        return _head(4, len(value)) + b"".join(map(encode, value))
    if kind is dict:
        return _head(5, len(value)) + b"".join(encode(key) + encode(value[key]) for key in sorted(value, key=encode))
    raise Malformed(f"{kind.__name__} is not written")


def decode(data):
    """Reads one value that fills `data`; a repeated key, an open end or a rest is refused."""
    value, end = _read(data, 0, 0)
    if end != len(data):
        raise Malformed("bytes after the value")
    return value


def canonical(data):
    """Reads one value in the only form that the writer gives it."""
    value = decode(data)
    if encode(value) != data:
        raise Malformed("not in canonical form")
    return value


def _head(major, number):
    """A major type with its argument in the shortest form."""
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise Malformed("beyond 64 bits")


def _take(data, start, length):
    """`length` bytes, or a refusal before anything is built from too few."""
    if length > len(data) - start:
        raise Malformed("too short")
    return data[start:start + length]


def _read(data, at, depth):
    """One value and where it ends."""
    if depth > _DEEPEST:
        raise Malformed("too deep")
    first = _take(data, at, 1)[0]
    major, info = first >> 5, first & 31
    if info > 27:
        raise Malformed("indefinite or reserved length")
    size = 0 if info < 24 else 1 << info - 24
    number = info if info < 24 else int.from_bytes(_take(data, at + 1, size), "big")
    at += 1 + size
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        return _string(_take(data, at, number), major), at + number
    if major == 4:
        return _items(data, at, number, depth)
    if major == 5:
        return _map(data, at, number, depth)
    if major == 6:
        return Other(), _read(data, at, depth + 1)[1]
    return {20: False, 21: True, 22: None}.get(number if info < 24 else -1, Other()), at


def _string(data, major):
    """Bytes as they are, text as UTF-8."""
    try:
        return bytes(data) if major == 2 else data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("text that is not UTF-8") from error


def _items(data, at, count, depth):
    """The items of an array; each takes a byte at least, so a false count is found before memory is."""
    _take(data, at, count)
    items = []
    for _ in range(count):
        item, at = _read(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data, at, count, depth):
    """The entries of a map."""
    _take(data, at, 2 * count)
    entries = {}
    for _ in range(count):
        key, at = _read(data, at, depth + 1)
        value, at = _read(data, at, depth + 1)
        if not isinstance(key, (int, str, bytes)) or key in entries:
            raise Malformed("a key twice or of a strange type")
        entries[key] = value
    return entries, at

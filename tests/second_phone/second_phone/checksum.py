"""Count and sum of a feed (section 12): finds lost and stale rows."""

MASK = (1 << 64) - 1


def mix(x):
    """Spreads every bit of a word over the whole."""
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def row_hash(table, row_id, version):
    """The word one row adds to the sums of its feeds."""
    high, low = int.from_bytes(row_id[:8], "big"), int.from_bytes(row_id[8:], "big")
    return mix(mix(mix(mix(table + 0x9E3779B97F4A7C15 & MASK) ^ high) ^ low) ^ version)

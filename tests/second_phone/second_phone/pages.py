"""Pages: rows on their way to the phone, columnar or as JSON (section 11).

Both become {"advance", "gone", "rows", "unknown"}: rows by table name as dictionaries by column name, with absent cells left
out. `unknown` notes what was skipped: [table, column] with column 0 for a whole table.
"""

import zstandard

from . import Malformed, ids
from .tables import NAMED, TABLES

LARGEST = 16 << 20
MOST_ROWS = 20_000
# What a few bytes may grow to at once: a block of 128 KiB can come from four.
_PIECE = 128
_TYPES = ("id", "int", "text")


def unpack(frame):
    """The columnar bytes of a zstd frame, bounded whatever the frame claims: it is fed in small pieces."""
    unpacking, data = zstandard.ZstdDecompressor(max_window_size=LARGEST).decompressobj(), bytearray()
    try:
        for at in range(0, len(frame), _PIECE):
            data += unpacking.decompress(frame[at:at + _PIECE])
            if len(data) > LARGEST:
                raise Malformed("page too large")
    except zstandard.ZstdError as error:
        raise Malformed("not one zstd frame") from error
    if not unpacking.eof or unpacking.unused_data:
        raise Malformed("not one whole zstd frame")
    return bytes(data)


class _Reader:
    """Takes values off the front of bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        """The next bytes."""
        end = self.at + length
        if end > len(self.data):
            raise Malformed("page too short")
        taken, self.at = self.data[self.at:end], end
        return taken

    def varint(self, bits=64):
        """A LEB128 number of at most so many bits."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                if value >= 1 << bits:
                    raise Malformed("number too large")
                return value
        raise Malformed("varint too long")

    def count(self):
        """A number of things that take at least a byte each."""
        value = self.varint()
        if value > len(self.data) - self.at:
            raise Malformed("more things than bytes")
        return value

    def end(self):
        """Nothing may follow."""
        if self.at != len(self.data):
            raise Malformed("bytes after the end")


def read_columnar(data):
    """A page from its columnar layout."""
    reader = _Reader(data)
    if reader.varint() != 1:
        raise Malformed("another format")
    page = {"advance": [_advance(reader) for _ in range(reader.count())],
            "gone": [_gone(reader) for _ in range(reader.count())], "rows": {}, "unknown": []}
    for _ in range(reader.count()):
        table, body = reader.varint(16), _Reader(reader.take(reader.varint()))
        if table in TABLES:
            _block(TABLES[table], body, page)
        else:
            page["unknown"].append([table, 0])
    reader.end()
    return _bounded(page)


def _advance(reader):
    """How far one feed comes."""
    feed, generation, seq, flag = reader.varint(), reader.varint(32), reader.varint(), reader.take(1)[0]
    if flag > 1:
        raise Malformed("not a flag")
    return {"feed": feed, "generation": generation, "seq": seq, "at_head": flag == 1}


def _gone(reader):
    """A row that left a feed."""
    return {"feed": reader.varint(), "table": reader.varint(16), "id": reader.take(16), "version": reader.varint()}


def _block(table, reader, page):
    """Adds the rows of one table."""
    rows = reader.varint()
    if rows > MOST_ROWS:
        raise Malformed("too many rows")
    cells, seen = {}, set()
    for _ in range(reader.count()):
        number, form, data = reader.varint(16), reader.take(1)[0], _Reader(reader.take(reader.varint()))
        if number in seen:
            raise Malformed("a column twice")
        seen.add(number)
        if number in table.columns:
            cells[table.columns[number].name] = _column(table.columns[number], form, data, rows)
        else:
            page["unknown"].append([table.number, number])
    reader.end()
    names = list(cells)
    made = [{name: cell for name, cell in zip(names, row) if cell is not None} for row in zip(*cells.values())]
    page["rows"].setdefault(table.name, []).extend(_whole(table, row) for row in made)
    if len(made) != rows:
        raise Malformed("rows without cells")


def _column(column, form, data, rows):
    """The cells of a column, None where absent."""
    if form > 7 or form & 3 > 2 or _TYPES[form & 3] != column.type:
        raise Malformed("a column of another form")
    if form & 4:
        values = [None, *_values(data, column.type, data.count())]
        entries = [data.varint() for _ in range(rows)]
        if any(entry >= len(values) for entry in entries):
            raise Malformed("a reference beyond the values")
        cells = [values[entry] for entry in entries]
    else:
        cells = _values(data, column.type, rows)
    data.end()
    return cells


def _values(reader, type_name, count):
    """So many values, one after the other."""
    if type_name == "id":
        planes = [reader.take(count) for _ in range(16)]
        return [bytes(plane[at] for plane in planes) for at in range(count)]
    if type_name == "int":
        return _integers(reader, count)
    lengths = [reader.varint() for _ in range(count)]
    try:
        return [reader.take(length).decode() for length in lengths]
    except UnicodeDecodeError as error:
        raise Malformed("text that is not UTF-8") from error


def _integers(reader, count):
    """Zigzag differences, wrapping at 64 bits."""
    values, last = [], 0
    for _ in range(count):
        zigzag = reader.varint()
        last = (last + (zigzag >> 1 ^ -(zigzag & 1)) + (1 << 63)) % (1 << 64) - (1 << 63)
        values.append(last)
    return values


def _whole(table, row):
    """The row, if it has every cell it must have."""
    for column in table.columns.values():
        if not column.optional and column.name not in row:
            raise Malformed(f"{table.name}.{column.name} is missing")
    if row["version"] < 0:
        raise Malformed("a negative version")
    return row


def _bounded(page):
    """The page, if it is not larger than pages may be."""
    if sum(map(len, page["rows"].values())) + len(page["gone"]) > MOST_ROWS:
        raise Malformed("too many rows in a page")
    return page


def read_json(given):
    """A page from its JSON form."""
    gone = [dict(entry, id=ids.parse(entry["id"])) for entry in given["gone"]]
    page = {"advance": given["advance"], "gone": gone, "rows": {}, "unknown": []}
    for name, rows in given["rows"].items():
        if name in NAMED:
            page["rows"][name] = [_whole(NAMED[name], _json_row(NAMED[name], row, page)) for row in rows]
        else:
            page["unknown"].append([name, 0])
    return _bounded(page)


def _json_row(table, given, page):
    """A row by column name; unknown columns are skipped and noted."""
    row = {}
    for name, cell in given.items():
        if name not in table.named:
            page["unknown"].append([table.number, name])
        elif cell is not None:
            row[name] = _json_cell(table.named[name].type, cell)
    return row


def _json_cell(type_name, cell):
    """A cell of its column's type."""
    if type_name == "id":
        return ids.parse(cell)
    if type(cell) is not (int if type_name == "int" else str) or type(cell) is int and not -1 << 63 <= cell < 1 << 63:
        raise Malformed("a cell of another type")
    return cell

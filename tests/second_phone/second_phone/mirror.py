"""The phone's copy of the rows its member may see (sections 4, 10 and 12), in SQLite."""

import sqlite3

from .checksum import MASK, row_hash
from .tables import NAMED, TABLES

_SQL_TYPES = {"id": "BLOB", "int": "INTEGER", "text": "TEXT"}


def _schema():
    """One SQL table for each synced table, with an index for each feed rule, and the phone's own notes."""
    for table in TABLES.values():
        columns = ", ".join(f'"{column.name}" {_SQL_TYPES[column.type]}' for column in table.columns.values())
        yield f'CREATE TABLE IF NOT EXISTS "{table.name}" ({columns}, PRIMARY KEY (id)) WITHOUT ROWID'
        for name in {rule.column for rule in table.rules} - {"id"}:
            yield f'CREATE INDEX IF NOT EXISTS "{table.name}_{name}" ON "{table.name}" ("{name}")'
    # Numbers of feeds go up to 2^64, SQLite's integers to 2^63: they are kept as text.
    yield "CREATE TABLE IF NOT EXISTS feed (feed TEXT PRIMARY KEY, kind INTEGER, subject BLOB)"
    yield "CREATE TABLE IF NOT EXISTS position (feed TEXT PRIMARY KEY, generation INTEGER, seq TEXT)"
    yield "CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT)"


class Mirror:
    """Rows, the feeds held, and the position in each."""

    def __init__(self, path=":memory:"):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        for statement in _schema():
            self.db.execute(statement)
        self._load()

    def _load(self):
        """Feeds and positions, as the database has them."""
        self.held = {int(feed): (kind, bytes(subject)) for feed, kind, subject in self.db.execute("SELECT * FROM feed")}
        self.positions = {int(feed): (generation, int(seq))
                          for feed, generation, seq in self.db.execute("SELECT * FROM position")}
        notes = dict(map(tuple, self.db.execute("SELECT * FROM note")))
        self.history, self.grant = int(notes.get("history", 0)), int(notes.get("grant", 0))
        self._subjects = set(self.held.values())

    def close(self):
        """Closes the database."""
        self.db.close()

    # Rows

    def get(self, table, row_id):
        """A row, or None."""
        return next(self.find(table, id=row_id), None)

    def find(self, table, **where):
        """The rows of a table whose columns have these values, in ascending id."""
        condition = " AND ".join(f'"{name}" = ?' for name in where) or "1"
        for row in self.db.execute(f'SELECT * FROM "{table}" WHERE {condition} ORDER BY id', tuple(where.values())):
            yield {name: row[name] for name in row.keys() if row[name] is not None}

    def put(self, table, row):
        """Stores a row, unless a newer one is stored."""
        names = list(NAMED[table].named)
        marks = ", ".join("?" * len(names))
        sets = ", ".join(f'"{name}" = excluded."{name}"' for name in names[1:])
        self.db.execute(f'INSERT INTO "{table}" VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets} '
                        f'WHERE version <= excluded.version', [row.get(name) for name in names])

    def _delete(self, table, row_id, below=MASK >> 1):
        """Deletes a row whose version is below a bound."""
        self.db.execute(f'DELETE FROM "{table}" WHERE id = ? AND version < ?', (row_id, min(below, MASK >> 1)))

    def rows_of(self, feed):
        """The rows that the feed (kind, subject) covers, as (table, row)."""
        kind, subject = feed
        for table in TABLES.values():
            for rule in table.rules:
                if rule.kind == kind:
                    found = self.find(table.name, **{rule.column: subject})
                    yield from ((table, row) for row in list(found) if rule.subject(row) == subject)

    # Exchange

    def cursor(self):
        """Where the mirror stands; feeds without an advance so far are left out."""
        feeds = [{"feed": feed, "generation": self.positions[feed][0], "seq": self.positions[feed][1]}
                 for feed in sorted(self.positions)]
        return {"history": self.history, "grant": self.grant, "feeds": feeds}

    def apply(self, reply):
        """Applies grant and page of a reply in one transaction: either all of it is on the disk, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.history = reply["history"]
            if "grant" in reply:
                self._regrant(reply["grant"])
            if "page" in reply:
                self._page(reply["page"])
            self._save()
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            self._load()
            raise

    def _save(self):
        """Writes feeds, positions, history and grant beside the rows."""
        for statement in ("DELETE FROM feed", "DELETE FROM position"):
            self.db.execute(statement)
        self.db.executemany("INSERT INTO feed VALUES (?, ?, ?)", [(str(feed), *held) for feed, held in self.held.items()])
        self.db.executemany("INSERT INTO position VALUES (?, ?, ?)",
                            [(str(feed), generation, str(seq)) for feed, (generation, seq) in self.positions.items()])
        self.db.executemany("INSERT OR REPLACE INTO note VALUES (?, ?)",
                            [("history", str(self.history)), ("grant", str(self.grant))])

    def _regrant(self, grant):
        """Takes over the list of feeds; what no held feed covers any more goes."""
        lost = [held for feed, held in self.held.items() if feed not in {entry["feed"] for entry in grant["feeds"]}]
        self.grant = grant["number"]
        self.held = {entry["feed"]: (entry["kind"], entry["subject"]) for entry in grant["feeds"]}
        self._subjects = set(self.held.values())
        self.positions = {feed: position for feed, position in self.positions.items() if feed in self.held}
        self._forget(lost)

    def _forget(self, feeds):
        """Deletes the rows of feeds that no other held feed covers."""
        kept = self._subjects - set(feeds)
        for feed in feeds:
            for table, row in self.rows_of(feed):
                if kept.isdisjoint(table.feeds(row)):
                    self._delete(table.name, row["id"])

    def _page(self, page):
        """The four steps of section 10."""
        for advance in page["advance"]:
            self._start_over_if_moved(advance)
        for gone in page["gone"]:
            if gone["table"] in TABLES:
                self._delete(TABLES[gone["table"]].name, gone["id"], gone["version"])
        for table, rows in page["rows"].items():
            for row in rows:
                self.put(table, row)
        for advance in page["advance"]:
            if advance["feed"] in self.held:
                self.positions[advance["feed"]] = (advance["generation"], advance["seq"])

    def _start_over_if_moved(self, advance):
        """A feed of another generation, or behind our position, is built anew: what only it covers goes."""
        generation, seq = self.positions.get(advance["feed"], (advance["generation"], 0))
        if advance["generation"] != generation or advance["seq"] < seq:
            self._forget([self.held[advance["feed"]]] if advance["feed"] in self.held else [])

    # Checks

    def check(self, feed):
        """Count and sum of a held feed."""
        hashes = {(table.number, row["id"]): row_hash(table.number, row["id"], row["version"])
                  for table, row in self.rows_of(self.held[feed])}
        return len(hashes), sum(hashes.values()) & MASK

    def differing(self, checks):
        """The feeds of a kind we know whose rows are not what the server counts."""
        known = [check for check in checks if check["feed"] in self.held and 1 <= self.held[check["feed"]][0] <= 5]
        return [check["feed"] for check in known if self.check(check["feed"]) != (check["rows"], check["sum"])]

    def repair(self, feeds):
        """Empties feeds that differ; the next exchange brings them again."""
        self.db.execute("BEGIN IMMEDIATE")
        self._forget([self.held[feed] for feed in feeds])
        self.positions = {feed: position for feed, position in self.positions.items() if feed not in feeds}
        self._save()
        self.db.execute("COMMIT")

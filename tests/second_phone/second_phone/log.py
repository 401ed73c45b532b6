"""What the member did: operations, numbered and linked when they are written (sections 6 and 10)."""

import json
import sqlite3

from . import ids, operations

_MOST, _MOST_BYTES = 500, 262_144
_SCHEMA = """
CREATE TABLE IF NOT EXISTS operation (seq INTEGER PRIMARY KEY, id BLOB, bytes BLOB, link BLOB,
    decision TEXT, reason INTEGER, effects TEXT NOT NULL DEFAULT '[]');
"""


class Lost(Exception):
    """The phone cannot go on with its chain; it must begin a new installation."""


class Log:
    """The chain of one installation, with the verdicts it got."""

    def __init__(self, path=":memory:"):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(_SCHEMA)

    def close(self):
        """Closes the database."""
        self.db.close()

    def entries(self, where="1", *values):
        """Operations in order."""
        return list(self.db.execute(f"SELECT * FROM operation WHERE {where} ORDER BY seq", values))

    def end(self):
        """The last sequence and its link."""
        last = self.db.execute("SELECT seq, link FROM operation ORDER BY seq DESC LIMIT 1").fetchone()
        return (last["seq"], bytes(last["link"])) if last else (0, operations.FIRST_LINK)

    def append(self, deployment, device, op):
        """Numbers, encodes and links an operation; `op` has no seq yet."""
        seq, previous = self.end()
        data = operations.encode({**op, "seq": seq + 1})
        return self.append_bytes(deployment, device, op["id"], data, previous)

    def append_bytes(self, deployment, device, op_id, data, previous):
        """Links bytes as they are."""
        seq = self.end()[0] + 1
        link = operations.link(deployment, device, seq, previous, data)
        self.db.execute("INSERT INTO operation (seq, id, bytes, link) VALUES (?, ?, ?, ?)", (seq, op_id, data, link))
        return seq

    def first_open(self):
        """The first operation without a verdict, or None."""
        return self.db.execute("SELECT min(seq) FROM operation WHERE decision IS NULL").fetchone()[0]

    def waiting(self):
        """What is to be sent: from the first without a verdict, without gaps, up to the caps."""
        first, batch, size = self.first_open(), [], 0
        for entry in self.entries("seq >= ?", first) if first else []:
            size += len(entry["bytes"])
            if len(batch) == _MOST or size > _MOST_BYTES:
                break
            batch.append(entry)
        return batch

    def take_back(self, next_seq):
        """A server that was restored expects less than we have verdicts for: they count no more."""
        self.db.execute("UPDATE operation SET decision = NULL, reason = NULL, effects = '[]' WHERE seq >= ?", (next_seq,))

    def forget_effects(self):
        """Sequences of another history mean nothing: the new mirror has what followed."""
        self.db.execute("UPDATE operation SET effects = '[]'")

    def settle(self, reply, pushed):
        """Takes verdicts over, and finds out whether the chain can go on."""
        for verdict in reply["verdicts"]:
            self.db.execute("UPDATE operation SET decision = ?, reason = ?, effects = ? WHERE seq = ?",
                            (verdict["decision"], verdict.get("reason"), json.dumps(verdict["effects"]), verdict["seq"]))
        next_seq, first = reply["chain"]["next_seq"], self.first_open()
        if next_seq > self.end()[0] + 1:
            raise Lost("the server is ahead of what this phone ever wrote")
        if pushed and first and first < next_seq:
            raise Lost("no verdict although the server is beyond: a fork")
        self.take_back(next_seq)

    def unsettled(self, positions, held):
        """Operations whose rows the mirror does not have yet: waiting, held, or accepted with effects not reached."""
        return [entry for entry in self.entries() if entry["decision"] in (None, "held")
                or entry["decision"] == "accepted" and not _arrived(entry, positions, held)]

    def unsent(self):
        """Operations without a verdict, to be written anew into a new installation."""
        return [operations.decode(bytes(entry["bytes"])) for entry in self.entries("decision IS NULL")]


def _arrived(entry, positions, held):
    """Whether the mirror has everything that followed from an accepted operation."""
    return all(effect["feed"] not in held or positions.get(effect["feed"], (0, 0))[1] >= effect["seq"]
               for effect in json.loads(entry["effects"]))


def new_operation(now, actor, kind, fields, depends_on=None, at=None):
    """An operation of version 1 that has no place in the chain yet."""
    return {"id": ids.version7(now), "actor": actor, "at": at or ("anchored", now), "kind": kind, "version": 1,
            "payload": operations.encode_payload(kind, fields), "depends_on": depends_on}

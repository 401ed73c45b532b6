"""The server program with a made-up county, and its database as the measure of what phones must have."""

import atexit
import csv
import pathlib
import select
import shutil
import sqlite3
import subprocess
import tempfile
import time

from second_phone import ids, messages
from second_phone.mirror import Mirror
from second_phone.phone import Phone
from second_phone.tables import TABLES

from . import SERVER

PASSWORD = "second phone 1935"
_START_S = 60


class ServerRows(Mirror):
    """The rows of the server's database, read only."""

    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self.db.row_factory = sqlite3.Row

    def visible(self, *grants):
        """For each set of feeds, the rows they cover: {(table, id): row}. One pass over the whole county."""
        found = [{} for _ in grants]
        for table in TABLES.values():
            for row in self.find(table.name):
                feeds = table.feeds(row)
                for rows, held in zip(found, grants):
                    if not held.isdisjoint(feeds):
                        rows[table.number, row["id"]] = row
        return found

    def visible_to_few(self, held):
        """The same for a few feeds, without the pass."""
        return {(table.number, row["id"]): row for feed in held for table, row in self.rows_of(feed)}


class County:
    """A running server with its folder. One for all tests, since loading takes seconds."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="second-phone-"))
        self.data, self._process, self._free = self.folder / "data", None, None
        atexit.register(self.close)
        self.start("--seed-county", "1", "--today", "2026-11-23")
        with open(self.data / "activation-codes.csv", encoding="utf-8", newline="") as file:
            self.people = {ids.parse(person["member"]): person for person in csv.DictReader(file)}
        self.rows, self.taken = ServerRows(self.data / "county.db"), set()

    def start(self, *options):
        """Starts the program and waits until it says where it listens."""
        command = [SERVER, "--data", self.data, "--listen", "127.0.0.1:0", "--quick-passwords", *options]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env={"RUST_LOG": "warn"})
        if not select.select([self._process.stdout], [], [], _START_S)[0]:
            raise RuntimeError("the server does not start")
        line = self._process.stdout.readline().decode().split()
        if line[:1] != ["listening"]:
            raise RuntimeError("the server ended: " + (self.folder / "log").read_text(encoding="utf-8")[-500:])
        self.url = line[1]

    def stop(self):
        """Ends the program as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
        self._process = None

    def restart(self, *options):
        """Another process with the same folder."""
        self.stop()
        self.start(*options)

    def close(self):
        """Leaves nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def phone(self, member, media=messages.CBOR):
        """A phone of a member: activated at first, signed in later, enrolled."""
        phone, person = Phone(self.url, media), self.people[member]
        if member in self.taken:
            phone.sign_in(person["login"], PASSWORD)
        else:
            phone.activate(person["login"], person["code"], PASSWORD)
        self.taken.add(member)
        phone.enrol()
        return phone

    def plain(self, org=None, without=()):
        """A member who holds no role, of a branch if given, who has no phone yet."""
        found = self.rows.find("member", org=org, status=1) if org else self.rows.find("member", status=1)
        return next(row for row in found if row["id"] not in self.taken and row["id"] not in without
                    and not list(self.rows.find("role", member=row["id"])))

    def holder(self, role, org=None):
        """A member in good standing who holds a role and has no phone yet; the role row."""
        found = self.rows.find("role", role=role, **({"org": org} if org else {}))
        return next(row for row in found if row["member"] not in self.taken
                    and self.rows.get("member", row["member"])["status"] == 1)


def contents(phone):
    """Everything a phone's mirror has, as {(table, id): row}."""
    return {(table.number, row["id"]): row for table in TABLES.values() for row in phone.mirror.find(table.name)}


def wait_until(holds, seconds=5):
    """Waits for something that happens soon."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)

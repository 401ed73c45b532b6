"""Changes planted into a tour, one at a time, which scripts/tour-check has to find."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def recount(out):
    """What tour-check says: its exit code and its words."""
    done = subprocess.run([ROOT / "scripts" / "tour-check", out], capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).strip()


def figure(name, value):
    def plant(out):
        path = out / "tour.json"
        tour = json.loads(path.read_text())
        tour[name] = value(tour[name])
        path.write_text(json.dumps(tour))
    plant.__name__ = f"{name} made another number"
    return plant


def on_server(words, sql):
    def plant(out):
        database = sqlite3.connect(out / "server" / "county.db")
        changed = database.execute(sql).rowcount
        database.commit()
        database.close()
        assert changed > 0, f"{words}: nothing to change"
    plant.__name__ = words
    return plant


def an_event_left_out(out):
    path = out / "events.jsonl"
    lines = path.read_text().splitlines()
    gone = next(line for line in lines if '"arrived"' in line)
    path.write_text("\n".join(line for line in lines if line != gone) + "\n")


def an_arrival_made_quicker(out):
    path = out / "events.jsonl"
    events = [json.loads(line) for line in path.read_text().splitlines()]
    slowest = max((event for event in events if event["event"] == "arrived"), key=lambda event: event["ms"])
    slowest["ms"] /= 2
    path.write_text("".join(json.dumps(event) + "\n" for event in events))


def a_bit_of_a_phone_flipped(out):
    path = next((out / "phones" / "villager").glob("mirror-*.db"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def a_phone_thrown_away(out):
    shutil.rmtree(out / "phones" / "dongguan-03")


def a_phone_put_back_to_another(out):
    shutil.rmtree(out / "phones" / "dongguan-04")
    shutil.copytree(out / "phones" / "villager", out / "phones" / "dongguan-04")


def a_phone_cut_short(out):
    path = out / "phones" / "officer" / "own.db"
    os.truncate(path, path.stat().st_size - 4096)


PLANTS = [
    figure("organizations", lambda n: n + 1),
    figure("members", lambda n: n - 1),
    figure("migrant_members", lambda n: n + 1),
    figure("notice_phones", lambda n: n + 1),
    figure("notice_p99_ms", lambda n: n / 2),
    figure("read_receipts", lambda n: n + 1),
    figure("offline_phone_got_notice", lambda was: not was),
    figure("rows_after_move_outside_grant", lambda n: n + 1),
    figure("study_minutes_offline", lambda n: n + 1),
    figure("points_confirmed", lambda n: n - 1),
    figure("rank_after", lambda n: n + 1),
    figure("rank_before", lambda n: n + 1),
    figure("explained", lambda words: words.replace(" 分。", "0 分。")),
    figure("operations", lambda n: n + 1),
    figure("outbox_left", lambda n: n + 1),
    on_server("an operation deleted on the server",
              "DELETE FROM op WHERE rowid = (SELECT max(rowid) FROM op)"),
    on_server("an operation's bytes changed on the server",
              "UPDATE op SET bytes = CAST(bytes || x'00' AS BLOB) WHERE rowid = (SELECT max(rowid) FROM op)"),
    on_server("a receipt deleted on the server",
              "DELETE FROM notice_receipt WHERE id = (SELECT max(id) FROM notice_receipt)"),
    on_server("a member deleted on the server", "DELETE FROM member WHERE id = (SELECT max(id) FROM member)"),
    on_server("a role given behind the county's back",
              "INSERT INTO role (id, version, member, org, role, since) SELECT randomblob(16), 1, p.member, o.id, 4, 0 "
              "FROM organization o, (SELECT member FROM participation WHERE org IN "
              "(SELECT id FROM organization WHERE name LIKE '%东莞%第三%' OR name LIKE '东莞第三%') LIMIT 1) p "
              "WHERE o.parent IS NULL"),
    on_server("the notice's words changed on the server",
              "UPDATE notice SET body = body || '。' WHERE id = (SELECT notice FROM notice_receipt LIMIT 1)"),
    on_server("a posting of the morning deleted on the server",
              "DELETE FROM ledger_entry WHERE id = (SELECT id FROM ledger_entry WHERE fact IS NOT NULL LIMIT 1)"),
    on_server("points given behind the county's back",
              "UPDATE ledger_entry SET points = points + 1 WHERE id = (SELECT id FROM ledger_entry ORDER BY day LIMIT 1)"),
    on_server("a sum of points changed on the server",
              "UPDATE rule_sum SET posted = posted + 1 WHERE period = (SELECT max(period) FROM rule_sum WHERE period < 1000000)"),
    on_server("a segment's credit changed on the server", "UPDATE study_fact SET credited_ms = credited_ms + 60000"),
    an_event_left_out,
    an_arrival_made_quicker,
    a_bit_of_a_phone_flipped,
    a_phone_thrown_away,
    a_phone_put_back_to_another,
    a_phone_cut_short,
]


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        out.mkdir()
        tour = subprocess.run([ROOT / "target" / "release" / "tour", "--out", out],
                              capture_output=True, text=True, env={**os.environ, "RUST_LOG": "warn"})
        if tour.returncode:
            sys.exit(f"the tour failed:\n{tour.stdout}{tour.stderr}")
        code, words = recount(out)
        print(words)
        if code:
            sys.exit("an untouched tour was not accepted")
        for plant in PLANTS:
            copy = Path(scratch) / "copy"
            shutil.copytree(out, copy)
            plant(copy)
            code, words = recount(copy)
            name = plant.__name__.replace("_", " ") if plant.__name__ in globals() else plant.__name__
            print(f"{'found' if code else 'NOT FOUND'}: {name} ({words.splitlines()[-1] if words else 'no words'})")
            failed += code == 0
            shutil.rmtree(copy)
    print(f"{len(PLANTS) + 1 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

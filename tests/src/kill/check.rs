//! What must hold after every kill, and at rest.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::process::PhoneProcess;
use crate::oracle;

/// Every operation that was acknowledged to the person stands in the phone's own file, once, and no file was set aside.
pub(super) fn all_recorded(phone: &PhoneProcess) {
    let said = phone.said();
    assert!(said.alarms.is_empty(), "a phone said {:?}", said.alarms);
    for entry in std::fs::read_dir(&phone.dir).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(!name.to_string_lossy().contains("quarantined"), "a phone set its own file aside");
    }
    let path = phone.dir.join("own.db");
    if !path.exists() {
        assert!(said.recorded.is_empty(), "the phone's file is gone with {} operations", said.recorded.len());
        return;
    }
    let own = open(&path);
    whole(&own, "own.db");
    let mut known = own.prepare("SELECT count(*) FROM op WHERE op_id = ?1").unwrap();
    for op in &said.recorded {
        let count: i64 = known.query_row([op.0], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "operation {op} was acknowledged and is not in the phone's file");
    }
}

/// What the server had answered stands in its database: no phone knows a verdict on an operation that it does not have.
pub(super) fn all_answered(phone: &PhoneProcess, server: &Connection) {
    let path = phone.dir.join("own.db");
    if !path.exists() {
        return;
    }
    let settled = "SELECT op_id, bytes FROM op WHERE state <> 0 ORDER BY device_seq";
    for (op, bytes) in operations(&open(&path), settled) {
        assert_eq!(stored(server, &op), Some(bytes), "the server answered for an operation and has it no more");
    }
}

/// At rest: the server has each operation of this phone exactly as it was written and as often as it was written; the phone
/// has exactly what its member may see. Returns how many operations and rows that are.
pub(super) fn converged(phone: &PhoneProcess, server: &Connection) -> (u64, u64) {
    let own = open(&phone.dir.join("own.db"));
    whole(&own, "own.db");
    let waiting: i64 = own.query_row("SELECT count(*) FROM op WHERE state = 0", [], |row| row.get(0)).unwrap();
    assert_eq!(waiting, 0, "something still waits to be delivered");
    let written = operations(&own, "SELECT op_id, bytes FROM op ORDER BY device_seq");
    for (op, bytes) in &written {
        assert_eq!(stored(server, op).as_ref(), Some(bytes), "the server does not have what the phone recorded");
    }
    let mirror = mirror(phone, &own).unwrap_or_else(|| panic!("a phone in sync has a mirror"));
    let mirror = open(&mirror);
    whole(&mirror, "the mirror");
    let (have, should) = (oracle::mirrored(&mirror), oracle::visible(server, &phone.member.0.0));
    let missing: Vec<_> = should.keys().filter(|key| !have.contains_key(*key)).map(|key| &key.0).collect();
    let extra: Vec<_> = have.keys().filter(|key| !should.contains_key(*key)).map(|key| &key.0).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:?}, extra {extra:?}");
    assert!(have == should, "a phone has other values than the server");
    for (table, _) in oracle::TABLES {
        let sql = format!("SELECT count(*) FROM overlay_{table} WHERE live = 1");
        let shown: i64 = own.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(shown, 0, "a phone at rest still shows its own word for a {table}");
    }
    (written.len() as u64, have.len() as u64)
}

/// The server's database at rest: whole, and nothing applied twice. `written` operations are in the phones' files.
pub(super) fn counted_once(server: &Connection, written: u64) {
    whole(server, "the server's database");
    let stored: i64 = server.query_row("SELECT count(*) FROM op", [], |row| row.get(0)).unwrap();
    assert_eq!(stored as u64, written, "the server has an operation twice, or one that no phone wrote");
    let doubled: i64 =
        server.query_row("SELECT count(*) FROM audit WHERE action = 'duplicate'", [], |row| row.get(0)).unwrap();
    assert_eq!(doubled, 0, "an operation came twice under two numbers");
    // Each notice counted its version up once for each accepted operation on it.
    let sql =
        "SELECT substr(o.wrote, 3, 16), count(*), n.version FROM op o JOIN notice n ON n.id = substr(o.wrote, 3, 16)
               WHERE o.decision = 1 AND length(o.wrote) = 26 GROUP BY 1";
    let mut statement = server.prepare(sql).unwrap();
    let counts = statement.query_map([], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))).unwrap();
    for (accepted, version) in counts.map(Result::unwrap) {
        assert_eq!(version, accepted, "an operation was applied twice or not at all");
    }
}

/// Opens a database to look at, beside whoever else has it open.
pub(super) fn open(path: &Path) -> Connection {
    let with = |access| {
        let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(conn)
    };
    // Not for writing, so that the log stays for the phone to recover from.
    let looked = match with(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // A file that was killed while it was new has a journal to be rolled back, which only a writer can.
        Err(error) if extended_code(&error) == Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK) => {
            with(OpenFlags::SQLITE_OPEN_READ_WRITE)
        }
        looked => looked,
    };
    looked.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

fn whole(conn: &Connection, what: &str) {
    let verdict: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok", "{what} is damaged");
}

fn mirror(phone: &PhoneProcess, own: &Connection) -> Option<PathBuf> {
    let name: Vec<u8> = own.query_row("SELECT v FROM meta WHERE k = 'mirror'", [], |row| row.get(0)).ok()?;
    Some(phone.dir.join(format!("mirror-{}.db", String::from_utf8(name).ok()?)))
}

fn operations(own: &Connection, sql: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut statement = own.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn stored(server: &Connection, op: &[u8]) -> Option<Vec<u8>> {
    server.query_row("SELECT bytes FROM op WHERE op_id = ?1", [op], |row| row.get(0)).ok()
}

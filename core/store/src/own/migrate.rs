//! Numbered migrations of `own`. Each runs in a transaction that also sets the version, so a killed one never happened.
//!
//! Overlays are not numbered: they follow from the synced tables, so they are brought up to what this version of the app
//! knows whenever their fingerprint differs.

use dangjian_domain::rows::TABLES;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{put_meta, read_meta};
use crate::ddl;
use crate::error::StoreError;

const OVERLAYS: &str = "overlays";

/// Migration n brings version n to n + 1.
const MIGRATIONS: &[&str] = &[
    "
CREATE TABLE meta (
  k TEXT PRIMARY KEY, -- name of the entry; the engine's, except those in `own::meta`
  v BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE op (
  device_seq INTEGER PRIMARY KEY, -- place in the installation's chain, from 1 without gaps
  op_id BLOB NOT NULL UNIQUE,
  kind INTEGER NOT NULL, -- permanent number of the action's kind
  bytes BLOB NOT NULL, -- canonical CBOR of the whole operation, as it is chained and sent
  link BLOB NOT NULL, -- the chain's link after this operation, 32 bytes
  depends_on BLOB, -- an earlier operation without which this one means nothing
  presence_sig BLOB, -- the presence key's own signature, where the kind asks for one
  state INTEGER NOT NULL, -- 0 queued, 1 accepted, 2 refused, 3 held
  reason INTEGER, -- code of the refusal, or why it is held
  settled_at INTEGER, -- server time of the verdict, ms UTC
  passed INTEGER NOT NULL DEFAULT 0 -- 1 once the mirror has all that followed from it
);
CREATE INDEX op_unfinished ON op (state, passed, device_seq);
CREATE TABLE op_effect (
  op_id BLOB NOT NULL REFERENCES op (op_id) ON DELETE CASCADE,
  feed INTEGER NOT NULL, -- where the server wrote what followed from the operation
  seq INTEGER NOT NULL,
  PRIMARY KEY (op_id, feed, seq)
) WITHOUT ROWID;
CREATE TABLE receipt (
  to_seq INTEGER PRIMARY KEY, -- the server has stored everything up to here
  bytes BLOB NOT NULL -- COSE_Sign1 of the server's receipt
);
CREATE TABLE draft (
  id TEXT PRIMARY KEY, -- which form, chosen by the screen
  content BLOB NOT NULL,
  saved_at INTEGER NOT NULL -- ms UTC
) WITHOUT ROWID;
CREATE TABLE seen (
  kind INTEGER NOT NULL, -- 1: the refusal of an operation
  id BLOB NOT NULL, -- what the person has seen
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
",
    "
CREATE TABLE study_segment (
  one INTEGER PRIMARY KEY CHECK (one = 1), -- a phone has one session open
  record BLOB NOT NULL -- the segment so far, as the payload it will become; overwritten with each heartbeat
);
CREATE TABLE content (
  sha256 BLOB PRIMARY KEY, -- of the bytes
  bytes BLOB NOT NULL, -- content of a study item kept for offline
  kept_at INTEGER NOT NULL -- ms UTC
);
",
];

/// Kind of entry in `seen`: the refusal of an operation.
pub(super) const SEEN_REFUSAL: i64 = 1;

/// Brings the file to the newest version.
pub(super) fn run(conn: &mut Connection) -> Result<(), StoreError> {
    loop {
        // Checked before the write lock is taken: mostly there is nothing to do.
        if version(conn)? >= MIGRATIONS.len() && overlays_fit(conn)? {
            return Ok(());
        }
        let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
        match MIGRATIONS.get(version(&tx)?) {
            Some(sql) => {
                tx.execute_batch(sql)?;
                tx.execute_batch(&format!("PRAGMA user_version = {}", version(&tx)? + 1))?;
            }
            None => fit_overlays(&tx)?,
        }
        tx.commit()?;
    }
}

fn version(conn: &Connection) -> Result<usize, StoreError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = MIGRATIONS.len();
    match usize::try_from(found) {
        Ok(version) if version <= known => Ok(version),
        _ => Err(StoreError::Newer { found, known: i64::try_from(known).unwrap_or(i64::MAX) }),
    }
}

fn overlays_fit(conn: &Connection) -> Result<bool, StoreError> {
    Ok(read_meta(conn, OVERLAYS)?.is_some_and(|kept| kept == ddl::fingerprint().to_be_bytes()))
}

/// Creates missing overlay tables and adds missing columns. What an older program never wrote stands at its default until
/// the operation settles.
fn fit_overlays(tx: &Transaction<'_>) -> Result<(), StoreError> {
    for table in TABLES {
        let name = table.name;
        let mut listed = tx.prepare(&format!("SELECT name FROM pragma_table_info('overlay_{name}')"))?;
        let present = listed.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        if !present.is_empty() {
            for column in table.columns.iter().filter(|column| !present.iter().any(|name| name == column.name)) {
                tx.execute_batch(&format!("ALTER TABLE overlay_{name} ADD COLUMN {}", ddl::overlay_column(column)))?;
            }
        }
        tx.execute_batch(&ddl::overlay_table(table))?;
    }
    put_meta(tx, OVERLAYS, &ddl::fingerprint().to_be_bytes())
}

//! What the person sees of their operations: on their way, refused and not yet seen, waiting for somebody's decision.

use dangjian_domain::id::OpId;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::op::Operation;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::OwnStore;
use super::migrate::SEEN_REFUSAL;
use super::settle::state;
use crate::error::StoreError;

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpState {
    /// Not yet delivered, or delivered and not yet answered.
    Queued,
    /// It holds.
    Accepted,
    /// By rule; the code of a `Refusal`.
    Refused(u16),
    /// A person, or a newer server, will decide; the code of a `HeldReason`.
    Held(u16),
}

/// An operation and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The operation.
    pub op: Operation,
    /// Where it stands.
    pub state: OpState,
    /// When the server decided.
    pub settled_at: Option<Timestamp>,
    /// Whether the person has seen the refusal.
    pub seen: bool,
}

const ENTRY: &str = "SELECT op.bytes, op.state, op.reason, op.settled_at, seen.id IS NOT NULL
    FROM op LEFT JOIN seen ON seen.kind = ?1 AND seen.id = op.op_id";

impl OwnStore {
    /// Operations that are not done with, newest first: queued, held, refused and not yet seen.
    pub fn outbox(&self, limit: usize, offset: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        outbox_of(self.conn()?, limit, offset)
    }

    /// One operation, if it was written on this phone and is still kept.
    pub fn operation(&self, op: OpId) -> Result<Option<OutboxEntry>, StoreError> {
        let sql = format!("{ENTRY} WHERE op.op_id = ?2");
        let mut statement = self.conn()?.prepare_cached(&sql)?;
        statement.query_row(params![SEEN_REFUSAL, op.0.0], |row| Ok(entry(row))).optional()?.transpose()
    }
}

/// The same on any connection to `own`.
pub(crate) fn outbox_of(conn: &Connection, limit: usize, offset: usize) -> Result<Vec<OutboxEntry>, StoreError> {
    let sql = format!(
        "{ENTRY} WHERE op.state IN (0, 3) OR (op.state = 2 AND seen.id IS NULL)
         ORDER BY op.device_seq DESC LIMIT ?2 OFFSET ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let sql_int = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![SEEN_REFUSAL, sql_int(limit), sql_int(offset)])?;
    let mut entries = vec![];
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &rusqlite::Row<'_>) -> Result<OutboxEntry, StoreError> {
    let bytes: Vec<u8> = row.get(0)?;
    let reason = row.get::<_, Option<i64>>(2)?.and_then(|code| u16::try_from(code).ok()).unwrap_or(0);
    let state = match row.get(1)? {
        state::QUEUED => OpState::Queued,
        state::ACCEPTED => OpState::Accepted,
        state::REFUSED => OpState::Refused(reason),
        state::HELD => OpState::Held(reason),
        other => return Err(StoreError::Corrupt(format!("an operation in state {other}"))),
    };
    let settled_at = row.get::<_, Option<i64>>(3)?.map(Timestamp);
    Ok(OutboxEntry { op: Operation::decode(&bytes)?, state, settled_at, seen: row.get(4)? })
}

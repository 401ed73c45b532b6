//! The chain of operations: written one after the other, sent in order, and sent again from where a restored server stands.

use dangjian_domain::id::{DeploymentId, DeviceId};
use dangjian_domain::op::kind;
use dangjian_domain::schema::Row;
use dangjian_protocol::chain::Link;
use dangjian_protocol::limits;
use dangjian_protocol::op::{OpError, Operation};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{OwnStore, overlay};
use crate::changes::Changes;
use crate::error::StoreError;

/// Operations to hand over: a run of the chain, and the link at its end to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Sequence of the first.
    pub first_seq: u64,
    /// Canonical bytes of each.
    pub ops: Vec<Vec<u8>>,
    /// Sequence of the last; `first_seq - 1` if there are none.
    pub to_seq: u64,
    /// The chain's link there.
    pub link: Link,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self { first_seq: 1, ops: vec![], to_seq: 0, link: Link::FIRST }
    }
}

impl OwnStore {
    /// Sequence and link of the chain's end: the sequence the next operation must have, and the link before it.
    pub fn chain_tip(&self) -> Result<(u64, Link), StoreError> {
        tip(self.conn()?)
    }

    /// Writes down an operation and the rows it makes, in one transaction. It is then queued, and shown.
    pub fn append(
        &mut self,
        op: &Operation,
        deployment: DeploymentId,
        device: DeviceId,
        overlay: &[Row],
    ) -> Result<Changes, StoreError> {
        let bytes = op.encode();
        if bytes.len() > limits::OP {
            return Err(OpError::TooLong.into());
        }
        self.write(|tx| {
            let (expected, before) = tip(tx)?;
            if op.seq != expected {
                return Err(StoreError::Sequence { expected, got: op.seq });
            }
            let link = before.next(deployment, device, op.seq, &bytes);
            let seq = op.seq.cast_signed();
            tx.prepare_cached(
                "INSERT INTO op (device_seq, op_id, kind, bytes, link, depends_on, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
            )?
            .execute(params![seq, op.id.0.0, op.kind, bytes, link.0, op.depends_on.map(|op| op.0.0)])?;
            if op.kind == kind::RECORD_STUDY {
                // What was kept of it in case the app is killed: from here on it is the operation.
                tx.prepare_cached("DELETE FROM study_segment")?.execute([])?;
            }
            let mut changes = Changes { outbox: true, ..Changes::default() };
            overlay::insert(tx, seq, overlay, &mut changes)?;
            Ok(changes)
        })
    }

    /// Operations from `from_seq` on, settled ones included, since a chain has no gaps; at least one if there is one, however
    /// long it is.
    pub fn outgoing(&self, from_seq: u64, max_ops: usize, max_bytes: usize) -> Result<Outgoing, StoreError> {
        let conn = self.conn()?;
        let before = from_seq.checked_sub(1).ok_or(StoreError::Sequence { expected: 1, got: 0 })?;
        let mut outgoing = Outgoing { first_seq: from_seq, ops: vec![], to_seq: before, link: link_at(conn, before)? };
        let mut statement = conn.prepare_cached(
            "SELECT device_seq, bytes, link FROM op WHERE device_seq >= ?1 ORDER BY device_seq LIMIT ?2",
        )?;
        let mut rows = statement.query(params![from_seq.cast_signed(), i64::try_from(max_ops).unwrap_or(i64::MAX)])?;
        let mut total = 0;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            total += bytes.len();
            if !outgoing.ops.is_empty() && total > max_bytes {
                break;
            }
            let seq = row.get::<_, i64>(0)?.cast_unsigned();
            if seq != outgoing.to_seq + 1 {
                return Err(StoreError::Missing(format!("operation {} of the chain", outgoing.to_seq + 1)));
            }
            outgoing.ops.push(bytes);
            outgoing.to_seq = seq;
            outgoing.link = Link(row.get(2)?);
        }
        Ok(outgoing)
    }

    /// How many operations wait to be delivered.
    pub fn queued_count(&self) -> Result<u64, StoreError> {
        let count: i64 =
            self.conn()?.prepare_cached("SELECT count(*) FROM op WHERE state = 0")?.query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// The first operation without a verdict: where the next push begins.
    pub fn first_unsettled(&self) -> Result<Option<u64>, StoreError> {
        let seq: Option<i64> = self
            .conn()?
            .prepare_cached("SELECT min(device_seq) FROM op WHERE state = 0")?
            .query_row([], |row| row.get(0))?;
        Ok(seq.map(i64::cast_unsigned))
    }

    /// The server was restored and expects `next_seq`: everything from there on is queued again, unchanged, and shown again
    /// unless it was refused.
    pub fn rewind(&mut self, next_seq: u64) -> Result<Changes, StoreError> {
        self.write(|tx| {
            let from = next_seq.cast_signed();
            let mut changes = Changes { outbox: true, ..Changes::default() };
            let mut shown =
                tx.prepare_cached("SELECT device_seq FROM op WHERE device_seq >= ?1 AND state IN (1, 3)")?;
            let shown = shown.query_map([from], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for seq in shown {
                overlay::show(tx, seq, true, &mut changes)?;
            }
            tx.execute("DELETE FROM op_effect WHERE op_id IN (SELECT op_id FROM op WHERE device_seq >= ?1)", [from])?;
            tx.execute("DELETE FROM receipt WHERE to_seq >= ?1", [from])?;
            tx.execute(
                "UPDATE op SET state = 0, reason = NULL, settled_at = NULL, passed = 0 WHERE device_seq >= ?1",
                [from],
            )?;
            super::put_meta(tx, super::meta::ACKED, &next_seq.to_be_bytes())?;
            Ok(changes)
        })
    }
}

/// The next sequence and the link before it. The newest operation is never pruned, so the end of the chain is always known.
fn tip(conn: &Connection) -> Result<(u64, Link), StoreError> {
    let newest = conn
        .prepare_cached("SELECT device_seq, link FROM op ORDER BY device_seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    Ok(newest.map_or((1, Link::FIRST), |(seq, link)| (seq.cast_unsigned() + 1, Link(link))))
}

fn link_at(conn: &Connection, seq: u64) -> Result<Link, StoreError> {
    if seq == 0 {
        return Ok(Link::FIRST);
    }
    conn.prepare_cached("SELECT link FROM op WHERE device_seq = ?1")?
        .query_row([seq.cast_signed()], |row| row.get(0))
        .optional()?
        .map(Link)
        .ok_or_else(|| StoreError::Missing(format!("operation {seq} of the chain")))
}

//! What the server decided, and when an operation's overlay may go: not at the verdict, but once the mirror has passed every
//! place the verdict named. In between the person would see their change vanish and come back.

use dangjian_domain::id::OpId;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::limits;
use dangjian_protocol::message::{Decision, FeedPosition, Verdict};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::migrate::SEEN_REFUSAL;
use super::{OwnStore, meta, overlay, put_meta};
use crate::changes::Changes;
use crate::error::StoreError;
use crate::value::Id;

/// States of an operation as they are stored.
pub(super) mod state {
    pub(crate) const QUEUED: i64 = 0;
    pub(crate) const ACCEPTED: i64 = 1;
    pub(crate) const REFUSED: i64 = 2;
    pub(crate) const HELD: i64 = 3;
}

impl OwnStore {
    /// Takes the server's verdicts, how far it has the chain, and its receipt, in one transaction. A refused operation's rows
    /// fall away; a held one's stay; an accepted one's stay until the mirror has them, or go at once if it changed nothing
    /// this phone holds.
    pub fn settle(
        &mut self,
        verdicts: &[Verdict],
        acked_next_seq: u64,
        receipt: Option<(u64, &[u8])>,
        now: Timestamp,
    ) -> Result<Changes, StoreError> {
        self.write(|tx| {
            let mut changes = Changes::default();
            for verdict in verdicts {
                take(tx, verdict, now, &mut changes)?;
            }
            put_meta(tx, meta::ACKED, &acked_next_seq.to_be_bytes())?;
            if let Some((to_seq, bytes)) = receipt {
                tx.prepare_cached("INSERT OR REPLACE INTO receipt (to_seq, bytes) VALUES (?1, ?2)")?
                    .execute(params![to_seq.cast_signed(), bytes])?;
            }
            Ok(changes)
        })
    }

    /// Lets the rows of accepted operations go whose every effect the mirror has passed. `positions` are those of the mirror
    /// that readers see, not of one being built; a feed that is not among them is one this phone does not hold any more.
    pub fn drop_passed(&mut self, positions: &[FeedPosition]) -> Result<Changes, StoreError> {
        // Without any position nothing is known: no mirror, or none that readers see.
        if positions.is_empty() {
            return Ok(Changes::default());
        }
        let mut passed = vec![];
        {
            let conn = self.conn()?;
            let mut ops = conn.prepare_cached("SELECT device_seq, op_id FROM op WHERE state = 1 AND passed = 0")?;
            let mut effects = conn.prepare_cached("SELECT feed, seq FROM op_effect WHERE op_id = ?1")?;
            let mut rows = ops.query([])?;
            while let Some(row) = rows.next()? {
                let (seq, op): (i64, Id) = (row.get(0)?, row.get(1)?);
                let mut all = true;
                let mut places = effects.query([op.0.0])?;
                while let Some(place) = places.next()? {
                    let (feed, at) = (place.get::<_, i64>(0)?.cast_unsigned(), place.get::<_, i64>(1)?.cast_unsigned());
                    all &= positions.iter().find(|position| position.feed == feed).is_none_or(|held| held.seq >= at);
                }
                if all {
                    passed.push(seq);
                }
            }
        }
        if passed.is_empty() {
            return Ok(Changes::default());
        }
        self.write(|tx| {
            let mut changes = Changes::default();
            for seq in passed {
                pass(tx, seq, &mut changes)?;
            }
            Ok(changes)
        })
    }

    /// The person has seen that the operation was refused: it need not be shown any more.
    pub fn acknowledge(&mut self, op: OpId) -> Result<Changes, StoreError> {
        self.write(|tx| {
            let known = tx.query_row("SELECT 1 FROM op WHERE op_id = ?1", [op.0.0], |_| Ok(())).optional()?;
            known.ok_or_else(|| StoreError::Missing(format!("no operation {op}")))?;
            let new = tx
                .prepare_cached("INSERT OR IGNORE INTO seen (kind, id) VALUES (?1, ?2)")?
                .execute(params![SEEN_REFUSAL, op.0.0])?;
            Ok(Changes { outbox: new > 0, ..Changes::default() })
        })
    }

    /// Forgets operations settled more than 90 days ago, except refusals nobody has seen, what a later operation may still
    /// build on in the mirror's absence, and the end of the chain.
    pub fn prune(&mut self, now: Timestamp) -> Result<Changes, StoreError> {
        self.write(|tx| {
            let before = now.plus_ms(-limits::ARCHIVE_MS).0;
            // A chain is resent from some point to its end, so only its beginning may go.
            let kept: Option<i64> = tx.query_row(
                "SELECT min(device_seq) FROM op WHERE device_seq = (SELECT max(device_seq) FROM op)
                 OR state IN (0, 3) OR settled_at IS NULL OR settled_at >= ?1 OR (state = 1 AND passed = 0)
                 OR (state = 2 AND NOT EXISTS (SELECT 1 FROM seen WHERE kind = ?2 AND id = op.op_id))",
                params![before, SEEN_REFUSAL],
                |row| row.get(0),
            )?;
            let Some(kept) = kept else { return Ok(Changes::default()) };
            tx.execute(
                "DELETE FROM seen WHERE kind = ?2 AND id IN (SELECT op_id FROM op WHERE device_seq < ?1)",
                params![kept, SEEN_REFUSAL],
            )?;
            let gone = tx.execute("DELETE FROM op WHERE device_seq < ?1", [kept])?;
            tx.execute("DELETE FROM receipt WHERE to_seq < ?1", [kept])?;
            Ok(Changes { outbox: gone > 0, ..Changes::default() })
        })
    }
}

fn take(tx: &Transaction<'_>, verdict: &Verdict, now: Timestamp, changes: &mut Changes) -> Result<(), StoreError> {
    let seq = verdict.seq.cast_signed();
    let found = tx
        .prepare_cached("SELECT op_id, reason, state FROM op WHERE device_seq = ?1")?
        .query_row([seq], |row| Ok((row.get::<_, Id>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, i64>(2)?)))
        .optional()?;
    // An operation the server could not read has no id in its verdict.
    let Some((op, reason, before)) = found.filter(|(op, ..)| op.0 == verdict.op.0 || verdict.op.0.is_nil()) else {
        return Err(StoreError::Verdict { seq: verdict.seq });
    };
    let state = match verdict.decision {
        Decision::Accepted => state::ACCEPTED,
        Decision::Refused => state::REFUSED,
        Decision::Held => state::HELD,
    };
    let new_reason = verdict.reason.map(i64::from);
    if before == state && reason == new_reason && state != state::ACCEPTED {
        return Ok(());
    }
    changes.outbox = true;
    tx.prepare_cached("UPDATE op SET state = ?2, reason = ?3, settled_at = ?4, passed = 0 WHERE device_seq = ?1")?
        .execute(params![seq, state, new_reason, now.0])?;
    tx.prepare_cached("DELETE FROM op_effect WHERE op_id = ?1")?.execute([op.0.0])?;
    match verdict.decision {
        Decision::Refused => overlay::show(tx, seq, false, changes)?,
        Decision::Held => overlay::show(tx, seq, true, changes)?,
        Decision::Accepted if verdict.effects.is_empty() => pass(tx, seq, changes)?,
        Decision::Accepted => {
            for effect in &verdict.effects {
                tx.prepare_cached("INSERT OR IGNORE INTO op_effect (op_id, feed, seq) VALUES (?1, ?2, ?3)")?
                    .execute(params![op.0.0, effect.feed.cast_signed(), effect.seq.cast_signed()])?;
            }
        }
    }
    Ok(())
}

fn pass(tx: &Transaction<'_>, seq: i64, changes: &mut Changes) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE op SET passed = 1 WHERE device_seq = ?1")?.execute([seq])?;
    overlay::show(tx, seq, false, changes)
}

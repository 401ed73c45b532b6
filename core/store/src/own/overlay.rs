//! Overlays: rows as this phone's operations make them, one per row and operation. The newest live one is shown, so a
//! refused operation's overlay just falls away and shows what lies beneath.

use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::rows::TABLES;
use dangjian_domain::schema::{Row, Table};
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::OwnStore;
use crate::changes::Changes;
use crate::ddl;
use crate::error::StoreError;
use crate::value::{Id, Sql};

impl OwnStore {
    /// The newest operation whose overlay is what is shown of that row: queued, held, or accepted but not yet in the mirror.
    /// A further change of the row follows it.
    pub fn pending_on(&self, table: &'static Table, id: RowId) -> Result<Option<OpId>, StoreError> {
        let sql = format!(
            "SELECT op.op_id FROM overlay_{} AS o JOIN op USING (device_seq) WHERE o.id = ?1 AND o.live = 1
             ORDER BY device_seq DESC LIMIT 1",
            table.name
        );
        let found = self.conn()?.prepare_cached(&sql)?.query_row([id.0], |row| row.get::<_, Id>(0)).optional()?;
        Ok(found.map(|id| OpId(id.0)))
    }

    /// Replaces the rows an unsettled operation makes, as when one it was built on was refused.
    pub fn set_overlay(&mut self, op: OpId, overlay: &[Row]) -> Result<Changes, StoreError> {
        self.write(|tx| {
            let seq = tx
                .prepare_cached("SELECT device_seq FROM op WHERE op_id = ?1 AND state IN (0, 3)")?
                .query_row([op.0.0], |row| row.get(0))
                .optional()?
                .ok_or_else(|| StoreError::Missing(format!("no unsettled operation {op}")))?;
            let mut changes = Changes::default();
            show(tx, seq, false, &mut changes)?;
            for table in TABLES {
                tx.prepare_cached(&format!("DELETE FROM overlay_{} WHERE device_seq = ?1", table.name))?
                    .execute([seq])?;
            }
            insert(tx, seq, overlay, &mut changes)?;
            Ok(changes)
        })
    }

    /// Forgets what settled operations made of these rows, and overwrites it: the person may see them no longer. See
    /// [`crate::Snapshot::left_behind`].
    pub fn forget(&mut self, rows: &[(&'static Table, RowId)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            for (table, id) in rows {
                tx.prepare_cached(&format!("DELETE FROM overlay_{} WHERE id = ?1 AND live = 0", table.name))?
                    .execute([id.0])?;
            }
            Ok(())
        })?;
        // Nobody is waited for: what a reader still needs stays in the log until it is emptied the next time.
        let conn = self.conn()?;
        conn.busy_timeout(std::time::Duration::ZERO)?;
        let emptied = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        conn.busy_timeout(crate::files::BUSY_WAIT)?;
        Ok(emptied?)
    }
}

/// Adds the rows that the operation at `seq` makes.
pub(super) fn insert(conn: &Connection, seq: i64, overlay: &[Row], changes: &mut Changes) -> Result<(), StoreError> {
    for row in overlay {
        let table = row.table();
        let places = (2..=table.columns.len() + 1).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let columns = ddl::columns_of(table, "");
        let mut statement = conn.prepare_cached(&format!(
            "INSERT OR REPLACE INTO overlay_{} (device_seq, live, {columns}) VALUES (?1, 1, {places})",
            table.name
        ))?;
        statement.raw_bind_parameter(1, seq)?;
        for (at, value) in row.values().iter().enumerate() {
            statement.raw_bind_parameter(at + 2, Sql::from(value))?;
        }
        statement.raw_execute()?;
        changes.row(table.no, row.id());
    }
    Ok(())
}

/// Shows or hides the rows of the operation at `seq`.
pub(super) fn show(tx: &Transaction<'_>, seq: i64, live: bool, changes: &mut Changes) -> Result<(), StoreError> {
    for table in TABLES {
        let mut statement = tx.prepare_cached(&format!(
            "UPDATE overlay_{} SET live = ?2 WHERE device_seq = ?1 AND live <> ?2 RETURNING id",
            table.name
        ))?;
        let mut ids = statement.query((seq, live))?;
        while let Some(row) = ids.next()? {
            changes.row(table.no, row.get::<_, Id>(0)?.0);
        }
    }
    Ok(())
}

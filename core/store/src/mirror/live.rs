//! The mirror that readers see: each delivery is one ordinary transaction.

use dangjian_protocol::message::Cursor;

use super::tables::Tables;
use super::{Delivery, Done};
use crate::error::StoreError;
use crate::files::Files;

#[derive(Debug)]
pub(super) struct Live {
    files: Files,
    name: String,
    cursor: Cursor,
    /// Closed while the app is suspended, and after an error, so that what is in memory is read again.
    tables: Option<Tables>,
    /// The counts were compared with the rows themselves since the process began.
    counted: bool,
    /// Deleted rows may still stand in the log, because a reader was looking at it.
    purging: bool,
}

impl Live {
    /// Opens the mirror of that name; `None` if it can't be used.
    pub(super) fn open(files: &Files, name: &str) -> Result<Option<Self>, StoreError> {
        let tables = Tables::open(files, &files.mirror(name))?;
        Ok(tables.map(|tables| Self {
            files: files.clone(),
            name: name.to_owned(),
            cursor: tables.cursor(),
            tables: Some(tables),
            counted: false,
            purging: false,
        }))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn history(&self) -> u64 {
        self.cursor.history
    }

    pub(super) fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }

    pub(super) fn deliver(&mut self, delivery: &Delivery) -> Result<Done, StoreError> {
        let page = delivery.page.as_ref().map(|page| page.open()).transpose()?;
        let mut tables = match self.tables.take() {
            Some(tables) => tables,
            None => Tables::open(&self.files, &self.files.mirror(&self.name))?
                .ok_or_else(|| StoreError::Corrupt("the mirror can't be opened any more".into()))?,
        };
        tables.conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = tables.take(delivery.grant.as_ref(), page.as_ref()).and_then(|mut done| {
            if !delivery.more && !delivery.checks.is_empty() {
                // Whether the rows are still what was counted costs a look at each: once is enough.
                if !self.counted {
                    tables.count(|_| true)?;
                    self.counted = true;
                }
                done.mismatched = tables.check(&delivery.checks)?;
            }
            tables.conn.execute_batch("COMMIT")?;
            Ok(done)
        });
        // On an error the connection goes, and with it the transaction and what is in memory.
        let done = done?;
        self.purging |= std::mem::take(&mut tables.purged);
        if self.purging {
            self.purging = !truncate_log(&tables)?;
        }
        self.cursor = tables.cursor();
        self.tables = Some(tables);
        Ok(done)
    }

    pub(super) fn suspend(&mut self) -> Result<(), StoreError> {
        let Some(tables) = self.tables.take() else { return Ok(()) };
        if self.purging {
            self.purging = !truncate_log(&tables)?;
        } else {
            tables.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(())
    }
}

/// Moves the log into the file and empties it; false if a reader still needs it.
fn truncate_log(tables: &Tables) -> Result<bool, StoreError> {
    let busy: bool = tables.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(!busy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::Mirror;
    use crate::own::OwnStore;
    use crate::testing::{delivery, encrypted, entry, mirror_with, page, plain, rows_in};
    use dangjian_domain::schema::FeedKind;

    #[test]
    fn a_full_disk_leaves_the_mirror_as_it_was_and_the_page_can_come_again() {
        for (_dir, files) in [plain(), encrypted()] {
            let mut own = OwnStore::open(&files).unwrap().store;
            let feeds = [(8, FeedKind::Ledger, 11)];
            drop(mirror_with(&files, &mut own, &feeds, &[entry(1, 1, 11, 21)]));
            let mut live = Live::open(&files, "1").unwrap().unwrap();
            let (cursor, before) = (live.cursor(), rows_in(&files, &files.mirror("1")));
            let rows: Vec<_> = (1..=250).map(|n| entry(n, 2, 11, n)).collect();
            let delivery = delivery(None, Some(page(&[(8, 40)], vec![], &rows)));
            let conn = &live.tables.as_ref().unwrap().conn;
            let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
            conn.pragma_update(None, "max_page_count", pages + 3).unwrap();
            assert!(matches!(live.deliver(&delivery), Err(StoreError::Full)));
            assert_eq!((live.cursor(), rows_in(&files, &files.mirror("1"))), (cursor, before));
            live.deliver(&delivery).unwrap();
            assert_eq!(rows_in(&files, &files.mirror("1")).len(), 250);
        }
    }

    #[test]
    fn a_mirror_damaged_while_it_is_used_is_built_anew() {
        for (_dir, files) in [plain(), encrypted()] {
            let mut own = OwnStore::open(&files).unwrap().store;
            let feeds = [(8, FeedKind::Ledger, 11)];
            let rows: Vec<_> = (1..=250).map(|n| entry(n, 1, 11, n)).collect();
            let mut mirror = mirror_with(&files, &mut own, &feeds, &rows);
            mirror.run(super::super::MirrorTask::Suspend).unwrap();
            let path = files.mirror("1");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.iter_mut().skip(4_096).for_each(|byte| *byte = 0x5a);
            std::fs::write(&path, bytes).unwrap();
            let newer: Vec<_> = (1..=250).map(|n| entry(n, 2, 11, n)).collect();
            let page = Some(page(&[(8, 40)], vec![], &newer));
            let task = |grant| super::super::MirrorTask::Deliver(delivery(grant, page.clone()));
            assert!(mirror.run(task(None)).is_err());
            assert_eq!(mirror.cursor().history, 0);
            assert!(mirror.run(task(None)).unwrap().building.is_some());
            let applied = mirror.run(task(Some(crate::testing::grant(1, &feeds)))).unwrap();
            assert_eq!(applied.switched.as_deref(), Some("2"));
            drop(mirror);
            assert_eq!(Mirror::open(&files, Some("2")).unwrap().cursor().history, crate::testing::HISTORY);
        }
    }
}

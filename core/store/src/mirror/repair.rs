//! Repair: a feed whose count and sum differ from the server's, or that the server built anew, is fetched again from its
//! beginning. Rows stay readable meanwhile; those that did not come again are deleted at the end.

use dangjian_domain::id::RowId;
use dangjian_protocol::checksum::row_hash;
use dangjian_protocol::page::{Advance, FeedNo};

use super::apply::ids;
use super::feeds::{Held, Memo, Stored};
use super::tables::Tables;
use crate::changes::Changes;
use crate::ddl::SHAPES;
use crate::error::StoreError;
use crate::value::Id;

impl Tables {
    /// A feed of another generation starts over with this page.
    pub(super) fn begin_generations(&mut self, advances: &[Advance]) -> Result<(), StoreError> {
        for advance in advances {
            let Some((_, feed)) = self.feeds.by_no(advance.feed) else { continue };
            let (before, no) = (feed.generation, feed.no);
            if before == advance.generation {
                continue;
            }
            feed.generation = advance.generation;
            feed.dirty = true;
            if before != 0 {
                log::info!("feed {no} was built anew at the server");
                self.begin_repair(no)?;
            }
        }
        Ok(())
    }

    /// Sets a feed back to its beginning.
    pub(super) fn begin_repair(&mut self, no: FeedNo) -> Result<(), StoreError> {
        let Some((_, feed)) = self.feeds.by_no(no) else { return Ok(()) };
        feed.seq = 0;
        feed.repairing = true;
        feed.dirty = true;
        self.conn.prepare_cached("DELETE FROM seen WHERE feed_no = ?1")?.execute([no.cast_signed()])?;
        Ok(())
    }

    /// These feeds came completely: what is here of them and did not come is not at the server.
    ///
    /// That holds even for a row that another held feed covers too. Which feeds a row belongs to follows from its columns, so
    /// one that says it belongs to this feed, and did not come with it, is out of date here; if the other feed has a newer
    /// version, it is still to come. To spare it would let two feeds protect a phantom from each other for ever.
    pub(super) fn finish_repairs(&mut self, repaired: &[FeedNo], changes: &mut Changes) -> Result<(), StoreError> {
        if repaired.is_empty() {
            return Ok(());
        }
        for no in repaired {
            let Some((_, feed)) = self.feeds.by_no(*no) else { continue };
            feed.repairing = false;
            feed.dirty = true;
            let (kind, subject) = (feed.kind, feed.subject);
            for (nth, shape) in SHAPES.iter().enumerate() {
                for rule in shape.table.feeds.iter().filter(|rule| rule.kind as u8 == kind) {
                    let name = shape.table.name;
                    let when = rule.when.map(|(column, value)| format!(" AND {column} IS {value}")).unwrap_or_default();
                    let mut statement = self.conn.prepare(&format!(
                        "DELETE FROM {name} WHERE {} = ?1{when} AND NOT EXISTS
                         (SELECT 1 FROM seen WHERE feed_no = ?2 AND table_no = {} AND seen.id = {name}.id) RETURNING id",
                        rule.subject, shape.table.no
                    ))?;
                    for id in ids(&mut statement, (subject.0, no.cast_signed()))? {
                        changes.row(shape.table.no, id);
                        if let Some(places) = self.places.of(nth) {
                            places.remove(&id);
                        }
                    }
                }
            }
            self.conn.prepare_cached("DELETE FROM seen WHERE feed_no = ?1")?.execute([no.cast_signed()])?;
        }
        // What was deleted may have counted in other feeds, and what was wrong here may have been the count.
        self.count(|_| true)
    }

    /// Counts the feeds that `wanted` says anew from the rows themselves.
    pub(super) fn count(&mut self, wanted: impl Fn(&Held) -> bool) -> Result<(), StoreError> {
        let before: Vec<_> = self.feeds.all().iter().map(|feed| (wanted(feed), feed.rows, feed.sum)).collect();
        for (feed, (wanted, ..)) in self.feeds.all_mut().iter_mut().zip(&before) {
            if *wanted {
                (feed.rows, feed.sum) = (0, 0);
            }
        }
        let counts =
            |kind| self.feeds.all().iter().zip(&before).any(|(feed, (wanted, ..))| *wanted && feed.kind == kind);
        let shapes: Vec<_> =
            SHAPES.iter().filter(|shape| shape.rules.iter().any(|rule| counts(rule.kind as u8))).collect();
        for shape in shapes {
            let mut memo = Memo::default();
            let mut statement = self.conn.prepare_cached(&shape.scan)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let id: RowId = row.get::<_, Id>(0)?.0;
                let version = row.get::<_, i64>(1)?.unsigned_abs();
                let covers = self.feeds.covering(&shape.rules, &Stored { row, keys: &shape.keys }, &mut memo);
                let hash = row_hash(shape.table.no, &id, version);
                for at in covers.iter() {
                    if before.get(at).is_some_and(|(wanted, ..)| *wanted)
                        && let Some(feed) = self.feeds.all_mut().get_mut(at)
                    {
                        feed.rows = feed.rows.wrapping_add(1);
                        feed.sum = feed.sum.wrapping_add(hash);
                    }
                }
            }
        }
        for (feed, (_, rows, sum)) in self.feeds.all_mut().iter_mut().zip(&before) {
            feed.dirty |= (feed.rows, feed.sum) != (*rows, *sum);
        }
        Ok(())
    }
}

//! A change of what is held. Whatever no held feed covers any more is deleted and overwritten (`secure_delete`), so that
//! nobody finds in the file what the member may not see any longer.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dangjian_protocol::message::GrantList;

use super::feeds::{Feeds, Held};
use super::tables::Tables;
use crate::changes::Changes;
use crate::ddl::{SHAPES, Shape};
use crate::error::StoreError;

impl Tables {
    /// Holds the feeds of `grant` and no others.
    pub(super) fn hold(&mut self, grant: &GrantList, changes: &mut Changes) -> Result<(), StoreError> {
        let numbers: BTreeSet<_> = grant.feeds.iter().map(|feed| feed.feed).collect();
        let subjects: BTreeSet<_> = grant.feeds.iter().map(|feed| (feed.kind, feed.subject)).collect();
        if numbers.len() != grant.feeds.len() || subjects.len() != grant.feeds.len() {
            return Err(StoreError::Contradiction("a grant that lists a feed twice"));
        }
        let same = |held: &Held| {
            let listed = grant.feeds.binary_search_by_key(&held.no, |feed| feed.feed).ok();
            listed
                .and_then(|at| grant.feeds.get(at))
                .is_some_and(|feed| (feed.kind, feed.subject) == (held.kind, held.subject))
        };
        if !grant.feeds.is_sorted_by_key(|feed| feed.feed) {
            return Err(StoreError::Contradiction("a grant whose feeds are not in ascending number"));
        }
        let (kept, lost): (Vec<Held>, Vec<Held>) = self.feeds.all().iter().cloned().partition(same);
        for feed in &lost {
            let no = feed.no.cast_signed();
            self.conn.prepare_cached("DELETE FROM feed WHERE feed_no = ?1")?.execute([no])?;
            self.conn.prepare_cached("DELETE FROM seen WHERE feed_no = ?1")?.execute([no])?;
        }
        let known: BTreeSet<_> = kept.iter().map(|feed| feed.no).collect();
        let gained = grant.feeds.iter().filter(|feed| !known.contains(&feed.feed)).map(|feed| Held {
            no: feed.feed,
            kind: feed.kind,
            subject: feed.subject,
            generation: 0,
            seq: 0,
            rows: 0,
            sum: 0,
            repairing: false,
            dirty: true,
        });
        self.feeds = Feeds::new(kept.iter().cloned().chain(gained).collect());
        self.save()?;
        self.save_grant(grant.number)?;
        if !lost.is_empty() {
            self.purge(&lost.iter().map(|feed| feed.kind).collect(), changes)?;
        }
        // Rows of a new feed may be here already, because another feed covers them too.
        let gained: BTreeSet<_> = numbers.difference(&known).copied().collect();
        if !gained.is_empty() {
            self.count(|feed| gained.contains(&feed.no))?;
        }
        Ok(())
    }

    /// Deletes the rows that no held feed covers, in the tables that have rows of these kinds of feeds.
    fn purge(&mut self, kinds: &BTreeSet<u8>, changes: &mut Changes) -> Result<(), StoreError> {
        for (nth, shape) in SHAPES.iter().enumerate() {
            if !shape.rules.iter().any(|rule| kinds.contains(&(rule.kind as u8))) {
                continue;
            }
            let deleted = self.conn.execute(&purge(shape), [])?;
            if deleted > 0 {
                changes.table(shape.table.no);
                self.purged = true;
                self.places.reload(&self.conn, nth)?;
            }
        }
        Ok(())
    }
}

fn purge(shape: &Shape) -> String {
    let name = shape.table.name;
    let mut sql = format!("DELETE FROM {name} WHERE 1");
    for rule in shape.table.feeds {
        let _ = write!(
            sql,
            " AND NOT (EXISTS (SELECT 1 FROM feed WHERE feed.kind = {} AND feed.subject = {name}.{})",
            rule.kind as u8, rule.subject
        );
        if let Some((column, value)) = rule.when {
            let _ = write!(sql, " AND {name}.{column} IS {value}");
        }
        sql.push(')');
    }
    sql
}

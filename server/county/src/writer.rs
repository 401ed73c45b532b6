//! Writing rows: the row itself, its entry in each feed it belongs to, and each feed's count and sum.
//!
//! Nothing is copied up the tree: one row touches at most three feeds (six when it moves), which is what lets 16 writers
//! run side by side on PostgreSQL; one aggregate feed for the county would be a global lock. For the same reason the feeds'
//! own rows are written last, in ascending number: see [`Writer::finish`].

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::feed::{Feed, feeds_of};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{LedgerEntry, Member, Organization, Participation, RoleGrant, Synced};
use dangjian_domain::schema::{Row, Table, Value};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::checksum::row_hash;
use dangjian_protocol::message::FeedSeq;
use dangjian_protocol::page::FeedNo;

use crate::db::{Db, Param, one};
use crate::error::CountyError;
use crate::facts::read_row;
use crate::schema::sql_of;
use crate::{grant, ledger, tree};

/// A feed while it is being written to.
struct Head {
    seq: u64,
    rows: i64,
    sum: u64,
    moved: bool,
}

/// Where a row was written.
pub(crate) struct Written {
    pub(crate) version: u64,
    pub(crate) effects: Vec<FeedSeq>,
}

/// What a request changed for others.
#[derive(Default)]
pub(crate) struct Finished {
    /// Feeds whose head moved.
    pub(crate) hints: Vec<FeedSeq>,
    /// Members whose feeds changed.
    pub(crate) regranted: Vec<MemberId>,
}

/// Collects the changes of one request.
pub(crate) struct Writer<'d> {
    pub(crate) db: &'d mut dyn Db,
    pub(crate) now: Timestamp,
    heads: BTreeMap<FeedNo, Head>,
    regrant: BTreeSet<MemberId>,
}

impl<'d> Writer<'d> {
    pub(crate) fn new(db: &'d mut dyn Db, now: Timestamp) -> Self {
        Self { db, now, heads: BTreeMap::new(), regrant: BTreeSet::new() }
    }

    /// Has the feeds of `member` looked at again at the end.
    pub(crate) fn regrant(&mut self, member: MemberId) {
        self.regrant.insert(member);
    }

    /// Writes `row` at the next version and tells the feeds it belongs to, or belonged to.
    pub(crate) fn write(&mut self, row: &Row) -> Result<Written, CountyError> {
        let (table, id) = (row.table(), row.id());
        let old = read_row(self.db, table, id)?;
        let version = match &old {
            Some(old) => old.version() + 1,
            None => self.version_after_removal(table, id)?,
        };
        let row = row.clone().with_version(version);
        put(self.db, &sql_of(table)?.put, &row)?;
        // A posting is never changed, so each is counted once.
        if table == LedgerEntry::TABLE && old.is_none() {
            ledger::posted(self.db, &row)?;
        }
        let effects = self.tell(old.as_ref(), Some(&row))?;
        self.follow(old.as_ref(), Some(&row))?;
        Ok(Written { version, effects })
    }

    /// Takes a row away; every feed it belonged to says so.
    pub(crate) fn remove(&mut self, table: &'static Table, id: RowId) -> Result<Option<Written>, CountyError> {
        let Some(old) = read_row(self.db, table, id)? else { return Ok(None) };
        let version = old.version() + 1;
        self.db.execute(&sql_of(table)?.delete, &[Param::id(&id)])?;
        self.db.execute(
            "INSERT INTO removed_row (table_no, row_id, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (table_no, row_id) DO UPDATE SET version = excluded.version",
            &[Param::Int(table.no.into()), Param::id(&id), Param::number(version)],
        )?;
        let effects = self.tell(Some(&old), None)?;
        self.follow(Some(&old), None)?;
        Ok(Some(Written { version, effects }))
    }

    fn version_after_removal(&mut self, table: &Table, id: RowId) -> Result<u64, CountyError> {
        let params = [Param::Int(table.no.into()), Param::id(&id)];
        let sql = "SELECT version FROM removed_row WHERE table_no = ?1 AND row_id = ?2";
        Ok(one(self.db, sql, &params, |row| row.number(0))?.unwrap_or(0) + 1)
    }

    /// Moves the row's entry to the head of each feed it is in now or was in before.
    fn tell(&mut self, old: Option<&Row>, new: Option<&Row>) -> Result<Vec<FeedSeq>, CountyError> {
        let Some(row) = new.or(old) else { return Ok(vec![]) };
        let (table, id) = (row.table().no, row.id());
        let version = new.map_or_else(|| row.version() + 1, Row::version);
        let before: BTreeSet<Feed> = old.map(feeds_of).unwrap_or_default().into_iter().collect();
        let after: BTreeSet<Feed> = new.map(feeds_of).unwrap_or_default().into_iter().collect();
        let mut effects = Vec::new();
        for feed in before.union(&after) {
            let feed_no = feed_no(self.db, *feed)?;
            let stays = after.contains(feed);
            let head = self.head(feed_no)?;
            if let Some(old) = old.filter(|_| before.contains(feed)) {
                head.rows -= 1;
                head.sum = head.sum.wrapping_sub(row_hash(table, &id, old.version()));
            }
            if stays {
                head.rows += 1;
                head.sum = head.sum.wrapping_add(row_hash(table, &id, version));
            }
            head.seq += 1;
            head.moved = true;
            let seq = head.seq;
            self.db.execute(
                "INSERT INTO entry (feed_no, seq, table_no, row_id, gone, version, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (feed_no, table_no, row_id) DO UPDATE
                 SET seq = excluded.seq, gone = excluded.gone, version = excluded.version, at = excluded.at",
                &[
                    Param::number(feed_no),
                    Param::number(seq),
                    Param::Int(table.into()),
                    Param::id(&id),
                    Param::Int((!stays).into()),
                    Param::number(version),
                    Param::Int(self.now.0),
                ],
            )?;
            effects.push(FeedSeq { feed: feed_no, seq });
        }
        effects.sort_by_key(|effect| effect.feed);
        Ok(effects)
    }

    fn head(&mut self, feed: FeedNo) -> Result<&mut Head, CountyError> {
        if let std::collections::btree_map::Entry::Vacant(slot) = self.heads.entry(feed) {
            let sql = "SELECT seq, rows, sum FROM feed WHERE feed_no = ?1";
            let head = one(self.db, sql, &[Param::number(feed)], |row| {
                Ok(Head { seq: row.number(0)?, rows: row.int(1)?, sum: row.int(2)?.cast_unsigned(), moved: false })
            })?;
            slot.insert(head.ok_or(CountyError::Stored("a feed without a row"))?);
        }
        self.heads.get_mut(&feed).ok_or(CountyError::Stored("a feed without a row"))
    }

    /// What a changed row means for the tree and for who holds which feeds.
    fn follow(&mut self, old: Option<&Row>, new: Option<&Row>) -> Result<(), CountyError> {
        let Some(table) = new.or(old).map(Row::table) else { return Ok(()) };
        for row in [old, new].into_iter().flatten() {
            if table == Member::TABLE {
                self.regrant(row.id().into());
            } else if (table == RoleGrant::TABLE || table == Participation::TABLE)
                && let Some(Value::Id(member)) = row.get("member")
            {
                self.regrant((*member).into());
            }
        }
        if table == Organization::TABLE {
            let parent = |row: &Row| Organization::from_row(row).map(|org| org.parent);
            if old.map(parent).transpose()? != new.map(parent).transpose()?
                && let Some(row) = new.or(old)
            {
                let org = OrgId(row.id());
                self.regrant.extend(tree::concerned(self.db, org)?);
                tree::place(self.db, org, new.map(parent).transpose()?)?;
                self.regrant.extend(tree::concerned(self.db, org)?);
            }
        }
        Ok(())
    }

    /// Recomputes the feeds of members whose place changed, then writes the feeds that moved, in ascending number.
    pub(crate) fn finish(mut self) -> Result<Finished, CountyError> {
        let mut regranted = Vec::new();
        for member in std::mem::take(&mut self.regrant) {
            if grant::has_one(self.db, member)? && grant::refresh(self.db, member)? {
                regranted.push(member);
            }
        }
        let mut hints = Vec::new();
        for (feed, head) in &self.heads {
            if !head.moved {
                continue;
            }
            self.db.execute(
                "UPDATE feed SET seq = ?2, rows = ?3, sum = ?4 WHERE feed_no = ?1",
                &[Param::number(*feed), Param::number(head.seq), Param::Int(head.rows), Param::bits(head.sum)],
            )?;
            hints.push(FeedSeq { feed: *feed, seq: head.seq });
        }
        Ok(Finished { hints, regranted })
    }
}

/// The number of `feed`, given to it now if it has none.
pub(crate) fn feed_no(db: &mut dyn Db, feed: Feed) -> Result<FeedNo, CountyError> {
    let params = [Param::Int(feed.kind as i64), Param::id(&feed.subject)];
    let sql = "SELECT feed_no FROM feed WHERE kind = ?1 AND subject = ?2";
    if let Some(known) = one(db, sql, &params, |row| row.number(0))? {
        return Ok(known);
    }
    let next = one(db, "SELECT COALESCE(MAX(feed_no), 0) + 1 FROM feed", &[], |row| row.number(0))?.unwrap_or(1);
    db.execute(
        "INSERT INTO feed (feed_no, kind, subject, generation, seq, floor, rows, sum) VALUES (?1, ?2, ?3, 1, 0, 0, 0, 0)",
        &[Param::number(next), Param::Int(feed.kind as i64), Param::id(&feed.subject)],
    )?;
    Ok(next)
}

/// Runs an insertion whose parameters are the row's columns.
pub(crate) fn put(db: &mut dyn Db, sql: &str, row: &Row) -> Result<(), CountyError> {
    let params: Vec<Param<'_>> = row
        .values()
        .iter()
        .map(|value| match value {
            Value::Null => Param::Null,
            Value::Int(n) => Param::Int(*n),
            Value::Id(id) => Param::id(id),
            Value::Text(text) => Param::Text(text),
        })
        .collect();
    db.execute(sql, &params)?;
    Ok(())
}

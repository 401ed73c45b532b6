//! Rows of a page into tables: bound straight from the page's columns, without a row in between.

use dangjian_domain::id::RowId;
use dangjian_protocol::checksum::row_hash;
use dangjian_protocol::page::{Block, Cell, Gone};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _};

use super::feeds::{Covers, Feeds, InBlock, Memo, Stored};
use super::places::Places;
use super::tables::Tables;
use crate::changes::Changes;
use crate::ddl::{Shape, shape};
use crate::error::StoreError;
use crate::value::{Id, Sql};

impl Tables {
    /// Takes the rows of one table: those that some held feed covers and that are newer than what is here.
    pub(super) fn put_block(&mut self, block: &Block, changes: &mut Changes) -> Result<(), StoreError> {
        let Some((nth, shape)) = shape(block.table().no) else { return Ok(()) };
        let Self { conn, feeds, places, .. } = self;
        let mut table = Writer { conn, nth, shape, feeds, places, memo: Memo::default() };
        table.put(block, changes)
    }

    /// Takes out what left a feed, unless it is here in that version or a newer one. What still is in another held feed
    /// comes with that feed, in the version in which it left this one: its change was an entry of both. What is here is
    /// older, so that its columns say nothing about where the row belongs now.
    pub(super) fn remove_gone(&mut self, gone: &[Gone], changes: &mut Changes) -> Result<(), StoreError> {
        for gone in gone {
            let Some((nth, shape)) = shape(gone.table) else { continue };
            let Self { conn, feeds, places, .. } = &mut *self;
            let mut table = Writer { conn, nth, shape, feeds, places, memo: Memo::default() };
            let Some(old) = table.find(&gone.id)? else { continue };
            if old.version < gone.version {
                table.delete(&gone.id, &old)?;
                changes.row(gone.table, gone.id);
            }
        }
        Ok(())
    }
}

/// A row that is here already.
struct Old {
    rowid: i64,
    version: u64,
    /// The held feeds it belongs to as it stands here.
    covers: Covers,
}

/// One table while rows go into it.
struct Writer<'a> {
    conn: &'a Connection,
    nth: usize,
    shape: &'static Shape,
    feeds: &'a mut Feeds,
    places: &'a mut Places,
    memo: Memo,
}

impl<'a> Writer<'a> {
    fn put(&mut self, block: &Block, changes: &mut Changes) -> Result<(), StoreError> {
        let no = self.shape.table.no;
        let rules = &self.shape.rules;
        let mut insert = Binder::new(self.conn.prepare_cached(&self.shape.insert)?, block);
        let mut memo = Memo::default();
        for row in 0..block.len() {
            let (id, version) = block.id_and_version(row);
            let covers = self.feeds.covering(rules, &InBlock(block, row), &mut memo);
            if covers.is_empty() {
                self.not_held(&id, version, changes)?;
                continue;
            }
            let repairing = self.feeds.repairing(covers);
            if repairing {
                self.note_seen(covers, &id)?;
            }
            if self.insert(&mut insert, row, &id)? {
                self.feeds.add(covers, row_hash(no, &id, version));
            } else {
                let Some(old) = self.find(&id)? else {
                    return Err(StoreError::Corrupt(format!("{} is in an index only", self.shape.table.name)));
                };
                // A feed is repaired because what stands here can't be trusted, its versions included.
                if old.version >= version && !repairing {
                    continue;
                }
                let mut update = Binder::new(self.conn.prepare_cached(&self.shape.update)?, block);
                update.bind(row)?;
                update.statement.raw_bind_parameter(block.columns().len() + 1, old.rowid)?;
                update.statement.raw_execute()?;
                self.feeds.subtract(old.covers, row_hash(no, &id, old.version));
                self.feeds.add(covers, row_hash(no, &id, version));
            }
            if self.is_live() {
                changes.row(no, id);
            }
        }
        Ok(())
    }

    fn is_live(&self) -> bool {
        matches!(self.places, Places::Indexed)
    }

    /// Adds the row unless its id is there. Trying costs no more than asking: the index is searched once either way.
    #[inline]
    fn insert(&mut self, insert: &mut Binder<'_>, row: usize, id: &RowId) -> Result<bool, StoreError> {
        let Some(places) = self.places.of(self.nth) else {
            insert.bind(row)?;
            return Ok(insert.statement.raw_execute()? == 1);
        };
        if places.contains_key(id) {
            return Ok(false);
        }
        insert.bind(row)?;
        insert.statement.raw_execute()?;
        let rowid = u32::try_from(self.conn.last_insert_rowid())
            .map_err(|_| StoreError::Contradiction("more rows than a phone can hold"))?;
        places.insert(*id, rowid);
        Ok(true)
    }

    fn find(&mut self, id: &RowId) -> Result<Option<Old>, StoreError> {
        let rowid = match self.places.of(self.nth) {
            None => None,
            Some(places) => match places.get(id) {
                None => return Ok(None),
                found => found.copied(),
            },
        };
        let shape = self.shape;
        let (feeds, memo) = (&*self.feeds, &mut self.memo);
        let mut read = |row: &rusqlite::Row<'_>, rowid: i64| {
            let version = row.get::<_, i64>(1)?.unsigned_abs();
            Ok(Old { rowid, version, covers: feeds.covering(&shape.rules, &Stored { row, keys: &shape.keys }, memo) })
        };
        let old = match rowid {
            None => {
                self.conn.prepare_cached(&shape.find)?.query_row([id.0], |row| read(row, row.get(0)?)).optional()?
            }
            Some(rowid) => self
                .conn
                .prepare_cached(&shape.at_rowid)?
                .query_row([rowid], |row| read(row, i64::from(rowid)))
                .optional()?,
        };
        Ok(old)
    }

    fn delete(&mut self, id: &RowId, old: &Old) -> Result<(), StoreError> {
        self.conn.prepare_cached(&self.shape.delete)?.execute([old.rowid])?;
        if let Some(places) = self.places.of(self.nth) {
            places.remove(id);
        }
        self.feeds.subtract(old.covers, row_hash(self.shape.table.no, id, old.version));
        Ok(())
    }

    /// A row that no held feed covers is not kept, and an older version of it is out of date.
    fn not_held(&mut self, id: &RowId, version: u64, changes: &mut Changes) -> Result<(), StoreError> {
        if let Some(old) = self.find(id)?.filter(|old| old.version < version) {
            self.delete(id, &old)?;
            changes.row(self.shape.table.no, *id);
        }
        Ok(())
    }

    fn note_seen(&self, covers: Covers, id: &RowId) -> Result<(), StoreError> {
        let mut statement =
            self.conn.prepare_cached("INSERT OR IGNORE INTO seen (feed_no, table_no, id) VALUES (?1, ?2, ?3)")?;
        for feed in covers.iter().filter_map(|at| self.feeds.at(at)).filter(|feed| feed.repairing) {
            statement.execute((feed.no.cast_signed(), self.shape.table.no, id.0))?;
        }
        Ok(())
    }
}

/// Binds rows of a block one after the other, only the cells that differ from the row bound before: an interned column refers
/// to the same text again and again.
struct Binder<'a> {
    statement: CachedStatement<'a>,
    block: &'a Block,
    bound: Option<usize>,
}

impl<'a> Binder<'a> {
    fn new(statement: CachedStatement<'a>, block: &'a Block) -> Self {
        Self { statement, block, bound: None }
    }

    #[inline]
    fn bind(&mut self, row: usize) -> Result<(), StoreError> {
        for (at, column) in self.block.columns().iter().enumerate() {
            let cell = column.cell(row);
            if self.bound.is_some_and(|before| same(column.cell(before), cell)) {
                continue;
            }
            self.statement.raw_bind_parameter(at + 1, Sql::from(cell))?;
        }
        self.bound = Some(row);
        Ok(())
    }
}

/// Whether two cells are the very same, without looking at what they refer to.
#[inline]
fn same(a: Cell<'_>, b: Cell<'_>) -> bool {
    match (a, b) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Int(a), Cell::Int(b)) => a == b,
        (Cell::Id(a), Cell::Id(b)) => std::ptr::eq(a, b),
        (Cell::Text(a), Cell::Text(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}

/// Ids of rows as a statement returns them.
pub(super) fn ids(
    statement: &mut rusqlite::Statement<'_>,
    params: impl rusqlite::Params,
) -> Result<Vec<RowId>, StoreError> {
    let ids = statement.query_map(params, |row| row.get::<_, Id>(0))?;
    Ok(ids.map(|id| id.map(|id| id.0)).collect::<Result<_, _>>()?)
}

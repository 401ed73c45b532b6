//! Putting a page together: entries are read feed by feed, their rows table by table in the order of their ids, cells going
//! straight from the statement into the columns.
//!
//! A row is in a page once, however many of its feeds are. Rows are fetched a few at a time with `IN`, which halves the
//! cost of starting statements.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::RowId;
use dangjian_domain::rows;
use dangjian_domain::schema::{ColumnType, Table};
use dangjian_protocol::page::{Block, Cell, FeedNo, Gone, PageError};

use crate::db::{Cells, Db, DbError, Param};
use crate::error::CountyError;
use crate::schema::{FETCH, sql_of};

/// A page is closed once it has about this many bytes before compression.
const PAGE_BYTES: usize = 1 << 20;
/// Entries read before their rows are, and so by how much a page may be too long.
const BATCH: usize = 512;

/// A page being put together.
pub(crate) struct Assembly {
    /// Whether the phone may have rows from before: then it is told what left a feed, even of a feed it begins anew.
    with_gone: bool,
    max_rows: usize,
    rows: usize,
    bytes: usize,
    blocks: BTreeMap<u16, Block>,
    gone: Vec<Gone>,
    seen: BTreeSet<(u16, RowId)>,
    batch: BTreeMap<u16, Vec<RowId>>,
    batched: usize,
}

impl Assembly {
    pub(crate) fn new(max_rows: usize, with_gone: bool) -> Self {
        Self {
            with_gone,
            max_rows,
            rows: 0,
            bytes: 0,
            blocks: BTreeMap::new(),
            gone: vec![],
            seen: BTreeSet::new(),
            batch: BTreeMap::new(),
            batched: 0,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows >= self.max_rows || self.bytes >= PAGE_BYTES
    }

    /// Takes what `feed` has after `from`, as far as it fits; gives the sequence it came to.
    pub(crate) fn take(&mut self, db: &mut dyn Db, feed: FeedNo, from: u64, head: u64) -> Result<u64, CountyError> {
        let sql = if !self.with_gone {
            "SELECT seq, table_no, row_id, gone, version FROM entry WHERE feed_no = ?1 AND seq > ?2 AND gone = 0
             ORDER BY seq LIMIT ?3"
        } else {
            "SELECT seq, table_no, row_id, gone, version FROM entry WHERE feed_no = ?1 AND seq > ?2
             ORDER BY seq LIMIT ?3"
        };
        let mut at = from;
        while !self.is_full() && at < head {
            let limit = (self.max_rows - self.rows).min(BATCH - self.batched);
            let mut read = 0;
            let params = [Param::number(feed), Param::number(at), Param::number(limit as u64)];
            db.query(sql, &params, &mut |row| {
                read += 1;
                at = row.number(0)?;
                let table = u16::try_from(row.int(1)?).map_err(|_| DbError::Stored("a table's number"))?;
                self.entry(feed, table, row.id(2)?, row.int(3)? != 0, row.number(4)?);
                Ok(())
            })?;
            if read < limit {
                return Ok(head);
            }
            if self.batched >= BATCH {
                self.fetch(db)?;
            }
        }
        Ok(at.max(from))
    }

    fn entry(&mut self, feed: FeedNo, table: u16, id: RowId, gone: bool, version: u64) {
        if gone {
            self.gone.push(Gone { feed, table, id, version });
            self.rows += 1;
            self.bytes += 28;
        } else if self.seen.insert((table, id)) {
            self.batch.entry(table).or_default().push(id);
            self.rows += 1;
            self.batched += 1;
        }
    }

    /// Reads the rows of the entries so far.
    fn fetch(&mut self, db: &mut dyn Db) -> Result<(), CountyError> {
        for (no, mut ids) in std::mem::take(&mut self.batch) {
            let table = rows::table(no).ok_or(CountyError::Stored("an entry of an unknown table"))?;
            let block = self.blocks.entry(no).or_insert_with(|| Block::new(table));
            ids.sort_unstable();
            let before = block.len();
            let mut push = Push { table, block, bytes: &mut self.bytes, ids: Vec::new(), failed: None };
            for chunk in ids.chunks(FETCH) {
                push.fetch(db, chunk)?;
            }
            if block.len() - before != ids.len() {
                return Err(CountyError::Stored("an entry of no row"));
            }
        }
        self.batched = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self, db: &mut dyn Db) -> Result<(Vec<Block>, Vec<Gone>), CountyError> {
        self.fetch(db)?;
        Ok((self.blocks.into_values().collect(), self.gone))
    }
}

/// Brings rows of one table from the statement into their block.
struct Push<'a> {
    table: &'static Table,
    block: &'a mut Block,
    bytes: &'a mut usize,
    ids: Vec<RowId>,
    failed: Option<PageError>,
}

impl Push<'_> {
    fn fetch(&mut self, db: &mut dyn Db, ids: &[RowId]) -> Result<(), CountyError> {
        let sql = sql_of(self.table)?;
        if let [id] = ids {
            db.query(&sql.get, &[Param::id(id)], &mut |cells| self.row(cells))?;
        } else if let Some(last) = ids.last() {
            // A shorter list is filled up with its last id: each row comes once all the same.
            let params: Vec<Param<'_>> = ids.iter().chain(std::iter::repeat(last)).take(FETCH).map(Param::id).collect();
            db.query(&sql.fetch, &params, &mut |cells| self.row(cells))?;
        }
        self.failed.take().map_or(Ok(()), |error| Err(error.into()))
    }

    fn row(&mut self, cells: &dyn Cells) -> Result<(), DbError> {
        // Ids lie unaligned in the statement, so they are copied before the cells can refer to them.
        self.ids.clear();
        for (at, column) in self.table.columns.iter().enumerate() {
            if column.kind == ColumnType::Id {
                let absent = column.nullable && cells.null(at);
                self.ids.push(if absent { RowId([0; 16]) } else { cells.id(at)? });
            }
        }
        let (mut ids, mut wrong) = (self.ids.iter(), None);
        let row = self.table.columns.iter().enumerate().map(|(at, column)| {
            let id = (column.kind == ColumnType::Id).then(|| ids.next()).flatten();
            if column.nullable && cells.null(at) {
                return Cell::Null;
            }
            let cell = match (column.kind, id) {
                (ColumnType::Id, Some(id)) => {
                    *self.bytes += 16;
                    Ok(Cell::Id(id))
                }
                (ColumnType::Text, _) => cells.text(at).map(|text| {
                    *self.bytes += text.len() + 1;
                    Cell::Text(text)
                }),
                _ => cells.int(at).map(|n| {
                    *self.bytes += 3;
                    Cell::Int(n)
                }),
            };
            cell.unwrap_or_else(|error| {
                wrong = Some(error);
                Cell::Null
            })
        });
        if let Err(error) = self.block.push(row) {
            self.failed = Some(error);
        }
        wrong.map_or(Ok(()), Err)
    }
}

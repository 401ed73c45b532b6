//! A mirror being built beside the one readers see.
//!
//! What arrives goes to the spool, which survives a crash, and into the new file, which does not; so a killed build goes on
//! from the spool, and processor time is spent while the next page is on its way.

use std::fs::File;

use dangjian_protocol::message::{Cursor, PageBody};

use super::Delivery;
use super::spool::{Record, Spool};
use super::tables::Tables;
use crate::error::StoreError;
use crate::files::{Files, remove_database, sync_dir};

#[derive(Debug)]
pub(super) struct Build {
    files: Files,
    name: String,
    history: u64,
    spool: Spool,
    /// Absent after an error or a suspension: made again from the spool.
    tables: Option<Tables>,
    cursor: Cursor,
    rows: u64,
}

impl Build {
    pub(super) fn begin(files: &Files, name: &str, history: u64) -> Result<Self, StoreError> {
        let spool = Spool::create(files, name, history)?;
        let cursor = Cursor { history, grant: 0, feeds: vec![] };
        Ok(Self { files: files.clone(), name: name.to_owned(), history, spool, tables: None, cursor, rows: 0 })
    }

    /// Goes on with a build that was interrupted; `None` if nothing of it can be read.
    pub(super) fn resume(files: &Files, name: &str) -> Result<Option<Self>, StoreError> {
        let Some((spool, history)) = Spool::open(files, name)? else { return Ok(None) };
        let cursor = Cursor { history, grant: 0, feeds: vec![] };
        let mut build =
            Self { files: files.clone(), name: name.to_owned(), history, spool, tables: None, cursor, rows: 0 };
        let tables = build.tables()?;
        build.tables = Some(tables);
        Ok(Some(build))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn history(&self) -> u64 {
        self.history
    }

    pub(super) fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes a delivery. Returns whether all is there, and whether something of it is unknown to this program.
    pub(super) fn deliver(&mut self, delivery: &Delivery) -> Result<(bool, bool), StoreError> {
        let page = delivery.page.as_ref().map(PageBody::open).transpose()?;
        let mut tables = self.tables()?;
        let mut unknown = false;
        if delivery.grant.is_some() || page.is_some() {
            let mark = self.spool.end();
            let taken = self
                .spool
                .append(delivery.grant.as_ref(), delivery.page.as_ref())
                .and_then(|()| tables.take(delivery.grant.as_ref(), page.as_ref()));
            match taken {
                Ok(done) => unknown = done.unknown,
                Err(error) => {
                    // Without a journal the new file is worth nothing now; the spool as it was before is.
                    drop(tables);
                    self.spool.cut(mark)?;
                    return Err(error);
                }
            }
        }
        self.cursor = tables.cursor();
        self.rows = tables.received;
        self.tables = Some(tables);
        Ok((!delivery.more && self.cursor.grant != 0, unknown))
    }

    /// Completes the file and makes it durable. It is then an ordinary mirror; the spool stays until it is adopted.
    pub(super) fn finish(&mut self) -> Result<(), StoreError> {
        let path = self.files.mirror(&self.name);
        self.tables()?.complete()?;
        File::open(&path)?.sync_all()?;
        self.spool.sync()?;
        sync_dir(&self.files.dir)
    }

    pub(super) fn suspend(&mut self) -> Result<(), StoreError> {
        self.tables = None;
        self.spool.sync()
    }

    /// The new file's tables, made from the spool if there are none.
    fn tables(&mut self) -> Result<Tables, StoreError> {
        if let Some(tables) = self.tables.take() {
            return Ok(tables);
        }
        let path = self.files.mirror(&self.name);
        remove_database(&path)?;
        let mut tables = Tables::create(&self.files, &path, self.history)?;
        self.spool.replay(|record| {
            let Record { grant, page } = record;
            let page = page.map(|page| page.open()).transpose()?;
            tables.take(grant.as_ref(), page.as_ref()).map(drop)
        })?;
        self.cursor = tables.cursor();
        self.rows = tables.received;
        Ok(tables)
    }
}

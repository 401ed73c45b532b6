//! Both files as one, for screens and rules.
//!
//! A connection of its own, read-only, with `own` as main and the mirror attached. Every transaction reads `own` first: an
//! overlay is dropped only after the mirror has the row, so who reads in that order sees the row in at least one of them. In
//! the other order a change would flicker away at the moment it settles.

use std::collections::BTreeSet;

use dangjian_domain::id::RowId;
use dangjian_domain::rows::{Synced, TABLES};
use dangjian_domain::schema::{Row, Table};
use rusqlite::{Connection, OptionalExtension as _, Params};

use crate::ddl;
use crate::error::StoreError;
use crate::files::{Files, Use};
use crate::own::{self, OutboxEntry};
use crate::value::{Id, row_from};

mod facts;
mod feeds;
mod views;

/// Opens snapshots of both files.
#[derive(Debug)]
pub struct Reader {
    files: Files,
    /// Closed while the app is suspended.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    conn: Connection,
    /// The name `own` had for the mirror when it was last looked at.
    named: Option<String>,
    /// Whether a mirror is attached: the one named may be missing or damaged.
    mirror: bool,
}

/// Both files at one moment.
#[derive(Debug)]
pub struct Snapshot<'a> {
    conn: &'a Connection,
    mirror: bool,
}

impl Reader {
    /// Opens `own` and the mirror it names. `own` must exist; without a mirror only overlays are seen.
    pub fn open(files: &Files) -> Result<Self, StoreError> {
        let mut reader = Self { files: files.clone(), open: None };
        reader.conn()?;
        Ok(reader)
    }

    /// Runs `f` on both files as they are at this moment.
    pub fn read<T>(&mut self, f: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.conn()?;
        let files = &self.files;
        let Some(open) = &mut self.open else { return Err(StoreError::Missing("own.db".into())) };
        // The name is read in the transaction itself; a mirror can't be attached within one.
        let mut result = open.begin();
        for _ in 0..3 {
            match result {
                Ok(Some(name)) => {
                    open.end()?;
                    open.attach(files, name)?;
                    result = open.begin();
                }
                _ => break,
            }
        }
        result?;
        let snapshot = Snapshot { conn: &open.conn, mirror: open.mirror };
        let value = f(&snapshot);
        open.end()?;
        value
    }

    /// Closes the files, so that no lock is held while the app sleeps. The next reading opens them again.
    pub fn suspend(&mut self) {
        self.open = None;
    }

    fn conn(&mut self) -> Result<(), StoreError> {
        if self.open.is_some() {
            return Ok(());
        }
        let path = self.files.own();
        if !path.exists() {
            return Err(StoreError::Missing("own.db".into()));
        }
        let conn = self.files.connect(&path, Use::Read)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.execute_batch("PRAGMA cache_size = -1024")?;
        let mut open = Open { conn, named: None, mirror: false };
        let name = open.name()?;
        open.attach(&self.files, name)?;
        self.open = Some(open);
        Ok(())
    }
}

impl Open {
    fn name(&self) -> Result<Option<String>, StoreError> {
        let name = own::read_meta(&self.conn, own::meta::MIRROR)?;
        Ok(name.and_then(|name| String::from_utf8(name).ok()))
    }

    /// Begins a transaction by reading `own`. Returns the mirror's new name if it is another than the one attached.
    fn begin(&mut self) -> Result<Option<Option<String>>, StoreError> {
        // A panic in an earlier reading would have left its transaction open.
        self.end()?;
        self.conn.execute_batch("BEGIN")?;
        match self.name() {
            Ok(name) => Ok((name != self.named).then_some(name)),
            Err(error) => {
                self.end()?;
                Err(error)
            }
        }
    }

    fn end(&self) -> Result<(), StoreError> {
        if self.conn.is_autocommit() { Ok(()) } else { Ok(self.conn.execute_batch("ROLLBACK")?) }
    }

    fn attach(&mut self, files: &Files, name: Option<String>) -> Result<(), StoreError> {
        views::drop_all(&self.conn)?;
        self.conn.flush_prepared_statement_cache();
        if std::mem::take(&mut self.mirror) {
            self.conn.execute_batch("DETACH mirror")?;
        }
        if let Some(name) = name.as_deref().filter(|name| files.mirror(name).exists()) {
            match files.attach_mirror(&self.conn, name) {
                Ok(()) => self.mirror = true,
                // The writer finds the same and builds another.
                Err(error @ StoreError::Corrupt(_)) => log::warn!("mirror {name}: {error}"),
                Err(error) => return Err(error),
            }
        }
        views::create_all(&self.conn, self.mirror)?;
        self.named = name;
        Ok(())
    }
}

impl Snapshot<'_> {
    /// The connection. Each synced table is a view of its name: what the mirror has, with what this phone's operations make
    /// of it. Select what you order by: else SQLite can't merge the two by their indexes, and reads the whole table.
    pub fn conn(&self) -> &Connection {
        self.conn
    }

    /// Whether there is a mirror; else only overlays are seen.
    pub fn has_mirror(&self) -> bool {
        self.mirror
    }

    /// The row of that id.
    pub fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, StoreError> {
        self.one(table, "id = ?1", [id.0])
    }

    /// The first row for which the SQL condition holds.
    pub fn one(&self, table: &'static Table, condition: &str, params: impl Params) -> Result<Option<Row>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {condition} LIMIT 1", ddl::columns_of(table, ""), table.name);
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_row(params, |row| Ok(row_from(table, row, 0))).optional()?.transpose()
    }

    /// The rows for which the SQL condition holds. It may go on with `ORDER BY` and `LIMIT`.
    pub fn rows(&self, table: &'static Table, condition: &str, params: impl Params) -> Result<Vec<Row>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {condition}", ddl::columns_of(table, ""), table.name);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push(row_from(table, row, 0)?);
        }
        Ok(found)
    }

    /// The same as typed rows.
    pub fn all<T: Synced>(&self, condition: &str, params: impl Params) -> Result<Vec<T>, StoreError> {
        let rows = self.rows(T::TABLE, condition, params)?;
        Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
    }

    /// The typed row of that id.
    pub fn find<T: Synced>(&self, id: RowId) -> Result<Option<T>, StoreError> {
        Ok(self.row(T::TABLE, id)?.as_ref().map(T::from_row).transpose()?)
    }

    /// Operations that are not done with, newest first: see [`crate::OwnStore::outbox`].
    pub fn outbox(&self, limit: usize, offset: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        own::outbox_of(self.conn, limit, offset)
    }

    /// Whether what is shown of that row is this phone's own word, which the mirror does not have yet.
    pub fn is_pending(&self, table: &'static Table, id: RowId) -> Result<bool, StoreError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM main.overlay_{} WHERE id = ?1 AND live = 1)", table.name);
        Ok(self.conn.prepare_cached(&sql)?.query_row([id.0], |row| row.get(0))?)
    }

    /// Rows of which only settled operations of this phone still tell, because the mirror does not have them (any more).
    /// They may be of somebody the person has nothing to do with any longer. None without a mirror.
    pub fn left_behind(&self) -> Result<Vec<(&'static Table, RowId)>, StoreError> {
        let mut left = vec![];
        for table in TABLES.iter().filter(|_| self.mirror) {
            let sql = format!(
                "SELECT DISTINCT o.id FROM main.overlay_{0} AS o WHERE o.live = 0
                 AND NOT EXISTS (SELECT 1 FROM mirror.{0} AS m WHERE m.id = o.id)",
                table.name
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                left.push((*table, row.get::<_, Id>(0)?.0));
            }
        }
        Ok(left)
    }

    /// A study item's content, if it is kept for offline.
    pub fn content(&self, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT bytes FROM main.content WHERE sha256 = ?1")?;
        Ok(statement.query_row([sha256], |row| row.get(0)).optional()?)
    }

    /// Hashes of all contents kept for offline.
    pub fn contents(&self) -> Result<BTreeSet<[u8; 32]>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT sha256 FROM main.content")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The draft of that id.
    pub fn draft(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT content FROM main.draft WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    /// An entry of `own`'s meta.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        own::read_meta(self.conn, key)
    }
}

#[cfg(test)]
mod tests;

//! A mirror's tables, live or being built: the same pages go through the same code, so both end alike.

use std::path::Path;
use std::time::Duration;

use dangjian_protocol::message::{Cursor, FeedCheck, GrantList};
use dangjian_protocol::page::{Advance, FeedNo, Page};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Done;
use super::feeds::{Feeds, Held};
use super::places::Places;
use crate::changes::Changes;
use crate::ddl;
use crate::error::StoreError;
use crate::files::{Files, Use};

/// Names of the entries of `state`.
mod state {
    pub(super) const HISTORY: &str = "history";
    pub(super) const GRANT: &str = "grant";
    pub(super) const FINGERPRINT: &str = "fingerprint";
    pub(super) const COMPLETE: &str = "complete";
}

#[derive(Debug)]
pub(super) struct Tables {
    pub(super) conn: Connection,
    pub(super) feeds: Feeds,
    pub(super) places: Places,
    history: u64,
    pub(super) grant: u64,
    /// Rows were deleted that nobody may find in the file any more.
    pub(super) purged: bool,
    /// Rows that came so far, for the progress of a build.
    pub(super) received: u64,
}

impl Tables {
    /// A new file without indexes and without journal. It is written to by one transaction that ends with [`Self::complete`];
    /// until then a crash leaves nothing usable.
    pub(super) fn create(files: &Files, path: &Path, history: u64) -> Result<Self, StoreError> {
        let conn = files.connect(path, Use::Write)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA secure_delete = ON; PRAGMA cache_size = -1024; BEGIN EXCLUSIVE",
        )?;
        conn.execute_batch(&ddl::mirror_tables())?;
        Ok(Self {
            conn,
            feeds: Feeds::default(),
            places: Places::in_memory(),
            history,
            grant: 0,
            purged: false,
            received: 0,
        })
    }

    /// Adds the indexes, marks the mirror as complete and writes it out. The caller makes the file durable.
    pub(super) fn complete(mut self) -> Result<(), StoreError> {
        self.places = Places::Indexed;
        for shape in ddl::SHAPES.iter() {
            for sql in ddl::mirror_indexes(shape.table) {
                self.conn.execute_batch(&sql)?;
            }
        }
        self.save()?;
        self.set_state(state::HISTORY, self.history)?;
        self.set_state(state::FINGERPRINT, ddl::fingerprint().cast_unsigned())?;
        self.set_state(state::COMPLETE, 1)?;
        self.conn.execute_batch("COMMIT")?;
        self.conn.close().map_err(|(_, error)| error.into())
    }

    /// Opens a complete mirror; `None` if it is not there, not complete, damaged, or made for other tables.
    pub(super) fn open(files: &Files, path: &Path) -> Result<Option<Self>, StoreError> {
        if !path.exists() {
            return Ok(None);
        }
        match Self::open_existing(files, path) {
            Err(StoreError::Corrupt(why)) => log::warn!("{}: {why}", path.display()),
            Err(StoreError::WrongKey) => log::warn!("{}: can't be decrypted", path.display()),
            other => return other,
        }
        Ok(None)
    }

    fn open_existing(files: &Files, path: &Path) -> Result<Option<Self>, StoreError> {
        let conn = files.connect(path, Use::Write)?;
        conn.set_prepared_statement_cache_capacity(64);
        let made: i64 =
            conn.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'state'", [], |row| row.get(0))?;
        if made == 0 || state(&conn, state::COMPLETE)? != Some(1) {
            return Ok(None);
        }
        if state(&conn, state::FINGERPRINT)? != Some(ddl::fingerprint().cast_unsigned()) {
            log::info!("{} was made for other tables", path.display());
            return Ok(None);
        }
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
             PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -2048",
        )?;
        // Nobody else writes here. A reader only delays the emptying of the log, which then is tried again later.
        conn.busy_timeout(Duration::from_millis(250))?;
        let feeds = load_feeds(&conn)?;
        let history = state(&conn, state::HISTORY)?.unwrap_or(0);
        let grant = state(&conn, state::GRANT)?.unwrap_or(0);
        Ok(Some(Self { conn, feeds, places: Places::Indexed, history, grant, purged: false, received: 0 }))
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { history: self.history, grant: self.grant, feeds: self.feeds.positions() }
    }

    /// Takes what an exchange brought: what is held now, what left, what came, how far that brings each feed.
    pub(super) fn take(&mut self, grant: Option<&GrantList>, page: Option<&Page>) -> Result<Done, StoreError> {
        let mut done = Done::default();
        if let Some(grant) = grant {
            self.hold(grant, &mut done.changes)?;
        }
        if let Some(page) = page {
            self.begin_generations(&page.advance)?;
            self.remove_gone(&page.gone, &mut done.changes)?;
            for block in &page.blocks {
                self.put_block(block, &mut done.changes)?;
            }
            self.advance(&page.advance, &mut done.changes)?;
            self.note_unknown(&page.unknown)?;
            self.received += page.len() as u64;
            done.unknown = !page.unknown.is_empty();
        }
        self.save()?;
        Ok(done)
    }

    /// Compares counts and sums; a feed that differs is fetched anew from here on.
    pub(super) fn check(&mut self, checks: &[FeedCheck]) -> Result<Vec<FeedNo>, StoreError> {
        let mut mismatched = vec![];
        for check in checks {
            let Some((_, feed)) = self.feeds.by_no(check.feed) else { continue };
            if !feed.repairing && (feed.rows, feed.sum) != (check.rows, check.sum) {
                log::warn!("feed {} has {} rows here, {} at the server", feed.no, feed.rows, check.rows);
                mismatched.push(check.feed);
                self.begin_repair(check.feed)?;
            }
        }
        self.save()?;
        Ok(mismatched)
    }

    fn advance(&mut self, advances: &[Advance], changes: &mut Changes) -> Result<(), StoreError> {
        let mut repaired = vec![];
        for advance in advances {
            let Some((_, feed)) = self.feeds.by_no(advance.feed) else { continue };
            feed.seq = feed.seq.max(advance.seq);
            feed.dirty = true;
            if feed.repairing && advance.at_head && !repaired.contains(&feed.no) {
                repaired.push(feed.no);
            }
        }
        self.finish_repairs(&repaired, changes)
    }

    fn note_unknown(&self, unknown: &[(u16, u16)]) -> Result<(), StoreError> {
        for (table, column) in unknown {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO unknown (table_no, column_no) VALUES (?1, ?2)")?
                .execute((table, column))?;
        }
        Ok(())
    }

    /// Writes what changed about the feeds.
    pub(super) fn save(&mut self) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO feed (feed_no, kind, subject, generation, seq, rows, sum, repairing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (feed_no) DO UPDATE SET generation = ?4, seq = ?5, rows = ?6, sum = ?7, repairing = ?8",
        )?;
        for feed in self.feeds.all_mut().iter_mut().filter(|feed| feed.dirty) {
            statement.execute(params![
                feed.no.cast_signed(),
                feed.kind,
                feed.subject.0,
                feed.generation,
                feed.seq.cast_signed(),
                feed.rows.cast_signed(),
                feed.sum.cast_signed(),
                feed.repairing,
            ])?;
            feed.dirty = false;
        }
        Ok(())
    }

    pub(super) fn save_grant(&mut self, number: u64) -> Result<(), StoreError> {
        self.grant = number;
        self.set_state(state::GRANT, number)
    }

    fn set_state(&self, key: &str, value: u64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO state (k, v) VALUES (?1, ?2)")?
            .execute(params![key, value.cast_signed()])?;
        Ok(())
    }
}

fn state(conn: &Connection, key: &str) -> Result<Option<u64>, StoreError> {
    let found = conn.query_row("SELECT v FROM state WHERE k = ?1", [key], |row| row.get(0)).optional()?;
    Ok(found.map(i64::cast_unsigned))
}

fn load_feeds(conn: &Connection) -> Result<Feeds, StoreError> {
    let mut statement =
        conn.prepare("SELECT feed_no, kind, subject, generation, seq, rows, sum, repairing FROM feed")?;
    let held = statement.query_map([], |row| {
        Ok(Held {
            no: row.get::<_, i64>(0)?.cast_unsigned(),
            kind: row.get(1)?,
            subject: dangjian_domain::id::RowId(row.get(2)?),
            generation: row.get(3)?,
            seq: row.get::<_, i64>(4)?.cast_unsigned(),
            rows: row.get::<_, i64>(5)?.cast_unsigned(),
            sum: row.get::<_, i64>(6)?.cast_unsigned(),
            repairing: row.get(7)?,
            dirty: false,
        })
    })?;
    Ok(Feeds::new(held.collect::<Result<_, _>>()?))
}

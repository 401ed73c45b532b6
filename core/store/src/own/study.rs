//! The segment of study under way, and contents kept for offline.

use dangjian_domain::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::OwnStore;
use crate::error::StoreError;

impl OwnStore {
    /// Keeps the segment so far, in place of what was kept before. It goes when its operation is appended.
    pub fn save_segment(&mut self, record: &[u8]) -> Result<(), StoreError> {
        self.conn()?
            .prepare_cached("INSERT OR REPLACE INTO study_segment (one, record) VALUES (1, ?1)")?
            .execute([record])?;
        Ok(())
    }

    /// The segment that was under way: after a start, of an app that was killed.
    pub fn segment(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn()?.prepare_cached("SELECT record FROM study_segment")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
    }

    /// Throws it away.
    pub fn clear_segment(&mut self) -> Result<(), StoreError> {
        self.conn()?.prepare_cached("DELETE FROM study_segment")?.execute([])?;
        Ok(())
    }

    /// Keeps a content for offline.
    pub fn keep_content(&mut self, sha256: &[u8; 32], bytes: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.conn()?
            .prepare_cached("INSERT OR REPLACE INTO content (sha256, bytes, kept_at) VALUES (?1, ?2, ?3)")?
            .execute(params![sha256, bytes, now.0])?;
        Ok(())
    }

    /// Whether a content is kept.
    pub fn has_content(&self, sha256: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(self.conn()?.prepare_cached("SELECT 1 FROM content WHERE sha256 = ?1")?.exists([sha256])?)
    }

    /// Forgets a content; it can be fetched again.
    pub fn drop_content(&mut self, sha256: &[u8; 32]) -> Result<(), StoreError> {
        self.conn()?.prepare_cached("DELETE FROM content WHERE sha256 = ?1")?.execute([sha256])?;
        Ok(())
    }
}

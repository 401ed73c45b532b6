//! What somebody has begun to write.

use dangjian_domain::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::OwnStore;
use crate::error::StoreError;

impl OwnStore {
    /// Keeps a draft, in place of an earlier one of the same id.
    pub fn save_draft(&mut self, id: &str, content: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.conn()?
            .prepare_cached("INSERT OR REPLACE INTO draft (id, content, saved_at) VALUES (?1, ?2, ?3)")?
            .execute(params![id, content, now.0])?;
        Ok(())
    }

    /// The draft of that id and when it was kept.
    pub fn draft(&self, id: &str) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
        let mut statement = self.conn()?.prepare_cached("SELECT content, saved_at FROM draft WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| Ok((row.get(0)?, Timestamp(row.get(1)?)))).optional()?)
    }

    /// Throws a draft away.
    pub fn delete_draft(&mut self, id: &str) -> Result<(), StoreError> {
        self.conn()?.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}

//! Which feeds the mirror holds: what this phone's person may see.

use dangjian_domain::feed::Feed;

use super::Snapshot;
use crate::error::StoreError;

impl Snapshot<'_> {
    /// Whether the mirror holds that feed, be its rows here already or not. None without a mirror.
    pub fn holds_feed(&self, feed: Feed) -> Result<bool, StoreError> {
        if !self.mirror {
            return Ok(false);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM mirror.feed WHERE kind = ?1 AND subject = ?2)";
        let held = (feed.kind as u8, feed.subject.0);
        Ok(self.conn.prepare_cached(sql)?.query_row(held, |row| row.get(0))?)
    }
}

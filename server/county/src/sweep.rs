//! Old tombstones. A phone that has been away for longer than they are kept is told to begin its feeds anew, so what left a
//! feed before that need not be remembered.

use dangjian_domain::time::Timestamp;
use dangjian_protocol::limits;

use crate::db::{Db, Param, one};
use crate::error::CountyError;

/// The name of the job.
pub(crate) const JOB: &str = "sweep";
/// How often it is worth looking, ms.
const EVERY_MS: i64 = 86_400_000;

/// Forgets tombstones older than [`limits::ARCHIVE_MS`], once a day.
pub(crate) fn sweep(now: Timestamp, db: &mut dyn Db) -> Result<(), CountyError> {
    let last = one(db, "SELECT at FROM job WHERE name = ?1", &[Param::Text(JOB)], |row| row.int(0))?;
    if last.is_some_and(|last| now.0.saturating_sub(last) < EVERY_MS) {
        return Ok(());
    }
    let before = [Param::Int(now.plus_ms(-limits::ARCHIVE_MS).0)];
    db.execute(
        "UPDATE feed SET floor = MAX(floor, COALESCE(
           (SELECT MAX(seq) FROM entry WHERE entry.feed_no = feed.feed_no AND gone = 1 AND at < ?1), 0))
         WHERE feed_no IN (SELECT DISTINCT feed_no FROM entry WHERE gone = 1 AND at < ?1)",
        &before,
    )?;
    db.execute("DELETE FROM entry WHERE gone = 1 AND at < ?1", &before)?;
    db.execute(
        "INSERT INTO job (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
        &[Param::Text(JOB), Param::Int(now.0)],
    )?;
    Ok(())
}

//! Wrong passwords and codes are counted per account and source. A branch shares one address, so a source alone is never
//! locked; and whoever tries from elsewhere does not lock the member out until the account as a whole has had too many.

use dangjian_domain::id::RowId;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::error::ErrorCode;

use crate::db::{Db, Param, all};
use crate::error::{CountyError, Stop};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// So many wrong passwords of one pair in [`PAIR_MS`] lock it for as long.
const PAIR_TRIES: usize = 5;
const PAIR_MS: i64 = 15 * MINUTE_MS;
/// So many wrong passwords an hour lock the account, from wherever they come.
const ACCOUNT_TRIES: usize = 30;
/// So many wrong codes an hour.
const CODE_TRIES: usize = 10;

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    Password = 1,
    Code = 2,
}

/// Who is tried, from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The member, or for an unknown login a keyed hash of it: it locks like any other, so as not to tell.
    pub(crate) account: RowId,
    /// Keyed hash of the peer's address.
    pub(crate) source: i64,
}

impl Pair {
    /// An error with the time to wait, if no more tries are taken now.
    pub(crate) fn check(&self, db: &mut dyn Db, kind: Try, now: Timestamp) -> Result<(), Stop> {
        let until = match kind {
            Try::Password => self.pair_until(db)?.max(self.account_until(db, kind, ACCOUNT_TRIES)?),
            Try::Code => self.account_until(db, kind, CODE_TRIES)?,
        };
        let wait_ms = until.saturating_sub(now.0);
        if wait_ms <= 0 {
            return Ok(());
        }
        Err(Stop::Api(ErrorCode::LockedOut, Some(u32::try_from(wait_ms / 1_000 + 1).unwrap_or(u32::MAX))))
    }

    fn pair_until(&self, db: &mut dyn Db) -> Result<i64, CountyError> {
        let sql =
            "SELECT at FROM login_failure WHERE account = ?1 AND kind = 1 AND source = ?2 ORDER BY at DESC LIMIT ?3";
        let params = [Param::id(&self.account), Param::Int(self.source), Param::Int(PAIR_TRIES as i64)];
        let times = all(db, sql, &params, |row| row.int(0))?;
        Ok(match (times.first(), times.get(PAIR_TRIES - 1)) {
            (Some(last), Some(first)) if last - first <= PAIR_MS => last + PAIR_MS,
            _ => 0,
        })
    }

    fn account_until(&self, db: &mut dyn Db, kind: Try, tries: usize) -> Result<i64, CountyError> {
        let sql = "SELECT at FROM login_failure WHERE account = ?1 AND kind = ?2 ORDER BY at DESC LIMIT ?3";
        let params = [Param::id(&self.account), Param::Int(kind as i64), Param::Int(tries as i64)];
        let times = all(db, sql, &params, |row| row.int(0))?;
        Ok(times.get(tries - 1).map_or(0, |oldest| oldest + HOUR_MS))
    }

    /// Counts a wrong try.
    pub(crate) fn failed(&self, db: &mut dyn Db, kind: Try, now: Timestamp) -> Result<(), CountyError> {
        db.execute("DELETE FROM login_failure WHERE at <= ?1", &[Param::Int(now.0.saturating_sub(HOUR_MS))])?;
        db.execute(
            "INSERT INTO login_failure (account, kind, source, at) VALUES (?1, ?2, ?3, ?4)",
            &[Param::id(&self.account), Param::Int(kind as i64), Param::Int(self.source), Param::Int(now.0)],
        )?;
        Ok(())
    }

    /// Forgets the wrong tries of this pair: its owner has found the right one.
    pub(crate) fn succeeded(&self, db: &mut dyn Db) -> Result<(), CountyError> {
        db.execute(
            "DELETE FROM login_failure WHERE account = ?1 AND source = ?2",
            &[Param::id(&self.account), Param::Int(self.source)],
        )?;
        Ok(())
    }
}

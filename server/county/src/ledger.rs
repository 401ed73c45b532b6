//! Sums of postings by rule and period, kept with every posting: what caps and scores are read from.

use dangjian_domain::id::RowId;
use dangjian_domain::points::post::Period;
use dangjian_domain::rows::{LedgerEntry, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter};

use crate::db::{Db, Param, all, one};
use crate::error::CountyError;

/// Quarters are told from days by this much.
const QUARTERS: i64 = 10_000_000;

pub(crate) fn day_code(day: CivilDay) -> i64 {
    day.0.into()
}

pub(crate) fn quarter_code(quarter: Quarter) -> i64 {
    QUARTERS + i64::from(quarter.0)
}

/// Counts a new posting.
pub(crate) fn posted(db: &mut dyn Db, row: &Row) -> Result<(), CountyError> {
    let entry = LedgerEntry::from_row(row)?;
    let (posted, reversed) = if entry.reverses.is_some() { (0, entry.points) } else { (entry.points, 0) };
    let quarter = entry.day.quarter().ok_or(CountyError::Stored("a posting beyond the calendar"))?;
    for period in [day_code(entry.day), quarter_code(quarter)] {
        db.execute(
            "INSERT INTO rule_sum (subject, period, rule, posted, reversed) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (subject, period, rule) DO UPDATE
             SET posted = posted + excluded.posted, reversed = reversed + excluded.reversed",
            &[
                Param::id(&entry.member.0),
                Param::Int(period),
                Param::Text(&entry.rule),
                Param::Int(posted),
                Param::Int(reversed),
            ],
        )?;
    }
    Ok(())
}

/// Points a rule has posted in a period, without what was taken back: a reversal does not make room under a cap.
pub(crate) fn given(db: &mut dyn Db, subject: RowId, rule: &str, period: Period) -> Result<i64, CountyError> {
    let (from, to) = match period {
        Period::Day(day) => (day_code(day), day_code(day)),
        Period::Quarter(quarter) => (quarter_code(quarter), quarter_code(quarter)),
        Period::Year(year) => (quarter_code(Quarter(year * 10 + 1)), quarter_code(Quarter(year * 10 + 4))),
    };
    let sum = one(
        db,
        "SELECT COALESCE(SUM(posted), 0) FROM rule_sum WHERE subject = ?1 AND period BETWEEN ?2 AND ?3 AND rule = ?4",
        &[Param::id(&subject), Param::Int(from), Param::Int(to), Param::Text(rule)],
        |row| row.int(0),
    )?;
    Ok(sum.unwrap_or(0))
}

/// How long sums of days are kept: nothing can be handed in for an older day, the archive of a phone being as old.
const KEPT_DAYS: i32 = 100;

/// Sums of days serve the caps of a day; those of quarters stay.
pub(crate) fn forget_old_days(db: &mut dyn Db, today: CivilDay) -> Result<(), CountyError> {
    let before = [Param::Int(day_code(today.plus_days(-KEPT_DAYS)))];
    db.execute("DELETE FROM rule_sum WHERE period < ?1", &before)?;
    Ok(())
}

/// Counts all postings anew, as after a load.
pub(crate) fn sum_up(db: &mut dyn Db) -> Result<(), CountyError> {
    db.execute("DELETE FROM rule_sum", &[])?;
    let sums = "COALESCE(SUM(CASE WHEN reverses IS NULL THEN points END), 0),
                COALESCE(SUM(CASE WHEN reverses IS NOT NULL THEN points END), 0)";
    let insert = "INSERT INTO rule_sum (subject, period, rule, posted, reversed)";
    db.execute(
        &format!("{insert} SELECT member, day, rule, {sums} FROM ledger_entry GROUP BY member, day, rule"),
        &[],
    )?;
    let days = all(db, "SELECT DISTINCT day FROM ledger_entry", &[], |row| row.int(0))?;
    let quarter = |day: &i64| i32::try_from(*day).ok().and_then(|day| CivilDay(day).quarter());
    let mut quarters: Vec<Quarter> = days.iter().filter_map(quarter).collect();
    quarters.sort_unstable();
    quarters.dedup();
    for quarter in quarters {
        let (Some(first), Some(last)) = (quarter.first_day(), quarter.last_day()) else { continue };
        db.execute(
            &format!(
                "{insert} SELECT member, ?1, rule, {sums} FROM ledger_entry WHERE day BETWEEN ?2 AND ?3
                 GROUP BY member, rule"
            ),
            &[Param::Int(quarter_code(quarter)), Param::Int(first.0.into()), Param::Int(last.0.into())],
        )?;
    }
    Ok(())
}

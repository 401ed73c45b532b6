//! The postings that follow from a fact.
//!
//! A fact carries how much of its kind there had been that day before, so that what a day gives doesn't depend on how it was
//! cut into segments: two times forty seconds are one full minute. What a posting is limited by are the points that the same
//! rule gave in the same periods, which the caller looks up ([`Given`]); reversals don't count there, so what was taken back
//! can't be earned again under the same cap.

use super::rules::{FactKind, Rule, RuleSet, Switches};
use crate::id::{MemberId, OpId, OrgId, RowId};
use crate::rows::LedgerEntry;
use crate::time::{CivilDay, Quarter, Timestamp};

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its id; postings derive theirs from it: see [`Self::id_of`].
    pub id: RowId,
    /// Its kind.
    pub kind: FactKind,
    /// The member or organization it gives points to.
    pub subject: RowId,
    /// The organization where it arose.
    pub org: OrgId,
    /// The civil day it counts for.
    pub day: CivilDay,
    /// How much, in the kind's unit.
    pub amount: i64,
    /// How much of that kind the subject had on that day before.
    pub amount_before: i64,
    /// The operation behind it, if there was one.
    pub op: Option<OpId>,
    /// What it is about: a study item, a suggestion, an activity.
    pub about: Option<RowId>,
    /// When it began.
    pub from_at: Option<Timestamp>,
    /// When it ended.
    pub to_at: Option<Timestamp>,
}

impl Fact {
    /// The id of the fact of `kind` on `day` that `cause`, an operation or a row, brought about.
    pub fn id_of(cause: RowId, kind: FactKind, day: CivilDay) -> RowId {
        let day = RowId(i128::from(day.0).to_be_bytes());
        RowId::derived("dangjian/fact", &[cause, RowId::derived(kind.name(), &[]), day])
    }
}

/// A time over which caps count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A civil day.
    Day(CivilDay),
    /// A quarter.
    Quarter(Quarter),
    /// A calendar year.
    Year(i32),
}

impl Period {
    /// The periods that `day` lies in; beyond the calendar's range the day alone.
    pub fn of(day: CivilDay) -> impl Iterator<Item = Self> {
        let quarter = day.quarter().map(Self::Quarter);
        let year = day.ymd().map(|(year, _, _)| Self::Year(year));
        [Some(Self::Day(day)), quarter, year].into_iter().flatten()
    }
}

/// What was posted before.
pub trait Given {
    /// Why it can't be told.
    type Error;

    /// The sum of what `rule` posted to `subject` in `period`, without whatever reverses another.
    fn points(&self, subject: RowId, rule: &str, period: Period) -> Result<i64, Self::Error>;
}

/// The postings for `fact`: at most one of each rule for its kind, none of 0 points.
pub fn post<G: Given>(
    set: &RuleSet,
    switches: &Switches,
    fact: &Fact,
    given: &G,
) -> Result<Vec<LedgerEntry>, G::Error> {
    let mut entries = Vec::new();
    if !switches.gives_points(fact.kind) {
        return Ok(entries);
    }
    for rule in set.rules.iter().filter(|rule| rule.fact == fact.kind) {
        let worth = worth(rule, fact.amount, fact.amount_before);
        if worth == 0 {
            continue;
        }
        let points_before = given.points(fact.subject, &rule.id, Period::Day(fact.day))?;
        let points = match worth {
            ..0 => worth,
            0.. => worth.min(left(rule, fact, points_before, given)?),
        };
        if points == 0 {
            continue;
        }
        entries.push(LedgerEntry {
            id: LedgerEntry::id_of(fact.id, &rule.id),
            version: 0,
            member: MemberId(fact.subject),
            org: fact.org,
            day: fact.day,
            rule: rule.id.clone(),
            points,
            fact: fact.op,
            rule_set: set.id(),
            amount: fact.amount,
            amount_before: fact.amount_before,
            points_before,
            about: fact.about,
            from_at: fact.from_at,
            to_at: fact.to_at,
            reverses: None,
            reason: None,
        });
    }
    Ok(entries)
}

/// How often `amount` completes `every`, after `before`. Nothing is completed by less than nothing.
pub(super) fn units(every: i64, amount: i64, before: i64) -> i64 {
    let (every, before) = (every.max(1), before.max(0));
    // Equal to floor((before + amount) / every) - floor(before / every), without a sum that could overflow.
    (before % every).saturating_add(amount.max(0)) / every
}

/// What the amount is worth by the rule, before any cap.
pub(super) fn worth(rule: &Rule, amount: i64, before: i64) -> i64 {
    units(rule.every, amount, before).saturating_mul(rule.points)
}

/// What the caps leave. A day beyond the calendar has no quarter and no year, and what is capped by them gives nothing.
fn left<G: Given>(rule: &Rule, fact: &Fact, points_before: i64, given: &G) -> Result<i64, G::Error> {
    let mut left = i64::MAX;
    if let Some(cap) = rule.cap.day {
        left = left.min(cap.saturating_sub(points_before));
    }
    for (cap, period) in [
        (rule.cap.quarter, fact.day.quarter().map(Period::Quarter)),
        (rule.cap.year, fact.day.ymd().map(|(year, _, _)| Period::Year(year))),
    ] {
        if let Some(cap) = cap {
            left = match period {
                Some(period) => left.min(cap.saturating_sub(given.points(fact.subject, &rule.id, period)?)),
                None => 0,
            };
        }
    }
    Ok(left.max(0))
}

/// Why a posting can't be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReversible {
    /// It takes back another itself.
    #[error("a reversal is not reversed: an appeal against it is granted instead")]
    Reversal,
    /// Its points have no opposite.
    #[error("the points are out of range")]
    OutOfRange,
}

/// The posting that takes `entry` back, on the day it was for: the quarter it counted in loses it. There is one, by its id.
pub fn reversal(entry: &LedgerEntry, reason: &str, op: OpId) -> Result<LedgerEntry, NotReversible> {
    if entry.reverses.is_some() {
        return Err(NotReversible::Reversal);
    }
    Ok(LedgerEntry {
        id: LedgerEntry::id_of_reversal(entry.id),
        version: 0,
        points: entry.points.checked_neg().ok_or(NotReversible::OutOfRange)?,
        fact: Some(op),
        reverses: Some(entry.id),
        reason: Some(reason.to_owned()),
        ..entry.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_difference_of_floors() {
        for every in [1, 2, 7, 60_000] {
            for before in [0, 1, 29, 59_999, 60_000, 61_234] {
                for amount in [0, 1, 29_999, 30_000, 220_000] {
                    let floors = (before + amount) / every - before / every;
                    assert_eq!(units(every, amount, before), floors, "{every} {before} {amount}");
                }
            }
        }
        assert_eq!(units(60_000, -1, i64::MIN), 0);
        assert_eq!(units(1, i64::MAX, i64::MAX), i64::MAX);
        assert_eq!(units(i64::MAX, i64::MAX, i64::MAX - 1), 1);
    }

    #[test]
    fn a_fact_has_one_id_for_its_cause_kind_and_day() {
        let (cause, day) = (RowId([1; 16]), CivilDay(20_000));
        let id = Fact::id_of(cause, FactKind::ReadMs, day);
        assert_eq!(id, Fact::id_of(cause, FactKind::ReadMs, day));
        assert_ne!(id, Fact::id_of(cause, FactKind::AvMs, day));
        assert_ne!(id, Fact::id_of(cause, FactKind::ReadMs, day.plus_days(1)));
        assert_ne!(id, Fact::id_of(RowId([2; 16]), FactKind::ReadMs, day));
    }
}

//! How much of a segment counts.
//!
//! Goes through the segment in time, from one moment at which something changes to the next. A millisecond is credited if
//!
//! 1. the phone saw the item in front of its member, and a heartbeat (or the start of the stretch) lies at most the longest
//!    gap before it;
//! 2. it lies in the window in which the segment can have been made;
//! 3. every comprehension check due by then was answered;
//! 4. nothing was credited to the member for the same moment, on whichever device;
//! 5. the item's length is not used up;
//! 6. it is under a lease, or the day's allowance for study offline is not used up.
//!
//! `tests/study` holds it against an oracle that looks at every second by itself.

use std::collections::BTreeMap;

use super::checks::{self, CheckTimes, Checked};
use super::lease::Lease;
use super::timer::MOST_MARKS;
use crate::id::RowId;
use crate::op::{CheckAnswer, RecordStudy, Span};
use crate::points::rules::StudyRules;
use crate::time::{CivilDay, Timestamp};

/// By how much a segment may be longer than the rules say: a timer that is asked late closes it late.
const SLACK_MS: i64 = 60_000;

/// Why a record is not one that a timer makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More marks than a segment may have.
    #[error("too many stretches, heartbeats, touches or answers")]
    TooMany,
    /// Not ascending, or a stretch that is empty or overlaps another.
    #[error("not in the order of time")]
    Disorder,
    /// Longer than a segment may be.
    #[error("longer than a segment")]
    TooLong,
    /// A boot clock that no phone has.
    #[error("a boot clock that can't be")]
    Clock,
}

/// Instants from the first to before the second, ms UTC.
pub type Stretch = (i64, i64);

/// A segment with what the rules say about it.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// What the phone observed.
    pub record: &'a RecordStudy,
    /// Server time at the zero of its boot clock, ms.
    pub offset_ms: i64,
    /// When it can have been made.
    pub window: (Timestamp, Timestamp),
    /// The item's length, ms.
    pub length_ms: i64,
    /// How many comprehension checks the item has.
    pub checks: u8,
    /// The seed of the member's checks on it.
    pub seed: RowId,
    /// The lease it was made under.
    pub lease: Option<&'a Lease>,
}

/// What was credited before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// For which moments, ascending and disjoint, as far as they may touch the segment.
    pub covered: Vec<Stretch>,
    /// For the item, ms.
    pub item_ms: i64,
    /// Whether the item was finished.
    pub finished: bool,
    /// How far the item's checks are.
    pub checked: Checked,
    /// Without a lease on the days the segment may touch, ms.
    pub offline_ms: BTreeMap<CivilDay, i64>,
}

/// What a segment adds on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCredit {
    /// Credited, ms.
    pub ms: i64,
    /// How much of it without a lease, ms.
    pub offline_ms: i64,
    /// First credited instant.
    pub from: Timestamp,
    /// End of the last.
    pub to: Timestamp,
}

/// What a segment adds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credit {
    /// The moments credited, ascending and disjoint.
    pub stretches: Vec<Stretch>,
    /// By civil day.
    pub days: BTreeMap<CivilDay, DayCredit>,
    /// In all, ms.
    pub total_ms: i64,
    /// When the item was finished by it.
    pub finished: Option<CivilDay>,
    /// How far the item's checks are now.
    pub checked: Checked,
    /// The answers that a check had asked for, each the first to it.
    pub answers: Vec<CheckAnswer>,
}

/// What the phone observed near enough to a heartbeat, ms after the segment's start.
pub fn observed(record: &RecordStudy, rules: &StudyRules) -> Result<Vec<Span>, Malformed> {
    let marks = [record.spans.len(), record.beats.len(), record.inputs.len(), record.checks.len()];
    if marks.iter().any(|count| *count > MOST_MARKS) {
        return Err(Malformed::TooMany);
    }
    // A hundred years of uptime.
    if record.from_ms > 3_155_760_000_000 {
        return Err(Malformed::Clock);
    }
    let most = u32::try_from(rules.segment_ms.saturating_add(SLACK_MS)).unwrap_or(u32::MAX);
    let last = [
        record.spans.last().map(|span| span.to_ms),
        record.beats.last().copied(),
        record.inputs.last().copied(),
        record.checks.last().map(|check| check.at_ms),
    ];
    let ordered = record.spans.iter().all(|span| span.from_ms < span.to_ms)
        && record.spans.is_sorted_by(|a, b| a.to_ms <= b.from_ms)
        && record.beats.is_sorted()
        && record.inputs.is_sorted()
        && record.checks.is_sorted_by_key(|check| check.at_ms);
    if !ordered {
        return Err(Malformed::Disorder);
    }
    if last.into_iter().flatten().any(|last| last > most) {
        return Err(Malformed::TooLong);
    }
    let gap = u32::try_from(rules.max_gap_ms).unwrap_or(u32::MAX);
    let mut seen: Vec<Span> = vec![];
    for span in &record.spans {
        let beats = record.beats.iter().copied().filter(|beat| span.from_ms < *beat && *beat < span.to_ms);
        // A heartbeat before the stretch reaches into it no further than its own start does.
        for beat in std::iter::once(span.from_ms).chain(beats) {
            let piece = Span { from_ms: beat, to_ms: beat.saturating_add(gap).min(span.to_ms) };
            match seen.last_mut() {
                Some(last) if last.to_ms >= piece.from_ms => last.to_ms = last.to_ms.max(piece.to_ms),
                _ => seen.push(piece),
            }
        }
    }
    Ok(seen)
}

/// Credits a segment.
pub fn credit(segment: &Segment<'_>, before: &Before, rules: &StudyRules) -> Result<Credit, Malformed> {
    let start = segment.offset_ms.saturating_add(i64::try_from(segment.record.from_ms).map_err(|_| Malformed::Clock)?);
    let mut walk = Walk { segment, before, rules, start, reached: i64::MIN, given: Credit::default() };
    walk.given.checked = before.checked;
    for span in observed(segment.record, rules)? {
        walk.go(start.saturating_add(span.from_ms.into()), start.saturating_add(span.to_ms.into()));
    }
    Ok(walk.given)
}

/// The way through a segment.
struct Walk<'a> {
    segment: &'a Segment<'a>,
    before: &'a Before,
    rules: &'a StudyRules,
    start: i64,
    /// When the clock of the checks came to where it stands; in an earlier segment at first.
    reached: i64,
    given: Credit,
}

impl Walk<'_> {
    fn go(&mut self, mut at: i64, end: i64) {
        while at < end {
            let day = Timestamp(at).civil_day(self.rules.day_starts_at_ms);
            let next_day = day.plus_days(1).start().plus_ms(self.rules.day_starts_at_ms).0;
            let (window, until_window) = within(at, self.segment.window.0.0, self.segment.window.1.0);
            let (checked, until_check) = self.checked(at);
            let (leased, until_lease) = match self.segment.lease {
                Some(lease) => within(at, lease.issued_at.0, lease.expires_at.0),
                None => (false, i64::MAX),
            };
            let (free, until_cover) = self.free(at);
            let changes = [end, next_day, until_window, until_check, until_lease, until_cover];
            let until = changes.into_iter().min().unwrap_or(end).max(at.saturating_add(1));
            if window && checked && free {
                self.take(at, until, day, leased);
            }
            // The clock of the checks stands while a check waits for its answer, as the timer's does.
            if checked {
                self.given.checked.observed_ms += until - at;
                self.reached = until;
            }
            at = until;
        }
    }

    /// Whether all checks due are answered, and until when that stays so.
    fn checked(&mut self, at: i64) -> (bool, i64) {
        let times: CheckTimes = self.rules.checks;
        loop {
            let so_far = self.given.checked;
            let Some(due) = checks::due(self.segment.seed, times, self.segment.checks, so_far.answered) else {
                return (true, i64::MAX);
            };
            let left = due.at_ms - so_far.observed_ms;
            if left > 0 {
                return (true, at.saturating_add(left));
            }
            // Answers from before the clock had come that far answer nothing.
            let answers = self.segment.record.checks.iter().filter(|answer| answer.check == due.check);
            let instants = answers.map(|answer| (self.start.saturating_add(answer.at_ms.into()), *answer));
            match instants.filter(|(instant, _)| *instant >= self.reached).min_by_key(|(instant, _)| *instant) {
                Some((instant, answer)) if instant <= at => {
                    self.given.checked.answered += 1;
                    self.given.answers.push(answer);
                }
                Some((instant, _)) => return (false, instant),
                None => return (false, i64::MAX),
            }
        }
    }

    /// Whether nothing was credited for this moment yet, and until when that stays so.
    fn free(&self, at: i64) -> (bool, i64) {
        let next = self.before.covered.partition_point(|stretch| stretch.1 <= at);
        match self.before.covered.get(next) {
            Some((from, to)) => {
                let (covered, until) = within(at, *from, *to);
                (!covered, until)
            }
            None => (true, i64::MAX),
        }
    }

    fn take(&mut self, from: i64, until: i64, day: CivilDay, leased: bool) {
        let item_ms = self.before.item_ms.saturating_add(self.given.total_ms);
        let given = self.given.days.get(&day);
        let mut ms = (until - from).min(self.segment.length_ms.saturating_sub(item_ms));
        if !leased {
            let before = self.before.offline_ms.get(&day).copied().unwrap_or(0);
            let used = before.saturating_add(given.map_or(0, |given| given.offline_ms));
            ms = ms.min(self.rules.offline_daily_ms.saturating_sub(used));
        }
        if ms <= 0 {
            return;
        }
        let to = from + ms;
        match self.given.stretches.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => self.given.stretches.push((from, to)),
        }
        let (from, to) = (Timestamp(from), Timestamp(to));
        let credit = self.given.days.entry(day).or_insert(DayCredit { ms: 0, offline_ms: 0, from, to });
        credit.ms += ms;
        credit.offline_ms += if leased { 0 } else { ms };
        credit.to = to;
        self.given.total_ms += ms;
        let enough = finish_ms(self.segment.length_ms, self.rules);
        if !self.before.finished && self.given.finished.is_none() && item_ms.saturating_add(ms) >= enough {
            self.given.finished = Some(day);
        }
    }
}

/// How much of an item of that length must be credited for it to be finished, ms.
pub fn finish_ms(length_ms: i64, rules: &StudyRules) -> i64 {
    length_ms.saturating_mul(rules.finish_pct) / 100
}

/// Adds stretches to those that were credited before.
pub fn cover(covered: &[Stretch], more: &[Stretch]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = covered.iter().chain(more).copied().collect();
    all.sort_unstable();
    let mut joined: Vec<Stretch> = vec![];
    for (from, to) in all {
        match joined.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Whether `at` lies from `from` to before `to`, and until when that stays so.
fn within(at: i64, from: i64, to: i64) -> (bool, i64) {
    if at < from {
        (false, from)
    } else if at < to {
        (true, to)
    } else {
        (false, i64::MAX)
    }
}

//! What stands against what follows again from the facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use dangjian_domain::points::rules::{RuleSet, Switches};
use dangjian_domain::points::score::appraisal;
use dangjian_domain::rows::{ItemProgress, LedgerEntry, StudyDay};
use dangjian_domain::study::credit::Stretch;

use super::Counts;
use super::recompute::{Recomputed, quarter};

/// What stands about a member.
pub(crate) struct Stored {
    pub(crate) entries: Vec<LedgerEntry>,
    pub(crate) days: Vec<StudyDay>,
    pub(crate) progress: Vec<ItemProgress>,
    pub(crate) cover: Vec<Stretch>,
    /// As `rule_sum`.
    pub(crate) sums: BTreeMap<(String, i64), (i64, i64)>,
}

/// Holds all of it to be the same.
pub(crate) fn compare(stored: &Stored, again: &Recomputed, sets: &[Arc<RuleSet>], mut counts: Counts) -> Counts {
    let entries: BTreeMap<_, _> = stored.entries.iter().map(|entry| (entry.id, entry.clone())).collect();
    for (id, entry) in &entries {
        assert_eq!(again.entries.get(id), Some(entry), "a posting that does not follow");
    }
    assert_eq!(entries.len(), again.entries.len(), "a posting is missing");
    let days = stored.days.iter().map(|day| (i64::from(day.day.0), (day.read_ms, day.av_ms, day.offline_ms)));
    let days_again = again.oracle.days.iter().filter(|(_, sums)| **sums != (0, 0, 0)).map(|(day, sums)| (*day, *sums));
    assert_eq!(days.collect::<BTreeMap<_, _>>(), days_again.collect::<BTreeMap<_, _>>());
    for row in &stored.progress {
        let known = &again.oracle.items[&row.item];
        let stands = (row.credited_ms, row.finished_on.map(|day| day.0.into()), row.observed_ms, row.answered);
        assert_eq!(stands, (known.credited, known.finished, known.clock, known.answered.into()), "{}", row.item);
    }
    let begun = again.oracle.items.values().filter(|known| known.clock > 0 || known.answered > 0).count();
    assert_eq!(stored.progress.len(), begun);
    for (from, to) in &stored.cover {
        for at in (*from / 1_000)..(*to / 1_000) {
            assert!(again.oracle.credited.has(at), "a moment is kept that was not credited");
        }
    }
    let covered: i64 = stored.cover.iter().map(|(from, to)| (to - from) / 1_000).sum();
    assert_eq!(covered, again.oracle.credited.len());
    sums(stored, again);
    scores(stored, again, sets);
    counts.entries += entries.len() as u64;
    counts.days += stored.days.len() as u64;
    counts.points += entries.values().map(|entry| entry.points).sum::<i64>();
    counts.credited_h += covered / 3_600;
    counts
}

/// Sums of postings and reversals by rule and day or quarter.
fn sums(stored: &Stored, again: &Recomputed) {
    let mut expected: BTreeMap<(String, i64), (i64, i64)> = BTreeMap::new();
    for entry in again.entries.values() {
        for period in [i64::from(entry.day.0), 10_000_000 + quarter(entry.day)] {
            let sum = expected.entry((entry.rule.clone(), period)).or_default();
            if entry.reverses.is_some() { sum.1 += entry.points } else { sum.0 += entry.points }
        }
    }
    assert_eq!(stored.sums, expected);
}

/// The score of each quarter from the stored sums, and from the recomputed postings.
fn scores(stored: &Stored, again: &Recomputed, sets: &[Arc<RuleSet>]) {
    for of in 20_261..=20_264 {
        let set = &sets[usize::from(of > 20_262)];
        let mut by_component: BTreeMap<String, i64> = BTreeMap::new();
        for ((rule, period), (posted, reversed)) in &stored.sums {
            if *period == 10_000_000 + of {
                let component = &sets.iter().find_map(|set| set.rule(rule)).unwrap().component;
                *by_component.entry(component.clone()).or_default() += posted + reversed;
            }
        }
        assert_eq!(appraisal(set, &Switches::STANDARD, &by_component).score, again.score(of, set), "{of}");
    }
}

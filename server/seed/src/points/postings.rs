//! Postings as the server would have made them, one subject at a time.

use std::collections::BTreeMap;
use std::convert::Infallible;

use dangjian_domain::id::RowId;
use dangjian_domain::points::post::{Fact, Given, Period, post};
use dangjian_domain::points::rules::{RuleSet, Switches};
use dangjian_domain::rows::LedgerEntry;

/// The postings of one member or organization, so far.
pub(crate) struct Postings<'a> {
    set: &'a RuleSet,
    given: Sums,
    entries: Vec<LedgerEntry>,
}

/// Points by period and rule. There is one subject, so that nobody asks for another's.
#[derive(Default)]
struct Sums(BTreeMap<Period, BTreeMap<String, i64>>);

impl Given for Sums {
    type Error = Infallible;

    fn points(&self, _subject: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        Ok(self.0.get(&period).and_then(|rules| rules.get(rule)).copied().unwrap_or(0))
    }
}

impl<'a> Postings<'a> {
    /// Nothing was posted yet.
    pub(crate) fn new(set: &'a RuleSet) -> Self {
        Self { set, given: Sums::default(), entries: vec![] }
    }

    /// Posts what the rules give for `fact`, after everything that was posted before, and tells how many points that is.
    pub(crate) fn post(&mut self, fact: &Fact) -> i64 {
        let Ok(entries) = post(self.set, &Switches::STANDARD, fact, &self.given);
        let mut points = 0;
        for entry in entries {
            for period in Period::of(entry.day) {
                *self.given.0.entry(period).or_default().entry(entry.rule.clone()).or_default() += entry.points;
            }
            points += entry.points;
            self.entries.push(LedgerEntry { version: 1, ..entry });
        }
        points
    }

    /// All postings, in the order of their facts.
    pub(crate) fn into_entries(self) -> Vec<LedgerEntry> {
        self.entries
    }
}

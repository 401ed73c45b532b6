//! A set of seconds (or of milliseconds, in a world that is made of them).

use std::collections::BTreeMap;

/// The set, sixty-four to a word.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) struct Seconds(BTreeMap<i64, u64>);

impl Seconds {
    pub(crate) fn has(&self, at: i64) -> bool {
        self.0.get(&(at >> 6)).is_some_and(|word| word >> (at & 63) & 1 == 1)
    }

    /// Whether it was not in it before.
    pub(crate) fn add(&mut self, at: i64) -> bool {
        let word = self.0.entry(at >> 6).or_default();
        let bit = 1 << (at & 63);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// How many there are.
    pub(crate) fn len(&self) -> i64 {
        self.0.values().map(|word| i64::from(word.count_ones())).sum()
    }
}

//! What happened, for the report.

use std::collections::BTreeMap;
use std::fmt;

/// When a process was killed, as far as could be seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// A phone that opens its files.
    PhoneOpening,
    /// A phone on its way through sign-in or enrolment.
    PhoneSigningIn,
    /// A phone that gathers and builds its first mirror.
    PhoneFirstSync,
    /// A phone whose person works.
    PhoneAtWork,
    /// A server that starts.
    ServerStarting,
    /// A server that answers.
    ServerAtWork,
}

/// What happened in a round, or in all of them.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Kills by moment.
    pub kills: BTreeMap<Moment, u64>,
    /// Operations that a phone said it had recorded.
    pub recorded: u64,
    /// Operations in the phones' files at the end, those included that nobody was told of.
    pub operations: u64,
    /// Rows that stood on phones at the end.
    pub rows: u64,
    /// What people were refused, or tried in vain, by kind.
    pub errors: BTreeMap<String, u64>,
}

impl Tally {
    /// Adds what another counted.
    pub fn add(&mut self, other: &Self) {
        for (moment, count) in &other.kills {
            *self.kills.entry(*moment).or_default() += count;
        }
        for (error, count) in &other.errors {
            *self.errors.entry(error.clone()).or_default() += count;
        }
        self.recorded += other.recorded;
        self.operations += other.operations;
        self.rows += other.rows;
    }

    /// All kills.
    pub fn killed(&self) -> u64 {
        self.kills.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kills {:?}, ", self.killed(), self.kills)?;
        write!(f, "{} operations acknowledged, {} in the phones' files, ", self.recorded, self.operations)?;
        write!(f, "{} rows compared", self.rows)
    }
}

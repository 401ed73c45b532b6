//! The points module from outside: rule sets, postings, scores, ranks and their explanations.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod points_explain;
mod points_post;
mod points_rank;
mod points_rules;
mod points_score;

use std::cell::RefCell;
use std::convert::Infallible;

use dangjian_domain::id::{OpId, OrgId, RowId};
use dangjian_domain::points::post::{Fact, Given, Period, post};
use dangjian_domain::points::rules::{FactKind, RuleSet, Switches};
use dangjian_domain::rows::LedgerEntry;
use dangjian_domain::time::CivilDay;

const MEMBER: RowId = RowId([7; 16]);
const BRANCH: OrgId = OrgId(RowId([8; 16]));

fn default_set() -> RuleSet {
    RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap()
}

/// The default set with one piece of its text replaced, everywhere it stands.
fn with(from: &str, to: &str) -> String {
    assert!(RuleSet::DEFAULT_TEXT.contains(from), "{from}");
    RuleSet::DEFAULT_TEXT.replace(from, to)
}

fn day(year: i32, month: u32, day: u32) -> CivilDay {
    CivilDay::from_ymd(year, month, day).unwrap()
}

/// The `n`-th fact of a test.
fn fact(n: u8, kind: FactKind, day: CivilDay, amount: i64, amount_before: i64) -> Fact {
    Fact {
        id: Fact::id_of(RowId([n; 16]), kind, day),
        kind,
        subject: MEMBER,
        org: BRANCH,
        day,
        amount,
        amount_before,
        op: Some(OpId(RowId([n; 16]))),
        about: None,
        from_at: None,
        to_at: None,
    }
}

/// All postings so far, as a server would have them.
#[derive(Default)]
struct Ledger(RefCell<Vec<LedgerEntry>>);

impl Ledger {
    fn post(&self, set: &RuleSet, switches: &Switches, fact: &Fact) -> Vec<LedgerEntry> {
        let entries = post(set, switches, fact, self).unwrap();
        self.0.borrow_mut().extend(entries.iter().cloned());
        entries
    }

    fn sum(&self) -> i64 {
        self.0.borrow().iter().map(|entry| entry.points).sum()
    }
}

impl Given for Ledger {
    type Error = Infallible;

    fn points(&self, subject: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        let entries = self.0.borrow();
        let counted = entries.iter().filter(|entry| {
            entry.member.0 == subject
                && entry.rule == rule
                && entry.reverses.is_none()
                && Period::of(entry.day).any(|of| of == period)
        });
        Ok(counted.map(|entry| entry.points).sum())
    }
}

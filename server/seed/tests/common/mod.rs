//! Counties to look at, and their rows as structs.
#![allow(clippy::unwrap_used, reason = "the exemption for tests does not reach their helpers")]

use std::collections::BTreeMap;

use dangjian_domain::id::OrgId;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{Organization, Synced};
use dangjian_domain::time::CivilDay;
use dangjian_seed::{County, generate};

pub(crate) fn day(year: i32, month: u32, day: u32) -> CivilDay {
    CivilDay::from_ymd(year, month, day).unwrap()
}

/// An ordinary day, one early in a quarter and a leap day, each with another seed.
pub(crate) fn counties() -> impl Iterator<Item = (CivilDay, County)> {
    [(1, day(2026, 11, 23)), (2, day(2027, 1, 9)), (u64::MAX, day(2028, 2, 29))]
        .into_iter()
        .map(|(seed, today)| (today, generate(seed, today)))
}

pub(crate) fn all<T: Synced>(county: &County) -> Vec<T> {
    county.rows.iter().filter(|row| row.table() == T::TABLE).map(|row| T::from_row(row).unwrap()).collect()
}

#[allow(dead_code, reason = "not every file of tests asks for it")]
pub(crate) fn organizations(county: &County) -> BTreeMap<OrgId, Organization> {
    all::<Organization>(county).into_iter().map(|org| (OrgId(org.id), org)).collect()
}

/// The rule set of the postings.
#[allow(dead_code, reason = "not every file of tests asks for it")]
pub(crate) fn rules() -> RuleSet {
    RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap()
}

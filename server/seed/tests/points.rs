//! What holds for the points of every generated county: sums and postings.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the exemption for tests does not reach their helpers"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::points::post::{Fact, Given, Period, post};
use dangjian_domain::points::rules::{RuleSet, Switches, Whose};
use dangjian_domain::rows::{Activity, LedgerEntry, Member, PointsTotal, RuleSetRow, StudyItem};
use dangjian_domain::time::{CivilDay, Quarter};
use dangjian_seed::County;

mod common;
use common::{all, counties, day, organizations, rules};

/// The members of the points township with their branches.
fn township(county: &County) -> BTreeMap<RowId, OrgId> {
    let orgs = organizations(county);
    let township = county.people.points_township;
    let under = |org: OrgId| std::iter::successors(Some(org), |org| orgs[org].parent).any(|org| org == township);
    all::<Member>(county).into_iter().filter(|m| under(m.org)).map(|m| (m.id, m.org)).collect()
}

/// Entries of members, and those of organizations.
fn entries(county: &County) -> (Vec<LedgerEntry>, Vec<LedgerEntry>) {
    let set = rules();
    let of_member = |entry: &LedgerEntry| set.rule(&entry.rule).unwrap().fact.whose() == Whose::Member;
    all::<LedgerEntry>(county).into_iter().partition(of_member)
}

#[test]
fn the_rule_set_of_the_postings_is_in_the_county() {
    for (_, county) in counties() {
        let sets: Vec<RuleSetRow> = all(&county);
        let [row] = sets.as_slice() else { panic!("{} rule sets", sets.len()) };
        let set = RuleSet::parse(&row.text).unwrap();
        assert_eq!((set.id(), set.effective_from), (rules().id(), row.effective_from));
        assert_eq!(row.id, RuleSetRow::id_of(&row.name, &row.rule_version));
        assert_eq!((row.county, format!("{}/{}", row.name, row.rule_version)), (county.root, set.id()));
        assert!(all::<LedgerEntry>(&county).iter().all(|entry| entry.rule_set == set.id()));
    }
}

#[test]
fn ledger_entries_of_members_are_those_of_one_township_and_not_in_its_totals() {
    for (today, county) in counties() {
        let members = township(&county);
        assert!((1_000..=1_800).contains(&members.len()), "{} members", members.len());
        let mut daily: BTreeMap<(RowId, CivilDay), (usize, i64)> = BTreeMap::new();
        for entry in entries(&county).0 {
            assert_eq!(members.get(&entry.member.0), Some(&entry.org));
            assert!(today.plus_days(-30) <= entry.day && entry.day < today && entry.points > 0);
            assert!(entry.fact.is_none() && entry.reverses.is_none() && entry.reason.is_none());
            let sum = daily.entry((entry.member.0, entry.day)).or_default();
            *sum = (sum.0 + 1, sum.1 + entry.points);
        }
        assert!(daily.values().all(|(entries, points)| (1..=15).contains(entries) && *points <= 30));
        assert!((8_000..=18_000).contains(&daily.len()), "{} days", daily.len());

        // The totals of these members hold at most what the caps allow on the days before the entries begin.
        for total in all::<PointsTotal>(&county).iter().filter(|total| members.contains_key(&total.member.0)) {
            let days = (today.0 - 30 - total.quarter.first_day().unwrap().0).clamp(0, 92);
            assert!(total.points <= i64::from(days) * 33, "{total:?}");
        }
    }
}

#[test]
fn totals_go_back_five_quarters_and_tell_the_components_of_the_current_one() {
    let set = rules();
    let components: BTreeSet<&str> = set.components.iter().map(|component| component.id.as_str()).collect();
    for (today, county) in counties() {
        let current = today.quarter().unwrap();
        let totals: Vec<PointsTotal> = all(&county);
        let quarters: BTreeSet<Quarter> = totals.iter().map(|total| total.quarter).collect();
        assert_eq!((quarters.len(), quarters.last()), (5, Some(&current)));
        assert!(totals.iter().all(|total| total.points >= 0 && !total.carried));
        let mut sums: BTreeMap<RowId, i64> = BTreeMap::new();
        let mut told: BTreeMap<&str, i64> = BTreeMap::new();
        let mut once = BTreeSet::new();
        for total in &totals {
            let component = total.component.as_deref();
            assert_eq!(component.is_some(), total.quarter == current, "{total:?}");
            assert!(component.is_none_or(|component| components.contains(component)), "{total:?}");
            assert!(once.insert((total.member, total.quarter, component)), "{total:?}");
            *sums.entry(total.member.0).or_default() += total.points;
            if let Some(component) = component {
                *told.entry(component).or_default() += total.points;
                let most = (set.rules.iter())
                    .filter(|rule| rule.component == component)
                    .try_fold(0, |sum, rule| Some(sum + rule.cap.quarter?));
                assert!(most.is_none_or(|most| total.points <= most), "{total:?}");
                let step = set.rules.iter().filter(|rule| rule.component == component).map(|rule| rule.points).min();
                assert_eq!(total.points % step.unwrap(), 0, "{total:?}");
            }
        }
        // A month into a quarter each component has given something; a week into it there were no meetings yet.
        if today.0 - current.first_day().unwrap().0 > 30 {
            assert!(told.len() == components.len() && told.values().all(|points| *points > 0), "{told:?}");
        }
        // Somebody has studied as much as the caps allow.
        assert!(sums.values().any(|sum| *sum > 10_000));
    }
}

/// Points by period and rule of one subject.
#[derive(Default)]
struct Sums(BTreeMap<(String, Period), i64>);

impl Given for Sums {
    type Error = Infallible;

    fn points(&self, _subject: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        Ok(self.0.get(&(rule.to_owned(), period)).copied().unwrap_or(0))
    }
}

#[test]
fn the_same_facts_give_the_same_postings_again_and_no_cap_is_exceeded() {
    let set = rules();
    for (_, county) in counties() {
        let mut given: BTreeMap<RowId, Sums> = BTreeMap::new();
        for entry in all::<LedgerEntry>(&county) {
            let rule = set.rule(&entry.rule).unwrap();
            let fact = Fact {
                id: Fact::id_of(RowId::derived("dangjian/sign-in", &[entry.member.0]), rule.fact, entry.day),
                kind: rule.fact,
                subject: entry.member.0,
                org: entry.org,
                day: entry.day,
                amount: entry.amount,
                amount_before: entry.amount_before,
                op: None,
                about: entry.about,
                from_at: entry.from_at,
                to_at: entry.to_at,
            };
            let sums = given.entry(entry.member.0).or_default();
            let Ok(again) = post(&set, &Switches::STANDARD, &fact, sums);
            let [again] = again.as_slice() else { panic!("{entry:?} is posted as {again:?}") };
            // Operations have ids of their own; that of signing in follows from the member.
            let id = if entry.rule == "sign_in" { again.id } else { entry.id };
            assert_eq!(entry, LedgerEntry { id, version: 1, ..again.clone() });
            for period in Period::of(entry.day) {
                let sum = sums.0.entry((entry.rule.clone(), period)).or_default();
                *sum += entry.points;
                let cap = match period {
                    Period::Day(_) => rule.cap.day,
                    Period::Quarter(_) => rule.cap.quarter,
                    Period::Year(_) => rule.cap.year,
                };
                assert!(cap.is_none_or(|cap| *sum <= cap), "{entry:?}");
            }
        }
    }
}

#[test]
fn what_a_member_did_on_a_day_is_in_the_order_of_time_and_within_waking_hours() {
    for (_, county) in counties() {
        let published: BTreeMap<RowId, CivilDay> =
            all::<StudyItem>(&county).into_iter().map(|item| (item.id, item.published_on)).collect();
        let mut last: BTreeMap<RowId, i64> = BTreeMap::new();
        for entry in entries(&county).0 {
            let (from, to) = (entry.from_at.unwrap(), entry.to_at.unwrap());
            assert_eq!((from.civil_day(0), to.civil_day(0)), (entry.day, entry.day));
            let minutes = |ms: i64| (ms - entry.day.start().0) / 60_000;
            assert!(minutes(from.0) >= 5 * 60 && minutes(to.0) < 22 * 60 + 30, "{entry:?}");
            let last = last.entry(entry.member.0).or_insert(i64::MIN);
            assert!(*last <= from.0 && from <= to, "{entry:?}");
            *last = to.0;
            assert_eq!(entry.about.is_none(), entry.rule == "sign_in");
            assert!(entry.about.is_none_or(|item| published[&item] <= entry.day), "{entry:?}");
            if entry.rule.ends_with("minutes") {
                assert_eq!(to.ms_since(from), entry.amount);
            }
        }
    }
}

#[test]
fn organizations_have_postings_for_the_activities_of_the_quarter() {
    let set = rules();
    for (today, county) in counties() {
        let quarter = today.quarter().unwrap();
        let activities: BTreeMap<RowId, Activity> = all::<Activity>(&county)
            .into_iter()
            .filter(|activity| activity.held_at.civil_day(0).quarter() == Some(quarter))
            .map(|activity| (activity.id, activity))
            .collect();
        let mut posted = BTreeSet::new();
        let mut given: BTreeMap<(RowId, Option<CivilDay>), i64> = BTreeMap::new();
        for entry in entries(&county).1 {
            let activity = &activities[&entry.about.unwrap()];
            assert_eq!((entry.member.0, entry.org), (activity.org.0, activity.org));
            assert_eq!((entry.day, entry.from_at), (activity.held_at.civil_day(0), Some(activity.held_at)));
            assert!(posted.insert(activity.id), "{entry:?}");
            assert_eq!(entry.points_before, entry.amount_before * set.rule(&entry.rule).unwrap().points);
            *given.entry((entry.member.0, None)).or_default() += entry.points;
            *given.entry((entry.member.0, Some(entry.day))).or_default() += entry.points;
        }
        // None is missing but where a cap is reached.
        let cap = set.rule("activity_held").unwrap().cap;
        for activity in activities.values().filter(|activity| !posted.contains(&activity.id)) {
            let of = |day| given.get(&(activity.org.0, day)).copied();
            let day = activity.held_at.civil_day(0);
            assert!(of(None) == cap.quarter || of(Some(day)) == cap.day, "{activity:?}");
        }
        assert!(posted.len() * 10 > activities.len() * 9, "{} of {}", posted.len(), activities.len());
    }
}

#[test]
fn entries_begin_with_the_rule_set() {
    let county = dangjian_seed::generate(1, day(2026, 1, 12));
    let first = all::<LedgerEntry>(&county).into_iter().map(|entry| entry.day).min().unwrap();
    assert_eq!(first, rules().effective_from);
}

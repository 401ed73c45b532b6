//! Postings from facts.

use std::collections::BTreeMap;

use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::points::post::{Fact, Given, NotReversible, Period, post, reversal};
use dangjian_domain::points::rules::{Caps, FactKind, Rule, RuleSet, Switches};
use dangjian_domain::rows::LedgerEntry;
use dangjian_domain::time::{CivilDay, Quarter};
use proptest::prelude::*;

use super::{BRANCH, Ledger, MEMBER, day, default_set, fact};

const ON: Switches = Switches::STANDARD;

#[test]
fn a_typical_day_is_posted_as_this_table_says() {
    let (set, ledger, today) = (default_set(), Ledger::default(), day(2026, 11, 24));
    let facts = [
        (FactKind::SignIn, 1, 0),
        (FactKind::ReadMs, 180_000, 0),
        (FactKind::ReadMs, 50_000, 180_000),
        (FactKind::ReadMs, 20_000, 230_000),
        (FactKind::ReadMs, 400_000, 250_000),
        (FactKind::ReadMs, 60_000, 650_000),
        (FactKind::ReadItem, 1, 0),
        (FactKind::ReadItem, 1, 1),
        (FactKind::AvMs, 299_999, 0),
        (FactKind::AvItem, 1, 0),
        (FactKind::QuizRight, 4, 0),
        (FactKind::SuggestionAccepted, 1, 0),
        (FactKind::SuggestionAccepted, 1, 1),
        (FactKind::Attendance, 1, 0),
        (FactKind::SignIn, 1, 1),
    ];
    let mut table = String::new();
    for (n, (kind, amount, before)) in facts.into_iter().enumerate() {
        for entry in ledger.post(&set, &ON, &fact(n as u8, kind, today, amount, before)) {
            assert_eq!((entry.version, entry.member.0, entry.org, entry.day), (0, MEMBER, BRANCH, today));
            assert_eq!((entry.amount, entry.amount_before), (amount, before));
            assert_eq!(entry.rule_set, "default-county/2026.1");
            table += &format!("{n} {} {:+} after {}\n", entry.rule, entry.points, entry.points_before);
        }
    }
    assert_eq!(
        table,
        "0 sign_in +1 after 0\n\
         1 read_minutes +3 after 0\n\
         3 read_minutes +1 after 3\n\
         4 read_minutes +2 after 4\n\
         6 read_item +1 after 0\n\
         7 read_item +1 after 1\n\
         8 av_minutes +4 after 0\n\
         9 av_item +1 after 0\n\
         10 quiz +4 after 0\n\
         11 suggestion_accepted +10 after 0\n\
         13 attendance +5 after 0\n"
    );
    assert_eq!(ledger.sum(), 33);
}

#[test]
fn a_days_study_comes_to_thirty_however_much_there_is() {
    let (set, ledger, today) = (default_set(), Ledger::default(), day(2026, 11, 24));
    for (n, kind) in FactKind::ALL.iter().filter(|kind| kind.is_study()).enumerate() {
        ledger.post(&set, &ON, &fact(n as u8, *kind, today, 86_400_000, 0));
    }
    assert_eq!(ledger.sum(), 30);
}

#[test]
fn an_organizations_activity_is_posted_to_it() {
    let held = Fact { subject: BRANCH.0, ..fact(1, FactKind::ActivityHeld, day(2026, 3, 1), 1, 0) };
    let entries = Ledger::default().post(&default_set(), &ON, &held);
    assert_eq!(entries.iter().map(|e| (e.member.0, e.points)).collect::<Vec<_>>(), [(BRANCH.0, 5)]);
}

#[test]
fn caps_of_quarter_and_year_hold_across_days_and_a_new_set() {
    let (set, ledger) = (default_set(), Ledger::default());
    let later = RuleSet { version: "2026.2".into(), effective_from: day(2026, 2, 1), ..default_set() };
    let mut by_quarter = [0; 4];
    for n in 0..360 {
        let day = day(2026, 1, 1).plus_days(n);
        let set = if day < later.effective_from { &set } else { &later };
        for kind in [FactKind::SuggestionAccepted, FactKind::Attendance] {
            let entries = ledger.post(set, &ON, &fact(n as u8, kind, day, 3, 0));
            by_quarter[day.quarter().unwrap().0 as usize % 10 - 1] += entries.iter().map(|e| e.points).sum::<i64>();
        }
    }
    // Suggestions 30 a quarter; attendance 60 a quarter and 200 a year.
    assert_eq!(by_quarter, [90, 90, 90, 50]);
}

#[test]
fn partly_left_caps_give_the_part_that_is_left() {
    let mut set = default_set();
    set.rules =
        vec![Rule { points: 4, cap: Caps { day: Some(10), quarter: Some(11), year: None }, ..set.rules[5].clone() }];
    let ledger = Ledger::default();
    let points: Vec<i64> = [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)]
        .into_iter()
        .map(|(month_day, n)| {
            let on = day(2026, 1, month_day);
            ledger.post(&set, &ON, &fact(n, FactKind::QuizRight, on, 1, 0)).iter().map(|e| e.points).sum()
        })
        .collect();
    assert_eq!(points, [4, 4, 2, 0, 1, 0]);
}

#[test]
fn a_deduction_has_no_cap_and_no_amount_below_zero_counts() {
    let mut set = default_set();
    let less = Rule { points: -3, cap: Caps::default(), every: 2, ..set.rules[7].clone() };
    set.rules = vec![less];
    let points = |amount, before| -> Vec<i64> {
        let fact = fact(1, FactKind::Attendance, day(2026, 1, 1), amount, before);
        post(&set, &ON, &fact, &Ledger::default()).unwrap().iter().map(|e| e.points).collect()
    };
    assert_eq!(points(5, 0), [-6]);
    assert_eq!(points(1, 1), [-3]);
    assert!(points(1, 0).is_empty() && points(0, 0).is_empty() && points(-9, 3).is_empty());
    assert_eq!(points(i64::MAX, i64::MAX), [i64::MIN]);
}

#[test]
fn extreme_facts_neither_overflow_nor_pass_a_cap() {
    struct Extreme(i64);
    impl Given for Extreme {
        type Error = ();
        fn points(&self, _: RowId, _: &str, _: Period) -> Result<i64, ()> {
            Ok(self.0)
        }
    }
    let set = default_set();
    for kind in FactKind::ALL {
        for amount in [i64::MIN, -1, 0, 1, i64::MAX] {
            for before in [i64::MIN, -1, 0, i64::MAX] {
                for on in [CivilDay(i32::MIN), day(2026, 1, 1), CivilDay(i32::MAX)] {
                    for given in [i64::MIN, 0, i64::MAX] {
                        let entries = post(&set, &ON, &fact(1, *kind, on, amount, before), &Extreme(given)).unwrap();
                        assert!(entries.iter().all(|e| e.points > 0 && (given < 0 || e.points <= 10)));
                    }
                }
            }
        }
    }
    // Without a calendar there is no quarter to count in.
    assert!(post(&set, &ON, &fact(1, FactKind::Attendance, CivilDay(i32::MAX), 1, 0), &Extreme(0)).unwrap().is_empty());
}

#[test]
fn a_failing_lookup_is_passed_on() {
    struct Broken;
    impl Given for Broken {
        type Error = &'static str;
        fn points(&self, _: RowId, _: &str, _: Period) -> Result<i64, &'static str> {
            Err("disk")
        }
    }
    let fact = fact(1, FactKind::SignIn, day(2026, 1, 1), 1, 0);
    assert_eq!(post(&default_set(), &ON, &fact, &Broken), Err("disk"));
}

#[test]
fn each_switch_alone_changes_only_the_postings_of_its_own_kind() {
    let all = |switches: &Switches| {
        let (set, ledger) = (default_set(), Ledger::default());
        for kind in FactKind::ALL {
            ledger.post(&set, switches, &fact(1, *kind, day(2026, 5, 1), 120_000, 0));
        }
        ledger.0.into_inner()
    };
    let on = all(&ON);
    let without = Switches { sign_in_points: false, ..ON };
    assert_eq!(all(&without), on.iter().filter(|e| e.rule != "sign_in").cloned().collect::<Vec<_>>());
    for switches in [
        Switches { public_ranking: false, ..ON },
        Switches { names_on_low_boards: false, ..ON },
        Switches { study_in_appraisal: false, ..ON },
        Switches { mandatory_photo: false, ..ON },
        Switches { usage_reports: false, ..ON },
        Switches { forced_check_in: false, ..ON },
    ] {
        assert_eq!(all(&switches), on);
    }
    assert_eq!(all(&Switches::BURDEN_REDUCTION), all(&without));
}

#[test]
fn a_retired_rule_posts_nothing_and_a_new_one_needs_no_code() {
    let mut set = default_set();
    set.rules.retain(|rule| rule.id != "quiz");
    let right = fact(1, FactKind::QuizRight, day(2026, 5, 1), 5, 0);
    assert!(Ledger::default().post(&set, &ON, &right).is_empty());
    let two = [("quiz_fair", 2, 1), ("quiz_all", 5, 3)].map(|(id, every, points)| Rule {
        id: id.into(),
        every,
        points,
        ..default_set().rules[5].clone()
    });
    set.rules.extend(two);
    let entries = Ledger::default().post(&set, &ON, &right);
    assert_eq!(
        entries.iter().map(|e| (e.rule.as_str(), e.points)).collect::<Vec<_>>(),
        [("quiz_fair", 2), ("quiz_all", 3)]
    );
    assert_ne!(entries[0].id, entries[1].id);
}

#[test]
fn a_reversal_is_made_once_of_a_posting_and_never_of_a_reversal() {
    let entry =
        Ledger::default().post(&default_set(), &ON, &fact(1, FactKind::QuizRight, day(2026, 5, 1), 5, 0)).remove(0);
    let op = OpId(RowId([9; 16]));
    let back = reversal(&entry, "答案有误", op).unwrap();
    assert_eq!((back.points, back.day, back.member, back.reverses), (-5, entry.day, entry.member, Some(entry.id)));
    assert_eq!((back.fact, back.reason.as_deref(), back.version), (Some(op), Some("答案有误"), 0));
    assert_eq!(back.id, reversal(&entry, "again", OpId(RowId([10; 16]))).unwrap().id);
    assert_eq!(reversal(&back, "no", op), Err(NotReversible::Reversal));
    assert_eq!(reversal(&LedgerEntry { points: i64::MIN, ..entry }, "no", op), Err(NotReversible::OutOfRange));
}

#[test]
fn a_reversal_does_not_free_the_cap() {
    let (set, ledger, on) = (default_set(), Ledger::default(), day(2026, 5, 1));
    let entry = ledger.post(&set, &ON, &fact(1, FactKind::QuizRight, on, 5, 0)).remove(0);
    ledger.0.borrow_mut().push(reversal(&entry, "答案有误", OpId(RowId([9; 16]))).unwrap());
    assert!(ledger.post(&set, &ON, &fact(2, FactKind::QuizRight, on, 5, 5)).is_empty());
    assert_eq!(ledger.sum(), 0);
}

#[test]
fn a_day_lies_in_its_quarter_and_year() {
    let periods: Vec<_> = Period::of(day(2026, 11, 24)).collect();
    assert_eq!(periods, [Period::Day(day(2026, 11, 24)), Period::Quarter(Quarter(20264)), Period::Year(2026)]);
    assert_eq!(Period::of(CivilDay(i32::MAX)).count(), 1);
}

/// Kinds, days and amounts of facts in the order in which they come.
fn facts() -> impl Strategy<Value = Vec<(FactKind, i32, i64)>> {
    let one = (proptest::sample::select(FactKind::ALL), 0..200i32, 0..400_000i64)
        .prop_map(|(kind, day, amount)| (kind, day, if kind.is_time() { amount } else { amount % 4 }));
    prop::collection::vec(one, 0..120)
}

/// Facts as they come: each knows how much there was that day before.
fn run(facts: &[(FactKind, i32, i64)]) -> Ledger {
    let (set, ledger) = (default_set(), Ledger::default());
    let mut before = BTreeMap::new();
    for (n, (kind, on, amount)) in facts.iter().enumerate() {
        let on = day(2026, 1, 15).plus_days(*on);
        let so_far = before.entry((*kind, on)).or_insert(0);
        ledger.post(&set, &ON, &fact(n as u8, *kind, on, *amount, *so_far));
        *so_far += amount;
    }
    ledger
}

proptest! {
    #[test]
    fn no_cap_is_passed_in_any_order_of_facts(facts in facts()) {
        let ledger = run(&facts);
        let set = default_set();
        for entry in ledger.0.borrow().iter() {
            let cap = set.rule(&entry.rule).unwrap().cap;
            for (period, cap) in Period::of(entry.day).zip([cap.day, cap.quarter, cap.year]) {
                prop_assert!(ledger.points(MEMBER, &entry.rule, period).unwrap() <= cap.unwrap_or(i64::MAX));
            }
            prop_assert!(entry.points > 0);
        }
    }

    #[test]
    fn the_order_of_facts_does_not_change_what_a_day_gives(facts in facts()) {
        let mut reversed = facts.clone();
        reversed.reverse();
        // Longer caps are shared by days, so the sum is the same, not where it lies.
        prop_assert_eq!(run(&facts).sum(), run(&reversed).sum());
    }

    #[test]
    fn what_was_posted_fact_by_fact_is_what_the_days_sums_give(facts in facts()) {
        let mut facts = facts;
        facts.sort_by_key(|(_, on, _)| *on);
        let mut posted = BTreeMap::new();
        for entry in run(&facts).0.into_inner() {
            *posted.entry((entry.rule, entry.day)).or_insert(0) += entry.points;
        }
        // Another way: a day's whole amount, then what is left of each longer cap, day by day.
        let mut sums = BTreeMap::new();
        for (kind, on, amount) in &facts {
            *sums.entry((*kind, day(2026, 1, 15).plus_days(*on))).or_insert(0) += amount;
        }
        let mut used = BTreeMap::new();
        let mut recomputed = BTreeMap::new();
        for ((kind, on), amount) in sums {
            let set = default_set();
            let rule = set.rules.iter().find(|rule| rule.fact == kind).unwrap();
            let (quarter, year) = ((kind, on.quarter().unwrap().0), (kind, on.ymd().unwrap().0));
            let left = |cap: Option<i64>, of| cap.map_or(i64::MAX, |cap| cap - used.get(&of).copied().unwrap_or(0));
            let points = (amount / rule.every * rule.points)
                .min(left(rule.cap.day, (kind, 0)))
                .min(left(rule.cap.quarter, quarter))
                .min(left(rule.cap.year, year));
            *used.entry(quarter).or_insert(0) += points;
            *used.entry(year).or_insert(0) += points;
            if points > 0 {
                recomputed.insert((rule.id.clone(), on), points);
            }
        }
        prop_assert_eq!(posted, recomputed);
    }

    #[test]
    fn a_fact_that_comes_again_has_the_ids_it_had(facts in facts()) {
        let ids = |ledger: Ledger| ledger.0.into_inner().iter().map(|entry| entry.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(run(&facts)), ids(run(&facts)));
        let distinct: std::collections::BTreeSet<_> = ids(run(&facts)).into_iter().collect();
        prop_assert_eq!(distinct.len(), ids(run(&facts)).len());
    }

    #[test]
    fn a_day_cut_into_pieces_gives_what_it_gives_whole(
        kind in proptest::sample::select(FactKind::ALL), pieces in prop::collection::vec(0..200_000i64, 1..20)
    ) {
        let pieces: Vec<i64> = pieces.iter().map(|n| if kind.is_time() { *n } else { n % 3 }).collect();
        let cut: Vec<_> = pieces.iter().map(|amount| (kind, 0, *amount)).collect();
        prop_assert_eq!(run(&cut).sum(), run(&[(kind, 0, pieces.iter().sum())]).sum());
    }
}

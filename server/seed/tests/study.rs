//! What holds for the study of the points township: days and progress agree with the postings, and the two members whom
//! tours watch lie close together.
#![allow(clippy::unwrap_used, reason = "the exemption for tests does not reach their helpers")]

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::rows::{
    ItemKind, ItemProgress, Leadership, LedgerEntry, Member, PointsTotal, RoleGrant, StudyDay, StudyItem,
};
use dangjian_domain::study::checks;
use dangjian_domain::study::credit::finish_ms;
use dangjian_domain::time::CivilDay;
use dangjian_seed::{County, generate};

mod common;
use common::{all, counties, day, rules};

fn items(county: &County) -> BTreeMap<RowId, StudyItem> {
    all::<StudyItem>(county).into_iter().map(|item| (item.id, item)).collect()
}

#[test]
fn a_days_minutes_have_given_the_points_they_are_worth() {
    let set = rules();
    for (today, county) in counties() {
        let mut points: BTreeMap<(MemberId, CivilDay, String), i64> = BTreeMap::new();
        for entry in all::<LedgerEntry>(&county) {
            *points.entry((entry.member, entry.day, entry.rule)).or_default() += entry.points;
        }
        let mut days = 0;
        for studied in all::<StudyDay>(&county) {
            assert_eq!(studied.id, StudyDay::id_of(studied.member, studied.day));
            assert!(today.plus_days(-30) <= studied.day && studied.day < today);
            assert!(studied.read_ms + studied.av_ms > 0);
            assert!((0..=studied.read_ms + studied.av_ms).contains(&studied.offline_ms));
            assert!(studied.offline_ms <= set.study.offline_daily_ms);
            for (rule, ms) in [("read_minutes", studied.read_ms), ("av_minutes", studied.av_ms)] {
                let rule = set.rule(rule).unwrap();
                let worth = (ms / rule.every * rule.points).min(rule.cap.day.unwrap());
                let given = points.remove(&(studied.member, studied.day, rule.id.clone())).unwrap_or(0);
                assert_eq!(given, worth, "{studied:?}");
            }
            days += 1;
        }
        assert!(days > 4_000, "{days} days");
        assert!(points.keys().all(|(_, _, rule)| !rule.ends_with("minutes")), "minutes without a day of study");
    }
}

#[test]
fn progress_sums_to_the_days_and_finished_items_were_posted() {
    let set = rules();
    for (_, county) in counties() {
        let items = items(&county);
        let mut left: BTreeMap<MemberId, i64> = BTreeMap::new();
        for studied in all::<StudyDay>(&county) {
            *left.entry(studied.member).or_default() += studied.read_ms + studied.av_ms;
        }
        let mut finished: BTreeSet<(MemberId, RowId, CivilDay)> = all::<LedgerEntry>(&county)
            .into_iter()
            .filter(|entry| matches!(entry.rule.as_str(), "read_item" | "av_item"))
            .map(|entry| (entry.member, entry.about.unwrap(), entry.day))
            .collect();
        let (mut answered, mut right) = (0, 0);
        for progress in all::<ItemProgress>(&county) {
            let item = &items[&progress.item];
            assert_eq!(progress.id, ItemProgress::id_of(progress.member, progress.item));
            assert!((1..=item.length_ms).contains(&progress.credited_ms), "{progress:?}");
            assert_eq!(progress.observed_ms, progress.credited_ms);
            let enough = progress.credited_ms >= finish_ms(item.length_ms, &set.study);
            assert_eq!(progress.finished_on.is_some(), enough, "{progress:?}");
            if let Some(day) = progress.finished_on {
                assert!(finished.remove(&(progress.member, progress.item, day)), "{progress:?}");
            }
            let seed = checks::seed(progress.member, progress.item);
            let due = |n| checks::due(seed, set.study.checks, u8::try_from(item.checks).unwrap(), n).unwrap().at_ms;
            let n = u32::try_from(progress.answered).unwrap();
            assert!(due(n) >= progress.observed_ms && (n == 0 || due(n - 1) < progress.observed_ms), "{progress:?}");
            assert!(progress.right <= progress.answered);
            (answered, right) = (answered + progress.answered, right + progress.right);
            *left.get_mut(&progress.member).unwrap() -= progress.credited_ms;
        }
        assert!(finished.is_empty() && left.values().all(|ms| *ms == 0));
        assert!(answered > 100 && right < answered && right * 10 > answered * 8, "{right} of {answered}");
    }
}

/// Points of the current quarter of the members of the landmarks' village, and who of them holds no office.
fn village(county: &County, today: CivilDay) -> (BTreeMap<MemberId, i64>, BTreeSet<MemberId>) {
    let quarter = today.quarter().unwrap();
    let members: BTreeSet<MemberId> = all::<Member>(county)
        .into_iter()
        .filter(|member| member.org == county.people.village_branch)
        .map(|member| MemberId(member.id))
        .collect();
    let mut points: BTreeMap<MemberId, i64> = members.iter().map(|member| (*member, 0)).collect();
    let totals = all::<PointsTotal>(county).into_iter().map(|sum| (sum.member, Some(sum.quarter), sum.points));
    let entries = all::<LedgerEntry>(county).into_iter().map(|one| (one.member, one.day.quarter(), one.points));
    for (member, of, more) in totals.chain(entries) {
        if of == Some(quarter) && members.contains(&member) {
            *points.entry(member).or_default() += more;
        }
    }
    let seats = all::<Leadership>(county).into_iter().map(|seat| seat.member);
    let leading: BTreeSet<MemberId> =
        all::<RoleGrant>(county).into_iter().map(|grant| grant.member).chain(seats).collect();
    (points, members.difference(&leading).copied().collect())
}

#[test]
fn the_rival_is_right_behind_the_early_learner_whom_no_plain_member_outranks() {
    let more = [(1, (2026, 10, 1)), (4, (2026, 10, 2)), (5, (2026, 10, 31)), (6, (2026, 12, 31)), (7, (2027, 8, 15))];
    let more = more.into_iter().map(|(seed, (year, month, date))| {
        let today = day(year, month, date);
        (today, generate(seed, today))
    });
    for (today, county) in counties().chain(more) {
        let marks = &county.people;
        let (points, plain) = village(&county, today);
        let (early, rival) = (points[&marks.early_learner], points[&marks.rival]);
        // On the first day of a quarter nobody has points.
        let first = today.quarter().unwrap().first_day().unwrap() == today;
        let gap = if first { 0..=0 } else { 2..=3 };
        assert!(gap.contains(&(early - rival)), "{early} and {rival} on {today:?}");
        for other in plain.iter().filter(|other| ![marks.early_learner, marks.rival].contains(other)) {
            assert!(points[other] < rival || first, "{} before {rival} on {today:?}", points[other]);
        }
    }
}

#[test]
fn the_early_learner_and_the_rival_study_daily_and_have_something_left_to_study() {
    for (today, county) in counties() {
        let items = items(&county);
        for member in [county.people.early_learner, county.people.rival] {
            let days = all::<StudyDay>(&county).into_iter().filter(|studied| studied.member == member);
            let days: BTreeSet<CivilDay> = days.map(|studied| studied.day).collect();
            assert_eq!(days.len(), 30);
            let credited: BTreeMap<RowId, i64> = all::<ItemProgress>(&county)
                .into_iter()
                .filter(|progress| progress.member == member)
                .map(|progress| (progress.item, progress.credited_ms))
                .collect();
            let left: i64 = (items.values())
                .filter(|item| item.kind == ItemKind::Article)
                .map(|item| item.length_ms - credited.get(&item.id).copied().unwrap_or(0))
                .sum();
            assert!(left >= 30 * 60_000, "{left} ms of articles left");
            let (year, month, _) = today.ymd().unwrap();
            let now = Some(i64::from(year) * 100 + i64::from(month));
            assert!(!items.values().any(|item| item.required_month == now && credited.contains_key(&item.id)));
        }
        let mornings = all::<LedgerEntry>(&county)
            .into_iter()
            .filter(|entry| entry.member == county.people.early_learner)
            .all(|entry| entry.to_at.unwrap().ms_since(entry.day.start()) < 6 * 3_600_000);
        assert!(mornings);
    }
}

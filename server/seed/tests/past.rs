//! What holds for the past of every generated county, and that a seed gives the same county again.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::rows::{
    Activity, ItemProgress, Leadership, LedgerEntry, Member, MemberFile, Notice, NoticeScope, OrgKind, Organization,
    Participation, Pay, PointsTotal, Role, RoleGrant, RuleSetRow, StudyDay, StudyItem, Synced, TABLES,
};
use dangjian_domain::schema::Value;
use dangjian_domain::time::CivilDay;
use dangjian_seed::{County, generate};

mod common;
use common::{all, counties, day, organizations};

fn fingerprint(county: &County) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    // The text of the rule set is the domain's own.
    for row in county.rows.iter().filter(|row| row.table() != RuleSetRow::TABLE) {
        add(&row.table().no.to_be_bytes());
        for value in row.values() {
            match value {
                Value::Null => add(&[0]),
                Value::Int(n) => add(&n.to_be_bytes()),
                Value::Id(id) => add(&id.0),
                Value::Text(text) => add(text.as_bytes()),
            }
        }
    }
    for (sha256, bytes) in &county.catalogue.contents {
        add(sha256);
        add(bytes);
    }
    for (item, check, right, choices) in &county.catalogue.answers {
        add(&item.0);
        add(&[*check, *right, *choices]);
    }
    for (id, body) in &county.catalogue.questions {
        add(id.as_bytes());
        add(body.as_bytes());
    }
    hash
}

#[test]
fn every_row_is_read_back_as_it_was_written() {
    fn count<T: Synced>(county: &County) -> usize {
        let again = |row| T::from_row(row).unwrap().to_row();
        let rows = || county.rows.iter().filter(|row| row.table() == T::TABLE);
        assert!(rows().all(|row| again(row) == *row));
        rows().count()
    }
    for (_, county) in counties() {
        let typed = [
            count::<Organization>(&county),
            count::<Member>(&county),
            count::<MemberFile>(&county),
            count::<Pay>(&county),
            count::<Leadership>(&county),
            count::<RoleGrant>(&county),
            count::<Participation>(&county),
            count::<Notice>(&county),
            count::<Activity>(&county),
            count::<PointsTotal>(&county),
            count::<LedgerEntry>(&county),
            count::<StudyItem>(&county),
            count::<StudyDay>(&county),
            count::<ItemProgress>(&county),
            count::<RuleSetRow>(&county),
        ];
        assert_eq!(typed.iter().sum::<usize>(), county.rows.len());
        assert!(county.rows.iter().all(|row| row.version() == 1));
        let order: Vec<u16> = county.rows.iter().map(|row| row.table().no).collect();
        assert!(order[..852].iter().all(|no| *no == 1) && order[852..][..20_138].iter().all(|no| *no == 2));
    }
}

#[test]
fn nothing_happened_after_the_beginning_of_today() {
    /// Columns that may lie ahead.
    const AHEAD: [&str; 1] = ["term_until"];
    let days =
        ["born", "joined", "from_day", "term_from", "since", "day", "published_on", "finished_on", "effective_from"];
    let instants = ["published_at", "held_at", "recorded_at", "from_at", "to_at"];
    let timed: Vec<&str> = TABLES.iter().flat_map(|table| table.columns).map(|column| column.name).collect();
    assert!(days.iter().chain(&instants).chain(&AHEAD).all(|name| timed.contains(name)));
    for (today, county) in counties() {
        for row in &county.rows {
            let value = |name| match row.get(name) {
                Some(Value::Int(n)) => Some(*n),
                _ => None,
            };
            assert!(days.iter().filter_map(|name| value(name)).all(|n| n <= i64::from(today.0)), "{row:?}");
            assert!(instants.iter().filter_map(|name| value(name)).all(|ms| ms < today.start().0), "{row:?}");
            assert!(value("quarter").is_none_or(|quarter| quarter <= i64::from(today.quarter().unwrap().0)));
        }
    }
}

#[test]
fn notices_come_from_who_may_publish_them_over_two_years() {
    for (today, county) in counties() {
        let orgs = organizations(&county);
        let grants: BTreeSet<(OrgId, RowId, Role)> =
            all::<RoleGrant>(&county).into_iter().map(|grant| (grant.org, grant.member.0, grant.role)).collect();
        let mut published: BTreeMap<OrgKind, usize> = BTreeMap::new();
        let mut first = today.start();
        for notice in all::<Notice>(&county) {
            let may =
                [Role::Secretary, Role::Officer].map(|role| grants.contains(&(notice.org, notice.author.0, role)));
            assert!(may.contains(&true), "{}", notice.title);
            let kind = orgs[&notice.org].kind;
            let branch = matches!(kind, OrgKind::Branch | OrgKind::MigrantBranch);
            assert_eq!(notice.scope == NoticeScope::Branch, branch);
            first = first.min(notice.published_at);
            *published.entry(kind).or_default() += 1;
        }
        assert!((90..=100).contains(&published[&OrgKind::CountyCommittee]), "{published:?}");
        assert!((250..=280).contains(&published[&OrgKind::PartyCommittee]), "{published:?}");
        assert!((1_200..=3_500).contains(&published[&OrgKind::Branch]), "{published:?}");
        assert!((50..=200).contains(&published[&OrgKind::MigrantBranch]), "{published:?}");
        assert!(first >= today.plus_days(-731).start() && first < today.plus_days(-700).start());
    }
}

#[test]
fn activities_are_recorded_after_they_were_held_and_never_two_at_once() {
    for (_, county) in counties() {
        let mut held = BTreeSet::new();
        for activity in all::<Activity>(&county) {
            let delay = activity.recorded_at.ms_since(activity.held_at);
            assert!((3_600_000..=15 * 86_400_000).contains(&delay), "{activity:?}");
            assert!((1..=activity.expected).contains(&activity.present), "{activity:?}");
            assert!(!activity.title.is_empty() && !activity.place.is_empty());
            assert!(held.insert((activity.org, activity.held_at)), "{activity:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_county_and_another_seed_another() {
    let today = day(2026, 11, 23);
    let county = generate(1, today);
    assert_eq!(county, generate(1, today));
    let other = generate(2, today);
    assert_ne!(county.deployment, other.deployment);
    assert_ne!(fingerprint(&county), fingerprint(&other));
    // The same on every platform, and changed only on purpose.
    assert_eq!(format!("{:016x}", fingerprint(&county)), "eb5b5433247147a9");
}

#[test]
fn ids_of_people_and_organizations_stay_from_day_to_day() {
    let ids = |today| -> Vec<RowId> { generate(1, today).rows.iter().take(852 + 20_138).map(|row| row.id()).collect() };
    assert_eq!(ids(day(2026, 11, 23)), ids(day(2026, 11, 24)));
}

#[test]
fn a_day_beyond_the_calendar_gives_a_county_too() {
    for today in [CivilDay(i32::MIN), CivilDay(0), CivilDay(i32::MAX)] {
        assert_eq!(all::<Member>(&generate(1, today)).len(), 20_138);
    }
}

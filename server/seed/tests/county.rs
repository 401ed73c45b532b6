//! What holds for the tree and the people of every generated county, whatever the seed and the day.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{
    Activity, ActivityKind, Leadership, Member, MemberFile, MemberStatus, OrgKind, Organization, Participation, Pay,
    PointsTotal, Post, Role, RoleGrant, Standing,
};
use dangjian_seed::generate;

mod common;
use common::{all, counties, day, organizations};

#[test]
fn the_county_has_the_size_of_the_real_one() {
    for (_, county) in counties() {
        assert_eq!(all::<Organization>(&county).len(), 852);
        let members: Vec<Member> = all(&county);
        assert_eq!(members.len(), 20_138);
        assert_eq!(all::<MemberFile>(&county).len(), 20_138);
        assert_eq!(all::<Pay>(&county).len(), 20_138);
        let totals: BTreeSet<_> =
            all::<PointsTotal>(&county).into_iter().map(|sum| (sum.member, sum.quarter)).collect();
        assert_eq!(totals.len(), 5 * 20_138);
        // How long a county takes to load follows from it.
        assert!((260_000..=320_000).contains(&county.rows.len()), "{} rows", county.rows.len());
        let activities = all::<Activity>(&county).len();
        assert!((30_000..=40_000).contains(&activities), "{activities} activities");
        let suspended = members.iter().filter(|member| member.status == MemberStatus::Suspended).count();
        assert!((20..=70).contains(&suspended), "{suspended} suspended");
        assert!(members.iter().all(|member| matches!(member.status, MemberStatus::Active | MemberStatus::Suspended)));
        let probationary = members.iter().filter(|member| member.standing == Standing::Probationary).count();
        assert!((200..=900).contains(&probationary), "{probationary} probationary");
    }
}

#[test]
fn the_row_counts_are_those_that_the_readme_lists() {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &generate(1, day(2026, 11, 23)).rows {
        *counted.entry(row.table().name).or_default() += 1;
    }
    let (_, readme) = include_str!("../data/README.md").split_once("## How many rows").unwrap();
    let cells: Vec<&str> = readme.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in cells.windows(2) {
        let Ok(rows) = pair[1].trim_end_matches(" each").replace(',', "").parse() else { continue };
        listed.extend(pair[0].split(", ").map(|name| (name, rows)));
    }
    assert_eq!(listed, counted);
}

#[test]
fn the_tree_has_one_root_and_every_parent_stands_before_its_children() {
    for (_, county) in counties() {
        let mut seen = BTreeSet::new();
        for org in all::<Organization>(&county) {
            match org.parent {
                None => assert_eq!((OrgId(org.id), org.kind), (county.root, OrgKind::CountyCommittee)),
                Some(parent) => assert!(seen.contains(&parent), "{}", org.name),
            }
            assert_eq!(org.county, county.root);
            seen.insert(OrgId(org.id));
        }
    }
}

#[test]
fn the_kinds_of_organizations_are_as_many_as_they_should_be() {
    let (_, county) = counties().next().unwrap();
    let orgs = organizations(&county);
    let count = |wanted: fn(&Organization) -> bool| orgs.values().filter(|org| wanted(org)).count();
    let township = |org: &Organization| org.area_code.is_some_and(|code| code < 1_000_000_000);
    let place = |org: &Organization| org.area_code.is_some_and(|code| code > 1_000_000_000);
    assert_eq!(count(township), 13);
    assert_eq!(count(place), 239);
    assert_eq!(count(|org| org.kind == OrgKind::MigrantCommittee), 2);
    assert_eq!(count(|org| org.kind == OrgKind::MigrantBranch), 14);
    assert!(count(|org| org.city.as_deref() == Some("东莞")) >= 3);
    for org in orgs.values() {
        let parent = org.parent.and_then(|parent| orgs.get(&parent)).map(|parent| parent.kind);
        let fits = match org.kind {
            OrgKind::CountyCommittee => parent.is_none(),
            OrgKind::PartyCommittee | OrgKind::WorkingCommittee | OrgKind::MigrantCommittee => {
                parent == Some(OrgKind::CountyCommittee)
            }
            OrgKind::GeneralBranch => {
                matches!(parent, Some(OrgKind::PartyCommittee | OrgKind::WorkingCommittee))
            }
            OrgKind::Branch => {
                matches!(parent, Some(OrgKind::PartyCommittee | OrgKind::WorkingCommittee | OrgKind::GeneralBranch))
            }
            OrgKind::MigrantBranch => parent == Some(OrgKind::MigrantCommittee),
        };
        assert!(fits, "{} under {parent:?}", org.name);
    }
}

#[test]
fn every_member_belongs_to_a_branch_of_three_to_sixty() {
    for (_, county) in counties() {
        let orgs = organizations(&county);
        let mut sizes: BTreeMap<OrgId, usize> = BTreeMap::new();
        for member in all::<Member>(&county) {
            assert_eq!(orgs[&member.org].kind, OrgKind::Branch, "{}", member.name);
            *sizes.entry(member.org).or_default() += 1;
        }
        for org in orgs.values().filter(|org| org.kind == OrgKind::Branch) {
            let size = sizes.get(&OrgId(org.id)).copied().unwrap_or(0);
            assert!((3..=60).contains(&size), "{} has {size}", org.name);
        }
    }
}

#[test]
fn ids_numbers_and_phones_are_unique() {
    for (_, county) in counties() {
        let ids: BTreeSet<RowId> = county.rows.iter().map(|row| row.id()).collect();
        assert_eq!(ids.len(), county.rows.len());
        assert!(!ids.contains(&RowId([0; 16])));
        let numbers: BTreeSet<String> = all::<Member>(&county).into_iter().map(|member| member.number).collect();
        assert_eq!(numbers.len(), 20_138);
        assert!(numbers.iter().all(|number| number.len() == 12 && number.starts_with("431128")));
        let phones: BTreeSet<String> = all::<MemberFile>(&county).into_iter().map(|file| file.phone).collect();
        assert_eq!(phones.len(), 20_138);
        assert!(phones.iter().all(|phone| phone.len() == 11 && phone.starts_with("199000")));
        assert!(numbers.is_disjoint(&phones), "both are logins");
    }
}

#[test]
fn files_and_pay_fit_their_members() {
    for (today, county) in counties() {
        let members: BTreeMap<RowId, Member> = all::<Member>(&county).into_iter().map(|m| (m.id, m)).collect();
        for file in all::<MemberFile>(&county) {
            let member = &members[&file.member.0];
            assert_eq!(file.org, member.org);
            let age_at_joining = file.joined.0 - file.born.0;
            assert!(age_at_joining >= 18 * 365, "{file:?}");
            let full = member.standing == Standing::Full;
            assert_eq!(full, file.joined <= today.plus_days(-365), "{file:?}");
        }
        for pay in all::<Pay>(&county) {
            assert!(members.contains_key(&pay.member.0) && pay.monthly_fen >= 0);
        }
    }
}

#[test]
fn migrants_take_part_in_one_of_fourteen_branches_and_stay_affiliated_at_home() {
    for (_, county) in counties() {
        let orgs = organizations(&county);
        let participations: Vec<Participation> = all(&county);
        assert!((2_800..=3_000).contains(&participations.len()), "{}", participations.len());
        let branches: BTreeSet<OrgId> = participations.iter().map(|guest| guest.org).collect();
        assert_eq!(branches.len(), 14);
        assert!(branches.iter().all(|branch| orgs[branch].kind == OrgKind::MigrantBranch));

        let guests: BTreeMap<RowId, &str> = participations.iter().map(|g| (g.member.0, g.name.as_str())).collect();
        assert_eq!(guests.len(), participations.len());
        for member in all::<Member>(&county) {
            assert_eq!(member.migrant, guests.contains_key(&member.id));
            if member.migrant {
                assert!(orgs[&member.org].area_code.is_some(), "home is a village or community");
                assert_eq!(guests[&member.id], member.name);
            }
        }
    }
}

#[test]
fn thirty_six_take_part_in_the_third_dongguan_branch_including_its_leaders() {
    for (_, county) in counties() {
        let marks = &county.people;
        let guests: BTreeSet<MemberId> = all::<Participation>(&county)
            .into_iter()
            .filter(|guest| guest.org == marks.dongguan_third)
            .map(|guest| guest.member)
            .collect();
        assert_eq!(guests.len(), 36);
        assert_eq!(marks.dongguan_members.iter().copied().collect::<BTreeSet<_>>(), guests);
        assert!(guests.contains(&marks.dongguan_secretary) && guests.contains(&marks.dongguan_deputy));
        assert_ne!(marks.dongguan_secretary, marks.dongguan_deputy);

        let past: Vec<Activity> = all::<Activity>(&county)
            .into_iter()
            .filter(|activity| activity.org == marks.dongguan_third && activity.held_at < day(2019, 1, 1).start())
            .collect();
        let on_2018_08_19: Vec<_> =
            past.iter().filter(|a| a.held_at.civil_day(0) == day(2018, 8, 19)).map(|a| a.kind).collect();
        assert_eq!(on_2018_08_19, [ActivityKind::GeneralMeeting, ActivityKind::ThemedPartyDay]);
        assert!(past.iter().any(|a| a.kind == ActivityKind::Volunteering && a.title.contains("32500")));
    }
}

#[test]
fn every_organization_has_a_secretary_who_belongs_there() {
    for (_, county) in counties() {
        let orgs = organizations(&county);
        let members: BTreeMap<RowId, Member> = all::<Member>(&county).into_iter().map(|m| (m.id, m)).collect();
        let guests: BTreeSet<(OrgId, RowId)> =
            all::<Participation>(&county).into_iter().map(|guest| (guest.org, guest.member.0)).collect();
        let mut sizes: BTreeMap<OrgId, usize> = BTreeMap::new();
        members.values().for_each(|member| *sizes.entry(member.org).or_default() += 1);
        let mut held: BTreeMap<(OrgId, Role), usize> = BTreeMap::new();
        for grant in all::<RoleGrant>(&county) {
            let member = &members[&grant.member.0];
            assert_eq!((member.status, member.standing), (MemberStatus::Active, Standing::Full));
            match orgs[&grant.org].kind {
                OrgKind::Branch => assert_eq!(member.org, grant.org),
                OrgKind::MigrantBranch => assert!(guests.contains(&(grant.org, grant.member.0))),
                OrgKind::MigrantCommittee => assert!(member.migrant),
                _ => assert!(!member.migrant),
            }
            *held.entry((grant.org, grant.role)).or_default() += 1;
        }
        for (id, org) in &orgs {
            let count = |role| held.get(&(*id, role)).copied().unwrap_or(0);
            let deputies = match org.kind {
                OrgKind::Branch => usize::from(sizes[id] >= 7),
                OrgKind::MigrantBranch => usize::from(*id == county.people.dongguan_third),
                _ => 0,
            };
            let township = org.area_code.is_some() && org.kind != OrgKind::Branch;
            assert_eq!(count(Role::Secretary), 1, "{}", org.name);
            assert_eq!(count(Role::DeputySecretary), deputies, "{}", org.name);
            assert_eq!(count(Role::Reviewer), if township { 2 } else { 0 }, "{}", org.name);
            assert_eq!(count(Role::Officer), if *id == county.root { 4 } else { 0 }, "{}", org.name);
        }
    }
}

#[test]
fn terms_run_now_and_some_end_within_six_months() {
    for (today, county) in counties() {
        let orgs = organizations(&county);
        let mut seats: BTreeMap<OrgId, Vec<Leadership>> = BTreeMap::new();
        for seat in all::<Leadership>(&county) {
            let village = orgs[&seat.org].area_code.is_some();
            let years = match orgs[&seat.org].kind {
                OrgKind::Branch if !village => 3,
                OrgKind::GeneralBranch | OrgKind::MigrantBranch => 3,
                _ => 5,
            };
            assert!(seat.term_from < today && today < seat.term_until, "{seat:?}");
            let (from, until) = (seat.term_from.ymd().unwrap(), seat.term_until.ymd().unwrap());
            assert_eq!(until.0 - from.0, years, "{}", orgs[&seat.org].name);
            seats.entry(seat.org).or_default().push(seat);
        }
        assert_eq!(seats.len(), 852);
        for (org, seats) in &seats {
            let posts: BTreeSet<Post> = seats.iter().map(|seat| seat.post).collect();
            assert_eq!(posts.len(), seats.len(), "{}", orgs[org].name);
            assert!(posts.contains(&Post::Secretary) && matches!(seats.len(), 1 | 3..=5));
            assert!(seats.iter().all(|seat| seat.term_until == seats[0].term_until));
        }
        let soon = seats.values().filter(|seats| seats[0].term_until <= today.plus_days(183)).count();
        assert!((20..=400).contains(&soon), "{soon} terms end within six months");
    }
}

#[test]
fn the_landmarks_are_what_they_are_called() {
    for (_, county) in counties() {
        let marks = &county.people;
        let orgs = organizations(&county);
        let members: BTreeMap<RowId, Member> = all::<Member>(&county).into_iter().map(|m| (m.id, m)).collect();
        let grants: Vec<RoleGrant> = all(&county);
        let holds = |member, org, role| grants.iter().any(|g| (g.member, g.org, g.role) == (member, org, role));
        assert!(holds(marks.county_officer, county.root, Role::Officer));
        assert!(holds(marks.township_reviewer, marks.township, Role::Reviewer));
        assert!(holds(marks.dongguan_secretary, marks.dongguan_third, Role::Secretary));
        assert!(holds(marks.dongguan_deputy, marks.dongguan_third, Role::DeputySecretary));
        assert!(holds(marks.village_secretary, marks.village_branch, Role::Secretary));
        let plain = BTreeSet::from([marks.village_member, marks.early_learner, marks.rival]);
        assert_eq!(plain.len(), 3);
        for id in plain {
            let plain = &members[&id.0];
            assert_eq!((plain.org, plain.migrant), (marks.village_branch, false));
            assert_eq!((plain.standing, plain.status), (Standing::Full, MemberStatus::Active));
            assert!(!grants.iter().any(|grant| grant.member == id));
        }
        assert_ne!(marks.village_branch, marks.second_village_branch);
        for village in [marks.village_branch, marks.second_village_branch] {
            assert_eq!(orgs[&village].parent, Some(marks.township));
            assert!(orgs[&village].area_code.is_some());
        }
        assert_eq!(orgs[&marks.dongguan_third].name, "东莞第三流动党支部");
    }
}

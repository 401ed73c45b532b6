//! A county small enough to know by heart.
//!
//! ```text
//! county ─┬─ township 1 ─┬─ branch a   secretary Wang, members Li and Zhao (guest in g)
//!         │              └─ branch b   secretary Chen, member Sun, reviewer Qian (of township 1)
//!         ├─ township 2 ─── branch d   secretary Zhou, member Wu, officer Zheng (of the county)
//!         └─ migrants   ─── branch g
//! ```

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::*;
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};

/// The time everything begins.
pub(crate) const START: Timestamp = Timestamp(1_795_000_000_000);

pub(crate) const fn org(n: u8) -> OrgId {
    OrgId(RowId([n; 16]))
}

pub(crate) const fn member(n: u8) -> MemberId {
    MemberId(RowId([0x40 + n; 16]))
}

pub(crate) const COUNTY: OrgId = org(1);
pub(crate) const TOWNSHIP_1: OrgId = org(2);
pub(crate) const TOWNSHIP_2: OrgId = org(3);
pub(crate) const MIGRANTS: OrgId = org(4);
pub(crate) const A: OrgId = org(5);
pub(crate) const B: OrgId = org(6);
pub(crate) const D: OrgId = org(7);
pub(crate) const G: OrgId = org(8);

pub(crate) const WANG: MemberId = member(1);
pub(crate) const LI: MemberId = member(2);
pub(crate) const ZHAO: MemberId = member(3);
pub(crate) const CHEN: MemberId = member(4);
pub(crate) const SUN: MemberId = member(5);
pub(crate) const QIAN: MemberId = member(6);
pub(crate) const ZHOU: MemberId = member(7);
pub(crate) const WU: MemberId = member(8);
pub(crate) const ZHENG: MemberId = member(9);

pub(crate) fn number(member: MemberId) -> String {
    format!("XT{:04}", member.0.0[0] - 0x40)
}

pub(crate) fn phone_number(member: MemberId) -> String {
    format!("138000000{:02}", member.0.0[0] - 0x40)
}

pub(crate) fn organization(id: OrgId, parent: Option<OrgId>, kind: OrgKind) -> Row {
    Organization {
        id: id.0,
        version: 0,
        county: COUNTY,
        parent,
        kind,
        name: format!("党组织 {}", id.0.0[0]),
        area_code: None,
        city: None,
    }
    .to_row()
}

pub(crate) fn member_row(id: MemberId, home: OrgId) -> Member {
    Member {
        id: id.0,
        version: 0,
        org: home,
        number: number(id),
        name: format!("党员 {}", id.0.0[0]),
        standing: Standing::Full,
        status: MemberStatus::Active,
        migrant: false,
    }
}

pub(crate) fn role_id(member: MemberId, org: OrgId) -> RowId {
    RowId::derived("role", &[member.0, org.0])
}

pub(crate) fn role(member: MemberId, org: OrgId, role: Role) -> Row {
    RoleGrant { id: role_id(member, org), version: 0, member, org, role, since: CivilDay(20_000) }.to_row()
}

pub(crate) fn participation(member: MemberId, org: OrgId) -> Row {
    let id = RowId::derived("participation", &[member.0, org.0]);
    Participation { id, version: 0, org, member, name: "流动党员".into(), since: CivilDay(20_000) }.to_row()
}

/// A member with file, pay and points.
pub(crate) fn person(id: MemberId, home: OrgId) -> Vec<Row> {
    let of = |context: &str| RowId::derived(context, &[id.0]);
    vec![
        member_row(id, home).to_row(),
        MemberFile {
            id: of("file"),
            version: 0,
            member: id,
            org: home,
            gender: Gender::Female,
            born: CivilDay(1_000),
            joined: CivilDay(9_000),
            education: "大专".into(),
            occupation: "农民".into(),
            phone: phone_number(id),
        }
        .to_row(),
        Pay {
            id: of("pay"),
            version: 0,
            member: id,
            basis: PayBasis::Salary,
            monthly_fen: 380_000,
            from_day: CivilDay(20_000),
        }
        .to_row(),
        PointsTotal {
            id: of("points"),
            version: 0,
            member: id,
            org: home,
            quarter: Quarter(20263),
            points: 40,
            carried: false,
            component: None,
        }
        .to_row(),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![
        organization(COUNTY, None, OrgKind::CountyCommittee),
        organization(TOWNSHIP_1, Some(COUNTY), OrgKind::PartyCommittee),
        organization(TOWNSHIP_2, Some(COUNTY), OrgKind::PartyCommittee),
        organization(MIGRANTS, Some(COUNTY), OrgKind::MigrantCommittee),
        organization(A, Some(TOWNSHIP_1), OrgKind::Branch),
        organization(B, Some(TOWNSHIP_1), OrgKind::Branch),
        organization(D, Some(TOWNSHIP_2), OrgKind::Branch),
        organization(G, Some(MIGRANTS), OrgKind::MigrantBranch),
    ];
    for (id, home) in [(WANG, A), (LI, A), (ZHAO, A), (CHEN, B), (SUN, B), (QIAN, B), (ZHOU, D), (WU, D), (ZHENG, D)] {
        rows.extend(person(id, home));
    }
    for (id, at) in [(WANG, A), (CHEN, B), (ZHOU, D)] {
        rows.push(role(id, at, Role::Secretary));
    }
    rows.push(role(QIAN, TOWNSHIP_1, Role::Reviewer));
    rows.push(role(ZHENG, COUNTY, Role::Officer));
    rows.push(participation(ZHAO, G));
    rows
}

//! Small random counties: a tree of organizations, members, roles and guests. People are made up.

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::Gender;
use dangjian_domain::rows::{
    Member, MemberFile, MemberStatus, OrgKind, Organization, Participation, Pay, PayBasis, PointsTotal, Role,
    RoleGrant, Standing, Synced,
};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter};
use dangjian_protocol::random::{Random, SplitMix};

/// A number below `n`.
pub fn below(random: &mut SplitMix, n: usize) -> usize {
    (random.next_u64() % n.max(1) as u64) as usize
}

/// True once in `n` times.
pub fn one_in(random: &mut SplitMix, n: u64) -> bool {
    random.next_u64().is_multiple_of(n)
}

/// A random id.
pub fn id(random: &mut SplitMix) -> RowId {
    RowId::v7(1_700_000_000_000, random.bytes())
}

/// A small county.
#[derive(Debug, Clone)]
pub struct SmallCounty {
    /// The county committee.
    pub root: OrgId,
    /// Every organization with its parent and kind.
    pub orgs: Vec<(OrgId, Option<OrgId>, OrgKind)>,
    /// Every member with the branch.
    pub members: Vec<(MemberId, OrgId)>,
    /// Roles.
    pub roles: Vec<(MemberId, OrgId, Role)>,
    /// Guests.
    pub guests: Vec<(MemberId, OrgId)>,
    /// All of it as rows.
    pub rows: Vec<Row>,
}

impl SmallCounty {
    /// A county of at most `committees` committees, with branches and members below.
    pub fn random(random: &mut SplitMix, committees: usize, members: usize) -> Self {
        let root = OrgId(id(random));
        let mut orgs = vec![(root, None, OrgKind::CountyCommittee)];
        for _ in 0..1 + below(random, committees) {
            let committee = OrgId(id(random));
            orgs.push((committee, Some(root), OrgKind::PartyCommittee));
            let mut above = committee;
            if one_in(random, 3) {
                above = OrgId(id(random));
                orgs.push((above, Some(committee), OrgKind::GeneralBranch));
            }
            for _ in 0..1 + below(random, 3) {
                orgs.push((OrgId(id(random)), Some(above), OrgKind::Branch));
            }
        }
        let migrants = OrgId(id(random));
        orgs.push((migrants, Some(root), OrgKind::MigrantCommittee));
        orgs.push((OrgId(id(random)), Some(migrants), OrgKind::MigrantBranch));

        let branches: Vec<OrgId> = orgs.iter().filter(|org| org.2 == OrgKind::Branch).map(|org| org.0).collect();
        let guest_branch = orgs.last().unwrap().0;
        let mut county = Self { root, orgs, members: vec![], roles: vec![], guests: vec![], rows: vec![] };
        for _ in 0..members {
            let member = (MemberId(id(random)), branches[below(random, branches.len())]);
            county.members.push(member);
            if one_in(random, 4) {
                county.guests.push((member.0, guest_branch));
            }
        }
        for (org, _, kind) in county.orgs.clone() {
            let (candidates, role): (Vec<MemberId>, _) = match kind {
                OrgKind::Branch => (county.of(org), Role::Secretary),
                OrgKind::MigrantBranch => (county.guests.iter().map(|guest| guest.0).collect(), Role::Secretary),
                OrgKind::CountyCommittee => (county.everybody(), Role::Officer),
                OrgKind::PartyCommittee if one_in(random, 2) => (county.everybody(), Role::Reviewer),
                _ => (county.everybody(), Role::Secretary),
            };
            if !candidates.is_empty() {
                county.roles.push((candidates[below(random, candidates.len())], org, role));
            }
        }
        county.rows = county.as_rows(random);
        county
    }

    /// The members of a branch.
    pub fn of(&self, branch: OrgId) -> Vec<MemberId> {
        self.members.iter().filter(|member| member.1 == branch).map(|member| member.0).collect()
    }

    fn everybody(&self) -> Vec<MemberId> {
        self.members.iter().map(|member| member.0).collect()
    }

    fn as_rows(&self, random: &mut SplitMix) -> Vec<Row> {
        let day = CivilDay(20_000);
        let mut rows = vec![];
        for (at, (org, parent, kind)) in self.orgs.iter().enumerate() {
            let org = Organization {
                id: org.0,
                version: 1,
                county: self.root,
                parent: *parent,
                kind: *kind,
                name: format!("第{at}{}", kind.label()),
                area_code: None,
                city: None,
            };
            rows.push(org.to_row());
        }
        for (at, (member, org)) in self.members.iter().enumerate() {
            let migrant = self.guests.iter().any(|guest| guest.0 == *member);
            rows.push(
                Member {
                    id: member.0,
                    version: 1,
                    org: *org,
                    number: number(at),
                    name: format!("党员{at}"),
                    standing: Standing::Full,
                    status: MemberStatus::Active,
                    migrant,
                }
                .to_row(),
            );
            rows.push(
                MemberFile {
                    id: id(random),
                    version: 1,
                    member: *member,
                    org: *org,
                    gender: Gender::Female,
                    born: day,
                    joined: day,
                    education: "高中".into(),
                    occupation: "务农".into(),
                    phone: format!("199{at:08}"),
                }
                .to_row(),
            );
            rows.push(
                Pay {
                    id: id(random),
                    version: 1,
                    member: *member,
                    basis: PayBasis::Farmer,
                    monthly_fen: 0,
                    from_day: day,
                }
                .to_row(),
            );
            rows.push(
                PointsTotal {
                    id: id(random),
                    version: 1,
                    member: *member,
                    org: *org,
                    quarter: Quarter(20_263),
                    points: below(random, 900) as i64,
                    carried: false,
                    component: None,
                }
                .to_row(),
            );
        }
        for (member, org, role) in &self.roles {
            rows.push(
                RoleGrant { id: id(random), version: 1, member: *member, org: *org, role: *role, since: day }.to_row(),
            );
        }
        for (member, org) in &self.guests {
            let name = format!("流动{}", rows.len());
            rows.push(
                Participation { id: id(random), version: 1, org: *org, member: *member, name, since: day }.to_row(),
            );
        }
        rows
    }
}

/// The login of the nth member.
pub fn number(at: usize) -> String {
    format!("43112800{at:04}")
}

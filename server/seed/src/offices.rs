//! Who is needed to lead what: the seats of every organization, and the branch whose members sit in them.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{Leadership, OrgKind, Post, Role, RoleGrant, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;

use crate::calendar::years_before;
use crate::ids::Ids;
use crate::orgs::{Org, Setting, named};
use crate::rng::Rng;

/// The branch of the county committee's own office.
const COMMITTEE_OFFICE: &str = "县委办公室党支部";
/// The branch of the organization department, where the county's officers work.
const ORGANIZATION_DEPARTMENT: &str = "县委组织部党支部";
/// The one migrant branch that has a deputy secretary.
pub(crate) const DONGGUAN_THIRD: &str = "东莞第三流动党支部";

/// Something a member is or may do for an organization.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat {
    pub(crate) org: OrgId,
    /// A post in the leadership; its term is `from` to `until`.
    pub(crate) post: Option<Post>,
    pub(crate) role: Option<Role>,
    pub(crate) from: CivilDay,
    pub(crate) until: CivilDay,
}

/// A seat with the member who took it.
pub(crate) struct Holder {
    pub(crate) seat: Seat,
    pub(crate) member: MemberId,
    pub(crate) name: String,
}

impl Holder {
    /// The rows that say so.
    pub(crate) fn rows(&self, ids: Ids) -> (Option<Row>, Option<Row>) {
        let Seat { org, post, role, from, until } = self.seat;
        let leadership = post.map(|post| {
            Leadership {
                id: ids.of("leadership", &[org.0, self.member.0]),
                version: 1,
                org,
                member: self.member,
                name: self.name.clone(),
                post,
                term_from: from,
                term_until: until,
            }
            .to_row()
        });
        let role = role.map(|role| {
            let id = ids.of("role", &[org.0, self.member.0]);
            RoleGrant { id, version: 1, member: self.member, org, role, since: from }.to_row()
        });
        (leadership, role)
    }
}

/// Decides terms and seats.
pub(crate) struct Offices<'a> {
    orgs: &'a [Org],
    today: CivilDay,
    rng: Rng,
    /// By township, the day by which its villages elect: they do so within one month of each other.
    village_elections: BTreeMap<OrgId, CivilDay>,
}

impl<'a> Offices<'a> {
    pub(crate) fn new(seed: u64, today: CivilDay, orgs: &'a [Org]) -> Self {
        let mut rng = Rng::new(seed, "offices");
        let mut village_elections = BTreeMap::new();
        for org in orgs.iter().filter(|org| org.township == Some(org.id)) {
            village_elections.insert(org.id, today.plus_days(rng.range32(20, 1_750)));
        }
        Self { orgs, today, rng, village_elections }
    }

    /// First and last day of the present term. Village and community branches and committees are elected for 5 years,
    /// other branches and general branches for 3.
    fn term(&mut self, org: &Org) -> (CivilDay, CivilDay) {
        let village = org.setting.is_some_and(Setting::is_place);
        let years = match org.kind {
            OrgKind::Branch if village => 5,
            OrgKind::Branch | OrgKind::GeneralBranch | OrgKind::MigrantBranch => 3,
            _ => 5,
        };
        let until = match org.township.and_then(|township| self.village_elections.get(&township)) {
            Some(day) if village => day.plus_days(self.rng.range32(0, 30)),
            _ => self.today.plus_days(self.rng.range32(10, years * 365 - 30)),
        };
        (years_before(until, years), until)
    }

    /// Seats for these posts. The secretary leads in the system too, and so does the deputy where `deputy_leads`.
    fn seats(&mut self, org: &Org, posts: &[Post], deputy_leads: bool) -> Vec<Seat> {
        let (from, until) = self.term(org);
        let role = |post| match post {
            Post::Secretary => Some(Role::Secretary),
            Post::DeputySecretary if deputy_leads => Some(Role::DeputySecretary),
            _ => None,
        };
        posts.iter().map(|post| Seat { org: org.id, post: Some(*post), role: role(*post), from, until }).collect()
    }

    /// A seat that is a role only, held for some years.
    fn duty(&mut self, org: OrgId, role: Role) -> Seat {
        let from = self.today.plus_days(-self.rng.range32(90, 1_500));
        Seat { org, post: None, role: Some(role), from, until: from }
    }

    /// The seats of everything that is no branch, by the branch whose members take them: the first branch below it that is
    /// not a village, which is its own office.
    pub(crate) fn of_committees(&mut self) -> BTreeMap<OrgId, Vec<Seat>> {
        let orgs = self.orgs;
        let parents: BTreeMap<OrgId, Option<OrgId>> = orgs.iter().map(|org| (org.id, org.parent)).collect();
        let mut hosts: BTreeMap<OrgId, OrgId> = BTreeMap::new();
        for branch in orgs.iter().filter(|org| org.setting.is_some_and(|setting| !setting.is_place())) {
            let mut above = branch.parent;
            while let Some(org) = above {
                hosts.entry(org).or_insert(branch.id);
                above = parents.get(&org).copied().flatten();
            }
        }
        let department = named(orgs, ORGANIZATION_DEPARTMENT);
        let mut hosted: BTreeMap<OrgId, Vec<Seat>> = BTreeMap::new();
        for org in orgs.iter().filter(|org| org.setting.is_none()) {
            let host = match org.kind {
                OrgKind::CountyCommittee => named(orgs, COMMITTEE_OFFICE),
                _ => hosts.get(&org.id).copied(),
            };
            let Some(host) = host else { continue };
            let count = match org.kind {
                OrgKind::GeneralBranch | OrgKind::MigrantCommittee => 3,
                _ => 5,
            };
            let posts: Vec<Post> = Post::ALL.iter().copied().take(count).collect();
            hosted.entry(host).or_default().extend(self.seats(org, &posts, false));
            let duties = match (org.kind, org.area_code) {
                (OrgKind::CountyCommittee, _) => vec![Role::Officer; 4],
                (_, Some(_)) => vec![Role::Reviewer; 2],
                _ => vec![],
            };
            for role in duties {
                let place = department.filter(|_| role == Role::Officer).unwrap_or(host);
                let duty = self.duty(org.id, role);
                hosted.entry(place).or_default().push(duty);
            }
        }
        hosted
    }

    /// The seats of a branch of that size: a secretary, and with seven members or more a committee of three to five.
    pub(crate) fn of_branch(&mut self, branch: &Org, size: usize) -> Vec<Seat> {
        let count = match size {
            0..7 => 1,
            7..20 => 3,
            20..35 => 4,
            _ => 5,
        };
        let posts: Vec<Post> = if branch.kind == OrgKind::MigrantBranch && branch.name != DONGGUAN_THIRD {
            Post::ALL.iter().copied().filter(|post| *post != Post::DeputySecretary).take(4).collect()
        } else {
            Post::ALL.iter().copied().take(count).collect()
        };
        self.seats(branch, &posts, true)
    }
}

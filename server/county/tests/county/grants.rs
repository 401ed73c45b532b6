//! Whatever happens to a tree and its members: each phone ends up with exactly the rows its member may see.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::feed::feeds_of;
use dangjian_domain::grant::{Standpoint, Tree, feeds_held};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::*;
use dangjian_domain::schema::Row;
use proptest::prelude::*;

use crate::fixture::{member, member_row, org, organization, participation, person, role, role_id};
use crate::phone::Phone;
use crate::world::World;

/// The county as a plain list of rows, and the tree read off it the slow way.
#[derive(Default, Clone)]
struct Plain {
    rows: BTreeMap<(u16, RowId), Row>,
    opened: BTreeSet<(MemberId, OrgId)>,
}

impl Plain {
    fn all<T: Synced>(&self) -> Vec<T> {
        self.rows.values().filter(|row| row.table() == T::TABLE).map(|row| T::from_row(row).unwrap()).collect()
    }

    fn parent(&self, org: OrgId) -> Option<OrgId> {
        self.all::<Organization>().into_iter().find(|row| row.id == org.0).and_then(|row| row.parent)
    }

    fn put(&mut self, row: &Row) {
        self.rows.insert((row.table().no, row.id()), row.clone());
    }

    fn visible(&self, id: MemberId) -> BTreeSet<(u16, RowId)> {
        let Some(row) = self.rows.get(&(Member::TABLE.no, id.0)) else { return BTreeSet::new() };
        let row = Member::from_row(row).unwrap();
        let at = Standpoint {
            member: id,
            home: row.org,
            status: row.status,
            participations: self.all::<Participation>().iter().filter(|at| at.member == id).map(|at| at.org).collect(),
            roles: self.all::<RoleGrant>().iter().filter(|at| at.member == id).map(|at| (at.org, at.role)).collect(),
            opened_ledgers: self.opened.iter().filter(|at| at.0 == id).map(|at| at.1).collect(),
        };
        let Ok(held) = feeds_held(self, &at);
        let seen = self.rows.iter().filter(|(_, row)| feeds_of(row).iter().any(|feed| held.contains(feed)));
        seen.map(|(key, _)| *key).collect()
    }
}

impl Tree for Plain {
    type Error = std::convert::Infallible;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, Self::Error> {
        Ok(std::iter::successors(Some(org), |org| self.parent(*org)).collect())
    }

    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, Self::Error> {
        let all = self.all::<Organization>().into_iter().map(|row| OrgId(row.id));
        Ok(all.filter(|below| self.ancestors(*below).unwrap().contains(&org)).collect())
    }
}

#[derive(Debug, Clone)]
enum Step {
    Move(u8, u8),
    Role(u8, u8, u8),
    NoRole(u8, u8),
    Guest(u8, u8),
    Status(u8, u8),
    Notice(u8, bool),
    NewBranch(u8),
    Regraft(u8, u8),
    Pull(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let n = any::<u8>;
    prop_oneof![
        (n(), n()).prop_map(|(a, b)| Step::Move(a, b)),
        (n(), n(), n()).prop_map(|(a, b, c)| Step::Role(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Step::NoRole(a, b)),
        (n(), n()).prop_map(|(a, b)| Step::Guest(a, b)),
        (n(), n()).prop_map(|(a, b)| Step::Status(a, b)),
        (n(), any::<bool>()).prop_map(|(a, b)| Step::Notice(a, b)),
        n().prop_map(Step::NewBranch),
        (n(), n()).prop_map(|(a, b)| Step::Regraft(a, b)),
        n().prop_map(Step::Pull),
        n().prop_map(Step::Pull),
    ]
}

const MEMBERS: u8 = 5;

fn start(parents: &[u8]) -> Plain {
    let mut plain = Plain::default();
    for (at, parent) in (1u8..).zip(parents) {
        let parent = (at > 1).then(|| org(1 + parent % (at - 1)));
        plain.put(&organization(org(at), parent, OrgKind::Branch));
    }
    for n in 1..=MEMBERS {
        for row in person(member(n), org(1 + n % parents.len() as u8)) {
            plain.put(&row);
        }
    }
    plain
}

/// What a step writes and removes; nothing for one that makes no sense here.
fn rows_of(plain: &Plain, step: &Step, made: u8) -> (Vec<Row>, Vec<(&'static dangjian_domain::schema::Table, RowId)>) {
    let orgs: Vec<OrgId> = plain.all::<Organization>().into_iter().map(|row| OrgId(row.id)).collect();
    let pick = |n: u8| orgs[usize::from(n) % orgs.len()];
    let who = |n: u8| member(1 + n % MEMBERS);
    let present = |id: MemberId| Member::from_row(&plain.rows[&(Member::TABLE.no, id.0)]).unwrap();
    match *step {
        Step::Move(m, to) => {
            let (id, to) = (who(m), pick(to));
            let status = present(id).status;
            let mut rows = person(id, to);
            rows[0] = Member { status, ..member_row(id, to) }.to_row();
            rows.truncate(2);
            (rows, vec![])
        }
        Step::Role(m, at, which) => {
            let which = Role::ALL[usize::from(which) % Role::ALL.len()];
            (vec![role(who(m), pick(at), which)], vec![])
        }
        Step::NoRole(m, at) => (vec![], vec![(RoleGrant::TABLE, role_id(who(m), pick(at)))]),
        Step::Guest(m, at) => (vec![participation(who(m), pick(at))], vec![]),
        Step::Status(m, which) => {
            let which = if which < 128 { MemberStatus::Active } else { MemberStatus::Suspended };
            (vec![Member { status: which, ..present(who(m)) }.to_row()], vec![])
        }
        Step::Notice(at, branch) => {
            let notice = Notice {
                id: RowId::derived("notice", &[RowId([made % 4; 16])]),
                version: 0,
                org: pick(at),
                scope: if branch { NoticeScope::Branch } else { NoticeScope::Subtree },
                title: "题".into(),
                body: "文".into(),
                author: member(1),
                author_name: "名".into(),
                published_at: crate::fixture::START,
                edited_at: None,
                state: NoticeState::Published,
                withdrawn_reason: None,
            };
            (vec![notice.to_row()], vec![])
        }
        Step::NewBranch(under) => (vec![organization(org(60 + made), Some(pick(under)), OrgKind::Branch)], vec![]),
        Step::Regraft(which, under) => {
            let (which, under) = (pick(which), pick(under));
            let Ok(below) = plain.subtree(which);
            if which == org(1) || below.contains(&under) {
                return (vec![], vec![]);
            }
            (vec![organization(which, Some(under), OrgKind::Branch)], vec![])
        }
        Step::Pull(_) => (vec![], vec![]),
    }
}

fn keys(phone: &Phone) -> BTreeSet<(u16, RowId)> {
    phone.mirror.rows.keys().copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_phone_has_exactly_what_its_member_may_see_whatever_happened(
        parents in proptest::collection::vec(any::<u8>(), 2..8),
        steps in proptest::collection::vec(step(), 0..40),
        max_rows in 1u32..40,
    ) {
        let mut plain = start(&parents);
        let mut world = World::of(&plain.rows.values().cloned().collect::<Vec<_>>());
        let mut phones: Vec<Phone> = (1..=MEMBERS).map(|n| world.phone(member(n))).collect();
        for (made, step) in (0u8..).zip(&steps) {
            if let Step::Pull(n) = step {
                let at = usize::from(n % MEMBERS);
                phones[at].max_rows = max_rows;
                let visible = plain.visible(phones[at].member);
                // One page alone never shows more than is allowed.
                let reply = phones[at].sync_as(&mut world, &phones[at].request(None)).unwrap();
                phones[at].mirror.apply(&reply);
                prop_assert!(keys(&phones[at]).is_subset(&visible) || reply.more);
                if let Some(page) = &reply.page {
                    for block in &page.open().unwrap().blocks {
                        for row in 0..block.len() {
                            prop_assert!(visible.contains(&(block.table().no, block.id_and_version(row).0)));
                        }
                    }
                }
                continue;
            }
            let (rows, removed) = rows_of(&plain, step, made);
            world.change(&rows, &removed);
            rows.iter().for_each(|row| plain.put(row));
            for (table, id) in removed {
                plain.rows.remove(&(table.no, id));
            }
        }
        for phone in &mut phones {
            let visible = plain.visible(phone.member);
            phone.pull(&mut world);
            prop_assert_eq!(keys(phone), visible.clone(), "what was followed step by step");
            phone.mirror = crate::phone::Mirror::default();
            phone.max_rows = max_rows;
            phone.pull(&mut world);
            prop_assert_eq!(keys(phone), visible, "what is fetched from nothing");
        }
    }
}

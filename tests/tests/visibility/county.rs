//! Random counties: any tree, any roles, any guests. Every text of a person or organization carries a mark that occurs
//! nowhere else, by which it is found again in a file.

use std::collections::BTreeSet;

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{
    Activity, ActivityKind, Appeal, Board, CaseState, Gender, Histogram, Leadership, LedgerEntry, Listed, Member,
    MemberFile, MemberStatus, Notice, NoticeReceipt, NoticeScope, NoticeState, OrgKind, Organization, Participation,
    Pay, PayBasis, PointsTotal, Post, QuizDraw, ReviewCase, ReviewKind, Role, RoleGrant, Score, Standing, StudyDay,
    SubjectKind, Synced,
};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_tests::people::{SmallCounty, below, id, number, one_in};

/// A text that occurs nowhere else.
pub(crate) fn mark(random: &mut SplitMix) -> String {
    format!("@{:016x}#", random.next_u64())
}

/// The marks in a file, a log or a text.
pub(crate) fn marks_in(bytes: &[u8]) -> BTreeSet<[u8; 16]> {
    let mut found = BTreeSet::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'@') {
        if let Some(Ok(digits)) = bytes.get(at + 1..at + 17).map(<[u8; 16]>::try_from)
            && bytes.get(at + 17) == Some(&b'#')
            && digits.iter().all(u8::is_ascii_hexdigit)
        {
            found.insert(digits);
        }
    }
    found
}

/// One of `all`.
pub(crate) fn pick<T: Copy>(random: &mut SplitMix, all: &[T]) -> T {
    all[below(random, all.len())]
}

fn status(random: &mut SplitMix) -> MemberStatus {
    match below(random, 8) {
        0 => MemberStatus::Suspended,
        1 => pick(random, &[MemberStatus::Left, MemberStatus::Deceased, MemberStatus::TransferredOut]),
        _ => MemberStatus::Active,
    }
}

/// Rows of one kind, from whoever and wherever they are about.
pub(crate) struct Maker<'r> {
    pub(crate) random: &'r mut SplitMix,
    pub(crate) orgs: Vec<OrgId>,
    pub(crate) members: Vec<MemberId>,
    /// Longest text of a notice, bytes.
    pub(crate) long: usize,
}

impl Maker<'_> {
    pub(crate) fn org(&mut self) -> OrgId {
        pick(self.random, &self.orgs)
    }

    pub(crate) fn member(&mut self) -> MemberId {
        pick(self.random, &self.members)
    }

    fn day(&mut self) -> CivilDay {
        CivilDay(20_000 + below(self.random, 500) as i32)
    }

    /// A body that may fill more than one page of a file, its mark in several places of it.
    pub(crate) fn body(&mut self) -> String {
        let mark = mark(self.random);
        let filler = "请各支部按时组织学习。".repeat(below(self.random, self.long) / 66);
        format!("{mark}{filler}{mark}{filler}{mark}")
    }

    pub(crate) fn organization(&mut self, county: OrgId, parent: Option<OrgId>, kind: OrgKind) -> Organization {
        let city = one_in(self.random, 4).then(|| mark(self.random));
        let (id, name) = (id(self.random), mark(self.random));
        Organization { id, version: 1, county, parent, kind, name, area_code: None, city }
    }

    pub(crate) fn person(&mut self, at: usize, org: OrgId) -> (Member, MemberFile) {
        let member = Member {
            id: id(self.random),
            version: 1,
            org,
            number: number(at),
            name: mark(self.random),
            standing: pick(self.random, Standing::ALL),
            status: status(self.random),
            migrant: one_in(self.random, 4),
        };
        let file = MemberFile {
            id: id(self.random),
            version: 1,
            member: MemberId(member.id),
            org: if one_in(self.random, 10) { self.org() } else { org },
            gender: pick(self.random, Gender::ALL),
            born: self.day(),
            joined: self.day(),
            education: mark(self.random),
            occupation: mark(self.random),
            phone: format!("199{at:08}"),
        };
        (member, file)
    }

    pub(crate) fn role(&mut self) -> RoleGrant {
        let (member, org, role) = (self.member(), self.org(), pick(self.random, Role::ALL));
        RoleGrant { id: id(self.random), version: 1, member, org, role, since: self.day() }
    }

    pub(crate) fn guest(&mut self) -> Participation {
        let (org, member, name) = (self.org(), self.member(), mark(self.random));
        Participation { id: id(self.random), version: 1, org, member, name, since: self.day() }
    }

    pub(crate) fn notice(&mut self) -> Notice {
        Notice {
            id: id(self.random),
            version: 1,
            org: self.org(),
            scope: pick(self.random, NoticeScope::ALL),
            title: mark(self.random),
            body: self.body(),
            author: self.member(),
            author_name: mark(self.random),
            published_at: Timestamp(1_700_000_000_000),
            edited_at: None,
            state: NoticeState::Published,
            withdrawn_reason: one_in(self.random, 5).then(|| mark(self.random)),
        }
    }

    /// A score, the branch's or not its business.
    pub(crate) fn score(&mut self) -> Score {
        Score {
            id: id(self.random),
            version: 1,
            subject: self.member().0,
            kind: SubjectKind::Member,
            org: self.org(),
            name: mark(self.random),
            quarter: Quarter(20_263),
            points: below(self.random, 900) as i64,
            score: below(self.random, 1_000) as i64,
            board: pick(self.random, Board::ALL),
            listed: pick(self.random, Listed::ALL),
            components: mark(self.random),
            rule_set: mark(self.random),
            as_of: Timestamp(1_700_000_000_000),
        }
    }

    /// A row of one of the kinds that say nothing about who sees what.
    pub(crate) fn other(&mut self) -> Row {
        let (org, member) = (self.org(), self.member());
        let (id, day) = (id(self.random), self.day());
        let (version, quarter) = (1, Quarter(20_263));
        match below(self.random, 12) {
            8 => self.score().to_row(),
            9 => {
                let (item, about) = (RowId(self.random.bytes()), RowId(self.random.bytes()));
                match below(self.random, 3) {
                    0 => StudyDay { id, version, member, org, day, read_ms: 60_000, av_ms: 0, offline_ms: 0 }.to_row(),
                    1 => QuizDraw {
                        id,
                        version,
                        member,
                        item,
                        day,
                        questions: mark(self.random),
                        asked: 5,
                        answered_at: None,
                        right: None,
                        solution: None,
                    }
                    .to_row(),
                    _ => Appeal {
                        id,
                        version,
                        member,
                        org,
                        about,
                        text: mark(self.random),
                        made_at: day.start(),
                        state: pick(self.random, CaseState::ALL),
                        decided_by: None,
                        decided_at: None,
                        answer: one_in(self.random, 2).then(|| mark(self.random)),
                    }
                    .to_row(),
                }
            }
            10 => ReviewCase {
                id,
                version,
                member,
                org,
                kind: pick(self.random, ReviewKind::ALL),
                day,
                evidence: mark(self.random),
                opened_at: day.start(),
                state: CaseState::Open,
                decided_by: None,
                decided_at: None,
                reason: None,
            }
            .to_row(),
            11 => Histogram {
                id,
                version,
                org,
                kind: pick(self.random, SubjectKind::ALL),
                quarter,
                day,
                as_of: day.start(),
                subjects: 1,
                counts: mark(self.random),
            }
            .to_row(),
            0 => {
                let (name, post) = (mark(self.random), pick(self.random, Post::ALL));
                Leadership { id, version, org, member, name, post, term_from: day, term_until: day }.to_row()
            }
            1 | 2 => Activity {
                id,
                version,
                org,
                kind: pick(self.random, ActivityKind::ALL),
                title: mark(self.random),
                held_at: day.start(),
                recorded_at: day.start(),
                place: mark(self.random),
                expected: 9,
                present: below(self.random, 10) as i64,
            }
            .to_row(),
            3 => {
                let (points, carried) = (below(self.random, 900) as i64, one_in(self.random, 3));
                PointsTotal { id, version, member, org, quarter, points, carried, component: None }.to_row()
            }
            4 | 5 => {
                let (rule, points) = (mark(self.random), below(self.random, 9) as i64);
                LedgerEntry { version, ..LedgerEntry::imported(id, member, org, day, &rule, points) }.to_row()
            }
            6 => {
                let notice = RowId(self.random.bytes()).into();
                NoticeReceipt { id, version, notice, member, org, read_at: day.start() }.to_row()
            }
            _ => {
                let basis = pick(self.random, PayBasis::ALL);
                let monthly_fen = below(self.random, 900_000) as i64;
                Pay { id, version, member, basis, monthly_fen, from_day: day }.to_row()
            }
        }
    }
}

/// How large a county may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Most organizations.
    pub(crate) orgs: usize,
    /// Most members.
    pub(crate) members: usize,
    /// Most roles, guests and notices, each.
    pub(crate) some: usize,
    /// Most other rows.
    pub(crate) many: usize,
    /// Longest text of a notice, bytes.
    pub(crate) long: usize,
}

/// A county from `random`. Trees reach from a star to a chain nine deep.
pub(crate) fn county(random: &mut SplitMix, size: Size) -> SmallCounty {
    let mut make = Maker { random, orgs: vec![], members: vec![], long: size.long };
    let mut root = make.organization(OrgId(RowId([0; 16])), None, OrgKind::CountyCommittee);
    root.county = OrgId(root.id);
    let root_id = root.county;
    let mut county =
        SmallCounty { root: root_id, orgs: vec![], members: vec![], roles: vec![], guests: vec![], rows: vec![] };
    make.orgs.push(root_id);
    county.orgs.push((root_id, None, root.kind));
    county.rows.push(root.to_row());
    let (mut depths, chain) = (vec![0], 1 + below(make.random, 4) as u64);
    for _ in 0..1 + below(make.random, size.orgs) {
        let above = if one_in(make.random, chain) { depths.len() - 1 } else { below(make.random, depths.len()) };
        let above = if depths[above] < 8 { above } else { 0 };
        let kinds = [OrgKind::Branch, OrgKind::Branch, OrgKind::Branch, OrgKind::PartyCommittee];
        let kind = if one_in(make.random, 3) { pick(make.random, OrgKind::ALL) } else { pick(make.random, &kinds) };
        let org = make.organization(root_id, Some(make.orgs[above]), kind);
        depths.push(depths[above] + 1);
        make.orgs.push(OrgId(org.id));
        county.orgs.push((OrgId(org.id), org.parent, kind));
        county.rows.push(org.to_row());
    }
    for at in 0..2 + below(make.random, size.members) {
        let org = make.org();
        let (mut member, file) = make.person(at, org);
        if at == 0 {
            member.status = MemberStatus::Active;
        }
        make.members.push(MemberId(member.id));
        county.members.push((MemberId(member.id), org));
        county.rows.push(member.to_row());
        if !one_in(make.random, 8) {
            county.rows.push(file.to_row());
        }
    }
    for at in 0..1 + below(make.random, size.some) {
        let mut role = make.role();
        // The first member is mostly an officer of the county, so that there are moves.
        if at == 0 {
            role.member = make.members[0];
            if !one_in(make.random, 5) {
                (role.org, role.role) = (root_id, Role::Officer);
            }
        }
        county.roles.push((role.member, role.org, role.role));
        county.rows.push(role.to_row());
    }
    for _ in 0..below(make.random, size.some) {
        let guest = make.guest();
        county.guests.push((guest.member, guest.org));
        county.rows.push(guest.to_row());
    }
    for _ in 0..below(make.random, size.some) {
        let notice = make.notice();
        county.rows.push(notice.to_row());
    }
    for _ in 0..below(make.random, size.many) {
        let other = make.other();
        county.rows.push(other);
    }
    county
}

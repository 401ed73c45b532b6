//! The rules over a county small enough to see whole:
//!
//! ```text
//! county ── town ── village_a, village_b
//!        └─ away ── guests (migrant branch)
//! ```
//!
//! `ann` leads village_a, `bob` is a plain member there, `cai` leads village_b, `dan` reviews for the town, `eve` is a
//! county officer (both affiliated to village_b), `fei` of village_a is a guest away and leads the guests.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use dangjian_domain::feed::{Feed, feeds_of};
use dangjian_domain::grant::{Standpoint, Tree, feeds_held};
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::{
    Action, EditNotice, MoveMember, OpenLedger, PublishNotice, ReadNotice, ReverseEntry, WithdrawNotice,
};
use dangjian_domain::rows::*;
use dangjian_domain::rule::{
    DecideError, Facts, Outcome, Proposal, Refusal, StudyFacts, decide, may_help_with_account, may_move,
    may_open_ledger, may_publish, may_reset, may_reverse, may_take_in,
};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::{CivilDay, Instant, Timestamp};

const COUNTY: OrgId = org(1);
const TOWN: OrgId = org(2);
const VILLAGE_A: OrgId = org(3);
const VILLAGE_B: OrgId = org(4);
const AWAY: OrgId = org(5);
const GUESTS: OrgId = org(6);

const ANN: MemberId = member(1);
const BOB: MemberId = member(2);
const CAI: MemberId = member(3);
const DAN: MemberId = member(4);
const EVE: MemberId = member(5);
const FEI: MemberId = member(6);

const fn org(n: u8) -> OrgId {
    OrgId(RowId([n; 16]))
}

const fn member(n: u8) -> MemberId {
    MemberId(RowId([100 + n; 16]))
}

const fn op(n: u8) -> OpId {
    OpId(RowId([200 + n; 16]))
}

struct County {
    rows: BTreeMap<(u16, RowId), Row>,
    parents: BTreeMap<OrgId, Option<OrgId>>,
    roles: Vec<(MemberId, OrgId, Role)>,
    guests: Vec<(MemberId, OrgId)>,
    written: BTreeMap<(OpId, RowId), u64>,
}

impl County {
    fn new() -> Self {
        let mut county = Self {
            rows: BTreeMap::new(),
            parents: BTreeMap::new(),
            roles: vec![
                (ANN, VILLAGE_A, Role::Secretary),
                (CAI, VILLAGE_B, Role::Secretary),
                (DAN, TOWN, Role::Reviewer),
                (EVE, COUNTY, Role::Officer),
                (FEI, GUESTS, Role::Secretary),
            ],
            guests: vec![(FEI, GUESTS)],
            written: BTreeMap::new(),
        };
        for (id, parent, kind) in [
            (COUNTY, None, OrgKind::CountyCommittee),
            (TOWN, Some(COUNTY), OrgKind::PartyCommittee),
            (VILLAGE_A, Some(TOWN), OrgKind::Branch),
            (VILLAGE_B, Some(TOWN), OrgKind::Branch),
            (AWAY, Some(COUNTY), OrgKind::MigrantCommittee),
            (GUESTS, Some(AWAY), OrgKind::MigrantBranch),
        ] {
            county.parents.insert(id, parent);
            let name = format!("{id}");
            let row =
                Organization { id: id.0, version: 1, county: COUNTY, parent, kind, name, area_code: None, city: None };
            county.put(row.to_row());
        }
        for (id, home) in
            [(ANN, VILLAGE_A), (BOB, VILLAGE_A), (FEI, VILLAGE_A), (CAI, VILLAGE_B), (DAN, VILLAGE_B), (EVE, VILLAGE_B)]
        {
            county.put(person(id, home, MemberStatus::Active).to_row());
        }
        county
    }

    fn put(&mut self, row: Row) {
        self.rows.insert((row.table().no, row.id()), row);
    }

    /// Accepts an outcome the way a server does: versions count up.
    fn accept(&mut self, op: OpId, outcome: &Outcome) {
        for row in &outcome.rows {
            let row = row.clone().with_version(row.version() + 1);
            self.written.insert((op, row.id()), row.version());
            self.put(row);
        }
    }

    fn judge(&self, n: u8, actor: MemberId, follows: Option<OpId>, action: &Action) -> Result<Outcome, Refusal> {
        let at = Instant::Anchored(Timestamp(1_000));
        let (received, not_before) = (Timestamp(2_000), Timestamp(0));
        match decide(self, &Proposal { op: op(n), actor, at, received, follows, clocks: &[], not_before, action }) {
            Ok(outcome) => Ok(outcome),
            Err(DecideError::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other}"),
        }
    }

    fn publish(&mut self, n: u8, actor: MemberId, org: OrgId, scope: NoticeScope) -> Result<(), Refusal> {
        let action = notice(org, scope, "开会", "周五晚上七点。");
        let outcome = self.judge(n, actor, None, &action)?;
        self.accept(op(n), &outcome);
        Ok(())
    }

    fn standpoint(&self, id: MemberId) -> Standpoint {
        let row = Member::from_row(&self.rows[&(2, id.0)]).unwrap();
        Standpoint {
            member: id,
            home: row.org,
            status: row.status,
            participations: self.guests.iter().filter(|guest| guest.0 == id).map(|guest| guest.1).collect(),
            roles: self.roles.iter().filter(|role| role.0 == id).map(|role| (role.1, role.2)).collect(),
            opened_ledgers: vec![],
        }
    }

    fn held(&self, id: MemberId) -> BTreeSet<Feed> {
        feeds_held(self, &self.standpoint(id)).unwrap()
    }
}

fn person(id: MemberId, home: OrgId, status: MemberStatus) -> Member {
    Member {
        id: id.0,
        version: 1,
        org: home,
        number: format!("{id}"),
        name: "某人".into(),
        standing: Standing::Full,
        status,
        migrant: false,
    }
}

fn notice(org: OrgId, scope: NoticeScope, title: &str, body: &str) -> Action {
    Action::PublishNotice(PublishNotice { org, scope, title: title.into(), body: body.into() })
}

fn edit(n: u8, base_version: u64, title: &str) -> Action {
    let (title, body) = (title.to_owned(), "改到周六。".to_owned());
    Action::EditNotice(EditNotice { notice: op(n).0.into(), base_version, title, body })
}

impl Tree for County {
    type Error = Infallible;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, Infallible> {
        let mut line = vec![];
        let mut at = self.parents.contains_key(&org).then_some(org);
        while let Some(org) = at {
            line.push(org);
            at = self.parents[&org];
        }
        Ok(line)
    }

    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, Infallible> {
        Ok(self.parents.keys().copied().filter(|below| self.ancestors(*below).unwrap().contains(&org)).collect())
    }
}

impl StudyFacts for County {}

impl Facts for County {
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, Infallible> {
        Ok(self.rows.get(&(table.no, id)).cloned())
    }

    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, Infallible> {
        Ok(self.standpoint(member).roles)
    }

    fn participations(&self, member: MemberId) -> Result<Vec<OrgId>, Infallible> {
        Ok(self.standpoint(member).participations)
    }

    fn member_file(&self, _: MemberId) -> Result<Option<Row>, Infallible> {
        Ok(None)
    }

    fn version_written_by(&self, op: OpId, _: &'static Table, id: RowId) -> Result<Option<u64>, Infallible> {
        Ok(self.written.get(&(op, id)).copied())
    }

    fn points_of(&self, _: MemberId) -> Result<Option<i64>, Infallible> {
        Ok(Some(42))
    }
}

#[test]
fn who_leads_speaks_and_nobody_else() {
    let mut county = County::new();
    assert_eq!(county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch), Ok(()));
    assert_eq!(county.publish(2, EVE, COUNTY, NoticeScope::Subtree), Ok(()));
    assert_eq!(county.publish(3, FEI, GUESTS, NoticeScope::Branch), Ok(()));
    for (actor, org) in
        [(BOB, VILLAGE_A), (CAI, VILLAGE_A), (DAN, VILLAGE_A), (DAN, TOWN), (EVE, VILLAGE_A), (ANN, TOWN)]
    {
        let scope = if org == TOWN { NoticeScope::Subtree } else { NoticeScope::Branch };
        assert_eq!(county.publish(4, actor, org, scope), Err(Refusal::NotAllowed));
    }
    assert_eq!(county.publish(4, ANN, VILLAGE_A, NoticeScope::Subtree), Err(Refusal::WrongScope));
    assert_eq!(county.publish(4, EVE, COUNTY, NoticeScope::Branch), Err(Refusal::WrongScope));
    assert_eq!(county.publish(4, ANN, org(9), NoticeScope::Branch), Err(Refusal::NotFound));
    assert_eq!(county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch), Err(Refusal::Duplicate));
}

#[test]
fn a_notice_reaches_its_branch_and_those_above_and_nobody_beside() {
    let mut county = County::new();
    county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch).unwrap();
    county.publish(2, EVE, COUNTY, NoticeScope::Subtree).unwrap();
    county.publish(3, FEI, GUESTS, NoticeScope::Branch).unwrap();
    let sees = |n: u8, who: MemberId| {
        let feeds = feeds_of(&county.rows[&(8, op(n).0)]);
        let held = county.held(who);
        feeds.iter().any(|feed| held.contains(feed))
    };
    for (n, readers) in
        [(1, vec![ANN, BOB, FEI, DAN, EVE]), (2, vec![ANN, BOB, CAI, DAN, EVE, FEI]), (3, vec![FEI, EVE])]
    {
        for who in [ANN, BOB, CAI, DAN, EVE, FEI] {
            assert_eq!(sees(n, who), readers.contains(&who), "notice {n}, {who}");
        }
    }
}

#[test]
fn texts_that_are_empty_too_long_or_unprintable_are_refused() {
    let county = County::new();
    let body = "字".repeat(1_366);
    for (title, body, refusal) in [
        ("", "正文", Refusal::TextEmpty),
        ("  ", "正文", Refusal::TextEmpty),
        ("标题", "\n", Refusal::TextEmpty),
        (&"题".repeat(81), "正文", Refusal::TextTooLong),
        ("标题", body.as_str(), Refusal::TextTooLong),
        ("标\n题", "正文", Refusal::TextUnprintable),
        ("标题", "正\u{7}文", Refusal::TextUnprintable),
    ] {
        assert_eq!(county.judge(1, ANN, None, &notice(VILLAGE_A, NoticeScope::Branch, title, body)), Err(refusal));
    }
    let longest = notice(VILLAGE_A, NoticeScope::Branch, &"题".repeat(80), &"字".repeat(1_365));
    assert!(county.judge(1, ANN, None, &longest).is_ok());
}

#[test]
fn a_stale_edit_is_refused_and_a_withdrawn_notice_stays_as_it_is() {
    let mut county = County::new();
    county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch).unwrap();
    let first = county.judge(2, ANN, None, &edit(1, 1, "改一")).unwrap();
    county.accept(op(2), &first);
    assert_eq!(county.judge(3, ANN, None, &edit(1, 1, "改二")), Err(Refusal::Stale));
    assert_eq!(county.judge(3, CAI, None, &edit(1, 2, "改二")), Err(Refusal::NotAllowed));
    let withdraw =
        Action::WithdrawNotice(WithdrawNotice {
            notice: op(1).0.into(), base_version: 2, reason: "会议取消".into()
        });
    let withdrawn = county.judge(4, ANN, None, &withdraw).unwrap();
    county.accept(op(4), &withdrawn);
    let row = Notice::from_row(&county.rows[&(8, op(1).0)]).unwrap();
    assert_eq!((row.state, row.version, row.title.as_str()), (NoticeState::Withdrawn, 3, "改一"));
    assert_eq!(county.judge(5, ANN, None, &edit(1, 3, "改三")), Err(Refusal::Withdrawn));
}

#[test]
fn an_edit_made_before_the_first_version_came_back_follows_its_operation() {
    let mut county = County::new();
    county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch).unwrap();
    // Written offline right after publishing: version 0 on the phone, 1 on the server by now.
    let follow = county.judge(2, ANN, Some(op(1)), &edit(1, 0, "改")).unwrap();
    county.accept(op(2), &follow);
    // Somebody else came between: what it follows is not the present version any more.
    assert_eq!(county.judge(3, ANN, Some(op(1)), &edit(1, 0, "再改")), Err(Refusal::Stale));
    assert_eq!(county.judge(3, ANN, Some(op(9)), &edit(1, 0, "再改")), Err(Refusal::Stale));
}

#[test]
fn only_the_addressed_leave_a_receipt_and_only_one() {
    let mut county = County::new();
    county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch).unwrap();
    let read = Action::ReadNotice(ReadNotice { notice: op(1).0.into() });
    let outcome = county.judge(2, BOB, None, &read).unwrap();
    let receipt = NoticeReceipt::from_row(&outcome.rows[0]).unwrap();
    assert_eq!((receipt.member, receipt.org, receipt.read_at), (BOB, VILLAGE_A, Timestamp(1_000)));
    county.accept(op(2), &outcome);
    assert_eq!(county.judge(3, BOB, None, &read), Ok(Outcome::default()));
    // Officers see it but were not addressed.
    assert_eq!(county.judge(3, DAN, None, &read), Err(Refusal::NotAllowed));
    let lost = Action::ReadNotice(ReadNotice { notice: op(9).0.into() });
    assert_eq!(county.judge(3, BOB, None, &lost), Err(Refusal::NotFound));
    // A guest is addressed through the guest branch.
    county.publish(4, FEI, GUESTS, NoticeScope::Branch).unwrap();
    let read = Action::ReadNotice(ReadNotice { notice: op(4).0.into() });
    let outcome = county.judge(5, FEI, None, &read).unwrap();
    assert_eq!(NoticeReceipt::from_row(&outcome.rows[0]).unwrap().org, GUESTS);
}

#[test]
fn a_move_needs_an_officer_above_both_branches_and_carries_the_points_over() {
    let county = County::new();
    let to_b = |member| Action::MoveMember(MoveMember { member, from: VILLAGE_A, to: VILLAGE_B });
    for who in [ANN, BOB, CAI] {
        assert_eq!(county.judge(1, who, None, &to_b(BOB)), Err(Refusal::NotAllowed));
    }
    assert_eq!(county.judge(1, DAN, None, &to_b(ANN)), Err(Refusal::HoldsOffice));
    let away = Action::MoveMember(MoveMember { member: BOB, from: VILLAGE_A, to: GUESTS });
    assert_eq!(county.judge(1, DAN, None, &away), Err(Refusal::NotAllowed));
    assert_eq!(county.judge(1, EVE, None, &away), Err(Refusal::NotABranch));
    let stale = Action::MoveMember(MoveMember { member: BOB, from: VILLAGE_B, to: VILLAGE_B });
    assert_eq!(county.judge(1, EVE, None, &stale), Err(Refusal::Stale));
    let same = Action::MoveMember(MoveMember { member: BOB, from: VILLAGE_A, to: VILLAGE_A });
    assert_eq!(county.judge(1, EVE, None, &same), Err(Refusal::SameBranch));

    let mut county = county;
    let before = county.held(BOB);
    let outcome = county.judge(1, DAN, None, &to_b(BOB)).unwrap();
    assert_eq!(outcome.regrant, vec![BOB]);
    let carried = PointsTotal::from_row(outcome.rows.last().unwrap()).unwrap();
    assert_eq!((carried.org, carried.points, carried.carried), (VILLAGE_B, 42, true));
    county.accept(op(1), &outcome);
    let after = county.held(BOB);
    assert!(before.contains(&Feed::branch(VILLAGE_A)) && !after.contains(&Feed::branch(VILLAGE_A)));
    assert!(after.contains(&Feed::branch(VILLAGE_B)) && after.contains(&Feed::own(BOB)));
}

#[test]
fn a_ledger_is_opened_only_from_above_and_held_only_by_its_secretary() {
    let county = County::new();
    let open = |org, open| Action::OpenLedger(OpenLedger { org, open });
    let opened = county.judge(1, DAN, None, &open(VILLAGE_A, true)).unwrap();
    assert_eq!((opened.ledgers, opened.regrant), (vec![(VILLAGE_A, true)], vec![DAN]));
    assert_eq!(county.judge(1, CAI, None, &open(VILLAGE_A, true)), Err(Refusal::NotAllowed));
    assert_eq!(county.judge(1, BOB, None, &open(VILLAGE_A, true)), Err(Refusal::NotAllowed));
    assert!(county.held(ANN).contains(&Feed::ledger(VILLAGE_A)));
    assert!(!county.held(DAN).contains(&Feed::ledger(VILLAGE_A)));
    let with = Standpoint { opened_ledgers: vec![VILLAGE_A, GUESTS], ..county.standpoint(DAN) };
    let held = feeds_held(&county, &with).unwrap();
    assert!(held.contains(&Feed::ledger(VILLAGE_A)), "opened in the reviewer's own subtree");
    assert!(!held.contains(&Feed::ledger(GUESTS)), "what was opened outside it stays shut");
}

#[test]
fn who_has_left_sees_and_does_nothing_and_who_is_suspended_acts_for_nobody() {
    let mut county = County::new();
    county.publish(1, ANN, VILLAGE_A, NoticeScope::Branch).unwrap();
    let read = Action::ReadNotice(ReadNotice { notice: op(1).0.into() });
    for status in [MemberStatus::TransferredOut, MemberStatus::Deceased, MemberStatus::Left] {
        county.put(person(ANN, VILLAGE_A, status).to_row());
        assert!(county.held(ANN).is_empty());
        assert_eq!(county.judge(2, ANN, None, &read), Err(Refusal::MemberInactive));
    }
    county.put(person(ANN, VILLAGE_A, MemberStatus::Suspended).to_row());
    assert!(county.held(ANN).contains(&Feed::branch(VILLAGE_A)));
    assert!(!county.held(ANN).contains(&Feed::duty(VILLAGE_A)));
    assert!(county.judge(2, ANN, None, &read).is_ok());
    assert_eq!(county.publish(2, ANN, VILLAGE_A, NoticeScope::Branch), Err(Refusal::MemberInactive));
}

#[test]
fn nobody_gets_at_the_account_of_somebody_they_do_not_stand_over() {
    let county = County::new();
    let may = |who, whom: MemberId| {
        let member = Member::from_row(&county.rows[&(2, whom.0)]).unwrap();
        may_help_with_account(&county, who, &member).unwrap()
    };
    assert!(may(ANN, BOB) && may(DAN, BOB) && may(EVE, BOB) && may(EVE, DAN) && may(DAN, ANN));
    assert!(!may(BOB, ANN) && !may(CAI, BOB));
    // The county officer and the town's reviewer are affiliated to the branch that cai leads.
    assert!(!may(CAI, EVE) && !may(CAI, DAN) && !may(DAN, EVE));
    // Fei of ann's branch leads the guests far away.
    assert!(!may(ANN, FEI) && may(EVE, FEI));
}

#[test]
fn what_somebody_may_do_is_told_beforehand_as_it_is_judged_afterwards() {
    let mut county = County::new();
    let everybody = [ANN, BOB, CAI, DAN, EVE, FEI];
    let orgs = [COUNTY, TOWN, VILLAGE_A, VILLAGE_B, AWAY, GUESTS];
    let mut allowed = [0; 4];
    for suspended in [None, Some(ANN), Some(DAN)] {
        for who in everybody {
            let status = if suspended == Some(who) { MemberStatus::Suspended } else { MemberStatus::Active };
            let home = Member::from_row(&county.rows[&(2, who.0)]).unwrap().org;
            county.put(person(who, home, status).to_row());
        }
        for who in everybody {
            for at in orgs {
                let row = Organization::from_row(&county.rows[&(1, at.0)]).unwrap();
                let told = may_publish(&county, who, &row).unwrap();
                for scope in [NoticeScope::Branch, NoticeScope::Subtree] {
                    let (title, body) = ("题".to_owned(), "文".to_owned());
                    let publish = Action::PublishNotice(PublishNotice { org: at, scope, title, body });
                    assert_eq!(county.judge(9, who, None, &publish).is_ok(), told.contains(&scope));
                    allowed[0] += usize::from(told.contains(&scope));
                }
                let open = Action::OpenLedger(OpenLedger { org: at, open: true });
                let told = may_open_ledger(&county, who, at).unwrap();
                assert_eq!(county.judge(9, who, None, &open).is_ok(), told);
                allowed[1] += usize::from(told);
                for whom in everybody {
                    let member = Member::from_row(&county.rows[&(2, whom.0)]).unwrap();
                    let told = may_move(&county, who, &member).unwrap() && may_take_in(&county, who, &row).unwrap();
                    let moving = Action::MoveMember(MoveMember { member: whom, from: member.org, to: at });
                    let elsewhere = member.org != at;
                    assert_eq!(county.judge(9, who, None, &moving).is_ok(), told && elsewhere);
                    allowed[2] += usize::from(told && elsewhere);
                    assert!(who != whom || !may_reset(&county, who, &member).unwrap());
                    allowed[3] += usize::from(may_reset(&county, who, &member).unwrap());
                }
            }
        }
    }
    assert!(allowed.iter().all(|times| *times > 0), "{allowed:?}");
}

#[test]
fn who_may_take_a_posting_back_is_told_beforehand_as_it_is_judged_afterwards() {
    let mut county = County::new();
    let mut told = vec![];
    for whose in [BOB, DAN] {
        let home = Member::from_row(&county.rows[&(2, whose.0)]).unwrap().org;
        let entry = LedgerEntry::imported(op(whose.0.0[0] - 90).0, whose, home, CivilDay(20_000), "reading", 3);
        county.put(entry.clone().to_row());
        for who in [ANN, BOB, CAI, DAN, EVE, FEI] {
            let action = Action::ReverseEntry(ReverseEntry { entry: entry.id, reason: "核查不实".into() });
            let judged = county.judge(9, who, None, &action);
            assert_eq!(may_reverse(&county, who, &entry).unwrap(), judged.is_ok(), "{who} {whose}");
            let Ok(outcome) = judged else { continue };
            told.push((who, whose));
            // Once: neither it nor what took it back.
            let before = county.rows.clone();
            county.accept(op(9), &outcome);
            assert!(!may_reverse(&county, who, &entry).unwrap());
            let back = LedgerEntry::from_row(&outcome.rows[0]).unwrap();
            assert!(!may_reverse(&county, who, &back).unwrap());
            county.rows = before;
        }
    }
    assert_eq!(told, [(DAN, BOB), (EVE, BOB), (EVE, DAN)]);
}

#[test]
fn a_payload_has_one_form_only() {
    let action = edit(1, 3, "改");
    let bytes = action.encode();
    assert_eq!(Action::decode(action.kind(), 1, &bytes), Ok(action.clone()));
    // The same map with its keys in another order, a longer integer, an extra field, a missing one.
    let mut unsorted = bytes.clone();
    assert_eq!(&unsorted[..2], &[0xa4, 0x01]);
    unsorted[1] = 0x05;
    let mut longer = vec![0xa4, 0x18, 0x01];
    longer.extend(&bytes[2..]);
    let mut extra = bytes.clone();
    extra[0] = 0xa5;
    extra.extend([0x09, 0x00]);
    let mut trailing = bytes.clone();
    trailing.push(0);
    for wrong in [&unsorted, &longer, &extra, &trailing, &bytes[..bytes.len() - 1].to_vec(), &vec![]] {
        assert!(Action::decode(action.kind(), 1, wrong).is_err(), "{wrong:02x?}");
    }
    assert!(Action::decode(action.kind(), 2, &bytes).is_err());
    assert!(Action::decode(99, 1, &bytes).is_err());
}

#[test]
fn every_refusal_has_a_sentence_without_exclamation() {
    let sentences: BTreeSet<&str> = Refusal::ALL.iter().map(|refusal| refusal.sentence()).collect();
    assert_eq!(sentences.len(), Refusal::ALL.len());
    assert!(sentences.iter().all(|sentence| sentence.ends_with('。') && !sentence.contains('!')));
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::from_code(refusal.code()), Some(refusal));
    }
}

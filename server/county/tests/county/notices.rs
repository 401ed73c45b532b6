//! A notice on its way from a secretary to exactly those it is for.

use dangjian_domain::id::{NoticeId, OpId};
use dangjian_domain::op::{Action, EditNotice, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{Notice, NoticeReceipt, NoticeScope, NoticeState, Synced};
use dangjian_domain::rule::Refusal;
use dangjian_protocol::message::{Decision, Verdict};

use crate::fixture::*;
use crate::phone::Phone;
use crate::world::World;

pub(crate) fn publish(org: dangjian_domain::id::OrgId, scope: NoticeScope, title: &str) -> Action {
    Action::PublishNotice(PublishNotice { org, scope, title: title.into(), body: "内容".into() })
}

fn edit(id: OpId, base_version: u64, title: &str) -> Action {
    Action::EditNotice(EditNotice { notice: NoticeId(id.0), base_version, title: title.into(), body: "内容".into() })
}

pub(crate) fn refused(verdict: &Verdict) -> Option<Refusal> {
    assert_eq!(verdict.decision == Decision::Refused, verdict.reason.is_some());
    verdict.reason.and_then(Refusal::from_code)
}

fn everybody(world: &mut World) -> Vec<Phone> {
    [WANG, LI, ZHAO, CHEN, SUN, QIAN, ZHOU, WU, ZHENG].into_iter().map(|member| world.phone(member)).collect()
}

fn readers(world: &mut World, phones: &mut [Phone], id: OpId) -> Vec<dangjian_domain::id::MemberId> {
    phones.iter_mut().for_each(|phone| phone.pull(world));
    phones.iter().filter(|phone| phone.has(Notice::TABLE.no, id.0)).map(|phone| phone.member).collect()
}

#[test]
fn a_branch_notice_reaches_the_branch_and_the_officers_above_and_nobody_else() {
    let mut world = World::new();
    let mut phones = everybody(&mut world);
    phones.iter_mut().for_each(|phone| phone.pull(&mut world));
    let verdict = phones[0].act(&mut world, &publish(A, NoticeScope::Branch, "支部大会"));
    assert_eq!(verdict.decision, Decision::Accepted);
    assert_eq!(verdict.effects.len(), 1);
    assert_eq!(world.last.as_ref().unwrap().hints, verdict.effects);
    assert_eq!(readers(&mut world, &mut phones, verdict.op), [WANG, LI, ZHAO, QIAN, ZHENG]);
}

#[test]
fn a_township_notice_reaches_its_subtree_and_those_above_but_not_the_next_township() {
    let mut world = World::new();
    world.change(&[role(QIAN, TOWNSHIP_1, dangjian_domain::rows::Role::Secretary)], &[]);
    let mut phones = everybody(&mut world);
    let verdict = phones[5].act(&mut world, &publish(TOWNSHIP_1, NoticeScope::Subtree, "防汛"));
    assert_eq!(verdict.decision, Decision::Accepted);
    assert_eq!(verdict.effects.len(), 2);
    assert_eq!(readers(&mut world, &mut phones, verdict.op), [WANG, LI, ZHAO, CHEN, SUN, QIAN, ZHENG]);
}

#[test]
fn a_notice_of_the_migrants_committee_reaches_its_guests() {
    let mut world = World::new();
    world.change(&[role(ZHENG, MIGRANTS, dangjian_domain::rows::Role::Secretary)], &[]);
    let mut phones = everybody(&mut world);
    let verdict = phones[8].act(&mut world, &publish(MIGRANTS, NoticeScope::Subtree, "返乡"));
    assert_eq!(readers(&mut world, &mut phones, verdict.op), [ZHAO, ZHENG]);
}

#[test]
fn who_may_not_speak_for_an_organization_is_refused_and_nothing_is_written() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    let verdict = li.act(&mut world, &publish(A, NoticeScope::Branch, "我来说"));
    assert_eq!(refused(&verdict), Some(Refusal::NotAllowed));
    assert!(verdict.effects.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM notice"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM op WHERE decision = 2 AND reason = 1"), 1);
}

#[test]
fn an_edit_counts_only_on_the_version_its_author_saw() {
    let mut world = World::new();
    let (mut wang, mut other, mut li) = (world.phone(WANG), world.phone(WANG), world.phone(LI));
    let published = wang.act(&mut world, &publish(A, NoticeScope::Branch, "一"));
    assert_eq!(other.act(&mut world, &edit(published.op, 1, "二")).decision, Decision::Accepted);
    assert_eq!(refused(&wang.act(&mut world, &edit(published.op, 1, "三"))), Some(Refusal::Stale));
    li.pull(&mut world);
    let row = &li.mirror.rows[&(Notice::TABLE.no, published.op.0)];
    let notice = Notice::from_row(row).unwrap();
    assert_eq!((notice.title.as_str(), notice.version), ("二", 2));
}

#[test]
fn an_edit_made_offline_builds_on_the_operation_before_it() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let first = wang.operation(1, &publish(A, NoticeScope::Branch, "一"), world.now);
    let mut second = wang.operation(2, &edit(first.id, 0, "二"), world.now);
    second.depends_on = Some(first.id);
    let mut third = wang.operation(3, &edit(first.id, 0, "三"), world.now);
    third.depends_on = Some(second.id);
    let mut fourth = wang.operation(4, &edit(first.id, 0, "四"), world.now);
    fourth.depends_on = Some(second.id);
    let ops = [&first, &second, &third, &fourth].map(dangjian_protocol::op::Operation::encode);
    let reply = wang.push_bytes(&mut world, &ops);
    let refusals: Vec<_> = reply.verdicts.iter().map(refused).collect();
    assert_eq!(refusals, [None, None, None, Some(Refusal::Stale)]);
}

#[test]
fn what_builds_on_a_refused_operation_is_refused_by_the_rules() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    let published = li.act(&mut world, &publish(A, NoticeScope::Branch, "一"));
    let verdict = li.act_after(&mut world, &edit(published.op, 0, "二"), Some(published.op));
    assert_eq!(refused(&verdict), Some(Refusal::NotFound));
}

#[test]
fn a_withdrawn_notice_stays_visible_as_withdrawn_and_can_not_be_edited() {
    let mut world = World::new();
    let (mut wang, mut li) = (world.phone(WANG), world.phone(LI));
    let published = wang.act(&mut world, &publish(A, NoticeScope::Branch, "一"));
    let withdraw = WithdrawNotice { notice: NoticeId(published.op.0), base_version: 1, reason: "时间有误".into() };
    assert_eq!(wang.act(&mut world, &Action::WithdrawNotice(withdraw)).decision, Decision::Accepted);
    assert_eq!(refused(&wang.act(&mut world, &edit(published.op, 2, "二"))), Some(Refusal::Withdrawn));
    li.pull(&mut world);
    let notice = Notice::from_row(&li.mirror.rows[&(Notice::TABLE.no, published.op.0)]).unwrap();
    assert_eq!(notice.state, NoticeState::Withdrawn);
}

#[test]
fn a_reader_leaves_one_receipt_that_the_officers_see_and_the_other_readers_do_not() {
    let mut world = World::new();
    let mut phones = everybody(&mut world);
    let published = phones[0].act(&mut world, &publish(A, NoticeScope::Branch, "一"));
    let read = Action::ReadNotice(ReadNotice { notice: NoticeId(published.op.0) });
    let first = phones[1].act(&mut world, &read);
    assert_eq!((first.decision, first.effects.len()), (Decision::Accepted, 1), "only the feed the reader holds");
    let again = phones[1].act(&mut world, &read);
    assert_eq!((again.decision, again.effects.len()), (Decision::Accepted, 0));
    assert_eq!(refused(&phones[4].act(&mut world, &read)), Some(Refusal::NotAllowed));
    phones.iter_mut().for_each(|phone| phone.pull(&mut world));
    let id = NoticeReceipt::id_of(NoticeId(published.op.0), LI);
    let seen: Vec<_> =
        phones.iter().filter(|phone| phone.has(NoticeReceipt::TABLE.no, id)).map(|phone| phone.member).collect();
    assert_eq!(seen, [WANG, LI, QIAN, ZHENG]);
}

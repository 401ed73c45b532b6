//! Chains of operations: in order, once, all of them kept.

use dangjian_domain::op::{Action, OpenLedger};
use dangjian_domain::rows::NoticeScope;
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::*;
use dangjian_protocol::op::Operation;
use dangjian_protocol::sign::{RECEIPT_CONTEXT, Signed};

use crate::fixture::*;
use crate::notices::{publish, refused};
use crate::phone::Phone;
use crate::world::{DEPLOYMENT, World, code};

fn notice(title: &str) -> Action {
    publish(A, NoticeScope::Branch, title)
}

fn ops(phone: &mut Phone, world: &World, first: u64, count: u64) -> Vec<Vec<u8>> {
    (first..first + count).map(|seq| phone.operation(seq, &notice("通知"), world.now).encode()).collect()
}

#[test]
fn a_push_sent_again_gets_the_same_verdicts_and_changes_nothing() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let ops = ops(&mut wang, &world, 1, 3);
    let (push, _) = wang.signed(1, Link::FIRST, &ops);
    let first = wang.sync_as(&mut world, &wang.request(Some(push.clone()))).unwrap();
    world.pass_ms(5_000);
    let again = wang.sync_as(&mut world, &wang.request(Some(push))).unwrap();
    assert_eq!(again.verdicts, first.verdicts);
    assert_eq!(again.chain, first.chain);
    assert!(world.last.as_ref().unwrap().hints.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM notice"), 3);
    let more = self::ops(&mut wang, &world, 4, 1);
    let (overlapping, _) = wang.signed(1, Link::FIRST, &[ops, more].concat());
    let reply = wang.sync_as(&mut world, &wang.request(Some(overlapping))).unwrap();
    assert_eq!(reply.verdicts.len(), 4);
    assert_eq!(reply.verdicts[..3], first.verdicts[..]);
    assert_eq!(reply.chain.next_seq, 5);
    assert!(!reply.chain.forked);
}

#[test]
fn a_gap_is_answered_with_what_is_expected() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let first = ops(&mut wang, &world, 1, 1);
    wang.push_bytes(&mut world, &first);
    let later = ops(&mut wang, &world, 3, 2);
    let (push, _) = wang.signed(3, wang.link, &later);
    let reply = wang.sync_as(&mut world, &wang.request(Some(push))).unwrap();
    assert!(reply.verdicts.is_empty());
    assert_eq!(reply.chain, ChainState { next_seq: 2, link: wang.link, forked: false });
    assert_eq!(world.count("SELECT COUNT(*) FROM op"), 1);
}

#[test]
fn a_second_history_marks_the_device_and_stops_nothing() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let first = ops(&mut wang, &world, 1, 3);
    wang.push_bytes(&mut world, &first);
    let link_1 = Link::FIRST.next(DEPLOYMENT, wang.device, 1, &first[0]);
    let other = ops(&mut wang, &world, 2, 1);
    let (push, _) = wang.signed(2, link_1, &other);
    let reply = wang.sync_as(&mut world, &wang.request(Some(push.clone()))).unwrap();
    assert!(reply.verdicts.is_empty());
    assert_eq!(reply.chain, ChainState { next_seq: 4, link: wang.link, forked: true });
    wang.sync_as(&mut world, &wang.request(Some(push))).unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'forked' AND detail = 2"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM op"), 3);
    assert_eq!(wang.act(&mut world, &notice("后来")).decision, Decision::Accepted);
}

#[test]
fn another_past_behind_the_same_sequence_is_a_fork_too() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let first = ops(&mut wang, &world, 1, 2);
    wang.push_bytes(&mut world, &first);
    let next = ops(&mut wang, &world, 3, 1);
    let (push, _) = wang.signed(3, Link([7; 32]), &next);
    let reply = wang.sync_as(&mut world, &wang.request(Some(push))).unwrap();
    assert!(reply.verdicts.is_empty() && reply.chain.forked);
    assert_eq!(reply.chain.next_seq, 3);
}

#[test]
fn every_refused_or_unreadable_operation_is_kept_and_the_chain_goes_on() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let now = world.now;
    let good = |phone: &mut Phone, seq| phone.operation(seq, &notice("好"), now);
    let used = good(&mut wang, 1);
    let stranger = Operation { actor: LI, ..good(&mut wang, 3) };
    let newer_kind = Operation { kind: 99, ..good(&mut wang, 4) };
    let newer_version = Operation { version: 2, ..good(&mut wang, 5) };
    let version_0 = Operation { version: 0, ..good(&mut wang, 6) };
    let duplicate = Operation { id: used.id, ..good(&mut wang, 7) };
    let wrong_seq = good(&mut wang, 9);
    let bad_payload = Operation { payload: Bytes(vec![0xa0]), ..good(&mut wang, 9) };
    let mut trailing = good(&mut wang, 11).encode();
    trailing.push(0);
    let bytes = vec![
        used.encode(),
        vec![0xff],
        stranger.encode(),
        newer_kind.encode(),
        newer_version.encode(),
        version_0.encode(),
        duplicate.encode(),
        wrong_seq.encode(),
        bad_payload.encode(),
        vec![],
        trailing,
        vec![0x81; 20_000],
        good(&mut wang, 13).encode(),
    ];
    let reply = wang.push_bytes(&mut world, &bytes);
    let expected = [
        (Decision::Accepted, None),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::WrongActor as u16)),
        (Decision::Held, Some(HeldReason::UnknownKind as u16)),
        (Decision::Held, Some(HeldReason::UnknownKind as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::Duplicate as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Refused, Some(Refusal::Malformed as u16)),
        (Decision::Accepted, None),
    ];
    let got: Vec<_> = reply.verdicts.iter().map(|verdict| (verdict.decision, verdict.reason)).collect();
    assert_eq!(got, expected);
    assert_eq!(world.count("SELECT COUNT(*) FROM op"), 13);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'duplicate' AND detail = 7"), 1);
    let (again, _) = wang.signed(1, Link::FIRST, &bytes);
    let again = wang.sync_as(&mut world, &wang.request(Some(again))).unwrap();
    assert_eq!(again.verdicts, reply.verdicts);
}

#[test]
fn the_same_operation_twice_in_one_batch_counts_once() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let op = wang.operation(1, &notice("一"), world.now);
    let twin = Operation { seq: 2, ..op.clone() };
    let reply = wang.push_bytes(&mut world, &[op.encode(), op.encode(), twin.encode()]);
    let refusals: Vec<_> = reply.verdicts.iter().map(refused).collect();
    assert_eq!(refusals, [None, Some(Refusal::Malformed), Some(Refusal::Malformed)]);
    assert_eq!(world.count("SELECT COUNT(*) FROM notice"), 1);
}

#[test]
fn an_operation_id_of_another_device_is_a_duplicate() {
    let mut world = World::new();
    let (mut wang, mut other) = (world.phone(WANG), world.phone(WANG));
    let published = wang.act(&mut world, &notice("一"));
    let op = Operation { id: published.op, ..other.operation(1, &notice("二"), world.now) };
    let reply = other.push_bytes(&mut world, &[op.encode()]);
    assert_eq!(refused(&reply.verdicts[0]), Some(Refusal::Duplicate));
}

#[test]
fn impossible_times_are_refused_and_offline_times_are_not() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let enrolled = world.now;
    world.pass_ms(3_600_000);
    wang.open_session(&mut world).unwrap();
    let now = world.now;
    let cases = [
        (Instant::Anchored(Timestamp(-1)), false),
        (Instant::Anchored(Timestamp(i64::MIN)), false),
        (Instant::Anchored(Timestamp(i64::MAX)), false),
        (Instant::Anchored(Timestamp(0)), false),
        (Instant::Anchored(now.plus_ms(120_001)), false),
        (Instant::Anchored(now.plus_ms(120_000)), true),
        (Instant::Anchored(enrolled.plus_ms(-120_001)), false),
        (Instant::Anchored(enrolled), true),
        (Instant::After(enrolled), true),
        (Instant::After(now.plus_ms(120_001)), false),
        (Instant::After(Timestamp(0)), false),
    ];
    let ops: Vec<_> = (1..)
        .zip(&cases)
        .map(|(seq, (at, _))| Operation { at: *at, ..wang.operation(seq, &notice("时"), now) }.encode())
        .collect();
    let reply = wang.push_bytes(&mut world, &ops);
    for ((at, fine), verdict) in cases.iter().zip(&reply.verdicts) {
        assert_eq!(refused(verdict), (!fine).then_some(Refusal::ImplausibleTime), "{at:?}");
    }
}

#[test]
fn a_receipt_names_what_is_stored_and_is_signed_by_the_server() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let ops = ops(&mut wang, &world, 1, 2);
    let reply = wang.push_bytes(&mut world, &ops);
    let request = dangjian_protocol::http::Request {
        method: dangjian_protocol::http::Method::Get,
        path: "/v1/capabilities".into(),
        content_type: Encoding::Cbor,
        accept: Encoding::Cbor,
        proof: None,
        body: vec![],
    };
    let capabilities: Capabilities = crate::world::answer(&world.send(&request)).unwrap();
    let key = dangjian_protocol::sign::PublicKey::from_slice(&capabilities.server_key.0).unwrap();
    let signed = Signed::decode(&reply.receipt.unwrap().0).unwrap();
    let payload = signed.verify(RECEIPT_CONTEXT, DEPLOYMENT, &key).unwrap();
    let receipt: Receipt = decode(payload, Encoding::Cbor).unwrap();
    assert_eq!(
        receipt,
        Receipt { deployment: DEPLOYMENT, device: wang.device, to_seq: 2, link: wang.link, at: world.now }
    );
}

#[test]
fn too_many_or_too_long_operations_are_refused_as_a_whole() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    let tiny: Vec<_> = (0..501).map(|_| vec![0]).collect();
    let (push, _) = wang.signed(1, Link::FIRST, &tiny);
    assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(push)))), ErrorCode::TooLarge);
    let long: Vec<_> = (0..20).map(|_| vec![0; 14_000]).collect();
    let (push, _) = wang.signed(1, Link::FIRST, &long);
    assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(push)))), ErrorCode::TooLarge);
    assert_eq!(world.count("SELECT COUNT(*) FROM op"), 0);
    let reply = wang.push_bytes(&mut world, &tiny[..500]);
    assert_eq!(reply.verdicts.len(), 500);
}

#[test]
fn a_head_that_does_not_vouch_for_the_push_is_refused() {
    let mut world = World::new();
    let (mut wang, li) = (world.phone(WANG), world.phone(LI));
    let ops = ops(&mut wang, &world, 1, 2);
    let (good, link) = wang.signed(1, Link::FIRST, &ops);
    let head = Head { deployment: DEPLOYMENT, device: wang.device, to_seq: 2, link };
    let sign = |phone: &Phone, head: &Head| Bytes(phone.sign_head(head));
    let elsewhere = dangjian_domain::id::RowId([1; 16]).into();
    let mut flipped = good.head.clone();
    *flipped.0.last_mut().unwrap() ^= 1;
    let heads = [
        Bytes(vec![]),
        Bytes(vec![0xff]),
        flipped,
        sign(&li, &head),
        sign(&wang, &Head { to_seq: 3, ..head.clone() }),
        sign(&wang, &Head { device: li.device, ..head.clone() }),
        sign(&wang, &Head { deployment: elsewhere, ..head.clone() }),
        sign(&wang, &Head { link: Link([1; 32]), ..head.clone() }),
    ];
    for head in heads {
        let push = Push { head, ..good.clone() };
        assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(push)))), ErrorCode::BadSignature);
    }
    for cut in 0..good.head.0.len() {
        let push = Push { head: Bytes(good.head.0[..cut].to_vec()), ..good.clone() };
        assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(push)))), ErrorCode::BadSignature);
    }
    let mut swapped = good.clone();
    swapped.ops.swap(0, 1);
    assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(swapped)))), ErrorCode::BadSignature);
    for (first_seq, ops) in [(0, good.ops.clone()), (u64::MAX, good.ops.clone()), (1, vec![])] {
        let push = Push { first_seq, ops, ..good.clone() };
        assert_eq!(code(wang.sync_as(&mut world, &wang.request(Some(push)))), ErrorCode::BadRequest);
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM op"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM device WHERE forked_at IS NOT NULL"), 0);
}

#[test]
fn an_officer_opens_and_closes_a_ledger() {
    let mut world = World::new();
    let (mut qian, mut li) = (world.phone(QIAN), world.phone(LI));
    qian.pull(&mut world);
    let points = dangjian_domain::id::RowId::derived("points", &[SUN.0]);
    assert!(!qian.has(11, points));
    let open = |org, open| Action::OpenLedger(OpenLedger { org, open });
    assert_eq!(refused(&li.act(&mut world, &open(B, true))), Some(Refusal::NotAllowed));
    assert_eq!(refused(&qian.act(&mut world, &open(D, true))), Some(Refusal::NotAllowed));
    let grant = qian.mirror.cursor.1;
    assert_eq!(qian.act(&mut world, &open(B, true)).decision, Decision::Accepted);
    assert_eq!(world.last.as_ref().unwrap().regranted, [QIAN]);
    assert_eq!(qian.mirror.cursor.1, grant + 1);
    qian.pull(&mut world);
    assert!(qian.has(11, points));
    qian.act(&mut world, &open(B, false));
    qian.pull(&mut world);
    assert!(!qian.has(11, points));
}

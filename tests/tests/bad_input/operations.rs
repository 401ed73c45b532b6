//! Group B: operations in a push. Each gets its verdict and its place in the chain; nothing follows from a refused one.

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::rows::{Member, MemberStatus, Synced};
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{Decision, HeldReason, Verdict};
use dangjian_protocol::op::Operation;

use super::office::{Office, START, notice, refused};
use super::phone::{Phone, bytes};

fn setting() -> (Office, Phone, dangjian_domain::id::OrgId) {
    let mut office = Office::new();
    let (secretary, branch) = office.secretary();
    let phone = Phone::new(&mut office, secretary, 1);
    (office, phone, branch)
}

fn outcome(verdict: &Verdict) -> (Decision, Option<u16>) {
    (verdict.decision, verdict.reason)
}

fn no(refusal: Refusal) -> (Decision, Option<u16>) {
    (Decision::Refused, Some(refusal.code()))
}

/// What is on record besides the operations themselves.
fn effects(office: &Office) -> String {
    office.state_but(&["op", "device", "signed_head", "audit"])
}

/// The array of seven that an operation is, with one element replaced.
fn with_element(op: &Operation, nth: usize, item: &[u8]) -> Vec<u8> {
    let whole = op.encode();
    let mut decoder = minicbor::Decoder::new(&whole);
    decoder.array().unwrap();
    let mut parts = vec![vec![0x87]];
    for at in 0..7 {
        let from = decoder.position();
        decoder.skip().unwrap();
        parts.push(if at == nth { item.to_vec() } else { whole[from..decoder.position()].to_vec() });
    }
    parts.concat()
}

#[test]
fn what_is_no_operation_is_kept_as_malformed_and_nothing_follows_from_it() {
    let (mut office, mut phone, branch) = setting();
    let make = |phone: &mut Phone, office: &Office, seq| phone.operation(office, seq, &notice(branch, "通知"));
    let good = make(&mut phone, &office, 1);
    let nested = [&[0x87][..], &vec![0x81; 16_000]].concat();
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("an id of zeros", with_element(&good, 0, &bytes(&[0; 16]))),
        ("an id of 17 bytes", with_element(&good, 0, &bytes(&[1; 17]))),
        ("a sequence of 2^63", with_element(&good, 1, &[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
        ("a sequence of -2^63 - 1", with_element(&good, 1, &[0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
        ("an instant that is not a number", with_element(&good, 3, &[0x82, 0, 0x81, 0xf9, 0x7e, 0])),
        ("an instant of -0.0", with_element(&good, 3, &[0x82, 0, 0x81, 0xf9, 0x80, 0])),
        ("an instant of -2^63 - 1", with_element(&good, 3, &[0x82, 0, 0x81, 0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
        ("a kind of 2^32", with_element(&good, 4, &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0])),
        ("a version of 2^32", with_element(&good, 5, &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0])),
        ("a payload of 2^40 bytes", with_element(&good, 6, &[0x5b, 0, 0, 1, 0, 0, 0, 0, 0])),
        ("an array of 2^40", [&[0x9b, 0, 0, 1, 0, 0, 0, 0, 0][..], &good.encode()[1..]].concat()),
        ("nesting", nested),
        ("one byte more than an operation may have", vec![0x81; 16 * 1024 + 1]),
    ];
    let whole = good.encode();
    let cuts: Vec<Vec<u8>> = (0..whole.len()).map(|cut| whole[..cut].to_vec()).collect();
    cases.extend(cuts.into_iter().map(|cut| ("a cut", cut)));
    let before = effects(&office);
    let ops: Vec<Vec<u8>> = cases.iter().map(|(_, bytes)| bytes.clone()).collect();
    for (verdict, (name, _)) in phone.deliver(&mut office, &ops).iter().zip(&cases) {
        assert_eq!(outcome(verdict), no(Refusal::Malformed), "{name}");
        let unreadable = *name != "a sequence of 2^63";
        assert_eq!(verdict.op.0 == RowId([0; 16]), unreadable, "{name}");
    }
    assert!(effects(&office) == before, "something followed");
    assert_eq!(office.count("SELECT count(*) FROM op"), ops.len() as i64, "all are kept");
    assert_eq!(phone.act(&mut office, &notice(branch, "好")).decision, Decision::Accepted);
}

#[test]
fn a_payload_that_is_not_canonical_or_of_version_0_is_malformed_and_a_newer_one_is_held() {
    let (mut office, mut phone, branch) = setting();
    let good = phone.operation(&office, 1, &notice(branch, "通知"));
    let payload = good.payload.0.clone();
    // {1: org, 2: scope, 3: title, 4: body}
    let more = [&[0xa5][..], &payload[1..], &[5, 0]].concat();
    let twice = [&[0xa5][..], &payload[1..19], &payload[1..]].concat();
    let not_text = |at: &str, by: u8| {
        let mut bytes = payload.clone();
        let place = bytes.windows(at.len()).position(|window| window == at.as_bytes()).unwrap();
        bytes[place] = by;
        bytes
    };
    let (malformed, held) = (no(Refusal::Malformed), (Decision::Held, Some(HeldReason::UnknownKind as u16)));
    let cases: Vec<(&str, Operation, _)> = vec![
        ("a field of a newer app", Operation { payload: Bytes(more), ..good.clone() }, malformed),
        ("a field twice", Operation { payload: Bytes(twice), ..good.clone() }, malformed),
        ("a title that is not UTF-8", Operation { payload: Bytes(not_text("通知", 0xff)), ..good.clone() }, malformed),
        ("nothing", Operation { payload: Bytes(vec![]), ..good.clone() }, malformed),
        ("nesting", Operation { payload: Bytes(vec![0x81; 16_000]), ..good.clone() }, malformed),
        ("version 0", Operation { version: 0, ..good.clone() }, malformed),
        ("version 0 of an unknown kind", Operation { kind: 77, version: 0, ..good.clone() }, malformed),
        ("version 2", Operation { version: 2, payload: Bytes(vec![0xff]), ..good.clone() }, held),
        ("version 2^32 - 1", Operation { version: u32::MAX, ..good.clone() }, held),
        ("kind 2^32 - 1", Operation { kind: u32::MAX, payload: Bytes(vec![]), ..good.clone() }, held),
        ("kind 0", Operation { kind: 0, ..good.clone() }, held),
    ];
    let mut ops = vec![];
    for (seq, (_, op, _)) in (1..).zip(&cases) {
        let id = phone.operation(&office, seq, &notice(branch, "题")).id;
        ops.push(Operation { id, seq, ..op.clone() }.encode());
    }
    let before = effects(&office);
    for (verdict, (name, _, expected)) in phone.deliver(&mut office, &ops).iter().zip(&cases) {
        assert_eq!(outcome(verdict), *expected, "{name}");
    }
    assert!(effects(&office) == before, "something followed");
    let kept: i64 = office.count("SELECT count(*) FROM op WHERE decision = 3 AND length(bytes) > 0");
    assert_eq!(kept, 4, "what a newer server may know is kept whole");
    assert_eq!(phone.act(&mut office, &notice(branch, "好")).decision, Decision::Accepted);
}

#[test]
fn an_id_used_before_is_a_duplicate_whoever_used_it_and_whatever_it_says_now() {
    let (mut office, mut phone, branch) = setting();
    let member = office.plain_member(branch);
    let mut other = Phone::new(&mut office, member, 2);
    let published = phone.act(&mut office, &notice(branch, "一"));
    let audited = "SELECT count(*) FROM audit WHERE action = 'duplicate'";
    let before = effects(&office);
    // The same operation at the next place, the same id with another text, and another phone with this id.
    let mut again = vec![];
    for (seq, title) in [(2, "一"), (3, "二")] {
        let op = phone.operation(&office, seq, &notice(branch, title));
        again.push(Operation { id: published.op, ..op }.encode());
    }
    for verdict in phone.deliver(&mut office, &again) {
        assert_eq!((verdict.op, outcome(&verdict)), (published.op, no(Refusal::Duplicate)));
    }
    let stolen = Operation { id: published.op, ..other.operation(&office, 1, &notice(branch, "三")) };
    assert_eq!(outcome(&other.deliver(&mut office, &[stolen.encode()])[0]), no(Refusal::Duplicate));
    assert!(effects(&office) == before, "something followed");
    assert_eq!(office.count(audited), 3);
    assert_eq!(office.count("SELECT count(*) FROM notice WHERE title = '一'"), 1);
}

#[test]
fn a_chain_that_goes_back_leaves_a_gap_or_claims_another_past_changes_nothing_that_is_stored() {
    let (mut office, mut phone, branch) = setting();
    let action = notice(branch, "通知");
    for _ in 0..3 {
        phone.act(&mut office, &action);
    }
    let stored = office.count("SELECT count(*) FROM op");
    let op = |phone: &mut Phone, office: &Office, seq| phone.operation(office, seq, &action).encode();
    let next = op(&mut phone, &office, 4);
    // A gap: the server says what it expects, every time, and stores nothing.
    for first_seq in [5, 400, i64::MAX as u64 - 1] {
        let ops = [op(&mut phone, &office, first_seq)];
        let push = phone.signed(first_seq, phone.link, &ops).0;
        let reply = office.unchanged("a gap", |office| phone.sync(office, Some(push))).unwrap();
        assert_eq!((reply.verdicts.len(), reply.chain.next_seq, reply.chain.forked), (0, 4, false));
    }
    for first_seq in [0, i64::MAX as u64 + 1, u64::MAX] {
        let mut push = phone.signed(4, phone.link, std::slice::from_ref(&next)).0;
        push.first_seq = first_seq;
        let code = office.unchanged("a sequence", |office| refused(phone.sync(office, Some(push))));
        assert_eq!(code, ErrorCode::BadRequest);
    }
    // Another past: the link before is that of nothing, of the operation itself, or of an older place.
    let own = Link::FIRST.next(phone.deployment, phone.device, 4, &next);
    for before in [Link::FIRST, own, Link([0xff; 32])] {
        let push = phone.signed(4, before, std::slice::from_ref(&next)).0;
        let reply = phone.sync(&mut office, Some(push)).unwrap();
        assert_eq!((reply.verdicts.len(), reply.chain.next_seq, reply.chain.forked), (0, 4, true));
        assert_eq!(reply.chain.link, phone.link);
    }
    // Back: another operation at a place that is taken.
    let back = op(&mut phone, &office, 1);
    let push = phone.signed(1, Link::FIRST, &[back]).0;
    let reply = office.unchanged("another first", |office| phone.sync(office, Some(push))).unwrap();
    assert!(reply.verdicts.is_empty() && reply.chain.forked);
    assert_eq!(office.count("SELECT count(*) FROM op"), stored);
    assert_eq!(office.count("SELECT count(*) FROM audit WHERE action = 'forked'"), 1);
    assert_eq!(phone.deliver(&mut office, &[next])[0].decision, Decision::Accepted, "its own history goes on");
}

#[test]
fn times_before_the_enrolment_and_beyond_the_servers_are_implausible() {
    let (mut office, mut phone, branch) = setting();
    let year_2099 = Timestamp(4_070_908_800_000);
    let times = [
        Timestamp(0),
        Timestamp(-1),
        Timestamp(i64::MIN),
        Timestamp(i64::MAX),
        year_2099,
        START.plus_ms(-120_001),
        START.plus_ms(120_001),
    ];
    let mut ops = vec![];
    for at in times.iter().flat_map(|at| [Instant::Anchored(*at), Instant::After(*at)]) {
        let seq = ops.len() as u64 + 1;
        ops.push(Operation { at, ..phone.operation(&office, seq, &notice(branch, "时")) }.encode());
    }
    let before = effects(&office);
    for verdict in phone.deliver(&mut office, &ops) {
        assert_eq!(outcome(&verdict), no(Refusal::ImplausibleTime));
    }
    assert!(effects(&office) == before, "something followed");
}

#[test]
fn who_has_died_left_or_was_expelled_hands_nothing_in_and_who_is_suspended_only_reads() {
    let (mut office, mut phone, branch) = setting();
    let published = phone.act(&mut office, &notice(branch, "一"));
    let op = phone.operation(&office, 2, &notice(branch, "二")).encode();
    let push = phone.signed(2, phone.link, &[op]).0;
    let all = [MemberStatus::Active, MemberStatus::Suspended];
    let others = (1..64).filter_map(|code| status(code).filter(|status| !all.contains(status)));
    let mut gone = 0;
    for status in others {
        set(&mut office, phone.member, status);
        let code = office.unchanged("a push", |office| refused(phone.sync(office, Some(push.clone()))));
        assert_eq!(code, ErrorCode::Forbidden, "{status:?}");
        gone += 1;
    }
    assert!(gone >= 3, "there are several ways to leave");
    set(&mut office, phone.member, MemberStatus::Suspended);
    let read = dangjian_domain::op::ReadNotice { notice: published.op.0.into() };
    let ops = [
        phone.operation(&office, 2, &notice(branch, "二")).encode(),
        phone.operation(&office, 3, &dangjian_domain::op::Action::ReadNotice(read)).encode(),
    ];
    let verdicts = phone.deliver(&mut office, &ops);
    assert_eq!(outcome(&verdicts[0]), no(Refusal::MemberInactive));
    assert_eq!(verdicts[1].decision, Decision::Accepted);
    set(&mut office, phone.member, MemberStatus::Active);
    assert_eq!(phone.act(&mut office, &notice(branch, "三")).decision, Decision::Accepted);
}

fn status(code: i64) -> Option<MemberStatus> {
    use dangjian_domain::schema::{Field, Value};
    MemberStatus::from_value(&Value::Int(code))
}

fn set(office: &mut Office, member: MemberId, status: MemberStatus) {
    let (_, org) = *office.people.members.iter().find(|other| other.0 == member).unwrap();
    let rows = office.people.rows.iter().filter_map(|row| Member::from_row(row).ok());
    let row = rows.into_iter().find(|row| row.id == member.0).unwrap();
    assert_eq!(row.org, org);
    office.change(&[Member { status, ..row }.to_row()], &[]).unwrap();
}

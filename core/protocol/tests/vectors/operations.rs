//! Operations: canonical bytes, what is refused, and the chain.

use dangjian_domain::op::{
    Action, EditNotice, MoveMember, OpenLedger, PayloadError, PublishNotice, ReadNotice, WithdrawNotice,
};
use dangjian_domain::rows::NoticeScope;
use dangjian_domain::time::Instant;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::limits;
use dangjian_protocol::op::Operation;
use serde_json::{Value, json};

use crate::support::{NOW, branch, county, deployment, device, hex, id, member};

fn actions() -> Vec<(&'static str, Action, Value)> {
    let notice = id(1).into();
    let text = |action: &str| format!("a notice is {action}");
    vec![
        (
            "publish_notice",
            Action::PublishNotice(PublishNotice {
                org: branch(),
                scope: NoticeScope::Branch,
                title: "主题党日".into(),
                body: "周五上午九点。\n请准时。".into(),
            }),
            json!({"org": branch(), "scope": 1, "title": "主题党日", "body": "周五上午九点。\n请准时。"}),
        ),
        (
            "edit_notice",
            Action::EditNotice(EditNotice {
                notice, base_version: 1, title: "主题党日".into(), body: text("edited")
            }),
            json!({"notice": notice, "base_version": 1, "title": "主题党日", "body": text("edited")}),
        ),
        (
            "withdraw_notice",
            Action::WithdrawNotice(WithdrawNotice { notice, base_version: 300, reason: text("withdrawn") }),
            json!({"notice": notice, "base_version": 300, "reason": text("withdrawn")}),
        ),
        ("read_notice", Action::ReadNotice(ReadNotice { notice }), json!({"notice": notice})),
        (
            "move_member",
            Action::MoveMember(MoveMember { member: id(0x31).into(), from: branch(), to: id(0x0d).into() }),
            json!({"member": id(0x31), "from": branch(), "to": id(0x0d)}),
        ),
        (
            "open_ledger",
            Action::OpenLedger(OpenLedger { org: branch(), open: true }),
            json!({"org": branch(), "open": true}),
        ),
        (
            "close_ledger",
            Action::OpenLedger(OpenLedger { org: county(), open: false }),
            json!({"org": county(), "open": false}),
        ),
    ]
}

fn described(name: &str, op: &Operation, payload: Option<&Value>) -> Value {
    let bytes = op.encode();
    assert_eq!(Operation::decode(&bytes).as_ref(), Ok(op), "{name}");
    let at = match op.at {
        Instant::Anchored(at) => json!({"anchored": at}),
        Instant::After(at) => json!({"after": at}),
    };
    let mut fields = json!({
        "id": op.id, "seq": op.seq, "actor": op.actor, "at": at, "kind": op.kind, "version": op.version,
        "depends_on": op.depends_on,
    });
    match payload {
        Some(payload) => fields["payload"] = payload.clone(),
        None => fields["payload_bytes"] = hex(&op.payload.0).into(),
    }
    json!({"name": name, "fields": fields, "payload": hex(&op.payload.0), "bytes": hex(bytes)})
}

/// One of each kind, in one chain, then the variants of the fields around the payload.
pub(crate) fn sample() -> Vec<(String, Operation, Option<Value>)> {
    let mut ops = vec![];
    for (seq, (name, action, payload)) in (1u64..).zip(actions()) {
        let op =
            Operation::new(id(seq as u8).into(), seq, member(), Instant::Anchored(NOW.plus_ms(seq as i64)), &action);
        assert_eq!(op.action(), Ok(action));
        ops.push((name.to_owned(), op, Some(payload)));
    }
    let edit = ops[1].clone();
    ops.push((
        "edit_notice that builds on an operation not yet acknowledged, after a restart of the phone".into(),
        Operation { id: id(8).into(), seq: 8, at: Instant::After(NOW), depends_on: Some(id(1).into()), ..edit.1 },
        edit.2,
    ));
    let unknown = |seq: u64, kind, version, payload: &[u8]| Operation {
        id: id(seq as u8).into(),
        seq,
        actor: member(),
        at: Instant::Anchored(NOW),
        kind,
        version,
        payload: Bytes(payload.to_vec()),
        depends_on: None,
    };
    ops.push(("a kind nobody knows yet".into(), unknown(9, 9_999, 1, &[0xa0]), None));
    ops.push(("a version nobody knows yet".into(), unknown(10, 4, 2, b"whatever a newer phone writes"), None));
    ops
}

pub(crate) fn accepted() -> Value {
    let ops: Vec<Value> = sample().iter().map(|(name, op, payload)| described(name, op, payload.as_ref())).collect();
    assert_eq!(sample()[8].1.action(), Err(PayloadError::Unknown));
    assert_eq!(sample()[9].1.action(), Err(PayloadError::Unknown));
    json!({"operations": ops})
}

pub(crate) fn refused() -> Value {
    let good = sample()[3].1.encode();
    let with_dependency = sample()[7].1.encode();
    let inner = &good[1..];
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a break alone", vec![0xff]),
        ("one byte missing", good[..good.len() - 1].to_vec()),
        ("one byte too many", [&good[..], &[0]].concat()),
        ("the array's length in two bytes", [&[0x98, 0x07], inner].concat()),
        ("an array of indefinite length", [&[0x9f], inner, &[0xff]].concat()),
        ("an absent dependency written as null", [&[0x88], inner, &[0xf6]].concat()),
        ("a ninth element", [&[0x89], &with_dependency[1..], &[0x00]].concat()),
        ("a tag in front", [&[0xc1], &good[..]].concat()),
        ("a map instead of an array", [&[0xa0], inner].concat()),
    ];
    // Offsets: array head 1, id 1 + 16, then the sequence.
    let replace = |at: usize, length: usize, with: &[u8]| [&good[..at], with, &good[at + length..]].concat();
    assert_eq!(good[18], 0x04, "the sequence stands here");
    cases.push(("an id of zeros", replace(2, 16, &[0; 16])));
    cases.push(("an id of 15 bytes", replace(1, 17, &[&[0x4f][..], &[1; 15]].concat())));
    cases.push(("an id as text", replace(1, 1, &[0x70])));
    cases.push(("the sequence not in its shortest form", replace(18, 1, &[0x18, 0x04])));
    cases.push(("the sequence as a floating-point number", replace(18, 1, &[0xf9, 0x44, 0x00])));
    cases.push(("a negative sequence", replace(18, 1, &[0x23])));
    // After the actor (1 + 16): [0, [ms]].
    assert_eq!(good[36..39], [0x82, 0x00, 0x81], "the instant stands here");
    cases.push(("the instant as a bare number", replace(36, 3, &[])));
    cases.push(("an instant of an unknown kind", replace(37, 1, &[0x02])));
    cases.push(("an instant with a second field", replace(38, 10, &[0x82, 0x00, 0x00])));
    let kind = 36 + 3 + 9;
    assert_eq!(good[kind..kind + 3], [0x04, 0x01, 0x53], "kind, version and payload stand here");
    cases.push(("a kind beyond 32 bits", replace(kind, 1, &[0x1b, 0, 0, 0, 1, 0, 0, 0, 4])));
    cases.push(("the payload as an indefinite byte string", {
        let payload = &good[kind + 2..];
        [&good[..kind + 2], &[0x5f], payload, &[0xff]].concat()
    }));
    cases.push(("the payload as a map, not as bytes", [&good[..kind + 2], &good[kind + 3..]].concat()));
    let long = Operation { payload: Bytes(vec![0; limits::OP]), ..sample()[8].1.clone() };
    let mut refused: Vec<Value> = cases
        .into_iter()
        .map(|(name, bytes)| {
            assert!(Operation::decode(&bytes).is_err(), "{name}");
            json!({"name": name, "bytes": hex(bytes)})
        })
        .collect();
    assert!(Operation::decode(&long.encode()).is_err());
    refused.push(json!({
        "name": "longer than 16,384 bytes",
        "build": {"like": "a kind nobody knows yet", "payload_zeros": limits::OP},
        "length": long.encode().len(),
    }));
    json!({"like": hex(good), "refused": refused})
}

/// Operations that are in their canonical form, but whose payloads are not.
pub(crate) fn refused_payloads() -> Value {
    let read = sample()[3].1.payload.0.clone();
    let publish = sample()[0].1.payload.0.clone();
    assert_eq!(publish[19..21], [0x02, 0x01], "the scope stands here");
    let replaced = |at: usize, with: u8| {
        let mut bytes = publish.clone();
        bytes[at] = with;
        bytes
    };
    let title = "主题党日".as_bytes();
    let title_at = publish.windows(title.len()).position(|window| window == title).unwrap();
    let cases: Vec<(&str, u32, u32, Vec<u8>)> = vec![
        ("nothing", 4, 1, vec![]),
        ("an empty map", 4, 1, vec![0xa0]),
        ("version 0", 4, 0, read.clone()),
        ("a field too many", 4, 1, [&[0xa2], &read[1..], &[0x02, 0x00]].concat()),
        ("an array instead of a map", 4, 1, [&[0x81], &read[2..]].concat()),
        ("a key not in its shortest form", 4, 1, [&[0xa1, 0x18, 0x01], &read[2..]].concat()),
        ("a map of indefinite length", 4, 1, [&[0xbf], &read[1..], &[0xff]].concat()),
        ("one byte too many", 4, 1, [&read[..], &[0]].concat()),
        ("an id of all but one byte", 4, 1, [&[0xa1, 0x01, 0x4f], &read[3..18]].concat()),
        ("an unknown scope", 1, 1, replaced(20, 0x03)),
        ("a title that is not UTF-8", 1, 1, replaced(title_at, 0xff)),
        ("keys out of order", 6, 1, [&[0xa2, 0x02, 0xf5, 0x01][..], &read[2..]].concat()),
        ("a key twice", 6, 1, [&[0xa3, 0x01][..], &read[2..], &[0x01], &read[2..], &[0x02, 0xf5]].concat()),
        ("a flag as a number", 6, 1, [&[0xa2, 0x01][..], &read[2..], &[0x02, 0x01]].concat()),
    ];
    let cases: Vec<Value> = cases
        .into_iter()
        .map(|(name, kind, version, payload)| {
            assert_eq!(Action::decode(kind, version, &payload), Err(PayloadError::Malformed), "{name}");
            json!({"name": name, "kind": kind, "version": version, "payload": hex(payload), "refusal": 14})
        })
        .collect();
    json!({"refused": cases})
}

pub(crate) fn chain() -> Value {
    let mut link = Link::FIRST;
    let mut links = vec![];
    for (name, op, _) in sample() {
        let bytes = op.encode();
        let next = link.next(deployment(), device(), op.seq, &bytes);
        links.push(json!({
            "name": name, "seq": op.seq, "previous": hex(link.0), "operation": hex(bytes), "link": hex(next.0),
        }));
        link = next;
    }
    json!({"deployment": deployment(), "device": device(), "links": links})
}

/// The link after the last of the sample operations.
pub(crate) fn tip() -> (u64, Link) {
    sample().iter().fold((0, Link::FIRST), |(_, link), (_, op, _)| {
        (op.seq, link.next(deployment(), device(), op.seq, &op.encode()))
    })
}

//! Operations: canonical bytes, what is refused, and the chain.

use dangjian_domain::op::{
    Action, AnswerQuiz, CheckAnswer, DecideAppeal, DecideReview, DrawQuiz, EditNotice, MakeAppeal, MoveMember,
    OpenLedger, PayloadError, PublishNotice, PublishRules, ReadNotice, RecordStudy, ReverseEntry, SetFeatures,
    SignInToday, Span, WithdrawNotice,
};
use dangjian_domain::rows::{LedgerEntry, NoticeScope, QuizDraw};
use dangjian_domain::time::{BootId, CivilDay, Instant};
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

/// The boot whose clock the samples read.
pub(crate) const BOOT: BootId = BootId([0xb0; 16]);

/// A segment with everything a segment can have.
pub(crate) fn segment(lease: Option<Vec<u8>>) -> RecordStudy {
    RecordStudy {
        session: id(0x5e),
        item: id(0x91),
        lease,
        boot: BOOT,
        from_ms: 86_400_123,
        spans: vec![Span { from_ms: 0, to_ms: 61_500 }, Span { from_ms: 70_000, to_ms: 299_999 }],
        beats: (1..10).map(|n| n * 30_000).collect(),
        inputs: vec![4_200, 17_000, 17_000, 250_111],
        checks: vec![CheckAnswer { at_ms: 70_000, check: 1, choice: 2 }],
    }
}

/// One of each kind that came with study and points; a segment with and without a lease.
fn study_and_points() -> Vec<(&'static str, Action)> {
    let entry = LedgerEntry::id_of(id(0xfa), "read_minutes");
    let draw = QuizDraw::id_of(member(), id(0x93), CivilDay(20_780));
    vec![
        ("record_study", Action::RecordStudy(segment(None))),
        ("record_study under a lease", Action::RecordStudy(segment(Some(crate::study::token())))),
        ("sign_in_today", Action::SignInToday(SignInToday { boot: BOOT, at_ms: 86_400_123 })),
        ("draw_quiz", Action::DrawQuiz(DrawQuiz { item: id(0x93) })),
        ("answer_quiz", Action::AnswerQuiz(AnswerQuiz { draw, answers: vec![1, 0, 3, 2, 0] })),
        ("reverse_entry", Action::ReverseEntry(ReverseEntry { entry, reason: "代人学习，经本人确认".into() })),
        (
            "make_appeal",
            Action::MakeAppeal(MakeAppeal {
                about: entry, text: "当日在车间学习，手机没有信号。".into()
            }),
        ),
        (
            "decide_appeal",
            Action::DecideAppeal(DecideAppeal {
                appeal: id(0xab),
                granted: true,
                answer: "情况属实，予以恢复。".into(),
            }),
        ),
        (
            "decide_review",
            Action::DecideReview(DecideReview {
                case: id(0xac),
                upheld: false,
                reason: "系老年人连续点读，属正常".into(),
            }),
        ),
        ("publish_rules", Action::PublishRules(PublishRules { text: "schema = 1\n# …\n".into() })),
        (
            "set_features",
            Action::SetFeatures(SetFeatures {
                county: county(),
                public_ranking: true,
                names_on_low_boards: false,
                study_in_appraisal: false,
                sign_in_points: true,
                mandatory_photo: false,
                usage_reports: false,
                forced_check_in: true,
            }),
        ),
    ]
}

/// A payload under field names: ids as UUID text, bytes as hex, a stretch or an answer as a list.
pub(crate) fn payload(action: &Action) -> Value {
    match action {
        Action::PublishNotice(p) => json!({"org": p.org, "scope": p.scope.code(), "title": p.title, "body": p.body}),
        Action::EditNotice(p) => {
            json!({"notice": p.notice, "base_version": p.base_version, "title": p.title, "body": p.body})
        }
        Action::WithdrawNotice(p) => json!({"notice": p.notice, "base_version": p.base_version, "reason": p.reason}),
        Action::ReadNotice(p) => json!({"notice": p.notice}),
        Action::MoveMember(p) => json!({"member": p.member, "from": p.from, "to": p.to}),
        Action::OpenLedger(p) => json!({"org": p.org, "open": p.open}),
        Action::RecordStudy(p) => record(p),
        Action::SignInToday(p) => json!({"boot": hex(p.boot.0), "at_ms": p.at_ms}),
        Action::DrawQuiz(p) => json!({"item": p.item}),
        Action::AnswerQuiz(p) => json!({"draw": p.draw, "answers": hex(&p.answers)}),
        Action::ReverseEntry(p) => json!({"entry": p.entry, "reason": p.reason}),
        Action::MakeAppeal(p) => json!({"about": p.about, "text": p.text}),
        Action::DecideAppeal(p) => json!({"appeal": p.appeal, "granted": p.granted, "answer": p.answer}),
        Action::DecideReview(p) => json!({"case": p.case, "upheld": p.upheld, "reason": p.reason}),
        Action::PublishRules(p) => json!({"text": p.text}),
        Action::SetFeatures(p) => json!({
            "county": p.county, "public_ranking": p.public_ranking, "names_on_low_boards": p.names_on_low_boards,
            "study_in_appraisal": p.study_in_appraisal, "sign_in_points": p.sign_in_points,
            "mandatory_photo": p.mandatory_photo, "usage_reports": p.usage_reports,
            "forced_check_in": p.forced_check_in,
        }),
    }
}

/// A segment under field names.
pub(crate) fn record(p: &RecordStudy) -> Value {
    let spans: Vec<[u32; 2]> = p.spans.iter().map(|span| [span.from_ms, span.to_ms]).collect();
    let checks: Vec<Value> = p.checks.iter().map(|a| json!([a.at_ms, a.check, a.choice])).collect();
    json!({
        "session": p.session, "item": p.item, "lease": p.lease.as_ref().map(hex), "boot": hex(p.boot.0),
        "from_ms": p.from_ms, "spans": spans, "beats": p.beats, "inputs": p.inputs, "checks": checks,
    })
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
    let mut ops: Vec<Value> =
        sample().iter().map(|(name, op, payload)| described(name, op, payload.as_ref())).collect();
    for (seq, (name, action)) in (11u64..).zip(study_and_points()) {
        let op =
            Operation::new(id(seq as u8).into(), seq, member(), Instant::Anchored(NOW.plus_ms(seq as i64)), &action);
        assert_eq!(op.action().as_ref(), Ok(&action));
        ops.push(described(name, &op, Some(&payload(&action))));
    }
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
    let cases: Vec<(&str, u32, u32, Vec<u8>)> = cases.into_iter().chain(refused_study_and_points()).collect();
    let cases: Vec<Value> = cases
        .into_iter()
        .map(|(name, kind, version, payload)| {
            assert_eq!(Action::decode(kind, version, &payload), Err(PayloadError::Malformed), "{name}");
            json!({"name": name, "kind": kind, "version": version, "payload": hex(payload), "refusal": 14})
        })
        .collect();
    json!({"refused": cases})
}

/// Payloads of the kinds of study and points that are not in their one form.
fn refused_study_and_points() -> Vec<(&'static str, u32, u32, Vec<u8>)> {
    let made = study_and_points();
    let of = |name: &str| made.iter().find(|(made, _)| *made == name).unwrap().1.encode();
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let (study, leased, sign_in) = (of("record_study"), of("record_study under a lease"), of("sign_in_today"));
    let (draw, answer, appeal) = (of("draw_quiz"), of("answer_quiz"), of("make_appeal"));
    let (decision, features) = (of("decide_appeal"), of("set_features"));
    let reading = [0x1a, 0x05, 0x26, 0x5c, 0x7b];
    let swapped = {
        let (boot, at) = (&sign_in[1..19], &sign_in[19..]);
        assert_eq!(at, [&[0x02][..], &reading].concat());
        [&[0xa2], at, boot].concat()
    };
    vec![
        ("a segment whose keys are out of order", 7, 1, {
            let (session, item) = (&study[1..19], &study[19..37]);
            [&study[..1], item, session, &study[37..]].concat()
        }),
        ("a segment with a field too many", 7, 1, [&[study[0] + 1], &study[1..], &[0x0a, 0x00]].concat()),
        ("a segment whose absent lease is null", 7, 1, {
            [&[study[0] + 1], &study[1..37], &[0x03, 0xf6], &study[37..]].concat()
        }),
        ("a lease as text", 7, 1, {
            assert_eq!(leased[37..39], [0x03, 0x58], "the lease stands here");
            [&leased[..38], &[0x78], &leased[39..]].concat()
        }),
        (
            "a boot of 15 bytes",
            7,
            1,
            replaced(&study, &[&[0x50][..], &BOOT.0].concat(), &[&[0x4f][..], &BOOT.0[1..]].concat()),
        ),
        ("a stretch of three numbers", 7, 1, replaced(&study, &[0x82, 0x00], &[0x83, 0x00, 0x00])),
        (
            "a stretch as a map",
            7,
            1,
            replaced(&study, &[0x82, 0x00, 0x19, 0xf0, 0x3c], &[0xa1, 0x00, 0x19, 0xf0, 0x3c]),
        ),
        ("a heartbeat beyond 32 bits", 7, 1, replaced(&study, &[0x19, 0x75, 0x30], &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0])),
        (
            "a heartbeat not in its shortest form",
            7,
            1,
            replaced(&study, &[0x19, 0x75, 0x30], &[0x1a, 0, 0, 0x75, 0x30]),
        ),
        ("a negative touch", 7, 1, replaced(&study, &[0x19, 0x10, 0x68], &[0x39, 0x10, 0x68])),
        ("heartbeats in an array of indefinite length", 7, 1, {
            let beats = replaced(&study, &[0x07, 0x89], &[0x07, 0x9f]);
            replaced(&beats, &[0x08, 0x84], &[0xff, 0x08, 0x84])
        }),
        ("the number of a check beyond 8 bits", 7, 1, replaced(&study, &[0x01, 0x02], &[0x19, 0x01, 0x00, 0x02])),
        ("a sign-in whose keys are out of order", 8, 1, swapped),
        (
            "a reading not in its shortest form",
            8,
            1,
            replaced(&sign_in, &reading, &[0x1b, 0, 0, 0, 0, 0x05, 0x26, 0x5c, 0x7b]),
        ),
        ("a sign-in without a reading", 8, 1, [&[0xa1], &sign_in[1..19]].concat()),
        ("a quiz as text", 9, 1, replaced(&draw, &[0x01, 0x50], &[0x01, 0x70])),
        ("answers as an array", 10, 1, replaced(&answer, &[0x45, 1, 0, 3, 2, 0], &[0x85, 1, 0, 3, 2, 0])),
        ("a reversal without a reason", 11, 1, [&[0xa1], &of("reverse_entry")[1..19]].concat()),
        ("an objection in bytes that are not UTF-8", 12, 1, {
            let mut appeal = appeal.clone();
            *appeal.last_mut().unwrap() = 0xff;
            appeal
        }),
        ("a decision that is neither true nor false", 13, 1, replaced(&decision, &[0x02, 0xf5], &[0x02, 0xf6])),
        ("a review decided with a number", 14, 1, replaced(&of("decide_review"), &[0x02, 0xf4], &[0x02, 0x00])),
        ("a rule set as bytes", 15, 1, {
            let rules = of("publish_rules");
            assert_eq!(rules[1..3], [0x01, 0x71]);
            [&rules[..2], &[0x51], &rules[3..]].concat()
        }),
        ("features with one switch missing", 16, 1, [&[0xa7], &features[1..features.len() - 2]].concat()),
    ]
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

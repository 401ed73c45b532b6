//! Every message in both encodings.

use dangjian_domain::op::kind;
use dangjian_domain::rows::TABLES;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::Encoding;
use dangjian_protocol::limits;
use dangjian_protocol::message::*;
use dangjian_protocol::page_json;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::operations::{BOOT, sample, tip};
use crate::support::{NOW, branch, deployment, device, hex, id, key, member};
use crate::{pages, sessions, signed, study};

fn both<M: Message + PartialEq + std::fmt::Debug>(name: &str, message: &M) -> Value {
    let cbor = encode(message, Encoding::Cbor);
    let json = encode(message, Encoding::Json);
    assert_eq!(decode::<M>(&cbor, Encoding::Cbor).as_ref(), Ok(message), "{name}");
    assert_eq!(decode::<M>(&json, Encoding::Json).as_ref(), Ok(message), "{name}");
    assert!(decode::<M>(&[&cbor[..], &[0]].concat(), Encoding::Cbor).is_err(), "{name}: nothing may follow");
    json!({
        "name": name,
        "schema": std::any::type_name::<M>().rsplit("::").next(),
        "cbor": hex(cbor),
        "json": serde_json::from_slice::<Value>(&json).unwrap(),
    })
}

/// A reply whose page differs in the two encodings.
fn reply_with_page(reply: &SyncReply) -> Value {
    let page = pages::notices_page();
    let with = |body| SyncReply { page: Some(body), ..reply.clone() };
    let columnar = with(PageBody::Columnar(Bytes(pages::compressed(pages::NOTICES, &page))));
    let json = with(PageBody::Json(page_json::to_json(&page)));
    let cbor = encode(&columnar, Encoding::Cbor);
    let text = encode(&json, Encoding::Json);
    let opened: SyncReply = decode(&cbor, Encoding::Cbor).unwrap();
    assert_eq!(opened.page.unwrap().open(), Ok(page.clone()));
    let opened: SyncReply = decode(&text, Encoding::Json).unwrap();
    assert_eq!(opened.page.unwrap().open(), Ok(page));
    json!({
        "name": "reply to an exchange: verdicts, a grant and a page",
        "schema": "SyncReply",
        "cbor": hex(cbor),
        "json": serde_json::from_slice::<Value>(&text).unwrap(),
    })
}

fn reply() -> SyncReply {
    let (to_seq, link) = tip();
    let verdict = |seq: u64, decision, reason, effects: &[(u64, u64)]| Verdict {
        seq,
        op: sample()[seq as usize - 1].1.id,
        decision,
        reason,
        effects: effects.iter().map(|(feed, seq)| FeedSeq { feed: *feed, seq: *seq }).collect(),
    };
    SyncReply {
        server_time: NOW.plus_ms(60_000),
        history: 0x1234_5678_9abc,
        chain: ChainState { next_seq: to_seq + 1, link, forked: false },
        grant: Some(GrantList {
            number: 2,
            feeds: vec![
                GrantedFeed { feed: 3, kind: 2, subject: branch().0 },
                GrantedFeed { feed: 9, kind: 1, subject: member().0 },
            ],
        }),
        verdicts: vec![
            verdict(1, Decision::Accepted, None, &[(3, 17)]),
            verdict(2, Decision::Refused, Some(3), &[]),
            verdict(9, Decision::Held, Some(1), &[]),
        ],
        receipt: Some(signed::signed_receipt()),
        page: None,
        more: true,
        checks: vec![],
        next_slot_ms: 613_000,
    }
}

fn account() -> Vec<Value> {
    let (_, _, session) = sessions::sample();
    let (silent, presence, server) = (key("silent"), key("presence"), key("server"));
    let ticket = Bytes(vec![0x7e; 48]);
    let nonce = Bytes((0..32).collect());
    let key_id = Bytes(silent.public().id().0.to_vec());
    let sign = |context: &str, given: &Bytes| {
        Bytes(silent.sign(&dangjian_protocol::sign::contextual(context, &given.0)).unwrap().as_bytes().to_vec())
    };
    let enrol = Enrol {
        ticket: ticket.clone(),
        device: device(),
        silent_key: Bytes(silent.public().as_bytes().to_vec()),
        presence_key: Some(Bytes(presence.public().as_bytes().to_vec())),
        algorithm: -7,
        signature: sign("dangjian/enrol/1", &ticket),
        label: "小米 14".into(),
    };
    vec![
        both(
            "activation",
            &Activate { login: "XT000001".into(), code: "K7M2Q-9QXDA".into(), password: "桃花源里1935".into() },
        ),
        both("sign-in", &SignIn { login: "13800000000".into(), password: "桃花源里1935".into() }),
        both("signed in", &SignedIn { member: member(), name: "黄承平".into(), ticket, server_time: NOW }),
        both("enrolment", &enrol),
        both("enrolment without a presence key", &Enrol { presence_key: None, ..enrol.clone() }),
        both(
            "enrolled",
            &Enrolled {
                key: key_id.clone(),
                deployment: deployment(),
                server_key: Bytes(server.public().as_bytes().to_vec()),
                chain: ChainState { next_seq: 1, link: Link::FIRST, forked: false },
                server_time: NOW,
            },
        ),
        both("asking for a nonce", &AskNonce { device: device() }),
        both("nonce", &Nonce { nonce: nonce.clone(), server_time: NOW }),
        both(
            "opening a session",
            &OpenSession {
                device: device(),
                key: key_id,
                nonce: nonce.clone(),
                signature: sign("dangjian/session/1", &nonce),
            },
        ),
        both(
            "session",
            &Session {
                token: Bytes(session.token.clone()),
                key: Bytes(session.key.to_vec()),
                expires_at: NOW.plus_ms(limits::SESSION_MS),
                server_time: NOW,
            },
        ),
        both("taking a password away", &ResetAccount { member: member() }),
        both("the code for a new password", &AccountReset { code: "K7M2Q-9QXDA".into() }),
        both("revoking a device", &RevokeDevice { device: device() }),
        both("done", &Done { server_time: NOW }),
        both("asking for devices", &ListDevices { member: member() }),
        both(
            "devices",
            &DeviceList {
                devices: vec![DeviceEntry {
                    device: device(),
                    label: "小米 14".into(),
                    enrolled_at: NOW,
                    revoked: false,
                }],
            },
        ),
    ]
}

fn exchange() -> Vec<Value> {
    let position = |feed, generation, seq| FeedPosition { feed, generation, seq };
    let push = Push {
        first_seq: 1,
        ops: sample().iter().map(|(_, op, _)| Bytes(op.encode())).collect(),
        head: signed::signed_head(),
    };
    let first = SyncRequest {
        cursor: Cursor { history: 0, grant: 0, feeds: vec![] },
        push: None,
        max_rows: 5_000,
        check: true,
        clock: Some(BootReading { boot: Bytes(BOOT.0.to_vec()), ms: 86_400_123 }),
    };
    let later = SyncRequest {
        cursor: Cursor { history: 0x1234_5678_9abc, grant: 1, feeds: vec![position(3, 1, 12), position(9, 2, 0)] },
        push: Some(push),
        max_rows: 0,
        check: false,
        clock: None,
    };
    let quiet = SyncReply {
        grant: None,
        verdicts: vec![],
        receipt: None,
        more: false,
        checks: vec![FeedCheck { feed: 3, rows: 4, sum: u64::MAX - 1 }, FeedCheck { feed: 9, rows: 0, sum: 0 }],
        ..reply()
    };
    vec![
        both("the first exchange", &first),
        both("an exchange with operations", &later),
        reply_with_page(&reply()),
        both("reply to an exchange: nothing new, checks", &quiet),
        both("the payload of a head", &signed::head()),
        both("the payload of a receipt", &signed::receipt()),
    ]
}

fn study() -> Vec<Value> {
    let content = study::content();
    vec![
        both("asking for a lease", &AskLease { item: id(0x91) }),
        both("a lease", &LeaseGranted { lease: Bytes(study::token()), server_time: NOW }),
        both("asking for content", &AskContent { sha256: Bytes(Sha256::digest(&content).to_vec()) }),
        both("content", &Content { content: Bytes(content) }),
    ]
}

pub(crate) fn all() -> Value {
    let capabilities = Capabilities {
        deployment: deployment(),
        versions: vec![1],
        level: "full".into(),
        server_key: Bytes(key("server").public().as_bytes().to_vec()),
        server_time: NOW,
        tables: TABLES.iter().map(|table| table.no).collect(),
        op_kinds: kind::ALL.to_vec(),
        hints: true,
    };
    let mut messages = vec![both("capabilities", &capabilities)];
    messages.extend(account());
    messages.extend(exchange());
    messages.extend(study());
    for code in 1..=16u8 {
        // Codes are integers in CBOR and words in JSON.
        let code: ErrorCode = minicbor::decode(&minicbor::to_vec(code).unwrap()).unwrap();
        let retry_after_s = matches!(code, ErrorCode::LockedOut | ErrorCode::Busy).then_some(60);
        let mut error = both("error", &ApiError { code, server_time: NOW, retry_after_s });
        error["name"] = format!("error {}", error["json"]["code"].as_str().unwrap()).into();
        error["status"] = code.status().into();
        messages.push(error);
    }
    json!({"messages": messages, "tolerated": tolerated()})
}

/// Bodies of a newer program: what is not known is passed over.
fn tolerated() -> Value {
    let done = Done { server_time: NOW };
    let mut cbor = vec![0xa2];
    cbor.extend(&encode(&done, Encoding::Cbor)[1..]);
    cbor.extend([0x18, 0x63, 0x82, 0x01, 0x61, 0x61]);
    let json = json!({"server_time": NOW, "new_field": {"of": "a newer server"}});
    assert_eq!(decode::<Done>(&cbor, Encoding::Cbor).as_ref(), Ok(&done));
    assert_eq!(decode::<Done>(json.to_string().as_bytes(), Encoding::Json).as_ref(), Ok(&done));
    json!([{"name": "an unknown field", "schema": "Done", "cbor": hex(cbor), "json": json, "read_as": done}])
}

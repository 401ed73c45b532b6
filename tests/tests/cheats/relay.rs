//! Sessions and leases in other hands, at a real server over HTTP with its own clock.
//!
//! There is no QR code in study: those of check-ins are another matter (T1 of the threat model).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use dangjian_domain::id::MemberId;
use dangjian_domain::op::{Action, RecordStudy};
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Request, Response};
use dangjian_protocol::message::{AskLease, AskNonce, LeaseGranted, Nonce, OpenSession, Session, SyncReply};
use dangjian_protocol::session::SessionKey;
use dangjian_protocol::sign::{SESSION_CONTEXT, contextual};
use dangjian_tests::town::{Town, login, orgs, people};

use super::phone::Phone;
use super::report::{Class, Line, Sum};
use super::world::{Service, answer, article, plain, study_rows};

/// The server of a town, reached over HTTP.
struct Wire {
    town: Town,
}

impl Service for Wire {
    fn now(&self) -> Timestamp {
        dangjian_http::now()
    }

    fn send(&mut self, request: &Request) -> Response {
        let kind = Encoding::Cbor.media_type();
        let mut head = format!(
            "POST {} HTTP/1.1\r\nhost: county\r\ncontent-type: {kind}\r\naccept: {kind}\r\ncontent-length: {}\r\n\
             connection: close\r\n",
            request.path,
            request.body.len()
        );
        if let Some(proof) = &request.proof {
            head += &format!(
                "content-digest: {}\r\nsignature-input: {}\r\nsignature: {}\r\n",
                proof.content_digest, proof.signature_input, proof.signature
            );
        }
        let mut stream = TcpStream::connect(self.town.config.listen).unwrap();
        stream.write_all(&[head.as_bytes(), b"\r\n", &request.body].concat()).unwrap();
        let mut reply = vec![];
        stream.read_to_end(&mut reply).unwrap();
        let ends = reply.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&reply[..ends]).to_lowercase();
        assert!(!head.contains("chunked"), "{head}");
        let status = head["http/1.1 ".len()..][..3].parse().unwrap();
        Response { status, content_type: Encoding::Cbor, body: reply[ends + 4..].to_vec() }
    }

    fn login(&self, member: MemberId) -> (String, String) {
        (login(member), self.town.code(member).to_owned())
    }
}

/// Ninety seconds of an article until now, as this phone's own app would have recorded them.
fn ninety_seconds(wire: &Wire, phone: &mut Phone, lease: Option<Vec<u8>>) -> RecordStudy {
    let record = phone.forge_until_now(wire.now(), &article(0), 90_000, false).remove(0);
    RecordStudy { lease, ..record }
}

pub(crate) fn session_relay() -> Vec<Line> {
    let mut wire = Wire { town: Town::with(&study_rows(orgs::COUNTY)) };
    let mut mine = Phone::new(&mut wire, people::CHEN, 1);
    let second = Phone::new(&mut wire, people::CHEN, 2);
    let mut thief = Phone::new(&mut wire, people::BO, 3);
    let item = article(0).id;
    let lease = mine.lease(&mut wire, item);

    // The member's own ninety seconds; the thief keeps the whole request.
    let record = ninety_seconds(&wire, &mut mine, Some(lease.clone()));
    mine.note(wire.now(), &Action::RecordStudy(record));
    let ops = std::mem::take(&mut mine.outbox);
    let (push, link) = mine.signed(mine.next_seq, mine.link, &ops);
    let captured = mine.request(wire.now(), "/v1/sync", &mine.question(wire.now(), Some(push)));
    let reply: SyncReply = answer(&wire.send(&captured)).unwrap();
    assert_eq!(reply.verdicts[0].reason, None);
    (mine.next_seq, mine.link) = (mine.next_seq + 1, link);
    let honest = Sum::read(&wire.town.database(), people::CHEN);
    assert_eq!((honest.points, honest.credited_ms), (1, 90_000));

    // The same request again, and with another body.
    let again: SyncReply = answer(&wire.send(&captured)).unwrap();
    assert_eq!(again.verdicts, reply.verdicts);
    let mut changed = captured.clone();
    *changed.body.last_mut().unwrap() ^= 1;
    assert_eq!(answer::<SyncReply>(&wire.send(&changed)), Err(ErrorCode::BadSignature));

    // The token without its key, and no proof at all.
    let key = std::mem::replace(&mut thief.session, SessionKey { token: mine.session.token.clone(), key: [3; 32] });
    for path in ["/v1/sync", "/v1/study/lease"] {
        let bare = plain(path, vec![]);
        assert_eq!(answer::<SyncReply>(&wire.send(&bare)), Err(ErrorCode::BadSignature));
    }
    assert_eq!(thief.exchange(&mut wire, None).err(), Some(ErrorCode::BadSignature));
    let ask = thief.request(wire.now(), "/v1/study/lease", &AskLease { item });
    assert_eq!(answer::<LeaseGranted>(&wire.send(&ask)).err(), Some(ErrorCode::BadSignature));

    // The session with its key, on the thief's phone: pages and leases, but nothing can be handed in without the device's.
    thief.session = mine.session.clone();
    let stolen = thief.lease(&mut wire, item);
    let record = ninety_seconds(&wire, &mut mine, Some(stolen.clone()));
    let op = mine.operation(dangjian_domain::time::Instant::Anchored(wire.now()), &Action::RecordStudy(record));
    let push = mine.signed_by(&thief.key, mine.next_seq, mine.link, &[op.encode()]).0;
    assert_eq!(thief.exchange(&mut wire, Some(push)).err(), Some(ErrorCode::BadSignature));
    thief.session = key;

    // A session of the member's device opened with another key, or with a nonce of another device.
    let nonce: Nonce = wire.post("/v1/session/nonce", &AskNonce { device: mine.device }).unwrap();
    let theirs: Nonce = wire.post("/v1/session/nonce", &AskNonce { device: thief.device }).unwrap();
    for (nonce, key, code) in [(&nonce, &thief.key, ErrorCode::BadSignature), (&theirs, &mine.key, ErrorCode::BadNonce)]
    {
        let signature = key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        let ask = OpenSession {
            device: mine.device,
            key: Bytes(mine.key.public().id().0.to_vec()),
            nonce: nonce.nonce.clone(),
            signature: Bytes(signature.as_bytes().to_vec()),
        };
        assert_eq!(wire.post::<_, Session>("/v1/session", &ask).err(), Some(code));
    }

    // The lease on another phone, another member's, for another item, with a bit changed.
    let mut bent = lease.clone();
    bent[40] ^= 1;
    let mut phones = [mine, second, thief];
    for (of, lease, item) in
        [(1, &lease, 0), (1, &stolen, 0), (2, &lease, 0), (2, &stolen, 0), (0, &lease, 1), (0, &bent, 0)]
    {
        let record = ninety_seconds(&wire, &mut phones[of], Some(lease.clone()));
        let record = RecordStudy { item: article(item).id, ..record };
        let verdict = phones[of].claim(&mut wire, &[record]).remove(0);
        assert_eq!(verdict.reason, Some(Refusal::LeaseInvalid.code()));
    }
    let none = Sum::read(&wire.town.database(), people::BO);
    assert_eq!((none.points, none.credited_ms), (0, 0));
    let after = Sum::read(&wire.town.database(), people::CHEN);
    vec![Line::new("session, request or lease in other hands", honest, after, Class::Prevented)]
}

#[test]
fn a_session_or_lease_in_other_hands_hands_nothing_in() {
    session_relay();
}

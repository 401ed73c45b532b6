//! Group A: keys and signatures where they come in first, at enrolment and at the opening of a session.

use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{Enrol, Enrolled, OpenSession, Session};
use dangjian_protocol::sign::{ENROL_CONTEXT, HEAD_CONTEXT, SESSION_CONTEXT, contextual};

use super::office::{Office, refused};
use super::phone::{ORDER, Phone, high_twin};

/// A phone whose enrolment is still to be asked for, once more with the same key.
fn setting() -> (Office, Phone) {
    let mut office = Office::new();
    let (secretary, _) = office.secretary();
    let phone = Phone::new(&mut office, secretary, 1);
    (office, phone)
}

fn bad_signatures(good: &[u8; 64]) -> Vec<Vec<u8>> {
    let (r, s) = good.split_at(32);
    let der = [&[0x30, 68, 2, 32][..], r, &[2, 32], s].concat();
    vec![
        vec![],
        vec![0; 64],
        good[..63].to_vec(),
        [&good[..], &[0]].concat(),
        [&[0; 32][..], s].concat(),
        [r, &[0; 32][..]].concat(),
        [&ORDER[..], s].concat(),
        [r, &ORDER[..]].concat(),
        high_twin(good).to_vec(),
        der,
    ]
}

#[test]
fn keys_that_are_no_points_on_the_curve_are_not_enrolled() {
    let (mut office, phone) = setting();
    let ticket = office.ticket(phone.member);
    let ask = phone.enrolment(&ticket);
    let good = *phone.key.public().as_bytes();
    let mut off_curve = good;
    off_curve[64] ^= 1;
    let mut beyond_the_field = good;
    beyond_the_field[1..33].fill(0xff);
    let keys: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("the point at infinity", vec![0]),
        ("zeros", vec![0; 65]),
        ("infinity as 65 bytes", [&[4][..], &[0; 64]].concat()),
        ("off the curve", off_curve.to_vec()),
        ("beyond the field", beyond_the_field.to_vec()),
        ("compressed", [&[2 + (good[64] & 1)][..], &good[1..33]].concat()),
        ("hybrid", [&[6 + (good[64] & 1)][..], &good[1..]].concat()),
        ("48 bytes", good[..48].to_vec()),
        ("64 bytes", good[1..].to_vec()),
        ("66 bytes", [&good[..], &[0]].concat()),
        ("P-384", [&[4][..], &[7; 96]].concat()),
    ];
    for (name, key) in keys {
        for presence in [false, true] {
            let bad = if presence {
                Enrol { presence_key: Some(Bytes(key.clone())), ..ask.clone() }
            } else {
                Enrol { silent_key: Bytes(key.clone()), ..ask.clone() }
            };
            let code = office.unchanged(name, |office| refused(office.post::<_, Enrolled>("/v1/devices", &bad)));
            assert_eq!(code, ErrorCode::BadRequest, "{name}");
        }
    }
    for algorithm in [0, 7, -35, -47, -65_535, i32::MIN, i32::MAX] {
        let bad = Enrol { algorithm, ..ask.clone() };
        let code = office.unchanged("algorithm", |office| refused(office.post::<_, Enrolled>("/v1/devices", &bad)));
        assert_eq!(code, ErrorCode::BadRequest);
    }
    assert!(office.post::<_, Enrolled>("/v1/devices", &ask).is_ok(), "the ticket is not used up");
}

#[test]
fn an_enrolment_whose_signature_is_not_the_keys_over_the_ticket_is_refused() {
    let (mut office, phone) = setting();
    let ticket = office.ticket(phone.member);
    let ask = phone.enrolment(&ticket);
    let sign = |context: &str, given: &[u8]| *phone.key.sign(&contextual(context, given)).unwrap().as_bytes();
    let mut signatures = bad_signatures(&sign(ENROL_CONTEXT, &ticket.0));
    signatures.push(sign(SESSION_CONTEXT, &ticket.0).to_vec());
    signatures.push(sign(HEAD_CONTEXT, &ticket.0).to_vec());
    signatures.push(sign(ENROL_CONTEXT, b"another ticket").to_vec());
    signatures.push(phone.key.sign(&ticket.0).unwrap().as_bytes().to_vec());
    for signature in signatures {
        let bad = Enrol { signature: Bytes(signature), ..ask.clone() };
        let code = office.unchanged("a signature", |office| refused(office.post::<_, Enrolled>("/v1/devices", &bad)));
        assert_eq!(code, ErrorCode::BadSignature);
    }
    for cut in 0..ticket.0.len() {
        let bad = Enrol { ticket: Bytes(ticket.0[..cut].to_vec()), ..ask.clone() };
        let code = office.unchanged("a ticket", |office| refused(office.post::<_, Enrolled>("/v1/devices", &bad)));
        assert_eq!(code, ErrorCode::BadNonce);
    }
    assert!(office.post::<_, Enrolled>("/v1/devices", &ask).is_ok(), "the ticket is not used up");
}

#[test]
fn a_session_is_not_opened_by_a_signature_that_is_not_the_keys_over_the_nonce() {
    let (mut office, phone) = setting();
    let ask = phone.opening(&mut office);
    let sign = |context: &str, given: &[u8]| *phone.key.sign(&contextual(context, given)).unwrap().as_bytes();
    let mut signatures = bad_signatures(&sign(SESSION_CONTEXT, &ask.nonce.0));
    signatures.push(sign(ENROL_CONTEXT, &ask.nonce.0).to_vec());
    signatures.push(sign(SESSION_CONTEXT, b"another nonce").to_vec());
    for signature in signatures {
        let bad = OpenSession { signature: Bytes(signature), ..ask.clone() };
        let code = office.unchanged("a signature", |office| refused(office.post::<_, Session>("/v1/session", &bad)));
        assert_eq!(code, ErrorCode::BadSignature);
    }
    for cut in 0..ask.nonce.0.len() {
        let bad = OpenSession { nonce: Bytes(ask.nonce.0[..cut].to_vec()), ..ask.clone() };
        let code = office.unchanged("a nonce", |office| refused(office.post::<_, Session>("/v1/session", &bad)));
        assert_eq!(code, ErrorCode::BadNonce);
    }
    let kids =
        [(vec![], ErrorCode::BadRequest), (vec![1; 15], ErrorCode::BadRequest), (vec![1; 16], ErrorCode::BadSignature)];
    for (key, expected) in kids {
        let bad = OpenSession { key: Bytes(key), ..ask.clone() };
        let code = office.unchanged("a key id", |office| refused(office.post::<_, Session>("/v1/session", &bad)));
        assert_eq!(code, expected);
    }
    assert!(office.post::<_, Session>("/v1/session", &ask).is_ok(), "the nonce is not used up");
    assert_eq!(refused(office.post::<_, Session>("/v1/session", &ask)), ErrorCode::BadNonce, "now it is");
}

//! Group A: the signed envelope of a push.

use dangjian_domain::id::RowId;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{self, Decision};
use dangjian_protocol::sign::{ENROL_CONTEXT, HEAD_CONTEXT, RECEIPT_CONTEXT, SESSION_CONTEXT, SoftwareKey, Unsigned};

use super::office::{Office, notice, refused};
use super::phone::{Envelope, ORDER, Phone, bytes, high_twin};

/// A head of the first operation of a secretary's phone, and that operation.
fn setting() -> (Office, Phone, Vec<Vec<u8>>, Envelope) {
    let mut office = Office::new();
    let (secretary, branch) = office.secretary();
    let mut phone = Phone::new(&mut office, secretary, 1);
    let ops = vec![phone.operation(&office, 1, &notice(branch, "通知")).encode()];
    let envelope = phone.envelope(&phone.head(1, phone.link, &ops));
    (office, phone, ops, envelope)
}

/// Every one of these heads is refused and changes nothing; the good one still counts afterwards.
fn all_refused(cases: impl FnOnce(&mut Office, &Phone, &Envelope) -> Vec<(String, Vec<u8>)>) {
    let (mut office, mut phone, ops, good) = setting();
    for (name, head) in cases(&mut office, &phone, &good) {
        assert_ne!(head, good.bytes(), "{name} is the good head");
        let push = phone.push(1, &ops, head);
        let code = office.unchanged(&name, |office| refused(phone.sync(office, Some(push))));
        assert_eq!(code, ErrorCode::BadSignature, "{name}");
        assert!(phone.sync(&mut office, None).is_ok(), "the server serves on");
    }
    let before = office.count("SELECT count(*) FROM op");
    assert_eq!(phone.deliver(&mut office, &ops)[0].decision, Decision::Accepted);
    assert_eq!(office.count("SELECT count(*) FROM op"), before + 1);
}

fn named<const N: usize>(cases: [(&str, Vec<u8>); N]) -> Vec<(String, Vec<u8>)> {
    cases.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}

#[test]
fn a_head_cut_anywhere_is_refused() {
    all_refused(|_, _, good| {
        let whole = good.bytes();
        (0..whole.len()).map(|cut| (format!("cut at {cut}"), whole[..cut].to_vec())).collect()
    });
}

#[test]
fn a_head_in_any_other_encoding_is_refused_though_its_signature_holds() {
    all_refused(|_, _, good| {
        let whole = good.bytes();
        let (inner, signature) = (&whole[1..], good.signature());
        let unprotected = |map: &[u8]| Envelope { unprotected: map.to_vec(), ..good.clone() }.bytes();
        let chunked = [&[0x5f][..], &bytes(&good.payload), &[0xff]].concat();
        let long_payload = [&[0x59, 0x00, good.payload.len() as u8][..], &good.payload].concat();
        named([
            ("a break alone", vec![0xff]),
            ("one byte too many", [&whole[..], &[0]].concat()),
            ("twice", [&whole[..], &whole].concat()),
            ("the array's length in two bytes", [&[0x98, 0x04][..], inner].concat()),
            ("an array of indefinite length", [&[0x9f][..], inner, &[0xff]].concat()),
            ("an array of 2^40", [&[0x9b, 0, 0, 1, 0, 0, 0, 0, 0][..], inner].concat()),
            ("an array of 2^64 - 1", [&[0x9b][..], &[0xff; 8], inner].concat()),
            ("nested 200,000 deep", vec![0x81; 200_000]),
            ("maps nested 100,000 deep", [0xa1, 0x00].repeat(100_000)),
            ("a tag in front", [&[0xd2][..], &whole].concat()),
            ("an unprotected header", unprotected(&[0xa1, 0x04, 0x41, 0x00])),
            ("an unprotected map of indefinite length", unprotected(&[0xbf, 0xff])),
            ("a payload in pieces", good.around(&chunked, &signature)),
            ("a payload's length in three bytes", good.around(&long_payload, &signature)),
            ("a detached payload", good.around(&[0xf6], &signature)),
            ("a payload as text", good.around(&[&[0x78][..], &bytes(&good.payload)[1..]].concat(), &signature)),
            ("a payload that claims 2^40 bytes", good.around(&[0x5b, 0, 0, 1, 0, 0, 0, 0, 0], &signature)),
        ])
    });
}

#[test]
fn a_protected_header_of_any_other_form_is_refused_though_it_was_signed() {
    all_refused(|office, phone, good| {
        let kid = phone.key.public().id().0;
        let protected = |map: &[u8]| Envelope { protected: map.to_vec(), ..good.clone() }.bytes();
        let with_kid = |head: &[u8]| protected(&[head, &[0x04, 0x50], &kid].concat());
        let (_, branch) = office.secretary();
        let member = office.plain_member(branch);
        let other = Phone::new(office, member, 2);
        let others_kid = [&[0xa2, 0x01, 0x26, 0x04, 0x50][..], &other.key.public().id().0].concat();
        named([
            ("no protected header", protected(&[])),
            ("an empty map", protected(&[0xa0])),
            ("a key twice", with_kid(&[0xa3, 0x01, 0x26, 0x01, 0x26])),
            ("another header", protected(&[&[0xa3, 0x01, 0x26, 0x04, 0x50][..], &kid, &[0x05, 0x41, 0x00]].concat())),
            ("keys out of order", protected(&[&[0xa2, 0x04, 0x50][..], &kid, &[0x01, 0x26]].concat())),
            ("no algorithm", with_kid(&[0xa1])),
            ("the algorithm 0", with_kid(&[0xa2, 0x01, 0x00])),
            ("the algorithm null", with_kid(&[0xa2, 0x01, 0xf6])),
            ("the algorithm \"none\"", with_kid(&[0xa2, 0x01, 0x64, b'n', b'o', b'n', b'e'])),
            ("ES384", with_kid(&[0xa2, 0x01, 0x38, 0x22])),
            ("an SM2 number on a P-256 key", with_kid(&[0xa2, 0x01, 0x38, 0x2f])),
            ("the algorithm as -7.0", with_kid(&[0xa2, 0x01, 0xf9, 0xc7, 0x00])),
            ("the algorithm in two bytes", with_kid(&[0xa2, 0x01, 0x38, 0x06])),
            ("the algorithm -2^63 - 1", with_kid(&[0xa2, 0x01, 0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
            ("no key id", protected(&[0xa1, 0x01, 0x26])),
            ("an unknown key id", protected(&[&[0xa2, 0x01, 0x26, 0x04, 0x50][..], &[7; 16]].concat())),
            ("a key id of 15 bytes", protected(&[&[0xa2, 0x01, 0x26, 0x04, 0x4f][..], &kid[1..]].concat())),
            ("a key id of 48 bytes", protected(&[&[0xa2, 0x01, 0x26, 0x04, 0x58, 48][..], &kid.repeat(3)].concat())),
            ("the key id of another member", protected(&others_kid)),
        ])
    });
}

#[test]
fn a_signature_for_another_purpose_county_or_by_another_key_is_refused() {
    all_refused(|office, phone, good| {
        let (_, branch) = office.secretary();
        let member = office.plain_member(branch);
        let (other, own) = (Phone::new(office, member, 2), Phone::new(office, phone.member, 3));
        let sealed = |key: &SoftwareKey, context: &str, deployment: u8| {
            let deployment = if deployment == 0 { phone.deployment } else { RowId([deployment; 16]).into() };
            Envelope::new(key, context, deployment, good.payload.clone()).bytes()
        };
        // The receipt that the server itself signed over this device, sent back as a head.
        let reply = own.sync(office, Some(own.signed(1, own.link, &[vec![0]]).0)).unwrap();
        named([
            ("signed as a receipt", sealed(&phone.key, RECEIPT_CONTEXT, 0)),
            ("signed as a session", sealed(&phone.key, SESSION_CONTEXT, 0)),
            ("signed as an enrolment", sealed(&phone.key, ENROL_CONTEXT, 0)),
            ("signed as the next version of a head", sealed(&phone.key, "dangjian/head/2", 0)),
            ("signed for nothing", sealed(&phone.key, "", 0)),
            ("signed for another county", sealed(&phone.key, HEAD_CONTEXT, 9)),
            ("signed by another member", sealed(&other.key, HEAD_CONTEXT, 0)),
            ("signed by the member's other phone", sealed(&own.key, HEAD_CONTEXT, 0)),
            (
                "signed by a stranger",
                sealed(&SoftwareKey::generate(&mut dangjian_protocol::random::SplitMix(9)), HEAD_CONTEXT, 0),
            ),
            ("the server's receipt", reply.receipt.unwrap().0),
        ])
        .into_iter()
        .collect()
    });
}

#[test]
fn a_payload_that_is_no_head_is_refused_though_it_was_signed() {
    all_refused(|_, phone, good| {
        // {1: deployment, 2: device, 3: to_seq, 4: link}
        let key = |n: u8, item: &[u8]| [&[n][..], item].concat();
        let (deployment, device) = (key(1, &bytes(&phone.deployment.0.0)), key(2, &bytes(&phone.device.0.0)));
        let link = key(4, &good.payload[good.payload.len() - 34..]);
        let sealed = |payload: Vec<u8>| Envelope { payload, ..good.clone() }.bytes();
        let with_seq = |item: &[u8]| sealed([&[0xa4][..], &deployment, &device, &key(3, item), &link].concat());
        let seq = key(3, &[1]);
        let after = |more: &[u8]| sealed([&good.payload[..], more].concat());
        named([
            ("an empty payload", sealed(vec![])),
            ("an empty map", sealed(vec![0xa0])),
            ("keys out of order", sealed([&[0xa4][..], &device, &deployment, &seq, &link].concat())),
            ("a key twice", sealed([&[0xa5][..], &deployment, &device, &seq, &seq, &link].concat())),
            ("a field more", sealed([&[0xa5][..], &deployment, &device, &seq, &link, &[5, 0]].concat())),
            ("a field less", sealed([&[0xa3][..], &deployment, &device, &seq].concat())),
            ("a map of indefinite length", sealed([&[0xbf][..], &deployment, &device, &seq, &link, &[0xff]].concat())),
            ("one byte too many", after(&[0])),
            ("another sequence", with_seq(&[2])),
            ("the sequence in two bytes", with_seq(&[0x18, 1])),
            ("the sequence in nine bytes", with_seq(&[0x1b, 0, 0, 0, 0, 0, 0, 0, 1])),
            ("the sequence as 1.0", with_seq(&[0xf9, 0x3c, 0x00])),
            ("the sequence not a number", with_seq(&[0xf9, 0x7e, 0x00])),
            ("the sequence -0.0", with_seq(&[0xf9, 0x80, 0x00])),
            ("the sequence 2^63", with_seq(&[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
            ("the sequence -2^63 - 1", with_seq(&[0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0])),
            ("the sequence as a big number", with_seq(&[0xc2, 0x41, 1])),
            ("the device as text that is not UTF-8", {
                sealed([&[0xa4][..], &deployment, &[2, 0x70], &[0xff; 16], &seq, &link].concat())
            }),
            ("a link of 31 bytes", {
                let link = key(4, &bytes(&good.payload[good.payload.len() - 31..]));
                sealed([&[0xa4][..], &deployment, &device, &seq, &link].concat())
            }),
            ("an array of 2^40 for the link", {
                sealed([&[0xa4][..], &deployment, &device, &seq, &[4, 0x9b, 0, 0, 1, 0, 0, 0, 0, 0]].concat())
            }),
        ])
    });
}

#[test]
fn a_signature_at_the_edges_of_its_range_is_refused() {
    all_refused(|_, _, good| {
        let whole = good.signature();
        let (r, s) = whole.split_at(32);
        let mut beyond = ORDER;
        beyond[31] += 1;
        let mut cases = vec![];
        for (name, edge) in [("0", [0; 32]), ("n", ORDER), ("n + 1", beyond), ("2^256 - 1", [0xff; 32])] {
            cases.push((format!("r = {name}"), good.with(&[&edge, s].concat())));
            cases.push((format!("s = {name}"), good.with(&[r, &edge].concat())));
        }
        let der = [&[0x30, 68, 2, 32][..], r, &[2, 32], s].concat();
        cases.extend(named([
            ("all zeros", good.with(&[0; 64])),
            ("63 bytes", good.with(&whole[..63])),
            ("65 bytes", good.with(&[&whole[..], &[0]].concat())),
            ("none", good.with(&[])),
            ("in DER", good.with(&der)),
            ("high S", good.with(&high_twin(&whole))),
            ("r and s exchanged", good.with(&[s, r].concat())),
        ]));
        cases
    });
}

#[test]
fn the_high_s_twin_of_a_head_never_makes_a_second_operation() {
    let (mut office, mut phone, ops, good) = setting();
    let first = phone.deliver(&mut office, &ops);
    let twin = phone.push(1, &ops, good.with(&high_twin(&good.signature())));
    let code = office.unchanged("the twin", |office| refused(phone.sync(office, Some(twin))));
    assert_eq!(code, ErrorCode::BadSignature);
    let again = phone.push(1, &ops, good.bytes());
    let reply = office.unchanged("a repetition", |office| phone.sync(office, Some(again))).unwrap();
    assert_eq!(reply.verdicts, first);
    assert_eq!(office.count("SELECT count(*) FROM notice"), 1);
}

#[test]
fn what_a_revoked_key_signed_before_its_end_is_refused_and_what_the_next_key_signs_is_taken() {
    let (mut office, mut phone, ops, good) = setting();
    let (old_session, old_head) = (phone.session.clone(), good.bytes());
    // The same installation with a new key: the key it had is revoked.
    let ticket = office.ticket(phone.member);
    phone.key = SoftwareKey::generate(&mut phone.random);
    let ask = phone.enrolment(&ticket);
    office.post::<_, message::Enrolled>("/v1/devices", &ask).unwrap();
    phone.open_session(&mut office).unwrap();
    let push = phone.push(1, &ops, old_head);
    let code = office.unchanged("the old key's head", |office| refused(phone.sync(office, Some(push.clone()))));
    assert_eq!(code, ErrorCode::BadSignature);
    let session = std::mem::replace(&mut phone.session, old_session);
    let code = office.unchanged("the old key's session", |office| refused(phone.sync(office, Some(push))));
    assert_eq!(code, ErrorCode::SessionExpired, "replaced, not taken away: nothing on the phone is to be wiped");
    phone.session = session;
    // The chain belongs to the installation: the same bytes under the new key.
    assert_eq!(phone.deliver(&mut office, &ops)[0].decision, Decision::Accepted);

    // Taken away, by the member from another phone: what was signed before does not count either.
    let other = Phone::new(&mut office, phone.member, 5);
    let (_, branch) = office.secretary();
    let late = phone.operation(&office, 2, &notice(branch, "晚")).encode();
    let push = phone.signed(2, phone.link, &[late]).0;
    let body = message::encode(&message::RevokeDevice { device: phone.device }, Encoding::Cbor);
    let request = other.request(&office, "/v1/devices/revoke", body);
    assert_eq!(office.send(&request).status, 200);
    let code = office.unchanged("a revoked phone", |office| refused(phone.sync(office, Some(push))));
    assert_eq!(code, ErrorCode::DeviceRevoked);
    assert_eq!(refused(phone.open_session(&mut office)), ErrorCode::DeviceRevoked);
    assert!(other.sync(&mut office, None).is_ok());
}

#[test]
fn an_envelope_by_hand_is_the_one_that_phones_write() {
    let (_, phone, ops, good) = setting();
    let payload = message::encode(&phone.head(1, phone.link, &ops), Encoding::Cbor);
    let unsigned = Unsigned::new(HEAD_CONTEXT, phone.deployment, phone.key.public().id(), payload);
    let signature = phone.key.sign(unsigned.to_be_signed()).unwrap();
    assert_eq!(unsigned.finish(&signature), good.bytes());
}

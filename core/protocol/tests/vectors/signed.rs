//! Keys, signatures, and COSE_Sign1 messages in their one form.

use dangjian_domain::id::RowId;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{self, Head, Message, Receipt};
use dangjian_protocol::sign::{
    ENROL_CONTEXT, HEAD_CONTEXT, PublicKey, RECEIPT_CONTEXT, SESSION_CONTEXT, SignError, Signature, Signed,
    SoftwareKey, Unsigned, contextual,
};
use p256::ecdsa::Signature as P256Signature;
use serde_json::{Value, json};

use crate::operations::tip;
use crate::support::{NOW, deployment, device, hex, key};

const NAMES: [&str; 3] = ["silent", "presence", "server"];

/// The signature that also fits the message but is not accepted.
fn high(low: &Signature) -> Vec<u8> {
    let parsed = P256Signature::from_slice(low.as_bytes()).unwrap();
    P256Signature::from_scalars(parsed.r(), -parsed.s()).unwrap().to_bytes().to_vec()
}

pub(crate) fn keys() -> Value {
    let keys: Vec<Value> = NAMES
        .iter()
        .map(|name| {
            let key = key(name);
            let public = key.public();
            assert_eq!(PublicKey::from_slice(public.as_bytes()), Ok(public));
            let signatures: Vec<Value> = [&b""[..], b"message", "签名".as_bytes()]
                .into_iter()
                .map(|message| {
                    let signature = key.sign(message).unwrap();
                    public.verify(message, &signature).unwrap();
                    json!({"message": hex(message), "signature": hex(signature.as_bytes())})
                })
                .collect();
            json!({
                "name": name, "private": hex(key.to_bytes()), "public": hex(public.as_bytes()),
                "id": hex(public.id().0), "signatures": signatures,
            })
        })
        .collect();
    json!({"keys": keys, "refused_keys": refused_keys(), "key_store": key_store(), "refused_signatures": refused_signatures()})
}

fn refused_keys() -> Value {
    let good = *key("silent").public().as_bytes();
    let mut off_curve = good;
    off_curve[64] ^= 1;
    let compressed = [&[2 + (good[64] & 1)], &good[1..33]].concat();
    let hybrid = [&[6 + (good[64] & 1)], &good[1..]].concat();
    let cases: [(&str, Vec<u8>); 6] = [
        ("not on the curve", off_curve.to_vec()),
        ("compressed", compressed),
        ("hybrid", hybrid),
        ("the point at infinity", vec![0]),
        ("zeros", vec![0; 65]),
        ("one byte too many", [&good[..], &[0]].concat()),
    ];
    cases
        .into_iter()
        .map(|(name, bytes)| {
            assert_eq!(PublicKey::from_slice(&bytes), Err(SignError::Key), "{name}");
            json!({"name": name, "public": hex(bytes)})
        })
        .collect()
}

/// What key stores give, and the 64 bytes that go over the wire.
fn key_store() -> Value {
    let key = key("silent");
    let low = key.sign(b"message").unwrap();
    let high = high(&low);
    let der = |bytes: &[u8]| P256Signature::from_slice(bytes).unwrap().to_der().as_bytes().to_vec();
    [
        ("DER, low S", der(low.as_bytes())),
        ("DER, high S", der(&high)),
        ("64 bytes, low S", low.as_bytes().to_vec()),
        ("64 bytes, high S", high),
    ]
    .into_iter()
    .map(|(name, bytes)| {
        assert_eq!(Signature::from_key_store(&bytes), Ok(low), "{name}");
        json!({"name": name, "from_key_store": hex(bytes), "on_the_wire": hex(low.as_bytes())})
    })
    .collect()
}

fn refused_signatures() -> Value {
    let low = key("silent").sign(b"message").unwrap();
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let (r, s) = (hex(&low.as_bytes()[..32]), hex(&low.as_bytes()[32..]));
    let zero = "00".repeat(32);
    [
        ("high S", hex(high(&low))),
        ("r = 0", zero.clone() + &s),
        ("s = 0", r.clone() + &zero),
        ("r = n", order.to_owned() + &s),
        ("s = n", r.clone() + order),
        ("63 bytes", hex(&low.as_bytes()[..63])),
        ("65 bytes", hex(low.as_bytes()) + "00"),
        ("DER", hex(P256Signature::from_slice(low.as_bytes()).unwrap().to_der().as_bytes())),
    ]
    .into_iter()
    .map(|(name, bytes)| {
        assert_eq!(Signature::from_wire(&crate::support::unhex(&bytes)), Err(SignError::Signature), "{name}");
        json!({"name": name, "message": hex("message"), "signature": bytes})
    })
    .collect()
}

/// Enrolment and the opening of a session.
pub(crate) fn contextual_signatures() -> Value {
    let key = key("silent");
    let cases: Vec<Value> =
        [("enrolment", ENROL_CONTEXT, vec![0x7e; 48]), ("session", SESSION_CONTEXT, (0..32).collect::<Vec<u8>>())]
            .into_iter()
            .map(|(name, context, given)| {
                let signed = contextual(context, &given);
                let signature = key.sign(&signed).unwrap();
                key.public().verify(&signed, &signature).unwrap();
                json!({
                    "name": name, "context": context, "given": hex(given), "signed_bytes": hex(signed),
                    "signature": hex(signature.as_bytes()),
                })
            })
            .collect();
    json!({"key": "silent", "cases": cases})
}

pub(crate) fn head() -> Head {
    let (to_seq, link) = tip();
    Head { deployment: deployment(), device: device(), to_seq, link }
}

pub(crate) fn receipt() -> Receipt {
    let (to_seq, link) = tip();
    Receipt { deployment: deployment(), device: device(), to_seq, link, at: NOW.plus_ms(60_000) }
}

pub(crate) fn sign<M: Message>(context: &str, key: &SoftwareKey, payload: &M) -> Vec<u8> {
    let payload = message::encode(payload, Encoding::Cbor);
    let unsigned = Unsigned::new(context, deployment(), key.public().id(), payload);
    let signature = key.sign(unsigned.to_be_signed()).unwrap();
    unsigned.finish(&signature)
}

pub(crate) fn signed_head() -> Bytes {
    Bytes(sign(HEAD_CONTEXT, &key("silent"), &head()))
}

pub(crate) fn signed_receipt() -> Bytes {
    Bytes(sign(RECEIPT_CONTEXT, &key("server"), &receipt()))
}

fn described<M: Message>(name: &str, context: &str, signer: &str, payload: &M) -> Value {
    let signing = key(signer);
    let bytes = sign(context, &signing, payload);
    let opened = Signed::decode(&bytes).unwrap();
    let encoded = message::encode(payload, Encoding::Cbor);
    assert_eq!(opened.verify(context, deployment(), &signing.public()), Ok(&encoded[..]));
    let unsigned = Unsigned::new(context, deployment(), signing.public().id(), encoded.clone());
    json!({
        "name": name,
        "key": signer,
        "key_id": hex(signing.public().id().0),
        "context": context,
        "deployment": deployment(),
        "external_aad": hex(contextual(context, &deployment().0.0)),
        "protected": hex(&bytes[2..23]),
        "payload_fields": serde_json::to_value(payload).unwrap(),
        "payload": hex(encoded),
        "sig_structure": hex(unsigned.to_be_signed()),
        "message": hex(bytes),
    })
}

pub(crate) fn messages() -> Value {
    json!({"messages": [
        described("the head of a push", HEAD_CONTEXT, "silent", &head()),
        described("a receipt", RECEIPT_CONTEXT, "server", &receipt()),
    ]})
}

pub(crate) fn refused() -> Value {
    let good = signed_head().0;
    // 0x84, protected: 0x55 and 21 bytes, 0xa0, payload: 0x58 length, signature: 0x58 0x40 and 64 bytes.
    assert_eq!((good[0], good[1], good[23], good[24]), (0x84, 0x55, 0xa0, 0x58));
    let inner = &good[1..];
    let signature_at = good.len() - 64;
    let replace = |at: usize, length: usize, with: &[u8]| [&good[..at], with, &good[at + length..]].concat();
    let low = Signature::from_wire(&good[signature_at..]).unwrap();
    let protected = |map: &[u8]| {
        let mut head = vec![0x40 | map.len() as u8];
        if map.len() > 23 {
            head = vec![0x58, map.len() as u8];
        }
        replace(1, 22, &[&head, map].concat())
    };
    let map = &good[2..23];
    let form = [
        ("nothing", vec![]),
        ("a break alone", vec![0xff]),
        ("one byte missing", good[..good.len() - 1].to_vec()),
        ("one byte too many", [&good[..], &[0]].concat()),
        ("the tag of COSE_Sign1 in front", [&[0xd2], &good[..]].concat()),
        ("the array's length in two bytes", [&[0x98, 0x04], inner].concat()),
        ("an array of indefinite length", [&[0x9f], inner, &[0xff]].concat()),
        ("an extra unprotected header", replace(23, 1, &[0xa1, 0x04, 0x41, 0x00])),
        ("an unprotected map of indefinite length", replace(23, 1, &[0xbf, 0xff])),
        ("the payload as an indefinite byte string", {
            [&good[..24], &[0x5f], &good[24..signature_at - 2], &[0xff], &good[signature_at - 2..]].concat()
        }),
        ("no payload (detached)", [&good[..24], &[0xf6], &good[signature_at - 2..]].concat()),
        ("an unknown protected header", protected(&[&[0xa3], &map[1..], &[0x05, 0x41, 0x00]].concat())),
        ("the protected map out of order", protected(&[&[0xa2], &map[3..], &map[1..3]].concat())),
        ("an empty protected header", protected(&[])),
    ];
    let mut cases: Vec<Value> = form
        .into_iter()
        .map(|(name, bytes)| {
            assert_eq!(Signed::decode(&bytes), Err(SignError::Form), "{name}");
            json!({"name": name, "message": hex(bytes), "error": "form"})
        })
        .collect();
    let others = [
        (
            "the algorithm ES384 (-35)",
            protected(&[&[0xa2, 0x01, 0x38, 0x22], &map[3..]].concat()),
            SignError::Algorithm,
        ),
        ("no algorithm (0)", protected(&[&[0xa2, 0x01, 0x00], &map[3..]].concat()), SignError::Algorithm),
        ("a key id of 8 bytes", protected(&[&map[..4], &[0x48], &map[5..13]].concat()), SignError::KeyId),
        ("high S", [&good[..signature_at], &high(&low)].concat(), SignError::Signature),
        ("s = 0", [&good[..signature_at + 32], &[0; 32]].concat(), SignError::Signature),
        (
            "a signature of 63 bytes",
            { [&good[..signature_at - 1], &[63], &good[signature_at..good.len() - 1]].concat() },
            SignError::Signature,
        ),
    ];
    for (name, bytes, error) in others {
        assert_eq!(Signed::decode(&bytes), Err(error), "{name}");
        cases.push(json!({"name": name, "message": hex(bytes), "error": format!("{error:?}").to_lowercase()}));
    }
    cases.extend(unverified());
    json!({"key": "silent", "context": HEAD_CONTEXT, "deployment": deployment(), "like": hex(&good), "refused": cases})
}

/// Messages of the right form whose signature does not hold.
fn unverified() -> Vec<Value> {
    let silent = key("silent");
    let elsewhere = {
        let payload = message::encode(&head(), Encoding::Cbor);
        let unsigned = Unsigned::new(HEAD_CONTEXT, RowId([9; 16]).into(), silent.public().id(), payload);
        let signature = silent.sign(unsigned.to_be_signed()).unwrap();
        unsigned.finish(&signature)
    };
    let mut altered = signed_head().0;
    let at = altered.len() - 70;
    altered[at] ^= 1;
    [
        ("signed as a receipt", sign(RECEIPT_CONTEXT, &silent, &head()), SignError::Mismatch),
        ("signed for another county", elsewhere, SignError::Mismatch),
        ("a payload altered after signing", altered, SignError::Mismatch),
        ("signed by another key", sign(HEAD_CONTEXT, &key("presence"), &head()), SignError::KeyId),
    ]
    .into_iter()
    .map(|(name, bytes, error)| {
        let opened = Signed::decode(&bytes).unwrap();
        assert_eq!(opened.verify(HEAD_CONTEXT, deployment(), &silent.public()), Err(error), "{name}");
        json!({"name": name, "message": hex(bytes), "error": format!("{error:?}").to_lowercase()})
    })
    .collect()
}

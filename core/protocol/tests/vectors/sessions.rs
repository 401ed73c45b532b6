//! Session tokens and keys as the reference server makes them, and the proofs of requests.

use dangjian_domain::time::Timestamp;
use dangjian_protocol::http::{Method, Proof};
use dangjian_protocol::limits;
use dangjian_protocol::session::{Claim, SessionKey, Token, prove, session_key};
use serde_json::{Value, json};

use crate::support::{NOW, device, hex, key, member};

/// The session of the vectors and of the messages.
pub(crate) fn sample() -> (Token, [u8; 32], SessionKey) {
    let token = Token {
        device: device(),
        member: member(),
        key: key("silent").public().id(),
        expires_at: Timestamp(NOW.0 + limits::SESSION_MS),
        salt: *b"\x01\x02\x03\x04\x05\x06\x07\x08",
    };
    let secret = [0x5e; 32];
    let bytes = token.encode();
    assert_eq!(Token::decode(&bytes), Some(token));
    let key = session_key(&secret, &bytes);
    (token, secret, SessionKey { token: bytes, key })
}

fn described(name: &str, session: &SessionKey, method: Method, path: &str, body: &[u8], created: i64) -> Value {
    let proof = prove(session, method, path, body, created);
    let claim = Claim::read(&proof).unwrap();
    assert_eq!((claim.created, &claim.token), (created, &session.token));
    assert!(claim.verify(&session.key, &proof, method, path, body));
    let base = [
        format!("\"@method\": {}", method.name()),
        format!("\"@path\": {path}"),
        format!("\"content-digest\": {}", proof.content_digest),
        format!("\"@signature-params\": {}", proof.signature_input.strip_prefix("s=").unwrap()),
    ]
    .join("\n");
    let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &session.key), base.as_bytes());
    use base64::Engine as _;
    let expected = format!("s=:{}:", base64::engine::general_purpose::STANDARD.encode(tag));
    assert_eq!(proof.signature, expected, "the base written here is the base that is signed");
    json!({
        "name": name, "method": method.name(), "path": path, "body": hex(body), "created": created,
        "signature_base": base,
        "headers": {
            "Content-Digest": proof.content_digest,
            "Signature-Input": proof.signature_input,
            "Signature": proof.signature,
        },
    })
}

pub(crate) fn session() -> Value {
    let (token, secret, session) = sample();
    let created = NOW.0 / 1_000;
    let proofs = [
        described("an exchange", &session, Method::Post, "/v1/sync", b"a body", created),
        described("the stream of hints, which has no body", &session, Method::Get, "/v1/hints", b"", created),
    ];
    let proof = prove(&session, Method::Post, "/v1/sync", b"a body", created);
    let input = &proof.signature_input;
    let refused: Vec<Value> = [
        ("another label", input.replacen("s=", "sig1=", 1)),
        ("the digest is not covered", input.replace(" \"content-digest\"", "")),
        ("another algorithm", input.replace("hmac-sha256", "hmac-sha512")),
        ("another order of parameters", {
            let keyid = &input[input.find(";keyid").unwrap()..input.find(";alg").unwrap()];
            input.replace(keyid, "").replace(";created", &format!("{keyid};created"))
        }),
        ("another parameter", input.clone() + ";nonce=\"1\""),
        ("a plus before the time", input.replace("created=", "created=+")),
        ("a zero before the time", input.replace("created=", "created=0")),
        ("a padded token", input.replace("\";alg", "==\";alg")),
    ]
    .into_iter()
    .map(|(name, signature_input)| {
        let changed = Proof { signature_input: signature_input.clone(), ..proof.clone() };
        assert_eq!(Claim::read(&changed), None, "{name}");
        json!({"name": name, "Signature-Input": signature_input})
    })
    .collect();
    json!({
        "token_fields": {
            "device": token.device, "member": token.member, "key": hex(token.key.0), "expires_at": token.expires_at,
            "salt": hex(token.salt),
        },
        "token": hex(&session.token),
        "server_secret": hex(secret),
        "session_key": hex(session.key),
        "proofs": proofs,
        "refused": refused,
    })
}

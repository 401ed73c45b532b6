//! How a request proves which session it belongs to: HTTP Message Signatures (RFC 9421) with `hmac-sha256` over method,
//! path, digest of the body (RFC 9530) and time of making.
//!
//! The server stores nothing: a session's key is derived from its token, so a token that the server did not make has a key
//! that nobody knows. There is no store of nonces either, since every request may be repeated without effect.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::time::Timestamp;
use ring::hmac;
use sha2::{Digest, Sha256};

use crate::bytes::{from_base64url, to_base64url};
use crate::http::{Method, Proof};
use crate::sign::KeyId;

/// A session as the phone holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey {
    /// Names the session.
    pub token: Vec<u8>,
    /// HMAC key.
    pub key: [u8; 32],
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// What a token says, readable by anybody, believed only with a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Which installation.
    pub device: DeviceId,
    /// Whose.
    pub member: MemberId,
    /// Which key opened the session.
    pub key: KeyId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Makes every session another one.
    pub salt: [u8; 8],
}

impl Token {
    /// The 64 bytes: device, member, key, end, salt.
    pub fn encode(&self) -> Vec<u8> {
        [&self.device.0.0[..], &self.member.0.0, &self.key.0, &self.expires_at.0.to_be_bytes(), &self.salt].concat()
    }

    /// Reads the 64 bytes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (device, rest) = bytes.split_first_chunk::<16>()?;
        let (member, rest) = rest.split_first_chunk::<16>()?;
        let (key, rest) = rest.split_first_chunk::<16>()?;
        let (expires_at, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            device: RowId(*device).into(),
            member: RowId(*member).into(),
            key: KeyId(*key),
            expires_at: Timestamp(i64::from_be_bytes(*expires_at)),
            salt: rest.try_into().ok()?,
        })
    }
}

/// The key of the session that `token` names: HMAC-SHA-256 of the token under the server's secret.
pub fn session_key(server_secret: &[u8; 32], token: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, server_secret);
    let tag = hmac::sign(&key, &[b"dangjian/session-key/1\0", token].concat());
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    bytes
}

/// The three headers for a request made at `created` (seconds of estimated server time).
pub fn prove(session: &SessionKey, method: Method, path: &str, body: &[u8], created: i64) -> Proof {
    let content_digest = content_digest(body);
    let parameters = parameters(created, &to_base64url(&session.token));
    let base = signature_base(method, path, &content_digest, &parameters);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &session.key), base.as_bytes());
    Proof {
        content_digest,
        signature_input: format!("s={parameters}"),
        signature: format!("s=:{}:", STANDARD.encode(tag.as_ref())),
    }
}

/// What the headers of a request claim; nothing is believed before [`Claim::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The session's token.
    pub token: Vec<u8>,
    /// When the request says it was made, seconds of server time.
    pub created: i64,
    parameters: String,
    tag: Vec<u8>,
}

impl Claim {
    /// Reads the headers. Only the form that [`prove`] writes is accepted; `None` for any other.
    pub fn read(proof: &Proof) -> Option<Self> {
        let parameters = proof.signature_input.strip_prefix("s=")?;
        let rest = parameters.strip_prefix(COVERED)?.strip_prefix(";created=")?;
        let (created, rest) = rest.split_once(";keyid=\"")?;
        let (token, rest) = rest.split_once("\";alg=\"hmac-sha256\"")?;
        let created = created.parse().ok()?;
        let tag = STANDARD.decode(proof.signature.strip_prefix("s=:")?.strip_suffix(':')?).ok()?;
        let claim = Self { token: from_base64url(token)?, created, parameters: parameters.to_owned(), tag };
        (rest.is_empty() && parameters == self::parameters(created, token)).then_some(claim)
    }

    /// Whether the session with this `key` made this request. Takes the same time for every wrong tag.
    pub fn verify(&self, key: &[u8; 32], proof: &Proof, method: Method, path: &str, body: &[u8]) -> bool {
        let digest = content_digest(body);
        if digest != proof.content_digest {
            return false;
        }
        let base = signature_base(method, path, &digest, &self.parameters);
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), base.as_bytes(), &self.tag).is_ok()
    }
}

const COVERED: &str = "(\"@method\" \"@path\" \"content-digest\")";

fn parameters(created: i64, token: &str) -> String {
    format!("{COVERED};created={created};keyid=\"{token}\";alg=\"hmac-sha256\"")
}

fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

fn signature_base(method: Method, path: &str, content_digest: &str, parameters: &str) -> String {
    format!(
        "\"@method\": {}\n\"@path\": {path}\n\"content-digest\": {content_digest}\n\"@signature-params\": {parameters}",
        method.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_its_request_only() {
        let token = Token {
            device: RowId([1; 16]).into(),
            member: RowId([2; 16]).into(),
            key: KeyId([3; 16]),
            expires_at: Timestamp(4),
            salt: [5; 8],
        };
        let bytes = token.encode();
        assert_eq!(Token::decode(&bytes), Some(token));
        assert_eq!(Token::decode(&bytes[1..]), None);
        let key = session_key(&[9; 32], &bytes);
        let session = SessionKey { token: bytes, key };
        let proof = prove(&session, Method::Post, "/v1/sync", b"body", 1_700_000_000);
        let claim = Claim::read(&proof).unwrap();
        assert_eq!((claim.created, &claim.token), (1_700_000_000, &session.token));
        assert!(claim.verify(&key, &proof, Method::Post, "/v1/sync", b"body"));
        assert!(!claim.verify(&key, &proof, Method::Get, "/v1/sync", b"body"));
        assert!(!claim.verify(&key, &proof, Method::Post, "/v1/other", b"body"));
        assert!(!claim.verify(&key, &proof, Method::Post, "/v1/sync", b"bodY"));
        assert!(!claim.verify(&[0; 32], &proof, Method::Post, "/v1/sync", b"body"));
    }

    #[test]
    fn headers_in_any_other_form_are_not_read() {
        let session = SessionKey { token: vec![1; 64], key: [0; 32] };
        let proof = prove(&session, Method::Post, "/v1/sync", b"", 1);
        for input in [
            proof.signature_input.replace("s=", "sig1="),
            proof.signature_input.replace(" \"content-digest\"", ""),
            proof.signature_input.replace("hmac-sha256", "none"),
            proof.signature_input.replace("created=1", "created=+1"),
            proof.signature_input.clone() + ";x",
            String::new(),
        ] {
            assert_eq!(Claim::read(&Proof { signature_input: input, ..proof.clone() }), None);
        }
    }
}

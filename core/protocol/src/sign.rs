//! Keys, signatures, and the one form of a COSE_Sign1 (RFC 9052) that is accepted.
//!
//! A signature must not have a twin: general COSE readers take arrays in non-shortest and indefinite form and extra
//! unprotected headers with the signature still valid, and ECDSA itself takes `s` and `n - s`. Here a message is read by
//! the shape it must have, encoded again and compared, and only low S passes. Identity is never the signature's bytes all
//! the same: it is the operation's id and the hash of its bytes.

use dangjian_domain::id::DeploymentId;
use minicbor::bytes::ByteVec;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature as P256Signature, SigningKey};
use sha2::{Digest, Sha256};

use crate::random::Random;

/// COSE's number of ECDSA with P-256 and SHA-256. A field, so that SM2 with SM3 can be added.
pub const ES256: i32 = -7;

/// Domain separation of signatures over the head of a push.
pub const HEAD_CONTEXT: &str = "dangjian/head/1";
/// Domain separation of the server's receipts.
pub const RECEIPT_CONTEXT: &str = "dangjian/receipt/1";
/// Domain separation of enrolments.
pub const ENROL_CONTEXT: &str = "dangjian/enrol/1";
/// Domain separation of session openings.
pub const SESSION_CONTEXT: &str = "dangjian/session/1";

/// Why a key, signature or signed message is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Not an uncompressed point on the curve.
    #[error("not an uncompressed P-256 public key")]
    Key,
    /// Not 64 bytes (or DER of such), zero, out of range, or of high S.
    #[error("not a low-S P-256 signature")]
    Signature,
    /// Not the one accepted encoding of a COSE_Sign1.
    #[error("not a COSE_Sign1 in its one accepted form")]
    Form,
    /// Another algorithm than the key's.
    #[error("another algorithm than the key's")]
    Algorithm,
    /// Another key's id.
    #[error("another key's id")]
    KeyId,
    /// The signature does not belong to the message.
    #[error("the signature does not belong to the message")]
    Mismatch,
}

/// The first 16 bytes of SHA-256 of a public key's 65 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

/// A P-256 public key, SEC1 uncompressed, checked to be on the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 65]);

impl PublicKey {
    /// Checks that `bytes` are 65, uncompressed, and a point on the curve other than infinity.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SignError> {
        let bytes: [u8; 65] = bytes.try_into().map_err(|_| SignError::Key)?;
        if bytes[0] != 4 {
            return Err(SignError::Key);
        }
        p256::PublicKey::from_sec1_bytes(&bytes).map_err(|_| SignError::Key)?;
        Ok(Self(bytes))
    }

    /// The 65 bytes.
    pub fn as_bytes(&self) -> &[u8; 65] {
        &self.0
    }

    /// The key's id.
    pub fn id(&self) -> KeyId {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(Sha256::digest(self.0)) {
            *to = from;
        }
        KeyId(id)
    }

    /// Whether `signature` is this key's over `message` (hashed with SHA-256). `ring` verifies five times as fast as
    /// `p256`, which matters to the server.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignError> {
        ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, &self.0)
            .verify(message, &signature.0)
            .map_err(|_| SignError::Mismatch)
    }
}

/// A P-256 signature: r and s, 32 bytes each, s at most half the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes 64 bytes as they come over the wire: r and s in range, low S.
    pub fn from_wire(bytes: &[u8]) -> Result<Self, SignError> {
        let parsed = P256Signature::from_slice(bytes).map_err(|_| SignError::Signature)?;
        let fixed: [u8; 64] = parsed.to_bytes().into();
        if parsed.normalize_s().to_bytes().as_slice() == fixed { Ok(Self(fixed)) } else { Err(SignError::Signature) }
    }

    /// Takes what a phone's key store gives, DER (nothing behind it) or 64 bytes, and makes S low: half of all signatures
    /// come out high.
    pub fn from_key_store(bytes: &[u8]) -> Result<Self, SignError> {
        let parsed = if bytes.len() == 64 { P256Signature::from_slice(bytes) } else { P256Signature::from_der(bytes) }
            .map_err(|_| SignError::Signature)?;
        Ok(Self(parsed.normalize_s().to_bytes().into()))
    }

    /// The 64 bytes.
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

/// A private key in memory: for the server, for desktops and tests. Phones keep theirs in the key store.
#[derive(Clone)]
pub struct SoftwareKey(SigningKey);

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareKey({:?})", self.public().id())
    }
}

impl SoftwareKey {
    /// A new key from `random`.
    pub fn generate(random: &mut dyn Random) -> Self {
        loop {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            // Fails for zero and numbers beyond the order: one in 2^32.
            if let Ok(key) = SigningKey::from_slice(&bytes) {
                return Self(key);
            }
        }
    }

    /// From the 32 bytes of [`Self::to_bytes`].
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SignError> {
        SigningKey::from_slice(bytes).map(Self).map_err(|_| SignError::Key)
    }

    /// The secret number, for a key file.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 65];
        for (to, from) in bytes.iter_mut().zip(self.0.verifying_key().to_sec1_point(false).as_bytes()) {
            *to = *from;
        }
        PublicKey(bytes)
    }

    /// Signs, deterministically (RFC 6979), so that a seed replays.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let digest = Sha256::digest(message);
        let signature: P256Signature = self.0.sign_prehash(&digest).map_err(|_| SignError::Signature)?;
        Ok(Signature(signature.normalize_s().to_bytes().into()))
    }
}

/// `context ‖ 0 ‖ message`: what is signed where no COSE message is needed.
pub fn contextual(context: &str, message: &[u8]) -> Vec<u8> {
    [context.as_bytes(), &[0], message].concat()
}

/// The protected header: algorithm and key id, nothing else is known.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Protected {
    #[n(1)]
    algorithm: i32,
    #[n(4)]
    key: ByteVec,
}

/// The empty unprotected header.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Unprotected {}

#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Sign1 {
    #[n(0)]
    protected: ByteVec,
    #[n(1)]
    unprotected: Unprotected,
    #[n(2)]
    payload: ByteVec,
    #[n(3)]
    signature: ByteVec,
}

#[derive(minicbor::Encode)]
#[cbor(array)]
struct SigStructure<'a> {
    #[n(0)]
    context: &'a str,
    #[n(1)]
    protected: &'a minicbor::bytes::ByteSlice,
    #[n(2)]
    external_aad: &'a minicbor::bytes::ByteSlice,
    #[n(3)]
    payload: &'a minicbor::bytes::ByteSlice,
}

fn cbor<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    // Writing to a Vec can't fail.
    minicbor::to_vec(value).unwrap_or_default()
}

/// Binds a message to its purpose and to one county.
fn external_aad(context: &str, deployment: DeploymentId) -> Vec<u8> {
    contextual(context, &deployment.0.0)
}

/// A COSE_Sign1 waiting for its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    protected: Vec<u8>,
    payload: Vec<u8>,
    to_be_signed: Vec<u8>,
}

impl Unsigned {
    /// A message of `payload` for `context`, to be signed by `key`.
    pub fn new(context: &str, deployment: DeploymentId, key: KeyId, payload: Vec<u8>) -> Self {
        let protected = cbor(&Protected { algorithm: ES256, key: key.0.to_vec().into() });
        let to_be_signed = sig_structure(&protected, &external_aad(context, deployment), &payload);
        Self { protected, payload, to_be_signed }
    }

    /// The bytes the key signs (hashed with SHA-256).
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// The message with its signature.
    pub fn finish(self, signature: &Signature) -> Vec<u8> {
        cbor(&Sign1 {
            protected: self.protected.into(),
            unprotected: Unprotected {},
            payload: self.payload.into(),
            signature: signature.0.to_vec().into(),
        })
    }
}

fn sig_structure(protected: &[u8], aad: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor(&SigStructure {
        context: "Signature1",
        protected: protected.into(),
        external_aad: aad.into(),
        payload: payload.into(),
    })
}

/// A COSE_Sign1 that has the one accepted form; its signature is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    key: KeyId,
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: Signature,
}

impl Signed {
    /// Reads `bytes`: the acceptance gate.
    pub fn decode(bytes: &[u8]) -> Result<Self, SignError> {
        let message: Sign1 = minicbor::decode(bytes).map_err(|_| SignError::Form)?;
        if cbor(&message) != bytes {
            return Err(SignError::Form);
        }
        let protected: Protected = minicbor::decode(&message.protected).map_err(|_| SignError::Form)?;
        if cbor(&protected) != **message.protected {
            return Err(SignError::Form);
        }
        if protected.algorithm != ES256 {
            return Err(SignError::Algorithm);
        }
        let key = protected.key.as_slice().try_into().map(KeyId).map_err(|_| SignError::KeyId)?;
        let signature = Signature::from_wire(&message.signature)?;
        Ok(Self { key, protected: message.protected.into(), payload: message.payload.into(), signature })
    }

    /// Whose key the message names.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The payload, if `key` signed it for `context` in this county.
    pub fn verify(&self, context: &str, deployment: DeploymentId, key: &PublicKey) -> Result<&[u8], SignError> {
        if key.id() != self.key {
            return Err(SignError::KeyId);
        }
        let message = sig_structure(&self.protected, &external_aad(context, deployment), &self.payload);
        key.verify(&message, &self.signature)?;
        Ok(&self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix;
    use coset::CborSerializable;
    use dangjian_domain::id::RowId;

    fn signed(payload: &[u8]) -> (SoftwareKey, DeploymentId, Vec<u8>) {
        let key = SoftwareKey::generate(&mut SplitMix(7));
        let deployment = RowId([3; 16]).into();
        let unsigned = Unsigned::new(HEAD_CONTEXT, deployment, key.public().id(), payload.to_vec());
        let signature = key.sign(unsigned.to_be_signed()).unwrap();
        (key, deployment, unsigned.finish(&signature))
    }

    #[test]
    fn a_signed_message_opens_for_its_key_purpose_and_county_only() {
        let (key, deployment, bytes) = signed(b"payload");
        let message = Signed::decode(&bytes).unwrap();
        assert_eq!(message.verify(HEAD_CONTEXT, deployment, &key.public()), Ok(&b"payload"[..]));
        assert_eq!(message.verify(RECEIPT_CONTEXT, deployment, &key.public()), Err(SignError::Mismatch));
        let elsewhere = RowId([4; 16]).into();
        assert_eq!(message.verify(HEAD_CONTEXT, elsewhere, &key.public()), Err(SignError::Mismatch));
        let other = SoftwareKey::generate(&mut SplitMix(8)).public();
        assert_eq!(message.verify(HEAD_CONTEXT, deployment, &other), Err(SignError::KeyId));
    }

    #[test]
    fn an_independent_reader_understands_what_we_write() {
        let (key, deployment, bytes) = signed(b"payload");
        let message = coset::CoseSign1::from_slice(&bytes).unwrap();
        let aad = external_aad(HEAD_CONTEXT, deployment);
        message
            .verify_signature(&aad, |signature, tbs| {
                use p256::ecdsa::signature::Verifier;
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key.public().as_bytes())?;
                key.verify(tbs, &P256Signature::from_slice(signature)?)
            })
            .unwrap();
        assert_eq!(message.to_vec().unwrap(), bytes);
    }

    #[test]
    fn encodings_that_general_readers_accept_are_refused() {
        let (_, _, bytes) = signed(b"payload");
        let mut non_shortest = vec![0x98, 0x04];
        non_shortest.extend(&bytes[1..]);
        let mut indefinite = vec![0x9f];
        indefinite.extend(&bytes[1..]);
        indefinite.push(0xff);
        for twin in [&non_shortest, &indefinite] {
            assert!(coset::CoseSign1::from_slice(twin).is_ok(), "the twin is one that a general reader accepts");
            assert_eq!(Signed::decode(twin), Err(SignError::Form));
        }
        for cut in 0..bytes.len() {
            assert!(Signed::decode(&bytes[..cut]).is_err());
        }
        let mut trailing = bytes.clone();
        trailing.push(0);
        assert_eq!(Signed::decode(&trailing), Err(SignError::Form));
    }

    #[test]
    fn the_high_s_twin_is_refused_on_the_wire_and_made_low_from_a_key_store() {
        let (key, _, _) = signed(b"");
        let low = key.sign(b"message").unwrap();
        let parsed = P256Signature::from_slice(low.as_bytes()).unwrap();
        let high = P256Signature::from_scalars(parsed.r(), -parsed.s()).unwrap();
        assert_eq!(Signature::from_wire(&high.to_bytes()), Err(SignError::Signature));
        assert_eq!(Signature::from_key_store(&high.to_bytes()), Ok(low));
        assert_eq!(Signature::from_key_store(high.to_der().as_bytes()), Ok(low));
        let mut trailing = high.to_der().as_bytes().to_vec();
        trailing.push(0);
        assert_eq!(Signature::from_key_store(&trailing), Err(SignError::Signature));
        for wrong in [&[0u8; 64][..], &[0xff; 64], &low.as_bytes()[..63], &[low.as_bytes(), &[0][..]].concat()] {
            assert_eq!(Signature::from_wire(wrong), Err(SignError::Signature));
        }
    }

    #[test]
    fn keys_off_the_curve_compressed_or_at_infinity_are_refused() {
        let key = SoftwareKey::generate(&mut SplitMix(1)).public();
        assert_eq!(PublicKey::from_slice(key.as_bytes()), Ok(key));
        let mut off = *key.as_bytes();
        off[64] ^= 1;
        assert_eq!(PublicKey::from_slice(&off), Err(SignError::Key));
        assert_eq!(PublicKey::from_slice(&off[..33]), Err(SignError::Key));
        assert_eq!(PublicKey::from_slice(&[0]), Err(SignError::Key));
        assert_eq!(PublicKey::from_slice(&[0; 65]), Err(SignError::Key));
    }
}

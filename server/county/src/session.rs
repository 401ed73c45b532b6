//! Sessions: opened with the silent key over a nonce, proven by each request, stored nowhere. Whether device and key still
//! count is looked up each time, so a revocation holds from the next request on.

use dangjian_domain::grant::may_use;
use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_domain::rows::MemberStatus;
use dangjian_domain::schema::{Field, Value};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Request;
use dangjian_protocol::limits;
use dangjian_protocol::message::{Nonce, OpenSession, Session};
use dangjian_protocol::random::Random;
use dangjian_protocol::session::{Claim, Token, session_key};
use dangjian_protocol::sign::{KeyId, PublicKey, SESSION_CONTEXT, Signature, contextual};

use crate::db::{Db, Param, one};
use crate::error::{CountyError, Stop};
use crate::once::{Once, bytes};
use crate::{Caller, County};

/// Usage code of the silent key.
pub(crate) const SILENT: i64 = 1;
/// Usage code of the presence key.
pub(crate) const PRESENCE: i64 = 2;

/// Who makes a request, proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Authenticated {
    pub(crate) caller: Caller,
    pub(crate) status: MemberStatus,
    pub(crate) key: PublicKey,
}

/// A session about to be opened: everything is checked but whether the nonce is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    caller: Caller,
    key: KeyId,
    nonce: Once,
}

struct KnownKey {
    member: MemberId,
    key: PublicKey,
    revoked: bool,
    status: Option<MemberStatus>,
}

fn known_key(db: &mut dyn Db, device: DeviceId, key: KeyId) -> Result<Option<KnownKey>, CountyError> {
    let known = one(
        db,
        "SELECT d.member, k.public_key, d.revoked_at, k.revoked_at, m.status
         FROM device_key k JOIN device d ON d.id = k.device LEFT JOIN member m ON m.id = d.member
         WHERE k.kid = ?1 AND k.device = ?2 AND k.usage = ?3",
        &[Param::Blob(&key.0), Param::id(&device.0), Param::Int(SILENT)],
        |row| {
            let status = row.maybe(4, |row, at| row.int(at))?;
            Ok((MemberId(row.id(0)?), row.blob(1)?.to_vec(), !row.null(2), !row.null(3), status))
        },
    )?;
    let Some((member, key, revoked, replaced, status)) = known else { return Ok(None) };
    // A key that gave way to another of the same device is no reason for that device to delete everything.
    if replaced && !revoked {
        return Ok(None);
    }
    let status = status.and_then(|code| MemberStatus::from_value(&Value::Int(code)));
    Ok(Some(KnownKey { member, key: PublicKey::from_slice(&key)?, revoked, status }))
}

impl KnownKey {
    /// The member's status, if device, key and member may use the system.
    fn usable(&self) -> Result<MemberStatus, Stop> {
        if self.revoked {
            return Err(ErrorCode::DeviceRevoked.into());
        }
        self.status.filter(|status| may_use(*status)).ok_or_else(|| ErrorCode::Forbidden.into())
    }
}

impl County {
    /// Who made `request`.
    pub(crate) fn authenticate(
        &self,
        now: Timestamp,
        request: &Request,
        db: &mut dyn Db,
    ) -> Result<Authenticated, Stop> {
        let proof = request.proof.as_ref().ok_or(ErrorCode::BadSignature)?;
        let headers = [&proof.content_digest, &proof.signature_input, &proof.signature];
        if headers.iter().any(|header| header.len() > limits::HEADER) {
            return Err(ErrorCode::TooLarge.into());
        }
        let claim = Claim::read(proof).ok_or(ErrorCode::BadSignature)?;
        let token = Token::decode(&claim.token).ok_or(ErrorCode::BadSignature)?;
        let key = session_key(&self.config.secret, &claim.token);
        if !claim.verify(&key, proof, request.method, &request.path, &request.body) {
            return Err(ErrorCode::BadSignature.into());
        }
        // Only now is anything in the token the server's own word.
        let age_ms = now.0.saturating_sub(claim.created.saturating_mul(1_000));
        if age_ms.saturating_abs() > limits::CREATED_WINDOW_S * 1_000 {
            return Err(ErrorCode::ClockSkew.into());
        }
        if token.expires_at <= now {
            return Err(ErrorCode::SessionExpired.into());
        }
        // A server restored from a backup may not know a device that enrolled since: it has to enrol again, and nothing
        // on it is to be wiped.
        let known = known_key(db, token.device, token.key)?.ok_or(ErrorCode::SessionExpired)?;
        if known.member != token.member {
            return Err(ErrorCode::SessionExpired.into());
        }
        let status = known.usable()?;
        let caller = Caller { device: token.device, member: token.member };
        Ok(Authenticated { caller, status, key: known.key })
    }

    /// `POST /v1/session/nonce`. Every device gets one, known or not: the reply must not tell.
    pub(crate) fn nonce(&self, now: Timestamp, random: &mut dyn Random, device: DeviceId) -> Nonce {
        Nonce { nonce: Bytes(self.tags.nonce(device, now, random)), server_time: now }
    }

    /// Checks `POST /v1/session` as far as reading goes.
    pub(crate) fn check_opening(&self, now: Timestamp, ask: &OpenSession, db: &mut dyn Db) -> Result<Opening, Stop> {
        let nonce = self.tags.read_nonce(&ask.nonce.0, ask.device, now).ok_or(ErrorCode::BadNonce)?;
        let key = ask.key.0.as_slice().try_into().map(KeyId).map_err(|_| ErrorCode::BadRequest)?;
        let signature = Signature::from_wire(&ask.signature.0).map_err(|_| ErrorCode::BadSignature)?;
        let known = known_key(db, ask.device, key)?.ok_or(ErrorCode::BadSignature)?;
        let message = contextual(SESSION_CONTEXT, &ask.nonce.0);
        known.key.verify(&message, &signature).map_err(|_| ErrorCode::BadSignature)?;
        known.usable()?;
        Ok(Opening { caller: Caller { device: ask.device, member: known.member }, key, nonce })
    }

    /// Redeems the nonce and makes the session.
    pub(crate) fn open_session(
        &self,
        now: Timestamp,
        random: &mut dyn Random,
        opening: &Opening,
        db: &mut dyn Db,
    ) -> Result<Session, Stop> {
        if !opening.nonce.redeem(db, now)? {
            return Err(ErrorCode::BadNonce.into());
        }
        let token = Token {
            device: opening.caller.device,
            member: opening.caller.member,
            key: opening.key,
            expires_at: now.plus_ms(limits::SESSION_MS),
            salt: bytes(random),
        };
        let bytes = token.encode();
        let key = session_key(&self.config.secret, &bytes);
        Ok(Session { token: Bytes(bytes), key: Bytes(key.to_vec()), expires_at: token.expires_at, server_time: now })
    }
}

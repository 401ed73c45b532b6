//! Devices: an installation's keys, and the chain that belongs to the installation whichever keys it has.

use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{DeviceEntry, DeviceList, Done, Enrol, Enrolled};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, KeyId, PublicKey, Signature, contextual};

use crate::account::{epoch, may_look_after};
use crate::audit::{self, Act};
use crate::db::{Db, Param, all, one};
use crate::error::{CountyError, Stop};
use crate::once::{Once, Tags};
use crate::push::chain;
use crate::session::{Authenticated, PRESENCE, SILENT};
use crate::{Caller, County, grant};

/// Devices a member may have at a time.
const DEVICES: usize = 3;
/// Longest name of a device, in characters.
const LABEL_CHARS: usize = 64;

/// An enrolment whose ticket and signature hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enrolment {
    member: MemberId,
    ticket: Once,
    device: DeviceId,
    silent: PublicKey,
    presence: Option<PublicKey>,
    label: String,
}

impl County {
    /// Checks `POST /v1/devices` as far as reading goes.
    pub(crate) fn check_enrolment(&self, now: Timestamp, ask: Enrol, db: &mut dyn Db) -> Result<Enrolment, Stop> {
        let label_fits = ask.label.chars().count() <= LABEL_CHARS && !ask.label.chars().any(char::is_control);
        if ask.algorithm != ES256 || !label_fits || ask.device.0.is_nil() {
            return Err(ErrorCode::BadRequest.into());
        }
        let key = |bytes: &Bytes| PublicKey::from_slice(&bytes.0).map_err(|_| Stop::from(ErrorCode::BadRequest));
        let silent = key(&ask.silent_key)?;
        let presence = ask.presence_key.as_ref().map(key).transpose()?;
        if presence == Some(silent) {
            return Err(ErrorCode::BadRequest.into());
        }
        let member = Tags::ticket_member(&ask.ticket.0).ok_or(ErrorCode::BadNonce)?;
        let epoch = epoch(db, member)?;
        let ticket = self.tags.read_ticket(&ask.ticket.0, epoch, now).ok_or(ErrorCode::BadNonce)?;
        let signature = Signature::from_wire(&ask.signature.0).map_err(|_| ErrorCode::BadSignature)?;
        let message = contextual(ENROL_CONTEXT, &ask.ticket.0);
        silent.verify(&message, &signature).map_err(|_| ErrorCode::BadSignature)?;
        Ok(Enrolment { member, ticket, device: ask.device, silent, presence, label: ask.label })
    }

    /// Binds the installation's keys to the member. Asked again with the same ticket and keys it answers again, since the
    /// first reply may have been lost.
    pub(crate) fn enrol(&self, now: Timestamp, ask: &Enrolment, db: &mut dyn Db) -> Result<Enrolled, Stop> {
        let sql = "SELECT member FROM device WHERE id = ?1";
        let owner = one(db, sql, &[Param::id(&ask.device.0)], |row| Ok(MemberId(row.id(0)?)))?;
        if owner.is_some_and(|owner| owner != ask.member) {
            return Err(ErrorCode::Forbidden.into());
        }
        // Everything that can be refused is, before the ticket is used up.
        ask.check_keys(db)?;
        ask.check_number(db)?;
        if ask.ticket.redeem(db, now)? {
            ask.write(now, owner.is_some(), db)?;
        } else if !ask.is_bound(db)? {
            return Err(ErrorCode::BadNonce.into());
        }
        let caller = Caller { device: ask.device, member: ask.member };
        let chain = chain(db, caller)?.ok_or(CountyError::Stored("a device without a row"))?;
        Ok(Enrolled {
            key: Bytes(ask.silent.id().0.to_vec()),
            deployment: self.config.deployment,
            server_key: Bytes(self.config.key.public().as_bytes().to_vec()),
            chain: chain.state(),
            server_time: now,
        })
    }

    /// `POST /v1/devices/revoke`; gives also whose device it was.
    pub(crate) fn revoke(
        &self,
        now: Timestamp,
        by: &Authenticated,
        device: DeviceId,
        db: &mut dyn Db,
    ) -> Result<(Done, MemberId), Stop> {
        let sql = "SELECT member, revoked_at FROM device WHERE id = ?1";
        let known = one(db, sql, &[Param::id(&device.0)], |row| Ok((MemberId(row.id(0)?), row.null(1))))?;
        let (member, active) = known.ok_or(ErrorCode::Forbidden)?;
        if !may_look_after(db, by, member)? {
            return Err(ErrorCode::Forbidden.into());
        }
        if active {
            let params = [Param::id(&device.0), Param::Int(now.0)];
            db.execute("UPDATE device SET revoked_at = ?2 WHERE id = ?1", &params)?;
            db.execute("UPDATE device_key SET revoked_at = ?2 WHERE device = ?1 AND revoked_at IS NULL", &params)?;
            let (actor, subject) = (Some(by.caller.member), Some(device.0));
            audit::append(db, &audit::Entry { at: now, actor, act: Act::Revoked, subject, detail: 0 })?;
        }
        Ok((Done { server_time: now }, member))
    }

    /// `POST /v1/devices/list`.
    pub(crate) fn devices(&self, by: &Authenticated, member: MemberId, db: &mut dyn Db) -> Result<DeviceList, Stop> {
        if !may_look_after(db, by, member)? {
            return Err(ErrorCode::Forbidden.into());
        }
        let sql = "SELECT id, label, enrolled_at, revoked_at FROM device WHERE member = ?1 ORDER BY enrolled_at, id";
        let devices = all(db, sql, &[Param::id(&member.0)], |row| {
            Ok(DeviceEntry {
                device: DeviceId(row.id(0)?),
                label: row.text(1)?.to_owned(),
                enrolled_at: Timestamp(row.int(2)?),
                revoked: !row.null(3),
            })
        })?;
        Ok(DeviceList { devices })
    }
}

impl Enrolment {
    fn keys(&self) -> impl Iterator<Item = (i64, &PublicKey)> {
        std::iter::once((SILENT, &self.silent)).chain(self.presence.iter().map(|key| (PRESENCE, key)))
    }

    /// No key may be another member's, change its usage, or come back once it was revoked. One of another device of the
    /// same member is the same phone, whose files were lost while its keys survived: the new installation takes its place.
    fn check_keys(&self, db: &mut dyn Db) -> Result<(), Stop> {
        for (usage, key) in self.keys() {
            let sql = "SELECT d.member, k.usage, k.revoked_at FROM device_key k JOIN device d ON d.id = k.device
                       WHERE k.kid = ?1";
            let known =
                one(db, sql, &[Param::Blob(&key.id().0)], |row| Ok((MemberId(row.id(0)?), row.int(1)?, !row.null(2))))?;
            match known {
                Some((member, known, _)) if member != self.member || known != usage => {
                    return Err(ErrorCode::Forbidden.into());
                }
                Some((_, _, true)) => return Err(ErrorCode::DeviceRevoked.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The installation of the same keys that this one takes the place of, if there is one.
    fn replaced(&self, db: &mut dyn Db) -> Result<Option<DeviceId>, CountyError> {
        let sql = "SELECT device FROM device_key WHERE kid = ?1 AND device <> ?2 AND revoked_at IS NULL";
        let params = [Param::Blob(&self.silent.id().0), Param::id(&self.device.0)];
        Ok(one(db, sql, &params, |row| Ok(DeviceId(row.id(0)?)))?)
    }

    fn check_number(&self, db: &mut dyn Db) -> Result<(), Stop> {
        let replaced = self.replaced(db)?.unwrap_or(self.device);
        let params = [Param::id(&self.member.0), Param::id(&self.device.0), Param::id(&replaced.0)];
        let sql = "SELECT id FROM device WHERE member = ?1 AND id <> ?2 AND id <> ?3 AND revoked_at IS NULL";
        let others = all(db, sql, &params, |row| row.id(0))?;
        let sql = "SELECT k.kid FROM device d JOIN device_key k ON k.device = d.id
                   WHERE d.member = ?1 AND d.id <> ?2 AND d.id <> ?3 AND k.usage = 2 AND k.revoked_at IS NULL";
        let presence_elsewhere = !all(db, sql, &params, |row| row.id(0))?.is_empty();
        if others.len() >= DEVICES || (self.presence.is_some() && presence_elsewhere) {
            return Err(ErrorCode::TooManyDevices.into());
        }
        Ok(())
    }

    /// Whether exactly these keys are the device's already.
    fn is_bound(&self, db: &mut dyn Db) -> Result<bool, CountyError> {
        let sql = "SELECT kid FROM device_key WHERE device = ?1 AND revoked_at IS NULL ORDER BY usage";
        let bound = all(db, sql, &[Param::id(&self.device.0)], |row| row.id(0))?;
        Ok(bound.into_iter().map(|kid| KeyId(kid.0)).eq(self.keys().map(|(_, key)| key.id())))
    }

    fn write(&self, now: Timestamp, known: bool, db: &mut dyn Db) -> Result<(), CountyError> {
        if let Some(replaced) = self.replaced(db)? {
            let params = [Param::id(&replaced.0), Param::Int(now.0)];
            db.execute("UPDATE device SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", &params)?;
            db.execute("UPDATE device_key SET revoked_at = ?2 WHERE device = ?1 AND revoked_at IS NULL", &params)?;
        }
        db.execute(
            "INSERT INTO device (id, member, next_seq, link, label, enrolled_at) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET label = excluded.label, revoked_at = NULL",
            &[
                Param::id(&self.device.0),
                Param::id(&self.member.0),
                Param::Blob(&Link::FIRST.0),
                Param::Text(&self.label),
                Param::Int(now.0),
            ],
        )?;
        db.execute(
            "UPDATE device_key SET revoked_at = ?2 WHERE device = ?1 AND revoked_at IS NULL",
            &[Param::id(&self.device.0), Param::Int(now.0)],
        )?;
        for (usage, key) in self.keys() {
            db.execute(
                "INSERT INTO device_key (kid, device, usage, public_key, algorithm) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (kid) DO UPDATE SET device = excluded.device, revoked_at = NULL",
                &[
                    Param::Blob(&key.id().0),
                    Param::id(&self.device.0),
                    Param::Int(usage),
                    Param::Blob(key.as_bytes()),
                    Param::Int(ES256.into()),
                ],
            )?;
        }
        if !grant::has_one(db, self.member)? {
            grant::refresh(db, self.member)?;
        }
        let (actor, subject) = (Some(self.member), Some(self.device.0));
        let detail = known.into();
        audit::append(db, &audit::Entry { at: now, actor, act: Act::Enrolled, subject, detail })
    }
}

//! Nonces and tickets: made by the server, known again by their tag, so nothing is stored until one is redeemed. The tag
//! covers the run of the program (`Config::boot`), so that a restart makes those of earlier runs void.

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::limits;
use dangjian_protocol::random::Random;
use ring::hmac;

use crate::db::{Db, Param};
use crate::error::CountyError;

/// How long a sign-in may be used to enrol a device, ms.
const TICKET_MS: i64 = 600_000;
const TAG: usize = 32;

/// The server's secrets as far as tags need them.
pub(crate) struct Tags {
    key: hmac::Key,
    boot: [u8; 16],
}

/// Something redeemed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Once {
    id: [u8; 16],
    expires_at: Timestamp,
}

impl Tags {
    pub(crate) fn new(secret: &[u8; 32], boot: [u8; 16]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret), boot }
    }

    /// HMAC-SHA-256 over the purpose and `message` under the server's secret; independent of the run.
    pub(crate) fn lasting(&self, purpose: &str, message: &[u8]) -> [u8; TAG] {
        let tag = hmac::sign(&self.key, &[purpose.as_bytes(), &[0], message].concat());
        let mut bytes = [0; TAG];
        for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        bytes
    }

    /// Whether `tag` is what [`Self::lasting`] gives.
    pub(crate) fn is_lasting(&self, purpose: &str, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.key, &[purpose.as_bytes(), &[0], message].concat(), tag).is_ok()
    }

    fn message(&self, purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
        [purpose.as_bytes(), &[0], &self.boot, &parts.concat()].concat()
    }

    fn seal(&self, purpose: &str, open: &[u8], bound_to: &[u8]) -> Vec<u8> {
        let tag = hmac::sign(&self.key, &self.message(purpose, &[open, bound_to]));
        [open, tag.as_ref()].concat()
    }

    fn unseal<'a>(&self, purpose: &str, bytes: &'a [u8], bound_to: &[u8]) -> Option<&'a [u8]> {
        let (open, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        hmac::verify(&self.key, &self.message(purpose, &[open, bound_to]), tag).ok()?;
        Some(open)
    }

    /// A nonce for `device`: end, random, tag.
    pub(crate) fn nonce(&self, device: DeviceId, now: Timestamp, random: &mut dyn Random) -> Vec<u8> {
        let end = now.plus_ms(limits::NONCE_MS);
        self.seal("dangjian/nonce/1", &[&end.0.to_be_bytes()[..], &bytes::<16>(random)].concat(), &device.0.0)
    }

    /// What a nonce says, if it is one of this run for `device`, and not too old.
    pub(crate) fn read_nonce(&self, nonce: &[u8], device: DeviceId, now: Timestamp) -> Option<Once> {
        let open = self.unseal("dangjian/nonce/1", nonce, &device.0.0)?;
        let (end, id) = open.split_first_chunk::<8>()?;
        Once::of(*end, id, now)
    }

    /// Leave to enrol a device for `member`: member, end, random, tag. `epoch` is the account's, so that a reset makes it void.
    pub(crate) fn ticket(&self, member: MemberId, epoch: u64, now: Timestamp, random: &mut dyn Random) -> Vec<u8> {
        let end = now.plus_ms(TICKET_MS);
        let open = [&member.0.0[..], &end.0.to_be_bytes(), &bytes::<16>(random)].concat();
        self.seal("dangjian/ticket/1", &open, &epoch.to_be_bytes())
    }

    /// Whose ticket it says it is; nothing is believed before [`Self::read_ticket`].
    pub(crate) fn ticket_member(ticket: &[u8]) -> Option<MemberId> {
        ticket.first_chunk::<16>().map(|id| MemberId(RowId(*id)))
    }

    /// What a ticket says, if it is one of this run, of an account at `epoch`, and not too old.
    pub(crate) fn read_ticket(&self, ticket: &[u8], epoch: u64, now: Timestamp) -> Option<Once> {
        let open = self.unseal("dangjian/ticket/1", ticket, &epoch.to_be_bytes())?;
        let (_, rest) = open.split_first_chunk::<16>()?;
        let (end, id) = rest.split_first_chunk::<8>()?;
        Once::of(*end, id, now)
    }
}

impl Once {
    fn of(end: [u8; 8], id: &[u8], now: Timestamp) -> Option<Self> {
        let expires_at = Timestamp(i64::from_be_bytes(end));
        let once = Self { id: id.try_into().ok()?, expires_at };
        (now <= expires_at).then_some(once)
    }

    /// Whether this is the first time; from now on it is not.
    pub(crate) fn redeem(&self, db: &mut dyn Db, now: Timestamp) -> Result<bool, CountyError> {
        db.execute("DELETE FROM used_once WHERE expires_at < ?1", &[Param::Int(now.0)])?;
        let first = db.execute(
            "INSERT INTO used_once (id, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            &[Param::Blob(&self.id), Param::Int(self.expires_at.0)],
        )?;
        Ok(first == 1)
    }
}

/// The next `N` bytes of `random`.
pub(crate) fn bytes<const N: usize>(random: &mut dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

//! `POST /v1/sync`: operations in, then rows out, in one transaction: what the reply says about both is one state.

use dangjian_domain::id::DeviceId;
use dangjian_domain::study::place::Reading;
use dangjian_domain::time::{BootId, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{Cursor, Receipt, SyncReply, SyncRequest};
use dangjian_protocol::sign::{RECEIPT_CONTEXT, Unsigned};
use dangjian_protocol::{checksum, limits, message};

use crate::db::{Db, one};
use crate::error::{CountyError, Stop};
use crate::push::{self, Chain, CheckedPush};
use crate::session::Authenticated;
use crate::writer::{Finished, Writer};
use crate::{Caller, County, grant, pull};

/// Most rows in the page of an exchange that carried operations: it is put together while all other writers wait. `more`
/// sends the phone for the rest, which any reader serves.
const ROWS_AFTER_PUSH: u32 = 1_000;

/// A sync whose push, if there is one, is signed by its device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedSync {
    pub(crate) cursor: Cursor,
    pub(crate) push: Option<CheckedPush>,
    pub(crate) max_rows: u32,
    pub(crate) check: bool,
    pub(crate) clock: Option<Reading>,
}

/// Which history the database is in.
pub(crate) fn history(db: &mut dyn Db) -> Result<u64, CountyError> {
    one(db, "SELECT history FROM county", &[], |row| row.number(0))?.ok_or(CountyError::NotLoaded)
}

impl County {
    pub(crate) fn check_sync(&self, by: &Authenticated, request: SyncRequest) -> Result<CheckedSync, Stop> {
        if request.cursor.feeds.len() > limits::CURSOR_FEEDS {
            return Err(ErrorCode::TooLarge.into());
        }
        if !pull::well_formed(&request.cursor) {
            return Err(ErrorCode::BadRequest.into());
        }
        let push = request.push.map(|push| self.check_push(by, push)).transpose()?;
        let clock = match request.clock {
            None => None,
            Some(clock) => {
                let boot = clock.boot.0.as_slice().try_into().map_err(|_| ErrorCode::BadRequest)?;
                Some(Reading { boot: BootId(boot), ms: clock.ms })
            }
        };
        Ok(CheckedSync { cursor: request.cursor, push, max_rows: request.max_rows, check: request.check, clock })
    }

    pub(crate) fn sync(
        &self,
        now: Timestamp,
        caller: Caller,
        sync: &CheckedSync,
        encoding: Encoding,
        db: &mut dyn Db,
    ) -> Result<(SyncReply, Finished), Stop> {
        let history = history(db)?;
        let mut chain = push::chain(db, caller)?.ok_or(ErrorCode::SessionExpired)?;
        // Revoked since it was admitted.
        if chain.revoked {
            return Err(ErrorCode::DeviceRevoked.into());
        }
        let mut verdicts = Vec::new();
        let mut finished = Finished::default();
        if let Some(push) = &sync.push {
            let mut writer = Writer::new(db, now);
            verdicts = self.take_in(caller, push, sync.clock, &mut chain, &mut writer)?;
            finished = writer.finish()?;
        }
        // A phone from another history knows nothing of this one's numbers.
        let (claimed, positions) =
            if sync.cursor.history == history { (sync.cursor.grant, &sync.cursor.feeds[..]) } else { (0, &[][..]) };
        let number = grant::number(db, caller.member)?;
        let grant = if number == claimed { None } else { Some(grant::list(db, caller.member, number)?) };
        let max_rows = if sync.push.is_some() { sync.max_rows.min(ROWS_AFTER_PUSH) } else { sync.max_rows };
        let pulled = pull::pull(db, caller.member, positions, max_rows, sync.check, encoding)?;
        for verdict in &mut verdicts {
            verdict.effects = grant::visible(db, caller.member, &verdict.effects)?;
        }
        let receipt = sync.push.as_ref().map(|_| self.receipt(now, caller.device, &chain)).transpose()?;
        let reply = SyncReply {
            server_time: now,
            history,
            chain: chain.state(),
            grant,
            verdicts,
            receipt,
            page: pulled.page,
            more: pulled.more,
            checks: pulled.checks,
            next_slot_ms: self.next_slot_ms(now, caller.device),
        };
        Ok((reply, finished))
    }

    /// The server's word that everything up to here is stored.
    fn receipt(&self, now: Timestamp, device: DeviceId, chain: &Chain) -> Result<Bytes, CountyError> {
        let receipt = Receipt {
            deployment: self.config.deployment,
            device,
            to_seq: chain.next_seq.saturating_sub(1),
            link: chain.link,
            at: now,
        };
        let payload = message::encode(&receipt, Encoding::Cbor);
        let unsigned = Unsigned::new(RECEIPT_CONTEXT, self.config.deployment, self.key_id, payload);
        let signature = self.config.key.sign(unsigned.to_be_signed())?;
        Ok(Bytes(unsigned.finish(&signature)))
    }

    /// When the phone is to come again: at its own moment of each slot, so that thirty thousand phones don't come at once;
    /// never sooner than in half a slot.
    pub(crate) fn next_slot_ms(&self, now: Timestamp, device: DeviceId) -> u64 {
        let slot = self.config.slot_ms.max(1);
        let own = checksum::row_hash(0, &device.0, 0) % slot;
        let wait = slot - (now.0.unsigned_abs().saturating_add(slot - own) % slot);
        if wait < slot / 2 { wait + slot } else { wait }
    }
}

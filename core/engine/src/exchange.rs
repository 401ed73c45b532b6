//! The exchange: operations up, verdicts and rows down, in one request. One at a time; the next starts when the mirror has
//! taken the last page, because only then the cursor is true.

use std::collections::BTreeSet;

use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Response};
use dangjian_protocol::limits;
use dangjian_protocol::message::{self, BootReading, Cursor, Head, Push, Receipt, SyncReply, SyncRequest};
use dangjian_protocol::page::FeedNo;
use dangjian_protocol::random::Random;
use dangjian_protocol::sign::{HEAD_CONTEXT, KeyId, PublicKey, RECEIPT_CONTEXT, Signature, Signed, Unsigned};
use dangjian_store::{Applied, Delivery, MirrorTask, Outgoing, StoreError};

use crate::clock::Now;
use crate::engine::{Answer, Engine, Identity, Purpose, SignFor, answer, meta};
use crate::error::AppError;
use crate::io::{CmdId, Done, Effect, KeyFault, NetFault, PageId};
use crate::session;

/// Where the exchange stands.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    /// There is a reason to start one at once.
    pub(crate) wanted: bool,
    /// Who waits for one to be complete.
    pub(crate) waiting: Vec<CmdId>,
    pub(crate) building_rows: Option<u64>,
    stage: Stage,
    /// Where mirror and chain stood when the exchange under way was asked for.
    asked_at: Option<(Cursor, Option<u64>)>,
    /// Feeds fetched anew because their check failed, until all checks hold.
    repaired: BTreeSet<FeedNo>,
    /// The same kind of failure is healed once, then waits its turn.
    healed: bool,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Idle,
    /// The head of these operations is being signed.
    Signing { outgoing: Outgoing, unsigned: Unsigned },
    /// The request is under way.
    Asking,
    /// The mirror takes a page.
    Applying { page: PageId, checked: bool, more: bool, next_slot_ms: u64 },
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Flight {
    /// First and last sequence of its operations.
    pushed: Option<(u64, u64)>,
}

impl Exchange {
    pub(crate) fn busy(&self) -> bool {
        !matches!(self.stage, Stage::Idle)
    }
}

/// Whether trying once more with a new clock or session may help.
pub(crate) fn heals(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::ClockSkew | ErrorCode::SessionExpired | ErrorCode::BadSignature)
}

impl Engine {
    pub(crate) fn start_exchange(&mut self, now: Now, random: &mut dyn Random, out: &mut Vec<Effect>) {
        let due = self.pace.due(self.exchange.wanted) <= now.mono;
        if self.exchange.busy() || !due {
            return;
        }
        let Some(identity) = &self.identity else { return };
        self.exchange.wanted = false;
        let unsettled = self.own.first_unsettled();
        if let Ok(unsettled) = &unsettled {
            self.exchange.asked_at = Some((self.cursor.clone(), *unsettled));
        }
        let outgoing = match unsettled {
            Ok(Some(seq)) => self.own.outgoing(seq, limits::PUSH_OPS, limits::PUSH_BYTES),
            Ok(None) => Ok(Outgoing::default()),
            Err(error) => Err(error),
        };
        match outgoing {
            Ok(outgoing) if outgoing.ops.is_empty() => self.ask(now, None, out),
            Ok(outgoing) => {
                let unsigned = head(identity, &outgoing);
                let to_sign = unsigned.to_be_signed().to_vec();
                self.exchange.stage = Stage::Signing { outgoing, unsigned };
                self.ask_signature(SignFor::Push, to_sign, out);
            }
            Err(error) => self.exchange_failed(now, random, None, &error.into(), out),
        }
    }

    pub(crate) fn push_signed(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        result: Result<Signature, KeyFault>,
        out: &mut Vec<Effect>,
    ) {
        let Stage::Signing { outgoing, unsigned } = std::mem::take(&mut self.exchange.stage) else { return };
        match result {
            Ok(signature) => {
                let push = Push {
                    first_seq: outgoing.first_seq,
                    ops: outgoing.ops.into_iter().map(Bytes).collect(),
                    head: Bytes(unsigned.finish(&signature)),
                };
                self.ask(now, Some((push, outgoing.to_seq)), out);
            }
            Err(_) => self.exchange_failed(now, random, None, &AppError::KeyStore, out),
        }
    }

    fn ask(&mut self, now: Now, push: Option<(Push, u64)>, out: &mut Vec<Effect>) {
        let Some(key) = self.open_session(now, out) else {
            // The session ended while the head was signed: again once it is open.
            self.exchange.stage = Stage::Idle;
            self.exchange.wanted = true;
            return;
        };
        let pushed = push.as_ref().map(|(push, to_seq)| (push.first_seq, *to_seq));
        let request = SyncRequest {
            cursor: self.cursor.clone(),
            push: push.map(|(push, _)| push),
            max_rows: self.settings.page_rows,
            check: true,
            clock: Some(BootReading { boot: Bytes(now.boot.0.to_vec()), ms: u64::try_from(now.mono.0).unwrap_or(0) }),
        };
        let body = message::encode(&request, Encoding::Cbor);
        self.exchange.stage = Stage::Asking;
        self.send_signed(now, &key, Method::Post, "/v1/sync", &body, Purpose::Exchange(Flight { pushed }), out);
    }

    pub(crate) fn exchange_answered(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        flight: Flight,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        let Ok(response) = result else {
            return self.exchange_failed(now, random, None, &AppError::Offline, out);
        };
        let reply = match answer::<SyncReply>(&response) {
            Ok(reply) => reply,
            Err(Answer::Error(error)) => {
                self.server_said(now, error.server_time);
                if error.code == ErrorCode::Forbidden {
                    self.shut_out(out);
                }
                let healing = self.forget_session_after(error.code, out);
                if healing && heals(error.code) && !std::mem::replace(&mut self.exchange.healed, true) {
                    self.exchange.stage = Stage::Idle;
                    self.exchange.wanted = true;
                    return;
                }
                return self.exchange_failed(now, random, error.retry_after_s, &AppError::from(&error), out);
            }
            Err(nonsense) => return self.exchange_failed(now, random, None, &AppError::from(&nonsense), out),
        };
        self.exchange.healed = false;
        self.server_said(now, reply.server_time);
        if let Err(error) = self.take_verdicts(&flight, &reply, out) {
            return self.exchange_failed(now, random, None, &error, out);
        }
        self.take_rows(now, random, reply, out);
    }

    /// Verdicts, and whether the server still has everything that it once acknowledged.
    fn take_verdicts(&mut self, flight: &Flight, reply: &SyncReply, out: &mut Vec<Effect>) -> Result<(), AppError> {
        let receipt = self.checked_receipt(reply)?;
        if flight.pushed.is_some() {
            let changes = self.own.settle(
                &reply.verdicts,
                reply.chain.next_seq,
                receipt.as_ref().map(|(to_seq, bytes)| (*to_seq, bytes.as_slice())),
                reply.server_time,
            )?;
            self.notify(changes, out);
        }
        let (tip, _) = self.own.chain_tip()?;
        let expected = self.own.first_unsettled()?.unwrap_or(tip);
        if reply.chain.next_seq < expected {
            // The server was restored from a backup and has forgotten the end of the chain; the phone has not.
            log::warn!("server expects {}, the phone stood at {expected}: sending again", reply.chain.next_seq);
            let changes = self.own.rewind(reply.chain.next_seq)?;
            self.notify(changes, out);
        }
        if reply.chain.next_seq > tip || (reply.chain.forked && reply.verdicts.is_empty() && flight.pushed.is_some()) {
            // The server knows another history of this installation: a copy of the phone's file went its own way. Nothing
            // more can be delivered under this chain; it must not be tried again and again.
            log::warn!("the chain is forked: the server stands at {}, this phone at {tip}", reply.chain.next_seq);
            return Err(AppError::Server(ErrorCode::Forbidden));
        }
        if self.own.queued_count()? > 0 {
            self.exchange.wanted = true;
        }
        Ok(())
    }

    /// The receipt, if there is one and the server really signed it for this phone.
    fn checked_receipt(&self, reply: &SyncReply) -> Result<Option<(u64, Vec<u8>)>, AppError> {
        let (Some(bytes), Some(identity)) = (&reply.receipt, &self.identity) else { return Ok(None) };
        let nonsense = AppError::Server(ErrorCode::BadSignature);
        let key = PublicKey::from_slice(&identity.server_key.0).map_err(|_| nonsense.clone())?;
        let signed = Signed::decode(&bytes.0).map_err(|_| nonsense.clone())?;
        let payload = signed.verify(RECEIPT_CONTEXT, identity.deployment, &key).map_err(|_| nonsense.clone())?;
        let receipt: Receipt = message::decode(payload, Encoding::Cbor).map_err(|_| nonsense.clone())?;
        if receipt.device != identity.device || receipt.deployment != identity.deployment {
            return Err(nonsense);
        }
        Ok(Some((receipt.to_seq, bytes.0.clone())))
    }

    fn take_rows(&mut self, now: Now, random: &mut dyn Random, reply: SyncReply, out: &mut Vec<Effect>) {
        let new_history = reply.history != self.cursor.history;
        if !new_history && reply.grant.is_none() && reply.page.is_none() && reply.checks.is_empty() {
            return self.exchange_complete(now, random, reply.more, reply.next_slot_ms, out);
        }
        let page = self.page_id();
        let (more, next_slot_ms) = (reply.more, reply.next_slot_ms);
        let checked = !more && !reply.checks.is_empty();
        let delivery = Delivery {
            history: reply.history,
            grant: reply.grant,
            page: reply.page,
            checks: reply.checks,
            more: reply.more,
        };
        self.exchange.stage = Stage::Applying { page, checked, more, next_slot_ms };
        out.push(Effect::Mirror(page, MirrorTask::Deliver(delivery)));
    }

    pub(crate) fn applied(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        page: PageId,
        result: Result<Applied, StoreError>,
        out: &mut Vec<Effect>,
    ) {
        let (checked, more, next_slot_ms) = match self.exchange.stage {
            Stage::Applying { page: awaited, checked, more, next_slot_ms } if awaited == page => {
                (checked, more, next_slot_ms)
            }
            // A suspension, or the adoption of a new mirror, which screens have to show.
            _ => {
                match result {
                    Ok(applied) => self.notify(applied.changes, out),
                    Err(error) => log::warn!("mirror: {error}"),
                }
                return;
            }
        };
        let applied = match result {
            Ok(applied) => applied,
            Err(error) => return self.exchange_failed(now, random, None, &error.into(), out),
        };
        if let Some(name) = &applied.switched {
            // Readers look up the name in each transaction: from here on they see the new mirror.
            if let Err(error) = self.own.set_meta(&[(meta::MIRROR, Some(name.as_bytes()))]) {
                return self.exchange_failed(now, random, None, &error.into(), out);
            }
            let id = self.page_id();
            out.push(Effect::Mirror(id, MirrorTask::Adopt(name.clone())));
        }
        self.exchange.building_rows = applied.building.map(|progress| progress.rows);
        self.cursor = applied.cursor;
        self.notify(applied.changes, out);
        if self.exchange.building_rows.is_none() {
            match self.own.drop_passed(&self.cursor.feeds) {
                Ok(changes) => self.notify(changes, out),
                Err(error) => return self.exchange_failed(now, random, None, &error.into(), out),
            }
            if let Err(error) = self.forget_left_behind() {
                return self.exchange_failed(now, random, None, &error.into(), out);
            }
        }
        // A feed that differs again right after its repair waits for the slot: else a defect would fetch it for ever.
        let repair = applied.mismatched.iter().any(|feed| !self.exchange.repaired.contains(feed));
        self.exchange.repaired.extend(&applied.mismatched);
        if checked && applied.mismatched.is_empty() {
            self.exchange.repaired.clear();
        }
        self.exchange_complete(now, random, more || repair, next_slot_ms, out);
    }

    /// What this phone's operations once made of rows that are out of sight now (a member moved away, an office given up)
    /// goes with them.
    fn forget_left_behind(&mut self) -> Result<(), StoreError> {
        let left = self.reader.read(|snapshot| snapshot.left_behind())?;
        self.own.forget(&left)
    }

    fn exchange_complete(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        more: bool,
        next_slot_ms: u64,
        out: &mut Vec<Effect>,
    ) {
        // A server that always has more and never gives it, or takes operations without a verdict, would be asked on and on.
        let unsettled = self.own.first_unsettled().unwrap_or(None);
        let stood_at = self.exchange.asked_at.take();
        if (more || unsettled.is_some()) && stood_at.is_some_and(|at| at == (self.cursor.clone(), unsettled)) {
            log::warn!("an exchange brought neither side on");
            return self.exchange_failed(now, random, None, &AppError::Server(ErrorCode::BadRequest), out);
        }
        self.exchange.stage = Stage::Idle;
        self.pace.succeeded(now.mono, next_slot_ms);
        self.forget_the_long_settled(now, out);
        if more {
            self.exchange.wanted = true;
        }
        if !self.exchange.wanted {
            for command in std::mem::take(&mut self.exchange.waiting) {
                out.push(Effect::Reply(command, Ok(Done::Synced)));
            }
        }
    }

    /// Once a day: the archive of settled operations serves a server that was restored, for ninety days.
    fn forget_the_long_settled(&mut self, now: Now, out: &mut Vec<Effect>) {
        let (at, today) = (self.clock.estimate(now), self.clock.estimate(now).civil_day(0));
        if self.pruned_on.replace(today) == Some(today) {
            return;
        }
        match self.own.prune(at) {
            Ok(changes) => self.notify(changes, out),
            Err(error) => log::warn!("settled operations: {error}"),
        }
    }

    fn exchange_failed(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        retry_after_s: Option<u32>,
        error: &AppError,
        out: &mut Vec<Effect>,
    ) {
        self.exchange.stage = Stage::Idle;
        self.exchange.wanted = true;
        self.pace.failed(now.mono, retry_after_s, random);
        self.fail_waiting(error, out);
    }

    /// Forgets an exchange that waits for network or key store; one that waits for the mirror is let finish. Who waits for
    /// it waits for the next.
    pub(crate) fn give_up_exchange(&mut self) {
        if matches!(self.exchange.stage, Stage::Signing { .. } | Stage::Asking) {
            self.exchange.stage = Stage::Idle;
            self.exchange.wanted = true;
        }
    }

    pub(crate) fn fail_waiting(&mut self, error: &AppError, out: &mut Vec<Effect>) {
        for command in std::mem::take(&mut self.exchange.waiting) {
            out.push(Effect::Reply(command, Err(error.clone())));
        }
    }

    /// Lets go of a session that the server does not accept any more. Returns whether this phone may go on.
    pub(crate) fn forget_session_after(&mut self, code: ErrorCode, out: &mut Vec<Effect>) -> bool {
        match code {
            ErrorCode::DeviceRevoked => {
                self.take_away(out);
                false
            }
            ErrorCode::SessionExpired | ErrorCode::BadSignature => {
                self.session = session::State::None;
                self.close_hints(out);
                true
            }
            _ => true,
        }
    }

    /// A feed moved. Hinted exchanges skip the slot.
    pub(crate) fn hint(&mut self, feed: FeedNo, seq: u64) {
        let held = self.cursor.feeds.iter().find(|position| position.feed == feed);
        if held.is_none_or(|position| position.seq < seq) {
            self.exchange.wanted = true;
        }
    }
}

fn head(identity: &Identity, outgoing: &Outgoing) -> Unsigned {
    let head =
        Head { deployment: identity.deployment, device: identity.device, to_seq: outgoing.to_seq, link: outgoing.link };
    let mut key = KeyId([0; 16]);
    for (to, from) in key.0.iter_mut().zip(&identity.key.0) {
        *to = *from;
    }
    Unsigned::new(HEAD_CONTEXT, identity.deployment, key, message::encode(&head, Encoding::Cbor))
}

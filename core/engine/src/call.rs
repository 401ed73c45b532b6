//! Signed requests other than the exchange: small things a person waits for, online only.

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::rows::{StudyItem, Synced as _};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Response};
use dangjian_protocol::message::{
    self, AccountReset, AskContent, AskLease, Content, DeviceList, Done as DoneMessage, LeaseGranted, ListDevices,
    ResetAccount, RevokeDevice,
};
use dangjian_protocol::random::Random;
use dangjian_store::Changes;
use sha2::{Digest as _, Sha256};

use crate::clock::Now;
use crate::engine::{Answer, Engine, answer};
use crate::error::AppError;
use crate::exchange::heals;
use crate::io::{CmdId, Done, Effect, NetFault};

#[derive(Debug, Clone, Copy)]
enum What {
    Reset(MemberId),
    Revoke(DeviceId),
    List(MemberId),
    Lease(RowId),
    Content([u8; 32]),
}

/// One such request.
#[derive(Debug)]
pub(crate) struct Call {
    /// Who waits; nobody for a lease.
    command: Option<CmdId>,
    what: What,
    tried: bool,
}

impl Call {
    pub(crate) fn reset(command: CmdId, member: MemberId) -> Self {
        Self { command: Some(command), what: What::Reset(member), tried: false }
    }

    pub(crate) fn revoke(command: CmdId, device: DeviceId) -> Self {
        Self { command: Some(command), what: What::Revoke(device), tried: false }
    }

    pub(crate) fn list(command: CmdId, member: MemberId) -> Self {
        Self { command: Some(command), what: What::List(member), tried: false }
    }

    /// The engine's own: a session has begun.
    pub(crate) fn lease(item: RowId) -> Self {
        Self { command: None, what: What::Lease(item), tried: false }
    }

    pub(crate) fn content(command: CmdId, sha256: [u8; 32]) -> Self {
        Self { command: Some(command), what: What::Content(sha256), tried: false }
    }

    /// Path and body.
    pub(crate) fn request(&self) -> (&'static str, Vec<u8>) {
        let cbor = Encoding::Cbor;
        match self.what {
            What::Reset(member) => ("/v1/accounts/reset", message::encode(&ResetAccount { member }, cbor)),
            What::Revoke(device) => ("/v1/devices/revoke", message::encode(&RevokeDevice { device }, cbor)),
            What::List(member) => ("/v1/devices/list", message::encode(&ListDevices { member }, cbor)),
            What::Lease(item) => ("/v1/study/lease", message::encode(&AskLease { item }, cbor)),
            What::Content(sha256) => {
                ("/v1/content", message::encode(&AskContent { sha256: Bytes(sha256.to_vec()) }, cbor))
            }
        }
    }

    fn reply(&self, result: Result<Done, AppError>, out: &mut Vec<Effect>) {
        match (self.command, result) {
            (Some(command), result) => out.push(Effect::Reply(command, result)),
            (None, Err(error)) => log::info!("no lease: {error}"),
            (None, Ok(_)) => {}
        }
    }

    fn done(&self, response: &Response) -> Result<Got, Answer> {
        match self.what {
            What::Reset(_) => answer::<AccountReset>(response).map(|reset| Got::Done(Done::ActivationCode(reset.code))),
            What::Revoke(_) => answer::<DoneMessage>(response).map(|_| Got::Done(Done::Ok)),
            What::List(_) => answer::<DeviceList>(response).map(|list| Got::Done(Done::Devices(list.devices))),
            What::Lease(item) => answer::<LeaseGranted>(response).map(|granted| Got::Lease(item, granted.lease.0)),
            What::Content(sha256) => answer::<Content>(response).map(|got| Got::Content(sha256, got.content.0)),
        }
    }
}

/// What came of a call.
enum Got {
    Done(Done),
    Lease(RowId, Vec<u8>),
    Content([u8; 32], Vec<u8>),
}

impl Engine {
    pub(crate) fn call(&mut self, call: Call, out: &mut Vec<Effect>) {
        let refusal = if self.identity.is_none() || self.needs_sign_in() {
            Some(AppError::NotSignedIn)
        } else if !self.network {
            Some(AppError::Offline)
        } else {
            None
        };
        match refusal {
            Some(error) => call.reply(Err(error), out),
            None => {
                self.pace.forgive();
                self.calls.push_back(call);
            }
        }
    }

    pub(crate) fn call_answered(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        mut call: Call,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        let reply = match result {
            Err(_) => Err(AppError::Offline),
            Ok(response) => match call.done(&response) {
                Ok(Got::Done(done)) => Ok(done),
                Ok(Got::Lease(item, token)) => {
                    self.leased(now, random, item, token, out);
                    Ok(Done::Ok)
                }
                Ok(Got::Content(sha256, bytes)) => self.content_came(now, sha256, &bytes, out),
                Err(Answer::Error(error)) => {
                    self.server_said(now, error.server_time);
                    if self.forget_session_after(error.code, out) && !call.tried && heals(error.code) {
                        call.tried = true;
                        self.calls.push_back(call);
                        return;
                    }
                    Err(AppError::from(&error))
                }
                Err(answer) => Err(AppError::from(&answer)),
            },
        };
        call.reply(reply, out);
    }

    /// Keeps a content that is what was asked for.
    fn content_came(
        &mut self,
        now: Now,
        sha256: [u8; 32],
        bytes: &[u8],
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        if Sha256::digest(bytes)[..] != sha256 {
            return Err(AppError::Server(ErrorCode::BadRequest));
        }
        self.own.keep_content(&sha256, bytes, self.clock.estimate(now))?;
        let mut changes = Changes::default();
        changes.table(StudyItem::TABLE.no);
        self.notify(changes, out);
        Ok(Done::Ok)
    }

    pub(crate) fn fail_calls(&mut self, error: &AppError, out: &mut Vec<Effect>) {
        for call in self.calls.drain(..) {
            call.reply(Err(error.clone()), out);
        }
    }
}

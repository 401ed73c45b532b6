//! Signed requests other than the exchange: small things a person waits for, online only.

use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_protocol::http::{Encoding, Response};
use dangjian_protocol::message::{
    self, AccountReset, DeviceList, Done as DoneMessage, ListDevices, ResetAccount, RevokeDevice,
};

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
}

/// One such request.
#[derive(Debug)]
pub(crate) struct Call {
    command: CmdId,
    what: What,
    tried: bool,
}

impl Call {
    pub(crate) fn reset(command: CmdId, member: MemberId) -> Self {
        Self { command, what: What::Reset(member), tried: false }
    }

    pub(crate) fn revoke(command: CmdId, device: DeviceId) -> Self {
        Self { command, what: What::Revoke(device), tried: false }
    }

    pub(crate) fn list(command: CmdId, member: MemberId) -> Self {
        Self { command, what: What::List(member), tried: false }
    }

    /// Path and body.
    pub(crate) fn request(&self) -> (&'static str, Vec<u8>) {
        let cbor = Encoding::Cbor;
        match self.what {
            What::Reset(member) => ("/v1/accounts/reset", message::encode(&ResetAccount { member }, cbor)),
            What::Revoke(device) => ("/v1/devices/revoke", message::encode(&RevokeDevice { device }, cbor)),
            What::List(member) => ("/v1/devices/list", message::encode(&ListDevices { member }, cbor)),
        }
    }

    fn done(&self, response: &Response) -> Result<Done, Answer> {
        match self.what {
            What::Reset(_) => answer::<AccountReset>(response).map(|reset| Done::ActivationCode(reset.code)),
            What::Revoke(_) => answer::<DoneMessage>(response).map(|_| Done::Ok),
            What::List(_) => answer::<DeviceList>(response).map(|list| Done::Devices(list.devices)),
        }
    }
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
            Some(error) => out.push(Effect::Reply(call.command, Err(error))),
            None => {
                self.pace.forgive();
                self.calls.push_back(call);
            }
        }
    }

    pub(crate) fn call_answered(
        &mut self,
        now: Now,
        mut call: Call,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        let reply = match result {
            Err(_) => Err(AppError::Offline),
            Ok(response) => match call.done(&response) {
                Ok(done) => Ok(done),
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
        out.push(Effect::Reply(call.command, reply));
    }

    pub(crate) fn fail_calls(&mut self, error: &AppError, out: &mut Vec<Effect>) {
        for call in self.calls.drain(..) {
            out.push(Effect::Reply(call.command, Err(error.clone())));
        }
    }
}

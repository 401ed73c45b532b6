//! Signing in: with the server where there is one, else with what the phone has; and the enrolment of a phone that is new.

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::rows::{Member, MemberFile};
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Response;
use dangjian_protocol::message::{Activate, Enrol, Enrolled, SignIn, SignedIn};
use dangjian_protocol::random::Random;
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, PublicKey, Signature, contextual};
use dangjian_store::{Snapshot, StoreError};
use zeroize::Zeroizing;

use crate::clock::Now;
use crate::engine::{Answer, Engine, Identity, Purpose, SignFor, answer, meta};
use crate::error::AppError;
use crate::io::{CmdId, Done, Effect, KeyFault, NetFault};
use crate::password::Verifier;
use crate::session;

/// One sign-in under way.
#[derive(Debug)]
pub(crate) struct Flow {
    command: CmdId,
    login: String,
    password: Zeroizing<String>,
    /// Once the server knows who it is.
    signed_in: Option<SignedIn>,
    device: Option<DeviceId>,
    /// Whether to enrol the presence key, if the phone has one.
    presence: bool,
}

/// Which answer is awaited.
#[derive(Debug)]
pub(crate) enum Asked {
    SignIn,
    Enrol,
}

impl Engine {
    pub(crate) fn sign_in(&mut self, now: Now, command: CmdId, login: String, password: String, out: &mut Vec<Effect>) {
        if !self.begin(command, &login, &password, out) {
            return;
        }
        if self.network {
            self.send_open("/v1/sign-in", &SignIn { login, password }, Purpose::Account(Asked::SignIn), out);
        } else {
            self.sign_in_offline(now, out);
        }
    }

    pub(crate) fn activate(
        &mut self,
        _now: Now,
        command: CmdId,
        login: String,
        code: String,
        password: String,
        out: &mut Vec<Effect>,
    ) {
        if !self.network {
            out.push(Effect::Reply(command, Err(AppError::Offline)));
            return;
        }
        if self.begin(command, &login, &password, out) {
            let body = Activate { login, code, password };
            self.send_open("/v1/activate", &body, Purpose::Account(Asked::SignIn), out);
        }
    }

    fn begin(&mut self, command: CmdId, login: &str, password: &str, out: &mut Vec<Effect>) -> bool {
        if self.account.is_some() {
            out.push(Effect::Reply(command, Err(AppError::Server(ErrorCode::Busy))));
            return false;
        }
        self.account = Some(Flow {
            command,
            login: login.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            signed_in: None,
            device: None,
            presence: self.keys.presence.is_some(),
        });
        true
    }

    pub(crate) fn account_answered(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        asked: Asked,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        match (asked, result) {
            (Asked::SignIn, Err(_)) => self.sign_in_offline(now, out),
            (Asked::Enrol, Err(_)) => self.end_account(Err(AppError::Offline), out),
            (Asked::SignIn, Ok(response)) => match answer::<SignedIn>(&response) {
                Ok(signed_in) => self.signed_in(now, random, signed_in, out),
                Err(error) => self.account_refused(now, &error, out),
            },
            (Asked::Enrol, Ok(response)) => match answer::<Enrolled>(&response) {
                Ok(enrolled) => self.enrolled(now, random, &enrolled, out),
                // One of a member's phones has a presence key: then this one does without.
                Err(Answer::Error(error)) if error.code == ErrorCode::TooManyDevices && self.drop_presence(out) => {}
                Err(error) => self.account_refused(now, &error, out),
            },
        }
    }

    fn account_refused(&mut self, now: Now, error: &Answer, out: &mut Vec<Effect>) {
        if let Answer::Error(error) = error {
            self.server_said(now, error.server_time);
        }
        self.end_account(Err(error.into()), out);
    }

    /// The server knows who it is. A phone that is enrolled for them is ready; a new one enrols its keys.
    fn signed_in(&mut self, now: Now, random: &mut dyn Random, signed_in: SignedIn, out: &mut Vec<Effect>) {
        self.server_said(now, signed_in.server_time);
        let key = self.keys.silent.id();
        let device = match &self.identity {
            // The chain in this phone's file is somebody else's.
            Some(identity) if identity.member != signed_in.member => {
                return self.end_account(Err(AppError::Refused(Refusal::WrongActor)), out);
            }
            Some(identity) if identity.key.0 == key.0 && !self.must_enrol => {
                return self.unlock(random, signed_in, out);
            }
            Some(identity) => identity.device,
            None => match self.installation(random, signed_in.server_time) {
                Ok(device) => device,
                Err(error) => return self.end_account(Err(error.into()), out),
            },
        };
        let to_sign = contextual(ENROL_CONTEXT, &signed_in.ticket.0);
        if let Some(flow) = &mut self.account {
            flow.signed_in = Some(signed_in);
            flow.device = Some(device);
        }
        self.ask_signature(SignFor::Enrolment, to_sign, out);
    }

    /// The id of this installation: the one made earlier, or a new one, kept before anybody hears of it.
    fn installation(&mut self, random: &mut dyn Random, now: Timestamp) -> Result<DeviceId, StoreError> {
        let kept = self.own.meta(meta::DEVICE)?.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        if let Some(bytes) = kept {
            return Ok(RowId(bytes).into());
        }
        let mut bytes = [0; 10];
        random.fill(&mut bytes);
        let device = RowId::v7(now.0, bytes);
        self.own.set_meta(&[(meta::DEVICE, Some(&device.0))])?;
        Ok(device.into())
    }

    /// Enrols again without the presence key; false if this was done already or there is none.
    fn drop_presence(&mut self, out: &mut Vec<Effect>) -> bool {
        let Some(Flow { signed_in: Some(signed_in), presence: presence @ true, .. }) = &mut self.account else {
            return false;
        };
        *presence = false;
        let to_sign = contextual(ENROL_CONTEXT, &signed_in.ticket.0);
        self.ask_signature(SignFor::Enrolment, to_sign, out);
        true
    }

    pub(crate) fn enrolment_signed(&mut self, _now: Now, result: Result<Signature, KeyFault>, out: &mut Vec<Effect>) {
        let Some(Flow { signed_in: Some(signed_in), device: Some(device), presence, .. }) = &self.account else {
            return;
        };
        let Ok(signature) = result else { return self.end_account(Err(AppError::KeyStore), out) };
        let body = Enrol {
            ticket: signed_in.ticket.clone(),
            device: *device,
            silent_key: Bytes(self.keys.silent.as_bytes().to_vec()),
            presence_key: self.keys.presence.filter(|_| *presence).map(|key| Bytes(key.as_bytes().to_vec())),
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: self.settings.label.clone(),
        };
        self.send_open("/v1/devices", &body, Purpose::Account(Asked::Enrol), out);
    }

    fn enrolled(&mut self, now: Now, random: &mut dyn Random, enrolled: &Enrolled, out: &mut Vec<Effect>) {
        self.server_said(now, enrolled.server_time);
        let Some(Flow { signed_in: Some(signed_in), device: Some(device), login, .. }) = &self.account else { return };
        if PublicKey::from_slice(&enrolled.server_key.0).is_err() {
            return self.end_account(Err(AppError::Server(ErrorCode::BadRequest)), out);
        }
        let identity = Identity {
            deployment: enrolled.deployment,
            device: *device,
            member: signed_in.member,
            name: signed_in.name.clone(),
            login: login.clone(),
            key: Bytes(self.keys.silent.id().0.to_vec()),
            server_key: enrolled.server_key.clone(),
        };
        let signed_in = signed_in.clone();
        let kept = minicbor::to_vec(&identity).unwrap_or_default();
        if let Err(error) = self.own.set_meta(&[(meta::IDENTITY, Some(&kept)), (meta::MUST_ENROL, None)]) {
            return self.end_account(Err(error.into()), out);
        }
        self.identity = Some(identity);
        self.must_enrol = false;
        // A session of the key that was replaced is void.
        self.session = session::State::None;
        self.unlock(random, signed_in, out);
    }

    fn unlock(&mut self, random: &mut dyn Random, signed_in: SignedIn, out: &mut Vec<Effect>) {
        let Some(flow) = &self.account else { return };
        let verifier = Verifier::new(&flow.password, self.settings.passwords, random);
        let kept = verifier.as_ref().and_then(|verifier| minicbor::to_vec(verifier).ok());
        // Without a verifier the next sign-in needs the network, and a lock that stays asks for it at the next start; no
        // reason to refuse this one.
        if let Err(error) = self.own.set_meta(&[(meta::VERIFIER, kept.as_deref()), (meta::LOCKED, None)]) {
            log::warn!("verifier: {error}");
        }
        self.verifier = verifier;
        self.unlocked = true;
        self.exchange.wanted = true;
        self.end_account(Ok(Done::SignedIn { member: signed_in.member, name: signed_in.name, offline: false }), out);
    }

    fn sign_in_offline(&mut self, _now: Now, out: &mut Vec<Effect>) {
        let Some(flow) = &self.account else { return };
        let (Some(identity), Some(verifier)) = (&self.identity, &self.verifier) else {
            return self.end_account(Err(AppError::Offline), out);
        };
        let named = identity.login == flow.login
            || self.reader.read(|snapshot| is_login_of(snapshot, identity.member, &flow.login)).unwrap_or(false);
        if !named || !verifier.matches(&flow.password) {
            return self.end_account(Err(AppError::WrongCredentials), out);
        }
        let done = Done::SignedIn { member: identity.member, name: identity.name.clone(), offline: true };
        if let Err(error) = self.own.set_meta(&[(meta::LOCKED, None)]) {
            log::warn!("lock: {error}");
        }
        // What the server makes of this phone shows when it is reached again; until then people can work.
        self.must_enrol = false;
        self.unlocked = true;
        self.end_account(Ok(done), out);
    }

    pub(crate) fn end_account(&mut self, result: Result<Done, AppError>, out: &mut Vec<Effect>) {
        if let Some(flow) = self.account.take() {
            out.push(Effect::Reply(flow.command, result));
        }
    }
}

/// Whether the member signs in by that, too: by number or by the phone number in the file.
fn is_login_of(snapshot: &Snapshot<'_>, member: MemberId, login: &str) -> Result<bool, StoreError> {
    let row: Option<Member> = snapshot.find(member.0)?;
    let files: Vec<MemberFile> = snapshot.all("member = ?1", [member.0.0])?;
    Ok(row.is_some_and(|row| row.number == login) || files.iter().any(|file| file.phone == login))
}

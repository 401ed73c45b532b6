//! Sessions: once in twelve hours the silent key signs a nonce of the server; after that requests are proved with the
//! session's key alone.

use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Response;
use dangjian_protocol::message::{AskNonce, Nonce, OpenSession, Session};
use dangjian_protocol::random::Random;
use dangjian_protocol::session::SessionKey;
use dangjian_protocol::sign::{SESSION_CONTEXT, Signature, contextual};

use crate::clock::Now;
use crate::engine::{Answer, Engine, Purpose, SignFor, answer, meta};
use crate::error::AppError;
use crate::io::{Effect, KeyFault, NetFault};

/// Where the session stands.
#[derive(Debug)]
pub(crate) enum State {
    None,
    /// A nonce was asked for, is being signed, or its signature is under way.
    Opening {
        nonce: Option<Bytes>,
    },
    Open {
        key: SessionKey,
        expires_at: Timestamp,
    },
}

/// Which answer is awaited.
#[derive(Debug)]
pub(crate) enum Asked {
    Nonce,
    Open,
}

/// Sessions are renewed this long before they end.
const RENEW_BEFORE_MS: i64 = 60_000;

impl Engine {
    /// The key of the open session; else begins to open one.
    pub(crate) fn open_session(&mut self, now: Now, out: &mut Vec<Effect>) -> Option<SessionKey> {
        match &self.session {
            State::Open { key, expires_at } if self.clock.estimate(now).plus_ms(RENEW_BEFORE_MS) < *expires_at => {
                return Some(key.clone());
            }
            State::Opening { .. } => return None,
            State::Open { .. } | State::None => {}
        }
        let device = self.identity.as_ref()?.device;
        self.session = State::Opening { nonce: None };
        self.send_open("/v1/session/nonce", &AskNonce { device }, Purpose::Session(Asked::Nonce), out);
        None
    }

    pub(crate) fn session_answered(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        asked: Asked,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        let response = match result {
            Ok(response) => response,
            Err(_) => return self.session_failed(now, random, None, &AppError::Offline, out),
        };
        match asked {
            Asked::Nonce => match answer::<Nonce>(&response) {
                Ok(nonce) => {
                    self.server_said(now, nonce.server_time);
                    let to_sign = contextual(SESSION_CONTEXT, &nonce.nonce.0);
                    self.session = State::Opening { nonce: Some(nonce.nonce) };
                    self.ask_signature(SignFor::Session, to_sign, out);
                }
                Err(error) => self.session_refused(now, random, &error, out),
            },
            Asked::Open => match answer::<Session>(&response) {
                Ok(session) => {
                    self.server_said(now, session.server_time);
                    let Ok(key) = session.key.0.as_slice().try_into() else {
                        return self.session_refused(now, random, &Answer::Nonsense, out);
                    };
                    // One that is over already would be opened on and on.
                    if self.clock.estimate(now).plus_ms(RENEW_BEFORE_MS) >= session.expires_at {
                        return self.session_refused(now, random, &Answer::Nonsense, out);
                    }
                    self.session =
                        State::Open { key: SessionKey { token: session.token.0, key }, expires_at: session.expires_at };
                }
                Err(Answer::Error(error)) if error.code == ErrorCode::BadSignature => {
                    // Our own key signed, so it is the key that the server does not know: a backup of before the enrolment
                    // was restored. What is queued stays until somebody signs in and the phone enrols again.
                    self.server_said(now, error.server_time);
                    self.must_enrol = true;
                    if let Err(error) = self.own.set_meta(&[(meta::MUST_ENROL, Some(&[1]))]) {
                        log::warn!("enrolment: {error}");
                    }
                    self.session_failed(now, random, None, &AppError::NotSignedIn, out);
                }
                Err(error) => self.session_refused(now, random, &error, out),
            },
        }
    }

    pub(crate) fn session_signed(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        result: Result<Signature, KeyFault>,
        out: &mut Vec<Effect>,
    ) {
        let State::Opening { nonce: Some(nonce) } = &self.session else { return };
        let Some(identity) = &self.identity else { return };
        match result {
            Ok(signature) => {
                let body = OpenSession {
                    device: identity.device,
                    key: identity.key.clone(),
                    nonce: nonce.clone(),
                    signature: Bytes(signature.as_bytes().to_vec()),
                };
                self.send_open("/v1/session", &body, Purpose::Session(Asked::Open), out);
            }
            Err(_) => self.session_failed(now, random, None, &AppError::KeyStore, out),
        }
    }

    fn session_refused(&mut self, now: Now, random: &mut dyn Random, error: &Answer, out: &mut Vec<Effect>) {
        let mut retry_after_s = None;
        if let Answer::Error(error) = error {
            self.server_said(now, error.server_time);
            retry_after_s = error.retry_after_s;
            if error.code == ErrorCode::DeviceRevoked {
                return self.take_away(out);
            }
            if error.code == ErrorCode::Forbidden {
                self.shut_out(out);
            }
        }
        self.session_failed(now, random, retry_after_s, &error.into(), out);
    }

    fn session_failed(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        retry_after_s: Option<u32>,
        error: &AppError,
        out: &mut Vec<Effect>,
    ) {
        self.session = State::None;
        self.pace.failed(now.mono, retry_after_s, random);
        self.fail_calls(error, out);
        self.fail_waiting(error, out);
    }

    /// The member may not use the system any more: the app is locked. Nothing is deleted, since that may change again.
    pub(crate) fn shut_out(&mut self, out: &mut Vec<Effect>) {
        self.session = State::None;
        if let Err(error) = self.lock() {
            log::warn!("lock: {error}");
        }
        self.close_hints(out);
    }

    /// This phone's access was taken away: nothing on it may stay readable. From now on the engine answers nothing else; to
    /// begin anew, the files are opened anew.
    pub(crate) fn take_away(&mut self, out: &mut Vec<Effect>) {
        self.session = State::None;
        self.unlocked = false;
        self.identity = None;
        self.revoked = true;
        self.close_hints(out);
        self.end_account(Err(AppError::DeviceRevoked), out);
        self.fail_calls(&AppError::DeviceRevoked, out);
        self.fail_waiting(&AppError::DeviceRevoked, out);
        out.push(Effect::Wipe);
    }
}

//! The way in. [`County::admit`] does everything that only reads: sizes, path, authentication, decoding, signatures and
//! password hashes, so that the one writer never waits for any of them. [`County::handle`] does the rest.

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Request, Response};
use dangjian_protocol::message::{
    self, AskContent, AskLease, AskNonce, Content, ListDevices, Message, ResetAccount, RevokeDevice,
};
use dangjian_protocol::random::Random;
use dangjian_protocol::{http, limits};

use crate::account::Tried;
use crate::db::{Db, Param, one};
use crate::device::Enrolment;
use crate::error::Stop;
use crate::session::{Authenticated, Opening};
use crate::sync::CheckedSync;
use crate::writer::Finished;
use crate::{Caller, County, Handled, respond};

/// Longest path that is looked at, bytes.
const PATH_BYTES: usize = 128;

/// A request that may be handled: read, and proven to be its caller's.
#[derive(Debug)]
pub struct Admitted {
    encoding: Encoding,
    by: Option<Authenticated>,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Capabilities,
    SignIn(Tried),
    Enrol(Enrolment),
    Nonce(DeviceId),
    Open(Opening),
    Sync(Authenticated, Box<CheckedSync>),
    Reset(Authenticated, MemberId),
    Revoke(Authenticated, DeviceId),
    Devices(Authenticated, MemberId),
    Lease(Authenticated, RowId),
    Content(Bytes),
    Hints,
}

impl Admitted {
    /// Whether handling may write. If not, it may run on a read-only connection, in a transaction of its own.
    pub fn writes(&self) -> bool {
        match &self.work {
            Work::Capabilities
            | Work::Nonce(_)
            | Work::Devices(..)
            | Work::Lease(..)
            | Work::Content(_)
            | Work::Hints => false,
            Work::Sync(_, sync) => sync.push.is_some(),
            Work::SignIn(_) | Work::Enrol(_) | Work::Open(_) | Work::Reset(..) | Work::Revoke(..) => true,
        }
    }

    /// Who asks, for requests with a session.
    pub fn caller(&self) -> Option<Caller> {
        self.by.map(|by| by.caller)
    }

    /// Whether this is `GET /v1/hints`, which the caller answers with a stream instead of [`County::handle`].
    pub fn is_hints(&self) -> bool {
        matches!(self.work, Work::Hints)
    }
}

fn read<M: Message>(request: &Request) -> Result<M, Stop> {
    message::decode(&request.body, request.content_type).map_err(|_| ErrorCode::BadRequest.into())
}

impl County {
    /// Reads and checks `request`. `source` is the peer's address, as far as it is known; it serves only to count wrong
    /// passwords. Needs a read transaction, never the writer.
    pub fn admit(
        &self,
        now: Timestamp,
        request: &http::Request,
        source: &str,
        db: &mut dyn Db,
    ) -> Result<Admitted, http::Response> {
        self.look_at(now, request, source, db).map_err(|stop| respond::stopped(now, stop, request.accept))
    }

    fn look_at(&self, now: Timestamp, request: &Request, source: &str, db: &mut dyn Db) -> Result<Admitted, Stop> {
        if request.body.len() > limits::BODY {
            return Err(ErrorCode::TooLarge.into());
        }
        if request.path.len() > PATH_BYTES {
            return Err(ErrorCode::NoSuchPath.into());
        }
        let (method, path) = (request.method, request.path.as_str());
        let unsigned = match (method, path) {
            (Method::Get, "/v1/capabilities") => Some(Work::Capabilities),
            (Method::Post, "/v1/activate") => {
                Some(Work::SignIn(self.check_activation(now, &read(request)?, source, db)?))
            }
            (Method::Post, "/v1/sign-in") => {
                Some(Work::SignIn(self.check_sign_in(now, &read(request)?, source, db)?))
            }
            (Method::Post, "/v1/devices") => Some(Work::Enrol(self.check_enrolment(now, read(request)?, db)?)),
            (Method::Post, "/v1/session/nonce") => Some(Work::Nonce(read::<AskNonce>(request)?.device)),
            (Method::Post, "/v1/session") => Some(Work::Open(self.check_opening(now, &read(request)?, db)?)),
            _ => None,
        };
        let encoding = request.accept;
        if let Some(work) = unsigned {
            return Ok(Admitted { encoding, by: None, work });
        }
        if !SIGNED.contains(&(method, path)) {
            return Err(ErrorCode::NoSuchPath.into());
        }
        let by = self.authenticate(now, request, db)?;
        let work = match path {
            "/v1/sync" => Work::Sync(by, Box::new(self.check_sync(&by, read(request)?)?)),
            "/v1/accounts/reset" => Work::Reset(by, read::<ResetAccount>(request)?.member),
            "/v1/devices/revoke" => Work::Revoke(by, read::<RevokeDevice>(request)?.device),
            "/v1/devices/list" => Work::Devices(by, read::<ListDevices>(request)?.member),
            "/v1/study/lease" => Work::Lease(by, read::<AskLease>(request)?.item),
            "/v1/content" => Work::Content(read::<AskContent>(request)?.sha256),
            _ => Work::Hints,
        };
        Ok(Admitted { encoding, by: Some(by), work })
    }

    /// Does what was asked, within the caller's transaction or savepoint. If [`Handled::failed`], it is to be rolled back;
    /// otherwise it is to be kept, also when the reply is an error: wrong passwords are counted.
    pub fn handle(&self, now: Timestamp, random: &mut dyn Random, admitted: Admitted, db: &mut dyn Db) -> Handled {
        let encoding = admitted.encoding;
        match self.work(now, random, admitted, db) {
            Ok((response, finished)) => {
                Handled { response, hints: finished.hints, regranted: finished.regranted, failed: false }
            }
            Err(stop) => {
                let failed = matches!(stop, Stop::Failed(_));
                let response = respond::stopped(now, stop, encoding);
                Handled { response, hints: vec![], regranted: vec![], failed }
            }
        }
    }

    fn work(
        &self,
        now: Timestamp,
        random: &mut dyn Random,
        admitted: Admitted,
        db: &mut dyn Db,
    ) -> Result<(Response, Finished), Stop> {
        let encoding = admitted.encoding;
        let mut finished = Finished::default();
        let response = match admitted.work {
            Work::Capabilities => Response::ok(&self.capabilities(now), encoding),
            Work::SignIn(tried) => Response::ok(&self.sign_in(now, random, &tried, db)?, encoding),
            Work::Enrol(enrolment) => Response::ok(&self.enrol(now, &enrolment, db)?, encoding),
            Work::Nonce(device) => Response::ok(&self.nonce(now, random, device), encoding),
            Work::Open(opening) => Response::ok(&self.open_session(now, random, &opening, db)?, encoding),
            Work::Sync(by, sync) => {
                let (reply, changed) = self.sync(now, by.caller, &sync, encoding, db)?;
                finished = changed;
                Response::ok(&reply, encoding)
            }
            Work::Reset(by, member) => Response::ok(&self.reset(now, random, &by, member, db)?, encoding),
            Work::Revoke(by, device) => {
                let (done, member) = self.revoke(now, &by, device, db)?;
                finished.regranted.push(member);
                Response::ok(&done, encoding)
            }
            Work::Devices(by, member) => Response::ok(&self.devices(&by, member, db)?, encoding),
            Work::Lease(by, item) => Response::ok(&self.lease(now, random, by.caller, item, db)?, encoding),
            Work::Content(sha256) => Response::ok(&content(db, &sha256)?, encoding),
            Work::Hints => Response::ok(&message::Done { server_time: now }, encoding),
        };
        Ok((response, finished))
    }
}

/// The content of a study item. Everybody with a session may read it.
fn content(db: &mut dyn Db, sha256: &Bytes) -> Result<Content, Stop> {
    let sql = "SELECT bytes FROM content WHERE sha256 = ?1";
    let found = one(db, sql, &[Param::Blob(&sha256.0)], |row| Ok(row.blob(0)?.to_vec()))?;
    Ok(Content { content: Bytes(found.ok_or(ErrorCode::NoSuchPath)?) })
}

/// Everything that needs a session; whatever is in neither list does not exist.
const SIGNED: &[(Method, &str)] = &[
    (Method::Post, "/v1/sync"),
    (Method::Post, "/v1/accounts/reset"),
    (Method::Post, "/v1/devices/revoke"),
    (Method::Post, "/v1/devices/list"),
    (Method::Post, "/v1/study/lease"),
    (Method::Post, "/v1/content"),
    (Method::Get, "/v1/hints"),
];

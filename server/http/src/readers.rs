//! The threads that check requests and answer those that only read, each with a database connection of its own.
//!
//! A request is checked and, if it only reads, answered in one read transaction, so a reply never mixes two states of the
//! county. Requests with a password go to a lane of their own with one thread: argon2 takes tens of milliseconds by
//! design, and a morning on which everybody signs in must not hold up those who are signed in already.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use dangjian_county::{Admitted, County, Sqlite};
use dangjian_domain::id::DeviceId;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::http::Request;
use dangjian_protocol::message::{self, Enrol, RevokeDevice};
use dangjian_protocol::session::{Claim, Token};
use rusqlite::Connection;

use crate::answer::{Answer, Reply};
use crate::clock::{self, OsRandom};
use crate::error::StartError;
use crate::hub::{Hub, Opener};
use crate::intake::{Held, Unfit};
use crate::writer::{Work, Write};

/// A request on its way to a reader.
pub(crate) struct Job {
    pub(crate) request: Request,
    /// Address it came from, for counting failed sign-ins.
    pub(crate) source: String,
    pub(crate) reply: Reply,
    pub(crate) held: Held,
}

/// A queue of requests with the threads that work on it.
#[derive(Clone)]
pub(crate) struct Lane(SyncSender<Job>);

/// What every reader needs.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) county: Arc<County>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) writer: SyncSender<Work>,
}

impl Lane {
    /// A lane for at most `waiting` requests with a thread for each connection. The threads end when the lane is dropped.
    pub(crate) fn start(
        name: &str,
        waiting: usize,
        desk: &Desk,
        connections: Vec<Connection>,
    ) -> Result<(Self, Vec<JoinHandle<()>>), StartError> {
        let (sender, jobs) = sync_channel(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for connection in connections {
            let reader = Reader { connection, desk: desk.clone() };
            let jobs = jobs.clone();
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || reader.run(&jobs));
            threads.push(thread.map_err(StartError::Thread)?);
        }
        Ok((Self(sender), threads))
    }

    /// Hands a request over, or answers that there is too much to do.
    pub(crate) fn put(&self, job: Job) {
        match self.0.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => drop(job.reply.send(Answer::Unfit(Unfit::busy(2)))),
            Err(TrySendError::Disconnected(job)) => drop(job.reply.send(Answer::INTERNAL)),
        }
    }
}

/// Fields in the order in which they are to be dropped: the writer truncates the log when its last sender is gone, which
/// an open connection would keep it from.
struct Reader {
    connection: Connection,
    desk: Desk,
}

enum Considered {
    Answer(Answer),
    Write(Box<Admitted>, Option<DeviceId>),
    /// A grant changed while the feeds of a stream were read.
    Again,
}

impl Reader {
    fn run(self, jobs: &Mutex<Receiver<Job>>) {
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = job else { return };
            if !job.reply.is_closed() {
                self.serve(job);
            }
        }
    }

    fn serve(&self, job: Job) {
        let Job { request, source, reply, held } = job;
        let considered = loop {
            let considered = catch_unwind(AssertUnwindSafe(|| self.consider(&request, &source)));
            if !matches!(considered, Ok(Ok(Considered::Again))) {
                break considered;
            }
        };
        let answer = match considered {
            Ok(Ok(Considered::Write(admitted, close))) => {
                return self.pass_on(Write { admitted, close, reply, held });
            }
            Ok(Ok(Considered::Answer(answer))) => answer,
            Ok(Ok(Considered::Again)) => Answer::INTERNAL,
            Ok(Err(error)) => {
                log::error!("reading for {}: {error}", request.path);
                Answer::INTERNAL
            }
            Err(_) => {
                log::error!("a panic while answering {}", request.path);
                Answer::INTERNAL
            }
        };
        // Fails if the connection is gone, and then nobody waits.
        let _ = reply.send(answer);
    }

    fn pass_on(&self, write: Write) {
        let (work, answer) = match self.desk.writer.try_send(Work::Request(write)) {
            Ok(()) => return,
            Err(TrySendError::Full(work)) => (work, Answer::Unfit(Unfit::busy(2))),
            Err(TrySendError::Disconnected(work)) => (work, Answer::INTERNAL),
        };
        if let Work::Request(write) = work {
            drop(write.reply.send(answer));
        }
    }

    fn consider(&self, request: &Request, source: &str) -> rusqlite::Result<Considered> {
        let (county, hub, now) = (&self.desk.county, &self.desk.hub, clock::now());
        let mark = hub.mark();
        let transaction = self.connection.unchecked_transaction()?;
        let mut db = Sqlite(&transaction);
        let admitted = match county.admit(now, request, source, &mut db) {
            Ok(admitted) => admitted,
            Err(response) => return Ok(Considered::Answer(Answer::Reply(response))),
        };
        if admitted.writes() {
            let close = closes(request);
            return Ok(Considered::Write(Box::new(admitted), close));
        }
        if !admitted.is_hints() {
            let handled = county.handle(now, &mut OsRandom, admitted, &mut db);
            return Ok(Considered::Answer(Answer::Reply(handled.response)));
        }
        let (Some(caller), Some(expires_at)) = (admitted.caller(), session_end(request)) else {
            return Ok(Considered::Answer(Answer::INTERNAL));
        };
        let Ok(feeds) = county.hint_feeds(&admitted, &mut db) else {
            return Ok(Considered::Answer(Answer::INTERNAL));
        };
        let opener = Opener { device: caller.device, member: caller.member, expires_at };
        Ok(match hub.subscribe(opener, feeds, mark) {
            Some(subscription) => Considered::Answer(Answer::Hints(subscription)),
            None => Considered::Again,
        })
    }
}

/// When the session that an admitted request belongs to ends.
fn session_end(request: &Request) -> Option<Timestamp> {
    let claim = Claim::read(request.proof.as_ref()?)?;
    Token::decode(&claim.token).map(|token| token.expires_at)
}

/// Which device's sessions end if the county grants the request: it was revoked, or enrolled again with another key.
fn closes(request: &Request) -> Option<DeviceId> {
    match request.path.as_str() {
        "/v1/devices/revoke" => {
            message::decode::<RevokeDevice>(&request.body, request.content_type).ok().map(|body| body.device)
        }
        "/v1/devices" => message::decode::<Enrol>(&request.body, request.content_type).ok().map(|body| body.device),
        _ => None,
    }
}

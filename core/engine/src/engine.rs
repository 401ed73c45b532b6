//! The engine's state and its one entrance.

use std::collections::{BTreeMap, VecDeque};

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId};
use dangjian_domain::study::timer::Event;
use dangjian_domain::time::CivilDay;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ApiError;
use dangjian_protocol::http::{Encoding, Method, Request, Response};
use dangjian_protocol::message::{self, Cursor, Message};
use dangjian_protocol::random::Random;
use dangjian_protocol::session::prove;
use dangjian_protocol::sign::PublicKey;
use dangjian_store::{Changes, OwnStore, Reader, StoreError};

use crate::account;
use crate::call::Call;
use crate::clock::{Anchor, Mono, Now, ServerClock};
use crate::error::AppError;
use crate::exchange::{Exchange, Flight};
use crate::io::{CmdId, Command, Done, Effect, HostEvent, Input, KeyUse, NetFault, PageId, ReqId, SignId, Status};
use crate::pace::Pace;
use crate::password::{PasswordCost, Verifier};
use crate::session;
use crate::study::{self, StudyCommand};

/// The public halves of the phone's two keys.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Signs without asking.
    pub silent: PublicKey,
    /// Asks for finger or PIN; on one of a member's phones.
    pub presence: Option<PublicKey>,
}

/// What may differ from phone to phone.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the member calls this phone.
    pub label: String,
    /// Most rows asked for in one exchange.
    pub page_rows: u32,
    /// Cost of the offline password verifier.
    pub passwords: PasswordCost,
    /// Whether to keep a hint stream open.
    pub hints: bool,
}

/// Whose phone this is: made at enrolment, kept in `own`.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub(crate) struct Identity {
    #[n(1)]
    pub(crate) deployment: DeploymentId,
    #[n(2)]
    pub(crate) device: DeviceId,
    #[n(3)]
    pub(crate) member: MemberId,
    #[n(4)]
    pub(crate) name: String,
    #[n(5)]
    pub(crate) login: String,
    /// Id of the silent key as the server knows it.
    #[n(6)]
    pub(crate) key: Bytes,
    /// The server's key for receipts.
    #[n(7)]
    pub(crate) server_key: Bytes,
}

/// Keys of `own`'s meta table that the engine keeps.
pub(crate) mod meta {
    pub(crate) const IDENTITY: &str = "identity";
    /// The installation's id, made before the server first hears of it: a lost reply must not make another device.
    pub(crate) const DEVICE: &str = "device";
    pub(crate) const VERIFIER: &str = "verifier";
    /// There once somebody has signed out, or the server shut the member out, until somebody signs in: a phone stays signed
    /// in however often its program is killed.
    pub(crate) const LOCKED: &str = "locked";
    /// There from when the server said that it does not know this installation until it is enrolled again.
    pub(crate) const MUST_ENROL: &str = "must_enrol";
    pub(crate) const ANCHOR: &str = "anchor";
    /// The civil day on which the app was last opened.
    pub(crate) const SIGNED_IN: &str = "signed_in_day";
    /// Name of the live mirror; readers look here.
    pub(crate) const MIRROR: &str = "mirror";
}

/// What a request that is under way is for.
#[derive(Debug)]
pub(crate) enum Purpose {
    Account(account::Asked),
    Session(session::Asked),
    Exchange(Flight),
    Call(Call),
}

/// What bytes that are being signed are for.
#[derive(Debug)]
pub(crate) enum SignFor {
    Enrolment,
    Session,
    Push,
}

/// The sync engine of one phone. See the crate's head.
pub struct Engine {
    /// Before `own`, so that it is closed first: the last to close a file tidies its log away, which a reader can't.
    pub(crate) reader: Reader,
    pub(crate) own: OwnStore,
    pub(crate) keys: Keys,
    pub(crate) settings: Settings,
    pub(crate) identity: Option<Identity>,
    pub(crate) verifier: Option<Verifier>,
    pub(crate) clock: ServerClock,
    /// Whether somebody has signed in and not out since, in this run of the program or an earlier one.
    pub(crate) unlocked: bool,
    /// The server does not know this installation (any more), as after a restore from a backup of before it enrolled.
    pub(crate) must_enrol: bool,
    /// This phone's access was taken away: its files are being deleted, and whoever asks is told so.
    pub(crate) revoked: bool,
    pub(crate) suspended: bool,
    pub(crate) network: bool,
    /// Whether the last try reached the server.
    online: bool,
    pub(crate) account: Option<account::Flow>,
    pub(crate) session: session::State,
    pub(crate) exchange: Exchange,
    pub(crate) pace: Pace,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) cursor: Cursor,
    /// The study session that is open.
    pub(crate) study: Option<study::Session>,
    /// Whether a segment that an earlier run left behind was looked for.
    looked_back: bool,
    /// The civil day on which operations long settled were last forgotten.
    pub(crate) pruned_on: Option<CivilDay>,
    /// When the network is to be tried again.
    wake: Option<Mono>,
    pub(crate) hints_open: bool,
    /// The stream has its own waits: that it can't be had says nothing about exchanges.
    hints_pace: Pace,
    requests: BTreeMap<ReqId, Purpose>,
    signatures: BTreeMap<SignId, SignFor>,
    next_number: u64,
    status: Status,
    anchor_kept_at: i64,
}

impl Engine {
    /// Takes up where the last run of the program ended. `cursor` is the mirror's.
    pub fn open(
        own: OwnStore,
        reader: Reader,
        keys: Keys,
        settings: Settings,
        cursor: Cursor,
    ) -> Result<Self, StoreError> {
        let identity = kept::<Identity>(&own, meta::IDENTITY)?;
        let verifier = kept::<Verifier>(&own, meta::VERIFIER)?;
        let clock = ServerClock::from_anchor(kept::<Anchor>(&own, meta::ANCHOR)?);
        let unlocked = identity.is_some() && own.meta(meta::LOCKED)?.is_none();
        let must_enrol = own.meta(meta::MUST_ENROL)?.is_some();
        let status = Status { queued: own.queued_count()?, signed_in: unlocked && !must_enrol, ..Status::default() };
        // What an earlier run left is delivered without anybody asking.
        let mut exchange = Exchange::default();
        exchange.wanted = status.signed_in;
        Ok(Self {
            own,
            reader,
            keys,
            settings,
            identity,
            verifier,
            clock,
            unlocked,
            must_enrol,
            revoked: false,
            suspended: false,
            network: true,
            online: false,
            account: None,
            session: session::State::None,
            exchange,
            pace: Pace::new(),
            calls: VecDeque::new(),
            cursor,
            study: None,
            looked_back: false,
            pruned_on: None,
            wake: None,
            hints_open: false,
            hints_pace: Pace::new(),
            requests: BTreeMap::new(),
            signatures: BTreeMap::new(),
            next_number: 1,
            status,
            anchor_kept_at: i64::MIN,
        })
    }

    /// Whose phone this is, if it was ever enrolled, and whether somebody is signed in.
    pub fn member(&self) -> Option<(MemberId, bool)> {
        self.identity.as_ref().map(|identity| (identity.member, self.unlocked))
    }

    /// Whether somebody has to sign in before anything can be done or delivered.
    pub fn needs_sign_in(&self) -> bool {
        !self.unlocked || self.must_enrol
    }

    /// How it stands, as last told by an [`Effect::Status`].
    pub fn status(&self) -> Status {
        self.status
    }

    /// This installation, once enrolled.
    pub fn device(&self) -> Option<DeviceId> {
        self.identity.as_ref().map(|identity| identity.device)
    }

    /// The phone's own file, for callers that only read.
    pub fn own(&self) -> &OwnStore {
        &self.own
    }

    /// The server's time as the phone knows it.
    pub fn server_time(&self, now: Now) -> dangjian_domain::time::Timestamp {
        self.clock.estimate(now)
    }

    /// Takes one input and says what is to be done. Commits `own` before it returns; never calls foreign code.
    pub fn step(&mut self, now: Now, random: &mut dyn Random, input: Input, out: &mut Vec<Effect>) {
        if self.revoked {
            // To look at the files would make them anew.
            if let Input::Command(id, _) = input {
                out.push(Effect::Reply(id, Err(AppError::DeviceRevoked)));
            }
            return;
        }
        match input {
            Input::Command(id, command) => self.command(now, random, id, command, out),
            Input::Net(id, result) => self.net(now, random, id, result, out),
            Input::Signed(id, result) => match self.signatures.remove(&id) {
                Some(SignFor::Enrolment) => self.enrolment_signed(now, result, out),
                Some(SignFor::Session) => self.session_signed(now, random, result, out),
                Some(SignFor::Push) => self.push_signed(now, random, result, out),
                None => {}
            },
            Input::Applied(id, result) => self.applied(now, random, id, result, out),
            Input::Hint(feed, seq) => self.hint(feed, seq),
            Input::GrantHint => self.exchange.wanted = true,
            Input::HintsOpen => {
                self.hints_pace.forgive();
                // What moved before the stream stood was not hinted.
                self.exchange.wanted = true;
            }
            Input::HintsClosed => {
                self.hints_open = false;
                self.hints_pace.failed(now.mono, None, random);
                // What moved meanwhile was not hinted.
                self.exchange.wanted = true;
            }
            Input::Host(event) => self.host(now, random, event, out),
            Input::Tick => {}
        }
        if self.unlocked && !std::mem::replace(&mut self.looked_back, true) {
            self.recover_segment(now, random, out);
        }
        self.study_tick(now, random, out);
        self.wake = None;
        self.pump(now, random, out);
        let wakes = [self.wake, self.study_wake(now).filter(|_| !self.suspended)];
        if let Some(earliest) = wakes.into_iter().flatten().min() {
            out.push(Effect::WakeAt(earliest));
        }
        self.report(out);
        if self.suspended || self.revoked {
            self.let_go();
        }
    }

    fn command(&mut self, now: Now, random: &mut dyn Random, id: CmdId, command: Command, out: &mut Vec<Effect>) {
        let reply = match command {
            Command::SignIn { login, password } => return self.sign_in(now, id, login, password, out),
            Command::Activate { login, code, password } => {
                return self.activate(now, id, login, code, password, out);
            }
            Command::SignOut => {
                if let Err(error) = self.study(now, random, StudyCommand::Event(Event::Stop), out) {
                    log::warn!("study: {error}");
                }
                self.lock().map(|()| Done::Ok).map_err(AppError::from)
            }
            Command::Act(action) => self.act(now, random, &action, out),
            Command::Acknowledge(op) => match self.own.acknowledge(op) {
                Ok(changes) => {
                    out.push(Effect::Notify(changes));
                    Ok(Done::Ok)
                }
                Err(error) => Err(error.into()),
            },
            Command::SaveDraft { id, content } => {
                let saved = if content.is_empty() {
                    self.own.delete_draft(&id)
                } else {
                    self.own.save_draft(&id, &content, self.clock.estimate(now))
                };
                saved.map(|_| Done::Ok).map_err(AppError::from)
            }
            Command::Sync => match &self.identity {
                None => Err(AppError::NotSignedIn),
                Some(_) if self.must_enrol => Err(AppError::NotSignedIn),
                Some(_) if !self.network => Err(AppError::Offline),
                Some(_) => {
                    // Somebody waits: an earlier failure is no reason not to try.
                    self.pace.forgive();
                    self.exchange.wanted = true;
                    self.exchange.waiting.push(id);
                    return;
                }
            },
            Command::ResetAccount(member) => return self.call(Call::reset(id, member), out),
            Command::RevokeDevice(device) => return self.call(Call::revoke(id, device), out),
            Command::ListDevices(member) => return self.call(Call::list(id, member), out),
            Command::Study(command) => self.study(now, random, command, out),
            Command::SignInToday => self.sign_in_today(now, random, out),
            Command::Fetch(sha256) => match self.own.has_content(&sha256) {
                Ok(false) => return self.call(Call::content(id, sha256), out),
                Ok(true) => Ok(Done::Ok),
                Err(error) => Err(error.into()),
            },
            Command::Forget(sha256) => self.own.drop_content(&sha256).map(|()| Done::Ok).map_err(AppError::from),
        };
        out.push(Effect::Reply(id, reply));
    }

    fn net(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        id: ReqId,
        result: Result<Response, NetFault>,
        out: &mut Vec<Effect>,
    ) {
        // A response to a request that an earlier run, or a suspension, gave up on.
        let Some(purpose) = self.requests.remove(&id) else { return };
        // An answer that was under way when the network went says nothing about what comes after.
        self.online = result.is_ok() && self.network;
        match purpose {
            Purpose::Account(asked) => self.account_answered(now, random, asked, result, out),
            Purpose::Session(asked) => self.session_answered(now, random, asked, result, out),
            Purpose::Exchange(flight) => self.exchange_answered(now, random, flight, result, out),
            Purpose::Call(call) => self.call_answered(now, random, call, result, out),
        }
    }

    fn host(&mut self, now: Now, random: &mut dyn Random, event: HostEvent, out: &mut Vec<Effect>) {
        match event {
            HostEvent::Online => {
                self.network = true;
                self.pace.forgive();
                self.hints_pace.forgive();
                self.exchange.wanted = true;
            }
            HostEvent::Offline => {
                self.network = false;
                self.online = false;
                self.close_hints(out);
                self.fail_calls(&AppError::Offline, out);
                self.fail_waiting(&AppError::Offline, out);
            }
            HostEvent::Suspend => {
                // Kept with its last heartbeat: the app may never come back.
                if let Err(error) = self.study(now, random, StudyCommand::Event(Event::Foreground(false)), out) {
                    log::warn!("study: {error}");
                }
                self.suspended = true;
                self.give_up(out);
                // After whatever the mirror is still doing.
                out.push(Effect::Mirror(self.page_id(), dangjian_store::MirrorTask::Suspend));
            }
            HostEvent::Resume => {
                self.suspended = false;
                self.exchange.wanted = true;
            }
        }
    }

    /// Waits no longer for what is under way on the network or in the key store: an answer that came while the app sleeps
    /// would open the files again.
    fn give_up(&mut self, out: &mut Vec<Effect>) {
        self.close_hints(out);
        self.signatures.clear();
        for purpose in std::mem::take(&mut self.requests).into_values() {
            if let Purpose::Call(call) = purpose {
                self.calls.push_back(call);
            }
        }
        self.fail_calls(&AppError::Offline, out);
        self.end_account(Err(AppError::Offline), out);
        if !matches!(self.session, session::State::Open { .. }) {
            self.session = session::State::None;
        }
        self.give_up_exchange();
    }

    /// Closes the files, which whoever needs them opens again: no lock may be held while the app sleeps.
    fn let_go(&mut self) {
        if let Err(error) = self.own.prepare_suspend() {
            log::warn!("suspend: {error}");
        }
        self.reader.suspend();
    }

    /// Starts whatever can start now.
    fn pump(&mut self, now: Now, random: &mut dyn Random, out: &mut Vec<Effect>) {
        if self.identity.is_none() || self.must_enrol || self.suspended || !self.network {
            return;
        }
        let wanted = self.exchange.wanted || !self.calls.is_empty();
        let due = self.pace.due(wanted);
        let hints_due = self.hints_pace.due(true);
        let hints = self.settings.hints && !self.hints_open;
        if due > now.mono && !(hints && hints_due <= now.mono && self.pace.due(true) <= now.mono) {
            let earliest = if hints { due.min(hints_due.max(self.pace.due(true))) } else { due };
            self.wake = Some(earliest);
            return;
        }
        let Some(key) = self.open_session(now, out) else { return };
        while let Some(call) = self.calls.pop_front() {
            let request = call.request();
            self.send_signed(now, &key, Method::Post, request.0, &request.1, Purpose::Call(call), out);
        }
        if hints && hints_due <= now.mono {
            self.hints_open = true;
            let created = self.clock.estimate(now).0.div_euclid(1_000);
            out.push(Effect::OpenHints(signed(&key, Method::Get, "/v1/hints", vec![], created)));
        }
        self.start_exchange(now, random, out);
    }

    fn report(&mut self, out: &mut Vec<Effect>) {
        // To count while the app sleeps would open the file again.
        let queued = if self.suspended { Ok(self.status.queued) } else { self.own.queued_count() };
        let status = Status {
            online: self.online,
            queued: queued.unwrap_or(self.status.queued),
            syncing: self.exchange.busy(),
            building_rows: self.exchange.building_rows,
            signed_in: !self.needs_sign_in(),
        };
        if status != self.status {
            self.status = status;
            out.push(Effect::Status(status));
        }
    }

    /// From now on somebody has to sign in, after a restart too; what is queued is still delivered. If that can't be kept,
    /// it holds for this run only.
    pub(crate) fn lock(&mut self) -> Result<(), StoreError> {
        self.unlocked = false;
        self.own.set_meta(&[(meta::LOCKED, Some(&[1]))])
    }

    pub(crate) fn notify(&self, changes: Changes, out: &mut Vec<Effect>) {
        if !changes.is_empty() {
            out.push(Effect::Notify(changes));
        }
    }

    pub(crate) fn close_hints(&mut self, out: &mut Vec<Effect>) {
        if std::mem::take(&mut self.hints_open) {
            out.push(Effect::CloseHints);
        }
    }

    /// The server said what time it is. Kept for the next run at most once a minute: each time costs a commit.
    pub(crate) fn server_said(&mut self, now: Now, server: dangjian_domain::time::Timestamp) {
        self.clock.set(now, server);
        if now.mono.0.saturating_sub(self.anchor_kept_at) >= 60_000 || self.anchor_kept_at == i64::MIN {
            self.anchor_kept_at = now.mono.0;
            let kept = minicbor::to_vec(self.clock.anchor()).unwrap_or_default();
            if let Err(error) = self.own.set_meta(&[(meta::ANCHOR, Some(&kept))]) {
                log::warn!("anchor: {error}");
            }
        }
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    pub(crate) fn page_id(&mut self) -> PageId {
        PageId(self.number())
    }

    pub(crate) fn ask_signature(&mut self, what: SignFor, bytes: Vec<u8>, out: &mut Vec<Effect>) {
        let id = SignId(self.number());
        self.signatures.insert(id, what);
        out.push(Effect::Sign(id, KeyUse::Silent, bytes));
    }

    /// Sends a request that needs no session.
    pub(crate) fn send_open<M: Message>(&mut self, path: &str, body: &M, purpose: Purpose, out: &mut Vec<Effect>) {
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            content_type: Encoding::Cbor,
            accept: Encoding::Cbor,
            proof: None,
            body: message::encode(body, Encoding::Cbor),
        };
        let id = ReqId(self.number());
        self.requests.insert(id, purpose);
        out.push(Effect::Send(id, request));
    }

    /// Sends a request that the session proves.
    #[allow(clippy::too_many_arguments, reason = "the parts of one request")]
    pub(crate) fn send_signed(
        &mut self,
        now: Now,
        key: &dangjian_protocol::session::SessionKey,
        method: Method,
        path: &str,
        body: &[u8],
        purpose: Purpose,
        out: &mut Vec<Effect>,
    ) {
        let created = self.clock.estimate(now).0.div_euclid(1_000);
        let id = ReqId(self.number());
        self.requests.insert(id, purpose);
        out.push(Effect::Send(id, signed(key, method, path, body.to_vec(), created)));
    }
}

fn signed(
    key: &dangjian_protocol::session::SessionKey,
    method: Method,
    path: &str,
    body: Vec<u8>,
    created: i64,
) -> Request {
    Request {
        method,
        path: path.to_owned(),
        content_type: Encoding::Cbor,
        accept: Encoding::Cbor,
        proof: Some(prove(key, method, path, &body, created)),
        body,
    }
}

fn kept<T: for<'b> minicbor::Decode<'b, ()>>(own: &OwnStore, key: &str) -> Result<Option<T>, StoreError> {
    Ok(own.meta(key)?.and_then(|bytes| minicbor::decode(&bytes).ok()))
}

/// The message of a response, or the server's error; anything else is nonsense.
pub(crate) fn answer<M: Message>(response: &Response) -> Result<M, Answer> {
    if response.status == 200 {
        return message::decode(&response.body, response.content_type).map_err(|_| Answer::Nonsense);
    }
    match message::decode::<ApiError>(&response.body, response.content_type) {
        Ok(error) => Err(Answer::Error(error)),
        Err(_) => Err(Answer::Nonsense),
    }
}

/// A response that is not the message asked for.
#[derive(Debug)]
pub(crate) enum Answer {
    Error(ApiError),
    Nonsense,
}

impl From<&Answer> for AppError {
    fn from(answer: &Answer) -> Self {
        match answer {
            Answer::Error(error) => error.into(),
            Answer::Nonsense => Self::Server(dangjian_protocol::error::ErrorCode::BadRequest),
        }
    }
}

/// Whether these files belong to an installation that no server has heard of yet.
pub fn is_new(own: &OwnStore) -> Result<bool, StoreError> {
    Ok(own.meta(meta::DEVICE)?.is_none() && own.meta(meta::IDENTITY)?.is_none())
}

/// Whose phone this is, read from a snapshot of its files.
pub fn member_of(snapshot: &dangjian_store::Snapshot<'_>) -> Result<Option<MemberId>, StoreError> {
    let kept = snapshot.meta(meta::IDENTITY)?;
    Ok(kept.and_then(|bytes| minicbor::decode::<Identity>(&bytes).ok()).map(|identity| identity.member))
}

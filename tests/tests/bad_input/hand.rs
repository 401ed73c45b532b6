//! A real engine over real files, driven by hand: every effect is carried out at once, and whatever it asks of the network
//! goes through the test's hands first. Time stands still unless a test moves it.

use std::collections::VecDeque;
use std::path::Path;

use dangjian_domain::id::MemberId;
use dangjian_domain::op::Action;
use dangjian_domain::rows::{Notice, Synced};
use dangjian_domain::time::Timestamp;
use dangjian_engine::{AppError, CmdId, Command, Done, Effect, Input, NetFault};
use dangjian_protocol::http::{Request, Response};
use dangjian_protocol::message::{self, SyncReply};
use dangjian_protocol::random::SplitMix;
use dangjian_store::{Reader, StoreError};
use dangjian_tests::sim;

use super::office::{Office, PASSWORD};

/// What stands between phone and server.
pub(crate) type Between<'a> = &'a mut dyn FnMut(&mut Office, &Request) -> Result<Response, NetFault>;

/// More requests than any of these tests needs: beyond it the phone loops.
const MOST: usize = 200;

pub(crate) struct Hand {
    pub(crate) office: Office,
    pub(crate) phone: sim::Phone,
    /// Paths asked for since the last look.
    pub(crate) asked: Vec<String>,
    /// Streams of hints opened since the last look.
    pub(crate) streams: usize,
    /// When the engine wants to be called again, ms from now.
    pub(crate) wake_in: Option<i64>,
    /// What the mirror could not do.
    pub(crate) mirror_faults: Vec<StoreError>,
    /// Its access was taken away.
    pub(crate) wiped: bool,
    pub(crate) queue: VecDeque<Input>,
    replies: Vec<(CmdId, Result<Done, AppError>)>,
    random: SplitMix,
    commands: u64,
}

/// The server's own answer.
pub(crate) fn honest(office: &mut Office, request: &Request) -> Result<Response, NetFault> {
    Ok(office.send(request))
}

/// The server's own answer to an exchange, changed.
pub(crate) fn changed(
    office: &mut Office,
    request: &Request,
    change: impl FnOnce(&mut SyncReply),
) -> Result<Response, NetFault> {
    let mut response = office.send(request);
    if request.path == "/v1/sync" && response.status == 200 {
        let mut reply: SyncReply = message::decode(&response.body, response.content_type).unwrap();
        change(&mut reply);
        response.body = message::encode(&reply, response.content_type);
    }
    Ok(response)
}

impl Hand {
    /// The phone of `member` in `dir`, signed in and in step with the server.
    pub(crate) fn new(office: Office, member: MemberId, dir: &Path) -> Self {
        let mut random = SplitMix(77);
        let mut phone = sim::Phone::new(&mut random, member, office.login(member), dir.to_owned());
        phone.start();
        let mut hand = Self {
            office,
            phone,
            asked: vec![],
            streams: 0,
            wake_in: None,
            mirror_faults: vec![],
            wiped: false,
            queue: VecDeque::new(),
            replies: vec![],
            random,
            commands: 0,
        };
        let (login, code) = (hand.phone.login.clone(), hand.office.code(member));
        hand.command(Command::Activate { login, code, password: PASSWORD.into() }, &mut honest).unwrap();
        hand.sync(&mut honest).unwrap();
        hand
    }

    /// Kills the program and starts it again, signed in.
    pub(crate) fn restart(&mut self) {
        self.phone.crash(self.office.now.0, false, &mut self.random);
        self.queue.clear();
        self.phone.start();
        let login = self.phone.login.clone();
        self.command(Command::SignIn { login, password: PASSWORD.into() }, &mut honest).unwrap();
    }

    /// Has the engine do something; gives its reply once there is nothing more to do.
    pub(crate) fn command(&mut self, command: Command, between: Between<'_>) -> Result<Done, AppError> {
        let id = self.enqueue(command);
        self.run(between);
        self.reply(id).expect("every command gets a reply")
    }

    pub(crate) fn enqueue(&mut self, command: Command) -> CmdId {
        self.commands += 1;
        self.queue.push_back(Input::Command(CmdId(self.commands), command));
        CmdId(self.commands)
    }

    pub(crate) fn reply(&mut self, id: CmdId) -> Option<Result<Done, AppError>> {
        let at = self.replies.iter().position(|reply| reply.0 == id)?;
        Some(self.replies.remove(at).1)
    }

    pub(crate) fn sync(&mut self, between: Between<'_>) -> Result<Done, AppError> {
        self.command(Command::Sync, between)
    }

    pub(crate) fn act(&mut self, action: Action, between: Between<'_>) -> Result<Done, AppError> {
        self.command(Command::Act(action), between)
    }

    /// Lets time pass and calls the engine.
    pub(crate) fn pass_ms(&mut self, ms: i64, between: Between<'_>) {
        self.office.now = self.office.now.plus_ms(ms);
        self.queue.push_back(Input::Tick);
        self.run(between);
    }

    /// Carries out everything there is to do now.
    pub(crate) fn run(&mut self, between: Between<'_>) {
        let before = self.asked.len();
        while let Some(input) = self.queue.pop_front() {
            self.step(input, between);
            assert!(
                self.asked.len() - before < MOST,
                "the phone asks and asks: {:?}",
                &self.asked[before..before + 12]
            );
        }
    }

    pub(crate) fn step(&mut self, input: Input, between: Between<'_>) {
        let now = self.phone.now(self.office.now.0);
        let Some(on) = self.phone.on.as_mut() else { return };
        let mut effects = vec![];
        on.engine.step(now, &mut self.random, input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Send(id, request) => {
                    self.asked.push(request.path.clone());
                    let result = between(&mut self.office, &request);
                    self.queue.push_back(Input::Net(id, result));
                }
                Effect::Sign(id, _, bytes) => {
                    let signature = self.phone.key.sign(&bytes).unwrap();
                    self.queue.push_back(Input::Signed(id, Ok(signature)));
                }
                Effect::Mirror(id, task) => {
                    let result = self.phone.on.as_mut().unwrap().mirror.run(task);
                    if let Err(error) = &result {
                        self.mirror_faults.push(StoreError::Missing(error.to_string()));
                    }
                    self.queue.push_back(Input::Applied(id, result));
                }
                Effect::Reply(id, result) => self.replies.push((id, result)),
                Effect::WakeAt(at) => self.wake_in = Some(at.0 - now.mono.0),
                Effect::Wipe => self.wiped = true,
                Effect::OpenHints(_) => self.streams += 1,
                Effect::CloseHints | Effect::Notify(_) | Effect::Status(_) | Effect::Study(_) => {}
            }
        }
    }

    /// The time of the simulation.
    pub(crate) fn now(&self) -> Timestamp {
        self.office.now
    }

    /// The notices that screens would show.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        Reader::open(&self.phone.files).unwrap().read(|snapshot| snapshot.all::<Notice>("1 ORDER BY id", [])).unwrap()
    }

    /// Every row that screens would show, of every table.
    pub(crate) fn shown(&self) -> Vec<String> {
        let mut reader = Reader::open(&self.phone.files).unwrap();
        let tables = dangjian_domain::rows::TABLES;
        let rows = tables
            .iter()
            .flat_map(|table| reader.read(|snapshot| snapshot.rows(table, "1 ORDER BY id", [])).unwrap().into_iter());
        rows.map(|row| format!("{row:?}")).collect()
    }

    /// Rows of the server that this phone's member may see, less those the phone has, and the other way round.
    pub(crate) fn differences(&self) -> (usize, usize) {
        let conn = self.office.server.conn();
        let should = dangjian_tests::oracle::visible(conn, &self.phone.member.0.0);
        let name = self.own().meta("mirror").unwrap().unwrap();
        let path = self.phone.files.mirror(std::str::from_utf8(&name).unwrap());
        let have = dangjian_tests::oracle::mirrored(&rusqlite::Connection::open(path).unwrap());
        let missing = should.iter().filter(|(key, row)| have.get(*key) != Some(*row)).count();
        (missing, have.keys().filter(|key| !should.contains_key(*key)).count())
    }

    pub(crate) fn own(&self) -> &dangjian_store::OwnStore {
        self.phone.on.as_ref().unwrap().engine.own()
    }

    /// Whether `text` stands in any of the phone's files.
    pub(crate) fn found_on_disk(&self, text: &str) -> bool {
        let files = std::fs::read_dir(&self.phone.files.dir).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).any(|content| holds(&content, text.as_bytes()))
    }
}

fn holds(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}

/// The notice's table, for changes by the administrator.
pub(crate) const NOTICE: &dangjian_domain::schema::Table = Notice::TABLE;

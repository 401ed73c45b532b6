//! The simulated county's queue: what happens next, and what may go wrong on the way.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::op::{Action, EditNotice, MoveMember, OpenLedger, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{Notice, NoticeScope, OrgKind, Synced};
use dangjian_domain::time::Timestamp;
use dangjian_engine::{CmdId, Command, Done, Effect, HostEvent, Input, NetFault, PageId, ReqId};
use dangjian_protocol::http::{Request, Response};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_store::MirrorTask;
use rusqlite::Connection;

use super::phone::Phone;
use super::server::{PASSWORD, Server};
use crate::people::{SmallCounty, below, number, one_in};

/// What may go wrong: each once in so many chances, 0 for never.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// A request or a reply is lost.
    pub loss: u64,
    /// A request arrives twice.
    pub twice: u64,
    /// Longest delay of a message, ms.
    pub delay_ms: u64,
    /// A phone's program dies before a step.
    pub crash: u64,
    /// The server dies before a request.
    pub server_crash: u64,
    /// The server is restored from its last backup before a request.
    pub restore: u64,
}

impl Faults {
    /// Nothing goes wrong.
    pub const NONE: Self = Self { loss: 0, twice: 0, delay_ms: 50, crash: 0, server_crash: 0, restore: 0 };
    /// A bad day.
    pub const BAD_DAY: Self =
        Self { loss: 10, twice: 15, delay_ms: 3_000, crash: 120, server_crash: 150, restore: 1_500 };
}

enum Event {
    /// A request reaches the server.
    Request { phone: usize, run: u64, id: ReqId, request: Box<Request> },
    /// A message reaches a phone.
    Input { phone: usize, run: u64, input: Box<Input> },
    /// The mirror gets to its task.
    Mirror { phone: usize, run: u64, id: PageId, task: Box<MirrorTask> },
    /// The hint stream's request reaches the server.
    Hints { phone: usize, run: u64, request: Box<Request> },
    /// The person does something.
    Person { phone: usize },
    /// A dead phone comes back.
    Start { phone: usize },
}

/// What a run came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    /// Steps taken.
    pub steps: u64,
    /// Operations recorded.
    pub recorded: u64,
    /// Crashes of phones.
    pub crashes: u64,
    /// Restores of the server.
    pub restores: u64,
    /// Members moved.
    pub moves: u64,
}

/// The county.
pub struct World {
    /// The server.
    pub server: Server,
    /// The phones.
    pub phones: Vec<Phone>,
    /// Who is who at the start.
    pub people: SmallCounty,
    /// True time, ms.
    pub at: i64,
    /// What happened so far.
    pub report: Report,
    faults: Faults,
    random: SplitMix,
    queue: BTreeMap<(i64, u64), Event>,
    queued: u64,
    backup: Option<Connection>,
    commands: u64,
    acting: bool,
    _dir: tempfile::TempDir,
}

const START: i64 = 1_790_000_000_000;

impl World {
    /// A county of `phones` phones from one seed.
    pub fn new(seed: u64, phones: usize, faults: Faults) -> Self {
        let mut random = SplitMix(seed);
        let people = SmallCounty::random(&mut random, 2, phones + 3);
        let server = Server::new(random.next_u64(), &people, Timestamp(START));
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let mut world = Self {
            server,
            phones: vec![],
            at: START,
            report: Report::default(),
            faults,
            queue: BTreeMap::new(),
            queued: 0,
            backup: None,
            commands: 0,
            acting: true,
            people,
            random,
            _dir: dir,
        };
        // Those with roles first: they have the most to do.
        let mut members: Vec<MemberId> = world.people.roles.iter().map(|role| role.0).collect();
        members.extend(world.people.members.iter().map(|member| member.0));
        let mut chosen: Vec<MemberId> = vec![];
        for member in members {
            if !chosen.contains(&member) && chosen.len() < phones {
                chosen.push(member);
            }
        }
        for (at, member) in chosen.into_iter().enumerate() {
            let place = world.people.members.iter().position(|other| other.0 == member).unwrap();
            let dir = world._dir.path().join(format!("phone-{at}"));
            world.phones.push(Phone::new(&mut world.random, member, number(place), dir));
            world.push_in(1 + at as i64, Event::Start { phone: at });
        }
        world
    }

    fn push_in(&mut self, ms: i64, event: Event) {
        self.queued += 1;
        self.queue.insert((self.at + ms, self.queued), event);
    }

    fn delay(&mut self) -> i64 {
        1 + (self.random.next_u64() % self.faults.delay_ms.max(1)) as i64
    }

    fn happens(&mut self, once_in: u64) -> bool {
        once_in > 0 && one_in(&mut self.random, once_in)
    }

    /// Lets `events` things happen while people act and faults strike; checks the invariants after each.
    pub fn live(&mut self, events: u64) {
        for _ in 0..events {
            if !self.next() {
                break;
            }
        }
    }

    /// Ends all faults and all acting, and lets the county come to rest: every phone exchanges until there is nothing to say.
    pub fn settle(&mut self) {
        self.faults = Faults::NONE;
        self.acting = false;
        for phone in 0..self.phones.len() {
            self.phones[phone].network = true;
            if self.phones[phone].on.is_none() {
                self.start(phone);
            }
            self.input(phone, Input::Host(HostEvent::Online));
        }
        for _ in 0..50 {
            self.run_for(2_000_000);
            let waiting: Vec<usize> = (0..self.phones.len()).filter(|phone| self.needs_sign_in(*phone)).collect();
            if waiting.is_empty() {
                break;
            }
            for phone in waiting {
                self.sign_in(phone);
            }
        }
        // Two rounds: what the first phones push in the first, the others pull in the second.
        for _ in 0..2 {
            self.run_for(1_200_000);
            for phone in 0..self.phones.len() {
                let command = self.command();
                self.input(phone, Input::Command(command, Command::Sync));
            }
        }
        self.run_for(1_200_000);
        self.check_converged();
    }

    fn run_for(&mut self, ms: i64) {
        let end = self.at + ms;
        while self.queue.first_key_value().is_some_and(|(key, _)| key.0 <= end) {
            self.next();
        }
        self.at = end;
    }

    fn next(&mut self) -> bool {
        let Some(((at, _), event)) = self.queue.pop_first() else { return false };
        self.at = self.at.max(at);
        self.report.steps += 1;
        match event {
            Event::Request { phone, run, id, request } => self.serve(phone, run, id, &request),
            Event::Input { phone, run, input } => {
                if self.phones[phone].run == run {
                    self.input(phone, *input);
                }
            }
            Event::Mirror { phone, run, id, task } => {
                if self.phones[phone].run == run && !self.maybe_crash(phone) {
                    let on = self.phones[phone].on.as_mut().unwrap();
                    let result = on.mirror.run(*task);
                    self.check_mirror(phone);
                    self.input(phone, Input::Applied(id, result));
                }
            }
            Event::Hints { phone, run, request } => {
                if self.phones[phone].run == run {
                    let feeds = self.server.subscribe(Timestamp(self.at), &request);
                    if feeds.is_none() {
                        self.push_in(5, Event::Input { phone, run, input: Box::new(Input::HintsClosed) });
                    }
                    self.phones[phone].hint_feeds = feeds;
                }
            }
            Event::Person { phone } => self.person(phone),
            Event::Start { phone } => {
                if self.phones[phone].on.is_none() {
                    self.start(phone);
                }
            }
        }
        true
    }

    fn start(&mut self, phone: usize) {
        self.phones[phone].start();
        self.check_all_recorded(phone);
        self.sign_in(phone);
        let wait = 100 + below(&mut self.random, 5_000) as i64;
        self.push_in(wait, Event::Person { phone });
    }

    /// With the password, or with the code: the person does not know which of them a lost reply or a restored server has
    /// made void, and tries one after the other.
    fn sign_in(&mut self, phone: usize) {
        let command = self.command();
        let login = self.phones[phone].login.clone();
        let member = self.phones[phone].member;
        let password = PASSWORD.to_owned();
        let command = if one_in(&mut self.random, 2) {
            Input::Command(command, Command::SignIn { login, password })
        } else {
            let code = self.server.codes.iter().find(|code| code.0 == member).unwrap().1.clone();
            Input::Command(command, Command::Activate { login, code, password })
        };
        self.input(phone, command);
    }

    fn needs_sign_in(&self, phone: usize) -> bool {
        self.phones[phone].on.as_ref().is_some_and(|on| on.engine.needs_sign_in())
    }

    fn command(&mut self) -> CmdId {
        self.commands += 1;
        CmdId(self.commands)
    }

    /// The program may die at any moment between two steps.
    fn maybe_crash(&mut self, phone: usize) -> bool {
        if !self.happens(self.faults.crash) {
            return false;
        }
        let reboot = one_in(&mut self.random, 3);
        let at = self.at;
        self.phones[phone].crash(at, reboot, &mut self.random);
        self.report.crashes += 1;
        let wait = 50 + below(&mut self.random, 20_000) as i64;
        self.push_in(wait, Event::Start { phone });
        true
    }

    fn input(&mut self, phone: usize, input: Input) {
        if self.phones[phone].on.is_none() || self.maybe_crash(phone) {
            return;
        }
        let now = self.phones[phone].now(self.at);
        let mut effects = vec![];
        let on = self.phones[phone].on.as_mut().unwrap();
        on.engine.step(now, &mut self.random, input, &mut effects);
        let before = self.phones[phone].recorded.len();
        for effect in effects {
            self.effect(phone, effect);
        }
        if self.phones[phone].recorded.len() > before {
            self.check_phone(phone);
        }
    }

    fn effect(&mut self, phone: usize, effect: Effect) {
        let run = self.phones[phone].run;
        match effect {
            Effect::Send(id, request) => {
                if !self.phones[phone].network || self.happens(self.faults.loss) {
                    let fault = Box::new(Input::Net(id, Err(NetFault::Timeout)));
                    self.push_in(10_000, Event::Input { phone, run, input: fault });
                    return;
                }
                if self.happens(self.faults.twice) {
                    let wait = self.delay() * 2;
                    let request = Box::new(request.clone());
                    self.push_in(wait, Event::Request { phone, run, id, request });
                }
                let wait = self.delay();
                self.push_in(wait, Event::Request { phone, run, id, request: Box::new(request) });
            }
            Effect::OpenHints(request) => {
                let wait = self.delay();
                self.push_in(wait, Event::Hints { phone, run, request: Box::new(request) });
            }
            Effect::CloseHints => self.phones[phone].hint_feeds = None,
            Effect::Sign(id, _, bytes) => {
                let signature = self.phones[phone].key.sign(&bytes).unwrap();
                self.push_in(1, Event::Input { phone, run, input: Box::new(Input::Signed(id, Ok(signature))) });
            }
            Effect::Mirror(id, task) => {
                self.push_in(1, Event::Mirror { phone, run, id, task: Box::new(task) });
            }
            Effect::Reply(_, Ok(Done::Recorded(op))) => {
                self.report.recorded += 1;
                self.phones[phone].recorded.push(op);
            }
            Effect::WakeAt(at) => {
                let wait = (at.0 - self.phones[phone].now(self.at).mono.0).max(1);
                self.push_in(wait, Event::Input { phone, run, input: Box::new(Input::Tick) });
            }
            Effect::Reply(..) | Effect::Notify(_) | Effect::Status(_) | Effect::Study(_) => {}
            Effect::Wipe => panic!("nobody revokes a phone in this simulation"),
        }
    }

    fn serve(&mut self, phone: usize, run: u64, id: ReqId, request: &Request) {
        if self.happens(self.faults.server_crash) {
            self.server.restart();
            for other in 0..self.phones.len() {
                self.phones[other].hint_feeds = None;
                let run = self.phones[other].run;
                self.push_in(20, Event::Input { phone: other, run, input: Box::new(Input::HintsClosed) });
            }
        }
        if self.happens(self.faults.restore)
            && let Some(backup) = self.backup.take()
        {
            self.server.restore(Timestamp(self.at), backup);
            self.report.restores += 1;
        }
        if self.faults.restore > 0 && one_in(&mut self.random, 200) {
            self.backup = Some(self.server.backup());
        }
        let answered = self.server.answer(Timestamp(self.at), request);
        self.check_reply(phone, &answered.response);
        for hint in &answered.hints {
            for other in 0..self.phones.len() {
                let held = self.phones[other].hint_feeds.as_ref().is_some_and(|feeds| feeds.contains(&hint.feed));
                // Hints may be lost: nothing depends on them.
                if held && !one_in(&mut self.random, 10) {
                    let run = self.phones[other].run;
                    let wait = self.delay();
                    let input = Box::new(Input::Hint(hint.feed, hint.seq));
                    self.push_in(wait, Event::Input { phone: other, run, input });
                }
            }
        }
        for member in &answered.regranted {
            for other in 0..self.phones.len() {
                if self.phones[other].member == *member && self.phones[other].hint_feeds.is_some() {
                    let run = self.phones[other].run;
                    self.push_in(5, Event::Input { phone: other, run, input: Box::new(Input::GrantHint) });
                }
            }
        }
        self.reply(phone, run, id, answered.response);
    }

    fn reply(&mut self, phone: usize, run: u64, id: ReqId, response: Response) {
        let lost = self.happens(self.faults.loss) || !self.phones[phone].network;
        let (wait, result) = if lost { (10_000, Err(NetFault::Timeout)) } else { (self.delay(), Ok(response)) };
        self.push_in(wait, Event::Input { phone, run, input: Box::new(Input::Net(id, result)) });
    }

    /// The person with this phone does something, likely or not.
    fn person(&mut self, phone: usize) {
        if !self.acting || self.phones[phone].on.is_none() {
            return;
        }
        let wait = 500 + below(&mut self.random, 20_000) as i64;
        self.push_in(wait, Event::Person { phone });
        if self.needs_sign_in(phone) {
            return self.sign_in(phone);
        }
        if one_in(&mut self.random, 6) {
            let network = !self.phones[phone].network;
            self.phones[phone].network = network;
            let event = if network { HostEvent::Online } else { HostEvent::Offline };
            return self.input(phone, Input::Host(event));
        }
        if let Some(action) = self.idea(phone) {
            let command = self.command();
            self.input(phone, Input::Command(command, Command::Act(action)));
        }
    }

    fn idea(&mut self, phone: usize) -> Option<Action> {
        let member = self.phones[phone].member;
        let notices = self.seen_notices(phone);
        let notice = (!notices.is_empty()).then(|| notices[below(&mut self.random, notices.len())].clone());
        match (below(&mut self.random, 10), notice) {
            (0..=2, _) => {
                let mine: Vec<OrgId> =
                    self.people.roles.iter().filter(|role| role.0 == member).map(|role| role.1).collect();
                let org = *mine.get(below(&mut self.random, mine.len()))?;
                let kind = self.people.orgs.iter().find(|other| other.0 == org)?.2;
                let scope = match kind {
                    OrgKind::Branch | OrgKind::MigrantBranch => NoticeScope::Branch,
                    _ => NoticeScope::Subtree,
                };
                let title = format!("通知 {}", self.report.recorded);
                Some(Action::PublishNotice(PublishNotice { org, scope, title, body: "请按时参加。".into() }))
            }
            (3..=5, Some(notice)) => Some(Action::ReadNotice(ReadNotice { notice: notice.id.into() })),
            (6, Some(notice)) => Some(Action::EditNotice(EditNotice {
                notice: notice.id.into(),
                base_version: notice.version,
                title: format!("改 {}", self.report.recorded),
                body: "时间有变。".into(),
            })),
            (7, Some(notice)) => Some(Action::WithdrawNotice(WithdrawNotice {
                notice: notice.id.into(),
                base_version: notice.version,
                reason: "重复发布".into(),
            })),
            (8, _) => {
                let (moved, from) = self.people.members[below(&mut self.random, self.people.members.len())];
                let branches: Vec<OrgId> =
                    self.people.orgs.iter().filter(|org| org.2 == OrgKind::Branch).map(|org| org.0).collect();
                let to = branches[below(&mut self.random, branches.len())];
                let from = self.seen_branch(phone, moved).unwrap_or(from);
                self.report.moves += 1;
                Some(Action::MoveMember(MoveMember { member: moved, from, to }))
            }
            (9, _) => {
                let org = self.people.orgs[below(&mut self.random, self.people.orgs.len())].0;
                let open = one_in(&mut self.random, 2);
                Some(Action::OpenLedger(OpenLedger { org, open }))
            }
            _ => None,
        }
    }

    fn seen_notices(&self, phone: usize) -> Vec<Notice> {
        let mut reader = dangjian_store::Reader::open(&self.phones[phone].files).unwrap();
        reader
            .read(|snapshot| snapshot.rows(Notice::TABLE, "1 ORDER BY id", []))
            .unwrap()
            .iter()
            .map(|row| Notice::from_row(row).unwrap())
            .collect()
    }

    fn seen_branch(&self, phone: usize, member: MemberId) -> Option<OrgId> {
        let mut reader = dangjian_store::Reader::open(&self.phones[phone].files).unwrap();
        let row = reader.read(|snapshot| snapshot.row(dangjian_domain::rows::Member::TABLE, member.0)).unwrap()?;
        Some(dangjian_domain::rows::Member::from_row(&row).unwrap().org)
    }
}

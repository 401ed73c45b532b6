//! A phone: keys, a session, a chain, and two apps. The genuine one is the timer of the product with somebody in front of
//! it; the modified one signs whatever it is told to.

use std::cell::RefCell;

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, RowId};
use dangjian_domain::op::{Action, CheckAnswer, RecordStudy, SignInToday, Span};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::StudyItem;
use dangjian_domain::study::checks;
use dangjian_domain::study::timer::{Announcement, Event, Start, State, Timer};
use dangjian_domain::time::{BootId, Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Request};
use dangjian_protocol::limits;
use dangjian_protocol::message::{
    self, AskLease, AskNonce, BootReading, Cursor, Enrol, Enrolled, Head, LeaseGranted, Message, Nonce, OpenSession,
    Push, Session, SyncReply, SyncRequest, Verdict,
};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, HEAD_CONTEXT, SESSION_CONTEXT, SoftwareKey, Unsigned, contextual};

use super::world::{Service, World, answer, plain, right};

pub(crate) struct Phone {
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) key: SoftwareKey,
    pub(crate) deployment: DeploymentId,
    pub(crate) session: SessionKey,
    session_from: Timestamp,
    pub(crate) next_seq: u64,
    pub(crate) link: Link,
    pub(crate) random: SplitMix,
    /// The run of the phone, and when it was switched on by the server's clock.
    pub(crate) boot: BootId,
    pub(crate) booted_at: Timestamp,
    /// What it says its boot clock shows at an exchange; an old app says nothing.
    pub(crate) clock: Clock,
    /// What is to be handed in.
    pub(crate) outbox: Vec<Vec<u8>>,
}

/// What a phone says of its boot clock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    True,
    /// As app versions before the field.
    Silent,
    Forged(BootId, u64),
}

/// What the shell says about the item.
#[derive(Clone, Copy)]
pub(crate) struct Sight {
    pub(crate) foreground: bool,
    pub(crate) visible: bool,
    pub(crate) lit: bool,
    pub(crate) playing: bool,
}

/// Somebody looks at it, and it plays.
pub(crate) const IN_VIEW: Sight = Sight { foreground: true, visible: true, lit: true, playing: true };

/// How the checks are answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// By somebody who read, after eight seconds.
    Right,
    /// By a tap on any choice.
    ByChance,
    Never,
}

/// One visit to an item with the genuine app.
pub(crate) struct Visit {
    pub(crate) item: StudyItem,
    pub(crate) sight: Sight,
    pub(crate) answers: Answers,
    /// Touches, ms after the item was opened.
    pub(crate) touches: Vec<i64>,
    /// Whether the server's lease is asked for.
    pub(crate) online: bool,
    pub(crate) lasts_ms: i64,
}

impl Visit {
    /// In view of a reader who answers, online.
    pub(crate) fn read(item: StudyItem, lasts_ms: i64) -> Self {
        Self { item, sight: IN_VIEW, answers: Answers::Right, touches: vec![], online: true, lasts_ms }
    }
}

impl Phone {
    /// Enrolled, with a session, switched on an hour ago.
    pub(crate) fn new(service: &mut impl Service, member: MemberId, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let key = SoftwareKey::generate(&mut random);
        Self::with_key(service, member, key, random)
    }

    pub(crate) fn with_key(
        service: &mut impl Service,
        member: MemberId,
        key: SoftwareKey,
        mut random: SplitMix,
    ) -> Self {
        let device = RowId::v7(service.now().0, random.bytes()).into();
        let mut phone = Self::switched_off(service.now(), member, device, key, random);
        phone.enrol(service).unwrap();
        phone.open_session(service).unwrap();
        phone
    }

    /// Not enrolled yet.
    pub(crate) fn switched_off(
        now: Timestamp,
        member: MemberId,
        device: DeviceId,
        key: SoftwareKey,
        mut random: SplitMix,
    ) -> Self {
        let boot = BootId(random.bytes());
        Self {
            member,
            device,
            key,
            deployment: RowId([0; 16]).into(),
            session: SessionKey { token: vec![], key: [0; 32] },
            session_from: now,
            next_seq: 1,
            link: Link::FIRST,
            random,
            boot,
            booted_at: now.plus_ms(-3_600_000),
            clock: Clock::True,
            outbox: vec![],
        }
    }

    pub(crate) fn enrol(&mut self, service: &mut impl Service) -> Result<(), ErrorCode> {
        let ticket = service.ticket(self.member);
        let signature = self.key.sign(&contextual(ENROL_CONTEXT, &ticket.0)).unwrap();
        let ask = Enrol {
            ticket,
            device: self.device,
            silent_key: Bytes(self.key.public().as_bytes().to_vec()),
            presence_key: None,
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: "手机".into(),
        };
        self.deployment = service.post::<_, Enrolled>("/v1/devices", &ask)?.deployment;
        Ok(())
    }

    pub(crate) fn open_session(&mut self, service: &mut impl Service) -> Result<(), ErrorCode> {
        let nonce: Nonce = service.post("/v1/session/nonce", &AskNonce { device: self.device })?;
        let signature = self.key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        let ask = OpenSession {
            device: self.device,
            key: Bytes(self.key.public().id().0.to_vec()),
            nonce: nonce.nonce,
            signature: Bytes(signature.as_bytes().to_vec()),
        };
        let session: Session = service.post("/v1/session", &ask)?;
        self.session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        self.session_from = service.now();
        Ok(())
    }

    /// A request proved with this phone's session.
    pub(crate) fn request<M: Message>(&self, now: Timestamp, path: &str, question: &M) -> Request {
        let body = message::encode(question, Encoding::Cbor);
        let proof = Some(prove(&self.session, Method::Post, path, &body, now.0 / 1_000));
        Request { proof, ..plain(path, body) }
    }

    fn ask<Q: Message, A: Message>(
        &mut self,
        service: &mut impl Service,
        path: &str,
        question: &Q,
    ) -> Result<A, ErrorCode> {
        if service.now().ms_since(self.session_from) > limits::SESSION_MS / 2 {
            self.open_session(service)?;
        }
        let request = self.request(service.now(), path, question);
        answer(&service.send(&request))
    }

    /// The boot clock now, ms.
    pub(crate) fn reading(&self, now: Timestamp) -> i64 {
        now.ms_since(self.booted_at)
    }

    pub(crate) fn lease(&mut self, service: &mut impl Service, item: RowId) -> Vec<u8> {
        self.ask::<_, LeaseGranted>(service, "/v1/study/lease", &AskLease { item }).unwrap().lease.0
    }

    pub(crate) fn question(&self, now: Timestamp, push: Option<Push>) -> SyncRequest {
        let reading = |boot: BootId, ms| Some(BootReading { boot: Bytes(boot.0.to_vec()), ms });
        let clock = match self.clock {
            Clock::True => reading(self.boot, self.reading(now) as u64),
            Clock::Silent => None,
            Clock::Forged(boot, ms) => reading(boot, ms),
        };
        let cursor = Cursor { history: 0, grant: 0, feeds: vec![] };
        SyncRequest { cursor, push, max_rows: 0, check: false, clock }
    }

    /// One exchange.
    pub(crate) fn exchange(&mut self, service: &mut impl Service, push: Option<Push>) -> Result<SyncReply, ErrorCode> {
        let question = self.question(service.now(), push);
        self.ask(service, "/v1/sync", &question)
    }

    /// A push in good order, and the link after it.
    pub(crate) fn signed(&self, first_seq: u64, before: Link, ops: &[Vec<u8>]) -> (Push, Link) {
        self.signed_by(&self.key, first_seq, before, ops)
    }

    pub(crate) fn signed_by(&self, key: &SoftwareKey, first_seq: u64, before: Link, ops: &[Vec<u8>]) -> (Push, Link) {
        let numbered = (first_seq..).zip(ops);
        let link = numbered.fold(before, |link, (seq, op)| link.next(self.deployment, self.device, seq, op));
        let to_seq = first_seq + ops.len() as u64 - 1;
        let head = Head { deployment: self.deployment, device: self.device, to_seq, link };
        let payload = message::encode(&head, Encoding::Cbor);
        let unsigned = Unsigned::new(HEAD_CONTEXT, self.deployment, key.public().id(), payload);
        let signature = key.sign(unsigned.to_be_signed()).unwrap();
        let ops = ops.iter().cloned().map(Bytes).collect();
        (Push { first_seq, ops, head: Bytes(unsigned.finish(&signature)) }, link)
    }

    /// Pushes these as the next of the chain, in one push.
    pub(crate) fn push(&mut self, service: &mut impl Service, ops: &[Vec<u8>]) -> Vec<Verdict> {
        let (push, link) = self.signed(self.next_seq, self.link, ops);
        let reply = self.exchange(service, Some(push)).unwrap();
        assert_eq!(reply.verdicts.len(), ops.len());
        (self.next_seq, self.link) = (self.next_seq + ops.len() as u64, link);
        reply.verdicts
    }

    /// Hands in all that waits, in pushes as full as they can be: one with room left says that there is no more.
    pub(crate) fn hand_in(&mut self, service: &mut impl Service) -> Vec<Verdict> {
        let outbox = std::mem::take(&mut self.outbox);
        let mut verdicts = vec![];
        let mut rest = &outbox[..];
        while !rest.is_empty() {
            let fits = |count: &usize| rest[..*count].iter().map(Vec::len).sum::<usize>() <= limits::PUSH_BYTES;
            let count = (1..=rest.len().min(limits::PUSH_OPS)).take_while(fits).last().unwrap();
            verdicts.extend(self.push(service, &rest[..count]));
            rest = &rest[count..];
        }
        verdicts
    }

    /// The operation for `action`, the next after what waits.
    pub(crate) fn operation(&mut self, at: Instant, action: &Action) -> Operation {
        let seq = self.next_seq + self.outbox.len() as u64;
        let id = RowId::v7(at.earliest().0, self.random.bytes()).into();
        Operation::new(id, seq, self.member, at, action)
    }

    /// Puts `action` to what waits.
    pub(crate) fn note(&mut self, now: Timestamp, action: &Action) {
        let op = self.operation(Instant::Anchored(now), action).encode();
        self.outbox.push(op);
    }

    /// Does something and hands it in with all that waits.
    pub(crate) fn act(&mut self, service: &mut impl Service, action: &Action) -> Verdict {
        self.note(service.now(), action);
        self.hand_in(service).pop().unwrap()
    }

    /// Hands these records in; the verdicts.
    pub(crate) fn claim(&mut self, service: &mut impl Service, records: &[RecordStudy]) -> Vec<Verdict> {
        for record in records {
            self.note(service.now(), &Action::RecordStudy(record.clone()));
        }
        self.hand_in(service)
    }

    /// The member opens the app: the day's sign-in waits to be handed in.
    pub(crate) fn sign_in_today(&mut self, now: Timestamp) {
        let sign_in = SignInToday { boot: self.boot, at_ms: self.reading(now) as u64 };
        self.note(now, &Action::SignInToday(sign_in));
    }

    /// Studies with the genuine app, then hands in.
    pub(crate) fn visit(&mut self, world: &mut World, visit: &Visit) {
        self.study(world, visit);
        self.hand_in(world);
    }

    /// Studies with the genuine app; time goes on. The segments wait to be handed in. The records, for whoever copies them.
    pub(crate) fn study(&mut self, world: &mut World, visit: &Visit) -> Vec<RecordStudy> {
        let begins = self.reading(world.now);
        let lease = visit.online.then(|| self.lease(world, visit.item.id));
        let before = world.before(self.member, visit.item.id);
        let records = self.observe(visit, begins, lease, before);
        world.pass(visit.lasts_ms);
        for record in &records {
            self.note(world.now, &Action::RecordStudy(record.clone()));
        }
        records
    }

    /// What the genuine app observes from this reading of the boot clock on.
    pub(crate) fn observe(
        &mut self,
        visit: &Visit,
        begins: i64,
        lease: Option<Vec<u8>>,
        (credited_before_ms, checked): (i64, checks::Checked),
    ) -> Vec<RecordStudy> {
        let rules = rules();
        let start = Start {
            session: RowId(self.random.bytes()),
            item: visit.item.id,
            kind: visit.item.kind,
            length_ms: visit.item.length_ms,
            credited_before_ms,
            checks: visit.item.checks.try_into().unwrap(),
            seed: checks::seed(self.member, visit.item.id),
            checked,
            lease,
            boot: self.boot,
            heartbeat_ms: rules.heartbeat_ms,
            segment_ms: rules.segment_ms,
            max_gap_ms: rules.max_gap_ms,
            check_times: rules.checks,
        };
        let timer = RefCell::new(Timer::start(start, begins));
        let done = RefCell::new(vec![]);
        let shown = RefCell::new(None);
        let step = |at: i64, event| {
            let step = timer.borrow_mut().step(at, event);
            done.borrow_mut().extend(step.done);
            if let Some(Announcement::CheckShown(check)) = step.announce {
                *shown.borrow_mut() = Some((at + 8_000, check));
            }
        };
        let Sight { foreground, visible, lit, playing } = visit.sight;
        for event in
            [Event::Foreground(foreground), Event::Visible(visible), Event::Screen(lit), Event::Playing(playing)]
        {
            step(begins, event);
        }
        let ends = begins + visit.lasts_ms;
        let mut touches = visit.touches.iter().map(|at| begins + at).take_while(|at| *at < ends).peekable();
        let mut at = begins;
        while at < ends {
            let wake = timer.borrow().view(at).next_wake_ms.filter(|wake| *wake > at);
            let answer = (*shown.borrow()).filter(|_| visit.answers != Answers::Never);
            let touch = touches.peek().copied();
            let next = [Some(at + 30_000), wake, answer.map(|answer| answer.0), touch];
            at = next.into_iter().flatten().min().unwrap().min(ends);
            if let Some((_, check)) = answer.filter(|answer| answer.0 == at) {
                let choice = match visit.answers {
                    Answers::Right => right(visit.item.id, check),
                    _ => (self.random.next_u64() % 3) as u8,
                };
                assert_eq!(timer.borrow().view(at).state, State::Check(check));
                *shown.borrow_mut() = None;
                step(at, Event::Answer { choice });
            } else if touches.next_if_eq(&at).is_some() {
                step(at, Event::Input);
            } else {
                step(at, Event::Tick);
            }
        }
        step(ends, Event::Stop);
        done.into_inner()
    }

    /// What a modified app says: `ms` from this reading of a boot's clock on the item was in view, with heartbeats, in as
    /// many segments as it takes. `answers`: with an answer to each check every half minute, by chance.
    pub(crate) fn forge(
        &mut self,
        item: &StudyItem,
        (boot, from_ms): (BootId, i64),
        ms: i64,
        answers: bool,
    ) -> Vec<RecordStudy> {
        let session = RowId(self.random.bytes());
        let segment_ms = rules().segment_ms;
        let mut records = vec![];
        let mut from = 0;
        while from < ms {
            let to_ms = (ms - from).min(segment_ms) as u32;
            let beats: Vec<u32> = (0..=to_ms).step_by(30_000).collect();
            let mut checks = vec![];
            if answers && item.checks > 0 {
                for at_ms in &beats {
                    let choice = (self.random.next_u64() % 3) as u8;
                    checks.extend((0..item.checks as u8).map(|check| CheckAnswer { at_ms: *at_ms, check, choice }));
                }
            }
            let (item, from_ms) = (item.id, (from_ms + from) as u64);
            let spans = vec![Span { from_ms: 0, to_ms }];
            records.push(RecordStudy {
                session,
                item,
                lease: None,
                boot,
                from_ms,
                spans,
                beats,
                inputs: vec![],
                checks,
            });
            from += segment_ms;
        }
        records
    }

    /// The same, of this boot, having ended now.
    pub(crate) fn forge_until_now(
        &mut self,
        now: Timestamp,
        item: &StudyItem,
        ms: i64,
        answers: bool,
    ) -> Vec<RecordStudy> {
        let place = (self.boot, self.reading(now) - ms);
        self.forge(item, place, ms, answers)
    }
}

/// The rules of study.
pub(crate) fn rules() -> dangjian_domain::points::rules::StudyRules {
    RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study
}

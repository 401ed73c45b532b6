//! A small county with something to study, its server in this process, and phones as far as the server can tell: keys,
//! sessions, boot clocks and chains, every push signed.

use std::collections::BTreeMap;

use dangjian_county::load::load_catalogue;
use dangjian_county::{Config, County, PasswordCost, Sqlite, load};
use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::rows::{
    ItemCategory, ItemKind, Member, MemberStatus, OrgKind, Organization, Role, RoleGrant, RuleSetRow, Standing,
    StudyItem, Synced as _,
};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::study::content::{BankQuestion, Catalogue};
use dangjian_domain::time::{BootId, CivilDay, Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Request, Response};
use dangjian_protocol::message::{
    self, Activate, AskLease, AskNonce, BootReading, Cursor, Enrol, Enrolled, FeedPosition, Head, LeaseGranted,
    Message, Nonce, OpenSession, Push, Session, SignedIn, SyncReply, SyncRequest, Verdict,
};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random as _, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, HEAD_CONTEXT, SESSION_CONTEXT, SoftwareKey, Unsigned, contextual};
use rusqlite::Connection;

pub mod plan;

/// Which county.
pub const DEPLOYMENT: DeploymentId = DeploymentId(RowId([0xde; 16]));
/// The county's committee.
pub const COUNTY: OrgId = OrgId(RowId([1; 16]));
/// A township's.
pub const TOWNSHIP: OrgId = OrgId(RowId([2; 16]));
/// The branch where everybody studies.
pub const BRANCH: OrgId = OrgId(RowId([3; 16]));
/// Another, in another township: the officer's and the secretary's.
pub const ELSEWHERE: OrgId = OrgId(RowId([5; 16]));
/// An officer of the county.
pub const OFFICER: MemberId = MemberId(RowId([0x41; 16]));
/// A reviewer of the township.
pub const REVIEWER: MemberId = MemberId(RowId([0x42; 16]));
/// The secretary of the other branch.
pub const SECRETARY: MemberId = MemberId(RowId([0x43; 16]));

/// The nth of those who study.
pub fn learner(n: usize) -> MemberId {
    MemberId(RowId(((0x50_u128 << 120) + n as u128).to_be_bytes()))
}

/// Something to study; `n` makes it known.
pub fn item(n: u8, kind: ItemKind, length_ms: i64, checks: i64) -> StudyItem {
    StudyItem {
        id: RowId([0xa0 + n; 16]),
        version: 0,
        county: COUNTY,
        kind,
        category: ItemCategory::ALL[0],
        title: format!("学习材料 {n}"),
        source: "县委组织部".into(),
        length_ms,
        published_on: CivilDay(20_000),
        required_month: None,
        content: "00".repeat(32),
        content_bytes: 0,
        checks,
    }
}

fn rows(learners: usize) -> Vec<Row> {
    let organization = |id: OrgId, parent: Option<OrgId>, kind: OrgKind| {
        let name = format!("党组织 {}", id.0.0[0]);
        Organization { id: id.0, version: 0, county: COUNTY, parent, kind, name, area_code: None, city: None }.to_row()
    };
    let member = |id: MemberId, org: OrgId, number: String| {
        let (standing, status) = (Standing::Full, MemberStatus::Active);
        Member { id: id.0, version: 0, org, name: format!("党员 {number}"), number, standing, status, migrant: false }
            .to_row()
    };
    let role = |member: MemberId, org: OrgId, role: Role| {
        let id = RowId::derived("role", &[member.0, org.0]);
        RoleGrant { id, version: 0, member, org, role, since: CivilDay(20_000) }.to_row()
    };
    let mut rows = vec![
        organization(COUNTY, None, OrgKind::CountyCommittee),
        organization(TOWNSHIP, Some(COUNTY), OrgKind::PartyCommittee),
        organization(OrgId(RowId([4; 16])), Some(COUNTY), OrgKind::PartyCommittee),
        organization(BRANCH, Some(TOWNSHIP), OrgKind::Branch),
        organization(ELSEWHERE, Some(OrgId(RowId([4; 16]))), OrgKind::Branch),
        member(OFFICER, ELSEWHERE, "O1".into()),
        member(REVIEWER, ELSEWHERE, "R1".into()),
        member(SECRETARY, ELSEWHERE, "S1".into()),
        role(OFFICER, COUNTY, Role::Officer),
        role(REVIEWER, TOWNSHIP, Role::Reviewer),
        role(SECRETARY, ELSEWHERE, Role::Secretary),
    ];
    rows.extend((0..learners).map(|n| member(learner(n), BRANCH, format!("L{n:06}"))));
    rows
}

/// The quiz bank and the right answers of checks: always the first choice.
fn catalogue(items: &[StudyItem]) -> Catalogue {
    let question = |n: usize| BankQuestion {
        text: format!("第 {n} 题"),
        choices: ["甲", "乙", "丙", "丁"].map(|choice| format!("{choice}{n}")).to_vec(),
        right: (n % 4) as u8,
        why: "见党章".into(),
    };
    let questions =
        (0..20).map(|n| (format!("q{n:03}"), serde_json::to_string(&question(n)).unwrap())).collect::<Vec<_>>();
    let answers = items.iter().flat_map(|item| (0..item.checks as u8).map(|check| (item.id, check, 0, 3))).collect();
    Catalogue { contents: vec![], answers, questions }
}

/// The server, its database and its clock.
pub struct Office {
    county: County,
    /// The database.
    pub conn: Connection,
    /// The server's time.
    pub now: Timestamp,
    random: SplitMix,
    codes: BTreeMap<MemberId, String>,
}

impl Office {
    /// A county with this many learners, these items and these rule sets, in a database that is empty so far.
    pub fn new(conn: Connection, now: Timestamp, learners: usize, items: &[StudyItem], rules: &[String]) -> Self {
        let (mut random, mut codes) = (SplitMix(7), BTreeMap::new());
        let mut rows = rows(learners);
        rows.extend(items.iter().map(|item| item.to_row()));
        rows.extend(rules.iter().map(|text| RuleSetRow::of(COUNTY, text).unwrap().to_row()));
        conn.execute_batch("BEGIN").unwrap();
        let mut db = Sqlite(&conn);
        County::create_schema(&mut db).unwrap();
        load(&mut db, &rows, now, &mut random, &mut |_, _| {}, &mut |member, code| {
            codes.insert(member, code.to_owned());
        })
        .unwrap();
        load_catalogue(&mut db, &catalogue(items)).unwrap();
        conn.execute_batch("COMMIT").unwrap();
        let county = County::new(Config {
            deployment: DEPLOYMENT,
            secret: [9; 32],
            boot: [1; 16],
            key: SoftwareKey::generate(&mut random),
            slot_ms: 60_000,
            passwords: PasswordCost::LEAST,
        });
        Self { county, conn, now, random, codes }
    }

    /// One in memory.
    pub fn in_memory(now: Timestamp, learners: usize, items: &[StudyItem], rules: &[String]) -> Self {
        Self::new(dangjian_county::sqlite::open_in_memory().unwrap(), now, learners, items, rules)
    }

    /// Time goes by.
    pub fn pass_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// Answers a request in a savepoint of its own, as the writer does.
    pub fn send(&mut self, request: &Request) -> Response {
        let mut db = Sqlite(&self.conn);
        let admitted = match self.county.admit(self.now, request, "", &mut db) {
            Ok(admitted) => admitted,
            Err(response) => return response,
        };
        self.conn.execute_batch("SAVEPOINT one").unwrap();
        let handled = self.county.handle(self.now, &mut self.random, admitted, &mut db);
        self.conn.execute_batch(if handled.failed { "ROLLBACK TO one; RELEASE one" } else { "RELEASE one" }).unwrap();
        handled.response
    }

    fn post<Q: Message, A: Message>(&mut self, path: &str, body: &Q) -> Result<A, ErrorCode> {
        answer(&self.send(&request(path, message::encode(body, Encoding::Cbor))))
    }

    /// Writes rows as jobs and tools do.
    pub fn change(&mut self, rows: &[Row], removed: &[(&'static Table, RowId)]) {
        self.conn.execute_batch("SAVEPOINT change").unwrap();
        County::change(self.now, rows, removed, &mut Sqlite(&self.conn)).unwrap();
        self.conn.execute_batch("RELEASE change").unwrap();
    }

    /// A phone of `member`, enrolled and switched on an hour ago.
    pub fn phone(&mut self, member: MemberId) -> Phone {
        let sql = "SELECT number FROM member WHERE id = ?1";
        let login: String = self.conn.query_row(sql, [member.0.0], |row| row.get(0)).unwrap();
        let password = "枧头河水 2026".to_owned();
        let signed_in: SignedIn = match self.codes.remove(&member) {
            Some(code) => self.post("/v1/activate", &Activate { login, code, password }).unwrap(),
            None => self.post("/v1/sign-in", &message::SignIn { login, password }).unwrap(),
        };
        let key = SoftwareKey::generate(&mut self.random);
        let device = DeviceId(RowId(self.random.bytes()));
        let signature = key.sign(&contextual(ENROL_CONTEXT, &signed_in.ticket.0)).unwrap();
        let enrol = Enrol {
            ticket: signed_in.ticket,
            device,
            silent_key: Bytes(key.public().as_bytes().to_vec()),
            presence_key: None,
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: "红米".into(),
        };
        let _: Enrolled = self.post("/v1/devices", &enrol).unwrap();
        let mut phone = Phone {
            member,
            device,
            key,
            session: SessionKey { token: vec![], key: [0; 32] },
            session_ends: Timestamp(0),
            random: SplitMix(self.random.next_u64()),
            next_seq: 1,
            link: Link::FIRST,
            boot: BootId([0; 16]),
            zero: self.now.plus_ms(-3_600_000),
            history: 0,
            grant: 0,
            positions: BTreeMap::new(),
        };
        phone.boot = BootId(phone.random.bytes());
        phone
    }

    /// What a query counts.
    pub fn count(&self, sql: &str) -> i64 {
        self.conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn request(path: &str, body: Vec<u8>) -> Request {
    let (content_type, accept) = (Encoding::Cbor, Encoding::Cbor);
    Request { method: Method::Post, path: path.to_owned(), content_type, accept, proof: None, body }
}

/// The message of a reply, or its error.
pub fn answer<A: Message>(response: &Response) -> Result<A, ErrorCode> {
    if response.status == 200 {
        return Ok(message::decode(&response.body, response.content_type).unwrap());
    }
    let error: ApiError = message::decode(&response.body, response.content_type).unwrap();
    assert_eq!(response.status, error.code.status());
    Err(error.code)
}

/// A phone as far as the server can tell.
pub struct Phone {
    /// Whose.
    pub member: MemberId,
    /// Its id.
    pub device: DeviceId,
    /// What it signs with.
    pub key: SoftwareKey,
    session: SessionKey,
    session_ends: Timestamp,
    random: SplitMix,
    /// The number of the next operation.
    pub next_seq: u64,
    /// The link after the last.
    pub link: Link,
    /// The run of the phone.
    pub boot: BootId,
    /// Server time at the zero of its boot clock.
    pub zero: Timestamp,
    history: u64,
    grant: u64,
    positions: BTreeMap<u64, (u32, u64)>,
}

impl Phone {
    /// What its boot clock says at that time, ms.
    pub fn reading(&self, at: Timestamp) -> u64 {
        at.ms_since(self.zero).unsigned_abs()
    }

    /// It is switched off, and on again at `at`.
    pub fn restart(&mut self, at: Timestamp) {
        self.boot = BootId(self.random.bytes());
        self.zero = at;
    }

    /// An operation done at `at`, as the `seq`-th of the chain.
    pub fn operation(&mut self, seq: u64, at: Timestamp, action: &Action) -> Operation {
        let id = OpId(RowId::v7(at.0, self.random.bytes()));
        Operation::new(id, seq, self.member, Instant::Anchored(at), action)
    }

    /// A push of these bytes after `link`, signed, and the link after them.
    pub fn signed(&self, first_seq: u64, mut link: Link, ops: &[Vec<u8>]) -> (Push, Link) {
        for (seq, op) in (first_seq..).zip(ops) {
            link = link.next(DEPLOYMENT, self.device, seq, op);
        }
        let to_seq = first_seq + ops.len() as u64 - 1;
        let head = Head { deployment: DEPLOYMENT, device: self.device, to_seq, link };
        let payload = message::encode(&head, Encoding::Cbor);
        let unsigned = Unsigned::new(HEAD_CONTEXT, DEPLOYMENT, self.key.public().id(), payload);
        let signature = self.key.sign(unsigned.to_be_signed()).unwrap();
        let head = Bytes(unsigned.finish(&signature));
        (Push { first_seq, ops: ops.iter().cloned().map(Bytes).collect(), head }, link)
    }

    fn open_session(&mut self, office: &mut Office) {
        if office.now < self.session_ends {
            return;
        }
        let nonce: Nonce = office.post("/v1/session/nonce", &AskNonce { device: self.device }).unwrap();
        let signature = self.key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        let opening = OpenSession {
            device: self.device,
            key: Bytes(self.key.public().id().0.to_vec()),
            nonce: nonce.nonce,
            signature: Bytes(signature.as_bytes().to_vec()),
        };
        let session: Session = office.post("/v1/session", &opening).unwrap();
        self.session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        self.session_ends = session.expires_at;
    }

    /// A proven request with this body.
    pub fn request<Q: Message>(&mut self, office: &mut Office, path: &str, body: &Q) -> Request {
        self.open_session(office);
        let body = message::encode(body, Encoding::Cbor);
        let proof = prove(&self.session, Method::Post, path, &body, office.now.0 / 1_000);
        Request { proof: Some(proof), ..request(path, body) }
    }

    /// An exchange with this push, showing the boot clock.
    pub fn exchange(&mut self, office: &mut Office, push: Option<Push>) -> Request {
        let at = |(feed, (generation, seq)): (&u64, &(u32, u64))| FeedPosition {
            feed: *feed,
            generation: *generation,
            seq: *seq,
        };
        let cursor =
            Cursor { history: self.history, grant: self.grant, feeds: self.positions.iter().map(at).collect() };
        let clock = BootReading { boot: Bytes(self.boot.0.to_vec()), ms: self.reading(office.now) };
        let sync = SyncRequest { cursor, push, max_rows: 1_000, check: false, clock: Some(clock) };
        self.request(office, "/v1/sync", &sync)
    }

    /// Remembers where a reply leaves it.
    pub fn take(&mut self, reply: &SyncReply) {
        self.history = reply.history;
        if let Some(grant) = &reply.grant {
            self.grant = grant.number;
            self.positions.retain(|no, _| grant.feeds.iter().any(|feed| feed.feed == *no));
        }
        for advance in reply.page.iter().flat_map(|page| page.open().unwrap().advance) {
            self.positions.insert(advance.feed, (advance.generation, advance.seq));
        }
    }

    /// Sends a push and gives the reply.
    pub fn sync(&mut self, office: &mut Office, push: Option<Push>) -> Result<SyncReply, ErrorCode> {
        let request = self.exchange(office, push);
        let reply: SyncReply = answer(&office.send(&request))?;
        self.take(&reply);
        Ok(reply)
    }

    /// The next push of the chain, of things done now.
    pub fn next_push(&mut self, now: Timestamp, actions: &[Action]) -> Push {
        let ops: Vec<Vec<u8>> =
            (self.next_seq..).zip(actions).map(|(seq, action)| self.operation(seq, now, action).encode()).collect();
        let (push, link) = self.signed(self.next_seq, self.link, &ops);
        self.next_seq += ops.len() as u64;
        self.link = link;
        push
    }

    /// Hands in what was done and gives the verdicts.
    pub fn push(&mut self, office: &mut Office, actions: &[Action]) -> Vec<Verdict> {
        let push = self.next_push(office.now, actions);
        let reply = self.sync(office, Some(push)).unwrap();
        assert_eq!((reply.chain.next_seq, reply.chain.link), (self.next_seq, self.link));
        assert_eq!(reply.verdicts.len(), actions.len());
        reply.verdicts
    }

    /// Hands in one thing.
    pub fn act(&mut self, office: &mut Office, action: &Action) -> Verdict {
        self.push(office, std::slice::from_ref(action)).remove(0)
    }

    /// Asks for a lease.
    pub fn lease(&mut self, office: &mut Office, item: RowId) -> Result<Vec<u8>, ErrorCode> {
        let request = self.request(office, "/v1/study/lease", &AskLease { item });
        let granted: LeaseGranted = answer(&office.send(&request))?;
        Ok(granted.lease.0)
    }

    /// Pulls until there is no more.
    pub fn pull(&mut self, office: &mut Office) {
        while self.sync(office, None).unwrap().more {}
    }
}

//! A county at the server in this process, its clock driven: one branch, its officers, what there is to study.

use std::collections::BTreeMap;

use dangjian_county::load::load_catalogue;
use dangjian_county::{Config, County, PasswordCost, Sqlite, load, sqlite};
use dangjian_domain::id::{DeploymentId, MemberId, OrgId, RowId};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{
    ItemCategory, ItemKind, ItemProgress, Member, MemberStatus, OrgKind, Organization, Role, RoleGrant, RuleSetRow,
    Standing, StudyItem, Synced,
};
use dangjian_domain::schema::Row;
use dangjian_domain::study::checks::Checked;
use dangjian_domain::study::content::{BankQuestion, Catalogue};
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Request, Response};
use dangjian_protocol::message::{self, Activate, Message, SignIn, SignedIn};
use dangjian_protocol::random::SplitMix;
use dangjian_protocol::sign::SoftwareKey;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "枧头河水 2026";
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// The committee of the county.
pub(crate) const COUNTY: OrgId = OrgId(RowId([1; 16]));
const TOWNSHIP: OrgId = OrgId(RowId([2; 16]));
/// The branch of everybody.
pub(crate) const BRANCH: OrgId = OrgId(RowId([3; 16]));

/// The officer of the county.
pub(crate) const OFFICER: MemberId = member(1);
/// The reviewer of the township.
pub(crate) const REVIEWER: MemberId = member(2);
/// The secretary of the branch.
pub(crate) const SECRETARY: MemberId = member(3);
/// Who cheats or does not.
pub(crate) const ME: MemberId = member(10);
/// Another member of the branch.
pub(crate) const FRIEND: MemberId = member(11);

/// The `n`-th member; those from 10 on have no role.
pub(crate) const fn member(n: u16) -> MemberId {
    let [high, low] = n.to_be_bytes();
    MemberId(RowId([9, high, low, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]))
}

/// The member number of the `n`-th member.
fn number(n: u16) -> String {
    format!("4311{n:08}")
}

/// What is asked of a server, in this process or over HTTP.
pub(crate) trait Service {
    /// The time there.
    fn now(&self) -> Timestamp;
    /// Its answer.
    fn send(&mut self, request: &Request) -> Response;
    /// Login and activation code of `member`.
    fn login(&self, member: MemberId) -> (String, String);

    /// A ticket for enrolling a phone of `member`; activates the account the first time.
    fn ticket(&mut self, member: MemberId) -> Bytes {
        let ((login, code), password) = (self.login(member), PASSWORD.to_owned());
        let signed_in: Result<SignedIn, _> =
            self.post("/v1/sign-in", &SignIn { login: login.clone(), password: password.clone() });
        let signed_in = match signed_in {
            Ok(signed_in) => signed_in,
            Err(_) => self.post("/v1/activate", &Activate { login, code, password }).unwrap(),
        };
        signed_in.ticket
    }

    /// An unsigned request with a message.
    fn post<Q: Message, A: Message>(&mut self, path: &str, question: &Q) -> Result<A, ErrorCode> {
        answer(&self.send(&plain(path, message::encode(question, Encoding::Cbor))))
    }
}

pub(crate) fn plain(path: &str, body: Vec<u8>) -> Request {
    let (content_type, accept) = (Encoding::Cbor, Encoding::Cbor);
    Request { method: Method::Post, path: path.to_owned(), content_type, accept, proof: None, body }
}

pub(crate) fn answer<A: Message>(response: &Response) -> Result<A, ErrorCode> {
    if response.status == 200 {
        return Ok(message::decode(&response.body, response.content_type).unwrap());
    }
    let error: ApiError = message::decode(&response.body, response.content_type).unwrap();
    Err(error.code)
}

/// The server and what it has.
pub(crate) struct World {
    county: County,
    pub(crate) conn: rusqlite::Connection,
    pub(crate) now: Timestamp,
    random: SplitMix,
    codes: BTreeMap<MemberId, String>,
}

/// A Monday morning at eight.
pub(crate) fn monday() -> Timestamp {
    CivilDay::from_ymd(2026, 11, 2).unwrap().start().plus_ms(8 * HOUR)
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(20)
    }

    /// With members up to the `last`.
    pub(crate) fn of(last: u16) -> Self {
        let now = monday();
        let conn = sqlite::open_in_memory().unwrap();
        let (mut random, mut codes) = (SplitMix(7), BTreeMap::new());
        let mut db = Sqlite(&conn);
        County::create_schema(&mut db).unwrap();
        let rows: Vec<Row> = people(last).into_iter().chain(study_rows(COUNTY)).collect();
        load(&mut db, &rows, now, &mut random, &mut |_, _| {}, &mut |member, code| {
            codes.insert(member, code.to_owned());
        })
        .unwrap();
        load_catalogue(&mut db, &catalogue()).unwrap();
        let county = County::new(Config {
            deployment: DeploymentId(RowId([7; 16])),
            secret: [8; 32],
            boot: [1; 16],
            key: SoftwareKey::generate(&mut random),
            slot_ms: 60_000,
            passwords: PasswordCost::LEAST,
        });
        Self { county, conn, now, random, codes }
    }

    pub(crate) fn pass(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// The server is restored from a backup made just now.
    pub(crate) fn restored(&mut self) {
        County::new_history(&mut Sqlite(&self.conn), self.now, &mut self.random).unwrap();
    }

    fn number(&self, sql: &str, member: MemberId) -> i64 {
        self.conn.query_row(sql, [member.0.0], |row| row.get(0)).unwrap()
    }

    /// A member's points of all days.
    pub(crate) fn points(&self, member: MemberId) -> i64 {
        sum_of_points(&self.conn, member)
    }

    /// A member's points by one rule.
    pub(crate) fn points_by(&self, member: MemberId, rule: &str) -> i64 {
        let sql = format!("SELECT COALESCE(SUM(points), 0) FROM ledger_entry WHERE member = ?1 AND rule = '{rule}'");
        self.number(&sql, member)
    }

    /// What was credited to a member, ms.
    pub(crate) fn credited_ms(&self, member: MemberId) -> i64 {
        sum_of_credit(&self.conn, member)
    }

    /// What a member's phones say they observed, ms.
    pub(crate) fn claimed_ms(&self, member: MemberId) -> i64 {
        self.number("SELECT COALESCE(SUM(claimed_ms), 0) FROM study_fact WHERE member = ?1", member)
    }

    /// On how many days a member was credited anything or signed in.
    pub(crate) fn days(&self, member: MemberId) -> i64 {
        self.number("SELECT COUNT(DISTINCT day) FROM ledger_entry WHERE member = ?1", member)
    }

    /// How far a member is with an item.
    pub(crate) fn progress(&self, member: MemberId, item: RowId) -> Option<ItemProgress> {
        let sql = "SELECT credited_ms, finished_on, observed_ms, answered, right FROM item_progress WHERE id = ?1";
        let id = ItemProgress::id_of(member, item);
        let row = self.conn.query_row(sql, [id.0], |row| {
            Ok(ItemProgress {
                id,
                version: 0,
                member,
                item,
                credited_ms: row.get(0)?,
                finished_on: row.get::<_, Option<i32>>(1)?.map(CivilDay),
                observed_ms: row.get(2)?,
                answered: row.get(3)?,
                right: row.get(4)?,
            })
        });
        row.ok()
    }

    /// The same as a timer begins with: credited, and how far the checks are.
    pub(crate) fn before(&self, member: MemberId, item: RowId) -> (i64, Checked) {
        self.progress(member, item).map_or_else(Default::default, |progress| {
            let answered = progress.answered.try_into().unwrap();
            (progress.credited_ms, Checked { observed_ms: progress.observed_ms, answered })
        })
    }
}

/// A member's points of all days.
pub(crate) fn sum_of_points(conn: &rusqlite::Connection, member: MemberId) -> i64 {
    let sql = "SELECT COALESCE(SUM(points), 0) FROM ledger_entry WHERE member = ?1";
    conn.query_row(sql, [member.0.0], |row| row.get(0)).unwrap()
}

/// What was credited to a member, ms.
pub(crate) fn sum_of_credit(conn: &rusqlite::Connection, member: MemberId) -> i64 {
    let sql = "SELECT COALESCE(SUM(read_ms + av_ms), 0) FROM study_day WHERE member = ?1";
    conn.query_row(sql, [member.0.0], |row| row.get(0)).unwrap()
}

/// The kinds of review cases about a member, in words, each once.
pub(crate) fn flags(conn: &rusqlite::Connection, member: MemberId) -> Vec<&'static str> {
    let sql = "SELECT DISTINCT kind FROM review_case WHERE member = ?1 ORDER BY kind";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let kinds = statement.query_map([member.0.0], |row| row.get::<_, i64>(0)).unwrap();
    kinds
        .map(|kind| match kind.unwrap() {
            1 => "exact intervals",
            2 => "fork",
            3 => "impossible sum",
            4 => "random answers",
            other => panic!("a review case of kind {other}"),
        })
        .collect()
}

impl Service for World {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn send(&mut self, request: &Request) -> Response {
        let mut db = Sqlite(&self.conn);
        let admitted = match self.county.admit(self.now, request, "10.0.0.1", &mut db) {
            Ok(admitted) => admitted,
            Err(response) => return response,
        };
        self.conn.execute_batch("SAVEPOINT one").unwrap();
        let handled = self.county.handle(self.now, &mut self.random, admitted, &mut db);
        self.conn.execute_batch(if handled.failed { "ROLLBACK TO one; RELEASE one" } else { "RELEASE one" }).unwrap();
        assert!(!handled.failed, "the server failed at {}", request.path);
        handled.response
    }

    fn login(&self, member: MemberId) -> (String, String) {
        let n = u16::from_be_bytes([member.0.0[1], member.0.0[2]]);
        (number(n), self.codes[&member].clone())
    }
}

fn people(last: u16) -> Vec<Row> {
    let mut rows = vec![];
    for (org, parent, kind, name) in [
        (COUNTY, None, OrgKind::CountyCommittee, "县委"),
        (TOWNSHIP, Some(COUNTY), OrgKind::PartyCommittee, "东乡党委"),
        (BRANCH, Some(TOWNSHIP), OrgKind::Branch, "柳村党支部"),
    ] {
        let (county, name) = (COUNTY, name.to_owned());
        rows.push(
            Organization { id: org.0, version: 1, county, parent, kind, name, area_code: None, city: None }.to_row(),
        );
    }
    for n in (1..=3).chain(10..=last.max(12)) {
        let row = Member {
            id: member(n).0,
            version: 1,
            org: BRANCH,
            number: number(n),
            name: format!("党员{n}"),
            standing: Standing::Full,
            status: MemberStatus::Active,
            migrant: false,
        };
        rows.push(row.to_row());
    }
    for (member, org, role) in
        [(OFFICER, COUNTY, Role::Officer), (REVIEWER, TOWNSHIP, Role::Reviewer), (SECRETARY, BRANCH, Role::Secretary)]
    {
        let (id, since) = (RowId::derived("role", &[member.0]), CivilDay(20_000));
        rows.push(RoleGrant { id, version: 1, member, org, role, since }.to_row());
    }
    rows
}

/// The rule set a county starts with, and what there is to study.
pub(crate) fn study_rows(county: OrgId) -> Vec<Row> {
    let rules = RuleSetRow { version: 1, ..RuleSetRow::of(county, RuleSet::DEFAULT_TEXT).unwrap() };
    let items = items().into_iter().map(|item| StudyItem { county, ..item }.to_row());
    std::iter::once(rules.to_row()).chain(items).collect()
}

/// How many of each kind there are.
pub(crate) const MANY: u8 = 24;

fn item(kind: ItemKind, series: u8, n: u8, length_ms: i64, checks: i64) -> StudyItem {
    assert!(n < MANY);
    StudyItem {
        id: RowId([0x51, series, n, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]),
        version: 1,
        county: COUNTY,
        kind,
        category: ItemCategory::Theory,
        title: format!("第{series}-{n}篇"),
        source: "县委组织部".to_owned(),
        length_ms,
        published_on: CivilDay(20_000),
        required_month: None,
        content: String::new(),
        content_bytes: 0,
        checks,
    }
}

/// An article of fifteen minutes with three checks.
pub(crate) fn article(n: u8) -> StudyItem {
    item(ItemKind::Article, 1, n, 15 * MINUTE, 3)
}

/// An article of three minutes with a check.
pub(crate) fn short_article(n: u8) -> StudyItem {
    item(ItemKind::Article, 2, n, 3 * MINUTE, 1)
}

/// A video of half an hour with three checks.
pub(crate) fn lecture(n: u8) -> StudyItem {
    item(ItemKind::Video, 3, n, 30 * MINUTE, 3)
}

/// A video of one minute with a check.
pub(crate) fn clip(n: u8) -> StudyItem {
    item(ItemKind::Video, 4, n, MINUTE, 1)
}

/// A recording of half an hour with three checks.
pub(crate) fn recording(n: u8) -> StudyItem {
    item(ItemKind::Audio, 5, n, 30 * MINUTE, 3)
}

/// An article of two hours without checks, for traces of touches.
pub(crate) fn unchecked(n: u8) -> StudyItem {
    item(ItemKind::Article, 6, n, 2 * HOUR, 0)
}

/// The daily quiz.
pub(crate) fn quiz() -> StudyItem {
    item(ItemKind::Quiz, 7, 0, 0, 0)
}

fn items() -> Vec<StudyItem> {
    let series = [article, short_article, lecture, clip, recording, unchecked];
    let all = series.into_iter().flat_map(|of| (0..MANY).map(of));
    all.chain([quiz()]).collect()
}

/// The right choice of a check, of three.
pub(crate) fn right(item: RowId, check: u8) -> u8 {
    RowId::derived("right", &[item, RowId([check; 16])]).0[0] % 3
}

/// How many questions the bank has.
pub(crate) const BANK: usize = 100;

/// The words of the right choice of a question.
pub(crate) fn solution(n: usize) -> String {
    format!("第{n}题的正确说法")
}

fn catalogue() -> Catalogue {
    let checks = items().into_iter().flat_map(|item| {
        (0..u8::try_from(item.checks).unwrap()).map(move |check| (item.id, check, right(item.id, check), 3))
    });
    let question = |n: usize| {
        let mut choices: Vec<String> = (1..4).map(|wrong| format!("第{n}题的错误说法{wrong}")).collect();
        choices.insert(n % 4, solution(n));
        let body =
            BankQuestion { text: format!("第{n}题"), choices, right: (n % 4) as u8, why: "见党章".to_owned() };
        (format!("q{n:03}"), serde_json::to_string(&body).unwrap())
    };
    Catalogue { contents: vec![], answers: checks.collect(), questions: (0..BANK).map(question).collect() }
}

//! A small county at a server in this process, what it has on record, and everything it can be asked.

use std::fmt::Write as _;

use dangjian_county::{Changed, County, CountyError, Sqlite};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::op::{Action, PublishNotice};
use dangjian_domain::rows::{NoticeScope, OrgKind, Role};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Request, Response};
use dangjian_protocol::message::{self, Activate, Message, SignIn, SignedIn};
use dangjian_protocol::random::SplitMix;
use dangjian_tests::people::{SmallCounty, number};
use dangjian_tests::sim::Server;

/// When everything begins.
pub(crate) const START: Timestamp = Timestamp(1_800_000_000_000);
/// Everybody's password.
pub(crate) const PASSWORD: &str = "枧头河水 2026";

/// The server and who is who.
pub(crate) struct Office {
    pub(crate) server: Server,
    pub(crate) people: SmallCounty,
    pub(crate) now: Timestamp,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self::at(START)
    }

    pub(crate) fn at(now: Timestamp) -> Self {
        let people = (1..).map(|seed| SmallCounty::random(&mut SplitMix(seed), 3, 14)).find(suitable).unwrap();
        Self { server: Server::new(5, &people, now), people, now }
    }

    /// The secretary of a branch that has another member, and the branch.
    pub(crate) fn secretary(&self) -> (MemberId, OrgId) {
        let leads = |role: &&(MemberId, OrgId, Role)| {
            role.2 == Role::Secretary && self.kind(role.1) == OrgKind::Branch && self.people.of(role.1).len() > 1
        };
        self.people.roles.iter().find(leads).map(|role| (role.0, role.1)).unwrap()
    }

    /// A member of that branch with no role anywhere.
    pub(crate) fn plain_member(&self, branch: OrgId) -> MemberId {
        let leads = |member: &MemberId| self.people.roles.iter().any(|role| role.0 == *member);
        self.people.of(branch).into_iter().find(|member| !leads(member)).unwrap()
    }

    /// The officer of the county.
    pub(crate) fn officer(&self) -> MemberId {
        self.people.roles.iter().find(|role| role.1 == self.people.root).unwrap().0
    }

    pub(crate) fn kind(&self, org: OrgId) -> OrgKind {
        self.people.orgs.iter().find(|other| other.0 == org).unwrap().2
    }

    pub(crate) fn login(&self, member: MemberId) -> String {
        number(self.people.members.iter().position(|other| other.0 == member).unwrap())
    }

    pub(crate) fn code(&self, member: MemberId) -> String {
        self.server.codes.iter().find(|code| code.0 == member).unwrap().1.clone()
    }

    pub(crate) fn send(&mut self, request: &Request) -> Response {
        self.server.answer(self.now, request).response
    }

    /// An unsigned request with a message.
    pub(crate) fn post<Q: Message, A: Message>(&mut self, path: &str, question: &Q) -> Result<A, ErrorCode> {
        answer(&self.send(&plain(path, message::encode(question, Encoding::Cbor))))
    }

    /// A ticket for enrolling a phone; activates the account the first time.
    pub(crate) fn ticket(&mut self, member: MemberId) -> Bytes {
        let (login, password) = (self.login(member), PASSWORD.to_owned());
        let signed_in: Result<SignedIn, _> = self.post("/v1/sign-in", &SignIn { login: login.clone(), password });
        let signed_in = signed_in.unwrap_or_else(|_| {
            let code = self.code(member);
            self.post("/v1/activate", &Activate { login, code, password: PASSWORD.to_owned() }).unwrap()
        });
        signed_in.ticket
    }

    /// Changes rows by the administrator's way. A change that fails is undone.
    pub(crate) fn change(&mut self, rows: &[Row], removed: &[(&'static Table, RowId)]) -> Result<Changed, CountyError> {
        let conn = self.server.conn();
        conn.execute_batch("BEGIN").unwrap();
        let changed = County::change(self.now, rows, removed, &mut Sqlite(conn));
        conn.execute_batch(if changed.is_ok() { "COMMIT" } else { "ROLLBACK" }).unwrap();
        changed
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.server.conn().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Every cell of every table.
    pub(crate) fn state(&self) -> String {
        self.state_but(&[])
    }

    /// The same without these tables.
    pub(crate) fn state_but(&self, without: &[&str]) -> String {
        let conn = self.server.conn();
        let mut tables = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let mut state = String::new();
        for table in tables.iter().filter(|table| !without.contains(&table.as_str())) {
            let mut statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            let mut lines = vec![];
            while let Some(row) = rows.next().unwrap() {
                lines.push((0..columns).map(|at| format!("{:?}|", row.get_ref(at).unwrap())).collect::<String>());
            }
            lines.sort();
            writeln!(state, "{table}\n{}", lines.join("\n")).unwrap();
        }
        state
    }

    /// Runs `f` and holds it to have changed nothing.
    pub(crate) fn unchanged<T>(&mut self, what: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.state();
        let result = f(self);
        assert!(self.state() == before, "{what} changed something");
        result
    }
}

/// Two branches, one of them with a secretary and somebody without any role, and an officer of the county who is neither.
fn suitable(people: &SmallCounty) -> bool {
    let branches: Vec<OrgId> = people.orgs.iter().filter(|org| org.2 == OrgKind::Branch).map(|org| org.0).collect();
    let has_role = |member: &MemberId| people.roles.iter().filter(|role| role.0 == *member).count();
    let first = people.roles.iter().find(|role| branches.contains(&role.1) && people.of(role.1).len() > 1);
    branches.len() > 1
        && first.is_some_and(|role| has_role(&role.0) == 1 && people.of(role.1).iter().any(|of| has_role(of) == 0))
        && people.roles.iter().any(|role| role.1 == people.root && has_role(&role.0) == 1)
}

/// A request without proof.
pub(crate) fn plain(path: &str, body: Vec<u8>) -> Request {
    Request {
        method: Method::Post,
        path: path.to_owned(),
        content_type: Encoding::Cbor,
        accept: Encoding::Cbor,
        proof: None,
        body,
    }
}

/// The message of a reply, or its error.
pub(crate) fn answer<A: Message>(response: &Response) -> Result<A, ErrorCode> {
    if response.status == 200 {
        return Ok(message::decode(&response.body, response.content_type).unwrap());
    }
    let error: ApiError = message::decode(&response.body, response.content_type).unwrap();
    assert_eq!(response.status, error.code.status());
    Err(error.code)
}

pub(crate) fn refused<T>(result: Result<T, ErrorCode>) -> ErrorCode {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(code) => code,
    }
}

/// A notice to a branch.
pub(crate) fn notice(org: OrgId, title: &str) -> Action {
    let (title, body) = (title.to_owned(), "请按时参加。".to_owned());
    Action::PublishNotice(PublishNotice { org, scope: NoticeScope::Branch, title, body })
}

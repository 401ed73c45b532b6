//! A county with its database, its clock and its randomness.

use std::collections::BTreeMap;

use dangjian_county::{Config, County, Handled, PasswordCost, Sqlite, load, sqlite};
use dangjian_domain::id::{DeploymentId, MemberId, RowId};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Proof, Request, Response};
use dangjian_protocol::message::{self, Message, SignIn, SignedIn};
use dangjian_protocol::random::SplitMix;
use dangjian_protocol::sign::SoftwareKey;

use crate::fixture;

pub(crate) const DEPLOYMENT: DeploymentId = DeploymentId(RowId([0xde; 16]));
pub(crate) const PASSWORD: &str = "舂陵江畔的老樟树";

pub(crate) struct World {
    pub(crate) county: County,
    pub(crate) connection: rusqlite::Connection,
    pub(crate) now: Timestamp,
    pub(crate) random: SplitMix,
    pub(crate) codes: BTreeMap<MemberId, String>,
    pub(crate) source: String,
    /// What the last handled request changed for others.
    pub(crate) last: Option<Handled>,
}

pub(crate) fn county(boot: u8) -> County {
    County::new(Config {
        deployment: DEPLOYMENT,
        secret: [9; 32],
        boot: [boot; 16],
        key: SoftwareKey::generate(&mut SplitMix(1)),
        slot_ms: 60_000,
        passwords: PasswordCost::LEAST,
    })
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(&fixture::rows())
    }

    pub(crate) fn of(rows: &[Row]) -> Self {
        let connection = sqlite::open_in_memory().unwrap();
        let (mut random, mut codes) = (SplitMix(7), BTreeMap::new());
        let mut db = Sqlite(&connection);
        County::create_schema(&mut db).unwrap();
        County::create_schema(&mut db).unwrap();
        assert!(!County::is_loaded(&mut db).unwrap());
        load(&mut db, rows, fixture::START, &mut random, &mut |_, _| {}, &mut |member, code| {
            codes.insert(member, code.to_owned());
        })
        .unwrap();
        assert!(County::is_loaded(&mut db).unwrap());
        let source = "10.0.0.1".to_owned();
        Self { county: county(1), connection, now: fixture::START, random, codes, source, last: None }
    }

    pub(crate) fn pass_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// Sends a request the way the HTTP server does: admitted on a read-only view, handled in a transaction.
    pub(crate) fn send(&mut self, request: &Request) -> Response {
        self.last = None;
        self.connection.pragma_update(None, "query_only", true).unwrap();
        let admitted = self.county.admit(self.now, request, &self.source, &mut Sqlite(&self.connection));
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(response) => {
                self.connection.pragma_update(None, "query_only", false).unwrap();
                return response;
            }
        };
        if admitted.writes() {
            self.connection.pragma_update(None, "query_only", false).unwrap();
        }
        self.connection.execute_batch("BEGIN").unwrap();
        let handled = self.county.handle(self.now, &mut self.random, admitted, &mut Sqlite(&self.connection));
        self.connection.execute_batch(if handled.failed { "ROLLBACK" } else { "COMMIT" }).unwrap();
        self.connection.pragma_update(None, "query_only", false).unwrap();
        let response = handled.response.clone();
        self.last = Some(handled);
        response
    }

    pub(crate) fn post<Q: Message, A: Message>(&mut self, path: &str, body: &Q) -> Result<A, ApiError> {
        self.post_signed(path, body, |_, _| None, Encoding::Cbor)
    }

    pub(crate) fn post_signed<Q: Message, A: Message>(
        &mut self,
        path: &str,
        body: &Q,
        prove: impl FnOnce(&str, &[u8]) -> Option<Proof>,
        encoding: Encoding,
    ) -> Result<A, ApiError> {
        let body = message::encode(body, encoding);
        let proof = prove(path, &body);
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            content_type: encoding,
            accept: encoding,
            proof,
            body,
        };
        answer(&self.send(&request))
    }

    pub(crate) fn sign_in(&mut self, login: &str, password: &str) -> Result<SignedIn, ApiError> {
        self.post("/v1/sign-in", &SignIn { login: login.to_owned(), password: password.to_owned() })
    }

    pub(crate) fn change(&mut self, rows: &[Row], removed: &[(&'static Table, RowId)]) -> dangjian_county::Changed {
        self.connection.execute_batch("BEGIN").unwrap();
        let changed = County::change(self.now, rows, removed, &mut Sqlite(&self.connection)).unwrap();
        self.connection.execute_batch("COMMIT").unwrap();
        changed
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

pub(crate) fn answer<A: Message>(response: &Response) -> Result<A, ApiError> {
    if response.status == 200 {
        return Ok(message::decode(&response.body, response.content_type).unwrap());
    }
    let error: ApiError = message::decode(&response.body, response.content_type).unwrap();
    assert_eq!(response.status, error.code.status());
    Err(error)
}

pub(crate) fn code<T>(result: Result<T, ApiError>) -> ErrorCode {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.code,
    }
}

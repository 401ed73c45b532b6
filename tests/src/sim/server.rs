//! The server of a simulated county: the county's logic over an in-memory database, called the way the HTTP server does.

use dangjian_county::{Config, County, PasswordCost, Sqlite};
use dangjian_domain::id::{DeploymentId, MemberId, RowId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::http::{Request, Response};
use dangjian_protocol::message::FeedSeq;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::sign::SoftwareKey;
use rusqlite::Connection;

use crate::people::SmallCounty;

/// The password everybody sets.
pub(super) const PASSWORD: &str = "枧头河水 2026";

/// A server in memory.
pub struct Server {
    county: County,
    conn: Connection,
    random: SplitMix,
    /// Activation codes, as the branches would hand them out.
    pub codes: Vec<(MemberId, String)>,
    secret: [u8; 32],
    key: SoftwareKey,
}

/// What a request led to besides its response.
pub struct Answered {
    /// The response.
    pub response: Response,
    /// Feeds whose head moved.
    pub hints: Vec<FeedSeq>,
    /// Members whose feeds changed.
    pub regranted: Vec<MemberId>,
}

impl Server {
    /// A server loaded with `people`.
    pub fn new(seed: u64, people: &SmallCounty, now: Timestamp) -> Self {
        let mut random = SplitMix(seed);
        let secret = random.bytes();
        let key = SoftwareKey::generate(&mut random);
        let county = County::new(config(secret, key.clone(), &mut random));
        let conn = dangjian_county::sqlite::open_in_memory().unwrap();
        let mut codes = vec![];
        let mut db = Sqlite(&conn);
        County::create_schema(&mut db).unwrap();
        dangjian_county::load(&mut db, &people.rows, now, &mut random, &mut |_, _| {}, &mut |member, code| {
            codes.push((member, code.to_owned()));
        })
        .unwrap();
        Self { county, conn, random, codes, secret, key }
    }

    /// Answers a request, in a savepoint of its own, as the writer thread does.
    pub fn answer(&mut self, now: Timestamp, request: &Request) -> Answered {
        let mut db = Sqlite(&self.conn);
        let admitted = match self.county.admit(now, request, "", &mut db) {
            Ok(admitted) => admitted,
            Err(response) => return Answered { response, hints: vec![], regranted: vec![] },
        };
        self.conn.execute_batch("SAVEPOINT one").unwrap();
        let handled = self.county.handle(now, &mut self.random, admitted, &mut db);
        let end = if handled.failed { "ROLLBACK TO one; RELEASE one" } else { "RELEASE one" };
        self.conn.execute_batch(end).unwrap();
        Answered { response: handled.response, hints: handled.hints, regranted: handled.regranted }
    }

    /// Which feeds a hint stream with this request would carry; `None` if it is not admitted.
    pub fn subscribe(&mut self, now: Timestamp, request: &Request) -> Option<Vec<u64>> {
        let mut db = Sqlite(&self.conn);
        let admitted = self.county.admit(now, request, "", &mut db).ok()?;
        self.county.hint_feeds(&admitted, &mut db).ok()
    }

    /// The process dies and comes back: what was committed is there, what was in memory is not.
    pub fn restart(&mut self) {
        self.county = County::new(config(self.secret, self.key.clone(), &mut self.random));
    }

    /// A copy of the database, as a backup.
    pub fn backup(&self) -> Connection {
        let mut copy = Connection::open_in_memory().unwrap();
        rusqlite::backup::Backup::new(&self.conn, &mut copy).unwrap().step(-1).unwrap();
        copy
    }

    /// The backup becomes the database, in a new history.
    pub fn restore(&mut self, now: Timestamp, backup: Connection) {
        self.conn = backup;
        County::new_history(&mut Sqlite(&self.conn), now, &mut self.random).unwrap();
        self.restart();
    }

    /// The database, for oracles.
    pub fn conn(&self) -> &Connection {
        &self.conn
    }
}

fn config(secret: [u8; 32], key: SoftwareKey, random: &mut SplitMix) -> Config {
    Config {
        deployment: DeploymentId(RowId([7; 16])),
        secret,
        boot: random.bytes(),
        key,
        slot_ms: 60_000,
        passwords: PasswordCost::LEAST,
    }
}

//! The county's server without a server: given the time, randomness, a request and a database, it says what the answer is.
//!
//! Synchronous, over a database trait of two methods, so that the same code runs behind sockets, in a test, and a thousand
//! times over in a seeded simulation. It opens no connection, starts no transaction and no thread: its caller reads the
//! clock, begins and commits, and sends hints. Rules are `dangjian_domain`'s, bytes are `dangjian_protocol`'s.
//!
//! - [`db`], [`sqlite`]: the database as the logic sees it, and SQLite behind it
//! - `admit`, `respond`: the ways in and out
//! - `session`, `device`, `account`, `password`, `lockout`, `once`: who is there
//! - `sync`, `push`, `pull`, `assemble`: operations in, rows out
//! - `writer`, `grant`, `tree`, `facts`: rows, feeds, who holds them, and what the rules ask
//! - `study`, `quiz`, `ledger`, `boards`: segments and leases, draws, sums of points, where everybody stands
//! - `audit`, [`mod@load`], `schema`: the log, the first data, the tables
//!
//! ```
//! use dangjian_county::{Config, County, PasswordCost, sqlite};
//! use dangjian_domain::{id::RowId, time::Timestamp};
//! use dangjian_protocol::{http, message, random::SplitMix, sign::SoftwareKey};
//!
//! let mut random = SplitMix(1);
//! let county = County::new(Config {
//!     deployment: RowId([1; 16]).into(),
//!     secret: [2; 32],
//!     boot: [3; 16],
//!     key: SoftwareKey::generate(&mut random),
//!     slot_ms: 60_000,
//!     passwords: PasswordCost::LEAST,
//! });
//! let connection = sqlite::open_in_memory()?;
//! let mut db = sqlite::Sqlite(&connection);
//! County::create_schema(&mut db)?;
//!
//! let request = http::Request {
//!     method: http::Method::Get,
//!     path: "/v1/capabilities".into(),
//!     content_type: http::Encoding::Cbor,
//!     accept: http::Encoding::Json,
//!     proof: None,
//!     body: vec![],
//! };
//! let now = Timestamp(1_700_000_000_000);
//! let admitted = county.admit(now, &request, "", &mut db).map_err(|refused| format!("{}", refused.status))?;
//! let handled = county.handle(now, &mut random, admitted, &mut db);
//! assert_eq!(handled.response.status, 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod db;
pub mod load;
pub mod sqlite;

mod account;
mod admit;
mod assemble;
mod audit;
mod boards;
mod device;
mod error;
mod facts;
mod grant;
mod ledger;
mod lockout;
mod once;
mod password;
mod pull;
mod push;
mod quiz;
mod respond;
mod schema;
mod session;
mod study;
mod sweep;
mod sync;
mod tree;
mod writer;

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, RowId};
use dangjian_domain::op::kind;
use dangjian_domain::rows::TABLES;
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::http;
use dangjian_protocol::message::{Capabilities, FeedSeq};
use dangjian_protocol::page::FeedNo;
use dangjian_protocol::random::Random;
use dangjian_protocol::sign::{KeyId, SoftwareKey};

pub use admit::Admitted;
pub use boards::Due;
pub use db::{Cells, Db, DbError, Param};
pub use error::CountyError;
pub use load::load;
pub use password::PasswordCost;
pub use sqlite::Sqlite;

use audit::Act;
use db::one;
use once::Tags;
use writer::Writer;

/// What makes a server this county's.
pub struct Config {
    /// The installation; part of everything that is signed.
    pub deployment: DeploymentId,
    /// From which session keys and tags are derived. Whoever has it can be anybody.
    pub secret: [u8; 32],
    /// Another one at each start: nonces and tickets of earlier runs are void.
    pub boot: [u8; 16],
    /// Signs receipts.
    pub key: SoftwareKey,
    /// How often a phone comes if no hint calls it, ms.
    pub slot_ms: u64,
    /// What a password hash costs.
    pub passwords: PasswordCost,
}

/// The logic, without state: everything that lasts is in the database.
pub struct County {
    config: Config,
    tags: Tags,
    key_id: KeyId,
}

/// Who makes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// From which installation.
    pub device: DeviceId,
    /// Who.
    pub member: MemberId,
}

/// What became of a request.
#[derive(Debug)]
pub struct Handled {
    /// The reply, to be sent after the commit.
    pub response: http::Response,
    /// Feeds whose head moved, in ascending number: to be hinted after the commit.
    pub hints: Vec<FeedSeq>,
    /// Members whose feeds changed, or one of whose devices was revoked: their hint streams have to ask for their feeds
    /// again.
    pub regranted: Vec<MemberId>,
    /// Nothing that was written may stand: roll the savepoint back.
    pub failed: bool,
}

impl County {
    /// The county of `config`.
    pub fn new(config: Config) -> Self {
        let tags = Tags::new(&config.secret, config.boot);
        let key_id = config.key.public().id();
        Self { config, tags, key_id }
    }

    /// Makes the tables, or those that are missing. Needs a transaction.
    pub fn create_schema(db: &mut dyn Db) -> Result<(), CountyError> {
        schema::create(db)
    }

    /// Whether the database holds a county.
    pub fn is_loaded(db: &mut dyn Db) -> Result<bool, CountyError> {
        Ok(one(db, "SELECT 1 FROM county", &[], |_| Ok(()))?.is_some())
    }

    /// To be called after a backup was restored: phones learn from the new number that what they have may be newer than
    /// what the server has, build their mirrors anew and send again what it lost.
    pub fn new_history(db: &mut dyn Db, at: Timestamp, random: &mut dyn Random) -> Result<u64, CountyError> {
        let history = history_number(random);
        let params = [Param::number(history), Param::Int(at.0)];
        // Sign-ins, enrolments and jobs are noted day by day: the newest note tells how old the backup is.
        let sql = "UPDATE county SET history = ?1, restored_at = ?2, backup_at =
                   MAX(loaded_at, (SELECT COALESCE(MAX(at), 0) FROM audit), (SELECT COALESCE(MAX(at), 0) FROM job))";
        if db.execute(sql, &params)? != 1 {
            return Err(CountyError::NotLoaded);
        }
        audit::append(db, &audit::Entry { at, actor: None, act: Act::NewHistory, subject: None, detail: 0 })?;
        Ok(history)
    }

    /// The feeds a hint stream of this caller may carry.
    pub fn hint_feeds(&self, admitted: &Admitted, db: &mut dyn Db) -> Result<Vec<FeedNo>, CountyError> {
        match admitted.caller() {
            Some(caller) => self.hint_feeds_of(caller, db),
            None => Ok(vec![]),
        }
    }

    /// The feeds of a member as they stand, for the open streams of all their devices.
    pub fn feeds_of(&self, member: MemberId, db: &mut dyn Db) -> Result<Vec<FeedNo>, CountyError> {
        grant::feeds(db, member)
    }

    /// The same for a stream that is open, to be asked again when its member was regranted; none if the device was revoked
    /// meanwhile.
    pub fn hint_feeds_of(&self, caller: Caller, db: &mut dyn Db) -> Result<Vec<FeedNo>, CountyError> {
        match push::chain(db, caller)? {
            Some(chain) if !chain.revoked => grant::feeds(db, caller.member),
            _ => Ok(vec![]),
        }
    }

    /// Writes and removes rows by other ways than a phone's operation: imports, jobs, an administrator's tool. The same
    /// transaction rules as for [`County::handle`] apply; what moved has to be hinted.
    pub fn change(
        now: Timestamp,
        rows: &[Row],
        removed: &[(&'static Table, RowId)],
        db: &mut dyn Db,
    ) -> Result<Changed, CountyError> {
        let mut writer = Writer::new(db, now);
        for row in rows {
            writer.write(row)?;
        }
        for (table, id) in removed {
            writer.remove(table, *id)?;
        }
        let finished = writer.finish()?;
        Ok(Changed { hints: finished.hints, regranted: finished.regranted })
    }

    /// Notes that a job is done with the county as it was at `began`, and forgets what no job or rule looks at any more.
    pub fn job_done(job: &str, began: Timestamp, db: &mut dyn Db) -> Result<Changed, CountyError> {
        db.execute(
            "INSERT INTO job (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            &[Param::Text(job), Param::Int(began.0)],
        )?;
        ledger::forget_old_days(db, began.civil_day(0))?;
        sweep::sweep(began, db)?;
        Ok(Changed { hints: vec![], regranted: vec![] })
    }

    /// Goes through the audit log: how many entries stand, or the number of the first that was tampered with.
    pub fn verify_audit(db: &mut dyn Db) -> Result<Result<u64, u64>, CountyError> {
        audit::verify(db)
    }

    fn capabilities(&self, now: Timestamp) -> Capabilities {
        Capabilities {
            deployment: self.config.deployment,
            versions: vec![1],
            level: "full".to_owned(),
            server_key: Bytes(self.config.key.public().as_bytes().to_vec()),
            server_time: now,
            tables: TABLES.iter().map(|table| table.no).collect(),
            op_kinds: kind::ALL.to_vec(),
            hints: true,
        }
    }
}

/// What [`County::change`] changed for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Feeds whose head moved.
    pub hints: Vec<FeedSeq>,
    /// Members whose feeds changed.
    pub regranted: Vec<MemberId>,
}

/// Never 0, which a phone says when it has none, and small enough for a number in JSON (RFC 8259 §6).
fn history_number(random: &mut dyn Random) -> u64 {
    (random.next_u64() >> 12) | 1
}

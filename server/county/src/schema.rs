//! The server's tables. Those of synced rows follow from `domain::rows::TABLES`, so that they can't drift from what the
//! phones hold; the others are written out. Comments in the SQL stay in the database, where whoever opens it finds them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use dangjian_domain::rows::TABLES;
use dangjian_domain::schema::{ColumnType, Table};

use crate::db::{Db, DbError, Param, one};
use crate::error::CountyError;

/// Numbered steps; each runs once. A change of the server's own tables is a new step, never an edit of an old one.
const STEPS: &[&[&str]] = &[&[
    "CREATE TABLE county ( -- one row: which life of the database this is
        one BIGINT PRIMARY KEY NOT NULL CHECK (one = 1),
        history BIGINT NOT NULL, -- random; changed after a backup was restored; written by load and by the restorer
        loaded_at BIGINT NOT NULL, -- ms UTC; written by load
        restored_at BIGINT -- when the newest history began after a backup was restored, ms UTC
    ) WITHOUT ROWID",
    "CREATE TABLE feed ( -- one feed: a stream of rows for those who hold it
        feed_no BIGINT PRIMARY KEY NOT NULL, -- short name in cursors; given at first use, never again
        kind BIGINT NOT NULL, -- code of domain::schema::FeedKind
        subject BLOB NOT NULL, -- the member or organization it is about
        generation BIGINT NOT NULL, -- counts up when the feed is built anew
        seq BIGINT NOT NULL, -- sequence of the newest entry; 0 if there was none
        floor BIGINT NOT NULL, -- a cursor below it may have missed tombstones and starts over
        rows BIGINT NOT NULL, -- how many rows belong to it
        sum BIGINT NOT NULL, -- wrapping sum of protocol::checksum::row_hash, the 64 bits as a signed number
        UNIQUE (kind, subject)
    ) WITHOUT ROWID",
    "CREATE TABLE entry ( -- the newest change of one row in one feed
        feed_no BIGINT NOT NULL REFERENCES feed (feed_no),
        seq BIGINT NOT NULL, -- place in the feed, ascending in order of commit, with gaps
        table_no BIGINT NOT NULL, -- number of the synced table
        row_id BLOB NOT NULL, -- the row
        gone BIGINT NOT NULL, -- 1 if the row left this feed
        version BIGINT NOT NULL, -- the row's version then
        at BIGINT NOT NULL, -- when, ms UTC
        PRIMARY KEY (feed_no, seq)
    ) WITHOUT ROWID",
    "CREATE TABLE removed_row ( -- a row that was deleted, so that one of the same id goes on counting versions
        table_no BIGINT NOT NULL,
        row_id BLOB NOT NULL,
        version BIGINT NOT NULL, -- at its removal
        PRIMARY KEY (table_no, row_id)
    ) WITHOUT ROWID",
    "CREATE TABLE org_closure ( -- the tree of organizations, each with all that are above it
        ancestor BLOB NOT NULL,
        descendant BLOB NOT NULL,
        depth BIGINT NOT NULL, -- steps between them; 0 for the organization itself
        PRIMARY KEY (ancestor, descendant)
    ) WITHOUT ROWID",
    "CREATE UNIQUE INDEX org_closure_up ON org_closure (descendant, depth, ancestor)",
    "CREATE TABLE device ( -- one installation of the app
        id BLOB PRIMARY KEY NOT NULL, -- made by the phone
        member BLOB NOT NULL, -- whose it is
        next_seq BIGINT NOT NULL, -- the operation expected next
        link BLOB NOT NULL, -- the link before it, 32 bytes
        forked_at BIGINT, -- when two histories became known, ms UTC
        label TEXT NOT NULL, -- what the member calls it
        enrolled_at BIGINT NOT NULL, -- first enrolment, ms UTC
        revoked_at BIGINT -- ms UTC
    ) WITHOUT ROWID",
    "CREATE INDEX device_member ON device (member, enrolled_at)",
    "CREATE TABLE device_key ( -- a key of an installation
        kid BLOB PRIMARY KEY NOT NULL, -- first 16 bytes of SHA-256 of the key
        device BLOB NOT NULL REFERENCES device (id),
        usage BIGINT NOT NULL, -- 1 silent, 2 presence
        public_key BLOB NOT NULL, -- SEC1 uncompressed, 65 bytes
        algorithm BIGINT NOT NULL, -- COSE number
        revoked_at BIGINT -- ms UTC
    ) WITHOUT ROWID",
    "CREATE INDEX device_key_device ON device_key (device, usage)",
    "CREATE TABLE op ( -- what phones did, as they signed it; refused and unknown operations too
        device BLOB NOT NULL REFERENCES device (id),
        seq BIGINT NOT NULL, -- place in the device's chain
        op_id BLOB UNIQUE, -- absent if unreadable, or if another operation had the id first
        bytes BLOB NOT NULL, -- exactly as they came
        link BLOB NOT NULL, -- of the chain here
        decision BIGINT NOT NULL, -- 1 accepted, 2 refused, 3 held
        reason BIGINT, -- code of the refusal or of why it is held
        effects BLOB NOT NULL, -- (feed, seq) pairs it was written at, 8 bytes each, big-endian
        wrote BLOB NOT NULL, -- (table 2, id 16, version 8) of each row it wrote, big-endian
        received_at BIGINT NOT NULL, -- ms UTC
        PRIMARY KEY (device, seq)
    )",
    "CREATE TABLE signed_head ( -- the device's signature over each push
        device BLOB NOT NULL REFERENCES device (id),
        to_seq BIGINT NOT NULL, -- last operation it vouches for
        head BLOB NOT NULL, -- COSE_Sign1, exactly as it came
        PRIMARY KEY (device, to_seq)
    )",
    "CREATE TABLE member_grant ( -- which edition of their feeds a member has; for members with a device
        member BLOB PRIMARY KEY NOT NULL,
        number BIGINT NOT NULL -- counts up whenever the feeds change
    ) WITHOUT ROWID",
    "CREATE TABLE granted ( -- the feeds of that edition
        member BLOB NOT NULL,
        feed_no BIGINT NOT NULL REFERENCES feed (feed_no),
        PRIMARY KEY (member, feed_no)
    ) WITHOUT ROWID",
    "CREATE TABLE opened_ledger ( -- ledgers an officer has asked to see
        member BLOB NOT NULL,
        org BLOB NOT NULL,
        PRIMARY KEY (member, org)
    ) WITHOUT ROWID",
    "CREATE TABLE account ( -- how a member signs in; number and phone stand in member and member_file
        member BLOB PRIMARY KEY NOT NULL,
        activation BLOB, -- SHA-256 over context, member and one-time code; absent once used
        password TEXT, -- Argon2id as a PHC string; absent until activated and after a reset
        epoch BIGINT NOT NULL -- counts up at each change; older tickets are void
    ) WITHOUT ROWID",
    "CREATE TABLE login_failure ( -- wrong passwords and codes of the last hour
        account BLOB NOT NULL, -- the member, or for an unknown login a keyed hash of it
        kind BIGINT NOT NULL, -- 1 password, 2 activation code
        source BIGINT NOT NULL, -- keyed hash of the peer's address
        at BIGINT NOT NULL -- ms UTC
    )",
    "CREATE INDEX login_failure_account ON login_failure (account, kind, at)",
    "CREATE INDEX login_failure_at ON login_failure (at)",
    "CREATE TABLE used_once ( -- nonces and tickets that were redeemed
        id BLOB PRIMARY KEY NOT NULL, -- its random part, 16 bytes
        expires_at BIGINT NOT NULL -- ms UTC; afterwards it is too old anyway
    ) WITHOUT ROWID",
    "CREATE INDEX used_once_expiry ON used_once (expires_at)",
    "CREATE TABLE audit ( -- who did what to whose access; each entry contains the hash of the one before
        n BIGINT PRIMARY KEY NOT NULL, -- from 1 without gaps
        previous BLOB NOT NULL, -- hash of entry n - 1; 32 zeros before the first
        at BIGINT NOT NULL, -- ms UTC; 0 for what is done without the server's clock
        actor BLOB, -- the member who did it; absent for the server itself
        action TEXT NOT NULL, -- a word of audit.rs
        subject BLOB, -- the member, device or operation it was done to
        detail BIGINT NOT NULL, -- a number that says more, as audit.rs defines for the action
        hash BLOB NOT NULL -- SHA-256 over all of the above
    ) WITHOUT ROWID",
], &[
    "ALTER TABLE device ADD COLUMN drained_at BIGINT /* when it had last handed in everything it had, ms UTC */",
    "ALTER TABLE device ADD COLUMN filled_since BIGINT /* first of the full pushes since then, ms UTC */",
    "ALTER TABLE device ADD COLUMN filled_at BIGINT /* last of them, ms UTC */",
    "ALTER TABLE county ADD COLUMN backup_at BIGINT /* the last thing a restored backup knew of, ms UTC */",
    "CREATE TABLE boot_clock ( -- server time of the boot clocks of a device
        device BLOB NOT NULL REFERENCES device (id),
        boot BLOB NOT NULL, -- one run of the phone
        offset_ms BIGINT NOT NULL, -- server time at the clock's zero, ms UTC
        observed BIGINT NOT NULL, -- 1 if the server saw this clock, 0 if the boot was placed between others
        PRIMARY KEY (device, boot)
    ) WITHOUT ROWID",
    "CREATE TABLE study_fact ( -- accepted segments of study in the order of their acceptance: what credit follows from
        member BLOB NOT NULL,
        n BIGINT NOT NULL, -- from 1 without gaps for each member
        op_id BLOB NOT NULL, -- the operation, whose bytes stand in op
        device BLOB NOT NULL, -- from which device
        org BLOB NOT NULL, -- the member's branch then
        offset_ms BIGINT NOT NULL, -- server time at the zero of its boot clock
        window_from BIGINT NOT NULL, -- it can't have been made before, ms UTC
        window_until BIGINT NOT NULL, -- nor after
        claimed_ms BIGINT NOT NULL, -- what the phone says it observed
        credited_ms BIGINT NOT NULL, -- what was credited
        PRIMARY KEY (member, n)
    ) WITHOUT ROWID",
    "CREATE TABLE study_cover ( -- the moments a member was credited for, by UTC day
        member BLOB NOT NULL,
        day BIGINT NOT NULL, -- days since 1970-01-01 UTC
        stretches BLOB NOT NULL, -- pairs of ms UTC, 8 bytes each, big-endian, ascending
        PRIMARY KEY (member, day)
    ) WITHOUT ROWID",
    "CREATE TABLE rule_sum ( -- points by rule and period, kept with every posting
        subject BLOB NOT NULL, -- the member or organization
        period BIGINT NOT NULL, -- a civil day, or 10,000,000 + a quarter as year x 10 + quarter
        rule TEXT NOT NULL,
        posted BIGINT NOT NULL, -- by postings
        reversed BIGINT NOT NULL, -- by reversals, negative
        PRIMARY KEY (subject, period, rule)
    ) WITHOUT ROWID",
    "CREATE INDEX rule_sum_period ON rule_sum (period, subject, rule, posted, reversed)",
    "CREATE TABLE content ( -- contents of study items
        sha256 BLOB PRIMARY KEY NOT NULL,
        bytes BLOB NOT NULL -- JSON: domain::study::content
    ) WITHOUT ROWID",
    "CREATE TABLE check_answer ( -- the right answers of comprehension checks, which phones are not told
        item BLOB NOT NULL,
        check_no BIGINT NOT NULL, -- from 0
        right BIGINT NOT NULL, -- the choice, from 0
        choices BIGINT NOT NULL, -- how many there are
        PRIMARY KEY (item, check_no)
    ) WITHOUT ROWID",
    "CREATE TABLE quiz_question ( -- the bank quizzes are drawn from
        id TEXT PRIMARY KEY NOT NULL,
        body TEXT NOT NULL -- JSON: domain::study::content::BankQuestion
    ) WITHOUT ROWID",
    "CREATE TABLE job ( -- when the server's jobs last ran
        name TEXT PRIMARY KEY NOT NULL,
        at BIGINT NOT NULL -- ms UTC
    ) WITHOUT ROWID",
]];

/// Indexes that a bulk load makes last.
pub(crate) const ENTRY_INDEX: (&str, &str) =
    ("entry_row", "CREATE UNIQUE INDEX IF NOT EXISTS entry_row ON entry (feed_no, table_no, row_id)");

/// Indexes for the jobs.
const JOB_INDEXES: &[&str] = &["CREATE INDEX IF NOT EXISTS entry_gone ON entry (at) WHERE gone = 1"];

/// Server-side indexes of the synced tables, for the questions the rules and the sign-in ask.
pub(crate) const ROW_INDEXES: &[(&str, &str)] = &[
    ("organization_parent", "CREATE INDEX IF NOT EXISTS organization_parent ON organization (parent)"),
    ("member_org", "CREATE INDEX IF NOT EXISTS member_org ON member (org)"),
    ("member_number", "CREATE INDEX IF NOT EXISTS member_number ON member (number)"),
    ("member_file_member", "CREATE INDEX IF NOT EXISTS member_file_member ON member_file (member)"),
    ("member_file_phone", "CREATE INDEX IF NOT EXISTS member_file_phone ON member_file (phone)"),
    ("role_member", "CREATE INDEX IF NOT EXISTS role_member ON role (member)"),
    ("role_org", "CREATE INDEX IF NOT EXISTS role_org ON role (org)"),
    ("participation_member", "CREATE INDEX IF NOT EXISTS participation_member ON participation (member)"),
    ("participation_org", "CREATE INDEX IF NOT EXISTS participation_org ON participation (org)"),
    ("points_total_member", "CREATE INDEX IF NOT EXISTS points_total_member ON points_total (member, carried, points)"),
    (
        "points_total_quarter",
        "CREATE INDEX IF NOT EXISTS points_total_quarter ON points_total (quarter, carried, member)",
    ),
    ("ledger_entry_member", "CREATE INDEX IF NOT EXISTS ledger_entry_member ON ledger_entry (member, day)"),
    ("item_progress_member", "CREATE INDEX IF NOT EXISTS item_progress_member ON item_progress (member)"),
    ("rule_set_from", "CREATE INDEX IF NOT EXISTS rule_set_from ON rule_set (effective_from)"),
];

/// Brings the database to this program's tables; does nothing if it has them.
pub(crate) fn create(db: &mut dyn Db) -> Result<(), CountyError> {
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_step ( -- which numbered steps were taken\n n BIGINT PRIMARY KEY NOT NULL)",
        &[],
    )?;
    let done = one(db, "SELECT COALESCE(MAX(n), 0) FROM schema_step", &[], |row| row.number(0))?.unwrap_or(0);
    if done > STEPS.len() as u64 {
        return Err(CountyError::Stored("the database belongs to a newer program"));
    }
    for (number, step) in (1u64..).zip(STEPS) {
        if number <= done {
            continue;
        }
        for statement in *step {
            db.execute(statement, &[])?;
        }
        db.execute("INSERT INTO schema_step (n) VALUES (?1)", &[Param::number(number)])?;
    }
    for table in TABLES {
        db.execute(&create_table(table), &[])?;
    }
    db.execute(ENTRY_INDEX.1, &[])?;
    for statement in ROW_INDEXES.iter().map(|(_, statement)| statement).chain(JOB_INDEXES) {
        db.execute(statement, &[])?;
    }
    Ok(())
}

fn create_table(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE IF NOT EXISTS {} ( -- {}", table.name, table.doc.trim());
    for column in table.columns {
        let kind = match column.kind {
            ColumnType::Id => "BLOB",
            ColumnType::Int => "BIGINT",
            ColumnType::Text => "TEXT",
        };
        let key = if column.no == 1 { " PRIMARY KEY" } else { "" };
        let null = if column.nullable { "" } else { " NOT NULL" };
        let comma = if usize::from(column.no) == table.columns.len() { "" } else { "," };
        // Writing to a String can't fail.
        let _ = write!(sql, "\n    {} {kind}{key}{null}{comma} -- {}", column.name, column.doc.trim());
    }
    sql + "\n) WITHOUT ROWID"
}

/// How many rows one statement fetches by id.
pub(crate) const FETCH: usize = 32;

/// The statements on one synced table.
pub(crate) struct RowSql {
    /// All columns by id.
    pub(crate) get: String,
    /// All columns of up to [`FETCH`] ids.
    pub(crate) fetch: String,
    /// A new row.
    pub(crate) insert: String,
    /// A row whatever was there before.
    pub(crate) put: String,
    /// Away with it.
    pub(crate) delete: String,
}

static ROW_SQL: LazyLock<BTreeMap<u16, RowSql>> =
    LazyLock::new(|| TABLES.iter().map(|table| (table.no, row_sql(table))).collect());

fn row_sql(table: &Table) -> RowSql {
    let name = table.name;
    let list = |n: usize| (1..=n).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
    let columns = table.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    let changes =
        table.columns.iter().skip(1).map(|column| format!("{0} = excluded.{0}", column.name)).collect::<Vec<_>>();
    let insert = format!("INSERT INTO {name} ({columns}) VALUES ({})", list(table.columns.len()));
    RowSql {
        get: format!("SELECT {columns} FROM {name} WHERE id = ?1"),
        fetch: format!("SELECT {columns} FROM {name} WHERE id IN ({})", list(FETCH)),
        put: format!("{insert} ON CONFLICT (id) DO UPDATE SET {}", changes.join(", ")),
        insert,
        delete: format!("DELETE FROM {name} WHERE id = ?1"),
    }
}

/// The statements on `table`.
pub(crate) fn sql_of(table: &Table) -> Result<&'static RowSql, DbError> {
    ROW_SQL.get(&table.no).ok_or(DbError::Stored("a table of no number"))
}

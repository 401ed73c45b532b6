//! The first data: every row of the county into an empty database.
//!
//! Row by row through the writer, 350,000 rows would mean a million small updates. Here the entries of all feeds are
//! computed in memory and everything is written in the order it will lie on disk, indexes last.

use std::collections::BTreeMap;

use dangjian_domain::feed::{Feed, ResolvedRule, resolved_rules};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{Member, Organization, Synced};
use dangjian_domain::schema::{Row, Table, Value};
use dangjian_domain::study::content::Catalogue;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::checksum::row_hash;
use dangjian_protocol::random::Random;

use crate::account::set_code;
use crate::audit::{self, Act};
use crate::db::{Db, DbError, Param};
use crate::error::CountyError;
use crate::password::new_code;
use crate::schema::{ENTRY_INDEX, ROW_INDEXES, sql_of};
use crate::tree::DEPTH;
use crate::writer::put;
use crate::{County, history_number, ledger};

/// Why a county can't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is one already.
    #[error("the database holds a county already")]
    NotEmpty,
    /// Two rows of one table have the same id.
    #[error("table {table} has two rows of id {id}")]
    Twice {
        /// Name of the table.
        table: &'static str,
        /// The id.
        id: RowId,
    },
    /// An organization whose parent is missing, or that is above itself, or too deep.
    #[error("organization {0} does not stand in a tree")]
    Tree(RowId),
    /// A row that is not what its table says.
    #[error("a row of the source: {0}")]
    Row(#[from] dangjian_domain::schema::RowError),
    /// The database.
    #[error(transparent)]
    County(#[from] CountyError),
}

impl From<DbError> for LoadError {
    fn from(error: DbError) -> Self {
        Self::County(error.into())
    }
}

/// The version every loaded row starts at.
const FIRST_VERSION: u64 = 1;
/// Progress is told this often, in rows.
const STEP: usize = 5_000;

#[derive(Default)]
struct FeedLoad {
    /// Positions of its rows in the sorted list; its sequences are 1, 2, …
    rows: Vec<u32>,
    sum: u64,
}

/// Loads `rows` into an empty database, within the caller's transaction. `codes` gets each member's activation code in
/// clear, once: nothing else knows it.
pub fn load(
    db: &mut dyn Db,
    rows: &[Row],
    now: Timestamp,
    random: &mut dyn Random,
    progress: &mut dyn FnMut(usize, usize),
    codes: &mut dyn FnMut(MemberId, &str),
) -> Result<(), LoadError> {
    if County::is_loaded(db)? {
        return Err(LoadError::NotEmpty);
    }
    // By table and id: the order the tables lie in.
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.table().no, row.id()));
    for pair in sorted.windows(2) {
        if let [a, b] = pair
            && (a.table().no, a.id()) == (b.table().no, b.id())
        {
            return Err(LoadError::Twice { table: a.table().name, id: a.id() });
        }
    }
    for (name, _) in std::iter::once(&ENTRY_INDEX).chain(ROW_INDEXES) {
        db.execute(&format!("DROP INDEX IF EXISTS {name}"), &[])?;
    }
    load_tree(db, &sorted)?;
    for row in &sorted {
        put(db, &sql_of(row.table())?.insert, &(*row).clone().with_version(FIRST_VERSION))?;
    }
    ledger::sum_up(db)?;
    // Where everybody stands, so that the first phone finds it.
    let boards = County::boards(now, db)?.rows;
    for row in &boards {
        put(db, &sql_of(row.table())?.insert, &row.clone().with_version(FIRST_VERSION))?;
    }
    sorted.extend(&boards);
    sorted.sort_by_key(|row| (row.table().no, row.id()));
    let feeds = collect_feeds(&sorted);
    let entries: usize = feeds.values().map(|feed| feed.rows.len()).sum();
    let mut done = Progress { done: sorted.len(), total: sorted.len() + entries, tell: progress };
    load_feeds(db, &feeds, &sorted, now, &mut done)?;
    for (_, statement) in std::iter::once(&ENTRY_INDEX).chain(ROW_INDEXES) {
        db.execute(statement, &[])?;
    }
    for row in sorted.iter().filter(|row| row.table() == Member::TABLE) {
        let (member, code) = (MemberId(row.id()), new_code(random));
        set_code(db, member, &code)?;
        codes(member, &code);
    }
    db.execute(
        "INSERT INTO county (one, history, loaded_at) VALUES (1, ?1, ?2)",
        &[Param::number(history_number(random)), Param::Int(now.0)],
    )?;
    let detail = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    audit::append(db, &audit::Entry { at: now, actor: None, act: Act::Loaded, subject: None, detail })?;
    done.end();
    Ok(())
}

/// Loads or replaces contents, answers and questions, within the caller's transaction.
pub fn load_catalogue(db: &mut dyn Db, catalogue: &Catalogue) -> Result<(), CountyError> {
    for (sha256, bytes) in &catalogue.contents {
        db.execute(
            "INSERT INTO content (sha256, bytes) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING",
            &[Param::Blob(sha256), Param::Blob(bytes)],
        )?;
    }
    for (item, check, right, choices) in &catalogue.answers {
        db.execute(
            "INSERT INTO check_answer (item, check_no, right, choices) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (item, check_no) DO UPDATE SET right = excluded.right, choices = excluded.choices",
            &[Param::id(item), Param::Int((*check).into()), Param::Int((*right).into()), Param::Int((*choices).into())],
        )?;
    }
    for (id, body) in &catalogue.questions {
        db.execute(
            "INSERT INTO quiz_question (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            &[Param::Text(id), Param::Text(body)],
        )?;
    }
    Ok(())
}

struct Progress<'a> {
    done: usize,
    total: usize,
    tell: &'a mut dyn FnMut(usize, usize),
}

impl Progress<'_> {
    fn one(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(STEP) {
            (self.tell)(self.done, self.total);
        }
    }

    fn end(&mut self) {
        (self.tell)(self.total, self.total);
    }
}

fn collect_feeds(sorted: &[&Row]) -> BTreeMap<Feed, FeedLoad> {
    let mut feeds: BTreeMap<Feed, FeedLoad> = BTreeMap::new();
    let mut rules: (Option<&'static Table>, Vec<ResolvedRule>) = (None, vec![]);
    for (at, row) in (0u32..).zip(sorted) {
        if rules.0 != Some(row.table()) {
            rules = (Some(row.table()), resolved_rules(row.table()));
        }
        let hash = row_hash(row.table().no, &row.id(), FIRST_VERSION);
        for rule in &rules.1 {
            let applies = rule.when.is_none_or(|(at, value)| row.values().get(at) == Some(&Value::Int(value)));
            if let (true, Some(Value::Id(subject))) = (applies, row.values().get(rule.subject)) {
                let feed = feeds.entry(Feed { kind: rule.kind, subject: *subject }).or_default();
                // A row is once in a feed, even if two rules put it there.
                if feed.rows.last() != Some(&at) {
                    feed.rows.push(at);
                    feed.sum = feed.sum.wrapping_add(hash);
                }
            }
        }
    }
    feeds
}

fn load_feeds(
    db: &mut dyn Db,
    feeds: &BTreeMap<Feed, FeedLoad>,
    sorted: &[&Row],
    now: Timestamp,
    done: &mut Progress<'_>,
) -> Result<(), LoadError> {
    for (feed_no, (feed, content)) in (1u64..).zip(feeds) {
        let count = Param::number(content.rows.len() as u64);
        db.execute(
            "INSERT INTO feed (feed_no, kind, subject, generation, seq, floor, rows, sum) VALUES (?1, ?2, ?3, 1, ?4, 0, ?4, ?5)",
            &[Param::number(feed_no), Param::Int(feed.kind as i64), Param::id(&feed.subject), count, Param::bits(content.sum)],
        )?;
        for (seq, at) in (1u64..).zip(&content.rows) {
            let row = sorted.get(*at as usize).ok_or(CountyError::Stored("a row that is not there"))?;
            db.execute(
                "INSERT INTO entry (feed_no, seq, table_no, row_id, gone, version, at) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)",
                &[
                    Param::number(feed_no),
                    Param::number(seq),
                    Param::Int(row.table().no.into()),
                    Param::id(&row.id()),
                    Param::number(FIRST_VERSION),
                    Param::Int(now.0),
                ],
            )?;
            done.one();
        }
    }
    Ok(())
}

fn load_tree(db: &mut dyn Db, sorted: &[&Row]) -> Result<(), LoadError> {
    let mut parents: BTreeMap<OrgId, Option<OrgId>> = BTreeMap::new();
    for row in sorted.iter().filter(|row| row.table() == Organization::TABLE) {
        let org = Organization::from_row(row)?;
        parents.insert(OrgId(org.id), org.parent);
    }
    for org in parents.keys() {
        let mut path = vec![*org];
        while let Some(parent) = path.last().and_then(|at| parents.get(at).copied().flatten()) {
            if path.len() >= DEPTH || path.contains(&parent) || !parents.contains_key(&parent) {
                return Err(LoadError::Tree(org.0));
            }
            path.push(parent);
        }
        for (depth, ancestor) in (0u64..).zip(&path) {
            db.execute(
                "INSERT INTO org_closure (ancestor, descendant, depth) VALUES (?1, ?2, ?3)",
                &[Param::id(&ancestor.0), Param::id(&org.0), Param::number(depth)],
            )?;
        }
    }
    Ok(())
}

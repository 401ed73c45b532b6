//! A page of 100 rows into a live mirror, against the same 100 rows into a plain table with the same indexes.

use std::path::Path;
use std::time::Instant;

use dangjian_domain::id::RowId;
use dangjian_domain::rows::{LedgerEntry, Synced};
use dangjian_domain::schema::Row;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::message::{GrantList, GrantedFeed, PageBody};
use dangjian_protocol::page::{Advance, Block, Page};
use dangjian_store::{Delivery, FileKey, Files, Mirror, MirrorTask};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::super::measure::{median, round};
use super::{branch, rows};

const PAGES: usize = 200;

pub(super) fn apply(dir: &Path) -> Result<Value, String> {
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    let entries: Vec<Row> = rows().into_iter().filter(|row| row.table() == LedgerEntry::TABLE).collect();
    let (standing, coming) = entries.split_at(entries.len() - PAGES * 100);
    let files = Files { dir: dir.to_owned(), key: FileKey::Plain };
    let mut mirror = Mirror::open(&files, None).map_err(|error| error.to_string())?;
    let grant = GrantList { number: 1, feeds: vec![GrantedFeed { feed: 1, kind: 4, subject: branch().0 }] };
    for (at, chunk) in standing.chunks(20_000).enumerate() {
        let more = (at + 1) * 20_000 < standing.len();
        let grant = (at == 0).then(|| grant.clone());
        deliver(&mut mirror, chunk, at as u64 + 1, grant, more)?;
    }
    let mut raw = baseline(&dir.join("raw.db"), standing)?;
    let mut ours = vec![];
    let mut theirs = vec![];
    for (at, chunk) in coming.chunks(100).enumerate() {
        let began = Instant::now();
        deliver(&mut mirror, chunk, 1_000 + at as u64, None, false)?;
        ours.push(began.elapsed().as_secs_f64() * 1_000.0);
        let began = Instant::now();
        insert(&mut raw, chunk).map_err(|error| error.to_string())?;
        theirs.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(json!({"apply_100_ms": round(median(&ours)), "raw_apply_100_ms": round(median(&theirs))}))
}

fn deliver(mirror: &mut Mirror, rows: &[Row], seq: u64, grant: Option<GrantList>, more: bool) -> Result<(), String> {
    let mut block = Block::new(LedgerEntry::TABLE);
    for row in rows {
        block.push_row(row).map_err(|error| error.to_string())?;
    }
    let page = Page {
        advance: vec![Advance { feed: 1, generation: 1, seq, at_head: !more }],
        blocks: vec![block],
        ..Page::default()
    };
    let page = Some(PageBody::Columnar(Bytes(page.compress())));
    let delivery = Delivery { history: 1, grant, page, checks: vec![], more };
    let applied = mirror.run(MirrorTask::Deliver(delivery)).map_err(|error| error.to_string())?;
    if let Some(name) = applied.switched {
        mirror.run(MirrorTask::Adopt(name)).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn baseline(path: &Path, rows: &[Row]) -> Result<Connection, String> {
    let open = || {
        let mut conn = Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             CREATE TABLE ledger_entry (id TEXT PRIMARY KEY, version INTEGER, member TEXT, org TEXT, day INTEGER,
                rule TEXT, points INTEGER, fact TEXT);
             CREATE INDEX ledger_member ON ledger_entry (member, day);
             CREATE INDEX ledger_org ON ledger_entry (org, day);",
        )?;
        insert(&mut conn, rows)?;
        Ok(conn)
    };
    open().map_err(|error: rusqlite::Error| error.to_string())
}

fn insert(conn: &mut Connection, rows: &[Row]) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    {
        let mut statement = tx.prepare_cached("INSERT INTO ledger_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for row in rows {
            let entry = LedgerEntry::from_row(row).map_err(|_| rusqlite::Error::InvalidQuery)?;
            let text = |id: RowId| id.to_string();
            statement.execute(params![
                text(entry.id),
                entry.version as i64,
                text(entry.member.0),
                text(entry.org.0),
                entry.day.0,
                entry.rule,
                entry.points,
                entry.fact.map(|fact| text(fact.0))
            ])?;
        }
    }
    tx.commit()
}

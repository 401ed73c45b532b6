//! First sync of a county's officer (20,138 members, 200,000 ledger entries) and a page of 100 rows into the live mirror,
//! against plain rusqlite. Prints processor time (all threads), bytes written and peak memory, each case in a process of its
//! own: `cargo bench -p dangjian-store`. Linux only, since it reads /proc.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::process::Command;
use std::time::Instant;

use dangjian_domain::id::{OpId, OrgId, RowId};
use dangjian_domain::rows::{LedgerEntry, Member, MemberStatus, Standing, Synced};
use dangjian_domain::schema::FeedKind;
use dangjian_domain::time::CivilDay;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::checksum::mix;
use dangjian_protocol::message::{FeedCheck, GrantList, GrantedFeed, PageBody};
use dangjian_protocol::page::{Advance, Block, Page};
use dangjian_store::{Delivery, FileKey, Files, Mirror, MirrorTask};
use rusqlite::Connection;

const MEMBERS: u64 = 20_138;
const ENTRIES: u64 = 200_000;
const ORGS: u64 = 700;
const PAGE: u64 = 5_000;

fn random_id(kind: u64, n: u64) -> RowId {
    let (high, low) = (mix(kind << 40 | n), mix(kind << 41 | n | 1));
    RowId::v7(
        1_750_000_000_000 + i64::try_from(n).unwrap() * 37,
        [high.to_le_bytes(), low.to_le_bytes()].concat()[..10].try_into().unwrap(),
    )
}

fn member(n: u64, version: u64) -> Member {
    Member {
        id: random_id(2, n),
        version,
        org: OrgId(random_id(1, n % ORGS)),
        number: format!("4311{n:08}"),
        name: format!("党员{}", n % 5_000),
        standing: Standing::Full,
        status: MemberStatus::Active,
        migrant: n.is_multiple_of(9),
    }
}

fn entry(n: u64, version: u64) -> LedgerEntry {
    let who = mix(n) % MEMBERS;
    let (org, day) = (OrgId(random_id(1, who % ORGS)), CivilDay(20_000 + i32::try_from(n / 700).unwrap()));
    let rule = ["read_minutes", "read_item", "attendance", "quiz"][(n % 4) as usize];
    let points = i64::try_from(n % 10).unwrap();
    let fact = Some(OpId(random_id(4, n)));
    LedgerEntry {
        version,
        fact,
        ..LedgerEntry::imported(random_id(3, n), random_id(2, who).into(), org, day, rule, points)
    }
}

fn grant() -> GrantList {
    let feeds = (0..ORGS).flat_map(|org| {
        [(org * 2 + 1, FeedKind::Branch), (org * 2 + 2, FeedKind::Ledger)].map(|(feed, kind)| GrantedFeed {
            feed,
            kind: kind as u8,
            subject: random_id(1, org),
        })
    });
    GrantList { number: 1, feeds: feeds.collect() }
}

fn page_of<T: Synced>(rows: impl Iterator<Item = T>, feeds: u64, seq: u64) -> PageBody {
    let mut block = Block::new(T::TABLE);
    rows.for_each(|row| block.push_row(&row.to_row()).unwrap());
    let advance = (1..=feeds).map(|feed| Advance { feed, generation: 1, seq, at_head: false }).collect();
    PageBody::Columnar(Bytes(Page { advance, blocks: vec![block], ..Page::default() }.compress()))
}

fn deliver(mirror: &mut Mirror, grant: Option<GrantList>, page: Option<PageBody>, more: bool) -> Option<String> {
    let delivery = Delivery { history: 9, grant, page, checks: vec![], more };
    mirror.run(MirrorTask::Deliver(delivery)).unwrap().switched
}

/// The pages of the first sync, as files, so that making them does not count.
fn pages(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut paths = vec![];
    let mut put = |page: PageBody| {
        let PageBody::Columnar(bytes) = page else { panic!() };
        let path = dir.join(format!("page-{}", paths.len()));
        std::fs::write(&path, &bytes.0).unwrap();
        paths.push(path);
    };
    for (at, from) in (0..MEMBERS).step_by(PAGE as usize).enumerate() {
        put(page_of((from..MEMBERS.min(from + PAGE)).map(|n| member(n, 1)), ORGS * 2, at as u64 + 1));
    }
    for (at, from) in (0..ENTRIES).step_by(PAGE as usize).enumerate() {
        put(page_of((from..ENTRIES.min(from + PAGE)).map(|n| entry(n, 1)), ORGS * 2, at as u64 + 100));
    }
    paths
}

fn open_page(path: &std::path::Path) -> PageBody {
    PageBody::Columnar(Bytes(std::fs::read(path).unwrap()))
}

const RAW_TABLES: &str = "
CREATE TABLE member (id TEXT PRIMARY KEY, version INTEGER, org TEXT, number TEXT, name TEXT, standing INTEGER,
  status INTEGER, migrant INTEGER) WITHOUT ROWID;
CREATE INDEX member_org ON member (org, number);
CREATE TABLE ledger_entry (id TEXT PRIMARY KEY, version INTEGER, member TEXT, org TEXT, day INTEGER, rule TEXT,
  points INTEGER, fact TEXT);
CREATE INDEX entry_member ON ledger_entry (member, day);
CREATE INDEX entry_org ON ledger_entry (org, day);
CREATE INDEX entry_day ON ledger_entry (day);
";

fn raw_put(conn: &Connection, block: &Block) {
    let table = block.table();
    let places = vec!["?"; table.columns.len()].join(",");
    let mut statement =
        conn.prepare_cached(&format!("INSERT OR REPLACE INTO {} VALUES ({places})", table.name)).unwrap();
    for row in 0..block.len() {
        for (at, value) in block.row(row).unwrap().values().iter().enumerate() {
            use dangjian_domain::schema::Value;
            match value {
                Value::Null => statement.raw_bind_parameter(at + 1, rusqlite::types::Null),
                Value::Int(n) => statement.raw_bind_parameter(at + 1, n),
                Value::Id(id) => statement.raw_bind_parameter(at + 1, id.to_string()),
                Value::Text(text) => statement.raw_bind_parameter(at + 1, text),
            }
            .unwrap();
        }
        statement.raw_execute().unwrap();
    }
}

fn raw(dir: &std::path::Path, key: bool) -> Connection {
    let conn = Connection::open(dir.join("raw.db")).unwrap();
    if key {
        conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "07".repeat(32))).unwrap();
    }
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY").unwrap();
    conn
}

fn cpu_ms() -> f64 {
    // utime and stime, in ticks of 10 ms.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) * 10.0
}

fn proc_value(file: &str, key: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let Some(case) = args.next() else {
        let dir = tempfile::tempdir().unwrap();
        pages(dir.path());
        for case in [
            "raw",
            "raw-cache",
            "build",
            "build-key",
            "live-raw",
            "live-raw-key",
            "live",
            "live-key",
            "check",
            "check-key",
        ] {
            for _ in 0..2 {
                let own = tempfile::tempdir().unwrap();
                let exe = std::env::current_exe().unwrap();
                let done = Command::new(exe).arg(case).arg(dir.path()).arg(own.path()).status().unwrap();
                assert!(done.success());
            }
        }
        return;
    };
    let (source, dir) =
        (std::path::PathBuf::from(args.next().unwrap()), std::path::PathBuf::from(args.next().unwrap()));
    let mut paths: Vec<_> = std::fs::read_dir(&source).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort_by_key(|path| path.to_str().unwrap().rsplit('-').next().unwrap().parse::<u32>().unwrap());
    let key = case.ends_with("-key");
    let files = Files { dir: dir.clone(), key: if key { FileKey::Raw([7; 32]) } else { FileKey::Plain } };
    let small = |n: u64| page_of((0..100).map(|at| entry(ENTRIES + n * 100 + at, 1)), 100, 1_000 + n);
    let first_sync = |paths: &[std::path::PathBuf]| {
        let mut mirror = Mirror::open(&files, None).unwrap();
        deliver(&mut mirror, Some(grant()), None, true);
        let last = paths.len() - 1;
        for (at, path) in paths.iter().enumerate() {
            let name = deliver(&mut mirror, None, Some(open_page(path)), at < last);
            if let Some(name) = name {
                mirror.run(MirrorTask::Adopt(name)).unwrap();
            }
        }
        mirror
    };
    let raw_sync = |paths: &[std::path::PathBuf]| {
        let conn = raw(&dir, key);
        conn.execute_batch(RAW_TABLES).unwrap();
        if case == "raw-cache" {
            conn.execute_batch("PRAGMA cache_size = -131072").unwrap();
        }
        conn.execute_batch("BEGIN").unwrap();
        for path in paths {
            open_page(path).open().unwrap().blocks.iter().for_each(|block| raw_put(&conn, block));
        }
        conn.execute_batch("COMMIT").unwrap();
        conn
    };
    let (mut began, mut cpu) = (Instant::now(), cpu_ms());
    let mut per = 1.0;
    match case.trim_end_matches("-key") {
        "raw" | "raw-cache" => drop(raw_sync(&paths)),
        "build" => drop(first_sync(&paths)),
        "live-raw" => {
            let conn = raw_sync(&paths);
            let pages: Vec<_> = (0..200).map(small).collect();
            (began, cpu, per) = (Instant::now(), cpu_ms(), 200.0);
            for page in pages {
                conn.execute_batch("BEGIN").unwrap();
                page.open().unwrap().blocks.iter().for_each(|block| raw_put(&conn, block));
                conn.execute_batch("COMMIT").unwrap();
            }
        }
        "live" => {
            let mut mirror = first_sync(&paths);
            let pages: Vec<_> = (0..200).map(small).collect();
            (began, cpu, per) = (Instant::now(), cpu_ms(), 200.0);
            for page in pages {
                deliver(&mut mirror, None, Some(page), false);
            }
        }
        "check" => {
            let mut mirror = first_sync(&paths);
            (began, cpu) = (Instant::now(), cpu_ms());
            let checks = vec![FeedCheck { feed: 1, rows: 0, sum: 0 }];
            let delivery = Delivery { history: 9, grant: None, page: None, checks, more: false };
            assert_eq!(mirror.run(MirrorTask::Deliver(delivery)).unwrap().mismatched, [1]);
        }
        other => panic!("{other}"),
    }
    println!(
        "{case:14} cpu {:8.2} ms  wall {:8.2} ms  written {:5} MB  peak {:3} MB",
        (cpu_ms() - cpu) / per,
        began.elapsed().as_secs_f64() * 1_000.0 / per,
        proc_value("/proc/self/io", "wchar:") >> 20,
        proc_value("/proc/self/status", "VmHWM:") >> 10,
    );
}

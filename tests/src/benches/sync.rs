//! First sync, application of a page, and a full outbox, against plain rusqlite on the same rows.
//!
//! The rows: 20,138 members and 200,000 ledger entries that one grant opens (a branch's secretary holds its ledger). The
//! baseline inserts them as a program without a sync protocol would keep them: ids as text, one transaction, the same four
//! secondary indexes in place. Server, client and baseline are processes of their own and take turns.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dangjian_client::HostEvent;
use dangjian_county::{County, Sqlite, sqlite};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::op::{Action, PublishNotice};
use dangjian_domain::rows::{
    LedgerEntry, Member, MemberStatus, NoticeScope, OrgKind, Organization, Role, RoleGrant, Standing, Synced,
};
use dangjian_domain::schema::{Row, Table, Value as Cell};
use dangjian_domain::time::CivilDay;
use dangjian_engine::Command;
use dangjian_protocol::random::{Random, SplitMix};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::measure::{cpu_s, figure, in_own_process, median, peak_rss_mb, round, write};
use crate::phones::RealPhone;
use crate::server_process::{ServerProcess, beside};

mod page;

/// Members of the county.
pub const MEMBERS: usize = 20_138;
/// Ledger entries.
pub const ENTRIES: usize = 200_000;
const ROUNDS: usize = 7;
const LOGIN: &str = "431128000000";

/// The branch whose secretary syncs.
fn branch() -> OrgId {
    RowId([2; 16]).into()
}

fn secretary() -> MemberId {
    member_id(0)
}

fn member_id(at: usize) -> MemberId {
    let mut random = SplitMix(0x6d65_6d62 + at as u64);
    RowId::v7(1_600_000_000_000 + at as i64, random.bytes()).into()
}

/// The rows of the bench, the same each time.
pub fn rows() -> Vec<Row> {
    let county = OrgId(RowId([1; 16]));
    let org = |id: OrgId, parent, kind, name: &str| {
        let name = name.to_owned();
        Organization { id: id.0, version: 1, county, parent, kind, name, area_code: None, city: None }.to_row()
    };
    let mut random = SplitMix(7);
    let mut rows = vec![
        org(county, None, OrgKind::CountyCommittee, "县委"),
        org(branch(), Some(county), OrgKind::Branch, "党支部"),
    ];
    let surnames: Vec<char> = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗".chars().collect();
    let given: Vec<char> = "明华建国秀英志强桂兰玉梅文军永平春生小红海燕德云".chars().collect();
    let mut pick = |from: &[char]| from[(random.next_u64() % from.len() as u64) as usize];
    for at in 0..MEMBERS {
        let name: String = [pick(&surnames), pick(&given), pick(&given)].iter().collect();
        rows.push(
            Member {
                id: member_id(at).0,
                version: 1,
                org: branch(),
                number: format!("431128{at:06}"),
                name,
                standing: Standing::Full,
                status: MemberStatus::Active,
                migrant: at % 7 == 0,
            }
            .to_row(),
        );
    }
    let rules = ["read_item", "read_minutes", "quiz", "sign_in", "av_minutes"];
    let mut random = SplitMix(8);
    // As a county's points arise: somebody studies one to three items in a row, each a fact that one or two rules reward.
    let mut at = 0;
    while at < ENTRIES {
        let member = member_id((random.next_u64() % MEMBERS as u64) as usize);
        for _ in 0..=random.next_u64() % 3 {
            let fact = RowId::v7(1_780_000_000_000 + at as i64 * 40 - 7, random.bytes());
            for _ in 0..=random.next_u64() % 2 {
                let id = RowId::v7(1_780_000_000_000 + at as i64 * 40, random.bytes());
                let day = CivilDay(20_600 + (at / 2_000) as i32);
                let rule = rules[(random.next_u64() % 5) as usize];
                let points = 1 + (random.next_u64() % 6) as i64;
                let from = day.start().plus_ms(18_000_000 + (random.next_u64() % 60_000_000) as i64);
                let entry = LedgerEntry {
                    version: 1,
                    fact: Some(fact.into()),
                    rule_set: "default-county/2026.1".to_owned(),
                    amount: points * 60_000,
                    from_at: Some(from),
                    to_at: Some(from.plus_ms(points * 60_000)),
                    ..LedgerEntry::imported(id, member, branch(), day, rule, points)
                };
                if at < ENTRIES {
                    rows.push(entry.to_row());
                }
                at += 1;
            }
        }
    }
    rows.push(
        RoleGrant {
            id: RowId([4; 16]),
            version: 1,
            member: secretary(),
            org: branch(),
            role: Role::Secretary,
            since: CivilDay(20_000),
        }
        .to_row(),
    );
    rows
}

/// Makes the server's database in `dir`; returns the secretary's activation code.
fn prepare(dir: &Path) -> Result<String, String> {
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    let conn = sqlite::open(&dir.join("county.db"), false).map_err(|error| error.to_string())?;
    let mut code = String::new();
    conn.execute_batch("BEGIN").map_err(|error| error.to_string())?;
    let mut db = Sqlite(&conn);
    County::create_schema(&mut db).map_err(|error| error.to_string())?;
    dangjian_county::load(
        &mut db,
        &rows(),
        dangjian_http::now(),
        &mut SplitMix(9),
        &mut |_, _| {},
        &mut |member, text| {
            if member == secretary() {
                code = text.to_owned();
            }
        },
    )
    .map_err(|error| error.to_string())?;
    conn.execute_batch("COMMIT").map_err(|error| error.to_string())?;
    Ok(code)
}

/// The whole bench.
pub fn run() -> Result<(), String> {
    let dir = tempfile::tempdir_in("target").map_err(|error| error.to_string())?;
    println!("making {} rows on the server …", MEMBERS + ENTRIES);
    let data = dir.path().join("server");
    let code = prepare(&data)?;
    let arguments = ["--quick-passwords", "--slot-ms", "600000"];
    let server = ServerProcess::start(&beside("dangjian-server"), &data, "127.0.0.1:0", &arguments)?;
    let text = |path: PathBuf| path.display().to_string();

    let mut raw = vec![];
    let mut plain = vec![];
    let mut encrypted = vec![];
    let mut last = Value::Null;
    let mut peak: Vec<f64> = vec![];
    // Each client is a phone of its own; the member may have three at a time.
    let mut code = Some(code);
    for round in 0..ROUNDS {
        let insert = in_own_process(&["raw-insert", &text(dir.path().join("raw.db"))])?;
        raw.push(figure(&insert, "cpu_s")?);
        for (kind, into) in [("plain", &mut plain), ("encrypted", &mut encrypted)] {
            let phone = text(dir.path().join(format!("{kind}-{round}")));
            let code = code.take().unwrap_or_default();
            let client = in_own_process(&["sync-client", &server.url, &phone, kind, &code])?;
            into.push(figure(&client, "cpu_s")?);
            if kind == "encrypted" {
                peak.push(figure(&client, "peak_rss_mb")?);
            }
            last = client;
            std::fs::remove_dir_all(&phone).map_err(|error| error.to_string())?;
        }
        println!(
            "round {}: raw {:.3} s, plain {:.3} s, encrypted {:.3} s of CPU",
            round + 1,
            raw.last().unwrap_or(&0.0),
            plain.last().unwrap_or(&0.0),
            encrypted.last().unwrap_or(&0.0)
        );
    }
    let pages = in_own_process(&["apply-100", &text(dir.path().join("apply"))])?;
    let push = in_own_process(&["push-1000", &server.url, &text(dir.path().join("pusher"))])?;
    let json_gzip = in_own_process(&["json-gzip"])?;

    let (raw, plain, encrypted) = (median(&raw), median(&plain), median(&encrypted));
    let wire = figure(&last, "wire_bytes")?;
    let gzip = figure(&json_gzip, "json_gzip_bytes")?;
    write(
        "sync",
        &json!({
            "rows": MEMBERS + ENTRIES,
            "raw_insert_cpu_s": round(raw),
            "initial_sync_cpu_s": round(plain),
            "initial_sync_encrypted_cpu_s": round(encrypted),
            "ratio": round(plain / raw),
            "ratio_encrypted": round(encrypted / raw),
            "wire_bytes": wire,
            "json_gzip_bytes": gzip,
            "wire_to_json_gzip": round(wire / gzip),
            "peak_rss_mb": round(median(&peak)),
            "apply_100_ms": figure(&pages, "apply_100_ms")?,
            "raw_apply_100_ms": figure(&pages, "raw_apply_100_ms")?,
            "apply_ratio": round(figure(&pages, "apply_100_ms")? / figure(&pages, "raw_apply_100_ms")?),
            "push_1000_s": figure(&push, "push_1000_s")?,
        }),
    )
}

/// A part of the bench, in a process of its own. Prints its figures as JSON.
pub fn part(arguments: &[String]) -> Result<Value, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["raw-insert", path] => raw_insert(Path::new(path)),
        ["sync-client", url, dir, kind, code] => block_on(sync_client(url, Path::new(dir), *kind == "encrypted", code)),
        ["apply-100", dir] => page::apply(Path::new(dir)),
        ["push-1000", url, dir] => block_on(push(url, Path::new(dir))),
        ["json-gzip"] => json_gzip(),
        other => Err(format!("no such part: {other:?}")),
    }
}

fn block_on(part: impl Future<Output = Result<Value, String>>) -> Result<Value, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(part)
}

/// The baseline: one transaction of plain inserts with text ids and the indexes in place, then the file synced.
fn raw_insert(path: &Path) -> Result<Value, String> {
    let rows = rows();
    let _ = std::fs::remove_file(path);
    let sql = |error: rusqlite::Error| error.to_string();
    let mut conn = Connection::open(path).map_err(sql)?;
    let began = cpu_s();
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE member (id TEXT PRIMARY KEY, version INTEGER, org TEXT, number TEXT, name TEXT, standing INTEGER,
            status INTEGER, migrant INTEGER);
         CREATE INDEX member_org ON member (org, number);
         CREATE INDEX member_name ON member (name);
         CREATE TABLE ledger_entry (id TEXT PRIMARY KEY, version INTEGER, member TEXT, org TEXT, day INTEGER, rule TEXT,
            points INTEGER, fact TEXT, rule_set TEXT, amount INTEGER, amount_before INTEGER, points_before INTEGER,
            about TEXT, from_at INTEGER, to_at INTEGER, reverses TEXT, reason TEXT);
         CREATE INDEX ledger_member ON ledger_entry (member, day);
         CREATE INDEX ledger_org ON ledger_entry (org, day);",
    )
    .map_err(sql)?;
    let tx = conn.transaction().map_err(sql)?;
    {
        let places = |n: usize| (1..=n).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
        let insert = |table: &Table| format!("INSERT INTO {} VALUES ({})", table.name, places(table.columns.len()));
        let mut member = tx.prepare(&insert(Member::TABLE)).map_err(sql)?;
        let mut entry = tx.prepare(&insert(LedgerEntry::TABLE)).map_err(sql)?;
        for row in &rows {
            let statement = if row.table() == Member::TABLE { &mut member } else { &mut entry };
            for (at, value) in row.values().iter().enumerate() {
                let bound = match value {
                    Cell::Null => statement.raw_bind_parameter(at + 1, rusqlite::types::Null),
                    Cell::Int(n) => statement.raw_bind_parameter(at + 1, n),
                    Cell::Id(id) => statement.raw_bind_parameter(at + 1, id.to_string()),
                    Cell::Text(text) => statement.raw_bind_parameter(at + 1, text),
                };
                bound.map_err(sql)?;
            }
            statement.raw_execute().map_err(sql)?;
        }
    }
    tx.commit().map_err(sql)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sql)?;
    std::fs::File::open(path).and_then(|file| file.sync_all()).map_err(|error| error.to_string())?;
    Ok(json!({"cpu_s": cpu_s() - began}))
}

/// A phone that was never used: from opened and signed in to everything queryable and on disk.
async fn sync_client(url: &str, dir: &Path, encrypted: bool, code: &str) -> Result<Value, String> {
    let phone = open(url, dir, encrypted)?;
    phone.client.host(HostEvent::Offline).await;
    phone.client.host(HostEvent::Online).await;
    let began = cpu_s();
    let wall = Instant::now();
    phone.sign_in(code).await.map_err(|error| error.to_string())?;
    phone.client.sync().await.map_err(|error| error.to_string())?;
    let counted = phone
        .client
        .read(|snapshot| {
            let count = |table: &str| {
                snapshot.conn().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
            };
            Ok((count("member")?, count("ledger_entry")?))
        })
        .map_err(|error| error.to_string())?;
    if counted != (MEMBERS as i64, ENTRIES as i64) {
        return Err(format!("the phone has {counted:?}"));
    }
    let cpu = cpu_s() - began;
    let traffic = phone.client.traffic();
    let device = phone.client.account().devices(secretary()).await.map_err(|error| error.to_string())?;
    let figures = json!({
        "cpu_s": cpu,
        "wall_s": wall.elapsed().as_secs_f64(),
        "peak_rss_mb": peak_rss_mb(),
        "wire_bytes": traffic.received_bytes,
    });
    // Makes room for the next phone: a member may have three.
    if let Some(own) = device.iter().rfind(|device| !device.revoked) {
        let _ = phone.client.account().revoke(own.device).await;
    }
    Ok(figures)
}

fn open(url: &str, dir: &Path, encrypted: bool) -> Result<RealPhone, String> {
    let change = |config: &mut dangjian_client::Config| {
        config.encrypted = encrypted;
        config.hints = false;
    };
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    RealPhone::open(dir, secretary(), LOGIN, change, url).map_err(|error| error.to_string())
}

/// A thousand operations wait; how long until the last is acknowledged.
async fn push(url: &str, dir: &Path) -> Result<Value, String> {
    let phone = open(url, dir, true)?;
    phone.sign_in("").await.map_err(|error| error.to_string())?;
    phone.client.sync().await.map_err(|error| error.to_string())?;
    let mut times = vec![];
    for _ in 0..3 {
        phone.client.host(HostEvent::Offline).await;
        for n in 0..1_000 {
            let payload = PublishNotice {
                org: branch(),
                scope: NoticeScope::Branch,
                title: format!("第 {n} 条"),
                body: "请各位同志周五下午到村部参加主题党日。".to_owned(),
            };
            let act = phone.client.command(Command::Act(Action::PublishNotice(payload))).await;
            act.map_err(|error| error.to_string())?;
        }
        let mut status = phone.client.status();
        let began = Instant::now();
        phone.client.host(HostEvent::Online).await;
        let empty = tokio::time::timeout(Duration::from_secs(60), status.wait_for(|status| status.queued == 0)).await;
        if !empty.is_ok_and(|waited| waited.is_ok()) {
            return Err("the outbox did not empty".to_owned());
        }
        times.push(began.elapsed().as_secs_f64());
        phone.client.sync().await.map_err(|error| error.to_string())?;
    }
    Ok(json!({"push_1000_s": round(median(&times))}))
}

/// The same rows as JSON objects through `gzip -6`.
fn json_gzip() -> Result<Value, String> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut page = dangjian_protocol::page::Page::default();
    let mut members = dangjian_protocol::page::Block::new(Member::TABLE);
    let mut entries = dangjian_protocol::page::Block::new(LedgerEntry::TABLE);
    for row in rows() {
        for block in [&mut members, &mut entries] {
            if block.table() == row.table() {
                block.push_row(&row).map_err(|error| error.to_string())?;
            }
        }
    }
    page.blocks = vec![members, entries];
    let text = dangjian_protocol::page_json::to_json(&page)["rows"].to_string();
    let mut gzip = Command::new("gzip")
        .args(["-6", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut stdin = gzip.stdin.take().ok_or("no input")?;
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = gzip.wait_with_output().map_err(|error| error.to_string())?;
    writer.join().map_err(|_| "gzip")?.map_err(|error| error.to_string())?;
    Ok(json!({"json_gzip_bytes": output.stdout.len()}))
}

//! A rank with neighbours and movement on a real phone: its encrypted files, a county's histogram, a year of own postings.

use std::path::Path;
use std::time::Instant;

use dangjian_client::software::SystemRandom;
use dangjian_domain::points::rank::Counts;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{LedgerEntry, RuleSetRow, SubjectKind, Synced as _};
use dangjian_domain::schema::Row;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::random::{Random as _, SplitMix};
use rusqlite::Connection;

use crate::people::{below, id};
use crate::town::{Town, orgs, people};

/// Members of the county.
const MEMBERS: usize = 20_138;
/// How often it is asked.
const TIMES: usize = 2_000;

/// What came out.
pub(super) struct Ranked {
    pub(super) median_ms: f64,
    pub(super) p99_ms: f64,
    /// The first after the app was opened.
    pub(super) first_ms: f64,
    pub(super) steps: usize,
    pub(super) entries: usize,
}

/// Four postings on each day of the year up to today.
fn year(random: &mut SplitMix, now: Timestamp) -> Vec<Row> {
    let today = now.civil_day(0);
    let rules = ["sign_in", "read_minutes", "av_minutes", "quiz"];
    let entry = |(n, rule): (i32, &str)| {
        let (day, points) = (today.plus_days(-n), 1 + below(random, 5) as i64);
        let entry = LedgerEntry::imported(id(random), people::AN, orgs::WILLOW, day, rule, points);
        LedgerEntry { version: 1, ..entry }.to_row()
    };
    (0..365).flat_map(|n| rules.map(|rule| (n, rule))).map(entry).collect()
}

/// A county's quarter: a third does nothing, the others have up to 1,500 points.
fn histogram(random: &mut SplitMix) -> Counts {
    let points = |_| match below(random, 3) {
        0 => below(random, 40) as i64,
        _ => (below(random, 800) + below(random, 700)) as i64,
    };
    Counts::from_points((0..MEMBERS).map(points))
}

/// Opens the phone's mirror with the phone's own key.
fn open_mirror(dir: &Path) -> Connection {
    let keys = std::fs::read(dir.join("keys")).unwrap();
    let key: String = keys[64..].iter().map(|byte| format!("{byte:02x}")).collect();
    let name = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("mirror-") && name.ends_with(".db")
    };
    let path = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).find(name).unwrap();
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
    conn
}

pub(super) fn measure() -> Ranked {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let random = &mut SplitMix(SystemRandom.next_u64());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Timestamp(now.as_millis() as i64);
    let mut rows = year(random, now);
    let entries = rows.len();
    let rules = RuleSetRow { version: 1, ..RuleSetRow::of(orgs::COUNTY, RuleSet::DEFAULT_TEXT).unwrap() };
    rows.push(rules.to_row());
    let (town, dir) = runtime.block_on(async {
        let town = Town::with(&rows);
        let phone = town.phone("an", people::AN).await;
        let dir = phone.dir.clone();
        assert!(phone.client.boards().rank(orgs::COUNTY, SubjectKind::Member, now).unwrap().is_some());
        (town, dir)
    });
    // The histograms of today and of yesterday as those of the whole county.
    let mirror = open_mirror(&dir);
    let mut steps = 0;
    let days = "SELECT id FROM histogram WHERE org = ?1 AND kind = ?2";
    let ids: Vec<[u8; 16]> = {
        let mut statement = mirror.prepare(days).unwrap();
        let kind = SubjectKind::Member as i64;
        let ids = statement.query_map((orgs::COUNTY.0.0, kind), |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    };
    assert!(ids.len() >= 2, "today and yesterday");
    for id in ids {
        let counts = histogram(random);
        steps = counts.iter().count();
        let sql = "UPDATE histogram SET subjects = ?2, counts = ?3 WHERE id = ?1";
        mirror.execute(sql, (id, MEMBERS as i64, counts.encode())).unwrap();
    }
    drop(mirror);
    let times = runtime.block_on(async {
        // A phone without signal.
        let mut town = town;
        tokio::task::block_in_place(|| town.stop());
        let phone = town.open("an", people::AN);
        (0..TIMES)
            .map(|_| {
                let start = Instant::now();
                let rank = phone.client.boards().rank(orgs::COUNTY, SubjectKind::Member, now).unwrap().unwrap();
                let took = start.elapsed().as_secs_f64() * 1_000.0;
                assert!(rank.subjects == MEMBERS as i64 && rank.rank > 1 && rank.to_next.is_some());
                took
            })
            .collect::<Vec<f64>>()
    });
    runtime.shutdown_background();
    let (median_ms, p99_ms) = (crate::phones::percentile(&times, 50.0), crate::phones::percentile(&times, 99.0));
    println!(
        "rank: {median_ms:.3} ms, 99 of 100 within {p99_ms:.3} ms, {steps} different sums, {entries} own postings"
    );
    Ranked { median_ms, p99_ms, first_ms: times[0], steps, entries }
}

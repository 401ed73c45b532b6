//! Figures, not assertions: `cargo test --release -p dangjian-county -- --ignored --nocapture measure`.

use std::time::Instant;

use dangjian_county::{County, Sqlite, load, sqlite};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::*;
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_protocol::random::SplitMix;

use crate::fixture::{COUNTY, START, ZHENG, organization, person, role};
use crate::notices::publish;
use crate::phone::Mirror;
use crate::world::{World, county};

const TOWNSHIPS: u32 = 20;
const BRANCHES: u32 = 820;
const MEMBERS: u32 = 30_000;

fn id(kind: u8, n: u32) -> RowId {
    RowId::derived("measure", &[RowId([kind; 16]), RowId(u128::from(n).to_be_bytes())])
}

fn county_rows() -> Vec<Row> {
    let mut rows = vec![organization(COUNTY, None, OrgKind::CountyCommittee)];
    let township = |n: u32| OrgId(id(1, n % TOWNSHIPS));
    let branch = |n: u32| OrgId(id(2, n % BRANCHES));
    rows.extend((0..TOWNSHIPS).map(|n| organization(township(n), Some(COUNTY), OrgKind::PartyCommittee)));
    rows.extend((0..BRANCHES).map(|n| organization(branch(n), Some(township(n)), OrgKind::Branch)));
    for n in 0..MEMBERS {
        let member = MemberId(id(3, n));
        let mut own = person(member, branch(n));
        if let Ok(row) = Member::from_row(&own[0]) {
            own[0] = Member { number: format!("M{n:06}"), ..row }.to_row();
        }
        if let Ok(row) = MemberFile::from_row(&own[1]) {
            own[1] = MemberFile { phone: format!("139{n:08}"), ..row }.to_row();
        }
        rows.extend(own);
        rows.extend((0..8).map(|at| {
            LedgerEntry {
                id: id(4, n * 8 + at),
                version: 0,
                member,
                org: branch(n),
                day: CivilDay(20_000),
                rule: "read_item".into(),
                points: 2,
                fact: None,
            }
            .to_row()
        }));
    }
    rows.extend(person(ZHENG, branch(0)));
    rows.push(role(ZHENG, COUNTY, Role::Officer));
    rows.push(role(MemberId(id(3, 0)), branch(0), Role::Secretary));
    rows
}

#[test]
#[ignore = "figures for a person to read"]
fn measure() {
    let rows = county_rows();
    let folder = tempfile::tempdir().unwrap();
    let connection = sqlite::open(&folder.path().join("county.db"), false).unwrap();
    let (mut random, mut codes) = (SplitMix(7), std::collections::BTreeMap::new());
    let mut db = Sqlite(&connection);
    County::create_schema(&mut db).unwrap();
    let start = Instant::now();
    connection.execute_batch("BEGIN").unwrap();
    load(&mut db, &rows, START, &mut random, &mut |_, _| {}, &mut |member, code| {
        codes.insert(member, code.to_owned());
    })
    .unwrap();
    connection.execute_batch("COMMIT").unwrap();
    println!("load of {} rows: {:?}", rows.len(), start.elapsed());

    let mut world =
        World { county: county(1), connection, now: START, random, codes, source: String::new(), last: None };
    let mut officer = world.phone(ZHENG);
    let mut secretary = world.phone(MemberId(id(3, 0)));
    officer.max_rows = 20_000;
    let (start, mut pages, mut bytes, mut got) = (Instant::now(), 0, 0, 0);
    let mut parsing = std::time::Duration::ZERO;
    loop {
        let reply = officer.sync_as(&mut world, &officer.request(None)).unwrap();
        let parse = Instant::now();
        pages += 1;
        if let Some(dangjian_protocol::message::PageBody::Columnar(page)) = &reply.page {
            bytes += page.0.len();
        }
        got += reply.page.as_ref().map_or(0, |page| page.open().unwrap().len());
        officer.mirror.apply(&reply);
        parsing += parse.elapsed();
        if !reply.more {
            break;
        }
    }
    let feeds = officer.mirror.feeds.len();
    let serving = start.elapsed() - parsing;
    println!("first sync of the officer: {got} rows, {feeds} feeds, {pages} pages, {bytes} bytes, {serving:?}");

    let start = Instant::now();
    for _ in 0..100 {
        officer.sync_as(&mut world, &officer.request(None)).unwrap();
    }
    println!("nothing new for the officer: {:?} an exchange", start.elapsed() / 100);

    let start = Instant::now();
    for _ in 0..200 {
        world.now = Timestamp(world.now.0 + 1);
        secretary.act(&mut world, &publish(OrgId(id(2, 0)), NoticeScope::Branch, "通知"));
    }
    println!("a push of one notice, one FULL commit each: {:?}", start.elapsed() / 200);
    secretary.mirror = Mirror::default();
    let start = Instant::now();
    secretary.pull(&mut world);
    println!("first sync of the secretary: {} rows, {:?}", secretary.mirror.rows.len(), start.elapsed());
}

//! A new phone gets everything, says how far it is, and goes on where it was interrupted.

use dangjian_client::Status;
use dangjian_domain::rows::{LedgerEntry, Member, Synced};
use dangjian_domain::time::CivilDay;
use dangjian_http::{Server, ServerConfig};
use dangjian_tests::oracle;
use dangjian_tests::phones::{Codes, RealPhone};
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town, ledger};

use super::count;

const ENTRIES: u64 = 20_000;

/// Waits until the building of the mirror is as `wanted`; gives each count of rows that was seen on the way.
async fn built_until(phone: &RealPhone, wanted: impl Fn(&Status) -> bool) -> Vec<u64> {
    let mut status = phone.client.status();
    let mut seen = vec![];
    let watch = async {
        loop {
            let now = *status.borrow_and_update();
            seen.extend(now.building_rows);
            if wanted(&now) {
                return;
            }
            status.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, watch).await.unwrap();
    seen
}

fn new_phone(town: &Town, name: &str) -> RealPhone {
    town.open_with(name, SECRETARY, |config| config.page_rows = 700)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_says_how_far_it_is() {
    let town = Town::with(&ledger(WILLOW, AN, ENTRIES));
    let phone = new_phone(&town, "secretary");
    let began = std::cell::Cell::new(false);
    let (signed_in, seen, synced) = tokio::join!(
        town.sign_in(&phone),
        built_until(&phone, |status| {
            began.set(began.get() || status.building_rows.is_some());
            began.get() && status.building_rows.is_none()
        }),
        async { phone.wait_for(PATIENCE, |client| client.member().unwrap()).await },
    );
    signed_in.unwrap();
    assert_eq!(synced, Some(SECRETARY));
    assert!(seen.len() > 10, "progress was said only {} times", seen.len());
    assert!(seen.is_sorted(), "progress went back: {seen:?}");
    assert_eq!(count::<LedgerEntry>(&phone.client) as u64, ENTRIES + 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_goes_on_where_the_phone_was_dropped() {
    let town = Town::with(&ledger(WILLOW, AN, ENTRIES));
    let phone = new_phone(&town, "secretary");
    town.sign_in(&phone).await.unwrap();
    built_until(&phone, |status| status.building_rows.is_some_and(|rows| rows >= ENTRIES / 2)).await;
    assert_eq!(count::<LedgerEntry>(&phone.client), 0, "half a county is never shown");
    let before = phone.client.traffic().received_bytes;
    drop(phone);

    let phone = new_phone(&town, "secretary");
    town.sign_in(&phone).await.unwrap();
    phone.client.sync().await.unwrap();
    let after = phone.client.traffic().received_bytes;
    assert_eq!(count::<LedgerEntry>(&phone.client) as u64, ENTRIES + 3);
    assert!(after < before + before / 4, "{before} bytes before it was dropped, {after} afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_county_officers_phone_has_every_row_the_officer_may_see() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = ServerConfig::local(dir.path().join("server"));
    config.quick_passwords = true;
    let today = CivilDay::from_ymd(2026, 11, 23).unwrap();
    config.seed_county = Some(dangjian_http::SeedCounty { seed: 1, today });
    let data = config.data.clone();
    let server = Server::start(config).unwrap();
    let codes = Codes::read(&data.join("activation-codes.csv")).unwrap();
    let officer = dangjian_seed::generate(1, today).people.county_officer;
    let (login, code) = codes.of(officer).unwrap();
    let plain = |config: &mut dangjian_client::Config| config.encrypted = false;
    let phone = RealPhone::open(&dir.path().join("officer"), officer, login, plain, &server.url()).unwrap();
    phone.sign_in(code).await.unwrap();
    phone.client.sync().await.unwrap();
    assert_eq!(count::<Member>(&phone.client), 20_138);

    let county = rusqlite::Connection::open(data.join("county.db")).unwrap();
    let should = oracle::visible(&county, &officer.0.0);
    let shown = |table: &str| {
        phone.client.read(|snapshot| {
            let sql = format!("SELECT count(*) FROM mirror.{table}");
            Ok(snapshot.conn().query_row(&sql, [], |row| row.get::<_, i64>(0))?)
        })
    };
    for (table, _) in oracle::TABLES {
        let wanted = should.keys().filter(|key| key.0 == *table).count();
        assert_eq!(shown(table).unwrap() as usize, wanted, "rows of {table}");
    }
    assert!(should.len() > 50_000, "the officer sees {} rows", should.len());
    assert_eq!(dangjian_domain::rows::TABLES.len(), oracle::TABLES.len(), "{}", Member::TABLE.name);
}

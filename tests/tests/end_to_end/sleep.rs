//! The app sleeps, is ended, or finds its files damaged.

use std::path::{Path, PathBuf};

use dangjian_client::HostEvent;
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town};
use rusqlite::Connection;

use super::{arrives, delivered, publish, sees};

/// The phone's databases.
fn databases(dir: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "db")).collect()
}

/// Whether somebody else could have the database for themselves: SQLite changes the way of writing only when nobody else has
/// the file open, whether they hold it or not.
fn is_free(path: &Path) -> bool {
    let conn = Connection::open(path).unwrap();
    let mode: Result<String, _> = conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    let free = mode.is_ok_and(|mode| mode == "delete");
    let _: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
    free
}

/// The files of `dir` that this process has open.
#[cfg(target_os = "linux")]
fn open_files(dir: &Path) -> Vec<PathBuf> {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    let files = open.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    files.filter(|path| path.starts_with(dir)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_sleeps_has_no_file_open_and_holds_no_lock() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let an = town.open_with("an", AN, |config| config.encrypted = false);
    town.sign_in(&an).await.unwrap();
    an.client.sync().await.unwrap();
    assert_eq!(databases(&an.dir).len(), 2);
    assert!(databases(&an.dir).iter().all(|path| !is_free(path)), "the check sees that a phone is awake");
    for round in 0..10 {
        // Asleep in the middle of things: rows arrive, receipts leave, screens read.
        let notice = publish(&secretary, WILLOW, &format!("第 {round} 条")).await;
        if round % 2 == 0 {
            arrives(&an, notice).await;
            an.client.notices().mark_read(notice).await.unwrap();
        }
        an.client.host(HostEvent::Suspend).await;
        #[cfg(target_os = "linux")]
        assert_eq!(open_files(&an.dir), Vec::<PathBuf>::new(), "round {round}");
        assert!(databases(&an.dir).iter().all(|path| is_free(path)), "round {round}");
        // Somebody looks at the lock screen's widget: the file is closed again afterwards.
        an.client.notices().list(10, 0).unwrap();
        #[cfg(target_os = "linux")]
        assert_eq!(open_files(&an.dir), Vec::<PathBuf>::new(), "round {round}");
        an.client.host(HostEvent::Resume).await;
        arrives(&an, notice).await;
    }
    delivered(&an).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_while_the_app_goes_to_sleep_is_delivered_when_it_wakes() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    secretary.client.host(HostEvent::Suspend).await;
    let notice = publish(&secretary, WILLOW, "锁屏前的一秒").await;
    #[cfg(target_os = "linux")]
    assert_eq!(open_files(&secretary.dir), Vec::<PathBuf>::new());
    an.client.sync().await.unwrap();
    assert_eq!(an.client.notices().get(notice).unwrap(), None, "a sleeping phone sends nothing");
    secretary.client.host(HostEvent::Resume).await;
    arrives(&an, notice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_sleeps_during_its_first_sync_goes_on_afterwards() {
    let town = Town::with(&dangjian_tests::town::ledger(WILLOW, AN, 8_000));
    let phone = town.open_with("secretary", SECRETARY, |config| config.page_rows = 500);
    town.sign_in(&phone).await.unwrap();
    for rows in [1_000, 3_000, 6_000] {
        let mut status = phone.client.status();
        let far = status.wait_for(|status| status.building_rows.is_some_and(|built| built >= rows));
        tokio::time::timeout(PATIENCE, far).await.expect("the first sync does not go on").unwrap();
        phone.client.host(HostEvent::Suspend).await;
        #[cfg(target_os = "linux")]
        assert_eq!(
            open_files(&phone.dir).iter().filter(|path| path.to_string_lossy().contains(".db")).count(),
            0,
            "after {rows} rows"
        );
        phone.client.host(HostEvent::Resume).await;
    }
    phone.client.sync().await.unwrap();
    assert_eq!(super::count::<dangjian_domain::rows::LedgerEntry>(&phone.client), 8_003);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_set_aside_said_to_be_and_the_phone_begins_anew() {
    let town = Town::new();
    let an = town.phone("an", AN).await;
    let secretary = town.phone("secretary", SECRETARY).await;
    let notice = publish(&secretary, WILLOW, "周五").await;
    delivered(&secretary).await;
    drop(secretary);
    let own = town.phone_dir("secretary").join("own.db");
    let mut bytes = std::fs::read(&own).unwrap();
    bytes.iter_mut().take(4_096).for_each(|byte| *byte ^= 0x5a);
    std::fs::write(&own, &bytes).unwrap();

    let secretary = town.open("secretary", SECRETARY);
    let aside = secretary.client.quarantined().expect("the damage is said").clone();
    assert_eq!(std::fs::read(&aside).unwrap(), bytes, "what could not be read is kept as it is");
    assert_eq!(secretary.client.member().unwrap(), None);
    town.sign_in(&secretary).await.expect("the phone can be used again");
    secretary.client.sync().await.unwrap();
    assert!(secretary.client.notices().get(notice).unwrap().is_some());
    let next = publish(&secretary, WILLOW, "换了一本新账").await;
    arrives(&an, next).await;
    drop(secretary);
    assert!(town.open("secretary", SECRETARY).client.quarantined().is_none(), "it is said once");
    assert!(aside.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_be_dropped_on_any_thread_at_any_time() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    for round in 0..6 {
        // With a runtime of its own every other time.
        let an = town.open_with("an", AN, |config| {
            if round % 2 == 0 {
                config.runtime = None;
            }
        });
        town.sign_in(&an).await.unwrap();
        publish(&secretary, WILLOW, &format!("第 {round} 条")).await;
        let dir = an.dir.clone();
        if round < 4 {
            // In the middle of an exchange, on a thread of a runtime.
            let sync = tokio::spawn(async move { an.client.sync().await });
            if round < 2 {
                sync.await.unwrap().unwrap();
            } else {
                sync.abort();
                let _ = sync.await;
            }
        } else {
            tokio::task::spawn_blocking(move || drop(an)).await.unwrap();
        }
        #[cfg(target_os = "linux")]
        assert_eq!(open_files(&dir), Vec::<PathBuf>::new(), "round {round}");
    }
    let an = town.phone("an", AN).await;
    let last = publish(&secretary, WILLOW, "最后一条").await;
    sees(&an, last, |view| view.version == 1).await;
}

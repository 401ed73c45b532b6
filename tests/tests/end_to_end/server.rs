//! The server goes away, comes back, or comes back older.

use dangjian_client::HostEvent;
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, BO, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town};

use super::{arrives, delivered, publish, sees};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_restart_is_not_noticed_beyond_a_wait() {
    let mut town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    town.stop();
    let during = publish(&secretary, WILLOW, "平台停机时写的").await;
    assert!(secretary.client.sync().await.is_err());
    assert!(secretary.client.notices().get(during).unwrap().unwrap().unconfirmed);
    town.start();
    // Nobody does anything: the phones try again by themselves.
    delivered(&secretary).await;
    arrives(&an, during).await;
    // And hints flow again.
    let after = publish(&secretary, WILLOW, "平台恢复后写的").await;
    arrives(&an, after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_from_an_older_copy_phones_send_again_what_the_server_lost() {
    let mut town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let before = publish(&secretary, WILLOW, "备份之前").await;
    arrives(&an, before).await;
    an.client.notices().mark_read(before).await.unwrap();
    delivered(&an).await;
    town.stop();
    let backup = town.copy_data("backup");
    town.start();
    let after = publish(&secretary, WILLOW, "备份之后").await;
    arrives(&an, after).await;
    an.client.notices().mark_read(after).await.unwrap();
    let view = sees(&secretary, before, |view| view.version == 1).await;
    secretary.client.notices().edit(&view, "备份之前，之后改过", "改过的正文。").await.unwrap();
    delivered(&secretary).await;
    delivered(&an).await;
    let recorded = operations(&town);
    assert_eq!(recorded.len(), 5);

    // Until the notice it read is there again: a reading of what the server does not know is refused.
    an.client.host(HostEvent::Offline).await;
    town.stop();
    town.restore_data(&backup);
    assert_eq!(operations(&town).len(), 2, "the copy is older");
    town.config.new_history = true;
    town.start();
    town.config.new_history = false;
    // A member who was not there meanwhile sees what comes back.
    let bo = town.phone("bo", BO).await;
    arrives(&bo, after).await;
    an.client.host(HostEvent::Online).await;
    for phone in [&secretary, &an, &bo] {
        let view = sees(phone, before, |view| view.version == 2 && !view.unconfirmed).await;
        assert_eq!(view.title, "备份之前，之后改过");
        sees(phone, after, |view| view.version == 1 && !view.unconfirmed).await;
    }
    let both = |client: &dangjian_client::Client| {
        [before, after]
            .iter()
            .all(|notice| client.notices().receipts(*notice, 9).unwrap().unwrap().read == 1)
            .then_some(())
    };
    secretary.wait_for(PATIENCE, both).await.expect("both receipts are there again");
    assert_eq!(operations(&town), recorded, "every operation came back as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_enrolled_after_the_backup_keeps_its_work_and_delivers_it_after_signing_in_again() {
    let mut town = Town::new();
    town.stop();
    let backup = town.copy_data("backup");
    town.start();
    let secretary = town.phone("secretary", SECRETARY).await;
    let notice = publish(&secretary, WILLOW, "备份之后").await;
    delivered(&secretary).await;
    town.stop();
    town.restore_data(&backup);
    town.config.new_history = true;
    town.start();
    // The server knows neither the phone nor the password any more; the code is as it was handed out.
    let refused = secretary.client.sync().await;
    assert!(refused.is_err(), "a server that does not know the phone let it in");
    assert!(secretary.client.notices().get(notice).unwrap().is_some(), "what it has stays");
    assert!(!secretary.client.signed_in(), "screens have to ask for the password");
    drop(secretary);
    let secretary = town.open("secretary", SECRETARY);
    assert!(!secretary.client.signed_in(), "a restart does not forget that");
    town.sign_in(&secretary).await.unwrap();
    assert!(secretary.client.signed_in());
    secretary.client.sync().await.unwrap();
    assert_eq!(operations(&town).len(), 1);
    let an = town.phone("an", AN).await;
    assert!(an.client.notices().get(notice).unwrap().is_some());
}

/// Every operation the server has, by device and number.
fn operations(town: &Town) -> Vec<(Vec<u8>, i64, Vec<u8>)> {
    let conn = town.database();
    let mut statement = conn.prepare("SELECT device, seq, bytes FROM op ORDER BY device, seq").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

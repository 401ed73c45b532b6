//! A member's phones: how many, which, and what happens to one that is lost.

use dangjian_client::{AppError, HostEvent};
use dangjian_domain::rows::NoticeScope;
use dangjian_tests::phones::{PASSWORD, RealPhone};
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, BO, DEPUTY, PINE_SECRETARY, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town, login};

use super::publish;

async fn told_that_it_is_revoked(phone: &RealPhone) {
    let mut revoked = phone.revoked.clone();
    let told = tokio::time::timeout(PATIENCE, revoked.wait_for(|revoked| *revoked));
    told.await.expect("the phone is never told").unwrap();
}

fn left(town: &Town, name: &str) -> Vec<std::ffi::OsString> {
    std::fs::read_dir(town.phone_dir(name)).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_phones_are_listed_for_the_member_and_those_above() {
    let town = Town::new();
    let (an, second) = (town.phone("an's phone", AN).await, town.phone("an's tablet", AN).await);
    let secretary = town.phone("secretary", SECRETARY).await;
    for phone in [&an, &second, &secretary] {
        let devices = phone.client.account().devices(AN).await.unwrap();
        let labels: Vec<&str> = devices.iter().map(|device| device.label.as_str()).collect();
        assert_eq!(labels, ["an's phone", "an's tablet"]);
        assert!(devices.iter().all(|device| !device.revoked));
    }
    for (name, stranger) in [("bo", BO), ("pine", PINE_SECRETARY)] {
        let phone = town.phone(name, stranger).await;
        let devices = phone.client.account().devices(AN).await;
        assert!(matches!(devices, Err(AppError::Refused(_))), "{name} saw {devices:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fourth_phone_is_refused_until_one_of_three_is_given_up() {
    let town = Town::new();
    let mut phones = vec![];
    for name in ["first", "second", "third"] {
        phones.push(town.phone(name, AN).await);
    }
    let fourth = town.open("fourth", AN);
    assert_eq!(town.sign_in(&fourth).await, Err(AppError::TooManyDevices));
    let devices = phones[0].client.account().devices(AN).await.unwrap();
    assert_eq!(devices.len(), 3);
    phones[0].client.account().revoke(devices[1].device).await.unwrap();
    assert!(town.sign_in(&fourth).await.is_ok());
    fourth.client.sync().await.unwrap();
    told_that_it_is_revoked(&phones[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_that_is_revoked_keeps_neither_files_nor_keys() {
    let town = Town::new();
    let deputy = town.phone("deputy", DEPUTY).await;
    let lost = town.phone("lost", SECRETARY).await;
    publish(&lost, WILLOW, "周五").await;
    lost.client.sync().await.unwrap();
    let other = town.phone("other", SECRETARY).await;
    assert!(left(&town, "lost").iter().any(|name| name == "keys"));
    // Nobody in the branch may take a secretary's phone away; the secretary may, from another.
    let device = other.client.account().devices(SECRETARY).await.unwrap()[0].device;
    let bo = town.phone("bo", BO).await;
    assert!(matches!(bo.client.account().revoke(device).await, Err(AppError::Refused(_))));
    other.client.account().revoke(device).await.unwrap();
    told_that_it_is_revoked(&lost).await;
    assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
    // Whoever has it open is told so whatever they do, and nothing they do makes files again.
    let notice = lost.client.notices().publish(WILLOW, NoticeScope::Branch, "还想发", super::BODY).await;
    assert_eq!(notice, Err(AppError::DeviceRevoked));
    for event in [HostEvent::Suspend, HostEvent::Resume, HostEvent::Offline, HostEvent::Online] {
        lost.client.host(event).await;
        assert_eq!(lost.client.notices().list(10, 0), Err(AppError::DeviceRevoked));
        assert_eq!(lost.client.member(), Err(AppError::DeviceRevoked));
        assert_eq!(lost.client.sync().await, Err(AppError::DeviceRevoked));
        let signed_in = lost.client.account().sign_in(&login(SECRETARY), PASSWORD).await;
        assert_eq!(signed_in.map(|_| ()), Err(AppError::DeviceRevoked));
        assert!(!lost.client.signed_in());
        assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
    }
    drop(lost);
    assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
    // Opened again it is a new phone, which says nothing of what was.
    let anew = town.open("lost", SECRETARY);
    assert_eq!((anew.client.quarantined(), anew.client.member(), anew.client.signed_in()), (None, Ok(None), false));
    town.sign_in(&anew).await.unwrap();
    anew.client.sync().await.unwrap();
    assert_eq!(anew.client.notices().list(10, 0).unwrap().len(), 1);
    drop(anew);
    let devices = other.client.account().devices(SECRETARY).await.unwrap();
    assert_eq!(devices.iter().map(|device| device.revoked).collect::<Vec<_>>(), [true, false, false]);
    drop(deputy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_phone_that_was_offline_learns_it_at_its_next_contact() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let lost = town.phone("lost", AN).await;
    lost.client.host(HostEvent::Offline).await;
    let device = secretary.client.account().devices(AN).await.unwrap()[0].device;
    secretary.client.account().revoke(device).await.unwrap();
    assert!(!*lost.revoked.borrow());
    lost.client.host(HostEvent::Online).await;
    told_that_it_is_revoked(&lost).await;
    assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
    // The same phone in the member's own hands begins anew.
    drop(lost);
    let found = town.phone("lost", AN).await;
    assert!(found.client.quarantined().is_none());
    assert!(found.client.account().sign_in(&login(AN), PASSWORD).await.is_ok());
    let devices = secretary.client.account().devices(AN).await.unwrap();
    assert_eq!(devices.iter().map(|device| device.revoked).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_revoked_while_switched_off_deletes_its_files_when_it_is_switched_on() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    drop(town.phone("lost", AN).await);
    let device = secretary.client.account().devices(AN).await.unwrap()[0].device;
    secretary.client.account().revoke(device).await.unwrap();
    let lost = town.open("lost", AN);
    // Nobody signs in: having the phone is enough for it to ask.
    lost.client.host(HostEvent::Online).await;
    told_that_it_is_revoked(&lost).await;
    assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_revoked_in_the_middle_of_its_first_sync_keeps_nothing_either() {
    let rows = dangjian_tests::town::ledger(WILLOW, AN, 3_000);
    let town = Town::with(&rows);
    let other = town.phone("other", SECRETARY).await;
    let lost = town.open_with("lost", SECRETARY, |config| config.page_rows = 50);
    town.sign_in(&lost).await.unwrap();
    let device = other.client.account().devices(SECRETARY).await.unwrap()[1].device;
    let revoke = async {
        let mut status = lost.client.status();
        status.wait_for(|status| status.building_rows.is_some_and(|rows| rows > 200)).await.unwrap();
        other.client.account().revoke(device).await.unwrap();
    };
    let (synced, ()) = tokio::join!(lost.client.sync(), revoke);
    assert_eq!(synced, Err(AppError::DeviceRevoked));
    told_that_it_is_revoked(&lost).await;
    drop(lost);
    assert_eq!(left(&town, "lost"), Vec::<std::ffi::OsString>::new());
}

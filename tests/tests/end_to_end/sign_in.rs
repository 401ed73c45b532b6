//! Who comes in, and who does not.

use dangjian_client::{AppError, HostEvent};
use dangjian_domain::rows::{Member, MemberStatus, Synced as _};
use dangjian_tests::phones::PASSWORD;
use dangjian_tests::town::people::{AN, BO, SECRETARY};
use dangjian_tests::town::{Town, login, phone_number};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_signs_in_by_number_and_by_phone() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    for login in [login(AN), phone_number(AN), format!(" {} ", login(AN))] {
        phone.client.account().sign_out().await.unwrap();
        let signed_in = phone.client.account().sign_in(&login, PASSWORD).await.unwrap();
        assert_eq!((signed_in.member, signed_in.name.as_str(), signed_in.offline), (AN, "安", false));
    }
    assert_eq!(phone.client.member().unwrap(), Some(AN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_to_be_wrong_and_the_right_one_works_afterwards() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    let wrong = phone.client.account().sign_in(&login(AN), "不是这个密码").await;
    assert_eq!(wrong, Err(AppError::WrongCredentials));
    let nobody = phone.client.account().sign_in("431128999999", PASSWORD).await;
    assert_eq!(nobody, Err(AppError::WrongCredentials));
    assert!(phone.client.account().sign_in(&login(AN), PASSWORD).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_locked_out_does_not_lock_the_branch() {
    let town = Town::new();
    let (an, bo) = (town.phone("an", AN).await, town.phone("bo", BO).await);
    for _ in 0..5 {
        let wrong = an.client.account().sign_in(&login(AN), "猜一个密码").await;
        assert_eq!(wrong, Err(AppError::WrongCredentials));
    }
    match an.client.account().sign_in(&login(AN), PASSWORD).await {
        Err(AppError::LockedOut { retry_after_s }) => assert!((1..=901).contains(&retry_after_s)),
        other => panic!("five wrong passwords led to {other:?}"),
    }
    bo.client.account().sign_out().await.unwrap();
    assert!(bo.client.account().sign_in(&login(BO), PASSWORD).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_code_works_once() {
    let town = Town::new();
    let (first, second) = (town.open("first", AN), town.open("second", AN));
    let early = first.client.account().sign_in(&login(AN), PASSWORD).await;
    assert_eq!(early, Err(AppError::NotActivated));
    let weak = first.client.account().activate(&login(AN), town.code(AN), "12345678").await;
    assert_eq!(weak, Err(AppError::WeakPassword));
    let activated = first.client.account().activate(&login(AN), town.code(AN), PASSWORD).await.unwrap();
    assert_eq!(activated.member, AN);
    let again = second.client.account().activate(&login(AN), town.code(AN), "另外一个密码 8").await;
    assert_eq!(again, Err(AppError::WrongCredentials));
    assert!(second.client.account().sign_in(&login(AN), PASSWORD).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_member_signs_in_with_what_the_phone_has() {
    let town = Town::new();
    drop(town.phone("an", AN).await);
    let phone = town.open("an", AN);
    phone.client.host(HostEvent::Offline).await;
    for login in [login(AN), phone_number(AN)] {
        let signed_in = phone.client.account().sign_in(&login, PASSWORD).await.unwrap();
        assert_eq!((signed_in.member, signed_in.offline), (AN, true));
        phone.client.account().sign_out().await.unwrap();
    }
    for (login, password) in [(login(AN), "不是这个密码"), (login(BO), PASSWORD), (phone_number(BO), PASSWORD)] {
        let wrong = phone.client.account().sign_in(&login, password).await;
        assert_eq!(wrong, Err(AppError::WrongCredentials));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_down_a_member_signs_in_and_a_new_phone_cannot() {
    let mut town = Town::new();
    drop(town.phone("an", AN).await);
    town.stop();
    let phone = town.open("an", AN);
    assert!(phone.client.account().sign_in(&login(AN), PASSWORD).await.unwrap().offline);
    let new = town.open("new", BO);
    assert_eq!(new.client.account().sign_in(&login(BO), PASSWORD).await, Err(AppError::Offline));
    assert_eq!(new.client.account().activate(&login(BO), town.code(BO), PASSWORD).await, Err(AppError::Offline));
    assert_eq!(phone.client.sync().await, Err(AppError::Offline));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_phone_takes_nobody_else() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    drop(town.phone("bo", BO).await);
    let other = phone.client.account().sign_in(&login(BO), PASSWORD).await;
    assert!(matches!(other, Err(AppError::Refused(_))), "{other:?}");
    assert_eq!(phone.client.member().unwrap(), Some(AN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_stays_signed_in_however_often_the_phone_is_started() {
    let mut town = Town::new();
    let phone = town.open("secretary", SECRETARY);
    assert!(!phone.client.signed_in());
    town.sign_in(&phone).await.unwrap();
    assert!(phone.client.signed_in());
    phone.client.sync().await.unwrap();
    drop(phone);
    town.stop();
    for nth in 1..=2 {
        let phone = town.open("secretary", SECRETARY);
        assert!(phone.client.signed_in(), "known before anything is asked");
        let notice = super::publish(&phone, dangjian_tests::town::orgs::WILLOW, "周五党日").await;
        assert!(phone.client.notices().get(notice).unwrap().is_some());
        assert_eq!(phone.client.outbox().list(10, 0).unwrap().len(), nth);
    }
    town.start();
    // Nobody does anything on it: what the earlier runs left is delivered.
    let phone = town.open("secretary", SECRETARY);
    super::delivered(&phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_out_is_asked_at_the_next_start_too() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    let status = phone.client.status();
    phone.client.account().sign_out().await.unwrap();
    assert!(!status.borrow().signed_in && !phone.client.signed_in());
    drop(phone);
    let phone = town.open("an", AN);
    assert!(!phone.client.signed_in());
    assert_eq!(phone.client.account().sign_in(&login(AN), "不是这个密码").await, Err(AppError::WrongCredentials));
    assert!(!phone.client.signed_in());
    phone.client.host(HostEvent::Offline).await;
    assert!(phone.client.account().sign_in(&login(AN), PASSWORD).await.unwrap().offline);
    assert!(phone.client.signed_in());
    drop(phone);
    assert!(town.open("an", AN).client.signed_in());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_may_not_use_the_system_any_more_is_out_and_stays_out() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    let member = phone.client.read(|snapshot| snapshot.find::<Member>(AN.0)).unwrap().unwrap();
    town.change(&[Member { status: MemberStatus::Left, ..member.clone() }.to_row()], &[]);
    let mut status = phone.client.status();
    assert!(phone.client.sync().await.is_err());
    status.wait_for(|status| !status.signed_in).await.unwrap();
    drop(phone);
    let phone = town.open("an", AN);
    assert!(!phone.client.signed_in());
    town.change(&[member.to_row()], &[]);
    town.sign_in(&phone).await.unwrap();
    assert!(phone.client.signed_in());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_works_on_a_phone_before_signing_in() {
    let town = Town::new();
    town.phone("secretary", SECRETARY).await.client.account().sign_out().await.unwrap();
    let phone = town.open("secretary", SECRETARY);
    let org = dangjian_tests::town::orgs::WILLOW;
    let scope = dangjian_domain::rows::NoticeScope::Branch;
    let done = phone.client.notices().publish(org, scope, "周五党日", super::BODY).await;
    assert_eq!(done, Err(AppError::NotSignedIn));
    assert!(phone.client.outbox().list(10, 0).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_server_address_is_no_connection_and_nothing_goes_in_clear_over_a_network() {
    let town = Town::new();
    // A port that was free a moment ago, and nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let lost = town.open_with("lost", AN, |config| config.server = format!("http://{free}"));
    assert_eq!(town.sign_in(&lost).await, Err(AppError::Offline));
    for address in ["http://192.0.2.1:8470", "ftp://127.0.0.1", "no address"] {
        let opened = dangjian_tests::phones::RealPhone::open(&town.phone_dir("x"), AN, &login(AN), |_| {}, address);
        assert!(opened.is_err(), "{address} was accepted");
    }
}

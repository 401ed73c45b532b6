//! Without a network: everything works, and is delivered later.

use dangjian_client::HostEvent;
use dangjian_client::outbox::OutboxState;
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, BO, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town};

use super::{BODY, arrives, delivered, publish, sees};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_without_a_network_is_shown_at_once_and_delivered_later() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    secretary.client.host(HostEvent::Offline).await;
    an.client.host(HostEvent::Offline).await;
    let notice = publish(&secretary, WILLOW, "车间里写的通知").await;
    let view = secretary.client.notices().get(notice).unwrap().unwrap();
    assert!(view.unconfirmed && view.version == 0);
    let outbox = secretary.client.outbox().list(10, 0).unwrap();
    assert_eq!(outbox.iter().map(|entry| entry.state).collect::<Vec<_>>(), [OutboxState::Queued]);
    assert_eq!(secretary.client.status().borrow().queued, 1);

    secretary.client.host(HostEvent::Online).await;
    delivered(&secretary).await;
    sees(&secretary, notice, |view| !view.unconfirmed && view.version == 1).await;
    assert!(secretary.client.outbox().list(10, 0).unwrap().is_empty());
    assert_eq!(an.client.notices().get(notice).unwrap(), None, "a phone without a network got a notice");
    an.client.host(HostEvent::Online).await;
    arrives(&an, notice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_published_edited_and_withdrawn_without_a_network_in_one_go() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    secretary.client.host(HostEvent::Offline).await;
    let kept = publish(&secretary, WILLOW, "周五").await;
    let view = secretary.client.notices().get(kept).unwrap().unwrap();
    secretary.client.notices().edit(&view, "周六", BODY).await.unwrap();
    let taken_back = publish(&secretary, WILLOW, "发错了").await;
    let view = secretary.client.notices().get(taken_back).unwrap().unwrap();
    secretary.client.notices().withdraw(&view, "发错了").await.unwrap();
    secretary.client.host(HostEvent::Online).await;
    delivered(&secretary).await;
    assert!(secretary.client.outbox().list(10, 0).unwrap().is_empty(), "all four were accepted");
    assert_eq!(sees(&an, kept, |view| view.version == 2).await.title, "周六");
    assert!(sees(&an, taken_back, |view| view.version == 2).await.withdrawn_reason.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_without_a_network_is_reported_later_even_if_the_phone_was_switched_off_meanwhile() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let notice = publish(&secretary, WILLOW, "周五").await;
    arrives(&an, notice).await;
    an.client.host(HostEvent::Offline).await;
    an.client.notices().mark_read(notice).await.unwrap();
    drop(an);

    let an = town.open("an", AN);
    assert!(an.client.notices().get(notice).unwrap().unwrap().read);
    // What was done is delivered before anybody signs in again: it was signed for when it was done.
    let read = |client: &dangjian_client::Client| {
        client.notices().receipts(notice, 10).unwrap().filter(|receipts| receipts.read == 1)
    };
    an.client.host(HostEvent::Online).await;
    assert!(secretary.wait_for(PATIENCE, read).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_away_for_many_notices_gets_all_of_them() {
    let town = Town::new();
    let (secretary, bo) = (town.phone("secretary", SECRETARY).await, town.phone("bo", BO).await);
    bo.client.host(HostEvent::Offline).await;
    let mut notices = vec![];
    for n in 0..30 {
        notices.push(publish(&secretary, WILLOW, &format!("第 {n} 条")).await);
    }
    delivered(&secretary).await;
    bo.client.host(HostEvent::Online).await;
    bo.client.sync().await.unwrap();
    for notice in notices {
        assert!(bo.client.notices().get(notice).unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_the_network_went_away_is_told_without_anything_being_done() {
    let town = Town::new();
    let phone = town.phone("an", AN).await;
    let mut status = phone.client.status();
    let tells = async |online: bool, status: &mut tokio::sync::watch::Receiver<dangjian_client::Status>| {
        let told = tokio::time::timeout(PATIENCE, status.wait_for(|status| status.online == online)).await;
        assert!(told.is_ok(), "nobody was told that online is {online}");
    };
    tells(true, &mut status).await;
    phone.client.host(HostEvent::Offline).await;
    tells(false, &mut status).await;
    phone.client.host(HostEvent::Online).await;
    tells(true, &mut status).await;
}

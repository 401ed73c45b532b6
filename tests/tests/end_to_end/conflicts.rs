//! Two people change the same thing.

use dangjian_client::HostEvent;
use dangjian_client::outbox::OutboxState;
use dangjian_domain::op::Action;
use dangjian_domain::rule::Refusal;
use dangjian_tests::town::Town;
use dangjian_tests::town::orgs::WILLOW;
use dangjian_tests::town::people::{AN, DEPUTY, SECRETARY};

use super::{delivered, publish, sees};

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_is_refused_and_both_texts_are_kept_until_the_person_has_seen_it() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let deputy = town.phone("deputy", DEPUTY).await;
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    let before = sees(&deputy, notice, |view| view.version == 1).await;

    deputy.client.host(HostEvent::Offline).await;
    let op = deputy.client.notices().edit(&before, "改为周日", "副书记写的。").await.unwrap();
    assert_eq!(deputy.client.notices().get(notice).unwrap().unwrap().title, "改为周日");
    let view = sees(&secretary, notice, |view| view.version == 1 && !view.unconfirmed).await;
    secretary.client.notices().edit(&view, "改为周六", "书记写的。").await.unwrap();
    delivered(&secretary).await;
    deputy.client.host(HostEvent::Online).await;
    delivered(&deputy).await;

    // The notice is the secretary's, the deputy's text stands in the outbox with the reason.
    for phone in [&secretary, &deputy, &an] {
        let view = sees(phone, notice, |view| view.version == 2 && !view.unconfirmed).await;
        assert_eq!((view.title.as_str(), view.body.as_str()), ("改为周六", "书记写的。"));
    }
    refused(&deputy, op);
    drop(deputy);
    let deputy = town.phone("deputy", DEPUTY).await;
    refused(&deputy, op);

    deputy.client.outbox().acknowledge(op).await.unwrap();
    assert!(deputy.client.outbox().list(10, 0).unwrap().is_empty());
    drop(deputy);
    let deputy = town.phone("deputy", DEPUTY).await;
    assert!(deputy.client.outbox().list(10, 0).unwrap().is_empty());
    // Having seen it, the deputy edits the present version.
    let view = deputy.client.notices().get(notice).unwrap().unwrap();
    deputy.client.notices().edit(&view, "改为周六晚上", "商量好了。").await.unwrap();
    assert_eq!(sees(&an, notice, |view| view.version == 3).await.title, "改为周六晚上");
}

fn refused(deputy: &dangjian_tests::phones::RealPhone, op: dangjian_domain::id::OpId) {
    let outbox = deputy.client.outbox().list(10, 0).unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!((outbox[0].op, outbox[0].state), (op, OutboxState::Refused(Some(Refusal::Stale))));
    match &outbox[0].action {
        Some(Action::EditNotice(edit)) => {
            assert_eq!((edit.title.as_str(), edit.body.as_str()), ("改为周日", "副书记写的。"));
        }
        other => panic!("the deputy's text is lost: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_operation_blocks_nothing_behind_it() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let deputy = town.phone("deputy", DEPUTY).await;
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    let before = sees(&deputy, notice, |view| view.version == 1).await;
    deputy.client.host(HostEvent::Offline).await;
    deputy.client.notices().edit(&before, "改为周日", "副书记写的。").await.unwrap();
    let later = publish(&deputy, WILLOW, "另一条通知").await;
    let view = sees(&secretary, notice, |view| view.version == 1 && !view.unconfirmed).await;
    secretary.client.notices().withdraw(&view, "取消").await.unwrap();
    delivered(&secretary).await;
    deputy.client.host(HostEvent::Online).await;
    assert_eq!(sees(&an, later, |view| view.version == 1).await.title, "另一条通知");
    delivered(&deputy).await;
    let outbox = deputy.client.outbox().list(10, 0).unwrap();
    let states: Vec<_> = outbox.iter().map(|entry| entry.state).collect();
    assert_eq!(states, [OutboxState::Refused(Some(Refusal::Withdrawn))]);
}

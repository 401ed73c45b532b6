//! Notices: whom they reach, and what becomes of them.

use dangjian_client::AppError;
use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{Member, MemberStatus, NoticeScope, NoticeState, Synced as _};
use dangjian_domain::rule::Refusal;
use dangjian_tests::town::orgs::{COUNTY, DONGGUAN, EAST, WILLOW};
use dangjian_tests::town::people::{
    AN, BO, CHEN, DEPUTY, DONG, DONGGUAN_SECRETARY, E, EAST_REVIEWER, EAST_SECRETARY, OFFICER, REED_SECRETARY,
    SECRETARY,
};
use dangjian_tests::town::{PATIENCE, Town};

use super::{BODY, arrives, delivered, publish, sees};

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_arrives_on_every_phone_of_the_branch_without_anybody_asking() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let stranger = town.phone("stranger", DONG).await;
    let mut members = vec![];
    for (name, member) in [("an", AN), ("bo", BO), ("chen", CHEN), ("deputy", DEPUTY)] {
        members.push(town.phone(name, member).await);
    }
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    for phone in &members {
        let view = arrives(phone, notice).await;
        assert_eq!((view.title.as_str(), view.body.as_str()), ("周五主题党日", BODY));
        assert_eq!((view.author_name.as_str(), view.org_name.as_str()), ("柳村书记", "柳村党支部"));
        assert!(!view.read && !view.unconfirmed);
    }
    // Who wrote it has read it, and leaves a receipt like everybody else when they open it, once.
    let notices = secretary.client.notices();
    assert!(notices.get(notice).unwrap().unwrap().read);
    assert_eq!(notices.receipts(notice, 9).unwrap().unwrap().read, 0);
    notices.mark_read(notice).await.unwrap();
    notices.mark_read(notice).await.unwrap();
    assert_eq!(notices.receipts(notice, 9).unwrap().unwrap().read, 1);
    stranger.client.sync().await.unwrap();
    assert_eq!(stranger.client.notices().get(notice).unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_reaches_the_readers() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    arrives(&an, notice).await;
    delivered(&secretary).await;
    let view = sees(&secretary, notice, |view| view.version == 1 && !view.unconfirmed).await;
    secretary.client.notices().edit(&view, "改为周六主题党日", "时间改为周六。").await.unwrap();
    let view = sees(&an, notice, |view| view.version == 2).await;
    assert_eq!((view.title.as_str(), view.body.as_str()), ("改为周六主题党日", "时间改为周六。"));
    assert!(view.edited_at.is_some_and(|at| at >= view.published_at));
    assert_eq!(view.state, NoticeState::Published);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_notice_says_why() {
    let town = Town::new();
    let (secretary, an) = (town.phone("secretary", SECRETARY).await, town.phone("an", AN).await);
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    let view = sees(&an, notice, |view| view.version == 1).await;
    let not_mine = an.client.notices().withdraw(&view, "我不想去").await;
    assert_eq!(not_mine, Err(AppError::Refused(Refusal::NotAllowed)));
    let view = sees(&secretary, notice, |view| view.version == 1).await;
    secretary.client.notices().withdraw(&view, "与春耕冲突").await.unwrap();
    let view = sees(&an, notice, |view| view.state == NoticeState::Withdrawn).await;
    assert_eq!(view.withdrawn_reason.as_deref(), Some("与春耕冲突"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secretary_sees_who_has_not_read_it_by_name() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let (an, bo) = (town.phone("an", AN).await, town.phone("bo", BO).await);
    let notice = publish(&secretary, WILLOW, "周五主题党日").await;
    delivered(&secretary).await;
    let receipts = secretary.client.notices().receipts(notice, 100).unwrap().unwrap();
    assert_eq!((receipts.addressed, receipts.read), (5, 0));
    let mut names: Vec<&str> = receipts.unread.iter().map(|unread| unread.name.as_str()).collect();
    names.sort_unstable();
    let mut all = vec!["安", "柏", "陈", "柳村书记", "柳村副书记"];
    all.sort_unstable();
    assert_eq!(names, all);
    assert!(receipts.unread.iter().all(|unread| unread.branch == "柳村党支部"));
    assert_eq!(receipts.readers, []);

    for phone in [&an, &bo] {
        arrives(phone, notice).await;
        phone.client.notices().mark_read(notice).await.unwrap();
        phone.client.notices().mark_read(notice).await.unwrap();
        assert!(phone.client.notices().get(notice).unwrap().unwrap().read);
    }
    let two = |client: &dangjian_client::Client| {
        client.notices().receipts(notice, 100).unwrap().filter(|receipts| receipts.read == 2)
    };
    let receipts = secretary.wait_for(PATIENCE, two).await.expect("the receipts come back");
    let mut left: Vec<_> = receipts.unread.iter().map(|unread| unread.member).collect();
    left.sort_unstable();
    assert_eq!((receipts.addressed, left), (5, vec![SECRETARY, DEPUTY, CHEN]));
    let mut readers: Vec<_> = receipts.readers.iter().map(|it| (it.member, &*it.name, &*it.branch)).collect();
    readers.sort_unstable();
    assert_eq!(readers, [(AN, "安", "柳村党支部"), (BO, "柏", "柳村党支部")]);
    assert!(receipts.readers[0].read_at >= receipts.readers[1].read_at, "the latest first");
    let one = secretary.client.notices().receipts(notice, 1).unwrap().unwrap();
    assert_eq!((one.read, one.unread.len(), one.readers), (2, 1, vec![receipts.readers[0].clone()]));
    delivered(&an).await;
    let receipts: i64 = town
        .database()
        .query_row("SELECT count(*) FROM notice_receipt WHERE notice = ?1", [notice.0.0], |row| row.get(0))
        .unwrap();
    assert_eq!(receipts, 2, "a receipt is left once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committees_notice_reaches_its_subtree_and_nobody_else() {
    let town = Town::new();
    let committee = town.phone("committee", EAST_SECRETARY).await;
    let mut inside = vec![];
    for (name, member) in [("an", AN), ("dong", DONG), ("officer", OFFICER)] {
        inside.push(town.phone(name, member).await);
    }
    let mut outside = vec![];
    for (name, member) in [("e", E), ("reed", REED_SECRETARY)] {
        outside.push(town.phone(name, member).await);
    }
    let service = committee.client.notices();
    let notice = service.publish(EAST, NoticeScope::Subtree, "全乡通知", BODY).await.unwrap();
    for phone in &inside {
        arrives(phone, notice).await;
    }
    for phone in &outside {
        phone.client.sync().await.unwrap();
        assert_eq!(phone.client.notices().get(notice).unwrap(), None, "{} got it", phone.login);
    }
    // The officer sees it, but it is not addressed to a member of the west.
    let read = inside[2].client.notices().mark_read(notice).await;
    assert_eq!(read, Err(AppError::Refused(Refusal::NotAllowed)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migrant_branchs_notice_reaches_its_guests_and_not_their_homes() {
    let town = Town::new();
    let secretary = town.phone("dongguan", DONGGUAN_SECRETARY).await;
    let (guest, home) = (town.phone("guest", E).await, town.phone("home", REED_SECRETARY).await);
    let notice = publish(&secretary, DONGGUAN, "向金陵中学捐赠课桌椅").await;
    arrives(&guest, notice).await;
    guest.client.notices().mark_read(notice).await.unwrap();
    home.client.sync().await.unwrap();
    assert_eq!(home.client.notices().get(notice).unwrap(), None);
    let read = |client: &dangjian_client::Client| {
        client.notices().receipts(notice, 10).unwrap().filter(|receipts| receipts.read == 1)
    };
    let receipts = secretary.wait_for(PATIENCE, read).await.expect("the guest's receipt comes back");
    assert_eq!((receipts.addressed, receipts.unread[0].member), (2, DONGGUAN_SECRETARY));
    assert_eq!((receipts.readers[0].member, receipts.readers[0].branch.as_str()), (E, "东莞流动党支部"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_may_speak_for_and_how_many_it_reaches_is_told_before_publishing() {
    let town = Town::new();
    let voices = async |name: &str, member| {
        let phone = town.phone(name, member).await;
        let told = phone.client.notices().voices().unwrap();
        let heard = |voice: &dangjian_client::notices::VoiceView| {
            let scope = voice.scopes[0];
            (voice.org, scope, phone.client.notices().audience(voice.org, scope).unwrap().unwrap())
        };
        told.iter().map(|voice| (voice.role_words.clone(), heard(voice))).collect::<Vec<_>>()
    };
    assert_eq!(voices("an", AN).await, []);
    assert_eq!(voices("reviewer", EAST_REVIEWER).await, [], "a reviewer speaks for nobody");
    assert_eq!(voices("sec", SECRETARY).await, [("书记".to_owned(), (WILLOW, NoticeScope::Branch, 5))]);
    assert_eq!(voices("deputy", DEPUTY).await, [("副书记".to_owned(), (WILLOW, NoticeScope::Branch, 5))]);
    assert_eq!(voices("east", EAST_SECRETARY).await, [("书记".to_owned(), (EAST, NoticeScope::Subtree, 9))]);
    assert_eq!(voices("guests", DONGGUAN_SECRETARY).await, [("书记".to_owned(), (DONGGUAN, NoticeScope::Branch, 2))]);
    // Two work away and are members at home as well: thirteen people, not fifteen.
    assert_eq!(voices("officer", OFFICER).await, [("县级管理员".to_owned(), (COUNTY, NoticeScope::Subtree, 13))]);
    let an = town.open("an", AN);
    assert_eq!(an.client.notices().audience(OrgId(AN.0), NoticeScope::Branch), Ok(None));
    // Who is suspended speaks for nobody.
    let secretary = town.open("sec", SECRETARY);
    let member = secretary.client.read(|snapshot| snapshot.find::<Member>(SECRETARY.0)).unwrap().unwrap();
    town.change(&[Member { status: MemberStatus::Suspended, ..member }.to_row()], &[]);
    secretary.client.sync().await.unwrap();
    assert_eq!(secretary.client.notices().voices().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_rules_refuse_is_refused_on_the_phone_and_leaves_nothing() {
    let town = Town::new();
    let (an, secretary) = (town.phone("an", AN).await, town.phone("secretary", SECRETARY).await);
    let long = "长".repeat(81);
    for (phone, scope, title, refusal) in [
        (&an, NoticeScope::Branch, "我也来通知", Refusal::NotAllowed),
        (&secretary, NoticeScope::Subtree, "周五", Refusal::WrongScope),
        (&secretary, NoticeScope::Branch, " ", Refusal::TextEmpty),
        (&secretary, NoticeScope::Branch, long.as_str(), Refusal::TextTooLong),
    ] {
        let done = phone.client.notices().publish(WILLOW, scope, title, BODY).await;
        assert_eq!(done, Err(AppError::Refused(refusal)));
        assert!(phone.client.outbox().list(10, 0).unwrap().is_empty());
        assert!(phone.client.notices().list(10, 0).unwrap().is_empty());
    }
}

//! Who is who, and what may be done about them.

use dangjian_client::AppError;
use dangjian_client::members::MemberView;
use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{LedgerEntry, Member, MemberStatus, Role, Synced as _};
use dangjian_domain::rule::Refusal;
use dangjian_tests::phones::RealPhone;
use dangjian_tests::town::orgs::{DONGGUAN, EAST, PINE, REED, WEST, WILLOW};
use dangjian_tests::town::people::{AN, BO, CHEN, DEPUTY, DONG, E, EAST_REVIEWER, EAST_SECRETARY, OFFICER, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town, login};

use super::{count, delivered};

fn found(phone: &RealPhone, query: &str, org: Option<OrgId>) -> Vec<MemberId> {
    phone.client.members().list(query, org, 100, 0).unwrap().into_iter().map(|line| line.member).collect()
}

fn get(phone: &RealPhone, member: MemberId) -> MemberView {
    phone.client.members().get(member).unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_finds_everybody_by_branch_and_name_and_pages_through_them() {
    let town = Town::new();
    let officer = town.phone("officer", OFFICER).await;
    let all = officer.client.members().list("", None, 100, 0).unwrap();
    assert_eq!(all.len(), 13);
    let mut sorted = all.clone();
    sorted.sort_by(|one, other| (&one.branch, &one.name).cmp(&(&other.branch, &other.name)));
    assert_eq!(all, sorted);
    for limit in [1, 4, 5, 13] {
        let pages = (0..14).step_by(limit).flat_map(|at| officer.client.members().list("", None, limit, at).unwrap());
        assert_eq!(pages.collect::<Vec<_>>(), all, "pages of {limit}");
    }
    assert_eq!(officer.client.members().list("", None, 5, 13).unwrap(), []);
    let line = all.iter().find(|line| line.member == SECRETARY).unwrap();
    assert_eq!((line.branch.as_str(), line.role_words.as_str()), ("柳村党支部", "书记"));
    assert!(!line.migrant && !line.suspended);
    let whole = officer.client.members().get(SECRETARY).unwrap().unwrap();
    assert_eq!((whole.number, whole.standing_words), (login(SECRETARY), "正式党员"));
    // One's own number, part of a name, a place.
    assert_eq!(found(&officer, &login(AN), None), [AN]);
    assert_eq!(found(&officer, "431128", None).len(), 13);
    assert_eq!(found(&officer, " 柳村书", None), [SECRETARY]);
    let by_name = officer.client.members().list("书记", None, 100, 0).unwrap();
    assert!(by_name.len() == 6 && by_name.is_sorted_by_key(|line| (line.branch.clone(), line.name.clone())));
    assert_eq!(officer.client.members().list("书记", None, 2, 3).unwrap(), by_name[3..5]);
    assert_eq!(found(&officer, "书记", Some(WEST)).len(), 2);
    assert_eq!((found(&officer, "", Some(EAST)).len(), found(&officer, "", Some(WILLOW)).len()), (9, 5));
    assert_eq!(found(&officer, "没有这个人", None), []);
    assert_eq!(found(&officer, "%", None), []);
    assert_eq!(found(&officer, &"长".repeat(10_000), None), []);
    // Who has left is not listed; who is suspended is.
    let row = |member: MemberId, status| {
        let row = officer.client.read(|snapshot| snapshot.find::<Member>(member.0)).unwrap().unwrap();
        Member { status, ..row }.to_row()
    };
    town.change(&[row(BO, MemberStatus::Left), row(CHEN, MemberStatus::Suspended)], &[]);
    officer.client.sync().await.unwrap();
    assert_eq!(found(&officer, "", Some(WILLOW)).len(), 4);
    assert!(officer.client.members().list("陈", None, 9, 0).unwrap()[0].suspended);
    assert_eq!(get(&officer, BO).status_words, "出党");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_whom_they_may_see_and_nobody_else() {
    let town = Town::new();
    let an = town.phone("an", AN).await;
    let mut seen = found(&an, "", None);
    seen.sort_unstable();
    assert_eq!(seen, [SECRETARY, DEPUTY, AN, BO, CHEN]);
    assert_eq!(an.client.members().get(DONG).unwrap(), None);
    let new = town.open("new", BO);
    assert_eq!((found(&new, "", None), new.client.members().get(BO).unwrap()), (vec![], None));
    assert_eq!(new.client.members().branches("", 10, 0).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_may_do_about_a_member_is_what_the_server_lets_them() {
    let town = Town::new();
    let may = |view: MemberView| (view.may_reset, view.may_open_ledger, view.may_move);
    let an = town.phone("an", AN).await;
    assert_eq!(may(get(&an, BO)), (false, false, false));
    let secretary = town.phone("secretary", SECRETARY).await;
    let bo = get(&secretary, BO);
    assert!(bo.ledger_open, "the secretary holds the ledger without asking");
    assert_eq!(may(bo), (true, false, false));
    assert_eq!(may(get(&secretary, SECRETARY)), (false, false, false));
    let office = &get(&secretary, DEPUTY).offices[0];
    assert_eq!((office.org, office.role, office.role_words), (WILLOW, Some(Role::DeputySecretary), "副书记"));
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    assert_eq!(may(get(&reviewer, BO)), (true, true, true));
    assert_eq!(may(get(&reviewer, SECRETARY)), (true, true, false), "who leads a branch can't leave it");
    let committee = town.phone("committee", EAST_SECRETARY).await;
    assert_eq!(may(get(&committee, BO)), (false, true, false));
    let officer = town.phone("officer", OFFICER).await;
    let guest = get(&officer, E);
    assert_eq!((guest.branch.as_str(), guest.offices.len()), ("芦村党支部", 1));
    assert_eq!((guest.offices[0].org, guest.offices[0].role), (DONGGUAN, None));
    // What is told is what the server does.
    for (phone, whom) in
        [(&secretary, BO), (&reviewer, SECRETARY), (&officer, E), (&committee, BO), (&secretary, DEPUTY)]
    {
        let told = get(phone, whom).may_reset;
        assert_eq!(phone.client.account().reset(whom).await.is_ok(), told, "{} {whom:?}", phone.login);
    }
    for (phone, whom, to) in [(&secretary, BO, PINE), (&committee, BO, PINE), (&reviewer, SECRETARY, PINE)] {
        let moved = phone.client.members().move_to(whom, to).await;
        assert!(matches!(moved, Err(AppError::Refused(_))), "{moved:?}");
    }
    let names = |phone: &RealPhone, query: &str| {
        let branches = phone.client.members().branches(query, 10, 0).unwrap();
        branches.into_iter().map(|branch| (branch.org, branch.of_name)).collect::<Vec<_>>()
    };
    assert_eq!(names(&secretary, ""), []);
    assert_eq!(names(&reviewer, ""), [(PINE, "东乡党委".to_owned()), (WILLOW, "东乡党委".to_owned())]);
    assert_eq!(names(&reviewer, "芦村"), []);
    assert_eq!(names(&officer, "芦村"), [(REED, "西乡党委".to_owned())]);
    assert_eq!(names(&officer, "").len(), 3, "neither committees nor migrant branches");
    assert_eq!(officer.client.members().branches("", 1, 1).unwrap()[0].org, WILLOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_is_opened_from_the_member_it_is_about() {
    let town = Town::new();
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    assert_eq!((get(&reviewer, AN).ledger_open, count::<LedgerEntry>(&reviewer.client)), (false, 0));
    reviewer.client.host(dangjian_client::HostEvent::Offline).await;
    reviewer.client.members().open_ledger(AN).await.unwrap();
    let view = get(&reviewer, AN);
    assert_eq!((view.ledger_open, view.ledger_opening, view.may_open_ledger), (false, true, false));
    reviewer.client.host(dangjian_client::HostEvent::Online).await;
    let open = |client: &dangjian_client::Client| {
        client.members().get(AN).unwrap().filter(|view| view.ledger_open && !view.ledger_opening)
    };
    reviewer.wait_for(PATIENCE, open).await.expect("the ledger never comes");
    reviewer.client.sync().await.unwrap();
    assert_eq!(count::<LedgerEntry>(&reviewer.client), 3);
    assert!(!get(&reviewer, DONG).ledger_open);
    let stranger = reviewer.client.members().open_ledger(E).await;
    assert_eq!(stranger, Err(AppError::Refused(Refusal::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_moved_from_the_branch_where_they_are() {
    let town = Town::new();
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    reviewer.client.host(dangjian_client::HostEvent::Offline).await;
    reviewer.client.members().move_to(BO, PINE).await.unwrap();
    let view = get(&reviewer, BO);
    assert_eq!((view.org, view.branch.as_str(), view.unconfirmed), (PINE, "松村党支部", true));
    assert!(found(&reviewer, "", Some(PINE)).contains(&BO) && !found(&reviewer, "", Some(WILLOW)).contains(&BO));
    assert_eq!(reviewer.client.members().move_to(BO, PINE).await, Err(AppError::Refused(Refusal::SameBranch)));
    reviewer.client.host(dangjian_client::HostEvent::Online).await;
    delivered(&reviewer).await;
    reviewer.client.sync().await.unwrap();
    assert!(!get(&reviewer, BO).unconfirmed && reviewer.client.outbox().list(9, 0).unwrap().is_empty());
}

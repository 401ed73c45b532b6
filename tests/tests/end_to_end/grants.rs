//! What a person may see changes: rows come, and rows leave the phone.

use dangjian_client::{AppError, Client, Done};
use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::op::{Action, MoveMember, OpenLedger};
use dangjian_domain::rows::{LedgerEntry, Member, MemberFile, RoleGrant, Synced};
use dangjian_domain::rule::Refusal;
use dangjian_engine::Command;
use dangjian_tests::phones::RealPhone;
use dangjian_tests::town::orgs::{DONGGUAN, PINE, WILLOW};
use dangjian_tests::town::people::{AN, BO, DEPUTY, EAST_REVIEWER, PINE_SECRETARY, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town, role_id};

use super::{BODY, arrives, count, delivered, publish};

async fn act(phone: &RealPhone, action: Action) -> Result<Done, AppError> {
    phone.client.command(Command::Act(action)).await
}

async fn moved(phone: &RealPhone, member: MemberId, from: OrgId, to: OrgId) -> Result<Done, AppError> {
    act(phone, Action::MoveMember(MoveMember { member, from, to })).await
}

async fn ledger(phone: &RealPhone, org: OrgId, open: bool) -> Result<Done, AppError> {
    act(phone, Action::OpenLedger(OpenLedger { org, open })).await
}

fn member(client: &Client, member: MemberId) -> Option<Member> {
    client.read(|snapshot| snapshot.find(member.0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_moves_gets_the_new_branchs_rows_and_loses_the_old_ones() {
    let town = Town::new();
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    let (here, there) = (town.phone("here", SECRETARY).await, town.phone("there", PINE_SECRETARY).await);
    let bo = town.phone("bo", BO).await;
    let (old, new) = (publish(&here, WILLOW, "柳村通知").await, publish(&there, PINE, "松村通知").await);
    arrives(&bo, old).await;
    delivered(&there).await;

    moved(&reviewer, BO, WILLOW, PINE).await.unwrap();
    arrives(&bo, new).await;
    bo.client.sync().await.unwrap();
    assert_eq!(bo.client.notices().get(old).unwrap(), None, "the old branch's notices leave");
    assert_eq!(member(&bo.client, BO).unwrap().org, PINE);
    assert_eq!(member(&bo.client, AN), None, "the old branch's members leave");
    assert!(member(&bo.client, PINE_SECRETARY).is_some());
    there.wait_for(PATIENCE, |client| member(client, BO)).await.expect("the new secretary sees who came");
    let gone = |client: &Client| member(client, BO).is_none().then_some(());
    here.wait_for(PATIENCE, gone).await.expect("the old secretary's phone forgets who left");
    // The phones' files as they lie on disk hold nothing either.
    let held = bo.client.read(|snapshot| {
        let sql = "SELECT count(*) FROM mirror.notice WHERE org = ?1";
        Ok(snapshot.conn().query_row(sql, [WILLOW.0.0], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(held.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_the_rules_forbid_moves_nobody() {
    let town = Town::new();
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    let secretary = town.phone("secretary", SECRETARY).await;
    for (who, whom, to, refusal) in [
        (&secretary, BO, PINE, Refusal::NotAllowed),
        (&reviewer, BO, DONGGUAN, Refusal::NotAllowed),
        (&reviewer, BO, WILLOW, Refusal::SameBranch),
        (&reviewer, SECRETARY, PINE, Refusal::HoldsOffice),
    ] {
        assert_eq!(moved(who, whom, WILLOW, to).await, Err(AppError::Refused(refusal)));
    }
    assert_eq!(member(&reviewer.client, BO).unwrap().org, WILLOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_a_role_loses_the_rows_that_came_with_it() {
    let town = Town::new();
    let deputy = town.phone("deputy", DEPUTY).await;
    assert_eq!((count::<MemberFile>(&deputy.client), count::<LedgerEntry>(&deputy.client)), (5, 3));
    town.change(&[], &[(RoleGrant::TABLE, role_id(DEPUTY))]);
    deputy.client.sync().await.unwrap();
    assert_eq!((count::<MemberFile>(&deputy.client), count::<LedgerEntry>(&deputy.client)), (1, 0));
    assert_eq!(count::<Member>(&deputy.client), 5, "a member still knows the branch");
    let scope = dangjian_domain::rows::NoticeScope::Branch;
    let publish = deputy.client.notices().publish(WILLOW, scope, "我还想通知", BODY).await;
    assert_eq!(publish, Err(AppError::Refused(Refusal::NotAllowed)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_a_role_gets_its_rows() {
    let town = Town::new();
    let an = town.phone("an", AN).await;
    assert_eq!(count::<MemberFile>(&an.client), 1);
    let since = dangjian_domain::time::CivilDay(20_500);
    let role = dangjian_domain::rows::Role::DeputySecretary;
    town.change(&[RoleGrant { id: role_id(AN), version: 0, member: AN, org: WILLOW, role, since }.to_row()], &[]);
    an.client.sync().await.unwrap();
    assert_eq!(count::<MemberFile>(&an.client), 5);
    publish(&an, WILLOW, "新任副书记的通知").await;
    delivered(&an).await;
    assert!(an.client.outbox().list(10, 0).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_comes_when_it_is_opened_and_leaves_when_it_is_closed() {
    let town = Town::new();
    let reviewer = town.phone("reviewer", EAST_REVIEWER).await;
    let entries = |wanted: usize| {
        reviewer.wait_for(PATIENCE, move |client| (count::<LedgerEntry>(client) == wanted).then_some(()))
    };
    assert_eq!(count::<LedgerEntry>(&reviewer.client), 0);
    ledger(&reviewer, WILLOW, true).await.unwrap();
    entries(3).await.expect("the willow village's entries come");
    ledger(&reviewer, PINE, true).await.unwrap();
    entries(6).await.expect("the pine village's entries come too");
    ledger(&reviewer, WILLOW, false).await.unwrap();
    entries(3).await.expect("the willow village's entries leave");
    ledger(&reviewer, PINE, false).await.unwrap();
    entries(0).await.expect("all entries leave");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_a_ledger_that_is_not_below_them() {
    let town = Town::new();
    for (name, member) in [("an", AN), ("pine", PINE_SECRETARY)] {
        let phone = town.phone(name, member).await;
        assert_eq!(ledger(&phone, WILLOW, true).await, Err(AppError::Refused(Refusal::NotAllowed)));
        phone.client.sync().await.unwrap();
        let others = phone.client.read(|snapshot| {
            let sql = "SELECT count(*) FROM ledger_entry WHERE org = ?1 AND member <> ?2";
            let count = snapshot.conn().query_row(sql, [WILLOW.0.0, member.0.0], |row| row.get::<_, i64>(0))?;
            Ok(count)
        });
        assert_eq!(others.unwrap(), 0);
    }
}

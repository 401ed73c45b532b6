//! A lost password, and who may help.

use dangjian_client::AppError;
use dangjian_tests::phones::PASSWORD;
use dangjian_tests::town::people::{AN, BO, DEPUTY, EAST_REVIEWER, OFFICER, PINE_SECRETARY, SECRETARY};
use dangjian_tests::town::{Town, login};

const NEW: &str = "新的密码 1949";

#[tokio::test(flavor = "multi_thread")]
async fn the_secretary_helps_a_member_who_forgot_the_password() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let an = town.phone("an", AN).await;
    let code = secretary.client.account().reset(AN).await.unwrap();
    assert_ne!(code, town.code(AN));
    assert_eq!(an.client.account().sign_in(&login(AN), PASSWORD).await, Err(AppError::NotActivated));
    let old = an.client.account().activate(&login(AN), town.code(AN), NEW).await;
    assert_eq!(old, Err(AppError::WrongCredentials));
    an.client.account().activate(&login(AN), &code, NEW).await.unwrap();
    an.client.account().sign_out().await.unwrap();
    assert_eq!(an.client.account().sign_in(&login(AN), PASSWORD).await, Err(AppError::WrongCredentials));
    assert!(an.client.account().sign_in(&login(AN), NEW).await.is_ok());
    an.client.sync().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn those_above_a_member_may_reset_the_account_and_strangers_may_not() {
    let town = Town::new();
    for (name, helper) in [("deputy", DEPUTY), ("reviewer", EAST_REVIEWER), ("officer", OFFICER)] {
        let phone = town.phone(name, helper).await;
        assert!(phone.client.account().reset(AN).await.is_ok(), "{name} may not help");
    }
    for (name, stranger) in [("bo", BO), ("pine", PINE_SECRETARY)] {
        let phone = town.phone(name, stranger).await;
        let reset = phone.client.account().reset(AN).await;
        assert!(matches!(reset, Err(AppError::Refused(_))), "{name} reset an account: {reset:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_resets_their_own_account_or_that_of_somebody_they_do_not_stand_over() {
    let town = Town::new();
    let secretary = town.phone("secretary", SECRETARY).await;
    let own = secretary.client.account().reset(SECRETARY).await;
    assert!(matches!(own, Err(AppError::Refused(_))), "{own:?}");
    // The county's officer is a member of the reed village, whose secretary leads the officer's branch.
    let reed = town.phone("reed", dangjian_tests::town::people::REED_SECRETARY).await;
    let above = reed.client.account().reset(OFFICER).await;
    assert!(matches!(above, Err(AppError::Refused(_))), "{above:?}");
}

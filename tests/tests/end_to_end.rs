//! What people see: real clients over loopback against a real server, one sentence a test.
//!
//! Phones come by themselves only every twelve hours here, so whatever arrives was called by a hint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "end_to_end/accounts.rs"]
mod accounts;
#[path = "end_to_end/conflicts.rs"]
mod conflicts;
#[path = "end_to_end/devices.rs"]
mod devices;
#[path = "end_to_end/first_sync.rs"]
mod first_sync;
#[path = "end_to_end/grants.rs"]
mod grants;
#[path = "end_to_end/members.rs"]
mod members;
#[path = "end_to_end/notices.rs"]
mod notices;
#[path = "end_to_end/offline.rs"]
mod offline;
#[path = "end_to_end/server.rs"]
mod server;
#[path = "end_to_end/sign_in.rs"]
mod sign_in;
#[path = "end_to_end/sleep.rs"]
mod sleep;
#[path = "end_to_end/study.rs"]
mod study;

use dangjian_client::Client;
use dangjian_client::notices::NoticeView;
use dangjian_domain::id::{NoticeId, OrgId};
use dangjian_domain::rows::{NoticeScope, Synced};
use dangjian_tests::phones::RealPhone;
use dangjian_tests::town::PATIENCE;

const BODY: &str = "请各位同志周五下午到村部参加主题党日。";

/// Publishes to the members of a branch.
async fn publish(phone: &RealPhone, org: OrgId, title: &str) -> NoticeId {
    phone.client.notices().publish(org, NoticeScope::Branch, title, BODY).await.unwrap()
}

/// Waits until the notice, as shown, is as `wanted`.
async fn sees(phone: &RealPhone, notice: NoticeId, wanted: impl Fn(&NoticeView) -> bool) -> NoticeView {
    let found = phone.wait_for(PATIENCE, |client| client.notices().get(notice).unwrap().filter(|view| wanted(view)));
    found.await.unwrap_or_else(|| panic!("{} never sees it", phone.login))
}

/// Waits until the notice is there.
async fn arrives(phone: &RealPhone, notice: NoticeId) -> NoticeView {
    sees(phone, notice, |view| view.version >= 1 && !view.unconfirmed).await
}

/// Waits until the server has given its word on everything done here.
async fn delivered(phone: &RealPhone) {
    let mut status = phone.client.status();
    let all = tokio::time::timeout(PATIENCE, status.wait_for(|status| status.queued == 0));
    all.await.expect("something is never delivered").unwrap();
}

/// How many rows of a table the phone shows.
fn count<T: Synced>(client: &Client) -> usize {
    client.read(|snapshot| snapshot.rows(T::TABLE, "1", [])).unwrap().len()
}

//! Who sees what: random organization trees, roles and moves; what the server sends, and what stays in a phone's files, is
//! compared with an oracle that shares no code with the product.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use dangjian_protocol::random::SplitMix;
use dangjian_protocol::sign::SoftwareKey;
use dangjian_tests::budget::{self, run_all};

#[path = "visibility/changes.rs"]
mod changes;
#[path = "visibility/county.rs"]
mod county;
#[path = "visibility/device.rs"]
mod device;
#[path = "visibility/exchange.rs"]
mod exchange;
#[path = "visibility/files.rs"]
mod files;
#[path = "visibility/naive.rs"]
mod naive;

#[test]
fn what_the_server_sends_is_exactly_what_may_be_seen() {
    let keys: Vec<SoftwareKey> = (0..3).map(|n| SoftwareKey::generate(&mut SplitMix(n))).collect();
    let total = run_all("server", budget::cases(100_000), |seed| exchange::run(seed, &keys));
    assert!(budget::replaying() || (total.moves > 0 && total.refused > 0 && total.locked_out > 0));
}

#[test]
fn what_a_phone_may_no_longer_see_leaves_its_files() {
    let total = run_all("files", budget::cases(1_000), files::run);
    assert!(budget::replaying() || (total.lost > 0 && total.large > 0));
}

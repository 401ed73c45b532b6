//! Who sees what: random organization trees, roles and moves; what the server sends, and what stays in a phone's files, is
//! compared with an oracle that shares no code with the product.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use dangjian_protocol::random::SplitMix;
use dangjian_protocol::sign::SoftwareKey;
use dangjian_tests::budget;

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

/// Runs the seeds on two threads; names those that failed.
fn run_all<C: Default + Copy + Send + std::ops::AddAssign + std::fmt::Debug>(
    what: &str,
    cases: u64,
    one: impl Fn(u64) -> C + Sync,
) -> C {
    let first = budget::first_seed(what);
    let cases = if budget::replaying() { 1 } else { cases };
    let (next, total, failed) = (AtomicU64::new(first), Mutex::new(C::default()), Mutex::new(vec![]));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut mine = C::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + cases || failed.lock().unwrap().len() >= 5 {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| one(seed))) {
                        Ok(counts) => mine += counts,
                        Err(_) => {
                            println!("{what}: seed {seed} failed");
                            failed.lock().unwrap().push(seed);
                        }
                    }
                }
                *total.lock().unwrap() += mine;
            });
        }
    });
    let (failed, total) = (failed.into_inner().unwrap(), *total.lock().unwrap());
    let took = start.elapsed().as_secs_f64();
    println!("{what}: {cases} cases in {took:.1} s, {:.0} a second: {total:?}", cases as f64 / took);
    assert!(failed.is_empty(), "{what}: seeds {failed:?} failed");
    total
}

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

//! How many cases to run: all of them at a release, a part in CI, with a fresh seed each time unless one is given.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// `full` cases when the full counts are asked for, else a twentieth.
pub fn cases(full: u64) -> u64 {
    if std::env::var("DANGJIAN_FULL").is_ok_and(|full| full == "1") { full } else { full.div_ceil(20) }
}

/// The first seed: from `DANGJIAN_SEED`, to replay a failure, else from the clock. Printed, so that it can be replayed.
pub fn first_seed(what: &str) -> u64 {
    let given = std::env::var("DANGJIAN_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        now.as_nanos() as u64 % 1_000_000_007
    });
    println!("{what}: seeds from {seed} (replay one with DANGJIAN_SEED)");
    seed
}

/// Whether a single seed is being replayed.
pub fn replaying() -> bool {
    std::env::var("DANGJIAN_SEED").is_ok()
}

/// Runs that many seeds on two threads, or the one that is replayed; names those that failed and gives the sum of what was
/// counted.
pub fn run_all<C: Default + Copy + Send + std::ops::AddAssign + std::fmt::Debug>(
    what: &str,
    cases: u64,
    one: impl Fn(u64) -> C + Sync,
) -> C {
    let first = first_seed(what);
    let cases = if replaying() { 1 } else { cases };
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

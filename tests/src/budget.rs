//! How many cases to run: all of them at a release, a part in CI, with a fresh seed each time unless one is given.

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

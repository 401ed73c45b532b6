//! What the county takes as arguments and the machine provides: time and randomness.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dangjian_domain::time::Timestamp;
use dangjian_protocol::random::Random;

/// The machine's wall clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The system's source of randomness, fit for keys.
pub(crate) struct OsRandom;

impl Random for OsRandom {
    fn fill(&mut self, to: &mut [u8]) {
        // Fails only where the system has none yet, as at the very start of a machine; guessable bytes would be worse
        // than waiting.
        while let Err(error) = getrandom::fill(to) {
            log::error!("the system gives no randomness ({error}); waiting for it");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

//! What the county takes as arguments and the machine provides: time and randomness.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dangjian_domain::time::Timestamp;
use dangjian_protocol::random::Random;

/// A file with the milliseconds by which the server's clock runs ahead of the machine's.
static AHEAD: OnceLock<PathBuf> = OnceLock::new();

/// The machine's wall clock, or the tour's.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    match AHEAD.get() {
        None => now,
        Some(file) => {
            let ahead = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
            now.plus_ms(ahead.unwrap_or(0))
        }
    }
}

/// From now on the clock of this process runs ahead by the milliseconds in `file`, which whoever plays a tour writes: a
/// morning's study need not take a morning. The file is read at every look at the clock.
pub(crate) fn follow(file: PathBuf) {
    if AHEAD.set(file).is_err() {
        log::warn!("the clock follows another file already");
    }
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

//! When to try again. Phones must not come all at once: after a failure they wait longer each time, by a random part of
//! it; without one they come at the slot the server named.

use dangjian_protocol::random::Random;

use crate::clock::Mono;

const FIRST_WAIT_MS: i64 = 1_000;
const LONGEST_WAIT_MS: i64 = 300_000;

/// When the next try may be and when the next exchange is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    failures: u32,
    /// No try before this.
    not_before: Mono,
    /// The slot the server named.
    slot: Mono,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { failures: 0, not_before: Mono(i64::MIN), slot: Mono(i64::MIN) }
    }

    /// A try failed: wait between half and all of a time that doubles up to five minutes, or as long as the server says.
    pub(crate) fn failed(&mut self, now: Mono, retry_after_s: Option<u32>, random: &mut dyn Random) {
        let most = FIRST_WAIT_MS.saturating_mul(1 << self.failures.min(20)).min(LONGEST_WAIT_MS);
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let wait = most / 2 + (u64::from_le_bytes(bytes) % (most as u64 / 2 + 1)) as i64;
        // An absurd Retry-After is not obeyed.
        let asked = i64::from(retry_after_s.unwrap_or(0).min(3_600)) * 1_000;
        self.failures = self.failures.saturating_add(1);
        self.not_before = now.plus_ms(wait.max(asked));
    }

    /// An exchange is complete.
    pub(crate) fn succeeded(&mut self, now: Mono, next_slot_ms: u64) {
        self.failures = 0;
        self.not_before = Mono(i64::MIN);
        self.slot = now.plus_ms(i64::try_from(next_slot_ms).unwrap_or(i64::MAX).clamp(1_000, 86_400_000));
    }

    /// The network is back: what failed before says nothing any more.
    pub(crate) fn forgive(&mut self) {
        *self = Self { failures: 0, not_before: Mono(i64::MIN), ..*self };
    }

    /// When the next exchange may start: at once if there is a reason, else at the slot.
    pub(crate) fn due(&self, wanted: bool) -> Mono {
        if wanted { self.not_before } else { self.not_before.max(self.slot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_protocol::random::SplitMix;

    #[test]
    fn waits_grow_spread_and_end_at_five_minutes() {
        let mut waits = vec![];
        for seed in 0..50 {
            let mut pace = Pace::new();
            let mut random = SplitMix(seed);
            for n in 0..12 {
                pace.failed(Mono(0), None, &mut random);
                let most = (1_000i64 << n).min(300_000);
                assert!((most / 2..=most).contains(&pace.due(true).0));
            }
            waits.push(pace.due(true).0);
        }
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 40, "phones that fail together come back apart");
    }

    #[test]
    fn a_hint_skips_the_slot_but_not_the_wait_after_a_failure() {
        let mut pace = Pace::new();
        pace.succeeded(Mono(0), 60_000);
        assert_eq!(pace.due(true), Mono(i64::MIN));
        assert_eq!(pace.due(false), Mono(60_000));
        pace.failed(Mono(0), Some(9_999_999), &mut SplitMix(1));
        assert_eq!(pace.due(true), Mono(3_600_000));
        pace.forgive();
        assert_eq!(pace.due(true), Mono(i64::MIN));
    }
}

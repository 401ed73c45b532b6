//! When a comprehension check is due: at times nobody can choose, the same on phone and server.
//!
//! The clock is the time a member was observed with an item, over all sessions and devices, so that leaving and coming back
//! does not put a check off. It stops when a check is shown and goes on with the answer, right or wrong; without one nothing
//! after that moment is credited. The moments follow from member and item.

use sha2::{Digest, Sha256};

use crate::id::{MemberId, RowId};

/// Shortest and longest time between two checks, ms of observed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckTimes {
    /// Shortest.
    pub min_ms: i64,
    /// Longest.
    pub max_ms: i64,
}

/// How far a member is with an item's checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Time observed so far, ms.
    pub observed_ms: i64,
    /// Checks answered so far.
    pub answered: u32,
}

/// The seed of a member's checks on an item.
pub fn seed(member: MemberId, item: RowId) -> RowId {
    RowId::derived("dangjian/checks", &[member.0, item])
}

/// A check that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Observed time of the item at which it is due, ms.
    pub at_ms: i64,
    /// Which check of the item, from 0.
    pub check: u8,
}

/// The `n`-th check (from 0) with that seed, on an item that has `checks` of them; `None` if it has none.
pub fn due(seed: RowId, times: CheckTimes, checks: u8, n: u32) -> Option<Due> {
    if checks == 0 {
        return None;
    }
    let span = times.max_ms.saturating_sub(times.min_ms).max(0).unsigned_abs() + 1;
    let mut at_ms = 0i64;
    let mut word = 0;
    for k in 0..=n {
        word = draw(seed, k);
        at_ms = at_ms.saturating_add(times.min_ms.max(1)).saturating_add(i64::try_from(word % span).unwrap_or(0));
    }
    Some(Due { at_ms, check: u8::try_from((word >> 32) % u64::from(checks)).unwrap_or(0) })
}

fn draw(seed: RowId, n: u32) -> u64 {
    let hash =
        Sha256::new().chain_update(b"dangjian/check").chain_update(seed.0).chain_update(n.to_be_bytes()).finalize();
    hash.iter().take(8).fold(0, |word, byte| (word << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_come_at_unequal_times_within_the_bounds_and_ask_every_question() {
        let times = CheckTimes { min_ms: 240_000, max_ms: 420_000 };
        let all: Vec<_> = (0..200).filter_map(|n| due(RowId([7; 16]), times, 3, n)).collect();
        let gaps: Vec<_> = all.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms).collect();
        assert!(gaps.iter().all(|gap| (240_000..=420_000).contains(gap)));
        assert!(gaps.iter().max() > gaps.iter().min());
        for check in 0..3 {
            assert!(all.iter().any(|due| due.check == check));
        }
        assert_eq!(due(RowId([7; 16]), times, 0, 0), None);
        assert_ne!(due(RowId([7; 16]), times, 3, 0), due(RowId([8; 16]), times, 3, 0));
    }
}

//! When a segment was: the server's time of a boot clock.
//!
//! A phone's wall clock can be set, its boot clock can't. Whenever a phone speaks with the server, the server sees the boot
//! clock and knows its own time: the difference is the boot's offset. What the network delayed makes the difference too
//! large, so the least ever seen is the best.
//!
//! A boot that ended before any contact was never seen. All that is known is the order of the chain: it was before the next
//! boot began. It is placed as late as it can have been, which never spreads study over more days than it must have taken.

use crate::op::Action;
use crate::time::{BootId, Timestamp};

/// The server's time of a boot clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootClock {
    /// Which boot.
    pub boot: BootId,
    /// Server time at the boot clock's zero, ms UTC.
    pub offset_ms: i64,
    /// Whether the server saw this boot's clock; else it was placed between others.
    pub observed: bool,
}

impl BootClock {
    /// Server time of a reading of this boot's clock.
    pub fn at(&self, reading_ms: u64) -> Timestamp {
        Timestamp(self.offset_ms.saturating_add(i64::try_from(reading_ms).unwrap_or(i64::MAX)))
    }
}

/// A reading of the boot clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Which boot.
    pub boot: BootId,
    /// The clock, ms.
    pub ms: u64,
}

/// The latest moment at which a segment can have begun that was not handed in when everything else was: it may have been
/// under way then.
pub const UNDER_WAY_MS: i64 = 300_000;
/// How far clocks may be apart without anybody being at fault.
pub const ALLOWANCE_MS: i64 = 120_000;

/// The last reading of a boot clock that `action` names.
pub fn last_reading(action: &Action) -> Option<Reading> {
    match action {
        Action::RecordStudy(record) => {
            let last = record.spans.last().map_or(0, |span| span.to_ms);
            Some(Reading { boot: record.boot, ms: record.from_ms.saturating_add(last.into()) })
        }
        Action::SignInToday(sign_in) => Some(Reading { boot: sign_in.boot, ms: sign_in.at_ms }),
        _ => None,
    }
}

/// The clocks of all boots that a hand-in names. `known` are those of earlier contacts, `present` is the phone's clock as
/// this contact shows it, `received` the server's time, and `last_readings` the boots in the order of the chain, each with
/// the last reading it names. A boot may be named more than once; the last place counts.
pub fn clocks(
    known: &[BootClock],
    present: Option<Reading>,
    received: Timestamp,
    last_readings: &[Reading],
) -> Vec<BootClock> {
    let mut clocks: Vec<BootClock> = known.to_vec();
    if let Some(present) = present {
        let offset_ms = received.0.saturating_sub(i64::try_from(present.ms).unwrap_or(i64::MAX));
        match clocks.iter_mut().find(|clock| clock.boot == present.boot) {
            Some(clock) if clock.observed => clock.offset_ms = clock.offset_ms.min(offset_ms),
            Some(clock) => *clock = BootClock { boot: present.boot, offset_ms, observed: true },
            None => clocks.push(BootClock { boot: present.boot, offset_ms, observed: true }),
        }
    }
    // The phone runs in the present boot: whichever else it names ended before this one began.
    let now = present.and_then(|present| clocks.iter().find(|clock| clock.boot == present.boot));
    let mut before = now.map_or(received.0, |clock| clock.offset_ms.min(received.0));
    for reading in last_readings.iter().rev() {
        let clock = match clocks.iter().find(|clock| clock.boot == reading.boot) {
            Some(clock) => *clock,
            None => {
                let offset_ms = before.saturating_sub(i64::try_from(reading.ms).unwrap_or(i64::MAX));
                let clock = BootClock { boot: reading.boot, offset_ms, observed: false };
                clocks.push(clock);
                clock
            }
        };
        // Whatever came earlier in the chain was before this boot began.
        before = before.min(clock.offset_ms);
    }
    clocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: BootId = BootId([1; 16]);
    const B: BootId = BootId([2; 16]);
    const C: BootId = BootId([3; 16]);
    const HOUR: i64 = 3_600_000;

    fn reading(boot: BootId, ms: i64) -> Reading {
        Reading { boot, ms: ms.unsigned_abs() }
    }

    #[test]
    fn a_boot_seen_twice_has_the_least_offset() {
        let first = clocks(&[], Some(reading(A, 1_000)), Timestamp(50_900), &[]);
        assert_eq!(first, [BootClock { boot: A, offset_ms: 49_900, observed: true }]);
        let second = clocks(&first, Some(reading(A, 11_000)), Timestamp(60_100), &[]);
        assert_eq!(second, [BootClock { boot: A, offset_ms: 49_100, observed: true }]);
        // A slow answer says nothing new.
        assert_eq!(clocks(&second, Some(reading(A, 12_000)), Timestamp(90_000), &[]), second);
    }

    #[test]
    fn boots_that_were_never_seen_lie_one_before_the_other_as_late_as_can_be() {
        let now = Timestamp(100 * HOUR);
        // Two restarts offline, then contact two hours after the third start.
        let order = [reading(A, 30 * HOUR), reading(B, 5 * HOUR), reading(C, HOUR)];
        let placed = clocks(&[], Some(reading(C, 2 * HOUR)), now, &order);
        let of = |boot| placed.iter().find(|clock| clock.boot == boot).copied().unwrap();
        assert_eq!(of(C), BootClock { boot: C, offset_ms: 98 * HOUR, observed: true });
        assert_eq!(of(B), BootClock { boot: B, offset_ms: 93 * HOUR, observed: false });
        assert_eq!(of(A), BootClock { boot: A, offset_ms: 63 * HOUR, observed: false });
        // Within a boot, distances stay what they were.
        assert_eq!(of(A).at(0).ms_since(of(A).at(24 * 3_600_000)), -24 * HOUR);
    }

    #[test]
    fn a_boot_that_was_never_seen_ended_before_the_present_one_began() {
        let placed = clocks(&[], Some(reading(B, 2 * HOUR)), Timestamp(100 * HOUR), &[reading(A, 5 * HOUR)]);
        assert_eq!(placed[1], BootClock { boot: A, offset_ms: 93 * HOUR, observed: false });
    }

    #[test]
    fn absurd_readings_do_not_overflow() {
        let order = [Reading { boot: A, ms: u64::MAX }, Reading { boot: B, ms: u64::MAX }];
        for at in [i64::MIN, 0, i64::MAX] {
            let placed = clocks(&[], Some(Reading { boot: C, ms: u64::MAX }), Timestamp(at), &order);
            assert_eq!(placed.len(), 3);
            let _ = placed[0].at(u64::MAX);
        }
    }
}

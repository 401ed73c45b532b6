//! What a phone knows about time: a wall clock that anybody may set, a boot clock that nobody can, and the last word of the
//! server. Only the last two are believed.

pub use dangjian_domain::time::BootId;
use dangjian_domain::time::{Instant, Timestamp};

/// Milliseconds since the phone was switched on, sleep included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(pub i64);

impl Mono {
    /// This reading moved by `ms`.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// The clocks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The wall clock: shown to people, never used to decide.
    pub wall: Timestamp,
    /// Time since boot.
    pub mono: Mono,
    /// Which boot.
    pub boot: BootId,
}

/// Server time tied to a boot clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Anchor {
    #[n(0)]
    server: Timestamp,
    #[n(1)]
    mono: i64,
    #[cbor(n(2), with = "minicbor::bytes")]
    boot: [u8; 16],
}

/// The phone's idea of the server's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServerClock {
    anchor: Option<Anchor>,
}

impl ServerClock {
    /// Takes up what an earlier run of the program knew.
    pub fn from_anchor(anchor: Option<Anchor>) -> Self {
        Self { anchor }
    }

    /// What to keep for the next run of the program.
    pub fn anchor(&self) -> Option<Anchor> {
        self.anchor
    }

    /// The server said that it is `server` now.
    pub fn set(&mut self, now: Now, server: Timestamp) {
        self.anchor = Some(Anchor { server, mono: now.mono.0, boot: now.boot.0 });
    }

    /// The server's time, as well as it can be told. Without an anchor of this boot the wall clock has to do, for want of
    /// better; the server corrects it at first contact.
    pub fn estimate(&self, now: Now) -> Timestamp {
        match self.anchor {
            Some(anchor) if anchor.boot == now.boot.0 => {
                anchor.server.plus_ms(now.mono.0.saturating_sub(anchor.mono).max(0))
            }
            _ => now.wall,
        }
    }

    /// When something done now was done, as an operation may claim it.
    pub fn instant(&self, now: Now) -> Instant {
        match self.anchor {
            Some(anchor) if anchor.boot == now.boot.0 => Instant::Anchored(self.estimate(now)),
            Some(anchor) => Instant::After(anchor.server),
            None => Instant::After(Timestamp(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(wall: i64, mono: i64, boot: u8) -> Now {
        Now { wall: Timestamp(wall), mono: Mono(mono), boot: BootId([boot; 16]) }
    }

    #[test]
    fn setting_the_wall_clock_moves_nothing() {
        let mut clock = ServerClock::default();
        clock.set(now(5, 100, 1), Timestamp(1_000_000));
        for wall in [0, 5, i64::MAX] {
            assert_eq!(clock.estimate(now(wall, 160, 1)), Timestamp(1_000_060));
            assert_eq!(clock.instant(now(wall, 160, 1)), Instant::Anchored(Timestamp(1_000_060)));
        }
    }

    #[test]
    fn after_a_reboot_only_the_last_contact_is_certain() {
        let mut clock = ServerClock::default();
        clock.set(now(5, 100, 1), Timestamp(1_000_000));
        let kept = minicbor::to_vec(clock.anchor()).unwrap();
        let clock = ServerClock::from_anchor(minicbor::decode(&kept).unwrap());
        assert_eq!(clock.instant(now(9, 3, 2)), Instant::After(Timestamp(1_000_000)));
    }
}

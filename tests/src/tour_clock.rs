//! Time that a tour can let pass: twelve minutes of study need not take twelve minutes.
//!
//! One shift of the machine's clock holds for the server, which reads it from a file, and for every phone of the tour. What
//! a phone's owner does to it (sets its wall clock, switches it off and on) is that phone's own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use dangjian_client::platform::Clock;
use dangjian_client::software::SystemRandom;
use dangjian_domain::time::{BootId, Timestamp};
use dangjian_engine::{Mono, Now};
use dangjian_protocol::random::Random as _;

/// The clock of a tour.
pub struct TourClock {
    started: Instant,
    started_at: i64,
    ahead_ms: AtomicI64,
    file: PathBuf,
}

impl TourClock {
    /// A clock that goes on where an earlier tour with the same file left off, and is set to the next `hour` o'clock.
    pub fn at_hour(file: &Path, hour: i64) -> Result<Arc<Self>, String> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started_at = i64::try_from(since.as_millis()).unwrap_or(0);
        let kept = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        let clock =
            Arc::new(Self { started: Instant::now(), started_at, ahead_ms: AtomicI64::new(kept), file: file.into() });
        let now = clock.now();
        let today = now.civil_day(0).start().plus_ms(hour * 3_600_000);
        let next = if today >= now { today } else { today.plus_ms(86_400_000) };
        clock.pass(next.ms_since(now))?;
        Ok(clock)
    }

    /// Server time and every phone's.
    pub fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(0);
        Timestamp(self.started_at + elapsed + self.ahead_ms.load(Ordering::SeqCst))
    }

    /// Lets time pass for everybody.
    pub fn pass(&self, ms: i64) -> Result<(), String> {
        let ahead = self.ahead_ms.fetch_add(ms, Ordering::SeqCst) + ms;
        // Renamed into place: the server may be reading.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{ahead}\n"))
            .and_then(|()| std::fs::rename(&new, &self.file))
            .map_err(|error| format!("{}: {error}", self.file.display()))
    }
}

/// The clock of one phone.
pub struct PhoneClock {
    tour: Arc<TourClock>,
    own: Mutex<Own>,
}

struct Own {
    boot: BootId,
    /// When this boot began.
    booted_at: Timestamp,
    /// How far its owner has set the wall clock ahead, ms.
    wall_ahead_ms: i64,
}

impl PhoneClock {
    /// A phone that was switched on an hour ago and shows the right time.
    pub fn new(tour: &Arc<TourClock>) -> Arc<Self> {
        let boot = BootId(SystemRandom.bytes());
        let own = Own { boot, booted_at: tour.now().plus_ms(-3_600_000), wall_ahead_ms: 0 };
        Arc::new(Self { tour: tour.clone(), own: Mutex::new(own) })
    }

    /// Its owner sets the wall clock ahead.
    pub fn set_wall_ahead(&self, ms: i64) {
        self.own.lock().unwrap().wall_ahead_ms = ms;
    }

    /// Switched off and on: to be called while no app runs on it.
    pub fn restart(&self) {
        let mut own = self.own.lock().unwrap();
        (own.boot, own.booted_at) = (BootId(SystemRandom.bytes()), self.tour.now());
    }
}

impl Clock for PhoneClock {
    fn now(&self) -> Now {
        let (now, own) = (self.tour.now(), self.own.lock().unwrap());
        Now { wall: now.plus_ms(own.wall_ahead_ms), mono: Mono(now.ms_since(own.booted_at)), boot: own.boot }
    }
}

//! The phone's key store and clocks as the client wants them.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dangjian_client::platform::{Clock as ClientClock, KeyStore as ClientKeyStore};
use dangjian_engine::{BootId, KeyFault, KeyUse, Mono, Now};
use dangjian_protocol::sign::PublicKey;

use crate::convert::Cross as _;
use crate::error::AppError;
use crate::platform::{Clock, ClockReading, KeyStore};

/// Bytes from outside are checked before the client sees them.
pub(crate) struct ForeignKeys(pub(crate) Arc<dyn KeyStore>);

fn public_key(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    PublicKey::from_slice(bytes).map_err(|_| KeyFault::Unavailable)
}

impl ClientKeyStore for ForeignKeys {
    fn silent_key(&self) -> Result<PublicKey, KeyFault> {
        public_key(&self.0.silent_key()?)
    }

    fn presence_key(&self) -> Result<Option<PublicKey>, KeyFault> {
        self.0.presence_key()?.map(|bytes| public_key(&bytes)).transpose()
    }

    fn sign(&self, key: KeyUse, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        Ok(self.0.sign(key.cross(), message.to_vec())?)
    }

    fn file_key(&self) -> Result<[u8; 32], KeyFault> {
        self.0.file_key()?.try_into().map_err(|_| KeyFault::Unavailable)
    }

    fn forget_signing_keys(&self) -> Result<(), KeyFault> {
        Ok(self.0.forget_signing_keys()?)
    }

    fn wipe(&self) -> Result<(), KeyFault> {
        Ok(self.0.wipe()?)
    }
}

/// How long the core's thread waits for the phone's clock.
const PATIENCE: Duration = Duration::from_millis(250);

/// The phone's clock, read on a thread of its own: the core's thread must not hang, nor wait for itself, because a clock
/// blocks or calls back. While it gives nothing, its last reading is carried on by the processor's clock, which stands
/// still in sleep: that makes time too short, never too long.
pub(crate) struct ForeignClock {
    ask: Mutex<Option<Sender<()>>>,
    state: Arc<(Mutex<State>, Condvar)>,
}

struct State {
    asked: u64,
    answered: u64,
    /// A question that was not answered in time; until it is, no other is waited for.
    overdue: Option<u64>,
    last: Now,
    taken: Instant,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now(reading: ClockReading) -> Option<Now> {
    let boot: [u8; 16] = reading.boot_id.try_into().ok()?;
    Some(Now { wall: reading.wall, mono: Mono(reading.boot_ms), boot: BootId(boot) })
}

impl ForeignClock {
    /// Reads it once; there is nothing to carry on without a first reading. May block.
    pub(crate) fn start(clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let first = clock.read().ok().and_then(now).ok_or_else(|| AppError::invalid("clock"))?;
        let state = State { asked: 0, answered: 0, overdue: None, last: first, taken: Instant::now() };
        let state = Arc::new((Mutex::new(state), Condvar::new()));
        let (ask, questions) = channel::<()>();
        let shared = state.clone();
        let read = move || {
            for () in questions {
                let reading = clock.read().ok().and_then(now);
                let mut state = lock(&shared.0);
                state.answered += 1;
                if let Some(reading) = reading {
                    (state.last, state.taken) = (reading, Instant::now());
                }
                drop(state);
                shared.1.notify_all();
            }
        };
        std::thread::Builder::new().name("clock".to_owned()).spawn(read).map_err(|_| AppError::Defect)?;
        Ok(Self { ask: Mutex::new(Some(ask)), state })
    }
}

impl ClientClock for ForeignClock {
    fn now(&self) -> Now {
        let (state, answered) = &*self.state;
        let mut here = lock(state);
        if here.overdue.is_some_and(|overdue| here.answered < overdue) {
            return here.carried_on();
        }
        here.overdue = None;
        here.asked += 1;
        let mine = here.asked;
        drop(here);
        if let Some(ask) = &*self.ask.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = ask.send(());
        }
        let waited = answered.wait_timeout_while(lock(state), PATIENCE, |state| state.answered < mine);
        let (mut here, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            log::warn!("the phone's clock does not answer");
            here.overdue = Some(mine);
        }
        here.carried_on()
    }
}

impl State {
    fn carried_on(&self) -> Now {
        let ms = i64::try_from(self.taken.elapsed().as_millis()).unwrap_or(0);
        Now { wall: self.last.wall.plus_ms(ms), mono: self.last.mono.plus_ms(ms), boot: self.last.boot }
    }
}

impl Drop for ForeignClock {
    fn drop(&mut self) {
        // The thread ends with its last question.
        *self.ask.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::platform::ProviderError;
    use dangjian_domain::time::Timestamp;

    #[derive(Default)]
    struct Moody {
        fails: AtomicBool,
        blocks: AtomicBool,
    }

    impl Clock for Moody {
        fn read(&self) -> Result<ClockReading, ProviderError> {
            while self.blocks.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            if self.fails.load(Ordering::SeqCst) {
                return Err(ProviderError::Unavailable);
            }
            Ok(ClockReading { wall: Timestamp(7_000), boot_ms: 500, boot_id: vec![3; 16] })
        }
    }

    #[test]
    fn a_clock_that_fails_or_blocks_is_carried_on() {
        let moody = Arc::new(Moody::default());
        let clock = ForeignClock::start(moody.clone()).unwrap();
        assert_eq!(clock.now().boot, BootId([3; 16]));
        moody.fails.store(true, Ordering::SeqCst);
        let later = clock.now();
        assert!(later.wall >= Timestamp(7_000) && later.mono >= Mono(500));
        moody.fails.store(false, Ordering::SeqCst);
        moody.blocks.store(true, Ordering::SeqCst);
        let began = Instant::now();
        for _ in 0..1_000 {
            assert!(clock.now().mono >= later.mono);
        }
        assert!(began.elapsed() < Duration::from_secs(5), "only the first waits");
        moody.blocks.store(false, Ordering::SeqCst);
        let (state, answered) = &*clock.state;
        drop(answered.wait_while(lock(state), |state| state.answered < state.asked).unwrap());
        assert_eq!(clock.now().boot, BootId([3; 16]));
        assert!(lock(state).overdue.is_none());
    }

    #[test]
    fn a_clock_that_never_worked_is_an_error() {
        let moody = Arc::new(Moody { fails: true.into(), ..Moody::default() });
        assert_eq!(ForeignClock::start(moody).err(), Some(AppError::invalid("clock")));
    }
}

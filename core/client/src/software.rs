//! Keys in a file and the computer's clocks: for desktops, tours and tests. Phones have better.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use dangjian_domain::time::Timestamp;
use dangjian_engine::{BootId, KeyFault, KeyUse, Mono, Now};
use dangjian_protocol::random::Random;
use dangjian_protocol::sign::{PublicKey, SoftwareKey};
use zeroize::Zeroizing;

use crate::platform::{Clock, KeyStore};

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::expect_used, reason = "no program can go on without randomness")]
    fn fill(&mut self, to: &mut [u8]) {
        getrandom::fill(to).expect("the system has randomness");
    }
}

/// Keys in memory, kept in one file that only its owner can read: silent key, presence key, file key.
pub struct SoftwareKeyStore {
    path: Option<PathBuf>,
    signing: Mutex<Signing>,
    file_key: Zeroizing<[u8; 32]>,
}

#[derive(Clone)]
struct Signing {
    silent: SoftwareKey,
    presence: SoftwareKey,
}

impl Signing {
    fn generate(random: &mut dyn Random) -> Self {
        Self { silent: SoftwareKey::generate(random), presence: SoftwareKey::generate(random) }
    }
}

impl SoftwareKeyStore {
    /// The keys in `dir`'s key file; makes them from `random` if there are none.
    pub fn open(dir: &Path, random: &mut dyn Random) -> Result<Self, KeyFault> {
        let path = dir.join("keys");
        let kept = match std::fs::read(&path) {
            Ok(bytes) => Some(Zeroizing::new(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(_) => return Err(KeyFault::Unavailable),
        };
        let mut keys = match kept {
            Some(bytes) => Self::from_bytes(&bytes)?,
            None => {
                let keys = Self::in_memory(random);
                std::fs::create_dir_all(dir).map_err(|_| KeyFault::Unavailable)?;
                write_private(&path, &keys.to_bytes(&keys.signing())).map_err(|_| KeyFault::Unavailable)?;
                keys
            }
        };
        keys.path = Some(path);
        Ok(keys)
    }

    /// Keys that end with the program.
    pub fn in_memory(random: &mut dyn Random) -> Self {
        let signing = Mutex::new(Signing::generate(random));
        let mut file_key = Zeroizing::new([0; 32]);
        random.fill(&mut *file_key);
        Self { path: None, signing, file_key }
    }

    fn signing(&self) -> MutexGuard<'_, Signing> {
        self.signing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn to_bytes(&self, signing: &Signing) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([signing.silent.to_bytes(), signing.presence.to_bytes(), *self.file_key].concat())
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, KeyFault> {
        let ([silent, presence, file_key], []) = bytes.as_chunks::<32>() else { return Err(KeyFault::Unavailable) };
        let key = |bytes: &[u8; 32]| SoftwareKey::from_slice(bytes).map_err(|_| KeyFault::Unavailable);
        let signing = Mutex::new(Signing { silent: key(silent)?, presence: key(presence)? });
        Ok(Self { path: None, signing, file_key: Zeroizing::new(*file_key) })
    }
}

/// Writes a file that only its owner can read, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

impl KeyStore for SoftwareKeyStore {
    fn silent_key(&self) -> Result<PublicKey, KeyFault> {
        Ok(self.signing().silent.public())
    }

    fn presence_key(&self) -> Result<Option<PublicKey>, KeyFault> {
        Ok(Some(self.signing().presence.public()))
    }

    fn sign(&self, key: KeyUse, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signing = self.signing().clone();
        let key = match key {
            KeyUse::Silent => signing.silent,
            KeyUse::Presence => signing.presence,
        };
        key.sign(message).map(|signature| signature.as_bytes().to_vec()).map_err(|_| KeyFault::Unavailable)
    }

    fn file_key(&self) -> Result<[u8; 32], KeyFault> {
        Ok(*self.file_key)
    }

    fn forget_signing_keys(&self) -> Result<(), KeyFault> {
        let mut signing = self.signing();
        let new = Signing::generate(&mut SystemRandom);
        if let Some(path) = &self.path {
            write_private(path, &self.to_bytes(&new)).map_err(|_| KeyFault::Unavailable)?;
        }
        *signing = new;
        Ok(())
    }

    fn wipe(&self) -> Result<(), KeyFault> {
        match &self.path {
            Some(path) => std::fs::remove_file(path).map_err(|_| KeyFault::Unavailable),
            None => Ok(()),
        }
    }
}

/// The computer's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    boot: BootId,
    started: Instant,
    /// Milliseconds since boot when the program started.
    uptime_ms: i64,
}

impl SystemClock {
    /// Reads which boot this is. Where the system does not say, each run of the program counts as one.
    pub fn new(random: &mut dyn Random) -> Self {
        let started = Instant::now();
        match linux_boot() {
            Some((boot, uptime_ms)) => Self { boot, started, uptime_ms },
            None => {
                let mut boot = [0; 16];
                random.fill(&mut boot);
                Self { boot: BootId(boot), started, uptime_ms: 0 }
            }
        }
    }
}

fn linux_boot() -> Option<(BootId, i64)> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id: dangjian_domain::id::RowId = id.trim().parse().ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = uptime.split_whitespace().next()?.split_once('.')?;
    let ms = seconds.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(hundredths.parse::<i64>().ok()? * 10)?;
    Some((BootId(id.0), ms))
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Now {
            wall: Timestamp(i64::try_from(wall).unwrap_or(i64::MAX)),
            mono: Mono(self.uptime_ms.saturating_add(i64::try_from(self.started.elapsed().as_millis()).unwrap_or(0))),
            boot: self.boot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_same_after_a_restart_until_they_are_forgotten_and_a_damaged_file_is_an_error() {
        let dir = std::env::temp_dir().join(format!("dangjian-keys-{}", std::process::id()));
        let first = SoftwareKeyStore::open(&dir, &mut SystemRandom).unwrap();
        let second = SoftwareKeyStore::open(&dir, &mut SystemRandom).unwrap();
        assert_eq!(first.silent_key(), second.silent_key());
        assert_eq!(first.file_key(), second.file_key());
        first.forget_signing_keys().unwrap();
        let third = SoftwareKeyStore::open(&dir, &mut SystemRandom).unwrap();
        assert_eq!(first.silent_key(), third.silent_key());
        assert_ne!(first.silent_key(), second.silent_key());
        assert_ne!(first.presence_key(), second.presence_key());
        assert_eq!(first.file_key(), second.file_key());
        std::fs::write(dir.join("keys"), [1; 95]).unwrap();
        assert_eq!(SoftwareKeyStore::open(&dir, &mut SystemRandom).err(), Some(KeyFault::Unavailable));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

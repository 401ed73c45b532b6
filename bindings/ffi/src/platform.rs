//! What the phone provides. Kotlin and Swift implement these; each method may fail, and none is called while a lock is
//! held. A method that does not return keeps nobody waiting but those who need what it gives.

use std::sync::Arc;

use dangjian_client::platform::{Clock as _, KeyStore as _};
use dangjian_client::software::{SoftwareKeyStore, SystemClock, SystemRandom};
use dangjian_engine::{KeyFault, KeyUse as EngineKeyUse};

use crate::convert::Cross as _;
use crate::error::AppError;
use dangjian_domain::time::Timestamp;

/// Why the phone could not provide something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProviderError {
    /// The person said no.
    #[error("cancelled")]
    Cancelled,
    /// It is not there, or fails.
    #[error("unavailable")]
    Unavailable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ProviderError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        log::warn!("what the phone provides failed unexpectedly: {}", error.reason);
        Self::Unavailable
    }
}

impl From<ProviderError> for KeyFault {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Cancelled => Self::Cancelled,
            ProviderError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<KeyFault> for ProviderError {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Cancelled => Self::Cancelled,
            KeyFault::Unavailable => Self::Unavailable,
        }
    }
}

mirror! {
    /// Which of the phone's two keys.
    KeyUse from EngineKeyUse {
        /// Signs without asking.
        Silent,
        /// Asks for finger or PIN.
        Presence,
    }
}

/// The phone's key store. Private keys never leave it.
#[uniffi::export(with_foreign)]
pub trait KeyStore: Send + Sync {
    /// The silent key's public half, P-256, 65 bytes uncompressed; makes the key if there is none.
    fn silent_key(&self) -> Result<Vec<u8>, ProviderError>;
    /// The presence key's, on the one phone that has it.
    fn presence_key(&self) -> Result<Option<Vec<u8>>, ProviderError>;
    /// Signs `message` (hashing it with SHA-256), as DER or 64 bytes. May ask the person and block.
    fn sign(&self, key: KeyUse, message: Vec<u8>) -> Result<Vec<u8>, ProviderError>;
    /// The 32 bytes that encrypt the files, wrapped by the key store at rest; makes them if there are none.
    fn file_key(&self) -> Result<Vec<u8>, ProviderError>;
    /// Forgets the two signing keys, so that the next asking makes new ones; the file key stays.
    fn forget_signing_keys(&self) -> Result<(), ProviderError>;
    /// Deletes all of these.
    fn wipe(&self) -> Result<(), ProviderError>;
}

/// The phone's clocks at one moment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ClockReading {
    /// The wall clock.
    pub wall: Timestamp,
    /// Time since the phone was switched on, sleep included, ms.
    pub boot_ms: i64,
    /// Which run of the phone: 16 bytes that change with each.
    pub boot_id: Vec<u8>,
}

/// The phone's clocks.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// All of them, read together.
    fn read(&self) -> Result<ClockReading, ProviderError>;
}

/// A place, as exact as the phone knows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Degrees north × 10,000,000.
    pub latitude_e7: i32,
    /// Degrees east × 10,000,000.
    pub longitude_e7: i32,
    /// Radius within which it is right, m.
    pub accuracy_m: u32,
    /// When it was measured.
    pub at: Timestamp,
}

/// Where the phone is.
#[uniffi::export(with_foreign)]
pub trait Location: Send + Sync {
    /// The last known place; nothing if the member does not allow it.
    fn last_place(&self) -> Result<Option<Place>, ProviderError>;
}

/// How the phone is reached when the app sleeps.
#[uniffi::export(with_foreign)]
pub trait PushToken: Send + Sync {
    /// The token of the phone's push service; nothing if there is none.
    fn token(&self) -> Result<Option<String>, ProviderError>;
}

/// What a phone provides.
#[derive(Clone, uniffi::Record)]
pub struct Platform {
    /// Its key store.
    pub key_store: Arc<dyn KeyStore>,
    /// Its clocks; the system's own, which do not know of sleep, if there is nothing better.
    #[uniffi(default = None)]
    pub clock: Option<Arc<dyn Clock>>,
    /// Where it is.
    #[uniffi(default = None)]
    pub location: Option<Arc<dyn Location>>,
    /// How it is reached.
    #[uniffi(default = None)]
    pub push_token: Option<Arc<dyn PushToken>>,
}

/// Keys in a file of `dir`: for desktops, tours and tests. Phones have better.
#[uniffi::export]
pub fn software_key_store(dir: String) -> Result<Arc<dyn KeyStore>, AppError> {
    let keys = SoftwareKeyStore::open(dir.as_ref(), &mut SystemRandom).map_err(|_| AppError::KeyStore)?;
    Ok(Arc::new(SoftwareKeys(keys)))
}

/// The computer's clocks: for desktops, tours and tests.
#[uniffi::export]
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(ComputerClock(SystemClock::new(&mut SystemRandom)))
}

struct SoftwareKeys(SoftwareKeyStore);

impl KeyStore for SoftwareKeys {
    fn silent_key(&self) -> Result<Vec<u8>, ProviderError> {
        Ok(self.0.silent_key()?.as_bytes().to_vec())
    }

    fn presence_key(&self) -> Result<Option<Vec<u8>>, ProviderError> {
        Ok(self.0.presence_key()?.map(|key| key.as_bytes().to_vec()))
    }

    fn sign(&self, key: KeyUse, message: Vec<u8>) -> Result<Vec<u8>, ProviderError> {
        Ok(self.0.sign(key.cross(), &message)?)
    }

    fn file_key(&self) -> Result<Vec<u8>, ProviderError> {
        Ok(self.0.file_key()?.to_vec())
    }

    fn forget_signing_keys(&self) -> Result<(), ProviderError> {
        Ok(self.0.forget_signing_keys()?)
    }

    fn wipe(&self) -> Result<(), ProviderError> {
        Ok(self.0.wipe()?)
    }
}

struct ComputerClock(SystemClock);

impl Clock for ComputerClock {
    fn read(&self) -> Result<ClockReading, ProviderError> {
        let now = self.0.now();
        Ok(ClockReading { wall: now.wall, boot_ms: now.mono.0, boot_id: now.boot.0.to_vec() })
    }
}

//! What a phone provides. Each method returns a `Result`, and none is called while a lock is held.

use dangjian_engine::{KeyFault, KeyUse, Now};
use dangjian_protocol::sign::PublicKey;

/// The phone's key store. Private keys never leave it.
pub trait KeyStore: Send + Sync {
    /// The silent key's public half; makes the key if there is none.
    fn silent_key(&self) -> Result<PublicKey, KeyFault>;
    /// The presence key's, on the one phone that has it.
    fn presence_key(&self) -> Result<Option<PublicKey>, KeyFault>;
    /// Signs `message` (hashing it with SHA-256), as DER or 64 bytes. May ask the person and block.
    fn sign(&self, key: KeyUse, message: &[u8]) -> Result<Vec<u8>, KeyFault>;
    /// The 32 bytes that encrypt the files, wrapped by the key store at rest; makes them if there are none.
    fn file_key(&self) -> Result<[u8; 32], KeyFault>;
    /// Forgets the two signing keys, so that the next asking makes new ones; the file key stays. For an installation that
    /// begins anew while its key store outlived its files: the server takes a key for one installation only.
    fn forget_signing_keys(&self) -> Result<(), KeyFault>;
    /// Deletes all of these.
    fn wipe(&self) -> Result<(), KeyFault>;
}

/// The phone's clocks.
pub trait Clock: Send + Sync {
    /// Wall clock, time since boot including sleep, and which boot.
    fn now(&self) -> Now;
}

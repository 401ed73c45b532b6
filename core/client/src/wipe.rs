//! What happens when this phone's access is taken away.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::platform::KeyStore;

/// Deletes the phone's files and keys, and knows that it did.
pub(crate) struct Wipe {
    dir: PathBuf,
    keys: Arc<dyn KeyStore>,
    begun: AtomicBool,
}

impl Wipe {
    pub(crate) fn new(dir: PathBuf, keys: Arc<dyn KeyStore>) -> Self {
        Self { dir, keys, begun: AtomicBool::new(false) }
    }

    /// From now on nobody reads, and whoever still writes deletes what they made. The keys go first: without them nothing can
    /// be read, whatever is left.
    pub(crate) fn begin(&self) {
        self.begun.store(true, Ordering::SeqCst);
        if self.keys.wipe().is_err() {
            log::warn!("the keys could not be deleted");
        }
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::SeqCst)
    }

    /// Deletes the files, even if the key store failed: without its key they could stay readable.
    pub(crate) fn files(&self) {
        let Ok(entries) = std::fs::read_dir(&self.dir) else { return };
        for entry in entries.flatten() {
            if std::fs::remove_file(entry.path()).is_err() && entry.path().exists() {
                log::warn!("a file could not be deleted");
            }
        }
    }
}

//! A few readers that screens share. A reader is a connection to both files; making one costs, having many does too.

use std::sync::{Mutex, PoisonError};

use dangjian_store::{Files, Reader, Snapshot, StoreError};

/// SQLite's numbers are signed.
pub(crate) fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Idle readers. Whoever reads takes one, or opens one if all are busy, and puts it back.
pub(crate) struct Readers {
    files: Files,
    idle: Mutex<Idle>,
}

struct Idle {
    readers: Vec<Reader>,
    /// Whether readers are kept for the next: not while the app sleeps, when no file may be open.
    keep: bool,
}

const MOST_IDLE: usize = 2;

impl Readers {
    pub(crate) fn new(files: Files) -> Self {
        Self { files, idle: Mutex::new(Idle { readers: vec![], keep: true }) }
    }

    /// Runs `f` in one read transaction. No lock is held meanwhile.
    pub(crate) fn read<T>(&self, f: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let taken = self.idle.lock().unwrap_or_else(PoisonError::into_inner).readers.pop();
        let mut reader = match taken {
            Some(reader) => reader,
            None => Reader::open(&self.files)?,
        };
        let result = reader.read(f);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.keep && idle.readers.len() < MOST_IDLE {
            idle.readers.push(reader);
        }
        result
    }

    /// Closes all idle readers, and from now on each as soon as its reading is done.
    pub(crate) fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Idle { readers: vec![], keep: false };
    }

    /// From now on readers are kept again.
    pub(crate) fn open(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).keep = true;
    }
}

//! A few readers that screens share. A reader is a connection to both files; making one costs, having many does too.

use std::sync::{Mutex, PoisonError};

use dangjian_store::{Files, Reader, Snapshot, StoreError};

/// Idle readers. Whoever reads takes one, or opens one if all are busy, and puts it back.
pub(crate) struct Readers {
    files: Files,
    idle: Mutex<Vec<Reader>>,
}

const MOST_IDLE: usize = 2;

impl Readers {
    pub(crate) fn new(files: Files) -> Self {
        Self { files, idle: Mutex::new(Vec::new()) }
    }

    /// Runs `f` in one read transaction. No lock is held meanwhile.
    pub(crate) fn read<T>(&self, f: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let taken = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match taken {
            Some(reader) => reader,
            None => Reader::open(&self.files)?,
        };
        let result = reader.read(f);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(reader);
        }
        result
    }

    /// Closes all idle readers.
    pub(crate) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

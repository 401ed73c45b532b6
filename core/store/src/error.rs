//! What can go wrong with the files. A full disk, a wrong key and a damaged file are told apart, because the person has to do
//! a different thing about each; the rest is one of the program's own mistakes or the server's.

use dangjian_domain::schema::RowError;
use dangjian_protocol::op::OpError;
use dangjian_protocol::page::PageError;
use rusqlite::ErrorCode;

/// Why a file can't be read or written. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No space is left.
    #[error("the disk is full")]
    Full,
    /// The file can't be decrypted with this key. With SQLCipher a damaged first page looks the same.
    #[error("the file can't be read with this key")]
    WrongKey,
    /// The file is not what was written to it.
    #[error("the file is damaged: {0}")]
    Corrupt(String),
    /// The file, or a part of it that is needed, is not there.
    #[error("missing: {0}")]
    Missing(String),
    /// The file can't be opened, read or written: folder missing or read-only, a failing disk.
    #[error("the file can't be accessed: {0}")]
    Unavailable(#[source] rusqlite::Error),
    /// Another file operation failed.
    #[error("the file can't be accessed: {0}")]
    Io(#[source] std::io::Error),
    /// The file was written by a newer version of the app.
    #[error("written by a newer version of the app ({found}, this one knows {known})")]
    Newer {
        /// Version of the file.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// An operation's sequence is not the next of the chain.
    #[error("the next operation of the chain is {expected}, not {got}")]
    Sequence {
        /// The next sequence.
        expected: u64,
        /// The one given.
        got: u64,
    },
    /// A verdict about an operation this phone did not write.
    #[error("a verdict about operation {seq}, which is another here")]
    Verdict {
        /// Its sequence.
        seq: u64,
    },
    /// Something the server sent contradicts itself.
    #[error("contradictory: {0}")]
    Contradiction(&'static str),
    /// A page can't be read.
    #[error(transparent)]
    Page(#[from] PageError),
    /// A stored row is not what its table says.
    #[error(transparent)]
    Row(#[from] RowError),
    /// An operation is not in its canonical form.
    #[error(transparent)]
    Op(#[from] OpError),
    /// Anything else SQLite says.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // Once a file is open, a page that can't be decrypted is a damaged one; opening it says `WrongKey` itself.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(error.to_string()),
            Some(
                ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::PermissionDenied,
            ) => Self::Unavailable(error),
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

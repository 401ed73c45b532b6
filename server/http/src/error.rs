//! Why a server doesn't start. Each is one sentence for the person at the keyboard: what is wrong, where, and what to do.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Why a server doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens there.
    #[error("{0} is already in use: stop the other server or choose another address with --listen")]
    AddressInUse(SocketAddr),
    /// The system does not let us listen there.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The data folder can't be made, read or written.
    #[error("can't write to the data folder {}: {source}", path.display())]
    DataFolder {
        /// Which folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process works on this folder: two writers would not know of each other's commits.
    #[error("another server is already using the data folder {}", .0.display())]
    FolderInUse(PathBuf),
    /// No room.
    #[error("the disk that holds {} is full: free some space and start again", .0.display())]
    DiskFull(PathBuf),
    /// Written by a later version of this program.
    #[error("the database {} was written by a newer version of this server: install that version", .0.display())]
    NewerSchema(PathBuf),
    /// The database can't be opened or read.
    #[error("can't use the database {}: {reason}", path.display())]
    Database {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file of secrets is not one.
    #[error("{} is damaged ({reason}): restore it from a backup, without it no phone knows this server", path.display())]
    Secrets {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Certificate or key can't be used.
    #[error("can't use the certificate or key {}: {reason}", path.display())]
    Tls {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system gives no more threads.
    #[error("can't start a thread: {0}")]
    Thread(#[source] io::Error),
}

impl StartError {
    /// The error for `path` that the system reported.
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull(path.to_owned());
        }
        Self::DataFolder { path: path.to_owned(), source }
    }

    /// The error for the database at `path` that SQLite reported.
    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull(path.to_owned()),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::DataFolder {
                path: path.to_owned(),
                source: io::Error::new(io::ErrorKind::PermissionDenied, error.to_string()),
            },
            _ => Self::Database { path: path.to_owned(), reason: error.to_string() },
        }
    }
}

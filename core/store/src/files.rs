//! Where the files lie, how they are encrypted, and how a connection is opened.
//!
//! The key is a raw one from the phone's key store: SQLCipher's 256,000 rounds of PBKDF2 are for passphrases and would cost
//! a cheap phone a second at each opening.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::StoreError;

/// How the files are encrypted.
#[derive(Clone)]
pub enum FileKey {
    /// Not at all: development and tests.
    Plain,
    /// With these 32 bytes.
    Raw([u8; 32]),
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "Plain",
            Self::Raw(_) => "Raw(…)",
        })
    }
}

impl Drop for FileKey {
    fn drop(&mut self) {
        if let Self::Raw(key) = self {
            key.zeroize();
        }
    }
}

impl FileKey {
    /// As SQLCipher takes it: `x'…'`.
    fn literal(&self) -> Option<Zeroizing<String>> {
        let Self::Raw(key) = self else { return None };
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in key {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        text.push('\'');
        Some(text)
    }
}

/// The folder with the files of one installation: `own.db`, `mirror-<name>.db`, `spool-<name>`.
#[derive(Debug, Clone)]
pub struct Files {
    /// The folder. It must exist.
    pub dir: PathBuf,
    /// The key of all files in it.
    pub key: FileKey,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Reads and writes; creates the file.
    Write,
    /// Reads only; the file must exist.
    Read,
}

/// How long a connection waits for another one's lock.
pub(crate) const BUSY_WAIT: Duration = Duration::from_secs(2);

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

impl Files {
    /// The file of what this phone did.
    pub fn own(&self) -> PathBuf {
        self.dir.join("own.db")
    }

    /// The mirror of that name.
    pub fn mirror(&self, name: &str) -> PathBuf {
        self.dir.join(format!("mirror-{name}.db"))
    }

    /// The pages received for the mirror of that name while it is built.
    pub fn spool(&self, name: &str) -> PathBuf {
        self.dir.join(format!("spool-{name}"))
    }

    /// Deletes everything, as when a member signs out of this phone for good. Nothing may be open.
    pub fn erase(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("own.db") || name.starts_with("mirror-") || name.starts_with("spool-") {
                fs::remove_file(entry.path())?;
            }
        }
        sync_dir(&self.dir)
    }

    pub(crate) fn connect(&self, path: &Path, purpose: Use) -> Result<Connection, StoreError> {
        let access = match purpose {
            Use::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Use::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        if let Some(key) = self.key.literal() {
            // What SQLCipher would write to stderr comes back as an error anyway.
            conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
            conn.execute_batch(&Zeroizing::new(format!("PRAGMA key = \"{}\";", key.as_str())))?;
        }
        conn.busy_timeout(BUSY_WAIT)?;
        conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;")?;
        // The first read decrypts the first page: a wrong key shows here and not later.
        let found = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
        match found {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Err(match self.key {
                FileKey::Plain => StoreError::Corrupt("not an SQLite database".into()),
                FileKey::Raw(_) => StoreError::WrongKey,
            }),
            found => Ok(found.map(|()| conn)?),
        }
    }

    /// Attaches the mirror of that name as `mirror`. SQLCipher would else hand on the key together with the first file's salt.
    pub(crate) fn attach_mirror(&self, conn: &Connection, name: &str) -> Result<(), StoreError> {
        let path = self.mirror(name);
        let path = path.to_str().ok_or_else(|| StoreError::Missing("the folder's name is not UTF-8".into()))?;
        match self.key.literal() {
            Some(key) => conn.execute("ATTACH ?1 AS mirror KEY ?2", [path, key.as_str()])?,
            None => conn.execute("ATTACH ?1 AS mirror", [path])?,
        };
        Ok(())
    }
}

/// The files SQLite may keep for the database at `path`, itself first.
pub(crate) fn with_companions(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_owned()];
    for suffix in COMPANIONS {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        all.push(name.into());
    }
    all
}

/// Deletes a database and what lies beside it; what is not there is no error.
pub(crate) fn remove_database(path: &Path) -> Result<(), StoreError> {
    with_companions(path).iter().try_for_each(|path| remove(path))
}

/// Deletes a file; if it is not there, that is no error.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// Length of a file, if it is there.
pub(crate) fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| metadata.len())
}

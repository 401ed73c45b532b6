//! The one file that must not be lost or shown: the county's identity, the secret that session keys are derived from and
//! the key that signs receipts. Text, one line each, so that a person can see that it is whole.
//!
//! It lies beside the database and not in it: a copy of the database, as for a report, gives nobody a session.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use dangjian_domain::id::DeploymentId;
use dangjian_protocol::random::Random;
use dangjian_protocol::sign::SoftwareKey;

use crate::error::StartError;

/// What the file holds.
pub(crate) struct Secrets {
    /// The county's installation; bound into every signature.
    pub(crate) deployment: DeploymentId,
    /// Session keys and tickets are derived from it.
    pub(crate) secret: [u8; 32],
    /// Signs receipts.
    pub(crate) key: SoftwareKey,
}

const HEADING: &str = "dangjian-server secrets 1";

impl Secrets {
    /// New ones for `deployment`.
    pub(crate) fn generate(deployment: DeploymentId, random: &mut dyn Random) -> Self {
        let mut secret = [0; 32];
        random.fill(&mut secret);
        Self { deployment, secret, key: SoftwareKey::generate(random) }
    }

    /// Reads the file; `None` if there is none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, StartError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StartError::file(path, error)),
        };
        let mode = file.metadata().map_err(|error| StartError::file(path, error))?.permissions().mode();
        if mode & 0o077 != 0 {
            log::warn!("{} can be read by others: chmod 600 it", path.display());
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| StartError::file(path, error))?;
        Self::parse(&text).map(Some).map_err(|reason| StartError::Secrets { path: path.to_owned(), reason })
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADING) {
            return Err("it does not begin with the heading of a file of secrets");
        }
        let mut field = |name| lines.next().and_then(|line| line.strip_prefix(name)).map(str::trim);
        let deployment = field("deployment ").and_then(|text| text.parse().ok()).ok_or("no deployment in line 2")?;
        let secret = field("secret ").and_then(from_hex).ok_or("no secret in line 3")?;
        let key = field("server-key ").and_then(from_hex).ok_or("no server key in line 4")?;
        let key = SoftwareKey::from_slice(&key).map_err(|_| "the server key is not one")?;
        Ok(Self { deployment, secret, key })
    }

    /// Writes the file anew, readable by the owner only; a crash leaves the old one or the new one.
    pub(crate) fn write(&self, path: &Path) -> Result<(), StartError> {
        let text = format!(
            "{HEADING}\ndeployment {}\nsecret {}\nserver-key {}\n",
            self.deployment,
            to_hex(&self.secret),
            to_hex(&self.key.to_bytes()),
        );
        let mut file = PrivateFile::create(path)?;
        file.write(text.as_bytes())?;
        file.finish()
    }
}

/// A file for the owner's eyes that appears under its name only when it is complete.
pub(crate) struct PrivateFile<'a> {
    path: &'a Path,
    temporary: std::path::PathBuf,
    file: File,
}

impl<'a> PrivateFile<'a> {
    /// Begins a file that will be at `path`.
    pub(crate) fn create(path: &'a Path) -> Result<Self, StartError> {
        let temporary = path.with_extension("new");
        let failed = |error| StartError::file(path, error);
        match std::fs::remove_file(&temporary) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary).map_err(failed)?;
        Ok(Self { path, temporary, file })
    }

    /// Appends to it.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), StartError> {
        self.file.write_all(bytes).map_err(|error| StartError::file(self.path, error))
    }

    /// Makes it durable and gives it its name.
    pub(crate) fn finish(self) -> Result<(), StartError> {
        let Self { path, temporary, file } = self;
        let folder = path.parent().unwrap_or(Path::new("."));
        file.sync_all()
            .and_then(|()| std::fs::rename(&temporary, path))
            .and_then(|()| File::open(folder)?.sync_all())
            .map_err(|error| StartError::file(path, error))
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_domain::id::RowId;
    use dangjian_protocol::random::SplitMix;

    #[test]
    fn secrets_are_read_back_and_only_the_owner_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        assert!(Secrets::read(&path).unwrap().is_none());
        let secrets = Secrets::generate(RowId([7; 16]).into(), &mut SplitMix(1));
        secrets.write(&path).unwrap();
        secrets.write(&path).unwrap();
        let again = Secrets::read(&path).unwrap().unwrap();
        assert_eq!((again.deployment, again.secret), (secrets.deployment, secrets.secret));
        assert_eq!(again.key.public(), secrets.key.public());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!path.with_extension("new").exists());
    }

    #[test]
    fn a_damaged_file_is_said_to_be_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        Secrets::generate(RowId([7; 16]).into(), &mut SplitMix(1)).write(&path).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        for damaged in [String::new(), whole.replace("secret ", "secret é"), whole[..whole.len() - 9].to_owned()] {
            std::fs::write(&path, &damaged).unwrap();
            assert!(matches!(Secrets::read(&path), Err(StartError::Secrets { .. })), "{damaged:?}");
        }
    }
}

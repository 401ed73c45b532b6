//! The data folder: who may use it, the secrets in it and the database, brought to this program's tables and, if it was
//! asked for, filled with the made-up county.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use dangjian_county::load::{LoadError, load_catalogue};
use dangjian_county::{County, CountyError, DbError, Sqlite, sqlite};
use dangjian_domain::id::{DeploymentId, RowId};
use dangjian_protocol::random::Random;
use rusqlite::Connection;

use crate::clock::{self, OsRandom};
use crate::codes::CodeList;
use crate::config::ServerConfig;
use crate::error::StartError;
use crate::secrets::{PrivateFile, Secrets};

/// Most distinct steps in which the loading of a county is told.
const PROGRESS_STEPS: usize = 10;

/// A folder that this process alone uses as long as the value lives.
pub(crate) struct DataFolder {
    folder: PathBuf,
    _lock: File,
}

/// A database that is ready, and who it belongs to.
pub(crate) struct Prepared {
    pub(crate) secrets: Secrets,
    /// For the writer.
    pub(crate) connection: Connection,
}

impl DataFolder {
    /// Makes the folder if it does not exist and takes it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StartError> {
        let failed = |error| StartError::file(folder, error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::FolderInUse(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("county.db")
    }

    /// Opens one more connection that only reads.
    pub(crate) fn reader(&self) -> Result<Connection, StartError> {
        let path = self.database();
        sqlite::open(&path, true).map_err(|error| StartError::sqlite(&path, &error))
    }

    /// Opens secrets and database; fills an empty database if the configuration names a county. `tell` gets a line for
    /// the person who waits.
    pub(crate) fn prepare(&self, config: &ServerConfig, tell: &mut dyn FnMut(&str)) -> Result<Prepared, StartError> {
        let path = self.database();
        let failed = |error: CountyError| county_error(&path, error);
        private(&path)?;
        let mut connection = sqlite::open(&path, false).map_err(|error| StartError::sqlite(&path, &error))?;
        let loaded = in_transaction(&mut connection, &path, |connection| {
            let mut db = Sqlite(connection);
            County::create_schema(&mut db).map_err(failed)?;
            let loaded = County::is_loaded(&mut db).map_err(failed)?;
            if loaded && config.new_history {
                County::new_history(&mut db, clock::now(), &mut OsRandom).map_err(failed)?;
                tell("a new history begins: phones will build their mirrors anew");
            }
            Ok(loaded)
        })?;
        let secrets = match (loaded, config.seed_county) {
            (false, Some(seed)) => {
                tell("making up the county");
                let county = dangjian_seed::generate(seed.seed, seed.today);
                // Before the rows: a database without secrets would be worth nothing.
                let secrets = self.secrets(Some(county.deployment))?;
                self.fill(&mut connection, &county, tell)?;
                secrets
            }
            _ => self.secrets(None)?,
        };
        match (loaded, config.seed_county) {
            (false, None) => tell("the database is empty; --seed-county loads a made-up county"),
            _ => tell(&found(&connection).map_err(|error| StartError::sqlite(&path, &error))?),
        }
        Ok(Prepared { secrets, connection })
    }

    /// The secrets, made at the first start. An empty database that gets a county takes its identity.
    fn secrets(&self, deployment: Option<DeploymentId>) -> Result<Secrets, StartError> {
        let path = self.folder.join("secrets");
        let known = Secrets::read(&path)?;
        match (known, deployment) {
            (Some(known), None) => Ok(known),
            (Some(known), Some(deployment)) if known.deployment == deployment => Ok(known),
            (_, deployment) => {
                let deployment = deployment.unwrap_or_else(|| {
                    let now = clock::now();
                    RowId::v7(now.0, OsRandom.bytes()).into()
                });
                let secrets = Secrets::generate(deployment, &mut OsRandom);
                secrets.write(&path)?;
                Ok(secrets)
            }
        }
    }

    /// Loads the rows in one transaction. The codes are in their file before the transaction holds: members without a
    /// code could never sign in, codes without members do no harm and are overwritten.
    fn fill(
        &self,
        connection: &mut Connection,
        county: &dangjian_seed::County,
        tell: &mut dyn FnMut(&str),
    ) -> Result<(), StartError> {
        let (path, codes_path) = (self.database(), self.folder.join("activation-codes.csv"));
        let mut codes = CodeList::new(&county.rows);
        in_transaction(connection, &path, |connection| {
            let mut told = 0;
            let mut progress = |done: usize, total: usize| {
                let step = (done * PROGRESS_STEPS).checked_div(total).unwrap_or(0);
                if step > told {
                    told = step;
                    tell(&format!("loading the county: {done} of {total} rows"));
                }
            };
            let mut code = |member, code: &str| codes.add(member, code);
            dangjian_county::load(
                &mut Sqlite(connection),
                &county.rows,
                clock::now(),
                &mut OsRandom,
                &mut progress,
                &mut code,
            )
            .map_err(|error| load_error(&path, error))?;
            let failed = |error| county_error(&path, error);
            load_catalogue(&mut Sqlite(connection), &county.catalogue).map_err(failed)?;
            let mut file = PrivateFile::create(&codes_path)?;
            file.write(codes.text.as_bytes())?;
            file.finish()
        })
    }
}

/// Makes the file for its owner only, if there is none: SQLite gives its log the same rights.
fn private(path: &Path) -> Result<(), StartError> {
    let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    opened.map(drop).map_err(|error| StartError::file(path, error))
}

fn in_transaction<R>(
    connection: &mut Connection,
    path: &Path,
    work: impl FnOnce(&Connection) -> Result<R, StartError>,
) -> Result<R, StartError> {
    let failed = |error| StartError::sqlite(path, &error);
    let transaction = connection.transaction().map_err(failed)?;
    let result = work(&transaction)?;
    transaction.commit().map_err(failed)?;
    Ok(result)
}

fn found(connection: &Connection) -> rusqlite::Result<String> {
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let organizations = count("SELECT count(*) FROM organization")?;
    let members = count("SELECT count(*) FROM member")?;
    Ok(format!("found {organizations} organizations, {members} members"))
}

fn load_error(path: &Path, error: LoadError) -> StartError {
    match error {
        LoadError::County(error) => county_error(path, error),
        _ => StartError::Database { path: path.to_owned(), reason: error.to_string() },
    }
}

fn county_error(path: &Path, error: CountyError) -> StartError {
    match &error {
        CountyError::Db(DbError::Driver(driver)) => {
            if let Some(error) = driver.downcast_ref::<rusqlite::Error>() {
                return StartError::sqlite(path, error);
            }
        }
        CountyError::Stored(reason) if reason.contains("newer") => {
            return StartError::NewerSchema(path.to_owned());
        }
        _ => {}
    }
    StartError::Database { path: path.to_owned(), reason: error.to_string() }
}

//! One member's phone.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use dangjian_domain::id::{MemberId, OpId};
use dangjian_domain::op::Action;
use dangjian_engine::{AppError, Command, Done, Engine, HostEvent, Keys, PasswordCost, Settings, Status, StudyStatus};
use dangjian_protocol::error::ErrorCode;
use dangjian_store::{Changes, FileKey, Files, Mirror, OwnStore, Reader, Snapshot, StoreError};
use tokio::sync::{oneshot, watch};
use zeroize::Zeroizing;

use crate::net::{Http, Traffic};
use crate::platform::{Clock, KeyStore};
use crate::readers::Readers;
use crate::threads::{Core, Message, run_mirror};
use crate::wipe::Wipe;

/// Where a client lives and whom it talks to.
#[derive(Clone)]
pub struct Config {
    /// Folder of the phone's files; excluded from backups by the shell.
    pub dir: PathBuf,
    /// `https://host[:port]`, or `http://` on loopback.
    pub server: String,
    /// Certificates to trust instead of the system's, each PEM.
    pub roots: Vec<Vec<u8>>,
    /// What the member calls this phone.
    pub label: String,
    /// Whether the files are encrypted; only benches and tests say no.
    pub encrypted: bool,
    /// Most rows asked for in one exchange.
    pub page_rows: u32,
    /// Cost of the offline password verifier.
    pub passwords: PasswordCost,
    /// Whether to keep a hint stream open.
    pub hints: bool,
    /// Runs the network; without one the client makes a runtime of its own with two workers.
    pub runtime: Option<tokio::runtime::Handle>,
}

impl Config {
    /// As on a phone.
    pub fn new(dir: impl Into<PathBuf>, server: &str) -> Self {
        Self {
            dir: dir.into(),
            server: server.to_owned(),
            roots: vec![],
            label: "手机".to_owned(),
            encrypted: true,
            page_rows: 20_000,
            passwords: PasswordCost::PHONE,
            hints: true,
            runtime: None,
        }
    }
}

/// Who is told that something changed. Called on the core's thread: take note and return.
pub trait Observer: Send + Sync {
    /// Screens that show any of this should read again.
    fn changed(&self, changes: &Changes);
    /// This phone's access was taken away; files and keys are deleted. From now on everything answers
    /// [`AppError::DeviceRevoked`]; opened again, the phone is a new one.
    fn revoked(&self) {}
}

/// An observer that does not care.
impl Observer for () {
    fn changed(&self, _: &Changes) {}
}

/// One member's phone: the files, the threads, and the way to talk to them. Dropping it ends all of them; what was
/// recorded is safe before anybody is told so.
pub struct Client {
    to_core: Sender<Message>,
    status: watch::Receiver<Status>,
    study: watch::Receiver<Option<StudyStatus>>,
    readers: Arc<Readers>,
    wipe: Arc<Wipe>,
    http: Http,
    quarantined: Option<PathBuf>,
    threads: Vec<std::thread::JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Client {
    /// Opens the phone's files and starts its threads. Files that can't be read any more are set aside, which
    /// [`Self::quarantined`] then says.
    pub fn open(
        config: Config,
        keys: Arc<dyn KeyStore>,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, AppError> {
        let key = if config.encrypted {
            FileKey::Raw(*Zeroizing::new(keys.file_key().map_err(|_| AppError::KeyStore)?))
        } else {
            FileKey::Plain
        };
        std::fs::create_dir_all(&config.dir).map_err(|error| AppError::from(StoreError::from(error)))?;
        let files = Files { dir: config.dir.clone(), key };
        let opened = OwnStore::open_or_quarantine(&files)?;
        if dangjian_engine::is_new(&opened.store)? {
            keys.forget_signing_keys().map_err(|_| AppError::KeyStore)?;
        }
        let live = opened.store.meta("mirror")?.and_then(|name| String::from_utf8(name).ok());
        let mirror = Mirror::open(&files, live.as_deref())?;
        let reader = Reader::open(&files)?;
        let public = Keys {
            silent: keys.silent_key().map_err(|_| AppError::KeyStore)?,
            presence: keys.presence_key().map_err(|_| AppError::KeyStore)?,
        };
        let settings = Settings {
            label: config.label.clone(),
            page_rows: config.page_rows,
            passwords: config.passwords,
            hints: config.hints,
        };
        let engine = Engine::open(opened.store, reader, public, settings, mirror.cursor())?;
        let http = Http::new(&config.server, &config.roots).map_err(|fault| {
            log::warn!("server address: {fault}");
            AppError::Offline
        })?;

        let runtime = match &config.runtime {
            Some(_) => None,
            None => Some(
                tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2)
                    .thread_name("network")
                    .enable_all()
                    .build()
                    .map_err(|error| AppError::from(StoreError::from(error)))?,
            ),
        };
        let tokio = match (&config.runtime, &runtime) {
            (Some(handle), _) => handle.clone(),
            (None, Some(runtime)) => runtime.handle().clone(),
            (None, None) => return Err(AppError::Offline),
        };

        let (to_core, inbox) = channel();
        let (to_mirror, tasks) = channel();
        let (status_sender, status) = watch::channel(engine.status());
        let (study_sender, study) = watch::channel(None);
        let readers = Arc::new(Readers::new(files));
        let wipe = Arc::new(Wipe::new(config.dir, keys.clone()));
        let core = Core {
            engine,
            clock,
            keys: keys.clone(),
            http: http.clone(),
            tokio,
            inbox,
            back: to_core.clone(),
            mirror: to_mirror,
            observer,
            status: status_sender,
            study: study_sender,
            readers: readers.clone(),
            wipe: wipe.clone(),
        };
        let wiping = wipe.clone();
        let back = to_core.clone();
        let threads =
            vec![spawn("core", move || core.run())?, spawn("mirror", move || run_mirror(mirror, tasks, back, wiping))?];
        Ok(Self { to_core, status, study, readers, wipe, http, quarantined: opened.quarantined, threads, runtime })
    }

    /// The file that could not be opened and was set aside, if there was one: what it held and was not delivered is not
    /// lost, but needs help.
    pub fn quarantined(&self) -> Option<&PathBuf> {
        self.quarantined.as_ref()
    }

    /// How it stands with the server; the present value first, then each change.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// The open study session; the present value first, then each change.
    pub fn study_status(&self) -> watch::Receiver<Option<StudyStatus>> {
        self.study.clone()
    }

    /// What went over the network since this client was opened.
    pub fn traffic(&self) -> Traffic {
        self.http.traffic()
    }

    /// Gives the engine a command and waits for its reply.
    pub async fn command(&self, command: Command) -> Result<Done, AppError> {
        let (reply, answer) = oneshot::channel();
        let gone = AppError::Storage(dangjian_engine::error::StorageTrouble::Damaged);
        self.to_core.send(Message::Command(command, reply)).map_err(|_| gone.clone())?;
        answer.await.unwrap_or(Err(gone))
    }

    /// Does something by rule.
    pub(crate) async fn act(&self, action: Action) -> Result<OpId, AppError> {
        match self.command(Command::Act(action)).await? {
            Done::Recorded(op) => Ok(op),
            _ => Err(AppError::Server(ErrorCode::Internal)),
        }
    }

    /// Tells the engine what the phone reports. After `Suspend` no file is locked when this returns.
    pub async fn host(&self, event: HostEvent) {
        let (done, wait) = oneshot::channel();
        if self.to_core.send(Message::Host(event, done)).is_ok() {
            let _ = wait.await;
        }
    }

    /// Exchanges with the server until both sides have everything.
    pub async fn sync(&self) -> Result<(), AppError> {
        self.command(Command::Sync).await.map(|_| ())
    }

    /// Reads both files in one transaction. Never waits for the network.
    pub fn read<T>(&self, f: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError>) -> Result<T, AppError> {
        if self.wipe.has_begun() {
            return Err(AppError::DeviceRevoked);
        }
        self.readers
            .read(f)
            .map_err(|error| if self.wipe.has_begun() { AppError::DeviceRevoked } else { AppError::from(error) })
    }

    /// Whether somebody is signed in: a phone stays so across restarts until they sign out, the server does not know it any
    /// more, or its access is taken away.
    pub fn signed_in(&self) -> bool {
        self.status.borrow().signed_in
    }

    /// Whose phone this is, once enrolled.
    pub fn member(&self) -> Result<Option<MemberId>, AppError> {
        self.read(dangjian_engine::member_of)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Readers first: the writers, closing last, tidy the logs away.
        self.readers.close();
        let _ = self.to_core.send(Message::Stop);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        if let Some(runtime) = self.runtime.take() {
            // May be dropped on one of its own threads, where waiting is forbidden.
            runtime.shutdown_background();
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<std::thread::JoinHandle<()>, AppError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| AppError::from(StoreError::from(error)))
}

//! One member's phone.

use std::sync::Arc;
use std::time::Duration;

use dangjian_client::platform::Clock as ClientClock;
use dangjian_client::software::{SystemClock, SystemRandom};
use dangjian_client::{Client, Config, HostEvent};
use dangjian_domain::id::MemberId;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use crate::account::AccountService;
use crate::boards::BoardService;
use crate::convert::Cross as _;
use crate::error::AppError;
use crate::foreign::{ForeignClock, ForeignKeys};
use crate::members::MemberService;
use crate::notices::NoticeService;
use crate::office::OfficeService;
use crate::outbox::OutboxService;
use crate::platform::Platform;
use crate::points::PointsService;
use crate::settings::SettingsService;
use crate::shared::{Bell, Marks, Shared, finished};
use crate::study::{CancelHandle, StudyService};

/// The hash of this API: whoever was generated from another one must not go on.
#[uniffi::export]
pub fn api_hash() -> String {
    let digest = Sha256::digest(include_bytes!("../api.txt"));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Where a core lives and whom it talks to.
#[derive(Debug, Clone, uniffi::Record)]
pub struct CoreConfig {
    /// Folder of the phone's files; excluded from backups by the shell.
    pub dir: String,
    /// `https://host[:port]`, or `http://` on loopback.
    pub server: String,
    /// What the member calls this phone.
    #[uniffi(default = "手机")]
    pub label: String,
    /// Certificates to trust instead of the system's, each PEM.
    #[uniffi(default = [])]
    pub roots: Vec<Vec<u8>>,
}

record! {
    /// How it stands with the server.
    Status from dangjian_client::Status {
        /// Whether the last try reached the server.
        online: bool,
        /// Whether an exchange is going on.
        syncing: bool,
        /// Operations not yet delivered.
        queued: u64,
        /// Rows received so far while the first copy of the county's data is built.
        building_rows: Option<u64>,
        /// Whether somebody is signed in. Once false, screens lead to the sign-in: somebody signed out, the server does not
        /// know this phone any more, or its access was taken away.
        signed_in: bool,
    }
}

impl From<dangjian_client::Status> for Status {
    fn from(status: dangjian_client::Status) -> Self {
        status.cross()
    }
}

/// How far a sync is.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + Sync {
    /// The present status, then each change.
    fn on_progress(&self, status: Status) -> Result<(), crate::platform::ProviderError>;
}

/// What came of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncOutcome {
    /// Phone and server have told each other everything.
    Synced,
    /// Nobody waits any more; what was received is kept, and the exchange ends by itself.
    Cancelled,
}

/// One member's phone: files, threads and network. It lives until [`Self::shutdown`], or until neither it nor any of its
/// services is held any more.
#[derive(uniffi::Object)]
pub struct DangjianCore {
    pub(crate) shared: Arc<Shared>,
    platform: Platform,
    quarantined: Option<String>,
}

#[uniffi::export]
impl DangjianCore {
    /// Opens the phone's files and starts its threads. A folder or an address that can't be one is `InvalidInput`, and
    /// nothing is made.
    #[uniffi::constructor]
    pub async fn open(config: CoreConfig, platform: Platform) -> Result<Arc<Self>, AppError> {
        if config.dir.is_empty() || config.dir.contains('\0') {
            return Err(AppError::invalid("dir"));
        }
        if !dangjian_client::is_server_address(&config.server) {
            return Err(AppError::invalid("server"));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("dangjian")
            .enable_all()
            .build()
            .map_err(|_| AppError::Defect)?;
        let handle = runtime.handle().clone();
        let bell = Arc::new(Bell(watch::Sender::new(Marks::default())));
        let (rung, providers) = (bell.clone(), platform.clone());
        let opening = handle.spawn_blocking(move || {
            let clock: Arc<dyn ClientClock> = match providers.clock {
                Some(clock) => Arc::new(ForeignClock::start(clock)?),
                None => Arc::new(SystemClock::new(&mut SystemRandom)),
            };
            let config = Config {
                label: config.label,
                roots: config.roots,
                runtime: Some(tokio::runtime::Handle::current()),
                ..Config::new(config.dir, &config.server)
            };
            let keys = Arc::new(ForeignKeys(providers.key_store));
            Ok::<_, AppError>((Client::open(config, keys, clock.clone(), rung)?, clock))
        });
        match finished(opening.await).and_then(|opened| opened) {
            Ok((client, clock)) => {
                let quarantined = client.quarantined().map(|path| path.display().to_string());
                let shared = Arc::new(Shared::new(client, runtime, clock, bell));
                Ok(Arc::new(Self { shared, platform, quarantined }))
            }
            Err(error) => {
                runtime.shutdown_background();
                Err(error)
            }
        }
    }

    /// Signing in and out, and helping others who can't.
    pub fn account(&self) -> Arc<AccountService> {
        Arc::new(AccountService(self.shared.clone()))
    }

    /// Notices.
    pub fn notices(&self) -> Arc<NoticeService> {
        Arc::new(NoticeService(self.shared.clone()))
    }

    /// What there is to study, and the timer.
    pub fn study(&self) -> Arc<StudyService> {
        Arc::new(StudyService(self.shared.clone()))
    }

    /// Points and objections.
    pub fn points(&self) -> Arc<PointsService> {
        Arc::new(PointsService(self.shared.clone()))
    }

    /// Ranks and boards.
    pub fn boards(&self) -> Arc<BoardService> {
        Arc::new(BoardService(self.shared.clone()))
    }

    /// Who is who, and what may be done about them.
    pub fn members(&self) -> Arc<MemberService> {
        Arc::new(MemberService(self.shared.clone()))
    }

    /// What officers decide and configure.
    pub fn office(&self) -> Arc<OfficeService> {
        Arc::new(OfficeService(self.shared.clone()))
    }

    /// What is not yet delivered.
    pub fn outbox(&self) -> Arc<OutboxService> {
        Arc::new(OutboxService(self.shared.clone()))
    }

    /// Drafts, data use, reminders and what the phone provides.
    pub fn settings(&self) -> Arc<SettingsService> {
        Arc::new(SettingsService { shared: self.shared.clone(), platform: self.platform.clone() })
    }

    /// How it stands with the server, at this moment.
    pub fn status(&self) -> Result<Status, AppError> {
        let status = *self.shared.client()?.status().borrow();
        Ok(status.into())
    }

    /// Whether somebody is signed in: a phone stays so across restarts until they sign out. False, too, when the server
    /// does not know this phone any more and it must enrol again by a sign-in.
    pub async fn signed_in(&self) -> Result<bool, AppError> {
        self.shared.client().map(|client| client.signed_in())
    }

    /// Whose phone this is, once somebody signed in.
    pub async fn member(&self) -> Result<Option<MemberId>, AppError> {
        self.shared.read(|client, _| client.member()).await
    }

    /// The file that could not be opened and was set aside, if there was one.
    pub fn quarantined(&self) -> Option<String> {
        self.quarantined.clone()
    }

    /// Exchanges with the server until both sides have everything; the first time that builds this phone's copy of the
    /// county's data.
    #[uniffi::method(default(progress = None, cancel = None))]
    pub async fn sync(
        &self,
        progress: Option<Arc<dyn SyncListener>>,
        cancel: Option<Arc<CancelHandle>>,
    ) -> Result<SyncOutcome, AppError> {
        let listener = progress.map(|listener| {
            let status = self.shared.client()?.status();
            let tell = move |status: dangjian_client::Status| listener.on_progress(status.into());
            Ok::<_, AppError>(crate::observe::watch_values(&self.shared, status, tell))
        });
        let _listening = listener.transpose()?;
        let synced = self.shared.run(|client| async move { client.sync().await.map(|()| SyncOutcome::Synced) });
        match cancel {
            None => synced.await,
            Some(cancel) => {
                let cancelled = async {
                    cancel.cancelled().await;
                    Ok(SyncOutcome::Cancelled)
                };
                first(cancelled, synced).await
            }
        }
    }

    /// The phone has a network again, or none.
    pub async fn network_changed(&self, online: bool) -> Result<(), AppError> {
        let event = if online { HostEvent::Online } else { HostEvent::Offline };
        self.host(event).await
    }

    /// The app goes to the background: no file stays locked. True if that was reached within `deadline_ms`; it is reached
    /// later otherwise.
    pub async fn suspend(&self, deadline_ms: u32) -> Result<bool, AppError> {
        let client = self.shared.client()?;
        let suspended = self.shared.handle.spawn(async move {
            let deadline = Duration::from_millis(deadline_ms.into());
            let mut suspending = tokio::spawn(async move { client.host(HostEvent::Suspend).await });
            tokio::time::timeout(deadline, &mut suspending).await.is_ok()
        });
        finished(suspended.await)
    }

    /// The app is back.
    pub async fn resume(&self) -> Result<(), AppError> {
        self.host(HostEvent::Resume).await
    }

    /// Closes the files and ends all threads and observations; from then on everything answers `Closed`. What was
    /// recorded is safe. Closing twice does nothing.
    pub async fn shutdown(&self) {
        if let Some(closed) = self.shared.shutdown() {
            let _ = closed.await;
        }
    }
}

impl DangjianCore {
    async fn host(&self, event: HostEvent) -> Result<(), AppError> {
        self.shared
            .run(move |client| async move {
                client.host(event).await;
                Ok(())
            })
            .await
    }
}

/// Whichever comes first.
async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        done = one => done,
        done = other => done,
    }
}

//! Contents on their way to the phone: how far they are, and calling it off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dangjian_client::study as client_study;
use dangjian_domain::id::RowId;
use tokio::sync::watch;

use crate::convert::Cross;
use crate::error::AppError;
use crate::platform::ProviderError;

record! {
    /// How far a download is.
    DownloadProgress from client_study::DownloadProgress {
        /// Bytes fetched.
        done_bytes: i64,
        /// Bytes to be fetched.
        total_bytes: i64,
        /// Items fetched.
        done_items: u32,
        /// Items to be fetched.
        total_items: u32,
    }
}

/// Why a download ended early.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stopped {
    /// Somebody cancelled it.
    Cancelled,
    /// It can't go on: no network, no storage, nobody signed in.
    Failed {
        /// Why.
        error: AppError,
    },
}

impl Cross<Stopped> for client_study::Stopped {
    fn cross(self) -> Stopped {
        match self {
            Self::Cancelled => Stopped::Cancelled,
            Self::Failed(error) => Stopped::Failed { error: error.into() },
        }
    }
}

record! {
    /// What came of a download.
    DownloadOutcome from client_study::DownloadOutcome {
        /// How far it came.
        progress: DownloadProgress,
        /// Items that were on the phone already.
        already: u32,
        /// Items that have no content, or whose content the server does not have.
        missing: Vec<RowId>,
        /// Why it ended before it was done; what was fetched is kept, and downloading again goes on from there.
        stopped: Option<Stopped>,
    }
}

/// Told how far a download is.
#[uniffi::export(with_foreign)]
pub trait DownloadListener: Send + Sync {
    /// Before the first item and after each; a slow listener misses steps.
    fn on_progress(&self, progress: DownloadProgress) -> Result<(), ProviderError>;
}

/// Cancels long work that it was handed to. Work is looked at between its steps.
#[derive(uniffi::Object)]
pub struct CancelHandle {
    pub(super) cancelled: Arc<AtomicBool>,
    told: watch::Sender<bool>,
}

#[uniffi::export]
impl CancelHandle {
    /// One that was not used yet.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { cancelled: Arc::default(), told: watch::Sender::new(false) })
    }

    /// Cancels; again does nothing.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        self.told.send_replace(true);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

impl CancelHandle {
    pub(crate) async fn cancelled(&self) {
        let mut told = self.told.subscribe();
        // The sender is in `self`.
        let _ = told.wait_for(|told| *told).await;
    }
}

/// Cancels what nobody waits for any more.
pub(super) struct CancelOnDrop(pub(super) Option<Arc<AtomicBool>>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(flag) = &self.0 {
            flag.store(true, Ordering::SeqCst);
        }
    }
}

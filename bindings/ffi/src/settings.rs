//! Drafts, data use, reminders, and whether the phone provides what it should.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dangjian_domain::study::habit;
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::convert::Cross as _;
use crate::error::AppError;
use crate::platform::{Platform, ProviderError};
use crate::shared::{CORES, OBSERVATIONS, Shared};

record! {
    /// What went over the network since the core was opened: bodies, without headers.
    TrafficView from dangjian_client::Traffic {
        /// Bytes sent.
        sent_bytes: u64,
        /// Bytes received.
        received_bytes: u64,
    }
}

/// What the member wants to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReminderSettings {
    /// Whether there are reminders at all.
    #[uniffi(default = true)]
    pub enabled: bool,
    /// When, minutes after midnight.
    #[uniffi(default = 300)]
    pub at_min: u16,
    /// Since when it is quiet, minutes after midnight.
    #[uniffi(default = 1320)]
    pub quiet_from_min: u16,
    /// Until when.
    #[uniffi(default = 300)]
    pub quiet_to_min: u16,
    /// Whether a fall in rank is spoken of.
    #[uniffi(default = false)]
    pub rank_reminder: bool,
    /// Whether required items are reminded of although the county neither ranks nor reports study.
    #[uniffi(default = false)]
    pub required_reminder: bool,
}

impl From<ReminderSettings> for habit::ReminderSettings {
    fn from(settings: ReminderSettings) -> Self {
        Self {
            enabled: settings.enabled,
            at_min: settings.at_min,
            quiet_from_min: settings.quiet_from_min,
            quiet_to_min: settings.quiet_to_min,
            rank_reminder: settings.rank_reminder,
            required_reminder: settings.required_reminder,
        }
    }
}

record! {
    /// A reminder to show.
    Reminder from habit::Reminder {
        /// When.
        at: Timestamp,
        /// Title.
        title: String,
        /// One sentence.
        body: String,
    }
}

/// How it stands with something that the phone provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProviderState {
    /// It works.
    Works,
    /// There is none, or the member does not allow it.
    Absent,
    /// It fails.
    Fails,
    /// It did not answer within two seconds.
    Hangs,
}

/// Whether the phone provides what it should, for a page that helps the helper.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformReport {
    /// The key that signs silently.
    pub silent_key: ProviderState,
    /// The key that asks for finger or PIN.
    pub presence_key: ProviderState,
    /// The clocks.
    pub clock: ProviderState,
    /// The place.
    pub location: ProviderState,
    /// The push service.
    pub push_token: ProviderState,
}

/// What of this library lives in the process: for soaks.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AliveView {
    /// Cores that were opened and not yet dropped.
    pub cores: i64,
    /// Observations that go on.
    pub observations: i64,
}

/// What of this library lives in the process.
#[uniffi::export]
pub fn alive() -> AliveView {
    AliveView { cores: CORES.load(Ordering::Relaxed), observations: OBSERVATIONS.load(Ordering::Relaxed) }
}

/// How long each of what the phone provides may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Drafts, data use, reminders.
#[derive(uniffi::Object)]
pub struct SettingsService {
    pub(crate) shared: Arc<Shared>,
    pub(crate) platform: Platform,
}

#[uniffi::export]
impl SettingsService {
    /// Keeps what somebody has begun to write, or how a screen stood; nothing deletes it.
    pub async fn save_draft(&self, id: String, text: Option<String>) -> Result<(), AppError> {
        self.shared.run(move |client| async move { client.save_draft(&id, text.as_deref()).await }).await
    }

    /// What was kept under that id.
    pub async fn draft(&self, id: String) -> Result<Option<String>, AppError> {
        self.shared.read(move |client, _| client.draft(&id)).await
    }

    /// What went over the network since the core was opened.
    pub fn traffic(&self) -> Result<TrafficView, AppError> {
        Ok(self.shared.client()?.traffic().cross())
    }

    /// The next reminder as known now; `last_sent` is the day of the last one, in days since 1970-01-01.
    pub async fn reminder(
        &self,
        settings: ReminderSettings,
        last_sent: Option<i32>,
    ) -> Result<Option<Reminder>, AppError> {
        let settings = settings.into();
        self.shared
            .read(move |client, now| {
                let last_sent = last_sent.map(CivilDay);
                client.study().reminder(&settings, last_sent, now).map(|reminder| reminder.cross())
            })
            .await
    }

    /// The phone's place, if it is known and the member allows it.
    pub async fn last_place(&self) -> Result<Option<crate::platform::Place>, AppError> {
        let Some(location) = self.platform.location.clone() else { return Ok(None) };
        match self.ask(move || location.last_place()).await {
            Some(Ok(place)) => Ok(place),
            Some(Err(_)) | None => Ok(None),
        }
    }

    /// Asks everything that the phone provides once.
    pub async fn check_platform(&self) -> Result<PlatformReport, AppError> {
        self.shared.client()?;
        let Platform { key_store, clock, location, push_token } = self.platform.clone();
        let presence = key_store.clone();
        let some = |found: bool| found.then_some(());
        Ok(PlatformReport {
            silent_key: state(self.ask(move || key_store.silent_key().map(|key| some(key.len() == 65))).await),
            presence_key: state(self.ask(move || presence.presence_key().map(|key| some(key.is_some()))).await),
            clock: match clock {
                None => ProviderState::Absent,
                Some(clock) => state(self.ask(move || clock.read().map(|now| some(now.boot_id.len() == 16))).await),
            },
            location: match location {
                None => ProviderState::Absent,
                Some(location) => {
                    state(self.ask(move || location.last_place().map(|place| some(place.is_some()))).await)
                }
            },
            push_token: match push_token {
                None => ProviderState::Absent,
                Some(push) => state(self.ask(move || push.token().map(|token| some(token.is_some()))).await),
            },
        })
    }
}

impl SettingsService {
    /// On a thread that may block; nothing if there is no answer in time.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> Result<T, ProviderError> + Send + 'static,
    ) -> Option<Result<T, ProviderError>> {
        let handle = self.shared.handle.clone();
        let asked =
            handle.clone().spawn(async move { tokio::time::timeout(PATIENCE, handle.spawn_blocking(question)).await });
        match asked.await {
            Ok(Ok(Ok(answer))) => Some(answer),
            Ok(Ok(Err(_))) => Some(Err(ProviderError::Unavailable)),
            Ok(Err(_)) | Err(_) => None,
        }
    }
}

fn state(answer: Option<Result<Option<()>, ProviderError>>) -> ProviderState {
    match answer {
        Some(Ok(Some(()))) => ProviderState::Works,
        Some(Ok(None)) => ProviderState::Absent,
        Some(Err(_)) => ProviderState::Fails,
        None => ProviderState::Hangs,
    }
}

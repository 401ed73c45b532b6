//! Study: what there is, what is on the phone, the open session, today's points, the quiz.

use std::sync::Arc;
use std::time::Duration;

use dangjian_client::study as client_study;
use dangjian_domain::id::{OpId, RowId};
use tokio::sync::watch;

use crate::convert::{Cross, page};
use crate::error::AppError;
use crate::shared::Shared;

mod content;
mod download;
mod items;
mod session;
mod today;

pub use content::{Content, Question, QuizView, Solution};
pub use download::{CancelHandle, DownloadListener, DownloadOutcome, DownloadProgress, Stopped};
pub use items::{ItemCategory, ItemFilter, ItemKind, ItemPage, ItemView, KeptView};
pub use session::{PauseReason, StudySession, TimerState};
pub use today::{ContinueView, FactKind, RuleToday, Shown, Streak, TodayView};

use download::CancelOnDrop;

/// How long a download that is done waits for its listener.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Study.
#[derive(uniffi::Object)]
pub struct StudyService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl StudyService {
    /// What is required this month first, then what is not finished, then the newest; offline before all that what can be
    /// opened.
    pub async fn items(&self, filter: ItemFilter, limit: u32, offset: u32) -> Result<ItemPage, AppError> {
        let filter = filter.into();
        self.0
            .read(move |client, now| {
                page(limit, offset, |limit, offset| client.study().items(&filter, now, limit, offset))
            })
            .await
    }

    /// One item.
    pub async fn item(&self, item: RowId) -> Result<Option<ItemView>, AppError> {
        self.0.read(move |client, now| client.study().item(item, now).map(|view| view.cross())).await
    }

    /// What to read, if it is on the phone.
    pub async fn content(&self, item: RowId) -> Result<Option<Content>, AppError> {
        self.0.read(move |client, _| client.study().content(item).map(|content| content.cross())).await
    }

    /// For the foot of the reader, once time gives no more points today.
    pub async fn cap_note(&self, item: RowId) -> Result<Option<String>, AppError> {
        self.0.read(move |client, now| client.study().cap_note(item, now)).await
    }

    /// Fetches contents one after the other. Ends early if `cancel` says so, or if nobody waits for it any more.
    #[uniffi::method(default(progress = None, cancel = None))]
    pub async fn download(
        &self,
        items: Vec<RowId>,
        progress: Option<Arc<dyn DownloadListener>>,
        cancel: Option<Arc<CancelHandle>>,
    ) -> Result<DownloadOutcome, AppError> {
        let flag = cancel.map_or_else(Arc::default, |cancel| cancel.cancelled.clone());
        let mut abandoned = CancelOnDrop(Some(flag.clone()));
        let (steps, mut told) = watch::channel(None);
        let telling = progress.map(|listener| {
            let handle = self.0.handle.clone();
            self.0.handle.spawn(async move {
                while told.changed().await.is_ok() {
                    let Some(step) = *told.borrow_and_update() else { continue };
                    let listener = listener.clone();
                    let call = handle.spawn_blocking(move || {
                        if listener.on_progress(client_study::DownloadProgress::cross(step)).is_err() {
                            log::warn!("a listener failed");
                        }
                    });
                    if call.await.is_err() {
                        break;
                    }
                }
            })
        });
        let outcome = self
            .0
            .run(move |client| async move {
                let tell = |step| {
                    steps.send_replace(Some(step));
                };
                client.study().download(&items, tell, &flag).await
            })
            .await;
        if let (Some(telling), Ok(_)) = (telling, &outcome) {
            let _ = self.0.handle.spawn(async move { tokio::time::timeout(LAST_WORD, telling).await }).await;
        }
        abandoned.0 = None;
        outcome.map(|outcome| outcome.cross())
    }

    /// Takes an item's content off the phone; it can be fetched again.
    pub async fn forget(&self, item: RowId) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().forget(item).await }).await
    }

    /// How many contents are on the phone, and their size.
    pub async fn kept(&self) -> Result<KeptView, AppError> {
        self.0.read(|client, _| client.study().kept().map(|kept| kept.cross())).await
    }

    /// Opens an item; a session that was open ends. Nothing counts until [`Self::foreground`], [`Self::visible`] and
    /// [`Self::screen`] were said, and [`Self::playing`] for audio and video.
    pub async fn open(&self, item: RowId) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().open(item).await }).await
    }

    /// The app came into the foreground, or left it.
    pub async fn foreground(&self, is: bool) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().foreground(is).await }).await
    }

    /// The item came into view, or was left or covered.
    pub async fn visible(&self, is: bool) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().visible(is).await }).await
    }

    /// The screen was lit, or went dark.
    pub async fn screen(&self, lit: bool) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().screen(lit).await }).await
    }

    /// Audio or video plays, or stopped.
    pub async fn playing(&self, is: bool) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().playing(is).await }).await
    }

    /// The member touched the screen.
    pub async fn input(&self) -> Result<(), AppError> {
        self.0.run(|client| async move { client.study().input().await }).await
    }

    /// The member answered the check that waits.
    pub async fn answer(&self, choice: u8) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.study().answer(choice).await }).await
    }

    /// The member left the item; what counted is recorded.
    pub async fn stop(&self) -> Result<(), AppError> {
        self.0.run(|client| async move { client.study().stop().await }).await
    }

    /// The open session, at this moment.
    pub fn session(&self) -> Result<Option<StudySession>, AppError> {
        let session = *self.0.client()?.study_status().borrow();
        Ok(session.map(Into::into))
    }

    /// Points, time and streak of the day; nothing before the first sign-in.
    pub async fn today(&self) -> Result<Option<TodayView>, AppError> {
        self.0.read(|client, now| client.study().today(now).map(|today| today.cross())).await
    }

    /// The app was opened: counts once a day, and may be said any number of times.
    pub async fn sign_in_today(&self) -> Result<(), AppError> {
        self.0.run(|client| async move { client.study().sign_in_today().await }).await
    }

    /// Today's questions, those not yet answered before the others; nothing if none were drawn.
    pub async fn quiz(&self) -> Result<Option<QuizView>, AppError> {
        self.0.read(|client, now| client.study().quiz(now).map(|quiz| quiz.cross())).await
    }

    /// Asks the server for today's questions, unless they are here or were asked for already. They come with an exchange.
    pub async fn draw_quiz(&self, item: RowId) -> Result<(), AppError> {
        let now = self.0.now();
        self.0.run(move |client| async move { client.study().draw_quiz(item, now).await }).await
    }

    /// Answers today's questions, once, each with the number of a choice; the server judges.
    pub async fn answer_quiz(&self, draw: RowId, answers: Vec<u8>) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.study().answer_quiz(draw, &answers).await }).await
    }
}

//! Study: what there is, what is on the phone, the open session, today's points, the quiz.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dangjian_client::study as client_study;
use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::study::timer;
use dangjian_domain::time::Timestamp;
use tokio::sync::watch;

use crate::convert::{Cross, page};
use crate::error::AppError;
use crate::platform::ProviderError;
use crate::shared::Shared;
use crate::types::Day;

mirror! {
    /// Kinds of study items.
    ItemKind from dangjian_domain::rows::ItemKind {
        /// An article to read.
        Article,
        /// Something to listen to.
        Audio,
        /// Something to watch.
        Video,
        /// A quiz.
        Quiz,
    }
}

mirror! {
    /// What a study item is about.
    ItemCategory from dangjian_domain::rows::ItemCategory {
        /// Constitution and rules of the Party.
        Rules,
        /// Theory.
        Theory,
        /// Organization life.
        Life,
        /// Revitalization of the countryside.
        Countryside,
        /// Members who work away.
        Migrant,
        /// History.
        History,
        /// Integrity.
        Integrity,
        /// Law.
        Law,
    }
}

mirror! {
    /// What points are given for.
    FactKind from dangjian_domain::points::rules::FactKind {
        /// The app was opened on that day.
        SignIn,
        /// Time of reading.
        ReadMs,
        /// Articles finished.
        ReadItem,
        /// Time of audio and video.
        AvMs,
        /// Recordings finished.
        AvItem,
        /// Right answers in a quiz.
        QuizRight,
        /// Suggestions accepted.
        SuggestionAccepted,
        /// Activities attended.
        Attendance,
        /// Activities an organization held.
        ActivityHeld,
    }
}

/// Which items.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub struct ItemFilter {
    /// Only those whose content is on the phone.
    #[uniffi(default = false)]
    pub downloaded_only: bool,
    /// Only these kinds; all if empty.
    #[uniffi(default = [])]
    pub kinds: Vec<ItemKind>,
    /// Only this category.
    #[uniffi(default = None)]
    pub category: Option<ItemCategory>,
    /// Only what everybody is to study this month.
    #[uniffi(default = false)]
    pub required_this_month: bool,
    /// There is no network: what can't be opened without one comes last.
    #[uniffi(default = false)]
    pub offline: bool,
}

impl From<ItemFilter> for client_study::ItemFilter {
    fn from(filter: ItemFilter) -> Self {
        Self {
            downloaded_only: filter.downloaded_only,
            kinds: filter.kinds.cross(),
            category: filter.category.cross(),
            required_this_month: filter.required_this_month,
            offline: filter.offline,
        }
    }
}

record! {
    /// Something to study, in a list.
    ItemView from client_study::ItemView {
        /// Which item.
        id: RowId,
        /// Title.
        title: String,
        /// Kind.
        kind: ItemKind,
        /// Category.
        category: ItemCategory,
        /// Who made it.
        source: String,
        /// Day of publication.
        published_on: Day,
        /// How long it takes at most, ms; 0 for a quiz.
        length_ms: i64,
        /// Size of the content in bytes.
        content_bytes: i64,
        /// Whether the content is on the phone.
        downloaded: bool,
        /// Whether it can be opened without a network.
        available_offline: bool,
        /// Time credited so far, ms.
        credited_ms: i64,
        /// That as a part of the length, percent, rounded down.
        percent: u8,
        /// Whether it is finished.
        finished: bool,
        /// Whether everybody is to study it this month.
        required: bool,
        /// Whether the progress shown is not all known to the server yet.
        unconfirmed: bool,
        /// Points that studying it can still give today.
        can_earn_today: i64,
        /// Where it stands: 「有网可学」「已学完」; nothing if there is nothing to say.
        words: Option<String>,
    }
}

page! {
    /// A page of study items.
    ItemPage of ItemView
}

record! {
    /// What a rule of study gives today.
    RuleToday from client_study::RuleToday {
        /// Its id.
        rule: String,
        /// For which facts.
        fact: FactKind,
        /// The rule in words.
        label: String,
        /// It in short: 「阅读时长」.
        short: String,
        /// Points given today.
        given: i64,
        /// How many of them the server does not know of yet.
        unconfirmed: i64,
        /// Most points a day.
        cap: Option<i64>,
        /// What the caps of day, quarter and year still leave.
        left: Option<i64>,
    }
}

record! {
    /// Which parts of the screens a county shows: each switch hides its part.
    Shown from client_study::Shown {
        /// Points and the streak.
        points: bool,
        /// Minutes of study.
        minutes: bool,
        /// Ranks and boards.
        rank: bool,
    }
}

record! {
    /// Days in a row on which something was credited.
    Streak from dangjian_domain::study::habit::Streak {
        /// How many, today included if it is done.
        days: u32,
        /// Whether today is one of them.
        today_done: bool,
    }
}

record! {
    /// What was begun and can be gone on with.
    ContinueView from client_study::ContinueView {
        /// Which item.
        item: RowId,
        /// Its title.
        title: String,
        /// Time credited so far, ms.
        credited_ms: i64,
        /// Its length, ms.
        length_ms: i64,
        /// How far, percent, rounded down.
        percent: u8,
        /// Whether the content is on the phone.
        downloaded: bool,
    }
}

record! {
    /// Today.
    TodayView from client_study::TodayView {
        /// The civil day.
        day: Day,
        /// Points of study today that the server knows of.
        points_confirmed: i64,
        /// Points of study today that this phone's operations will give.
        points_unconfirmed: i64,
        /// Most points that study can give today; nothing without a daily cap or without rules.
        cap: Option<i64>,
        /// Both read out as one: 「今日积分 13 分，上限 30 分，其中 4 分待确认」.
        sentence: String,
        /// Time credited today, ms, what is not confirmed included.
        credited_ms: i64,
        /// Rule by rule, in the order of the rule set.
        rules: Vec<RuleToday>,
        /// Points that study can still give today.
        left_today: i64,
        /// 「阅读篇数余 3 · 答题余 5 · 阅读时长已满」.
        left_words: String,
        /// Days in a row.
        streak: Streak,
        /// 「继续学习：……」.
        next_item: Option<ContinueView>,
        /// What the county shows.
        shown: Shown,
    }
}

impl From<client_study::TodayView> for TodayView {
    fn from(today: client_study::TodayView) -> Self {
        today.cross()
    }
}

record! {
    /// A question with its choices.
    Question from dangjian_domain::study::content::Question {
        /// The question.
        text: String,
        /// The choices in the order shown.
        choices: Vec<String>,
    }
}

record! {
    /// What a question's answer was.
    Solution from dangjian_domain::study::content::Solution {
        /// The right choice, from 0.
        right: u8,
        /// Why.
        why: String,
    }
}

record! {
    /// What to read.
    Content from dangjian_domain::study::content::Content {
        /// The text. Paragraphs are separated by an empty line; one that begins with `## ` is a heading.
        body: String,
        /// Comprehension checks.
        checks: Vec<Question>,
    }
}

record! {
    /// Questions drawn for today.
    QuizView from client_study::QuizView {
        /// The draw.
        draw: RowId,
        /// The quiz.
        item: RowId,
        /// Its title.
        title: String,
        /// The day they were drawn for.
        day: Day,
        /// Questions with their choices in the order drawn.
        questions: Vec<Question>,
        /// When they were answered.
        answered_at: Option<Timestamp>,
        /// How many were right, once the server has judged.
        right: Option<i64>,
        /// The right choice of each and why, once the server has judged; else empty.
        solution: Vec<Solution>,
        /// Whether the answers wait for the server.
        unconfirmed: bool,
    }
}

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

record! {
    /// Contents on the phone.
    KeptView from client_study::KeptView {
        /// How many.
        contents: u32,
        /// Their size in bytes.
        bytes: i64,
    }
}

mirror! {
    /// Why the clock stands.
    PauseReason from timer::PauseReason {
        /// The app is in the background.
        Background,
        /// The item is not in view.
        NotVisible,
        /// The screen is dark.
        ScreenOff,
        /// The recording does not play.
        NotPlaying,
        /// The system did not let the app run.
        AppFrozen,
    }
}

/// What the study clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TimerState {
    /// It runs.
    Running,
    /// It stands.
    Paused {
        /// Why.
        reason: PauseReason,
    },
    /// It stands until a comprehension check is answered.
    Check {
        /// Which check of the content, from 0.
        number: u8,
    },
    /// It runs, and the item's length is used up: no more is credited for the item.
    ItemFull,
    /// The session is over.
    Ended,
}

/// The open study session.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StudySession {
    /// What is studied.
    pub item: RowId,
    /// Counted in this session, ms.
    pub counted_ms: i64,
    /// Credited for the item with this session, as the phone estimates it, ms.
    pub credited_estimate_ms: i64,
    /// What is left of the item, ms.
    pub remaining_ms: i64,
    /// What the clock does.
    pub state: TimerState,
    /// That for the member: 「已暂停：屏幕已关闭」.
    pub state_words: String,
    /// The boot clock's reading for which this holds, ms: while it runs, screens count on from there.
    pub at_boot_ms: i64,
}

impl From<dangjian_engine::StudyStatus> for StudySession {
    fn from(status: dangjian_engine::StudyStatus) -> Self {
        let state = match status.view.state {
            timer::State::Running => TimerState::Running,
            timer::State::Paused(reason) => TimerState::Paused { reason: reason.cross() },
            timer::State::Check(number) => TimerState::Check { number },
            timer::State::ItemFull => TimerState::ItemFull,
            timer::State::Ended => TimerState::Ended,
        };
        Self {
            item: status.item,
            counted_ms: status.view.counted_ms,
            credited_estimate_ms: status.view.credited_estimate_ms,
            remaining_ms: status.view.remaining_of_item_ms,
            state,
            state_words: status.view.state.words().to_owned(),
            at_boot_ms: status.at.0,
        }
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
    cancelled: Arc<AtomicBool>,
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
struct CancelOnDrop(Option<Arc<AtomicBool>>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(flag) = &self.0 {
            flag.store(true, Ordering::SeqCst);
        }
    }
}

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

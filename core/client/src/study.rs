//! Study: what there is, what is on the phone, the open session, today's points, the quiz and the reminder.
//!
//! Everything that depends on the day takes `now`, server time as well as the caller can tell it, which is the phone's wall
//! clock for want of better: it decides what is shown and never what counts.

use std::sync::atomic::{AtomicBool, Ordering};

use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::op::{Action, AnswerQuiz, DrawQuiz};
use dangjian_domain::points::rules::{FactKind, Switches};
use dangjian_domain::rows::{ItemCategory, ItemKind};
use dangjian_domain::study::content::{Content, Question, Solution};
use dangjian_domain::study::habit::{Reminder, ReminderSettings, Streak};
use dangjian_domain::study::timer::Event;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_engine::{AppError, Command, StudyCommand, StudyStatus};
use tokio::sync::watch;

use crate::client::Client;

mod items;
mod quiz;
pub(crate) mod today;

/// Which items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFilter {
    /// Only those whose content is on the phone.
    pub downloaded_only: bool,
    /// Only these kinds; all if empty.
    pub kinds: Vec<ItemKind>,
    /// Only this category.
    pub category: Option<ItemCategory>,
    /// Only what everybody is to study this month.
    pub required_this_month: bool,
    /// There is no network: what can't be opened without one comes last.
    pub offline: bool,
}

/// Something to study, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// Which item.
    pub id: RowId,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: ItemKind,
    /// Category.
    pub category: ItemCategory,
    /// Who made it.
    pub source: String,
    /// Day of publication.
    pub published_on: CivilDay,
    /// How long it takes at most, ms; 0 for a quiz.
    pub length_ms: i64,
    /// Size of the content in bytes.
    pub content_bytes: i64,
    /// Whether the content is on the phone.
    pub downloaded: bool,
    /// Whether it can be opened without a network.
    pub available_offline: bool,
    /// Time credited so far, ms.
    pub credited_ms: i64,
    /// That as a part of the length, percent, rounded down.
    pub percent: u8,
    /// Whether it is finished.
    pub finished: bool,
    /// Whether everybody is to study it this month.
    pub required: bool,
    /// Whether the progress shown is not all known to the server yet.
    pub unconfirmed: bool,
    /// Points that studying it can still give today.
    pub can_earn_today: i64,
    /// Where it stands: 「有网可学」「已学完」; `None` if there is nothing to say.
    pub words: Option<&'static str>,
}

/// What a rule of study gives today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleToday {
    /// Its id.
    pub rule: String,
    /// For which facts.
    pub fact: FactKind,
    /// The rule in words.
    pub label: String,
    /// It in short: 「阅读时长」.
    pub short: &'static str,
    /// Points given today, what is not confirmed included and nothing taken back: what counts against the cap.
    pub given: i64,
    /// How many of them the server does not know of yet.
    pub unconfirmed: i64,
    /// Most points a day.
    pub cap: Option<i64>,
    /// What the caps of day, quarter and year still leave; `None` if there is none.
    pub left: Option<i64>,
}

/// Which parts of the screens a county shows: each switch hides its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Points and the streak.
    pub points: bool,
    /// Minutes of study.
    pub minutes: bool,
    /// Ranks and boards.
    pub rank: bool,
}

impl From<&Switches> for Shown {
    fn from(switches: &Switches) -> Self {
        Self { points: switches.study_in_appraisal, minutes: switches.usage_reports, rank: switches.public_ranking }
    }
}

/// What was begun and can be gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContinueView {
    /// Which item.
    pub item: RowId,
    /// Its title.
    pub title: String,
    /// Time credited so far, ms.
    pub credited_ms: i64,
    /// Its length, ms.
    pub length_ms: i64,
    /// How far, percent, rounded down.
    pub percent: u8,
    /// Whether the content is on the phone.
    pub downloaded: bool,
}

/// Today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayView {
    /// The civil day.
    pub day: CivilDay,
    /// Points of study today that the server knows of.
    pub points_confirmed: i64,
    /// Points of study today that this phone's operations will give.
    pub points_unconfirmed: i64,
    /// Most points that study can give today; `None` without a daily cap or without rules.
    pub cap: Option<i64>,
    /// Both read out as one: 「今日积分 13 分，上限 30 分，其中 4 分待确认」.
    pub sentence: String,
    /// Time credited today, ms, what is not confirmed included.
    pub credited_ms: i64,
    /// Rule by rule, in the order of the rule set.
    pub rules: Vec<RuleToday>,
    /// Points that study can still give today.
    pub left_today: i64,
    /// 「阅读篇数余 3 · 答题余 5 · 阅读时长已满」.
    pub left_words: String,
    /// Days in a row.
    pub streak: Streak,
    /// 「继续学习：……」.
    pub next_item: Option<ContinueView>,
    /// What the county shows.
    pub shown: Shown,
}

/// Questions drawn for today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizView {
    /// The draw.
    pub draw: RowId,
    /// The quiz.
    pub item: RowId,
    /// Its title.
    pub title: String,
    /// The day they were drawn for.
    pub day: CivilDay,
    /// Questions with their choices in the order drawn.
    pub questions: Vec<Question>,
    /// When they were answered.
    pub answered_at: Option<Timestamp>,
    /// How many were right, once the server has judged.
    pub right: Option<i64>,
    /// The right choice of each and why, once the server has judged; else empty.
    pub solution: Vec<Solution>,
    /// Whether the answers wait for the server.
    pub unconfirmed: bool,
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DownloadProgress {
    /// Bytes fetched.
    pub done_bytes: i64,
    /// Bytes to be fetched.
    pub total_bytes: i64,
    /// Items fetched.
    pub done_items: usize,
    /// Items to be fetched.
    pub total_items: usize,
}

/// What came of a download.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DownloadOutcome {
    /// How far it came.
    pub progress: DownloadProgress,
    /// Items that were on the phone already.
    pub already: usize,
    /// Items that have no content, or whose content the server does not have.
    pub missing: Vec<RowId>,
    /// Why it ended before it was done; what was fetched is kept, and downloading again goes on from there.
    pub stopped: Option<Stopped>,
}

/// Why a download ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody cancelled it.
    Cancelled,
    /// It can't go on: no network, no storage, nobody signed in.
    Failed(AppError),
}

/// Contents on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeptView {
    /// How many.
    pub contents: u32,
    /// Their size in bytes.
    pub bytes: i64,
}

/// Study.
pub struct StudyService<'c>(&'c Client);

impl Client {
    /// Study.
    pub fn study(&self) -> StudyService<'_> {
        StudyService(self)
    }
}

impl StudyService<'_> {
    /// What is required this month first, then what is not finished, then the newest; offline before all that what can be
    /// opened.
    pub fn items(
        &self,
        filter: &ItemFilter,
        now: Timestamp,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<ItemView>, AppError> {
        self.0.read(|snapshot| items::list(snapshot, filter, now, limit, offset))
    }

    /// One item.
    pub fn item(&self, item: RowId, now: Timestamp) -> Result<Option<ItemView>, AppError> {
        self.0.read(|snapshot| items::get(snapshot, item, now))
    }

    /// What to read, if it is on the phone.
    pub fn content(&self, item: RowId) -> Result<Option<Content>, AppError> {
        self.0.read(|snapshot| items::content(snapshot, item))
    }

    /// For the foot of the reader, once time gives no more points today: 「阅读时长分今日已满 6/6，时间仍计入学习记录」.
    pub fn cap_note(&self, item: RowId, now: Timestamp) -> Result<Option<String>, AppError> {
        self.0.read(|snapshot| items::cap_note(snapshot, item, now))
    }

    /// Fetches contents one after the other and tells how far it is before the first and after each. `cancel` is looked at
    /// before each.
    pub async fn download(
        &self,
        items: &[RowId],
        progress: impl Fn(DownloadProgress),
        cancel: &AtomicBool,
    ) -> Result<DownloadOutcome, AppError> {
        let plan = self.0.read(|snapshot| items::to_fetch(snapshot, items))?;
        let mut outcome = DownloadOutcome {
            progress: DownloadProgress {
                total_bytes: plan.fetch.iter().map(|fetch| fetch.bytes).sum(),
                total_items: plan.fetch.len(),
                ..DownloadProgress::default()
            },
            already: plan.already,
            missing: plan.missing,
            stopped: None,
        };
        progress(outcome.progress);
        for fetch in plan.fetch {
            if cancel.load(Ordering::Relaxed) {
                outcome.stopped = Some(Stopped::Cancelled);
                break;
            }
            match self.0.command(Command::Fetch(fetch.sha256)).await {
                Ok(_) => {
                    outcome.progress.done_bytes += fetch.bytes;
                    outcome.progress.done_items += 1;
                }
                // About this one; the next may be there.
                Err(AppError::Server(_) | AppError::Refused(_)) => outcome.missing.push(fetch.item),
                Err(error) => {
                    outcome.stopped = Some(Stopped::Failed(error));
                    break;
                }
            }
            progress(outcome.progress);
        }
        Ok(outcome)
    }

    /// Takes an item's content off the phone; it can be fetched again.
    pub async fn forget(&self, item: RowId) -> Result<(), AppError> {
        match self.0.read(|snapshot| items::hash_of(snapshot, item))? {
            Some(sha256) => self.0.command(Command::Forget(sha256)).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// How many contents are on the phone, and their size.
    pub fn kept(&self) -> Result<KeptView, AppError> {
        self.0.read(items::kept)
    }

    /// Opens an item; a session that was open ends. Nothing counts until [`Self::foreground`], [`Self::visible`] and
    /// [`Self::screen`] were said, and [`Self::playing`] for audio and video.
    pub async fn open(&self, item: RowId) -> Result<(), AppError> {
        self.0.command(Command::Study(StudyCommand::Open(item))).await?;
        // So that 「继续学习」 leads back here. Studying does not depend on it.
        let remember = Command::SaveDraft { id: today::LAST_ITEM.to_owned(), content: item.0.to_vec() };
        if let Err(error) = self.0.command(remember).await {
            log::warn!("the item studied last: {error}");
        }
        Ok(())
    }

    /// Says what happens while an item is open.
    pub async fn event(&self, event: Event) -> Result<(), AppError> {
        self.0.command(Command::Study(StudyCommand::Event(event))).await.map(|_| ())
    }

    /// The app came into the foreground, or left it.
    pub async fn foreground(&self, is: bool) -> Result<(), AppError> {
        self.event(Event::Foreground(is)).await
    }

    /// The item came into view, or was left or covered.
    pub async fn visible(&self, is: bool) -> Result<(), AppError> {
        self.event(Event::Visible(is)).await
    }

    /// The screen was lit, or went dark.
    pub async fn screen(&self, lit: bool) -> Result<(), AppError> {
        self.event(Event::Screen(lit)).await
    }

    /// Audio or video plays, or stopped.
    pub async fn playing(&self, is: bool) -> Result<(), AppError> {
        self.event(Event::Playing(is)).await
    }

    /// The member touched the screen.
    pub async fn input(&self) -> Result<(), AppError> {
        self.event(Event::Input).await
    }

    /// The member answered the check that waits.
    pub async fn answer(&self, choice: u8) -> Result<(), AppError> {
        self.event(Event::Answer { choice }).await
    }

    /// The member left the item; what counted is recorded.
    pub async fn stop(&self) -> Result<(), AppError> {
        self.event(Event::Stop).await
    }

    /// The open session; the present value first, then each change.
    pub fn status(&self) -> watch::Receiver<Option<StudyStatus>> {
        self.0.study_status()
    }

    /// Points, time and streak of the day; `None` before the first sign-in.
    pub fn today(&self, now: Timestamp) -> Result<Option<TodayView>, AppError> {
        self.0.read(|snapshot| today::today(snapshot, now))
    }

    /// The app was opened: counts once a day, and may be said any number of times.
    pub async fn sign_in_today(&self) -> Result<(), AppError> {
        self.0.command(Command::SignInToday).await.map(|_| ())
    }

    /// Today's questions, those not yet answered before the others; `None` if none were drawn.
    pub fn quiz(&self, now: Timestamp) -> Result<Option<QuizView>, AppError> {
        self.0.read(|snapshot| quiz::today(snapshot, now))
    }

    /// Asks the server for today's questions, unless they are here or were asked for already. They come with an exchange.
    pub async fn draw_quiz(&self, item: RowId, now: Timestamp) -> Result<(), AppError> {
        if self.0.read(|snapshot| quiz::is_drawn(snapshot, item, now))? {
            return Ok(());
        }
        self.0.act(Action::DrawQuiz(DrawQuiz { item })).await.map(|_| ())
    }

    /// Answers today's questions, once; the server judges.
    pub async fn answer_quiz(&self, draw: RowId, answers: &[u8]) -> Result<OpId, AppError> {
        self.0.act(Action::AnswerQuiz(AnswerQuiz { draw, answers: answers.to_vec() })).await
    }

    /// The next reminder as known now, `last_sent` being the day of the last one.
    pub fn reminder(
        &self,
        settings: &ReminderSettings,
        last_sent: Option<CivilDay>,
        now: Timestamp,
    ) -> Result<Option<Reminder>, AppError> {
        self.0.read(|snapshot| today::reminder(snapshot, settings, last_sent, now))
    }
}

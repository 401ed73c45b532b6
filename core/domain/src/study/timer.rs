//! The timer of the one session a phone has open: what happens on the phone goes in, segments come out.
//!
//! Nothing counts until the shell has said that the item is in the foreground, visible and on a lit screen, and for audio
//! and video that it is playing: a segment is an observation. All times are readings of the boot clock, which no setting of
//! the wall clock moves.
//!
//! The timer needs no ticks to be right, only to be prompt. Where a step comes late, the moment at which something ended is
//! computed: a comprehension check stops the clock at the millisecond it is due, and a frozen app counts no further than
//! [`Start::max_gap_ms`] after its last step. [`TimerView::next_wake_ms`] says when the next tick is of use, so a phone need
//! not wake every second.
//!
//! Marks are bounded ([`MOST_MARKS`] of each kind): a timer that would need more closes the segment. An answer travels
//! with the time that follows it, since that is the time it opens for [`super::credit`].
//!
//! ```
//! use dangjian_domain::id::RowId;
//! use dangjian_domain::rows::ItemKind;
//! use dangjian_domain::study::checks::{CheckTimes, Checked};
//! use dangjian_domain::study::timer::{Event, Start, State, Timer};
//! use dangjian_domain::time::BootId;
//!
//! let start = Start {
//!     session: RowId([1; 16]),
//!     item: RowId([2; 16]),
//!     kind: ItemKind::Article,
//!     length_ms: 900_000,
//!     credited_before_ms: 0,
//!     checks: 0,
//!     seed: RowId([1; 16]),
//!     checked: Checked::default(),
//!     lease: None,
//!     boot: BootId([3; 16]),
//!     heartbeat_ms: 30_000,
//!     segment_ms: 300_000,
//!     max_gap_ms: 45_000,
//!     check_times: CheckTimes { min_ms: 240_000, max_ms: 420_000 },
//! };
//! let mut timer = Timer::start(start, 1_000);
//! for event in [Event::Foreground(true), Event::Visible(true), Event::Screen(true)] {
//!     timer.step(1_000, event);
//! }
//! assert_eq!(timer.view(21_000).counted_ms, 20_000);
//! assert_eq!(timer.view(21_000).state, State::Running);
//! assert_eq!(timer.view(21_000).next_wake_ms, Some(31_000));
//! let done = timer.step(21_000, Event::Stop).done;
//! assert_eq!(done[0].spans[0].to_ms, 20_000);
//! ```

mod machine;
mod segment;

use super::checks::{CheckTimes, Checked};
use crate::id::RowId;
use crate::op::{RecordStudy, Span};
use crate::rows::ItemKind;
use crate::time::BootId;

pub use machine::Timer;

/// Most spans, heartbeats, touches and answers in a segment.
pub const MOST_MARKS: usize = 64;
/// A pause as long as this closes the segment, so that it gets delivered, ms.
pub const PAUSE_CLOSES_MS: i64 = 30_000;
/// By how much a reading may lie before the one of the last step and still be of the same boot, ms: readings of several
/// threads arrive out of order. It is taken as the last step's.
pub const DISORDER_MS: i64 = 1_000;
/// The longest lease that is carried, bytes; a lease is a fifth of that.
pub const MOST_LEASE_BYTES: usize = 512;

/// What a session begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The session.
    pub session: RowId,
    /// What is studied.
    pub item: RowId,
    /// Whether playing matters.
    pub kind: ItemKind,
    /// How long the item takes at most, ms.
    pub length_ms: i64,
    /// What was credited for the item before, as far as the phone knows, ms.
    pub credited_before_ms: i64,
    /// How many comprehension checks the item has.
    pub checks: u8,
    /// What the moments of the checks follow from: [`super::checks::seed`].
    pub seed: RowId,
    /// How far the member was with the item's checks before this session.
    pub checked: Checked,
    /// The server's lease.
    pub lease: Option<Vec<u8>>,
    /// The run of the phone.
    pub boot: BootId,
    /// Time between heartbeats, ms; taken within 1 s and `max_gap_ms`.
    pub heartbeat_ms: i64,
    /// Longest segment, ms; taken within 1 s and an hour.
    pub segment_ms: i64,
    /// How long after a step the app is still taken to be alive, ms; taken within 1 s and an hour. Must be the gap that
    /// [`super::credit`] allows after a heartbeat.
    pub max_gap_ms: i64,
    /// Times between checks.
    pub check_times: CheckTimes,
}

/// What happened on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The app came into the foreground, or left it.
    Foreground(bool),
    /// The item came into view, or was left or covered.
    Visible(bool),
    /// The screen was lit, or went dark.
    Screen(bool),
    /// Audio or video plays, or stopped.
    Playing(bool),
    /// The member touched the screen.
    Input,
    /// The member answered the check that waits; without one it means nothing.
    Answer {
        /// The choice, from 0.
        choice: u8,
    },
    /// The server gave a lease. What follows is made under it. One for another item means nothing.
    Lease(Vec<u8>),
    /// The civil day ends.
    DayEnds,
    /// Time passed; see [`TimerView::next_wake_ms`].
    Tick,
    /// The run of the phone, as read now. Another than the session's ends the session.
    Boot(BootId),
    /// The member left the item.
    Stop,
}

/// Why the clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PauseReason {
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

impl PauseReason {
    /// For the member: 「已暂停：屏幕已关闭」.
    pub fn words(self) -> &'static str {
        match self {
            Self::Background => "已暂停：已离开本应用",
            Self::NotVisible => "已暂停：正文不在屏幕上",
            Self::ScreenOff => "已暂停：屏幕已关闭",
            Self::NotPlaying => "已暂停：播放已停止",
            Self::AppFrozen => "已暂停：应用被系统暂停",
        }
    }
}

/// Something to tell the member once, also by screen reader; never each second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    /// The clock began to run.
    Started,
    /// It stopped.
    Paused(PauseReason),
    /// It runs again.
    Resumed,
    /// A comprehension check waits.
    CheckShown(u8),
    /// The item's length is used up.
    ItemFull,
}

impl Announcement {
    /// For the member.
    pub fn words(self) -> &'static str {
        match self {
            Self::Started => "开始计时",
            Self::Paused(reason) => reason.words(),
            Self::Resumed => "继续计时",
            Self::CheckShown(_) => "请回答理解题，作答时暂停计时",
            Self::ItemFull => "本篇已学满",
        }
    }
}

/// What is to be done after an event: first `done`, then `save`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// To be kept in place of what was kept before: the segment so far.
    pub save: Option<RecordStudy>,
    /// Segments that are over, to be recorded as operations. What was kept is thereby cleared.
    pub done: Vec<RecordStudy>,
    /// What to tell the member.
    pub announce: Option<Announcement>,
}

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// It stands.
    Paused(PauseReason),
    /// It stands until the check with that number is answered.
    Check(u8),
    /// It runs, and the item's length is used up: no more is credited for the item.
    ItemFull,
    /// The session is over.
    Ended,
}

impl State {
    /// For the member.
    pub fn words(self) -> &'static str {
        match self {
            Self::Running => "计时中",
            Self::Paused(reason) => reason.words(),
            Self::Check(_) => "请回答理解题，作答时暂停计时",
            Self::ItemFull => "本篇已学满",
            Self::Ended => "本次学习已结束",
        }
    }
}

/// What the screen shows at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerView {
    /// Counted in this session, ms.
    pub counted_ms: i64,
    /// Credited for the item with this session, as the phone estimates it; at most the item's length, ms.
    pub credited_estimate_ms: i64,
    /// What the clock does.
    pub state: State,
    /// What is left of the item, ms.
    pub remaining_of_item_ms: i64,
    /// When a tick is needed next, on the boot clock; not in the past. `None`: not before the next event.
    pub next_wake_ms: Option<i64>,
}

/// What to hand in of a segment whose app was killed: what was kept, up to its last heartbeat. `None` if nothing counted.
pub fn recover(mut saved: RecordStudy) -> Option<RecordStudy> {
    let last = *saved.beats.last()?;
    saved.spans = saved
        .spans
        .into_iter()
        .map(|span| Span { to_ms: span.to_ms.min(last), ..span })
        .filter(|span| span.from_ms < span.to_ms)
        .collect();
    saved.inputs.retain(|at_ms| *at_ms <= last);
    saved.checks.retain(|answer| answer.at_ms <= last);
    (!saved.spans.is_empty()).then_some(saved)
}

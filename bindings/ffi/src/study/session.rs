//! The open study session.

use dangjian_domain::id::RowId;
use dangjian_domain::study::timer;

use crate::convert::Cross;

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

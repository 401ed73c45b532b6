//! Payloads of what members do when they study.

use crate::id::RowId;
use crate::time::BootId;

/// A stretch of time within a segment, ms after the segment's start; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Span {
    /// First millisecond.
    #[n(0)]
    pub from_ms: u32,
    /// First millisecond after it.
    #[n(1)]
    pub to_ms: u32,
}

/// An answer to a comprehension check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct CheckAnswer {
    /// When it was given, ms after the segment's start.
    #[n(0)]
    pub at_ms: u32,
    /// Which check of the item, from 0.
    #[n(1)]
    pub check: u8,
    /// The choice, from 0.
    #[n(2)]
    pub choice: u8,
}

/// Payload of [`super::Action::RecordStudy`]: one segment of a study session, at most five minutes long. It says what the
/// phone observed; what is credited follows from it by [`crate::study::credit`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct RecordStudy {
    /// The session: from opening an item to leaving it.
    #[n(1)]
    pub session: RowId,
    /// What was studied.
    #[n(2)]
    pub item: RowId,
    /// The server's lease, if there was one: see [`crate::study::lease`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub lease: Option<Vec<u8>>,
    /// The run of the phone whose boot clock is read below.
    #[n(4)]
    pub boot: BootId,
    /// The boot clock at the segment's start, ms.
    #[n(5)]
    pub from_ms: u64,
    /// When the item was in the foreground, visible, on a lit screen (and playing): ascending, none within another.
    #[n(6)]
    pub spans: Vec<Span>,
    /// Heartbeats, ms after the start, ascending; time far from any does not count.
    #[n(7)]
    pub beats: Vec<u32>,
    /// Touches, ms after the start, ascending; only looked at by [`crate::study::anomaly`].
    #[n(8)]
    pub inputs: Vec<u32>,
    /// Answers to comprehension checks, ascending in time.
    #[n(9)]
    pub checks: Vec<CheckAnswer>,
}

/// Payload of [`super::Action::SignInToday`]: the member opened the app. Once a civil day counts.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct SignInToday {
    /// The run of the phone whose boot clock is read below.
    #[n(1)]
    pub boot: BootId,
    /// The boot clock then, ms.
    #[n(2)]
    pub at_ms: u64,
}

/// Payload of [`super::Action::DrawQuiz`]: ask the server to draw today's questions.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DrawQuiz {
    /// The quiz.
    #[n(1)]
    pub item: RowId,
}

/// Payload of [`super::Action::AnswerQuiz`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct AnswerQuiz {
    /// The draw.
    #[n(1)]
    pub draw: RowId,
    /// The choice of each question in the order drawn, from 0.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub answers: Vec<u8>,
}

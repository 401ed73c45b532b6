//! The segment under way: marks in the order of time, none more often than a record may hold.

use super::{MOST_MARKS, Start};
use crate::op::{CheckAnswer, RecordStudy, Span};

/// A segment is closed when it has this many heartbeats: what is still to come until then, a return, a late step and the
/// end, fits.
const ENOUGH_BEATS: usize = MOST_MARKS - 4;

#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// When it began, on the boot clock.
    pub(super) from: i64,
    spans: Vec<Span>,
    /// Since when the span under way runs, ms after the start.
    running_from: Option<u32>,
    beats: Vec<u32>,
    inputs: Vec<u32>,
    answers: Vec<CheckAnswer>,
}

impl Segment {
    /// Begins, with the answers given since the last one ended.
    pub(super) fn new(from: i64, mut answers: Vec<CheckAnswer>) -> Self {
        for answer in &mut answers {
            answer.at_ms = 0;
        }
        Self { from, spans: vec![], running_from: None, beats: vec![], inputs: vec![], answers }
    }

    fn offset(&self, at: i64) -> u32 {
        u32::try_from(at.saturating_sub(self.from).max(0)).unwrap_or(u32::MAX)
    }

    /// The clock runs. A pause of no length is none.
    pub(super) fn run(&mut self, at: i64) {
        let at_ms = self.offset(at);
        let from_ms = match self.spans.last().copied() {
            Some(last) if last.to_ms == at_ms => {
                self.spans.pop();
                last.from_ms
            }
            _ => at_ms,
        };
        self.running_from = Some(from_ms);
        self.beat(at);
    }

    /// The clock stands.
    pub(super) fn stand(&mut self, at: i64) {
        let to_ms = self.offset(at);
        if let Some(from_ms) = self.running_from.take() {
            if from_ms < to_ms {
                self.spans.push(Span { from_ms, to_ms });
            }
            self.beat(at);
        }
    }

    pub(super) fn beat(&mut self, at: i64) {
        let at_ms = self.offset(at);
        if self.beats.last().is_none_or(|last| *last < at_ms) {
            self.beats.push(at_ms);
        }
    }

    /// When the last heartbeat was, on the boot clock.
    pub(super) fn last_beat(&self) -> i64 {
        self.from.saturating_add(self.beats.last().copied().unwrap_or(0).into())
    }

    /// The first touches are kept; none is kept twice.
    pub(super) fn touch(&mut self, at: i64) {
        let at_ms = self.offset(at);
        if self.inputs.len() < MOST_MARKS && self.inputs.last().is_none_or(|last| *last < at_ms) {
            self.inputs.push(at_ms);
        }
    }

    pub(super) fn answer(&mut self, at: i64, check: u8, choice: u8) {
        self.answers.push(CheckAnswer { at_ms: self.offset(at), check, choice });
    }

    pub(super) fn is_full(&self) -> bool {
        self.spans.len() >= MOST_MARKS || self.beats.len() >= ENOUGH_BEATS || self.answers.len() >= MOST_MARKS
    }

    /// Takes out the answers that no counted time follows.
    pub(super) fn take_trailing_answers(&mut self) -> Vec<CheckAnswer> {
        let counted_to = self.spans.last().map_or(0, |span| span.to_ms);
        self.answers.split_off(self.answers.partition_point(|answer| answer.at_ms < counted_to))
    }

    /// The segment up to its last heartbeat; `None` if nothing counted.
    pub(super) fn record(&self, start: &Start) -> Option<RecordStudy> {
        let mut spans = self.spans.clone();
        let to_ms = self.beats.last().copied().unwrap_or(0);
        if let Some(from_ms) = self.running_from.filter(|from_ms| *from_ms < to_ms) {
            spans.push(Span { from_ms, to_ms });
        }
        if spans.is_empty() {
            return None;
        }
        Some(RecordStudy {
            session: start.session,
            item: start.item,
            lease: start.lease.clone(),
            boot: start.boot,
            from_ms: self.from.unsigned_abs(),
            spans,
            beats: self.beats.clone(),
            inputs: self.inputs.clone(),
            checks: self.answers.clone(),
        })
    }
}

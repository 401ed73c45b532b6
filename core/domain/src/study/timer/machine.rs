//! The state machine: goes through the time since the last step, then takes the event.

use super::segment::Segment;
use super::{
    Announcement, DISORDER_MS, Event, MOST_LEASE_BYTES, PAUSE_CLOSES_MS, PauseReason, Start, State, Step, TimerView,
    recover,
};
use crate::op::{CheckAnswer, RecordStudy};
use crate::rows::ItemKind;
use crate::study::checks::{Due, due};
use crate::study::lease::Lease;

const HOUR_MS: i64 = 3_600_000;

/// The timer of one session.
#[derive(Debug, Clone)]
pub struct Timer {
    start: Start,
    foreground: bool,
    visible: bool,
    lit: bool,
    playing: bool,
    /// The reading of the last step.
    seen: i64,
    /// Up to where time is accounted for.
    now: i64,
    counted_ms: i64,
    /// Checks of the item answered so far, in this session and before.
    answered: u32,
    /// The check that waits, or the next one.
    due: Option<Due>,
    waiting: bool,
    check_told: bool,
    running: bool,
    /// Since when the clock stands.
    stands_since: i64,
    frozen: bool,
    segment: Option<Segment>,
    /// Answers given since the last time counted was closed off.
    carried: Vec<CheckAnswer>,
    began: bool,
    full_told: bool,
    ended: bool,
}

/// What a step gathers.
#[derive(Default)]
struct Gathered {
    done: Vec<RecordStudy>,
    save: bool,
    was_frozen: bool,
}

impl Timer {
    /// A session begins at this reading of the boot clock, with nothing observed yet.
    pub fn start(mut start: Start, at: i64) -> Self {
        start.length_ms = start.length_ms.max(0);
        start.credited_before_ms = start.credited_before_ms.clamp(0, start.length_ms);
        start.max_gap_ms = start.max_gap_ms.clamp(1_000, HOUR_MS);
        start.heartbeat_ms = start.heartbeat_ms.clamp(1_000, start.max_gap_ms);
        start.segment_ms = start.segment_ms.clamp(1_000, HOUR_MS);
        start.checked.observed_ms = start.checked.observed_ms.max(0);
        start.lease = start.lease.filter(|lease| lease.len() <= MOST_LEASE_BYTES);
        let at = at.max(0);
        let mut timer = Self {
            foreground: false,
            visible: false,
            lit: false,
            playing: false,
            seen: at,
            now: at,
            counted_ms: 0,
            answered: start.checked.answered,
            due: None,
            waiting: false,
            check_told: false,
            running: false,
            stands_since: at,
            frozen: false,
            segment: None,
            carried: vec![],
            began: false,
            full_told: false,
            ended: false,
            start,
        };
        timer.look_at_next_check();
        timer
    }

    /// Something happened at this reading of the boot clock.
    ///
    /// A reading far before the last step's is of another boot: the session ends with what was up to its last heartbeat.
    pub fn step(&mut self, at: i64, event: Event) -> Step {
        if self.ended {
            return Step::default();
        }
        let at = at.max(0);
        let another_boot = matches!(&event, Event::Boot(boot) if *boot != self.start.boot);
        if another_boot || at < self.seen.saturating_sub(DISORDER_MS) {
            return self.abandon();
        }
        let at = at.max(self.seen);
        let was_running = self.running;
        let mut gathered = Gathered::default();
        self.advance(at, &mut gathered);
        self.seen = at;
        gathered.was_frozen = std::mem::take(&mut self.frozen);
        self.take(at, event, &mut gathered);
        if self.ended {
            return Step { done: gathered.done, ..Step::default() };
        }
        self.settle(at, &mut gathered);
        self.heartbeat(at, &mut gathered);
        let save = match &mut self.segment {
            Some(segment) if gathered.save => {
                if self.running {
                    segment.beat(at);
                }
                segment.record(&self.start)
            }
            _ => None,
        };
        let announce = self.announce(was_running, &gathered);
        Step { save, done: gathered.done, announce }
    }

    /// What the screen shows at this reading of the boot clock, and when the next tick is needed.
    pub fn view(&self, at: i64) -> TimerView {
        let at = at.max(self.seen);
        let mut then = self.clone();
        if !then.ended {
            then.advance(at, &mut Gathered::default());
        }
        let credited_estimate_ms = then.credited_estimate_ms();
        let state = match then.due {
            _ if then.ended => State::Ended,
            Some(due) if then.waiting => State::Check(due.check),
            _ if then.frozen => State::Paused(PauseReason::AppFrozen),
            _ if !then.running => State::Paused(then.pause_reason()),
            _ if credited_estimate_ms >= then.start.length_ms => State::ItemFull,
            _ => State::Running,
        };
        TimerView {
            counted_ms: then.counted_ms,
            credited_estimate_ms,
            state,
            remaining_of_item_ms: then.start.length_ms - credited_estimate_ms,
            next_wake_ms: then.next_wake().map(|wake| wake.max(at)),
        }
    }

    fn credited_estimate_ms(&self) -> i64 {
        self.start.credited_before_ms.saturating_add(self.counted_ms).min(self.start.length_ms)
    }

    fn next_wake(&self) -> Option<i64> {
        if self.ended {
            return None;
        }
        if self.frozen {
            return Some(self.now);
        }
        let segment = self.segment.as_ref()?;
        if !self.running {
            return Some(self.closes_at(segment));
        }
        let full_in = self.start.length_ms - self.credited_estimate_ms();
        let item_full = if self.full_told { i64::MAX } else { self.now.saturating_add(full_in) };
        let beat = segment.last_beat().saturating_add(self.start.heartbeat_ms);
        Some(beat.min(self.full_at(segment)).min(self.due_at()).min(item_full))
    }

    fn full_at(&self, segment: &Segment) -> i64 {
        segment.from.saturating_add(self.start.segment_ms)
    }

    /// When a segment under way is closed if the clock stands until then.
    fn closes_at(&self, segment: &Segment) -> i64 {
        self.stands_since.saturating_add(PAUSE_CLOSES_MS).min(self.full_at(segment))
    }

    /// When the next check is due if the clock runs until then.
    fn due_at(&self) -> i64 {
        self.due_in().map_or(i64::MAX, |left| self.now.saturating_add(left))
    }

    /// After how much counted time the next check is due.
    fn due_in(&self) -> Option<i64> {
        let observed_ms = self.start.checked.observed_ms.saturating_add(self.counted_ms);
        self.due.map(|due| due.at_ms.saturating_sub(observed_ms).max(0))
    }

    fn is_observed(&self) -> bool {
        let plays = self.playing || !matches!(self.start.kind, ItemKind::Audio | ItemKind::Video);
        self.foreground && self.visible && self.lit && plays
    }

    fn pause_reason(&self) -> PauseReason {
        if !self.lit {
            PauseReason::ScreenOff
        } else if !self.foreground {
            PauseReason::Background
        } else if !self.visible {
            PauseReason::NotVisible
        } else {
            PauseReason::NotPlaying
        }
    }

    /// Goes through the time until `to`, from one moment at which something ends to the next.
    fn advance(&mut self, to: i64, gathered: &mut Gathered) {
        if self.running {
            let frozen_at = self.seen.saturating_add(self.start.max_gap_ms);
            let end = to.min(frozen_at);
            while let Some(segment) = &self.segment {
                let (full_at, due_at) = (self.full_at(segment), self.due_at());
                let stop = end.min(full_at).min(due_at).max(self.now);
                self.counted_ms = self.counted_ms.saturating_add(stop - self.now);
                self.now = stop;
                self.sign_of_life(stop, gathered);
                if self.due_in() == Some(0) {
                    self.waiting = true;
                    self.pause(stop, gathered);
                    break;
                }
                if stop < full_at {
                    break;
                }
                self.cut(stop, gathered);
                if stop == i64::MAX {
                    break;
                }
            }
            if self.running && to > frozen_at {
                self.pause(frozen_at, gathered);
                self.frozen = true;
            }
        }
        self.now = to;
        if !self.running && self.segment.as_ref().is_some_and(|segment| self.closes_at(segment) <= to) {
            self.close(to, gathered);
        }
    }

    /// The app was last seen alive at the last step, which may have been no heartbeat.
    fn sign_of_life(&mut self, now: i64, gathered: &mut Gathered) {
        let Some(segment) = &mut self.segment else { return };
        if now.saturating_sub(segment.last_beat()) > self.start.max_gap_ms && self.seen > segment.last_beat() {
            segment.beat(self.seen);
            gathered.save = true;
        }
    }

    fn take(&mut self, at: i64, event: Event, gathered: &mut Gathered) {
        match event {
            Event::Foreground(is) => self.foreground = is,
            Event::Visible(is) => self.visible = is,
            Event::Screen(is) => self.lit = is,
            Event::Playing(is) => self.playing = is,
            Event::Input => {
                if let Some(segment) = &mut self.segment {
                    segment.touch(at);
                }
            }
            Event::Answer { choice } => self.answer(at, choice, gathered),
            Event::Lease(token) => self.lease(at, token, gathered),
            Event::DayEnds => self.cut(at, gathered),
            Event::Tick | Event::Boot(_) => {}
            Event::Stop => {
                self.end_segment(at, gathered, true);
                self.running = false;
                self.ended = true;
            }
        }
    }

    fn answer(&mut self, at: i64, choice: u8, gathered: &mut Gathered) {
        let Some(due) = self.due.filter(|_| self.waiting) else { return };
        gathered.save = true;
        self.answered = self.answered.saturating_add(1);
        self.look_at_next_check();
        match &mut self.segment {
            Some(segment) => segment.answer(at, due.check, choice),
            None => self.carried.push(CheckAnswer { at_ms: 0, check: due.check, choice }),
        }
    }

    /// A segment is under one lease: what was so far is closed.
    fn lease(&mut self, at: i64, token: Vec<u8>, gathered: &mut Gathered) {
        let is_for_item = Lease::split(&token).is_some_and(|(lease, ..)| lease.item == self.start.item);
        if is_for_item && token.len() <= MOST_LEASE_BYTES {
            self.cut(at, gathered);
            self.start.lease = Some(token);
        }
    }

    fn look_at_next_check(&mut self) {
        self.due = due(self.start.seed, self.start.check_times, self.start.checks, self.answered);
        self.waiting = self.due_in() == Some(0);
        self.check_told = false;
    }

    /// Runs or stands as what is known demands.
    fn settle(&mut self, at: i64, gathered: &mut Gathered) {
        let runs = self.is_observed() && !self.waiting;
        if runs && !self.running {
            self.run(at, gathered);
        } else if !runs && self.running {
            self.pause(at, gathered);
        }
    }

    fn heartbeat(&mut self, at: i64, gathered: &mut Gathered) {
        let Some(segment) = self.segment.as_mut().filter(|_| self.running) else { return };
        if at.saturating_sub(segment.last_beat()) < self.start.heartbeat_ms {
            return;
        }
        segment.beat(at);
        gathered.save = true;
        if segment.is_full() {
            self.cut(at, gathered);
        }
    }

    fn run(&mut self, at: i64, gathered: &mut Gathered) {
        let carried = &mut self.carried;
        self.segment.get_or_insert_with(|| Segment::new(at, std::mem::take(carried))).run(at);
        self.running = true;
        self.now = at;
        gathered.save = true;
    }

    fn pause(&mut self, at: i64, gathered: &mut Gathered) {
        self.running = false;
        self.stands_since = at;
        gathered.save = true;
        if let Some(segment) = &mut self.segment {
            segment.stand(at);
            if segment.is_full() {
                self.close(at, gathered);
            }
        }
    }

    /// Closes the segment; the next begins at once if the clock runs.
    fn cut(&mut self, at: i64, gathered: &mut Gathered) {
        let runs = self.running;
        self.close(at, gathered);
        if runs {
            self.run(at, gathered);
        }
    }

    fn close(&mut self, at: i64, gathered: &mut Gathered) {
        self.end_segment(at, gathered, false);
    }

    fn end_segment(&mut self, at: i64, gathered: &mut Gathered, last: bool) {
        let Some(mut segment) = self.segment.take() else { return };
        segment.stand(at);
        if !last {
            self.carried = segment.take_trailing_answers();
        }
        gathered.done.extend(segment.record(&self.start));
    }

    /// Ends the session with what is certain.
    fn abandon(&mut self) -> Step {
        let mut step = Step::default();
        if let Some(segment) = self.segment.take() {
            if self.running {
                self.counted_ms = self.counted_ms.saturating_sub(self.now.saturating_sub(segment.last_beat())).max(0);
            }
            step.done.extend(segment.record(&self.start).and_then(recover));
        }
        self.running = false;
        self.ended = true;
        step
    }

    fn announce(&mut self, was_running: bool, gathered: &Gathered) -> Option<Announcement> {
        if let Some(due) = self.due.filter(|_| self.waiting && !self.check_told && self.is_observed()) {
            self.check_told = true;
            return Some(Announcement::CheckShown(due.check));
        }
        if !self.full_told && self.running && self.credited_estimate_ms() >= self.start.length_ms {
            self.full_told = true;
            self.began = true;
            return Some(Announcement::ItemFull);
        }
        match (was_running, self.running) {
            (_, true) if !std::mem::replace(&mut self.began, true) => Some(Announcement::Started),
            (false, true) => Some(Announcement::Resumed),
            (true, true) if gathered.was_frozen => Some(Announcement::Resumed),
            (true, false) => Some(Announcement::Paused(self.pause_reason())),
            _ => None,
        }
    }
}

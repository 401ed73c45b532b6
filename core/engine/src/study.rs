//! Studying: the timer fed with what the phone reports, its segments kept with each heartbeat and recorded when they end.

use dangjian_domain::id::RowId;
use dangjian_domain::op::{Action, RecordStudy, SignInToday};
use dangjian_domain::rows::{ItemKind, ItemProgress, StudyItem};
use dangjian_domain::rule::StudyFacts as _;
use dangjian_domain::study::checks::{self, Checked};
use dangjian_domain::study::place::{self, BootClock, Reading};
use dangjian_domain::study::timer::{self, Event, Start, Step, Timer, TimerView};
use dangjian_protocol::random::Random;

use crate::call::Call;
use crate::clock::{Mono, Now};
use crate::engine::{Engine, meta};
use crate::error::AppError;
use crate::io::{Done, Effect};

/// What somebody who studies does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyCommand {
    /// Open an item; a session that was open ends.
    Open(RowId),
    /// What happens while it is open.
    Event(Event),
}

/// The open session, for the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StudyStatus {
    /// What is studied.
    pub item: RowId,
    /// The timer at `at`.
    pub view: TimerView,
    /// Reading of the boot clock.
    pub at: Mono,
}

/// The session that is open.
pub(crate) struct Session {
    item: RowId,
    timer: Timer,
    /// When the civil day ends, as far as the phone knows.
    day_ends: Mono,
    /// When the day begins, ms after midnight.
    day_starts_at_ms: i64,
}

impl Engine {
    pub(crate) fn study(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        command: StudyCommand,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        match command {
            StudyCommand::Open(item) => self.open_item(now, random, item, out),
            StudyCommand::Event(event) => self.study_event(now, random, event, out),
        }
    }

    fn open_item(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        item: RowId,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        let Some((member, true)) = self.member() else { return Err(AppError::NotSignedIn) };
        self.study_event(now, random, Event::Stop, out)?;
        let today = self.clock.estimate(now).civil_day(0);
        let found = self.reader.read(|snapshot| {
            let progress = snapshot.find::<ItemProgress>(ItemProgress::id_of(member, item))?;
            Ok((snapshot.find::<StudyItem>(item)?, progress, snapshot.rules_on(today)?))
        })?;
        let (Some(row), progress, Some(set)) = found else {
            return Err(AppError::Refused(dangjian_domain::rule::Refusal::NotFound));
        };
        if row.kind == ItemKind::Quiz {
            return Err(AppError::Refused(dangjian_domain::rule::Refusal::NotFound));
        }
        let checked = progress.as_ref().map_or_else(Checked::default, |progress| Checked {
            observed_ms: progress.observed_ms,
            answered: u32::try_from(progress.answered).unwrap_or(u32::MAX),
        });
        let mut entropy = [0; 10];
        random.fill(&mut entropy);
        let start = Start {
            session: RowId::v7(self.clock.estimate(now).0, entropy),
            item,
            kind: row.kind,
            length_ms: row.length_ms,
            credited_before_ms: progress.map_or(0, |progress| progress.credited_ms),
            checks: u8::try_from(row.checks).unwrap_or(0),
            checked,
            seed: checks::seed(member, item),
            lease: None,
            boot: now.boot,
            heartbeat_ms: set.study.heartbeat_ms,
            segment_ms: set.study.segment_ms,
            max_gap_ms: set.study.max_gap_ms,
            check_times: set.study.checks,
        };
        let timer = Timer::start(start, now.mono.0);
        let day_starts_at_ms = set.study.day_starts_at_ms;
        let day_ends = self.day_ends(now, day_starts_at_ms);
        self.study = Some(Session { item, timer, day_ends, day_starts_at_ms });
        if self.network && !self.must_enrol {
            self.calls.push_back(Call::lease(item));
        }
        self.show_study(now, out);
        Ok(Done::Ok)
    }

    fn study_event(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        event: Event,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        let over = event == Event::Stop;
        let Some(session) = &mut self.study else { return Ok(Done::Ok) };
        let step = session.timer.step(now.mono.0, event);
        let result = self.take_step(now, random, step, out);
        if over {
            self.study = None;
        }
        self.show_study(now, out);
        result.map(|()| Done::Ok)
    }

    /// A lease came; the session it was asked for may be over.
    pub(crate) fn leased(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        item: RowId,
        token: Vec<u8>,
        out: &mut Vec<Effect>,
    ) {
        if self.study.as_ref().is_some_and(|session| session.item == item)
            && let Err(error) = self.study_event(now, random, Event::Lease(token), out)
        {
            log::warn!("lease: {error}");
        }
    }

    /// Lets time pass, if there is something for it to do.
    pub(crate) fn study_tick(&mut self, now: Now, random: &mut dyn Random, out: &mut Vec<Effect>) {
        let Some(session) = &self.study else { return };
        let due = session.timer.view(now.mono.0).next_wake_ms.is_some_and(|wake| wake <= now.mono.0);
        let (day_over, day_starts_at_ms) = (session.day_ends <= now.mono, session.day_starts_at_ms);
        if !due && !day_over {
            return;
        }
        if day_over {
            let day_ends = self.day_ends(now, day_starts_at_ms);
            if let Some(session) = &mut self.study {
                session.day_ends = day_ends;
            }
        }
        let event = if day_over { Event::DayEnds } else { Event::Tick };
        if let Err(error) = self.study_event(now, random, event, out) {
            log::warn!("study: {error}");
        }
    }

    /// When the study timer wants to be asked again.
    pub(crate) fn study_wake(&self, now: Now) -> Option<Mono> {
        let session = self.study.as_ref()?;
        let tick = session.timer.view(now.mono.0).next_wake_ms.map_or(i64::MAX, |wake| wake);
        Some(Mono(tick.min(session.day_ends.0)))
    }

    fn day_ends(&self, now: Now, day_starts_at_ms: i64) -> Mono {
        let at = self.clock.estimate(now);
        let end = at.civil_day(day_starts_at_ms).plus_days(1).start().plus_ms(day_starts_at_ms);
        now.mono.plus_ms(end.ms_since(at).max(1))
    }

    fn take_step(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        step: Step,
        out: &mut Vec<Effect>,
    ) -> Result<(), AppError> {
        for record in step.done {
            self.record_segment(now, random, record, out)?;
        }
        if let Some(record) = step.save {
            let bytes = Action::RecordStudy(record).encode();
            self.own.save_segment(&bytes)?;
        }
        Ok(())
    }

    fn record_segment(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        record: RecordStudy,
        out: &mut Vec<Effect>,
    ) -> Result<(), AppError> {
        match self.act(now, random, &Action::RecordStudy(record), out) {
            Ok(_) => Ok(()),
            // What a rule does not let count now will not count later; a full disk is another matter.
            Err(AppError::Refused(refusal)) => {
                log::warn!("a segment was not recorded: {refusal:?}");
                self.own.clear_segment()?;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Records the segment of an app that was killed, as soon as somebody is signed in again.
    pub(crate) fn recover_segment(&mut self, now: Now, random: &mut dyn Random, out: &mut Vec<Effect>) {
        if self.study.is_some() {
            return;
        }
        let recovered = self.own.segment().map_err(AppError::from).and_then(|kept| {
            let Some(bytes) = kept else { return Ok(()) };
            let record: Option<RecordStudy> = minicbor::decode(&bytes).ok();
            match record.and_then(timer::recover) {
                Some(record) => self.record_segment(now, random, record, out),
                None => Ok(self.own.clear_segment()?),
            }
        });
        if let Err(error) = recovered {
            log::warn!("the last segment: {error}");
        }
    }

    /// The app was opened: once a civil day that is worth an operation, if a rule gives something for it.
    pub(crate) fn sign_in_today(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        let today = self.clock.estimate(now).civil_day(0).0.to_be_bytes();
        if self.own.meta(meta::SIGNED_IN)?.is_some_and(|kept| kept == today) {
            return Ok(Done::Ok);
        }
        let at_ms = u64::try_from(now.mono.0).unwrap_or(0);
        let action = Action::SignInToday(SignInToday { boot: now.boot, at_ms });
        let outcome = self.judge(now, random, &action)?;
        if !outcome.outcome.rows.is_empty() {
            self.record(outcome, &action, out)?;
        }
        self.own.set_meta(&[(meta::SIGNED_IN, Some(&today))])?;
        Ok(Done::Ok)
    }

    fn show_study(&self, now: Now, out: &mut Vec<Effect>) {
        let status = self.study.as_ref().map(|session| StudyStatus {
            item: session.item,
            view: session.timer.view(now.mono.0),
            at: now.mono,
        });
        out.push(Effect::Study(status));
    }

    /// The clocks that `action` names, as the phone knows them: its own exactly, that of an earlier run as late as can be.
    pub(crate) fn clocks(&self, now: Now, action: &Action) -> Vec<BootClock> {
        let Some(named) = place::last_reading(action) else { return vec![] };
        let present = Reading { boot: now.boot, ms: u64::try_from(now.mono.0).unwrap_or(0) };
        let zero = Reading { boot: now.boot, ms: 0 };
        place::clocks(&[], Some(present), self.clock.estimate(now), &[named, zero])
    }
}

//! Which days a member studies on and what they do then, from five in the morning to half past ten at night.

use std::collections::BTreeMap;

use dangjian_domain::rows::{MemberStatus, StudyItem};
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};

use super::learner::Learner;
use super::pace::{LAG, Pace};
use crate::calendar::{at, quarter_of};
use crate::people::Person;
use crate::rng::Rng;

const MINUTE_MS: i64 = 60_000;

/// Points of each day.
pub(super) type Days = BTreeMap<CivilDay, i64>;

/// Draws what members do.
pub(super) struct Routine<'a> {
    pub(super) rng: Rng,
    pub(super) quiz: Option<&'a StudyItem>,
    /// What the early learner reached on each day, for the rival to follow.
    early: Days,
}

impl<'a> Routine<'a> {
    pub(super) fn new(seed: u64, quiz: Option<&'a StudyItem>) -> Self {
        Self { rng: Rng::new(seed, "study"), quiz, early: Days::new() }
    }

    /// The days from `from` to before `until`.
    pub(super) fn go(
        &mut self,
        learner: &mut Learner<'_>,
        person: &Person,
        pace: Pace,
        from: CivilDay,
        until: CivilDay,
    ) {
        if person.status != MemberStatus::Active {
            return;
        }
        let points = pace.quarterly_points(person);
        let mut quarter = Quarter(0);
        let mut behind = 0;
        for day in (from.0.max(person.joined.0)..until.0).map(CivilDay) {
            if quarter_of(day) != quarter {
                (quarter, behind) = (quarter_of(day), 0);
            }
            match pace {
                Pace::Usual if self.rng.chance((50 + points / 3).min(950)) => self.usual(learner, day, points),
                Pace::Modest if self.rng.chance(50 + points / 3) => self.modest(learner, day),
                Pace::Usual | Pace::Modest => {}
                Pace::Early => {
                    let reached = self.early(learner, day);
                    self.early.insert(day, reached);
                }
                Pace::Rival => {
                    behind += self.early.get(&day).copied().unwrap_or(0);
                    behind -= self.rival(learner, day, behind - LAG);
                }
            }
        }
    }

    /// Some read, some listen, some answer the quiz; who studies more does so for longer.
    fn usual(&mut self, learner: &mut Learner<'_>, day: CivilDay, points: i64) {
        let start = at(day, 5, 0).plus_ms(self.rng.range(0, 16 * 60) * MINUTE_MS);
        let longest = (2 + points / 400).min(8);
        let offline = self.rng.chance(100);
        let mut clock = self.sign_in(learner, start).1;
        if self.rng.chance(600) {
            let ms = self.duration(1, longest, 59);
            clock = learner.read(clock, ms, offline).1;
            clock = self.later(clock);
        }
        if self.rng.chance(80 + points / 15) {
            let ms = self.duration(1, longest, 59);
            clock = learner.listen(clock, ms, offline).1;
            clock = self.later(clock);
        }
        if self.rng.chance(400) {
            let right = self.rng.range(1, 5);
            self.quiz(learner, clock, right);
        }
    }

    /// One for signing in, two for reading and one for an article finished, one for the quiz: five points at most.
    fn modest(&mut self, learner: &mut Learner<'_>, day: CivilDay) {
        let start = at(day, 6, 0).plus_ms(self.rng.range(0, 15 * 60) * MINUTE_MS);
        let mut clock = self.sign_in(learner, start).1;
        if self.rng.chance(700) {
            // Shorter than four fifths of the shortest article, so that no two are finished.
            let ms = self.duration(1, 2, 10);
            clock = learner.read(clock, ms, false).1;
            clock = self.later(clock);
        }
        if self.rng.chance(300) {
            self.quiz(learner, clock, 1);
        }
    }

    /// Two minutes of reading, two of listening and four right answers at five in the morning.
    fn early(&mut self, learner: &mut Learner<'_>, day: CivilDay) -> i64 {
        let start = at(day, 5, 0).plus_ms(self.rng.range(1, 12) * MINUTE_MS);
        let (signed, clock) = self.sign_in(learner, start);
        let ms = self.duration(2, 2, 10);
        let (read, clock) = learner.read(clock, ms, false);
        let ms = self.duration(2, 2, 10);
        let (heard, clock) = learner.listen(self.later(clock), ms, false);
        let clock = self.later(clock);
        signed + read + heard + self.quiz(learner, clock, 4)
    }

    /// Three minutes of listening in the evening, then as much reading and as many right answers as come to `wanted`.
    fn rival(&mut self, learner: &mut Learner<'_>, day: CivilDay, wanted: i64) -> i64 {
        let start = at(day, 19, 0).plus_ms(self.rng.range(0, 90) * MINUTE_MS);
        let (signed, clock) = self.sign_in(learner, start);
        let ms = self.duration(3, 3, 10);
        let (heard, clock) = learner.listen(clock, ms, false);
        let minutes = (wanted - signed - heard - 4).clamp(1, 6);
        let ms = self.duration(minutes, minutes, 10);
        let (read, clock) = learner.read(self.later(clock), ms, false);
        let so_far = signed + heard + read;
        let clock = self.later(clock);
        so_far + self.quiz(learner, clock, (wanted - so_far).clamp(0, 5))
    }

    fn sign_in(&mut self, learner: &mut Learner<'_>, at: Timestamp) -> (i64, Timestamp) {
        let at = at.plus_ms(self.rng.range(0, MINUTE_MS - 1));
        (learner.sign_in(at), at.plus_ms(self.rng.range(10_000, 60_000)))
    }

    fn quiz(&mut self, learner: &mut Learner<'_>, from: Timestamp, right: i64) -> i64 {
        let at = from.plus_ms(self.rng.range(40_000, 150_000));
        self.quiz.map_or(0, |quiz| learner.quiz(quiz, right, at))
    }

    /// Whole minutes and up to so many seconds more, ms.
    fn duration(&mut self, from: i64, to: i64, seconds: i64) -> i64 {
        self.rng.range(from, to) * MINUTE_MS + self.rng.range(0, seconds * 1_000)
    }

    fn later(&mut self, at: Timestamp) -> Timestamp {
        at.plus_ms(self.rng.range(10_000, 5 * MINUTE_MS))
    }
}

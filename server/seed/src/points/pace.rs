//! Who studies how much, so that two members of one village branch lie close together at its top.
//!
//! Whoever looks at ranks needs two members of whom one can overtake the other within minutes. Chance doesn't give them:
//! in the village branch of the landmarks the early learner and the rival study every day, the other plain members little,
//! and the rival's day is planned so that the early learner stays [`LAG`] points ahead.

use dangjian_domain::id::{MemberId, OrgId};

use crate::landmarks::Landmarks;
use crate::people::Person;

/// Points by which the rival is behind the early learner at the end of a day.
pub(super) const LAG: i64 = 3;
/// Most points in a whole quarter of the other members of that branch without an office.
const MODEST_POINTS: i64 = 900;
/// Points in a whole quarter of the early learner and of the rival: more than the others have in their best one.
const DAILY_POINTS: i64 = 1_100;

/// How somebody studies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As chance will have it.
    Usual,
    /// At most five points a day.
    Modest,
    /// Every day at five in the morning: ten points or so.
    Early,
    /// Every evening, right behind.
    Rival,
}

/// The members who are no longer left to chance.
pub(super) struct Paces {
    branch: OrgId,
    early: MemberId,
    rival: MemberId,
}

impl Paces {
    pub(super) fn of(landmarks: &Landmarks) -> Self {
        Self { branch: landmarks.village_branch, early: landmarks.early_learner, rival: landmarks.rival }
    }

    pub(super) fn pace(&self, person: &Person) -> Pace {
        match person.id {
            id if id == self.early => Pace::Early,
            id if id == self.rival => Pace::Rival,
            _ if person.org == self.branch && !person.seated => Pace::Modest,
            _ => Pace::Usual,
        }
    }
}

impl Pace {
    /// Whether every day counts the same.
    pub(super) fn is_even(self) -> bool {
        matches!(self, Self::Early | Self::Rival)
    }

    /// Points in a whole quarter, about.
    pub(super) fn quarterly_points(self, person: &Person) -> i64 {
        match self {
            Self::Usual => person.quarterly_points,
            Self::Modest => person.quarterly_points.min(MODEST_POINTS),
            Self::Early | Self::Rival => DAILY_POINTS,
        }
    }
}

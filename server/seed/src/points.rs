//! Points: sums for each member and quarter, and for one township everything that was studied in the last thirty days, with
//! the single postings.
//!
//! A member's score is the sum of the totals that are not carried over and of the ledger entries. So that nothing counts
//! twice, the totals of the members with entries end where the entries begin: thirty days before today, which early in a
//! quarter cuts into the quarter before as well. Entries follow from facts by the domain's own function, under the rule set a
//! county starts with, so none is from before that took effect.

use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{ItemKind, StudyItem, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter};

use crate::calendar::quarter_of;
use crate::catalogue::month_of;
use crate::ids::Ids;
use crate::landmarks::Landmarks;
use crate::people::Person;

mod held;
mod learner;
mod pace;
mod postings;
mod routine;
mod totals;

pub(crate) use held::held;

/// How far back the single postings go.
const ENTRY_DAYS: i32 = 30;

/// Totals of everybody, and what the members of one township studied.
#[derive(Default)]
pub(crate) struct Points {
    pub(crate) totals: Vec<Row>,
    pub(crate) entries: Vec<Row>,
    pub(crate) days: Vec<Row>,
    pub(crate) progress: Vec<Row>,
}

/// Draws the points of everybody up to the day before `today`; entries for the members of the landmarks' township. Without a
/// rule set there are totals only.
pub(crate) fn points(
    seed: u64,
    today: CivilDay,
    ids: Ids,
    people: &[Person],
    landmarks: &Landmarks,
    set: Option<&RuleSet>,
    items: &[StudyItem],
) -> Points {
    let paces = pace::Paces::of(landmarks);
    let entries_from = set.map_or(today, |set| today.plus_days(-ENTRY_DAYS).max(set.effective_from).min(today));
    let quiz = items.iter().find(|item| item.kind == ItemKind::Quiz);
    let mut routine = routine::Routine::new(seed, quiz);
    let mut totals = totals::Totals::new(seed, ids, set);
    let mut all = Points::default();
    for person in people {
        let pace = paces.pace(person);
        let itemised = set.filter(|_| person.township == Some(landmarks.points_township));
        let end = if itemised.is_some() { entries_from } else { today };
        for quarter in last_quarters(today) {
            totals.add(person, pace, quarter, end, quarter == quarter_of(today));
        }
        let Some(set) = itemised else { continue };
        let mut order: Vec<&StudyItem> = items.iter().collect();
        routine.rng.shuffle(&mut order);
        if pace.is_even() {
            // Something is left for them to do this month.
            order.retain(|item| item.required_month != Some(month_of(today)));
        }
        let mut learner = learner::Learner::new(ids, person, set, order);
        routine.go(&mut learner, person, pace, end, today);
        let (entries, days, progress) = learner.into_parts();
        all.entries.extend(entries.iter().map(Synced::to_row));
        all.days.extend(days.map(|day| day.to_row()));
        all.progress.extend(progress.map(|progress| progress.to_row()));
    }
    all.totals = totals.rows;
    all
}

/// The last four completed quarters and the current one, oldest first.
fn last_quarters(today: CivilDay) -> [Quarter; 5] {
    let current = quarter_of(today);
    let [q3, q2, q1] = [current.previous(), current.previous().previous(), current.previous().previous().previous()];
    [q1.previous(), q1, q2, q3, current]
}

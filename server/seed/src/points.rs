//! Points: a sum for each member and quarter, and for one township the single postings of the last thirty days.
//!
//! A member's score is the sum of the totals that are not carried over and of the ledger entries. So that nothing counts
//! twice, the totals of the members with entries end where the entries begin: thirty days before today, which early in a
//! quarter cuts into the quarter before as well.

use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{LedgerEntry, MemberStatus, PointsTotal, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter};

use crate::calendar::{quarter_before, quarter_days, quarter_of};
use crate::ids::{Ids, number};
use crate::people::Person;
use crate::rng::Rng;

/// How far back the single postings go.
const ENTRY_DAYS: i32 = 30;
/// Rules and the most each gives on one day.
const RULES: [(&str, i64); 4] = [("sign_in", 1), ("read_item", 6), ("read_minutes", 6), ("quiz", 5)];

/// Totals and entries of everybody.
pub(crate) struct Points {
    pub(crate) totals: Vec<Row>,
    pub(crate) entries: Vec<Row>,
}

/// Draws the points of everybody up to the day before `today`; entries for the members of `township`.
pub(crate) fn points(seed: u64, today: CivilDay, ids: Ids, people: &[Person], township: OrgId) -> Points {
    let mut rng = Rng::new(seed, "points");
    let quarters = last_quarters(today);
    let mut all = Points { totals: Vec::with_capacity(people.len() * quarters.len()), entries: vec![] };
    for person in people {
        let itemised = person.township == Some(township);
        let end = if itemised { today.plus_days(-ENTRY_DAYS) } else { today };
        for quarter in quarters {
            all.totals.push(total(&mut rng, ids, person, quarter, end));
        }
        if itemised {
            entries(&mut rng, ids, person, end, today, &mut all.entries);
        }
    }
    all
}

/// The last four completed quarters and the current one, oldest first.
fn last_quarters(today: CivilDay) -> [Quarter; 5] {
    let q4 = quarter_of(today);
    let q3 = quarter_before(q4);
    let q2 = quarter_before(q3);
    let q1 = quarter_before(q2);
    [quarter_before(q1), q1, q2, q3, q4]
}

/// The points of the days of `quarter` before `end` on which the person was a member.
fn total(rng: &mut Rng, ids: Ids, person: &Person, quarter: Quarter, end: CivilDay) -> Row {
    let (first, last) = quarter_days(quarter);
    let from = first.max(person.joined);
    let until = last.plus_days(1).min(end);
    let days = i64::from((until.0 - from.0).max(0));
    let points = person.quarterly_points * days * rng.range(80, 110) / (92 * 100);
    PointsTotal {
        id: ids.of("points-total", &[person.id.0, number(quarter.0.unsigned_abs().into())]),
        version: 1,
        member: person.id,
        org: person.org,
        quarter,
        points,
        carried: false,
    }
    .to_row()
}

/// One to three entries on each day on which the person studied. No fact is named: the operations are from before this
/// county's history begins.
fn entries(rng: &mut Rng, ids: Ids, person: &Person, from: CivilDay, until: CivilDay, to: &mut Vec<Row>) {
    if person.status != MemberStatus::Active {
        return;
    }
    let chance = (50 + person.quarterly_points / 3).min(950);
    for day in (from.0.max(person.joined.0)..until.0).map(CivilDay) {
        if !rng.chance(chance) {
            continue;
        }
        let mut rules = RULES;
        rng.shuffle(&mut rules);
        let count = rng.below(3) + 1;
        for (rule, most) in rules.into_iter().take(count) {
            let parts = [person.id.0, number(day.0.unsigned_abs().into())];
            to.push(
                LedgerEntry {
                    id: ids.of(rule, &parts),
                    version: 1,
                    member: person.id,
                    org: person.org,
                    day,
                    rule: rule.into(),
                    points: rng.range(1, most),
                    fact: None,
                }
                .to_row(),
            );
        }
    }
}

//! Points of a quarter as one sum, or as one for each component of the appraisal.

use dangjian_domain::id::RowId;
use dangjian_domain::points::rules::{FactKind, Rule, RuleSet};
use dangjian_domain::rows::{PointsTotal, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::{CivilDay, Quarter};

use super::pace::Pace;
use crate::calendar::quarter_days;
use crate::ids::{Ids, number};
use crate::people::Person;
use crate::rng::Rng;

/// About how many meetings of three months count on a member.
const MEETINGS: i64 = 6;

/// Draws totals. How a sum is divided is drawn from a stream of its own: it changes no sum.
pub(super) struct Totals {
    ids: Ids,
    sums: Rng,
    parts: Rng,
    components: Option<Components>,
    pub(super) rows: Vec<Row>,
}

/// The components that are told apart, by the facts behind them.
struct Components {
    study: String,
    attendance: Rule,
    suggestion: Rule,
}

impl Components {
    fn of(set: &RuleSet) -> Option<Self> {
        let rule = |fact| set.rules.iter().find(|rule| rule.fact == fact).cloned();
        Some(Self {
            study: rule(FactKind::SignIn)?.component,
            attendance: rule(FactKind::Attendance)?,
            suggestion: rule(FactKind::SuggestionAccepted)?,
        })
    }
}

/// At most the quarter's cap, and a whole multiple of what the rule gives at once.
fn within(rule: &Rule, most: i64, times: i64) -> i64 {
    let most = rule.cap.quarter.map_or(most, |cap| cap.min(most));
    rule.points * times.min(most / rule.points.max(1))
}

impl Totals {
    pub(super) fn new(seed: u64, ids: Ids, set: Option<&RuleSet>) -> Self {
        let (sums, parts) = (Rng::new(seed, "points"), Rng::new(seed, "points-parts"));
        Self { ids, sums, parts, components: set.and_then(Components::of), rows: vec![] }
    }

    /// The points of the days of `quarter` before `end` on which the person was a member: one sum, or for the current quarter
    /// one for each component.
    pub(super) fn add(&mut self, person: &Person, pace: Pace, quarter: Quarter, end: CivilDay, current: bool) {
        let (first, last) = quarter_days(quarter);
        let from = first.max(person.joined);
        let days = i64::from((last.plus_days(1).min(end).0 - from.0).max(0));
        let percent = self.sums.range(80, 110);
        let percent = if pace.is_even() { 100 } else { percent };
        let points = pace.quarterly_points(person) * days * percent / (92 * 100);
        let Some(components) = self.components.as_ref().filter(|_| current) else {
            return self.push(person, quarter, points, None);
        };
        let meetings = (days * MEETINGS / 92).max(0);
        let attended = if self.parts.chance(900) { self.parts.range((meetings + 1) / 2, meetings) } else { 0 };
        let attendance = within(&components.attendance, points, attended.min(meetings));
        let suggested = if self.parts.chance(300) { self.parts.range(1, 2) } else { 0 };
        let suggestion = within(&components.suggestion, points - attendance, suggested);
        let parts = [
            (components.study.clone(), points - attendance - suggestion),
            (components.attendance.component.clone(), attendance),
            (components.suggestion.component.clone(), suggestion),
        ];
        for (n, (component, points)) in parts.into_iter().enumerate() {
            // Who has no points has one row that says so, as for every other quarter.
            if n == 0 || points > 0 {
                self.push(person, quarter, points, Some(component));
            }
        }
    }

    fn push(&mut self, person: &Person, quarter: Quarter, points: i64, component: Option<String>) {
        let mut parts = vec![person.id.0, number(quarter.0.unsigned_abs().into())];
        parts.extend(component.as_deref().map(|component| RowId::derived(component, &[])));
        let id = self.ids.of("points-total", &parts);
        self.rows.push(
            PointsTotal {
                id,
                version: 1,
                member: person.id,
                org: person.org,
                quarter,
                points,
                carried: false,
                component,
            }
            .to_row(),
        );
    }
}

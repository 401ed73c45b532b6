//! What organizations hold gives them points: the activities of the current quarter, in the order in which they were recorded.

use std::collections::BTreeMap;

use dangjian_domain::id::OrgId;
use dangjian_domain::points::post::Fact;
use dangjian_domain::points::rules::{FactKind, RuleSet};
use dangjian_domain::rows::{Activity, LedgerEntry};
use dangjian_domain::time::CivilDay;

use super::postings::Postings;
use crate::calendar::quarter_of;

/// The postings for the activities of today's quarter that were held since the set took effect.
pub(crate) fn held(set: &RuleSet, today: CivilDay, activities: &[Activity]) -> Vec<LedgerEntry> {
    let mut by_org: BTreeMap<OrgId, Vec<&Activity>> = BTreeMap::new();
    let counts = |day: CivilDay| day >= set.effective_from && quarter_of(day) == quarter_of(today);
    for activity in activities.iter().filter(|activity| counts(activity.held_at.civil_day(0))) {
        by_org.entry(activity.org).or_default().push(activity);
    }
    let mut all = vec![];
    for (org, mut activities) in by_org {
        activities.sort_by_key(|activity| (activity.recorded_at, activity.id));
        let mut postings = Postings::new(set);
        let mut days: BTreeMap<CivilDay, i64> = BTreeMap::new();
        for activity in activities {
            let day = activity.held_at.civil_day(0);
            let before = days.entry(day).or_default();
            postings.post(&Fact {
                id: Fact::id_of(activity.id, FactKind::ActivityHeld, day),
                kind: FactKind::ActivityHeld,
                subject: org.0,
                org,
                day,
                amount: 1,
                amount_before: *before,
                op: None,
                about: Some(activity.id),
                // When it ended was not recorded.
                from_at: Some(activity.held_at),
                to_at: None,
            });
            *before += 1;
        }
        all.extend(postings.into_entries());
    }
    all
}

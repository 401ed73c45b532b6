//! One's score of the quarter, and how it follows from one's postings.

use std::collections::BTreeMap;

use dangjian_domain::points::explain;
use dangjian_domain::points::rules::{self, RuleSet};
use dangjian_domain::points::score::appraisal;
use dangjian_domain::rows::{Score, Synced as _};
use dangjian_domain::time::Timestamp;
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::query::appeals_of;
use super::standpoint::{Standpoint, set_named, sets};
use super::{ScoreView, tenths};

pub(super) fn mine(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<ScoreView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let row = snapshot.row(Score::TABLE, Score::id_of(at.me.0, at.quarter()))?;
    let Some(score) = row.as_ref().map(Score::from_row).transpose()? else { return Ok(None) };
    let set = set_named(snapshot, &score.rule_set)?;
    let (components, explanation) = match &set {
        Some(set) => {
            let measure = set.so_far_on(score.quarter, score.as_of.civil_day(set.study.day_starts_at_ms));
            let counted = appraisal(&measure, &at.switches, &by_component(snapshot, &at, set)?);
            let agrees = counted.score == score.score && counted.encode() == score.components;
            let components = explain::components(&score.components, set).unwrap_or_else(|error| {
                log::warn!("a score: {error}");
                vec![]
            });
            (components, agrees.then(|| explain::score(&counted, &measure)))
        }
        None => (vec![], None),
    };
    Ok(Some(ScoreView {
        id: score.id,
        quarter: score.quarter,
        points: score.points,
        score: score.score,
        score_words: tenths(score.score),
        board: score.board,
        components,
        explanation,
        as_of: score.as_of,
        appeal: appeals_of(snapshot, at.me)?.get(&score.id).copied(),
    }))
}

/// Points of the quarter by component, as the server counts them: without what it does not know of yet.
fn by_component(snapshot: &Snapshot<'_>, at: &Standpoint, set: &RuleSet) -> Result<BTreeMap<String, i64>, StoreError> {
    let earlier = sets(snapshot)?;
    let component_of = rules::components(earlier.iter().map(AsRef::as_ref).chain([set]));
    let mut points: BTreeMap<String, i64> = BTreeMap::new();
    let (Some(first), Some(last)) = (at.quarter().first_day(), at.quarter().last_day()) else { return Ok(points) };
    let conn = snapshot.conn();
    let mut by_rule = conn.prepare_cached(
        "SELECT rule, sum(points) FROM ledger_entry
         WHERE member = ?1 AND day BETWEEN ?2 AND ?3 AND version > 0 GROUP BY rule",
    )?;
    let mut rows = by_rule.query(params![at.me.0.0, first.0, last.0])?;
    while let Some(row) = rows.next()? {
        let rule: String = row.get(0)?;
        if let Some(component) = component_of.get(&rule) {
            *points.entry(component.clone()).or_default() += row.get::<_, i64>(1)?;
        }
    }
    let mut totals = conn.prepare_cached(
        "SELECT component, sum(points) FROM points_total
         WHERE member = ?1 AND quarter = ?2 AND carried = 0 AND component IS NOT NULL GROUP BY component",
    )?;
    let mut rows = totals.query(params![at.me.0.0, at.quarter().0])?;
    while let Some(row) = rows.next()? {
        *points.entry(row.get(0)?).or_default() += row.get::<_, i64>(1)?;
    }
    Ok(points)
}

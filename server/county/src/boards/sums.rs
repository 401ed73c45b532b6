//! Points of a quarter by subject and component.

use std::collections::BTreeMap;

use dangjian_domain::id::RowId;
use dangjian_domain::points::memo;
use dangjian_domain::points::rules::{self, RuleSet};
use dangjian_domain::time::{CivilDay, Quarter};

use crate::db::{Db, Param, all};
use crate::error::CountyError;
use crate::ledger::{day_code, quarter_code};

/// What a subject has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sum {
    pub(crate) points: i64,
    pub(crate) by_component: BTreeMap<String, i64>,
}

/// Of everybody who has anything.
pub(crate) struct Sums {
    by_subject: BTreeMap<RowId, Sum>,
    /// Rules, also of earlier sets, and their components.
    component_of: BTreeMap<String, String>,
}

impl Sums {
    pub(crate) fn read(db: &mut dyn Db, quarter: Quarter, set: &RuleSet) -> Result<Self, CountyError> {
        let mut sums = Self { by_subject: BTreeMap::new(), component_of: components(db, set)? };
        sums.add(db, quarter_code(quarter), 1)?;
        let totals = all(
            db,
            "SELECT member, component, points FROM points_total WHERE quarter = ?1 AND carried = 0",
            &[Param::Int(quarter.0.into())],
            |row| Ok((row.id(0)?, row.maybe(1, |row, at| Ok(row.text(at)?.to_owned()))?, row.int(2)?)),
        )?;
        for (member, component, points) in totals {
            let sum = sums.by_subject.entry(member).or_default();
            sum.points += points;
            if let Some(component) = component {
                *sum.by_component.entry(component).or_default() += points;
            }
        }
        Ok(sums)
    }

    /// Takes the points of a day out again.
    pub(crate) fn take_back(&mut self, db: &mut dyn Db, day: CivilDay) -> Result<(), CountyError> {
        self.add(db, day_code(day), -1)
    }

    fn add(&mut self, db: &mut dyn Db, period: i64, times: i64) -> Result<(), CountyError> {
        let (by_subject, component_of) = (&mut self.by_subject, &self.component_of);
        let sql = "SELECT subject, rule, posted + reversed FROM rule_sum WHERE period = ?1";
        db.query(sql, &[Param::Int(period)], &mut |row| {
            let sum = by_subject.entry(row.id(0)?).or_default();
            let points = row.int(2)? * times;
            sum.points += points;
            if let Some(component) = component_of.get(row.text(1)?) {
                *sum.by_component.entry(component.clone()).or_default() += points;
            }
            Ok(())
        })?;
        Ok(())
    }

    pub(crate) fn of(&self, subject: RowId) -> Sum {
        self.by_subject.get(&subject).cloned().unwrap_or_default()
    }
}

/// Which component each rule counts for, also those of earlier sets.
fn components(db: &mut dyn Db, set: &RuleSet) -> Result<BTreeMap<String, String>, CountyError> {
    let texts = all(db, "SELECT text FROM rule_set ORDER BY effective_from", &[], |row| Ok(row.text(0)?.to_owned()))?;
    let earlier: Vec<_> = texts.iter().filter_map(|text| memo::rule_set(text)).collect();
    Ok(rules::components(earlier.iter().map(AsRef::as_ref).chain([set])))
}

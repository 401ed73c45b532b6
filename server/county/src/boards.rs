//! The job that says where everybody stands: scores, boards, the lists of the best, and the nameless histograms from which
//! phones compute ranks.
//!
//! It reads the whole county and gives only the rows that changed, so that it can run beside the writer, which then takes
//! them in small portions.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::points::rules::{RuleSet, Switches};
use dangjian_domain::rows::{BoardLine, Features, Histogram, Score, Synced};
use dangjian_domain::schema::{Row, Table, Value};
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};

use crate::County;
use crate::db::{Db, Param, all};
use crate::error::CountyError;
use crate::facts::{read_row, rules_on};

mod places;
mod sums;

use places::{Places, Scores};
use sums::Sums;

/// How long after a quarter its boards are still brought up to date, days: phones without signal hand in late.
const LATE_DAYS: i32 = 7;

/// What a job found to be written.
#[derive(Debug, Default)]
pub struct Due {
    /// Rows that are new or changed.
    pub rows: Vec<Row>,
    /// Rows that are to go.
    pub removed: Vec<(&'static Table, RowId)>,
}

impl County {
    /// The scores, boards and histograms as they should stand, as far as they differ from what stands. Only reads.
    pub fn boards(now: Timestamp, db: &mut dyn Db) -> Result<Due, CountyError> {
        let mut wanted: BTreeMap<(u16, RowId), Row> = BTreeMap::new();
        let mut quarters = BTreeSet::new();
        if let Some(set) = rules_on(db, now.civil_day(0))? {
            let today = now.civil_day(set.study.day_starts_at_ms);
            let places = Places::read(db)?;
            let switches = switches(db, places.root)?;
            quarters.extend([today.quarter(), today.plus_days(-LATE_DAYS).quarter()].into_iter().flatten());
            let job = Job { now, today, set: &set, switches, places: &places };
            for quarter in &quarters {
                job.quarter(*quarter, db, &mut wanted)?;
            }
        }
        difference(db, &quarters, wanted)
    }
}

fn switches(db: &mut dyn Db, county: Option<OrgId>) -> Result<Switches, CountyError> {
    let Some(county) = county else { return Ok(Switches::default()) };
    let row = read_row(db, Features::TABLE, Features::id_of(county))?;
    Ok(Switches::of(row.map(|row| Features::from_row(&row)).transpose()?.as_ref()))
}

/// One run of the job.
struct Job<'a> {
    now: Timestamp,
    today: CivilDay,
    set: &'a RuleSet,
    switches: Switches,
    places: &'a Places,
}

impl Job<'_> {
    /// Scores and lists of a quarter, and the histograms of today and yesterday as far as they lie in it.
    fn quarter(
        &self,
        quarter: Quarter,
        db: &mut dyn Db,
        wanted: &mut BTreeMap<(u16, RowId), Row>,
    ) -> Result<(), CountyError> {
        let set = self.set.so_far_on(quarter, self.today);
        let mut sums = Sums::read(db, quarter, &set)?;
        let mut scores = self.places.scores(&set, &self.switches, &sums);
        for row in scores.rows(&self.switches) {
            let id = Score::id_of(row.subject, quarter);
            let row = Score { id, quarter, rule_set: self.set.id(), as_of: self.now, ..row };
            wanted.insert((Score::TABLE.no, id), row.to_row());
        }
        if !self.switches.public_ranking {
            return Ok(());
        }
        for line in scores.lines(self.places, quarter) {
            wanted.insert((BoardLine::TABLE.no, line.id), line.to_row());
        }
        let (today, yesterday) = (self.today, self.today.plus_days(-1));
        if today.quarter() == Some(quarter) {
            self.histograms(quarter, today, &scores, wanted);
            // What counts for today did not count yesterday.
            sums.take_back(db, today)?;
            scores = self.places.scores(&set, &self.switches, &sums);
        }
        if yesterday.quarter() == Some(quarter) {
            self.histograms(quarter, yesterday, &scores, wanted);
        }
        Ok(())
    }

    /// How many have how many points of the quarter up to the end of `day`, whose scores these are.
    fn histograms(&self, quarter: Quarter, day: CivilDay, scores: &Scores, wanted: &mut BTreeMap<(u16, RowId), Row>) {
        for (org, kind, counts) in scores.counts(self.places) {
            let row = Histogram {
                id: Histogram::id_of(org, kind, day),
                version: 0,
                org,
                kind,
                quarter,
                day,
                as_of: self.now,
                subjects: counts.subjects(),
                counts: counts.encode(),
            };
            wanted.insert((Histogram::TABLE.no, row.id), row.to_row());
        }
    }
}

/// What has to be written so that `wanted` stands: of the quarters at hand for scores and lists, altogether for histograms.
fn difference(
    db: &mut dyn Db,
    quarters: &BTreeSet<Quarter>,
    mut wanted: BTreeMap<(u16, RowId), Row>,
) -> Result<Due, CountyError> {
    let mut due = Due::default();
    for table in [Score::TABLE, BoardLine::TABLE, Histogram::TABLE] {
        let name = table.name;
        let mut ids = vec![];
        if table == Histogram::TABLE {
            ids = all(db, &format!("SELECT id FROM {name}"), &[], |row| row.id(0))?;
        } else {
            for quarter in quarters {
                let sql = format!("SELECT id FROM {name} WHERE quarter = ?1");
                ids.extend(all(db, &sql, &[Param::Int(quarter.0.into())], |row| row.id(0))?);
            }
        }
        for id in ids {
            let Some(stands) = read_row(db, table, id)? else { continue };
            match wanted.remove(&(table.no, id)) {
                None => due.removed.push((table, id)),
                Some(row) if same(&stands, &row) => {}
                Some(row) => due.rows.push(row),
            }
        }
    }
    due.rows.extend(wanted.into_values());
    Ok(due)
}

/// Whether two rows say the same, but for when it was computed.
fn same(stands: &Row, wanted: &Row) -> bool {
    let as_of = stands.table().position("as_of");
    let says = |row: &Row| -> Vec<Value> {
        let values = row.values().iter().enumerate().skip(2).filter(|(at, _)| Some(*at) != as_of);
        values.map(|(_, value)| value.clone()).collect()
    };
    says(stands) == says(wanted)
}

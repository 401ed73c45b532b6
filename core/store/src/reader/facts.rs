//! What the rules ask about the county, as far as this phone knows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use dangjian_domain::grant::Tree;
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::points::memo;
use dangjian_domain::points::post::Period;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{MemberFile, Role, RuleSetRow, Synced as _};
use dangjian_domain::rule::{Facts, StudyFacts};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::study::lease::Lease;
use dangjian_domain::time::{CivilDay, Quarter};
use rusqlite::OptionalExtension as _;

use super::Snapshot;
use crate::error::StoreError;
use crate::value::Id;

/// No tree of organizations is deeper; one that is has a fault in it.
const DEEPEST: usize = 64;

impl Tree for Snapshot<'_> {
    type Error = StoreError;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, StoreError> {
        let mut parent = self.conn.prepare_cached("SELECT parent FROM organization WHERE id = ?1")?;
        let mut above: Vec<OrgId> = vec![];
        let mut next = Some(org);
        while let Some(org) = next.filter(|org| above.len() < DEEPEST && !above.contains(org)) {
            let found = parent.query_row([org.0.0], |row| row.get::<_, Option<Id>>(0)).optional()?;
            let Some(parent) = found else { break };
            above.push(org);
            next = parent.map(|id| OrgId(id.0));
        }
        Ok(above)
    }

    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, StoreError> {
        let known = self.conn.prepare_cached("SELECT 1 FROM organization WHERE id = ?1")?.exists([org.0.0])?;
        if !known {
            return Ok(vec![]);
        }
        // Level by level rather than by a recursive query: each step uses the index on the parent, and a cycle ends by itself.
        let mut children = self.conn.prepare_cached("SELECT id FROM organization WHERE parent = ?1")?;
        let mut seen = BTreeSet::from([org]);
        let (mut all, mut level) = (vec![org], vec![org]);
        for _ in 0..DEEPEST {
            let mut below = vec![];
            for parent in &level {
                let mut rows = children.query([parent.0.0])?;
                while let Some(row) = rows.next()? {
                    let child = OrgId(row.get::<_, Id>(0)?.0);
                    if seen.insert(child) {
                        below.push(child);
                    }
                }
            }
            if below.is_empty() {
                break;
            }
            below.sort_unstable();
            all.extend(&below);
            level = below;
        }
        Ok(all)
    }
}

impl Facts for Snapshot<'_> {
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, StoreError> {
        Snapshot::row(self, table, id)
    }

    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT org, role FROM role WHERE member = ?1 ORDER BY id")?;
        let mut rows = statement.query([member.0.0])?;
        let mut roles = vec![];
        while let Some(row) = rows.next()? {
            // A role that this version of the app does not know allows nothing here.
            if let Some(role) = Role::from_code(row.get(1)?) {
                roles.push((OrgId(row.get::<_, Id>(0)?.0), role));
            }
        }
        Ok(roles)
    }

    fn participations(&self, member: MemberId) -> Result<Vec<OrgId>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT org FROM participation WHERE member = ?1 ORDER BY id")?;
        let rows = statement.query_map([member.0.0], |row| Ok(OrgId(row.get::<_, Id>(0)?.0)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn member_file(&self, member: MemberId) -> Result<Option<Row>, StoreError> {
        self.one(MemberFile::TABLE, "member = ?1 ORDER BY id", [member.0.0])
    }

    fn version_written_by(&self, op: OpId, table: &'static Table, id: RowId) -> Result<Option<u64>, StoreError> {
        let sql = format!(
            "SELECT o.version FROM main.op JOIN main.overlay_{} AS o USING (device_seq)
             WHERE op.op_id = ?1 AND o.id = ?2 AND o.live = 1",
            table.name
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let version = statement.query_row([op.0.0, id.0], |row| row.get::<_, i64>(0)).optional()?;
        Ok(version.map(i64::unsigned_abs))
    }

    /// A sum of all points needs every entry ever made; a phone may hold only some.
    fn points_of(&self, _: MemberId) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }
}

impl StudyFacts for Snapshot<'_> {
    fn rules_on(&self, day: CivilDay) -> Result<Option<Arc<RuleSet>>, StoreError> {
        let newest = "effective_from <= ?1 ORDER BY effective_from DESC, rule_version DESC, name DESC";
        let row = self.one(RuleSetRow::TABLE, newest, [day.0])?;
        let row = row.as_ref().map(RuleSetRow::from_row).transpose()?;
        Ok(row.and_then(|row| memo::rule_set(&row.text)))
    }

    /// Only the server can tell whether it is genuine.
    fn lease(&self, token: &[u8]) -> Result<Option<Lease>, StoreError> {
        Ok(Lease::split(token).map(|(lease, _, _)| lease))
    }

    fn points_given(&self, member: MemberId, rule: &str, period: Period) -> Result<i64, StoreError> {
        let days = |quarter: Quarter| quarter.first_day().zip(quarter.last_day());
        let (from, to) = match period {
            Period::Day(day) => (day, day),
            Period::Quarter(quarter) => days(quarter).unwrap_or((CivilDay(0), CivilDay(0))),
            Period::Year(year) => match (days(Quarter(year * 10 + 1)), days(Quarter(year * 10 + 4))) {
                (Some((from, _)), Some((_, to))) => (from, to),
                _ => (CivilDay(0), CivilDay(0)),
            },
        };
        let mut sum = self.conn.prepare_cached(
            "SELECT COALESCE(SUM(points), 0) FROM ledger_entry
             WHERE member = ?1 AND day BETWEEN ?2 AND ?3 AND rule = ?4 AND reverses IS NULL",
        )?;
        Ok(sum.query_row((member.0.0, from.0, to.0, rule), |row| row.get(0))?)
    }
}

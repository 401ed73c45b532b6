//! What the rules may ask about one member, kept as the server's database keeps it, without a database.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use dangjian_domain::grant::Tree;
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::CheckAnswer;
use dangjian_domain::points::post::Period;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{LedgerEntry, Member, Role, StudyItem, Synced};
use dangjian_domain::rule::{Facts, StudyFacts};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::study::credit::{Stretch, cover};
use dangjian_domain::study::lease::Lease;
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_tests::study::{BRANCH, COUNTY, ELSEWHERE, OFFICER, TOWNSHIP};

const UTC_DAY_MS: i64 = 86_400_000;

/// What all members share.
pub(crate) struct Shared {
    pub(crate) items: BTreeMap<RowId, Row>,
    pub(crate) sets: Vec<Arc<RuleSet>>,
}

/// What is known of one member.
pub(crate) struct MemberFacts<'s> {
    pub(crate) shared: &'s Shared,
    pub(crate) member: Member,
    /// Study days, progress, draws and postings: their ids are derived, so no two tables share one.
    pub(crate) rows: BTreeMap<RowId, Row>,
    /// As `rule_sum`: posted and reversed, by rule and by the code of a day or quarter.
    pub(crate) sums: BTreeMap<(String, i64), (i64, i64)>,
    /// As `study_cover`.
    pub(crate) cover: BTreeMap<i64, Vec<Stretch>>,
}

/// As in `rule_sum`.
pub(crate) fn quarter_code(quarter: Quarter) -> i64 {
    10_000_000 + i64::from(quarter.0)
}

impl<'s> MemberFacts<'s> {
    pub(crate) fn new(shared: &'s Shared, member: Member) -> Self {
        Self { shared, member, rows: BTreeMap::new(), sums: BTreeMap::new(), cover: BTreeMap::new() }
    }

    /// Writes a row as the server's writer does.
    pub(crate) fn write(&mut self, row: &Row) {
        let old = self.rows.get(&row.id()).map(Row::version);
        if row.table() == LedgerEntry::TABLE && old.is_none() {
            let entry = LedgerEntry::from_row(row).unwrap();
            for period in [i64::from(entry.day.0), quarter_code(entry.day.quarter().unwrap())] {
                let sum = self.sums.entry((entry.rule.clone(), period)).or_default();
                if entry.reverses.is_some() { sum.1 += entry.points } else { sum.0 += entry.points }
            }
        }
        self.rows.insert(row.id(), row.clone().with_version(old.unwrap_or(0) + 1));
    }

    /// Keeps the moments a segment was credited for.
    pub(crate) fn keep_cover(&mut self, stretches: &[Stretch]) {
        for (from, to) in stretches {
            for day in from.div_euclid(UTC_DAY_MS)..=(to - 1).div_euclid(UTC_DAY_MS) {
                let piece = ((*from).max(day * UTC_DAY_MS), (*to).min((day + 1) * UTC_DAY_MS));
                let kept = self.cover.entry(day).or_default();
                *kept = cover(kept, &[piece]);
            }
        }
    }

    /// All rows of a table.
    pub(crate) fn all<T: Synced>(&self) -> impl Iterator<Item = T> + '_ {
        self.rows.values().filter(|row| row.table() == T::TABLE).map(|row| T::from_row(row).unwrap())
    }

    pub(crate) fn given(&self, rule: &str, period: Period) -> i64 {
        let codes = match period {
            Period::Day(day) => i64::from(day.0)..=i64::from(day.0),
            Period::Quarter(quarter) => quarter_code(quarter)..=quarter_code(quarter),
            Period::Year(year) => quarter_code(Quarter(year * 10 + 1))..=quarter_code(Quarter(year * 10 + 4)),
        };
        let (from, to) = ((rule.to_owned(), *codes.start()), (rule.to_owned(), *codes.end()));
        self.sums.range(from..=to).map(|(_, sum)| sum.0).sum()
    }
}

/// How many of the answers of a draw count as right here.
pub(crate) fn right(draw: RowId, answers: &[u8]) -> i64 {
    answers.iter().zip(draw.0).filter(|(answer, byte)| **answer == byte % 4).count() as i64
}

impl Tree for MemberFacts<'_> {
    type Error = Infallible;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, Infallible> {
        Ok(match org {
            BRANCH => vec![BRANCH, TOWNSHIP, COUNTY],
            ELSEWHERE => vec![ELSEWHERE, OrgId(RowId([4; 16])), COUNTY],
            _ => vec![org],
        })
    }

    fn subtree(&self, _: OrgId) -> Result<Vec<OrgId>, Infallible> {
        Ok(vec![])
    }
}

impl Facts for MemberFacts<'_> {
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, Infallible> {
        Ok(if table == Member::TABLE {
            let officer = Member { id: OFFICER.0, org: ELSEWHERE, ..self.member.clone() };
            [self.member.to_row(), officer.to_row()].into_iter().find(|row| row.id() == id)
        } else if table == StudyItem::TABLE {
            self.shared.items.get(&id).cloned()
        } else {
            self.rows.get(&id).filter(|row| row.table() == table).cloned()
        })
    }

    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, Infallible> {
        Ok(if member == OFFICER { vec![(COUNTY, Role::Officer)] } else { vec![] })
    }

    fn participations(&self, _: MemberId) -> Result<Vec<OrgId>, Infallible> {
        Ok(vec![])
    }

    fn member_file(&self, _: MemberId) -> Result<Option<Row>, Infallible> {
        Ok(None)
    }

    fn version_written_by(&self, _: OpId, _: &'static Table, _: RowId) -> Result<Option<u64>, Infallible> {
        Ok(None)
    }

    fn points_of(&self, _: MemberId) -> Result<Option<i64>, Infallible> {
        Ok(None)
    }
}

impl StudyFacts for MemberFacts<'_> {
    fn rules_on(&self, day: CivilDay) -> Result<Option<Arc<RuleSet>>, Infallible> {
        Ok(self.shared.sets.iter().rfind(|set| set.effective_from <= day).cloned())
    }

    fn covered(&self, _: MemberId, from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>, Infallible> {
        let days = from.0.div_euclid(UTC_DAY_MS)..=until.0.div_euclid(UTC_DAY_MS);
        Ok(self.cover.range(days).flat_map(|(_, stretches)| stretches).copied().collect())
    }

    fn right_answers(&self, _: RowId, answers: &[CheckAnswer]) -> Result<i64, Infallible> {
        Ok(answers.iter().filter(|answer| answer.choice == 0).count() as i64)
    }

    fn lease(&self, token: &[u8]) -> Result<Option<Lease>, Infallible> {
        Ok(Lease::split(token).map(|(lease, _, _)| lease))
    }

    fn points_given(&self, _: MemberId, rule: &str, period: Period) -> Result<i64, Infallible> {
        Ok(self.given(rule, period))
    }

    fn draw(&self, _: RowId) -> Result<Option<(String, i64)>, Infallible> {
        Ok(Some(("[]".into(), 5)))
    }

    fn judge(&self, draw: RowId, answers: &[u8]) -> Result<Option<(i64, String)>, Infallible> {
        Ok(Some((right(draw, answers), "[]".into())))
    }
}

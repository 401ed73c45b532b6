//! What the rules may ask, answered from the database.

use std::cell::RefCell;
use std::sync::Arc;

use dangjian_domain::grant::{Standpoint, Tree};
use dangjian_domain::id::{DeviceId, MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::CheckAnswer;
use dangjian_domain::points::memo;
use dangjian_domain::points::post::Period;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{Member, MemberFile, Role, Synced};
use dangjian_domain::rule::{Facts, StudyFacts};
use dangjian_domain::schema::{ColumnType, Field, Row, Table, Value};
use dangjian_domain::study::credit::Stretch;
use dangjian_domain::study::lease::Lease;
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::db::{Cells, Db, DbError, Param, all, one};
use crate::error::CountyError;
use crate::once::Tags;
use crate::schema::sql_of;
use crate::{ledger, quiz, study};

/// The database as the rules see it, within the caller's transaction.
pub(crate) struct DbFacts<'a> {
    /// The rules only look, so they take `&self`; a database needs `&mut`. No question asks another while it runs.
    db: RefCell<&'a mut dyn Db>,
    /// Whose chain "the earlier operation" is looked up in, and with what leases and draws are known again.
    of: Option<(DeviceId, &'a Tags)>,
}

impl<'a> DbFacts<'a> {
    pub(crate) fn new(db: &'a mut dyn Db, of: Option<(DeviceId, &'a Tags)>) -> Self {
        Self { db: RefCell::new(db), of }
    }

    fn all<T>(
        &self,
        sql: &str,
        id: RowId,
        read: impl FnMut(&dyn Cells) -> Result<T, DbError>,
    ) -> Result<Vec<T>, CountyError> {
        Ok(all(&mut **self.db.borrow_mut(), sql, &[Param::id(&id)], read)?)
    }

    /// Where `member` stands; `None` for an unknown one.
    pub(crate) fn standpoint(&self, member: MemberId) -> Result<Option<Standpoint>, CountyError> {
        let Some(row) = self.row(Member::TABLE, member.0)? else { return Ok(None) };
        let row = Member::from_row(&row)?;
        let opened =
            self.all("SELECT org FROM opened_ledger WHERE member = ?1 ORDER BY org", member.0, |row| row.id(0))?;
        Ok(Some(Standpoint {
            member,
            home: row.org,
            status: row.status,
            participations: self.participations(member)?,
            roles: self.roles(member)?,
            opened_ledgers: opened.into_iter().map(OrgId).collect(),
        }))
    }
}

/// The present row of that id.
pub(crate) fn read_row(db: &mut dyn Db, table: &'static Table, id: RowId) -> Result<Option<Row>, CountyError> {
    let values = one(db, &sql_of(table)?.get, &[Param::id(&id)], |cells| values_of(table, cells))?;
    values.map(|values| Row::new(table, values).map_err(CountyError::from)).transpose()
}

fn values_of(table: &'static Table, cells: &dyn Cells) -> Result<Vec<Value>, DbError> {
    let value = |(at, kind): (usize, ColumnType)| {
        if cells.null(at) {
            return Ok(Value::Null);
        }
        Ok(match kind {
            ColumnType::Id => Value::Id(cells.id(at)?),
            ColumnType::Int => Value::Int(cells.int(at)?),
            ColumnType::Text => Value::Text(cells.text(at)?.to_owned()),
        })
    };
    table.columns.iter().map(|column| column.kind).enumerate().map(value).collect()
}

impl Tree for DbFacts<'_> {
    type Error = CountyError;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, CountyError> {
        self.all("SELECT ancestor FROM org_closure WHERE descendant = ?1 ORDER BY depth", org.0, |row| {
            Ok(OrgId(row.id(0)?))
        })
    }

    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, CountyError> {
        self.all("SELECT descendant FROM org_closure WHERE ancestor = ?1 ORDER BY descendant", org.0, |row| {
            Ok(OrgId(row.id(0)?))
        })
    }
}

impl Facts for DbFacts<'_> {
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, CountyError> {
        read_row(&mut **self.db.borrow_mut(), table, id)
    }

    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, CountyError> {
        let codes = self.all("SELECT org, role FROM role WHERE member = ?1 ORDER BY id", member.0, |row| {
            Ok((OrgId(row.id(0)?), row.int(1)?))
        })?;
        let role = |(org, code)| match Role::from_value(&Value::Int(code)) {
            Some(role) => Ok((org, role)),
            None => Err(CountyError::Stored("a role of unknown code")),
        };
        codes.into_iter().map(role).collect()
    }

    fn participations(&self, member: MemberId) -> Result<Vec<OrgId>, CountyError> {
        self.all("SELECT org FROM participation WHERE member = ?1 ORDER BY id", member.0, |row| Ok(OrgId(row.id(0)?)))
    }

    fn member_file(&self, member: MemberId) -> Result<Option<Row>, CountyError> {
        let ids = self.all("SELECT id FROM member_file WHERE member = ?1 ORDER BY id", member.0, |row| row.id(0))?;
        ids.first().map_or(Ok(None), |id| self.row(MemberFile::TABLE, *id))
    }

    fn version_written_by(&self, op: OpId, table: &'static Table, id: RowId) -> Result<Option<u64>, CountyError> {
        let Some((device, _)) = self.of else { return Ok(None) };
        let wrote = one(
            &mut **self.db.borrow_mut(),
            "SELECT wrote FROM op WHERE op_id = ?1 AND device = ?2 AND decision = 1",
            &[Param::id(&op.0), Param::id(&device.0)],
            |row| Ok(row.blob(0)?.to_vec()),
        )?;
        Ok(wrote.and_then(|wrote| version_in(&wrote, table.no, id)))
    }

    fn points_of(&self, member: MemberId) -> Result<Option<i64>, CountyError> {
        let points = self.all(
            "SELECT (SELECT COALESCE(SUM(points), 0) FROM points_total WHERE member = ?1 AND carried = 0)
                  + (SELECT COALESCE(SUM(points), 0) FROM ledger_entry WHERE member = ?1)",
            member.0,
            |row| row.int(0),
        )?;
        Ok(points.first().copied())
    }
}

impl StudyFacts for DbFacts<'_> {
    fn rules_on(&self, day: CivilDay) -> Result<Option<Arc<RuleSet>>, CountyError> {
        rules_on(&mut **self.db.borrow_mut(), day)
    }

    fn covered(&self, member: MemberId, from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>, CountyError> {
        study::covered(&mut **self.db.borrow_mut(), member, from, until)
    }

    fn right_answers(&self, item: RowId, answers: &[CheckAnswer]) -> Result<i64, CountyError> {
        study::right_answers(&mut **self.db.borrow_mut(), item, answers)
    }

    fn lease(&self, token: &[u8]) -> Result<Option<Lease>, CountyError> {
        Ok(self.of.and_then(|(device, tags)| study::read_lease(tags, token, device)))
    }

    fn points_given(&self, member: MemberId, rule: &str, period: Period) -> Result<i64, CountyError> {
        ledger::given(&mut **self.db.borrow_mut(), member.0, rule, period)
    }

    fn draw(&self, draw: RowId) -> Result<Option<(String, i64)>, CountyError> {
        let Some((_, tags)) = self.of else { return Ok(None) };
        quiz::draw(&mut **self.db.borrow_mut(), tags, draw)
    }

    fn judge(&self, draw: RowId, answers: &[u8]) -> Result<Option<(i64, String)>, CountyError> {
        let Some((_, tags)) = self.of else { return Ok(None) };
        quiz::judge(&mut **self.db.borrow_mut(), tags, draw, answers)
    }
}

/// The rule set in force on `day`.
pub(crate) fn rules_on(db: &mut dyn Db, day: CivilDay) -> Result<Option<Arc<RuleSet>>, CountyError> {
    let sql = "SELECT text FROM rule_set WHERE effective_from <= ?1
               ORDER BY effective_from DESC, rule_version DESC, name DESC LIMIT 1";
    let text = one(db, sql, &[Param::Int(day.0.into())], |row| Ok(row.text(0)?.to_owned()))?;
    let read = |text: String| memo::rule_set(&text).ok_or(CountyError::Stored("a rule set that can't be read"));
    text.map(read).transpose()
}

/// One row that an operation wrote, as it stands in `op.wrote`.
pub(crate) fn wrote_record(table: u16, id: RowId, version: u64) -> Vec<u8> {
    [&table.to_be_bytes()[..], &id.0, &version.to_be_bytes()].concat()
}

fn version_in(wrote: &[u8], table: u16, id: RowId) -> Option<u64> {
    let (records, _) = wrote.as_chunks::<26>();
    let wanted = [&table.to_be_bytes()[..], &id.0].concat();
    let version = records.iter().find_map(|record| record.strip_prefix(&wanted[..]))?;
    Some(u64::from_be_bytes(version.try_into().ok()?))
}

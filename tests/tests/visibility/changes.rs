//! What may happen to a county: by operations of its members, and by the server's other ways in.

use dangjian_county::{County, CountyError, Sqlite};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::op::{Action, EditNotice, MoveMember, OpenLedger, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{
    Activity, LedgerEntry, Listed, Member, MemberFile, MemberStatus, Notice, NoticeReceipt, NoticeScope, OrgKind,
    Organization, Participation, Pay, PointsTotal, ReviewCase, RoleGrant, Score, Synced, TABLES,
};
use dangjian_domain::schema::{ColumnType, Row, Table, Value};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::random::SplitMix;
use dangjian_tests::people::{below, one_in};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::county::{Maker, mark, pick};

/// Rows that were removed, to come back perhaps.
#[derive(Default)]
pub(crate) struct Past {
    removed: Vec<Row>,
}

fn row(table: &'static Table, cells: &rusqlite::Row<'_>) -> Row {
    let value = |at: usize, kind| match (cells.get_ref(at).unwrap(), kind) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Blob(bytes), ColumnType::Id) => Value::Id(RowId(bytes.try_into().unwrap())),
        (ValueRef::Integer(n), _) => Value::Int(n),
        (text, _) => Value::Text(text.as_str().unwrap().to_owned()),
    };
    let values = table.columns.iter().enumerate().map(|(at, column)| value(at, column.kind)).collect();
    Row::new(table, values).unwrap()
}

/// All rows of a table as they stand.
pub(crate) fn all<T: Synced>(conn: &Connection) -> Vec<T> {
    let sql = format!("SELECT * FROM {} ORDER BY id", T::TABLE.name);
    let mut statement = conn.prepare_cached(&sql).unwrap();
    let rows = statement.query_map([], |cells| Ok(T::from_row(&row(T::TABLE, cells)).unwrap())).unwrap();
    rows.map(Result::unwrap).collect()
}

fn some_row(random: &mut SplitMix, conn: &Connection, table: &'static Table) -> Option<Row> {
    let sql = format!("SELECT * FROM {} ORDER BY id", table.name);
    let mut statement = conn.prepare_cached(&sql).unwrap();
    let mut rows: Vec<Row> =
        statement.query_map([], |cells| Ok(row(table, cells))).unwrap().map(Result::unwrap).collect();
    (!rows.is_empty()).then(|| rows.swap_remove(below(random, rows.len())))
}

fn some<T: Synced>(random: &mut SplitMix, conn: &Connection) -> Option<T> {
    some_row(random, conn, T::TABLE).map(|row| T::from_row(&row).unwrap())
}

/// Those there are now.
pub(crate) fn maker<'r>(random: &'r mut SplitMix, conn: &Connection, long: usize) -> Maker<'r> {
    let ids = |table: &str| -> Vec<RowId> {
        let mut statement = conn.prepare_cached(&format!("SELECT id FROM {table} ORDER BY id")).unwrap();
        statement.query_map([], |row| Ok(RowId(row.get(0)?))).unwrap().map(Result::unwrap).collect()
    };
    let orgs = ids("organization").into_iter().map(OrgId).collect();
    let members = ids("member").into_iter().map(MemberId).collect();
    Maker { random, orgs, members, long }
}

/// Writes and removes rows as the server's jobs and tools do; false if the server refuses, as a tree that would be none.
fn change(conn: &Connection, now: Timestamp, rows: &[Row], removed: &[(&'static Table, RowId)]) -> bool {
    conn.execute_batch("SAVEPOINT change").unwrap();
    let done = match County::change(now, rows, removed, &mut Sqlite(conn)) {
        Ok(_) => true,
        Err(CountyError::Tree) => false,
        Err(error) => panic!("the server fails: {error}"),
    };
    conn.execute_batch(if done { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" }).unwrap();
    done
}

/// Something happens at the server; false if it came to nothing.
pub(crate) fn happen(random: &mut SplitMix, conn: &Connection, now: Timestamp, long: usize, past: &mut Past) -> bool {
    if one_in(random, 8) {
        return remove(random, conn, now, past);
    }
    let Some(rows) = written(random, conn, long, past) else { return false };
    change(conn, now, &rows, &[])
}

fn remove(random: &mut SplitMix, conn: &Connection, now: Timestamp, past: &mut Past) -> bool {
    // Members are never removed; the root is the county.
    let table = pick(random, TABLES);
    let Some(row) = some_row(random, conn, table) else { return false };
    let root = table == Organization::TABLE && row.get("parent") == Some(&Value::Null);
    let gone = table != Member::TABLE && !root && change(conn, now, &[], &[(table, row.id())]);
    if gone {
        past.removed.push(row);
    }
    gone
}

fn written(random: &mut SplitMix, conn: &Connection, long: usize, past: &mut Past) -> Option<Vec<Row>> {
    let what = below(random, 24);
    let mut make = maker(random, conn, long);
    let row = match what {
        0..=3 => {
            let member: Member = some(make.random, conn)?;
            let org = make.org();
            let mut rows = vec![Member { org, ..member.clone() }.to_row()];
            let file = all::<MemberFile>(conn).into_iter().find(|file| file.member.0 == member.id);
            rows.extend(file.filter(|_| what > 0).map(|file| MemberFile { org, ..file }.to_row()));
            return Some(rows);
        }
        4 | 5 => {
            let member: Member = some(make.random, conn)?;
            let status = if member.status == MemberStatus::Active || one_in(make.random, 3) {
                pick(make.random, MemberStatus::ALL)
            } else {
                MemberStatus::Active
            };
            Member { status, ..member }.to_row()
        }
        6 => Member { name: mark(make.random), ..some(make.random, conn)? }.to_row(),
        7 | 8 => make.role().to_row(),
        9 | 10 => {
            let role: RoleGrant = some(make.random, conn)?;
            let fresh = make.role();
            let org = if one_in(make.random, 2) { role.org } else { fresh.org };
            let member = if one_in(make.random, 4) { fresh.member } else { role.member };
            RoleGrant { org, member, role: fresh.role, ..role }.to_row()
        }
        11 | 12 => make.guest().to_row(),
        13 => {
            let guest: Participation = some(make.random, conn)?;
            Participation { org: make.org(), ..guest }.to_row()
        }
        14..=16 => {
            let org: Organization = some(make.random, conn)?;
            let parent = org.parent.is_some().then(|| make.org());
            let name = if one_in(make.random, 2) { mark(make.random) } else { org.name.clone() };
            Organization { parent, name, ..org }.to_row()
        }
        17 => {
            let above: Organization = some(make.random, conn)?;
            let kind = pick(make.random, OrgKind::ALL);
            make.organization(above.county, Some(OrgId(above.id)), kind).to_row()
        }
        18 => make.notice().to_row(),
        19 => {
            let notice: Notice = some(make.random, conn)?;
            let org = if one_in(make.random, 2) { make.org() } else { notice.org };
            let scope = pick(make.random, NoticeScope::ALL);
            Notice { org, scope, body: make.body(), ..notice }.to_row()
        }
        20 => make.other(),
        21 | 22 => elsewhere(&mut make, conn)?,
        _ => (!past.removed.is_empty()).then(|| past.removed.swap_remove(below(make.random, past.removed.len())))?,
    };
    // What came back or changed may have lost its place meanwhile.
    if row.table() == Organization::TABLE
        && let Some(Value::Id(parent)) = row.get("parent")
        && !maker(random, conn, long).orgs.contains(&OrgId(*parent))
    {
        return None;
    }
    Some(vec![row])
}

/// A row of the other kinds that comes to be about somebody or something else.
fn elsewhere(make: &mut Maker<'_>, conn: &Connection) -> Option<Row> {
    let (org, member) = (make.org(), make.member());
    Some(match below(make.random, 9) {
        6 => Score { listed: pick(make.random, Listed::ALL), ..some(make.random, conn)? }.to_row(),
        7 => Score { subject: member.0, org, ..some(make.random, conn)? }.to_row(),
        8 => ReviewCase { org, evidence: mark(make.random), ..some(make.random, conn)? }.to_row(),
        0 => Activity { org, title: mark(make.random), ..some(make.random, conn)? }.to_row(),
        1 => LedgerEntry { org, ..some(make.random, conn)? }.to_row(),
        2 => LedgerEntry { member, ..some(make.random, conn)? }.to_row(),
        3 => PointsTotal { org, ..some(make.random, conn)? }.to_row(),
        4 => NoticeReceipt { org, ..some(make.random, conn)? }.to_row(),
        _ => Pay { member, ..some(make.random, conn)? }.to_row(),
    })
}

/// Something `actor` may come to do with the phone; mostly what their roles allow.
pub(crate) fn idea(random: &mut SplitMix, conn: &Connection, actor: MemberId, long: usize) -> Option<Action> {
    let roles: Vec<RoleGrant> = all::<RoleGrant>(conn).into_iter().filter(|role| role.member == actor).collect();
    let mut make = maker(random, conn, long);
    let mine = if roles.is_empty() || one_in(make.random, 8) {
        make.org()
    } else {
        roles[below(make.random, roles.len())].org
    };
    Some(match below(make.random, 10) {
        0..=3 => {
            let member: Member = some(make.random, conn)?;
            let branches: Vec<OrgId> = all::<Organization>(conn)
                .into_iter()
                .filter(|org| org.kind == OrgKind::Branch || one_in(make.random, 10))
                .map(|org| OrgId(org.id))
                .collect();
            let to = *branches.get(below(make.random, branches.len()))?;
            Action::MoveMember(MoveMember { member: MemberId(member.id), from: member.org, to })
        }
        4 | 5 => {
            let kind = all::<Organization>(conn).into_iter().find(|org| org.id == mine.0)?.kind;
            let branch = matches!(kind, OrgKind::Branch | OrgKind::MigrantBranch);
            let scope = if branch { NoticeScope::Branch } else { NoticeScope::Subtree };
            let (title, body) = (mark(make.random), make.body());
            Action::PublishNotice(PublishNotice { org: mine, scope, title, body })
        }
        6 => {
            let notice: Notice = some(make.random, conn)?;
            let (title, body) = (mark(make.random), make.body());
            Action::EditNotice(EditNotice { notice: notice.id.into(), base_version: notice.version, title, body })
        }
        7 => {
            let notice: Notice = some(make.random, conn)?;
            let reason = mark(make.random);
            Action::WithdrawNotice(WithdrawNotice { notice: notice.id.into(), base_version: notice.version, reason })
        }
        8 => Action::ReadNotice(ReadNotice { notice: some::<Notice>(make.random, conn)?.id.into() }),
        _ => Action::OpenLedger(OpenLedger { org: make.org(), open: !one_in(make.random, 4) }),
    })
}

/// Something by which `member` most likely loses sight of something.
pub(crate) fn loss(random: &mut SplitMix, conn: &Connection, now: Timestamp, member: MemberId) -> bool {
    let roles: Vec<RoleGrant> = all::<RoleGrant>(conn).into_iter().filter(|role| role.member == member).collect();
    let guests: Vec<Participation> =
        all::<Participation>(conn).into_iter().filter(|guest| guest.member == member).collect();
    let me = all::<Member>(conn).into_iter().find(|row| row.id == member.0).unwrap();
    match below(random, 4) {
        0 if !roles.is_empty() => change(conn, now, &[], &[(RoleGrant::TABLE, roles[below(random, roles.len())].id)]),
        1 if !guests.is_empty() => {
            change(conn, now, &[], &[(Participation::TABLE, guests[below(random, guests.len())].id)])
        }
        2 if me.status == MemberStatus::Active && !roles.is_empty() => {
            change(conn, now, &[Member { status: MemberStatus::Suspended, ..me }.to_row()], &[])
        }
        _ => {
            let org = maker(random, conn, 0).org();
            let mut rows = vec![Member { org, ..me }.to_row()];
            let file = all::<MemberFile>(conn).into_iter().find(|file| file.member == member);
            rows.extend(file.map(|file| MemberFile { org, ..file }.to_row()));
            change(conn, now, &rows, &[])
        }
    }
}

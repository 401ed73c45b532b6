//! What the member screens read.
//!
//! The list is in order of branch and name, which no index holds, and a county officer knows 20,138 members in 852
//! organizations. So organizations are put in order, and their members read branch by branch by the index on `org` until the
//! page is full: measured on one core of a desktop, the first page costs 5 ms, the last 57 ms. A search looks at every name and
//! number once and sorts what it found: 4 ms for few, 20 ms for a common surname.

use std::collections::HashMap;

use dangjian_domain::feed::Feed;
use dangjian_domain::grant::Tree as _;
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::rows::{Member, MemberStatus, OrgKind, Organization, Synced as _};
use dangjian_domain::rule::{Facts as _, may_move, may_open_ledger, may_reset, may_take_in};
use dangjian_store::{OpState, Snapshot, StoreError};
use rusqlite::params;

use super::{BranchView, MemberLineView, MemberView};
use crate::may::allowed;
use crate::me::offices;
use crate::points::standpoint::org_name;

/// Longest text that may be part of a name, in bytes.
const QUERY_BYTES: usize = 256;
/// Those who are members still: active and suspended.
const PRESENT: &str = "status IN (1, 2)";

pub(super) fn list(
    snapshot: &Snapshot<'_>,
    query: &str,
    org: Option<OrgId>,
    limit: usize,
    offset: usize,
) -> Result<Vec<MemberLineView>, StoreError> {
    if query.len() > QUERY_BYTES {
        return Ok(vec![]);
    }
    let branches = in_order(snapshot, org)?;
    let rows = if query.is_empty() {
        walk(snapshot, &branches, limit, offset)?
    } else {
        search(snapshot, &branches, query, limit, offset)?
    };
    let names: HashMap<OrgId, &str> = branches.iter().map(|(org, name)| (*org, name.as_str())).collect();
    rows.into_iter()
        .map(|row| {
            let roles = snapshot.roles(MemberId(row.id))?;
            let role_words: Vec<&str> = roles.into_iter().map(|(_, role)| role.label()).collect();
            Ok(MemberLineView {
                member: MemberId(row.id),
                name: row.name,
                branch: names.get(&row.org).map_or_else(String::new, |name| (*name).to_owned()),
                role_words: role_words.join("、"),
                migrant: row.migrant,
                suspended: row.status == MemberStatus::Suspended,
            })
        })
        .collect()
}

/// All organizations, or `top` and those below it, by name.
fn in_order(snapshot: &Snapshot<'_>, top: Option<OrgId>) -> Result<Vec<(OrgId, String)>, StoreError> {
    let mut orgs = match top {
        None => {
            let mut statement = snapshot.conn().prepare_cached("SELECT id, name FROM organization")?;
            let rows = statement.query_map([], |row| Ok((RowId(row.get(0)?).into(), row.get(1)?)))?;
            rows.collect::<Result<Vec<(OrgId, String)>, _>>()?
        }
        Some(top) => {
            let below = snapshot.subtree(top)?.into_iter();
            below.map(|org| Ok((org, org_name(snapshot, org)?))).collect::<Result<_, StoreError>>()?
        }
    };
    orgs.sort_unstable_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    Ok(orgs)
}

fn walk(
    snapshot: &Snapshot<'_>,
    branches: &[(OrgId, String)],
    limit: usize,
    offset: usize,
) -> Result<Vec<Member>, StoreError> {
    let count = format!("SELECT count(*) FROM member WHERE org = ?1 AND {PRESENT}");
    let mut count = snapshot.conn().prepare_cached(&count)?;
    let (mut skip, mut rows) = (offset, vec![]);
    for (org, _) in branches {
        if skip > 0 {
            let here = count.query_row([org.0.0], |row| row.get::<_, u32>(0))? as usize;
            if here <= skip {
                skip -= here;
                continue;
            }
        }
        let mut here: Vec<Member> = snapshot.all(&format!("org = ?1 AND {PRESENT}"), [org.0.0])?;
        here.sort_unstable_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        rows.extend(here.into_iter().skip(std::mem::take(&mut skip)));
        if rows.len() >= limit {
            rows.truncate(limit);
            break;
        }
    }
    Ok(rows)
}

fn search(
    snapshot: &Snapshot<'_>,
    branches: &[(OrgId, String)],
    query: &str,
    limit: usize,
    offset: usize,
) -> Result<Vec<Member>, StoreError> {
    let place: HashMap<OrgId, usize> = branches.iter().enumerate().map(|(at, (org, _))| (*org, at)).collect();
    let sql = format!(
        "SELECT id, org, name FROM member
         WHERE {PRESENT} AND (instr(name, ?1) > 0 OR substr(number, 1, length(?1)) = ?1)"
    );
    let mut statement = snapshot.conn().prepare_cached(&sql)?;
    let mut rows = statement.query([query])?;
    let mut found: Vec<(usize, String, RowId)> = vec![];
    while let Some(row) = rows.next()? {
        if let Some(at) = place.get(&OrgId(RowId(row.get(1)?))) {
            found.push((*at, row.get(2)?, RowId(row.get(0)?)));
        }
    }
    found.sort_unstable();
    let page = found.into_iter().skip(offset).take(limit);
    page.filter_map(|(_, _, id)| snapshot.find(id).transpose()).collect()
}

pub(super) fn get(snapshot: &Snapshot<'_>, id: MemberId) -> Result<Option<MemberView>, StoreError> {
    let Some(row) = snapshot.find::<Member>(id.0)? else { return Ok(None) };
    let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(None) };
    let ledger_open = snapshot.holds_feed(Feed::ledger(row.org))?;
    let ledger_opening = !ledger_open && opening(snapshot, row.org)?;
    let opened = ledger_open || ledger_opening;
    Ok(Some(MemberView {
        member: id,
        branch: org_name(snapshot, row.org)?,
        offices: offices(snapshot, id)?,
        ledger_open,
        ledger_opening,
        unconfirmed: snapshot.is_pending(Member::TABLE, id.0)?,
        may_reset: allowed(may_reset(snapshot, me, &row))?,
        may_open_ledger: !opened && allowed(may_open_ledger(snapshot, me, row.org))?,
        may_move: allowed(may_move(snapshot, me, &row))?,
        org: row.org,
        migrant: row.migrant,
        standing: row.standing,
        standing_words: row.standing.label(),
        status: row.status,
        status_words: row.status.label(),
        name: row.name,
        number: row.number,
    }))
}

/// Whether the last that was done here about the ledger of `org`, and not yet answered, is to open it.
fn opening(snapshot: &Snapshot<'_>, org: OrgId) -> Result<bool, StoreError> {
    let last = snapshot.outbox(usize::MAX, 0)?.into_iter().find_map(|entry| match (entry.state, entry.op.action()) {
        (OpState::Queued, Ok(Action::OpenLedger(done))) if done.org == org => Some(done.open),
        _ => None,
    });
    Ok(last.unwrap_or(false))
}

pub(super) fn branches(
    snapshot: &Snapshot<'_>,
    query: &str,
    limit: usize,
    offset: usize,
) -> Result<Vec<BranchView>, StoreError> {
    let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(vec![]) };
    let candidates: Vec<Organization> = snapshot.all(
        "kind = ?1 AND (?2 = '' OR instr(name, ?2) > 0) ORDER BY name, id",
        params![OrgKind::Branch.code(), query],
    )?;
    let (mut skip, mut found) = (offset, vec![]);
    for row in candidates {
        if found.len() >= limit {
            break;
        }
        if !allowed(may_take_in(snapshot, me, &row))? {
            continue;
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let of_name = row.parent.map_or_else(|| Ok(String::new()), |above| org_name(snapshot, above))?;
        found.push(BranchView { org: OrgId(row.id), name: row.name, of_name });
    }
    Ok(found)
}

//! What the notice screens read, from the views over both files.

use dangjian_domain::id::{MemberId, NoticeId, RowId};
use dangjian_domain::rows::{Notice, NoticeReceipt, NoticeScope, Synced};
use dangjian_domain::schema::Row;
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::{NoticeView, ReceiptsView, UnreadView, readers};
use crate::points::standpoint::org_name;
use crate::readers::int;

pub(super) fn list(snapshot: &Snapshot<'_>, limit: usize, offset: usize) -> Result<Vec<NoticeView>, StoreError> {
    let me = dangjian_engine::member_of(snapshot)?;
    snapshot
        .rows(
            Notice::TABLE,
            "1 ORDER BY published_at DESC, id DESC LIMIT ?1 OFFSET ?2",
            params![int(limit), int(offset)],
        )?
        .iter()
        .map(|row| view(snapshot, me, row))
        .collect()
}

pub(super) fn get(snapshot: &Snapshot<'_>, notice: NoticeId) -> Result<Option<NoticeView>, StoreError> {
    let me = dangjian_engine::member_of(snapshot)?;
    snapshot.row(Notice::TABLE, notice.0)?.map(|row| view(snapshot, me, &row)).transpose()
}

fn view(snapshot: &Snapshot<'_>, me: Option<MemberId>, row: &Row) -> Result<NoticeView, StoreError> {
    let notice = Notice::from_row(row)?;
    let id = NoticeId(notice.id);
    let read = match me {
        Some(me) => notice.author == me || has_receipt(snapshot, id, me)?,
        None => false,
    };
    Ok(NoticeView {
        id,
        version: notice.version,
        org: notice.org,
        org_name: org_name(snapshot, notice.org)?,
        scope: notice.scope,
        title: notice.title,
        body: notice.body,
        author_name: notice.author_name,
        published_at: notice.published_at,
        edited_at: notice.edited_at,
        state: notice.state,
        withdrawn_reason: notice.withdrawn_reason,
        read,
        unconfirmed: snapshot.is_pending(Notice::TABLE, notice.id)?,
    })
}

/// Whether `member` has left a receipt for it. Authors have read what they wrote, but leave one like everybody else.
pub(super) fn has_receipt(snapshot: &Snapshot<'_>, notice: NoticeId, member: MemberId) -> Result<bool, StoreError> {
    Ok(snapshot.row(NoticeReceipt::TABLE, NoticeReceipt::id_of(notice, member))?.is_some())
}

/// Whom a notice is addressed to: members and guests of the branch, or of all branches below. A member who is both at
/// home and a guest within its reach is one person.
pub(super) const ADDRESSED: &str = "WITH RECURSIVE reach(org) AS (
    SELECT ?1 UNION SELECT o.id FROM organization o JOIN reach r ON o.parent = r.org WHERE ?2
), addressed(member, name, org) AS (
    SELECT m.id, m.name, m.org FROM member m JOIN reach r ON m.org = r.org WHERE m.status IN (1, 2)
    UNION ALL
    SELECT p.member, p.name, p.org FROM participation p JOIN reach r ON p.org = r.org
    WHERE NOT EXISTS (SELECT 1 FROM member m JOIN reach r2 ON m.org = r2.org WHERE m.id = p.member)
)";

pub(super) fn receipts(
    snapshot: &Snapshot<'_>,
    notice: NoticeId,
    names: usize,
) -> Result<Option<ReceiptsView>, StoreError> {
    let Some(row) = snapshot.row(Notice::TABLE, notice.0)? else { return Ok(None) };
    let row = Notice::from_row(&row)?;
    let below = row.scope == NoticeScope::Subtree;
    let org = row.org.0.0;
    let conn = snapshot.conn();
    let count = format!(
        "{ADDRESSED} SELECT count(DISTINCT a.member),
            count(DISTINCT CASE WHEN r.id IS NOT NULL THEN a.member END)
         FROM addressed a LEFT JOIN notice_receipt r ON r.notice = ?3 AND r.member = a.member"
    );
    let (addressed, read) = conn
        .prepare_cached(&count)?
        .query_row(params![org, below, notice.0.0], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)))?;
    let unread = format!(
        "{ADDRESSED} SELECT a.member, a.name, coalesce(o.name, '') FROM addressed a
         LEFT JOIN organization o ON o.id = a.org
         WHERE NOT EXISTS (SELECT 1 FROM notice_receipt r WHERE r.notice = ?3 AND r.member = a.member)
         GROUP BY a.member ORDER BY 3, 2 LIMIT ?4"
    );
    let mut statement = conn.prepare_cached(&unread)?;
    let unread = statement
        .query_map(params![org, below, notice.0.0, int(names)], |row| {
            Ok(UnreadView { member: RowId(row.get(0)?).into(), name: row.get(1)?, branch: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    let readers = if read == 0 { vec![] } else { readers::latest(snapshot, &row, names)? };
    Ok(Some(ReceiptsView { addressed, read, unread, readers }))
}

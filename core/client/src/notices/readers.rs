//! Who has read a notice, the latest first.
//!
//! A notice of the county is addressed to 20,138 people, and to list them all takes some 80 ms. So receipts are gone through
//! from the latest on, and each reader asked for whether they are addressed still, until there are enough.

use std::collections::BTreeSet;

use dangjian_domain::grant::{Tree as _, may_use};
use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{Member, Notice, NoticeReceipt, NoticeScope, Participation};
use dangjian_store::{Snapshot, StoreError};

use super::ReaderView;
use crate::points::standpoint::org_name;

/// At most `names` of those to whom the notice is addressed, as `ADDRESSED` counts them.
pub(super) fn latest(snapshot: &Snapshot<'_>, notice: &Notice, names: usize) -> Result<Vec<ReaderView>, StoreError> {
    let reach: BTreeSet<OrgId> = match notice.scope {
        NoticeScope::Branch => [notice.org].into(),
        NoticeScope::Subtree => snapshot.subtree(notice.org)?.into_iter().collect(),
    };
    let mut receipts: Vec<NoticeReceipt> = snapshot.all("notice = ?1", [notice.id.0])?;
    receipts.sort_unstable_by_key(|receipt| (std::cmp::Reverse(receipt.read_at), receipt.member));
    let mut readers = vec![];
    for receipt in receipts {
        if readers.len() >= names {
            break;
        }
        let Some((name, org)) = addressed(snapshot, &reach, &receipt)? else { continue };
        let (member, read_at) = (receipt.member, receipt.read_at);
        readers.push(ReaderView { member, name, branch: org_name(snapshot, org)?, read_at });
    }
    Ok(readers)
}

/// The name of whoever left that receipt, and the branch through which the notice reaches them: the home, else where they
/// are a guest.
fn addressed(
    snapshot: &Snapshot<'_>,
    reach: &BTreeSet<OrgId>,
    receipt: &NoticeReceipt,
) -> Result<Option<(String, OrgId)>, StoreError> {
    if let Some(row) = snapshot.find::<Member>(receipt.member.0)?.filter(|row| reach.contains(&row.org)) {
        return Ok(may_use(row.status).then_some((row.name, row.org)));
    }
    let guest: Vec<Participation> = snapshot.all("member = ?1 ORDER BY id", [receipt.member.0.0])?;
    Ok(guest.into_iter().find(|row| reach.contains(&row.org)).map(|row| (row.name, row.org)))
}

//! Before a notice is published: for whom this phone's member may speak, and how many would be addressed.

use dangjian_domain::grant::Tree as _;
use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{NoticeScope, Organization};
use dangjian_domain::rule::{Facts as _, LEADING, may_publish};
use dangjian_engine::AppError;
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::NoticeService;
use super::query::ADDRESSED;
use crate::may::allowed;

/// An organization for which this phone's member may publish notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceView {
    /// Which.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// By which roles, in words: 「书记」.
    pub role_words: String,
    /// To whom; at least one.
    pub scopes: Vec<NoticeScope>,
}

impl NoticeService<'_> {
    /// The organizations for which this phone's member may publish, the widest first; none for whoever leads nothing.
    pub fn voices(&self) -> Result<Vec<VoiceView>, AppError> {
        self.0.read(voices)
    }

    /// How many people a notice of `org` would be addressed to, as far as this phone's grant reaches: what its receipts would
    /// count. `None` for an organization that is not known here.
    pub fn audience(&self, org: OrgId, scope: NoticeScope) -> Result<Option<u32>, AppError> {
        self.0.read(|snapshot| audience(snapshot, org, scope))
    }
}

fn voices(snapshot: &Snapshot<'_>) -> Result<Vec<VoiceView>, StoreError> {
    let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(vec![]) };
    let roles = snapshot.roles(me)?;
    let mut orgs: Vec<OrgId> = roles.iter().map(|(org, _)| *org).collect();
    orgs.sort_unstable();
    orgs.dedup();
    let mut voices = vec![];
    for id in orgs {
        let Some(voice) = voice(snapshot, me, id)? else { continue };
        let words: Vec<&str> = roles
            .iter()
            .filter(|(org, role)| *org == id && LEADING.contains(role))
            .map(|(_, role)| role.label())
            .collect();
        let depth = snapshot.ancestors(id)?.len();
        voices.push((depth, VoiceView { role_words: words.join("、"), ..voice }));
    }
    voices.sort_by(|one, other| (one.0, &one.1.org_name).cmp(&(other.0, &other.1.org_name)));
    Ok(voices.into_iter().map(|(_, voice)| voice).collect())
}

fn voice(snapshot: &Snapshot<'_>, me: MemberId, org: OrgId) -> Result<Option<VoiceView>, StoreError> {
    let Some(row) = snapshot.find::<Organization>(org.0)? else { return Ok(None) };
    let scopes = allowed(may_publish(snapshot, me, &row))?;
    if scopes.is_empty() {
        return Ok(None);
    }
    Ok(Some(VoiceView { org, org_name: row.name, role_words: String::new(), scopes }))
}

fn audience(snapshot: &Snapshot<'_>, org: OrgId, scope: NoticeScope) -> Result<Option<u32>, StoreError> {
    if snapshot.find::<Organization>(org.0)?.is_none() {
        return Ok(None);
    }
    let count = format!("{ADDRESSED} SELECT count(DISTINCT a.member) FROM addressed a");
    let below = scope == NoticeScope::Subtree;
    let addressed = snapshot.conn().prepare_cached(&count)?.query_row(params![org.0.0, below], |row| row.get(0))?;
    Ok(Some(addressed))
}

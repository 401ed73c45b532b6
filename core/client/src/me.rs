//! Whose phone this is, and what they may do.

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{Member, OrgKind, Organization, Role};
use dangjian_domain::rule::Facts as _;
use dangjian_engine::AppError;
use dangjian_store::{Snapshot, StoreError};

use crate::client::Client;

/// Whose phone this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeView {
    /// Who.
    pub member: MemberId,
    /// The member's name; empty until the first mirror is there.
    pub name: String,
    /// The member number.
    pub number: String,
    /// The home branch.
    pub org: Option<OrgId>,
    /// Its name.
    pub org_name: String,
    /// Whether the member works away.
    pub migrant: bool,
    /// Roles, then guest branches.
    pub offices: Vec<OfficeView>,
}

/// A role in an organization, or being its guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeView {
    /// Where.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Which role; `None` for a guest.
    pub role: Option<Role>,
    /// That in words: 「书记」.
    pub role_words: &'static str,
    /// Whether it is a branch.
    pub is_branch: bool,
}

impl Client {
    /// Whose phone this is; `None` before the first sign-in.
    pub fn me(&self) -> Result<Option<MeView>, AppError> {
        self.read(me)
    }
}

fn me(snapshot: &Snapshot<'_>) -> Result<Option<MeView>, StoreError> {
    let Some(member) = dangjian_engine::member_of(snapshot)? else { return Ok(None) };
    let row = snapshot.find::<Member>(member.0)?;
    let offices = offices(snapshot, member)?;
    let org = row.as_ref().map(|row| row.org);
    let org_name = match org {
        Some(org) => crate::points::standpoint::org_name(snapshot, org)?,
        None => String::new(),
    };
    let (name, number, migrant) = row.map_or_else(Default::default, |row| (row.name, row.number, row.migrant));
    Ok(Some(MeView { member, name, number, org, org_name, migrant, offices }))
}

/// What `member` may do for whom, then where they are a guest, as far as it is known here.
pub(crate) fn offices(snapshot: &Snapshot<'_>, member: MemberId) -> Result<Vec<OfficeView>, StoreError> {
    let roles = snapshot.roles(member)?.into_iter().map(|(org, role)| (org, Some(role)));
    let guest = snapshot.participations(member)?.into_iter().map(|org| (org, None));
    let mut offices = vec![];
    for (org, role) in roles.chain(guest) {
        let found = snapshot.find::<Organization>(org.0)?;
        let is_branch = found.as_ref().is_some_and(|org| matches!(org.kind, OrgKind::Branch | OrgKind::MigrantBranch));
        let org_name = found.map_or_else(String::new, |org| org.name);
        offices
            .push(OfficeView { org, org_name, role, role_words: role.map_or("流动党员", Role::label), is_branch });
    }
    Ok(offices)
}

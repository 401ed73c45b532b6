//! What a member may see: the one place that decides which feeds a member holds.

use std::collections::BTreeSet;

use crate::feed::Feed;
use crate::id::{MemberId, OrgId};
use crate::rows::{MemberStatus, Role};

/// The organization tree, as far as the rules need it.
pub trait Tree {
    /// Why the tree could not be read.
    type Error;
    /// `org` itself first, then its parents up to the root. Empty for an unknown organization.
    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, Self::Error>;
    /// `org` itself and everything below it. Empty for an unknown organization.
    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, Self::Error>;
}

/// Where a member stands in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standpoint {
    /// Who.
    pub member: MemberId,
    /// The branch of the affiliation.
    pub home: OrgId,
    /// Whether the member is in good standing.
    pub status: MemberStatus,
    /// Guest branches.
    pub participations: Vec<OrgId>,
    /// Roles held.
    pub roles: Vec<(OrgId, Role)>,
    /// Organizations whose ledger an officer has asked to see.
    pub opened_ledgers: Vec<OrgId>,
}

/// Whether this status lets a member use the system. A suspended member still sees what concerns them.
pub fn may_use(status: MemberStatus) -> bool {
    matches!(status, MemberStatus::Active | MemberStatus::Suspended)
}

/// The feeds a member holds: their own; branch and everything sent down to it for the home and each guest branch; with a
/// role, branch and duty feeds of the whole subtree; the ledger of a branch one leads, and those one may open and has
/// opened. Who has left holds nothing.
pub fn feeds_held<T: Tree>(tree: &T, at: &Standpoint) -> Result<BTreeSet<Feed>, T::Error> {
    let mut held = BTreeSet::new();
    if !may_use(at.status) {
        return Ok(held);
    }
    held.insert(Feed::own(at.member));
    for org in std::iter::once(&at.home).chain(&at.participations) {
        held.insert(Feed::branch(*org));
        held.extend(tree.ancestors(*org)?.into_iter().map(Feed::down));
    }
    if at.status != MemberStatus::Active {
        return Ok(held);
    }
    for (org, role) in &at.roles {
        held.extend(tree.ancestors(*org)?.into_iter().map(Feed::down));
        for below in tree.subtree(*org)? {
            held.insert(Feed::branch(below));
            held.insert(Feed::duty(below));
            if at.opened_ledgers.contains(&below) {
                held.insert(Feed::ledger(below));
            }
        }
        if matches!(role, Role::Secretary | Role::DeputySecretary) {
            held.insert(Feed::ledger(*org));
        }
    }
    Ok(held)
}

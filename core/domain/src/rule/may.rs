//! What somebody may do, asked beforehand: the very conditions that the rules judge by, so that what a screen offers and what
//! a server takes can't differ. Texts and versions are judged when it is done.

use super::{
    Decided, Facts, LEADING, LEADING_OR_SUPERVISING, SUPERVISING, find, holds, holds_above, may_decide,
    may_help_with_account,
};
use crate::grant::may_use;
use crate::id::{MemberId, OrgId};
use crate::rows::{LedgerEntry, Member, MemberStatus, NoticeScope, OrgKind, Organization};
use crate::rule::DecideError;

/// Whether that status lets a member act: a suspended one may still say that they read something and object, their own
/// affairs, but not act for anybody.
pub(super) fn acts(status: MemberStatus, own_affair: bool) -> bool {
    may_use(status) && (own_affair || status != MemberStatus::Suspended)
}

/// Whether `actor` is a member who may act for anybody.
pub fn may_act<F: Facts>(facts: &F, actor: MemberId) -> Decided<bool, F> {
    Ok(find::<Member, F>(facts, actor.0)?.is_some_and(|member| acts(member.status, false)))
}

/// Whether `actor` speaks for `org`, whoever is spoken to.
pub(super) fn speaks_for<F: Facts>(facts: &F, actor: MemberId, org: OrgId) -> Decided<bool, F> {
    holds(facts, actor, org, LEADING)
}

/// A branch speaks to its members, a committee to its subtree; a general branch may do either.
pub(super) fn scope_fits(kind: OrgKind, scope: NoticeScope) -> bool {
    match kind {
        OrgKind::Branch | OrgKind::MigrantBranch => scope == NoticeScope::Branch,
        OrgKind::GeneralBranch => true,
        OrgKind::CountyCommittee | OrgKind::PartyCommittee | OrgKind::WorkingCommittee | OrgKind::MigrantCommittee => {
            scope == NoticeScope::Subtree
        }
    }
}

/// To whom `actor` may publish notices of `org`; to nobody without a role that speaks for it.
pub fn may_publish<F: Facts>(facts: &F, actor: MemberId, org: &Organization) -> Decided<Vec<NoticeScope>, F> {
    if !may_act(facts, actor)? || !speaks_for(facts, actor, OrgId(org.id))? {
        return Ok(vec![]);
    }
    let scopes = [NoticeScope::Branch, NoticeScope::Subtree];
    Ok(scopes.into_iter().filter(|scope| scope_fits(org.kind, *scope)).collect())
}

/// Whether `actor` looks after the moves of `org`.
pub(super) fn supervises<F: Facts>(facts: &F, actor: MemberId, org: OrgId) -> Decided<bool, F> {
    holds_above(facts, actor, org, SUPERVISING)
}

/// A migrant branch has guests, never affiliations; a committee has no members of its own.
pub(super) fn takes_members(kind: OrgKind) -> bool {
    kind == OrgKind::Branch
}

/// Whether the member holds an office in their own branch, which they can't leave then.
pub(super) fn holds_office_at_home<F: Facts>(facts: &F, member: &Member) -> Decided<bool, F> {
    let roles = facts.roles(MemberId(member.id)).map_err(DecideError::Facts)?;
    Ok(roles.iter().any(|(org, _)| *org == member.org))
}

/// Whether `actor` may move `member` to another branch, if they may move anybody there: see [`may_take_in`].
pub fn may_move<F: Facts>(facts: &F, actor: MemberId, member: &Member) -> Decided<bool, F> {
    Ok(may_act(facts, actor)? && supervises(facts, actor, member.org)? && !holds_office_at_home(facts, member)?)
}

/// Whether `actor` may move members to `org`.
pub fn may_take_in<F: Facts>(facts: &F, actor: MemberId, org: &Organization) -> Decided<bool, F> {
    Ok(takes_members(org.kind) && may_act(facts, actor)? && supervises(facts, actor, OrgId(org.id))?)
}

/// Whether `actor`'s roles reach the ledger of `org`.
pub(super) fn reaches_ledger<F: Facts>(facts: &F, actor: MemberId, org: OrgId) -> Decided<bool, F> {
    holds_above(facts, actor, org, LEADING_OR_SUPERVISING)
}

/// Whether `actor` may open the ledger of `org`.
pub fn may_open_ledger<F: Facts>(facts: &F, actor: MemberId, org: OrgId) -> Decided<bool, F> {
    Ok(may_act(facts, actor)? && reaches_ledger(facts, actor, org)?)
}

/// Whether `actor` may make a new activation code for `member`. Nobody may for themselves: whoever holds an unlocked phone
/// could take the account over.
pub fn may_reset<F: Facts>(facts: &F, actor: MemberId, member: &Member) -> Decided<bool, F> {
    Ok(actor.0 != member.id && may_act(facts, actor)? && may_help_with_account(facts, actor, member)?)
}

/// Whether `actor` may take `entry` back: those above may, once, and nobody what is theirs.
pub fn may_reverse<F: Facts>(facts: &F, actor: MemberId, entry: &LedgerEntry) -> Decided<bool, F> {
    let stands =
        entry.reverses.is_none() && find::<LedgerEntry, F>(facts, LedgerEntry::id_of_reversal(entry.id))?.is_none();
    Ok(stands
        && may_act(facts, actor)?
        && may_decide(facts, actor, entry.member, entry.org, SUPERVISING).map_err(DecideError::Facts)?)
}

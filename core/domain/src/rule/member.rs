//! Rules about members: moves between branches, and whose ledger may be opened.

use super::may::{holds_office_at_home, reaches_ledger, supervises, takes_members};
use super::{DecideError, Decided, Facts, Outcome, Proposal, Refusal, find, found, organization, refuse};
use crate::id::{MemberId, RowId};
use crate::op::{MoveMember, OpenLedger};
use crate::rows::{Member, MemberFile, PointsTotal, Synced};

/// A move changes the member's row and file and adds one carried-over total for the new branch; past facts stay with the
/// organization where they arose. It needs an officer above both branches.
pub(super) fn move_member<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &MoveMember) -> Decided<Outcome, F> {
    let member: Member = found(facts, payload.member.0)?;
    let to = organization(facts, payload.to)?;
    if !supervises(facts, proposal.actor, member.org)? || !supervises(facts, proposal.actor, payload.to)? {
        return refuse(Refusal::NotAllowed);
    }
    if member.org == payload.to {
        return refuse(Refusal::SameBranch);
    }
    if member.org != payload.from {
        return refuse(Refusal::Stale);
    }
    if !takes_members(to.kind) {
        return refuse(Refusal::NotABranch);
    }
    if holds_office_at_home(facts, &member)? {
        return refuse(Refusal::HoldsOffice);
    }

    let mut rows = vec![Member { org: payload.to, ..member }.to_row()];
    if let Some(file) = facts.member_file(payload.member).map_err(DecideError::Facts)? {
        let file = MemberFile::from_row(&file).map_err(DecideError::Row)?;
        rows.push(MemberFile { org: payload.to, ..file }.to_row());
    }
    if let Some(carried) = carried_over(facts, proposal, payload)? {
        rows.push(carried.to_row());
    }
    Ok(Outcome { rows, regrant: vec![payload.member], ..Outcome::default() })
}

fn carried_over<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &MoveMember) -> Decided<Option<PointsTotal>, F> {
    let quarter = proposal.at.latest(proposal.received).civil_day(0).quarter();
    let points = facts.points_of(payload.member).map_err(DecideError::Facts)?;
    let (Some(quarter), Some(points)) = (quarter, points) else {
        return Ok(None);
    };
    let id = RowId::derived("dangjian/carried-over", &[payload.member.0, payload.to.0]);
    // Who comes back to a branch finds the earlier total there: it is brought up to date, not doubled.
    let version = find::<PointsTotal, F>(facts, id)?.map_or(0, |earlier| earlier.version);
    let (member, org) = (payload.member, payload.to);
    Ok(Some(PointsTotal { id, version, member, org, quarter, points, carried: true, component: None }))
}

/// An officer above a branch may open its ledger; its own secretary holds it without asking.
pub(super) fn open_ledger<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &OpenLedger) -> Decided<Outcome, F> {
    organization(facts, payload.org)?;
    if payload.open && !reaches_ledger(facts, proposal.actor, payload.org)? {
        return refuse(Refusal::NotAllowed);
    }
    let actor: MemberId = proposal.actor;
    Ok(Outcome { regrant: vec![actor], ledgers: vec![(payload.org, payload.open)], ..Outcome::default() })
}

//! Rules about points: taking postings back, objecting, deciding, and what the county configures.

use super::notice::{REASON_BYTES, check_text};
use super::{
    DecideError, Decided, Facts, LEADING_OR_SUPERVISING, Outcome, Proposal, Refusal, SUPERVISING, find, found, holds,
    may_decide, refuse,
};
use crate::id::{MemberId, OrgId};
use crate::op::{DecideAppeal, DecideReview, MakeAppeal, PublishRules, ReverseEntry, SetFeatures};
use crate::points::post::reversal;
use crate::rows::{
    Appeal, CaseState, Features, LedgerEntry, Member, Organization, ReviewCase, Role, RuleSetRow, Score, Synced,
};

/// Longest objection, in bytes of UTF-8.
const APPEAL_BYTES: usize = 1_000;

fn one_row(row: impl Synced) -> Outcome {
    Outcome { rows: vec![row.to_row()], ..Outcome::default() }
}

fn text<E>(text: &str, most_bytes: usize) -> Result<(), DecideError<E>> {
    check_text(text, most_bytes).map_or(Ok(()), refuse)
}

/// Refuses those who may not decide what concerns `member`.
fn deciding<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    member: MemberId,
    org: OrgId,
    roles: &[Role],
) -> Decided<(), F> {
    let may = may_decide(facts, proposal.actor, member, org, roles).map_err(DecideError::Facts)?;
    if may { Ok(()) } else { refuse(Refusal::NotAllowed) }
}

/// An officer above takes a posting back, once, with a reason.
pub(super) fn reverse<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &ReverseEntry) -> Decided<Outcome, F> {
    let entry: LedgerEntry = found(facts, payload.entry)?;
    deciding(facts, proposal, entry.member, entry.org, SUPERVISING)?;
    text(&payload.reason, REASON_BYTES)?;
    if find::<LedgerEntry, F>(facts, LedgerEntry::id_of_reversal(entry.id))?.is_some() {
        return refuse(Refusal::AlreadyDecided);
    }
    let reversal =
        reversal(&entry, &payload.reason, proposal.op).map_err(|_| DecideError::Refused(Refusal::NotReversible))?;
    Ok(one_row(reversal))
}

/// A member objects to what concerns them.
pub(super) fn appeal<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &MakeAppeal,
) -> Decided<Outcome, F> {
    let entry = find::<LedgerEntry, F>(facts, payload.about)?.map(|entry| entry.member.0);
    let score = find::<Score, F>(facts, payload.about)?.map(|score| score.subject);
    let case = find::<ReviewCase, F>(facts, payload.about)?.map(|case| case.member.0);
    match entry.or(score).or(case) {
        Some(subject) if subject == proposal.actor.0 => {}
        _ => return refuse(Refusal::NotFound),
    }
    text(&payload.text, APPEAL_BYTES)?;
    if find::<Appeal, F>(facts, proposal.op.0)?.is_some() {
        return refuse(Refusal::Duplicate);
    }
    Ok(one_row(Appeal {
        id: proposal.op.0,
        version: 0,
        member: proposal.actor,
        org: actor.org,
        about: payload.about,
        text: payload.text.clone(),
        made_at: proposal.at.latest(proposal.received),
        state: CaseState::Open,
        decided_by: None,
        decided_at: None,
        answer: None,
    }))
}

/// Somebody above decides an appeal; nobody decides their own. Granting one against a reversal gives the points back, as a
/// posting of its own.
pub(super) fn decide_appeal<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    payload: &DecideAppeal,
) -> Decided<Outcome, F> {
    let appeal: Appeal = found(facts, payload.appeal)?;
    deciding(facts, proposal, appeal.member, appeal.org, SUPERVISING)?;
    if appeal.state != CaseState::Open {
        return refuse(Refusal::AlreadyDecided);
    }
    text(&payload.answer, REASON_BYTES)?;
    let mut rows = vec![];
    if payload.granted
        && let Some(entry) = find::<LedgerEntry, F>(facts, appeal.about)?
        && entry.reverses.is_some()
        && find::<LedgerEntry, F>(facts, LedgerEntry::id_of_reversal(entry.id))?.is_none()
    {
        rows.push(given_back(&entry, proposal, &payload.answer).to_row());
    }
    let decided = Appeal {
        state: if payload.granted { CaseState::Upheld } else { CaseState::Dismissed },
        decided_by: Some(proposal.actor),
        decided_at: Some(proposal.at.latest(proposal.received)),
        answer: Some(payload.answer.clone()),
        ..appeal
    };
    rows.insert(0, decided.to_row());
    Ok(Outcome { rows, ..Outcome::default() })
}

/// The points of a reversal, once more: a posting that takes the reversal back, of which there is one.
fn given_back(reversal: &LedgerEntry, proposal: &Proposal<'_>, reason: &str) -> LedgerEntry {
    LedgerEntry {
        id: LedgerEntry::id_of_reversal(reversal.id),
        version: 0,
        points: reversal.points.saturating_neg(),
        fact: Some(proposal.op),
        reverses: Some(reversal.id),
        reason: Some(reason.to_owned()),
        ..reversal.clone()
    }
}

/// Somebody above closes a review. Points are only taken back one by one, by [`reverse`].
pub(super) fn decide_review<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    payload: &DecideReview,
) -> Decided<Outcome, F> {
    let case: ReviewCase = found(facts, payload.case)?;
    deciding(facts, proposal, case.member, case.org, LEADING_OR_SUPERVISING)?;
    if case.state != CaseState::Open {
        return refuse(Refusal::AlreadyDecided);
    }
    text(&payload.reason, REASON_BYTES)?;
    Ok(one_row(ReviewCase {
        state: if payload.upheld { CaseState::Upheld } else { CaseState::Dismissed },
        decided_by: Some(proposal.actor),
        decided_at: Some(proposal.at.latest(proposal.received)),
        reason: Some(payload.reason.clone()),
        ..case
    }))
}

/// Whether the actor is an officer of the county itself.
fn county_officer<F: Facts>(facts: &F, proposal: &Proposal<'_>, county: OrgId) -> Decided<bool, F> {
    Ok(holds(facts, proposal.actor, county, &[Role::Officer])?
        && find::<Organization, F>(facts, county.0)?.is_some_and(|org| org.parent.is_none()))
}

/// A new rule set, from a later day on: what was posted by another stays as it is.
pub(super) fn publish_rules<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &PublishRules,
) -> Decided<Outcome, F> {
    let county = facts.ancestors(actor.org).map_err(DecideError::Facts)?.last().copied();
    let county = county.ok_or(DecideError::Refused(Refusal::NotFound))?;
    if !county_officer(facts, proposal, county)? {
        return refuse(Refusal::NotAllowed);
    }
    let row = RuleSetRow::of(county, &payload.text).map_err(|_| DecideError::Refused(Refusal::RulesInvalid))?;
    if find::<RuleSetRow, F>(facts, row.id)?.is_some() {
        return refuse(Refusal::Duplicate);
    }
    if row.effective_from <= proposal.received.civil_day(0) {
        return refuse(Refusal::RulesInPast);
    }
    Ok(one_row(row))
}

/// The county's switches.
pub(super) fn set_features<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &SetFeatures) -> Decided<Outcome, F> {
    if !county_officer(facts, proposal, payload.county)? {
        return refuse(Refusal::NotAllowed);
    }
    Ok(one_row(Features {
        id: Features::id_of(payload.county),
        version: 0,
        county: payload.county,
        public_ranking: payload.public_ranking,
        names_on_low_boards: payload.names_on_low_boards,
        study_in_appraisal: payload.study_in_appraisal,
        sign_in_points: payload.sign_in_points,
        mandatory_photo: payload.mandatory_photo,
        usage_reports: payload.usage_reports,
        forced_check_in: payload.forced_check_in,
    }))
}

//! Rules of notices: who may publish to whom, what a stale edit is, who counts as a reader.

use super::may::{scope_fits, speaks_for};
use super::{
    DecideError, Decided, Facts, Outcome, Proposal, Refusal, find, found, organization, reached_through, refuse,
};
use crate::id::NoticeId;
use crate::op::{EditNotice, PublishNotice, ReadNotice, WithdrawNotice};
use crate::rows::{Member, Notice, NoticeReceipt, NoticeState, Synced};

/// Longest headline, in characters.
pub(crate) const TITLE_CHARS: usize = 80;
/// Longest text, in bytes of UTF-8.
pub(crate) const BODY_BYTES: usize = 4_096;
/// Longest reason for a withdrawal, in bytes of UTF-8.
pub(crate) const REASON_BYTES: usize = 400;

fn check_line(text: &str, most_chars: usize) -> Option<Refusal> {
    if text.trim().is_empty() {
        Some(Refusal::TextEmpty)
    } else if text.chars().count() > most_chars {
        Some(Refusal::TextTooLong)
    } else if text.chars().any(char::is_control) {
        Some(Refusal::TextUnprintable)
    } else {
        None
    }
}

pub(super) fn check_text(text: &str, most_bytes: usize) -> Option<Refusal> {
    if text.trim().is_empty() {
        Some(Refusal::TextEmpty)
    } else if text.len() > most_bytes {
        Some(Refusal::TextTooLong)
    } else if text.chars().any(|c| c.is_control() && c != '\n') {
        Some(Refusal::TextUnprintable)
    } else {
        None
    }
}

pub(super) fn publish<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &PublishNotice,
) -> Decided<Outcome, F> {
    let org = organization(facts, payload.org)?;
    if !speaks_for(facts, proposal.actor, payload.org)? {
        return refuse(Refusal::NotAllowed);
    }
    if !scope_fits(org.kind, payload.scope) {
        return refuse(Refusal::WrongScope);
    }
    if let Some(refusal) = check_line(&payload.title, TITLE_CHARS).or(check_text(&payload.body, BODY_BYTES)) {
        return refuse(refusal);
    }
    if find::<Notice, F>(facts, proposal.op.0)?.is_some() {
        return refuse(Refusal::Duplicate);
    }
    let notice = Notice {
        id: proposal.op.0,
        version: 0,
        org: payload.org,
        scope: payload.scope,
        title: payload.title.clone(),
        body: payload.body.clone(),
        author: proposal.actor,
        author_name: actor.name.clone(),
        published_at: proposal.at.latest(proposal.received),
        edited_at: None,
        state: NoticeState::Published,
        withdrawn_reason: None,
    };
    Ok(Outcome { rows: vec![notice.to_row()], ..Outcome::default() })
}

/// The notice, if the actor may change it and had its present version before them.
fn changeable<F: Facts>(facts: &F, proposal: &Proposal<'_>, notice: NoticeId, base_version: u64) -> Decided<Notice, F> {
    let notice: Notice = found(facts, notice.0)?;
    if !speaks_for(facts, proposal.actor, notice.org)? {
        return refuse(Refusal::NotAllowed);
    }
    if notice.state == NoticeState::Withdrawn {
        return refuse(Refusal::Withdrawn);
    }
    // Offline, somebody may edit what they published a minute ago: there is no version yet to name, only the operation.
    let before_them = match proposal.follows {
        None => Some(base_version),
        Some(op) => facts.version_written_by(op, Notice::TABLE, notice.id).map_err(DecideError::Facts)?,
    };
    if before_them != Some(notice.version) {
        return refuse(Refusal::Stale);
    }
    Ok(notice)
}

pub(super) fn edit<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &EditNotice) -> Decided<Outcome, F> {
    let notice = changeable(facts, proposal, payload.notice, payload.base_version)?;
    if let Some(refusal) = check_line(&payload.title, TITLE_CHARS).or(check_text(&payload.body, BODY_BYTES)) {
        return refuse(refusal);
    }
    let notice = Notice {
        title: payload.title.clone(),
        body: payload.body.clone(),
        edited_at: Some(proposal.at.latest(proposal.received)),
        ..notice
    };
    Ok(Outcome { rows: vec![notice.to_row()], ..Outcome::default() })
}

pub(super) fn withdraw<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &WithdrawNotice) -> Decided<Outcome, F> {
    let notice = changeable(facts, proposal, payload.notice, payload.base_version)?;
    if let Some(refusal) = check_text(&payload.reason, REASON_BYTES) {
        return refuse(refusal);
    }
    let notice = Notice { state: NoticeState::Withdrawn, withdrawn_reason: Some(payload.reason.clone()), ..notice };
    Ok(Outcome { rows: vec![notice.to_row()], ..Outcome::default() })
}

/// Only those a notice was addressed to leave a receipt; a second one changes nothing, and neither does one for a notice
/// that was withdrawn meanwhile, since the reader could not know.
pub(super) fn read<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &ReadNotice,
) -> Decided<Outcome, F> {
    let notice: Notice = found(facts, payload.notice.0)?;
    let Some(org) = reached_through(facts, actor, notice.org, notice.scope)? else {
        return refuse(Refusal::NotAllowed);
    };
    let id = NoticeReceipt::id_of(payload.notice, proposal.actor);
    if find::<NoticeReceipt, F>(facts, id)?.is_some() {
        return Ok(Outcome::default());
    }
    let receipt = NoticeReceipt {
        id,
        version: 0,
        notice: payload.notice,
        member: proposal.actor,
        org,
        read_at: proposal.at.latest(proposal.received),
    };
    Ok(Outcome { rows: vec![receipt.to_row()], ..Outcome::default() })
}

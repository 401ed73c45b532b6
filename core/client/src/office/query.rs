//! Cases, objections and switches, as members and officers read them.

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::points::explain;
use dangjian_domain::points::rules::Switches;
use dangjian_domain::rows::{
    Appeal, Board, CaseState, Features, LedgerEntry, Listed, Member, ReviewCase, Role, Score, SubjectKind, Synced as _,
};
use dangjian_domain::rule::{Facts as _, LEADING_OR_SUPERVISING, SUPERVISING, may_decide};
use dangjian_domain::time::Timestamp;
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::FeaturesView;
use crate::boards::BoardLineView;
use crate::boards::query::scored;
use crate::points::query::appeals_of;
use crate::points::standpoint::{Standpoint, org_name, set_named, switches};
use crate::points::{AppealView, CaseView, quarter_words, tenths};
use crate::readers::int;

/// Whose phone it is, if they hold any office.
fn in_office(snapshot: &Snapshot<'_>) -> Result<Option<MemberId>, StoreError> {
    Ok(match dangjian_engine::member_of(snapshot)? {
        Some(me) if !snapshot.roles(me)?.is_empty() => Some(me),
        _ => None,
    })
}

pub(crate) fn my_cases(snapshot: &Snapshot<'_>, limit: usize, offset: usize) -> Result<Vec<CaseView>, StoreError> {
    let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(vec![]) };
    let cases: Vec<ReviewCase> = snapshot.all(
        "member = ?1 ORDER BY opened_at DESC, id DESC LIMIT ?2 OFFSET ?3",
        params![me.0.0, int(limit), int(offset)],
    )?;
    cases.into_iter().map(|case| case_view(snapshot, me, case)).collect()
}

pub(super) fn open_cases(snapshot: &Snapshot<'_>, limit: usize, offset: usize) -> Result<Vec<CaseView>, StoreError> {
    let Some(me) = in_office(snapshot)? else { return Ok(vec![]) };
    let cases: Vec<ReviewCase> = snapshot.all(
        "state = ?1 AND member <> ?2 ORDER BY opened_at, id LIMIT ?3 OFFSET ?4",
        params![CaseState::Open.code(), me.0.0, int(limit), int(offset)],
    )?;
    cases.into_iter().map(|case| case_view(snapshot, me, case)).collect()
}

fn case_view(snapshot: &Snapshot<'_>, me: MemberId, case: ReviewCase) -> Result<CaseView, StoreError> {
    let may = may_decide(snapshot, me, case.member, case.org, LEADING_OR_SUPERVISING)?;
    Ok(CaseView {
        id: case.id,
        member: case.member,
        name: name_of(snapshot, case.member)?,
        org_name: org_name(snapshot, case.org)?,
        kind: case.kind,
        day: case.day,
        evidence: case.evidence,
        opened_at: case.opened_at,
        state: case.state,
        reason: case.reason,
        decided_at: case.decided_at,
        unconfirmed: snapshot.is_pending(ReviewCase::TABLE, case.id)?,
        appeal: appeals_of(snapshot, case.member)?.get(&case.id).copied(),
        may_decide: may && case.state == CaseState::Open,
    })
}

pub(crate) fn my_appeals(snapshot: &Snapshot<'_>, limit: usize, offset: usize) -> Result<Vec<AppealView>, StoreError> {
    let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(vec![]) };
    let appeals: Vec<Appeal> = snapshot.all(
        "member = ?1 ORDER BY made_at DESC, id DESC LIMIT ?2 OFFSET ?3",
        params![me.0.0, int(limit), int(offset)],
    )?;
    appeals.into_iter().map(|appeal| appeal_view(snapshot, me, appeal)).collect()
}

pub(super) fn open_appeals(
    snapshot: &Snapshot<'_>,
    limit: usize,
    offset: usize,
) -> Result<Vec<AppealView>, StoreError> {
    let Some(me) = in_office(snapshot)? else { return Ok(vec![]) };
    let appeals: Vec<Appeal> = snapshot.all(
        "state = ?1 AND member <> ?2 ORDER BY made_at, id LIMIT ?3 OFFSET ?4",
        params![CaseState::Open.code(), me.0.0, int(limit), int(offset)],
    )?;
    appeals.into_iter().map(|appeal| appeal_view(snapshot, me, appeal)).collect()
}

fn appeal_view(snapshot: &Snapshot<'_>, me: MemberId, appeal: Appeal) -> Result<AppealView, StoreError> {
    let may = may_decide(snapshot, me, appeal.member, appeal.org, SUPERVISING)?;
    Ok(AppealView {
        id: appeal.id,
        member: appeal.member,
        name: name_of(snapshot, appeal.member)?,
        org_name: org_name(snapshot, appeal.org)?,
        about: appeal.about,
        about_words: about_words(snapshot, appeal.about)?,
        text: appeal.text,
        made_at: appeal.made_at,
        state: appeal.state,
        state_words: state_words(appeal.state),
        answer: appeal.answer,
        decided_at: appeal.decided_at,
        unconfirmed: snapshot.is_pending(Appeal::TABLE, appeal.id)?,
        may_decide: may && appeal.state == CaseState::Open,
    })
}

/// Where an objection stands.
fn state_words(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "待处理",
        CaseState::Upheld => "申诉成立",
        CaseState::Dismissed => "申诉不成立",
    }
}

/// What is objected to. Officers have the row only if they hold its feed.
fn about_words(snapshot: &Snapshot<'_>, about: RowId) -> Result<Option<String>, StoreError> {
    if let Some(entry) = snapshot.find::<LedgerEntry>(about)? {
        let set = set_named(snapshot, &entry.rule_set)?;
        return Ok(Some(format!("{}（{} 分）", explain::title(&entry, set.as_deref()), entry.points)));
    }
    if let Some(score) = snapshot.find::<Score>(about)? {
        return Ok(Some(format!("{}得分 {} 分", quarter_words(score.quarter), tenths(score.score))));
    }
    Ok(snapshot.find::<ReviewCase>(about)?.map(|case| case.kind.label().to_owned()))
}

fn name_of(snapshot: &Snapshot<'_>, member: MemberId) -> Result<String, StoreError> {
    Ok(snapshot.find::<Member>(member.0)?.map_or_else(String::new, |member| member.name))
}

pub(super) fn low_board(
    snapshot: &Snapshot<'_>,
    branch: OrgId,
    board: Board,
    now: Timestamp,
    limit: usize,
    offset: usize,
) -> Result<Vec<BoardLineView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(vec![]) };
    let rows: Vec<Score> = snapshot.all(
        "org = ?1 AND kind = ?2 AND quarter = ?3 AND board = ?4 AND listed = ?5
         ORDER BY points DESC, score DESC, subject LIMIT ?6 OFFSET ?7",
        params![
            branch.0.0,
            SubjectKind::Member.code(),
            at.quarter().0,
            board.code(),
            Listed::Withheld.code(),
            int(limit),
            int(offset)
        ],
    )?;
    Ok(rows.into_iter().map(|row| scored(row, None, at.me)).collect())
}

pub(super) fn features(snapshot: &Snapshot<'_>) -> Result<Option<FeaturesView>, StoreError> {
    // The county depends on no time.
    let Some(at) = Standpoint::at(snapshot, Timestamp(0))? else { return Ok(None) };
    let Some(county) = at.county() else { return Ok(None) };
    let switches = switches(snapshot, county)?;
    let roles = snapshot.roles(at.me)?;
    Ok(Some(FeaturesView {
        county,
        switches,
        burden_reduction: switches == Switches::BURDEN_REDUCTION,
        unconfirmed: snapshot.is_pending(Features::TABLE, Features::id_of(county))?,
        may_set: roles.contains(&(county, Role::Officer)),
    }))
}

//! Today's questions.

use dangjian_domain::id::RowId;
use dangjian_domain::op::Action;
use dangjian_domain::rows::{QuizDraw, Synced as _};
use dangjian_domain::time::Timestamp;
use dangjian_store::{OpState, Snapshot, StoreError};
use rusqlite::params;

use super::QuizView;
use crate::points::standpoint::{Standpoint, title_of};

/// So many operations that wait are looked through for an earlier request.
const WAITING: usize = 500;

pub(super) fn today(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<QuizView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let draws: Vec<QuizDraw> = snapshot.all(
        "member = ?1 AND day = ?2 ORDER BY answered_at IS NOT NULL, answered_at DESC, id LIMIT 1",
        params![at.me.0.0, at.day.0],
    )?;
    let Some(draw) = draws.into_iter().next() else { return Ok(None) };
    let unreadable = |error| StoreError::Corrupt(format!("a quiz: {error}"));
    Ok(Some(QuizView {
        draw: draw.id,
        item: draw.item,
        title: title_of(snapshot, draw.item)?.unwrap_or_default(),
        day: draw.day,
        questions: serde_json::from_str(&draw.questions).map_err(unreadable)?,
        answered_at: draw.answered_at,
        right: draw.right,
        solution: match &draw.solution {
            Some(solution) => serde_json::from_str(solution).map_err(unreadable)?,
            None => vec![],
        },
        unconfirmed: snapshot.is_pending(QuizDraw::TABLE, draw.id)?,
    }))
}

/// Whether today's questions are here, or were asked for and the request waits.
pub(super) fn is_drawn(snapshot: &Snapshot<'_>, item: RowId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(false) };
    if snapshot.row(QuizDraw::TABLE, QuizDraw::id_of(at.me, item, at.day))?.is_some() {
        return Ok(true);
    }
    let waits = snapshot.outbox(WAITING, 0)?.into_iter().any(|entry| {
        entry.state == OpState::Queued && matches!(entry.op.action(), Ok(Action::DrawQuiz(asked)) if asked.item == item)
    });
    Ok(waits)
}

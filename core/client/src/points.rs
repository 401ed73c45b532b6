//! Points: what they sum to, each posting with where it came from, the score they make, and objecting.
//!
//! What the server has said is confirmed; what this phone's own operations will give is not yet, and is told apart
//! everywhere.

use dangjian_domain::id::{MemberId, OpId, RowId};
use dangjian_domain::op::{Action, MakeAppeal};
use dangjian_domain::points::explain::{Explanation, Line};
use dangjian_domain::rows::{Board, CaseState, ReviewKind};
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_engine::AppError;

use crate::client::Client;

pub(crate) mod query;
pub(crate) mod score;
pub(crate) mod standpoint;

/// A quarter's points and the days behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryView {
    /// The quarter of today.
    pub quarter: Quarter,
    /// 「四季度」.
    pub quarter_words: &'static str,
    /// 「10—12月」.
    pub months_words: &'static str,
    /// Points of the quarter that the server knows of.
    pub confirmed: i64,
    /// Points of the quarter that this phone's operations will give, as far as it can tell.
    pub unconfirmed: i64,
    /// All points that ever arose, unconfirmed ones included.
    pub total_ever: i64,
    /// Points of study on each of the last 30 days, today last, unconfirmed ones included.
    pub thirty_days: Vec<(CivilDay, i64)>,
    /// Their mean, rounded down.
    pub mean_a_day: i64,
    /// Most points that study can give in a day; `None` without a daily cap or without rules.
    pub day_cap: Option<i64>,
}

/// Which postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerFilter {
    /// All.
    #[default]
    All,
    /// Of study, signing in and quizzes.
    Study,
    /// Of organization life.
    Life,
    /// Of accepted suggestions.
    Suggestion,
    /// Those that the server does not know of yet.
    Unconfirmed,
}

/// A posting in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Which posting.
    pub id: RowId,
    /// The day it counts for.
    pub day: CivilDay,
    /// Its rule in words; says if it takes back or gives back.
    pub title: String,
    /// Title of what it is about, if that is at hand.
    pub about_title: Option<String>,
    /// When what it was given for began.
    pub from_at: Option<Timestamp>,
    /// When that ended.
    pub to_at: Option<Timestamp>,
    /// How many; negative for what was taken back.
    pub points: i64,
    /// Whether the server has it.
    pub confirmed: bool,
    /// Whether it was taken back, and not given back since.
    pub reversed: bool,
    /// Where the newest objection to it stands, if there is one.
    pub appeal: Option<CaseState>,
}

/// Where a posting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryExplanation {
    /// The posting.
    pub entry: EntryView,
    /// Rule × fact × cap = points, line by line, with where it stands.
    pub explanation: Explanation,
    /// For one that is not confirmed: what happens if the server finds otherwise.
    pub note: Option<&'static str>,
    /// Whether this phone's member may take it back.
    pub may_reverse: bool,
}

/// Where the member stands in the quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreView {
    /// The score's row, for objecting to it.
    pub id: RowId,
    /// The quarter.
    pub quarter: Quarter,
    /// Points of the quarter, as the server counted them.
    pub points: i64,
    /// Score in tenths, 0 to 1,000.
    pub score: i64,
    /// 「92.4」.
    pub score_words: String,
    /// The board.
    pub board: Board,
    /// The components: 「学习 41.2」.
    pub components: Vec<Line>,
    /// How each component follows from points. Absent while the postings on this phone are not those that were counted.
    pub explanation: Option<Explanation>,
    /// When it was computed.
    pub as_of: Timestamp,
    /// Where the newest objection to it stands, if there is one.
    pub appeal: Option<CaseState>,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealView {
    /// Which.
    pub id: RowId,
    /// Who objects.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Name of their branch.
    pub org_name: String,
    /// What is objected to.
    pub about: RowId,
    /// That in words, if it is at hand.
    pub about_words: Option<String>,
    /// The member's words.
    pub text: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Where it stands.
    pub state: CaseState,
    /// That in words.
    pub state_words: &'static str,
    /// The answer.
    pub answer: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Whether the objection, or the decision, waits for the server.
    pub unconfirmed: bool,
    /// Whether this phone's member may decide it.
    pub may_decide: bool,
}

/// Something that a person is asked to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// Which.
    pub id: RowId,
    /// Whom it concerns.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Name of their branch.
    pub org_name: String,
    /// What was noticed.
    pub kind: ReviewKind,
    /// The day.
    pub day: CivilDay,
    /// What was measured, in words.
    pub evidence: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: CaseState,
    /// The reason given with the decision.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Whether the decision waits for the server.
    pub unconfirmed: bool,
    /// Where the newest objection to it stands, if there is one.
    pub appeal: Option<CaseState>,
    /// Whether this phone's member may decide it.
    pub may_decide: bool,
}

/// Points.
pub struct PointsService<'c>(&'c Client);

impl Client {
    /// Points.
    pub fn points(&self) -> PointsService<'_> {
        PointsService(self)
    }
}

impl PointsService<'_> {
    /// The quarter and the last 30 days as of `now`; `None` before the first sign-in.
    pub fn summary(&self, now: Timestamp) -> Result<Option<SummaryView>, AppError> {
        self.0.read(|snapshot| query::summary(snapshot, now))
    }

    /// One's postings, newest first.
    pub fn ledger(&self, filter: LedgerFilter, limit: usize, offset: usize) -> Result<Vec<EntryView>, AppError> {
        self.0.read(|snapshot| match dangjian_engine::member_of(snapshot)? {
            Some(me) => query::ledger(snapshot, me, filter, limit, offset),
            None => Ok(vec![]),
        })
    }

    /// Where a posting comes from, in the words and numbers of the rule set that made it.
    pub fn explain(&self, entry: RowId, now: Timestamp) -> Result<Option<EntryExplanation>, AppError> {
        self.0.read(|snapshot| query::explain(snapshot, entry, now))
    }

    /// One's score of the quarter and what it is composed of; `None` while there is none.
    pub fn my_score(&self, now: Timestamp) -> Result<Option<ScoreView>, AppError> {
        self.0.read(|snapshot| score::mine(snapshot, now))
    }

    /// Objects to a posting, a score or a case, in at most 1,000 bytes.
    pub async fn appeal(&self, about: RowId, text: &str) -> Result<OpId, AppError> {
        self.0.act(Action::MakeAppeal(MakeAppeal { about, text: text.to_owned() })).await
    }

    /// One's objections, newest first.
    pub fn appeals(&self, limit: usize, offset: usize) -> Result<Vec<AppealView>, AppError> {
        self.0.read(|snapshot| crate::office::query::my_appeals(snapshot, limit, offset))
    }

    /// What a person was or is asked to look at about this phone's member, newest first.
    pub fn cases(&self, limit: usize, offset: usize) -> Result<Vec<CaseView>, AppError> {
        self.0.read(|snapshot| crate::office::query::my_cases(snapshot, limit, offset))
    }
}

/// 「四季度」.
pub(crate) fn quarter_words(quarter: Quarter) -> &'static str {
    match quarter.0.rem_euclid(10) {
        1 => "一季度",
        2 => "二季度",
        3 => "三季度",
        _ => "四季度",
    }
}

/// 「10—12月」.
pub(crate) fn months_words(quarter: Quarter) -> &'static str {
    match quarter.0.rem_euclid(10) {
        1 => "1—3月",
        2 => "4—6月",
        3 => "7—9月",
        _ => "10—12月",
    }
}

/// Tenths as people read them: 「92.4」.
pub(crate) fn tenths(n: i64) -> String {
    format!("{}{}.{}", if n < 0 { "-" } else { "" }, n.unsigned_abs() / 10, n.unsigned_abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_and_a_score_read_as_on_the_screens() {
        assert_eq!((quarter_words(Quarter(20264)), months_words(Quarter(20264))), ("四季度", "10—12月"));
        assert_eq!((quarter_words(Quarter(20271)), months_words(Quarter(20271))), ("一季度", "1—3月"));
        assert_eq!((tenths(924), tenths(1_000), tenths(-5)), ("92.4".into(), "100.0".into(), "-0.5".into()));
    }
}

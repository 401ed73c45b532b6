//! Points: what they sum to, each posting with where it came from, the score they make, and objecting.

use std::sync::Arc;

use dangjian_client::points as client_points;
use dangjian_domain::id::{MemberId, OpId, RowId};
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::boards::Board;
use crate::convert::{Cross, page};
use crate::error::AppError;
use crate::shared::Shared;
use crate::types::Day;

/// Points of one day.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DayPoints {
    /// The day.
    pub day: Day,
    /// Its points.
    pub points: i64,
}

impl Cross<DayPoints> for (CivilDay, i64) {
    fn cross(self) -> DayPoints {
        DayPoints { day: self.0.cross(), points: self.1 }
    }
}

record! {
    /// A quarter's points and the days behind them.
    SummaryView from client_points::SummaryView {
        /// The quarter of today as `year × 10 + quarter`.
        quarter: i32,
        /// 「四季度」.
        quarter_words: String,
        /// 「10—12月」.
        months_words: String,
        /// Points of the quarter that the server knows of.
        confirmed: i64,
        /// Points of the quarter that this phone's operations will give, as far as it can tell.
        unconfirmed: i64,
        /// All points that ever arose, unconfirmed ones included.
        total_ever: i64,
        /// Points of study on each of the last 30 days, today last, unconfirmed ones included.
        thirty_days: Vec<DayPoints>,
        /// Their mean, rounded down.
        mean_a_day: i64,
        /// Most points that study can give in a day; nothing without a daily cap or without rules.
        day_cap: Option<i64>,
    }
}

mirror! {
    /// Which postings.
    LedgerFilter from client_points::LedgerFilter {
        /// All.
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
}

mirror! {
    /// Where a case or an objection stands.
    CaseState from dangjian_domain::rows::CaseState {
        /// Waits for a person.
        Open,
        /// Found to be so; for an objection: granted.
        Upheld,
        /// Nothing wrong found; for an objection: not granted.
        Dismissed,
    }
}

mirror! {
    /// What a person is asked to look at.
    ReviewKind from dangjian_domain::rows::ReviewKind {
        /// Touches at exact intervals, as scripts make them.
        ExactInterval,
        /// A device with two histories.
        Fork,
        /// More time claimed than there was.
        ImpossibleSum,
        /// Comprehension checks answered as by chance.
        RandomAnswers,
    }
}

#[uniffi::export]
impl ReviewKind {
    /// In words: 「操作间隔过于规律」.
    pub fn words(&self) -> String {
        dangjian_domain::rows::ReviewKind::label((*self).cross()).to_owned()
    }
}

record! {
    /// A posting in a list.
    EntryView from client_points::EntryView {
        /// Which posting.
        id: RowId,
        /// The day it counts for.
        day: Day,
        /// Its rule in words; says if it takes back or gives back.
        title: String,
        /// Title of what it is about, if that is at hand.
        about_title: Option<String>,
        /// When what it was given for began.
        from_at: Option<Timestamp>,
        /// When that ended.
        to_at: Option<Timestamp>,
        /// How many; negative for what was taken back.
        points: i64,
        /// Whether the server has it.
        confirmed: bool,
        /// Whether it was taken back, and not given back since.
        reversed: bool,
        /// Where the newest objection to it stands, if there is one.
        appeal: Option<CaseState>,
    }
}

page! {
    /// A page of postings.
    EntryPage of EntryView
}

record! {
    /// One line of an explanation.
    Line from dangjian_domain::points::explain::Line {
        /// What it tells: 规则, 得分.
        label: String,
        /// What it is.
        text: String,
    }
}

record! {
    /// An explanation for a person.
    Explanation from dangjian_domain::points::explain::Explanation {
        /// The question it answers: 「这 3 分怎么来的」.
        headline: String,
        /// The answer, line by line.
        lines: Vec<Line>,
        /// The answer read out as one.
        sentence: String,
    }
}

record! {
    /// Where a posting comes from.
    EntryExplanation from client_points::EntryExplanation {
        /// The posting.
        entry: EntryView,
        /// Rule × fact × cap = points, line by line.
        explanation: Explanation,
        /// For one that is not confirmed: what happens if the server finds otherwise.
        note: Option<String>,
        /// Whether this phone's member may take it back.
        may_reverse: bool,
    }
}

record! {
    /// Where the member stands in the quarter.
    ScoreView from client_points::ScoreView {
        /// The score's row, for objecting to it.
        id: RowId,
        /// The quarter as `year × 10 + quarter`.
        quarter: i32,
        /// Points of the quarter, as the server counted them.
        points: i64,
        /// Score in tenths, 0 to 1,000.
        score: i64,
        /// 「92.4」.
        score_words: String,
        /// The board.
        board: Board,
        /// The components: 「学习 41.2」.
        components: Vec<Line>,
        /// How each component follows from points, where that can be told.
        explanation: Option<Explanation>,
        /// When it was computed.
        as_of: Timestamp,
        /// Where the newest objection to it stands, if there is one.
        appeal: Option<CaseState>,
    }
}

record! {
    /// An objection.
    AppealView from client_points::AppealView {
        /// Which.
        id: RowId,
        /// Who objects.
        member: MemberId,
        /// Their name.
        name: String,
        /// Name of their branch.
        org_name: String,
        /// What is objected to.
        about: RowId,
        /// That in words, if it is at hand.
        about_words: Option<String>,
        /// The member's words.
        text: String,
        /// When it was made.
        made_at: Timestamp,
        /// Where it stands.
        state: CaseState,
        /// That in words.
        state_words: String,
        /// The answer.
        answer: Option<String>,
        /// When it was decided.
        decided_at: Option<Timestamp>,
        /// Whether the objection, or the decision, waits for the server.
        unconfirmed: bool,
        /// Whether this phone's member may decide it.
        may_decide: bool,
    }
}

page! {
    /// A page of objections.
    AppealPage of AppealView
}

record! {
    /// Something that a person is asked to look at.
    CaseView from client_points::CaseView {
        /// Which.
        id: RowId,
        /// Whom it concerns.
        member: MemberId,
        /// Their name.
        name: String,
        /// Name of their branch.
        org_name: String,
        /// What was noticed.
        kind: ReviewKind,
        /// The day.
        day: Day,
        /// What was measured, in words.
        evidence: String,
        /// When it was opened.
        opened_at: Timestamp,
        /// Where it stands.
        state: CaseState,
        /// The reason given with the decision.
        reason: Option<String>,
        /// When it was decided.
        decided_at: Option<Timestamp>,
        /// Whether the decision waits for the server.
        unconfirmed: bool,
        /// Where the newest objection to it stands, if there is one.
        appeal: Option<CaseState>,
        /// Whether this phone's member may decide it.
        may_decide: bool,
    }
}

page! {
    /// A page of cases.
    CasePage of CaseView
}

/// Points.
#[derive(uniffi::Object)]
pub struct PointsService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl PointsService {
    /// The quarter and the last 30 days; nothing before the first sign-in.
    pub async fn summary(&self) -> Result<Option<SummaryView>, AppError> {
        self.0.read(|client, now| client.points().summary(now).map(|summary| summary.cross())).await
    }

    /// One's postings, newest first.
    pub async fn ledger(&self, filter: LedgerFilter, limit: u32, offset: u32) -> Result<EntryPage, AppError> {
        self.0
            .read(move |client, _| {
                page(limit, offset, |limit, offset| client.points().ledger(filter.cross(), limit, offset))
            })
            .await
    }

    /// Where a posting comes from, in the words and numbers of the rule set that made it.
    pub async fn explain(&self, entry: RowId) -> Result<Option<EntryExplanation>, AppError> {
        self.0.read(move |client, now| client.points().explain(entry, now).map(|explained| explained.cross())).await
    }

    /// One's score of the quarter and what it is composed of; nothing while there is none.
    pub async fn my_score(&self) -> Result<Option<ScoreView>, AppError> {
        self.0.read(|client, now| client.points().my_score(now).map(|score| score.cross())).await
    }

    /// Objects to a posting, a score or a case, in at most 1,000 bytes.
    pub async fn appeal(&self, about: RowId, text: String) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.points().appeal(about, &text).await }).await
    }

    /// One's objections, newest first.
    pub async fn appeals(&self, limit: u32, offset: u32) -> Result<AppealPage, AppError> {
        self.0.read(move |client, _| page(limit, offset, |limit, offset| client.points().appeals(limit, offset))).await
    }

    /// What a person was or is asked to look at about this phone's member, newest first.
    pub async fn cases(&self, limit: u32, offset: u32) -> Result<CasePage, AppError> {
        self.0.read(move |client, _| page(limit, offset, |limit, offset| client.points().cases(limit, offset))).await
    }
}

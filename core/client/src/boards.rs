//! Ranks and boards.
//!
//! A rank is computed here, from one's own points and a histogram without names: exactly, and without a network. Names come
//! only with what the server publishes, which is nothing of the low boards.

use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::points::rank::Movement;
use dangjian_domain::rows::{Board, SubjectKind};
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_engine::AppError;

use crate::client::Client;

pub(crate) mod query;

/// An organization within which one may see one's rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeView {
    /// Which.
    pub org: OrgId,
    /// 「本支部」「新圩镇」「全县」.
    pub label: String,
    /// Its full name.
    pub name: String,
    /// What is ranked within it: members, and branches and committees where there are any below it.
    pub kinds: Vec<SubjectKind>,
}

/// Where one stands among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankView {
    /// Within which organization.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// 「支部」「新圩镇」「全县」.
    pub within: String,
    /// What is ranked.
    pub kind: SubjectKind,
    /// 1 and as many more as have more points.
    pub rank: i64,
    /// How many are ranked.
    pub subjects: i64,
    /// Points of the quarter; for a member unconfirmed ones included.
    pub points: i64,
    /// How the rank changed since yesterday's end; `None` if yesterday's is not known.
    pub movement: Option<Movement>,
    /// That in words: 「较昨日下降 1 位」.
    pub words: Option<String>,
    /// All of it read out: 「支部第 4 名，较昨日下降 1 位」.
    pub sentence: String,
    /// 「距第 3 名还差 46 分」; `None` for the first.
    pub to_next: Option<String>,
    /// The day up to which the others' points are counted.
    pub day: CivilDay,
    /// The quarter.
    pub quarter: Quarter,
    /// When the others' points were counted.
    pub as_of: Timestamp,
}

/// A board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardView {
    /// Whose.
    pub org: OrgId,
    /// 「本支部」「新圩镇」「全县」.
    pub label: String,
    /// What is on it.
    pub kind: SubjectKind,
    /// Which of the four.
    pub board: Board,
    /// The quarter.
    pub quarter: Quarter,
    /// 「四季度」.
    pub quarter_words: &'static str,
    /// What puts somebody on it: 「90 分以上，名额不超过 20%（规则集 2026.1）」.
    pub rule: Option<String>,
    /// A page of its lines. On the low boards there is nobody but oneself.
    pub lines: Vec<BoardLineView>,
    /// How many are on it by name; `None` on the low boards, which are not counted out.
    pub listed: Option<i64>,
    /// How many are ranked in all.
    pub subjects: Option<i64>,
    /// One's own line, if one is on this board.
    pub mine: Option<BoardLineView>,
    /// Who sees the names on the low boards.
    pub low_note: &'static str,
    /// When it was computed; `None` if there is nothing yet.
    pub as_of: Option<Timestamp>,
}

/// A line of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLineView {
    /// Place on this board by points, from 1, equals sharing one; `None` on the low boards and beyond the list.
    pub place: Option<i64>,
    /// Who.
    pub subject: RowId,
    /// Name.
    pub name: String,
    /// Name of the organization above; `None` where it is the board's own.
    pub of_name: Option<String>,
    /// Points of the quarter.
    pub points: i64,
    /// Score in tenths.
    pub score: i64,
    /// 「92.4」.
    pub score_words: String,
    /// Whether it is this phone's member, or the organization that stands for them.
    pub mine: bool,
}

/// Ranks and boards.
pub struct BoardService<'c>(&'c Client);

impl Client {
    /// Ranks and boards.
    pub fn boards(&self) -> BoardService<'_> {
        BoardService(self)
    }
}

impl BoardService<'_> {
    /// The organizations one may choose: one's branch, what is above it up to the county, guest branches.
    pub fn scopes(&self) -> Result<Vec<ScopeView>, AppError> {
        self.0.read(query::scopes)
    }

    /// Where one stands within `org`: the member, or their branch or committee. `None` where ranks are not published, nothing
    /// was counted yet, or `org` is none of [`Self::scopes`].
    pub fn rank(&self, org: OrgId, kind: SubjectKind, now: Timestamp) -> Result<Option<RankView>, AppError> {
        self.0.read(|snapshot| query::rank(snapshot, org, kind, now))
    }

    /// The member's rank in their branch.
    pub fn today_rank(&self, now: Timestamp) -> Result<Option<RankView>, AppError> {
        self.0.read(|snapshot| query::home_rank(snapshot, now))
    }

    /// A page of a board of this quarter; `None` where boards are not published or `org` is none of [`Self::scopes`]. Above
    /// the branch there is a list of the best on the gold board only.
    pub fn board(
        &self,
        org: OrgId,
        kind: SubjectKind,
        board: Board,
        now: Timestamp,
        limit: usize,
        offset: usize,
    ) -> Result<Option<BoardView>, AppError> {
        self.0.read(|snapshot| query::board(snapshot, &query::Asked { org, kind, board, limit, offset }, now))
    }
}

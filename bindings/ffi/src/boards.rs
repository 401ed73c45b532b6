//! Ranks and boards.

use std::sync::Arc;

use dangjian_client::boards as client_boards;
use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::points::rank;
use dangjian_domain::time::Timestamp;

use crate::convert::{Cross, MOST_ROWS};
use crate::error::AppError;
use crate::shared::Shared;
use crate::types::Day;

mirror! {
    /// What a score or a board is about.
    SubjectKind from dangjian_domain::rows::SubjectKind {
        /// A member.
        Member,
        /// A branch.
        Branch,
        /// An organization with others below it.
        Committee,
    }
}

mirror! {
    /// The four boards (金榜、银榜、黄榜、黑榜).
    Board from dangjian_domain::rows::Board {
        /// Gold.
        Gold,
        /// Silver.
        Silver,
        /// Yellow.
        Yellow,
        /// Black.
        Black,
    }
}

/// How a rank moved since yesterday's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Movement {
    /// There was none yesterday.
    New,
    /// As it was.
    Same,
    /// Better.
    Up {
        /// By so many places.
        places: i64,
    },
    /// Worse.
    Down {
        /// By so many places.
        places: i64,
    },
}

impl Cross<Movement> for rank::Movement {
    fn cross(self) -> Movement {
        match self {
            Self::New => Movement::New,
            Self::Same => Movement::Same,
            Self::Up(places) => Movement::Up { places },
            Self::Down(places) => Movement::Down { places },
        }
    }
}

record! {
    /// An organization within which one may see one's rank.
    ScopeView from client_boards::ScopeView {
        /// Which.
        org: OrgId,
        /// 「本支部」「新圩镇」「全县」.
        label: String,
        /// Its full name.
        name: String,
        /// What is ranked within it.
        kinds: Vec<SubjectKind>,
    }
}

record! {
    /// Where one stands among others.
    RankView from client_boards::RankView {
        /// Within which organization.
        org: OrgId,
        /// Its name.
        org_name: String,
        /// 「支部」「新圩镇」「全县」.
        within: String,
        /// What is ranked.
        kind: SubjectKind,
        /// 1 and as many more as have more points.
        rank: i64,
        /// How many are ranked.
        subjects: i64,
        /// Points of the quarter; for a member unconfirmed ones included.
        points: i64,
        /// How the rank changed since yesterday's end, if yesterday's is known.
        movement: Option<Movement>,
        /// That in words: 「较昨日下降 1 位」.
        words: Option<String>,
        /// All of it read out: 「支部第 4 名，较昨日下降 1 位」.
        sentence: String,
        /// 「距第 3 名还差 46 分」; nothing for the first.
        to_next: Option<String>,
        /// The day up to which the others' points are counted.
        day: Day,
        /// The quarter as `year × 10 + quarter`.
        quarter: i32,
        /// When the others' points were counted.
        as_of: Timestamp,
    }
}

record! {
    /// A board.
    BoardView from client_boards::BoardView {
        /// Whose.
        org: OrgId,
        /// 「本支部」「新圩镇」「全县」.
        label: String,
        /// What is on it.
        kind: SubjectKind,
        /// Which of the four.
        board: Board,
        /// The quarter as `year × 10 + quarter`.
        quarter: i32,
        /// 「四季度」.
        quarter_words: String,
        /// What puts somebody on it: 「90 分以上，名额不超过 20%（规则集 2026.1）」.
        rule: Option<String>,
        /// A page of its lines. On the low boards there is nobody but oneself.
        lines: Vec<BoardLineView>,
        /// How many are on it by name; nothing on the low boards, which are not counted out.
        listed: Option<i64>,
        /// How many are ranked in all.
        subjects: Option<i64>,
        /// One's own line, if one is on this board.
        mine: Option<BoardLineView>,
        /// Who sees the names on the low boards.
        low_note: String,
        /// When it was computed; nothing if there is nothing yet.
        as_of: Option<Timestamp>,
    }
}

record! {
    /// A line of a board.
    BoardLineView from client_boards::BoardLineView {
        /// Place on this board by points, from 1, equals sharing one; nothing on the low boards and beyond the list.
        place: Option<i64>,
        /// Who.
        subject: RowId,
        /// Name.
        name: String,
        /// Name of the organization above; nothing where it is the board's own.
        of_name: Option<String>,
        /// Points of the quarter.
        points: i64,
        /// Score in tenths.
        score: i64,
        /// 「92.4」.
        score_words: String,
        /// Whether it is this phone's member, or the organization that stands for them.
        mine: bool,
    }
}

page! {
    /// A page of lines of a board.
    BoardLinePage of BoardLineView
}

/// Ranks and boards.
#[derive(uniffi::Object)]
pub struct BoardService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl BoardService {
    /// The organizations one may choose: one's branch, what is above it up to the county, guest branches.
    pub async fn scopes(&self) -> Result<Vec<ScopeView>, AppError> {
        self.0.read(|client, _| client.boards().scopes().map(|scopes| scopes.cross())).await
    }

    /// Where one stands within `org`. Nothing where ranks are not published, nothing was counted yet, or `org` is none of
    /// [`Self::scopes`].
    pub async fn rank(&self, org: OrgId, kind: SubjectKind) -> Result<Option<RankView>, AppError> {
        self.0.read(move |client, now| client.boards().rank(org, kind.cross(), now).map(|rank| rank.cross())).await
    }

    /// The member's rank in their branch.
    pub async fn today_rank(&self) -> Result<Option<RankView>, AppError> {
        self.0.read(|client, now| client.boards().today_rank(now).map(|rank| rank.cross())).await
    }

    /// A page of a board of this quarter; nothing where boards are not published or `org` is none of [`Self::scopes`].
    pub async fn board(
        &self,
        org: OrgId,
        kind: SubjectKind,
        board: Board,
        limit: u32,
        offset: u32,
    ) -> Result<Option<BoardView>, AppError> {
        let limit = limit.clamp(1, MOST_ROWS) as usize;
        self.0
            .read(move |client, now| {
                let view = client.boards().board(org, kind.cross(), board.cross(), now, limit, offset as usize)?;
                Ok(view.cross())
            })
            .await
    }
}

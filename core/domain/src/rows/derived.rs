//! Ids that follow from what a row is about, so that there is one such row and whoever writes it first knows its id; and rows
//! that follow from less than all their columns.

use super::{
    BoardLine, Features, Histogram, ItemProgress, LedgerEntry, NoticeReceipt, QuizDraw, ReviewCase, ReviewKind,
    RuleSetRow, Score, StudyDay, SubjectKind,
};
use crate::id::{MemberId, NoticeId, OrgId, RowId};
use crate::points::rules::{RuleSet, RulesError};
use crate::time::{CivilDay, Quarter};

impl NoticeReceipt {
    /// The id of the receipt of `member` for `notice`.
    pub fn id_of(notice: NoticeId, member: MemberId) -> RowId {
        RowId::derived("dangjian/notice-receipt", &[notice.0, member.0])
    }
}

/// A number as a part of a derived id.
fn number(n: i64) -> RowId {
    RowId(i128::from(n).to_be_bytes())
}

impl LedgerEntry {
    /// A posting of which nothing is known but what it gave, as from a system before this one.
    pub fn imported(id: RowId, member: MemberId, org: OrgId, day: CivilDay, rule: &str, points: i64) -> Self {
        Self {
            id,
            version: 0,
            member,
            org,
            day,
            rule: rule.to_owned(),
            points,
            fact: None,
            rule_set: String::new(),
            amount: points,
            amount_before: 0,
            points_before: 0,
            about: None,
            from_at: None,
            to_at: None,
            reverses: None,
            reason: None,
        }
    }

    /// The id of the posting that `rule` gives for `fact`: what makes postings unique.
    pub fn id_of(fact: RowId, rule: &str) -> RowId {
        RowId::derived("dangjian/ledger-entry", &[fact, RowId::derived(rule, &[])])
    }

    /// The id of the posting that takes back `entry`: there is at most one.
    pub fn id_of_reversal(entry: RowId) -> RowId {
        RowId::derived("dangjian/reversal", &[entry])
    }
}

impl StudyDay {
    /// The id of what `member` studied on `day`.
    pub fn id_of(member: MemberId, day: CivilDay) -> RowId {
        RowId::derived("dangjian/study-day", &[member.0, number(day.0.into())])
    }
}

impl ItemProgress {
    /// The id of how far `member` is with `item`.
    pub fn id_of(member: MemberId, item: RowId) -> RowId {
        RowId::derived("dangjian/item-progress", &[member.0, item])
    }
}

impl Histogram {
    /// The id of the histogram of `org` for `kind` on `day`.
    pub fn id_of(org: OrgId, kind: SubjectKind, day: CivilDay) -> RowId {
        RowId::derived("dangjian/histogram", &[org.0, number(kind.code()), number(day.0.into())])
    }
}

impl Score {
    /// The id of the score of `subject` in `quarter`.
    pub fn id_of(subject: RowId, quarter: Quarter) -> RowId {
        RowId::derived("dangjian/score", &[subject, number(quarter.0.into())])
    }
}

impl BoardLine {
    /// The id of the `line`-th line of a board of `org`.
    pub fn id_of(org: OrgId, kind: SubjectKind, quarter: Quarter, line: i64) -> RowId {
        let parts = [org.0, number(kind.code()), number(quarter.0.into()), number(line)];
        RowId::derived("dangjian/board-line", &parts)
    }
}

impl QuizDraw {
    /// The id of the draw of `item` for `member` on `day`: one a day.
    pub fn id_of(member: MemberId, item: RowId, day: CivilDay) -> RowId {
        RowId::derived("dangjian/quiz-draw", &[member.0, item, number(day.0.into())])
    }
}

impl ReviewCase {
    /// The id of the case about `member` for `kind` on `day`: one a day.
    pub fn id_of(member: MemberId, kind: ReviewKind, day: CivilDay) -> RowId {
        RowId::derived("dangjian/review-case", &[member.0, number(kind.code()), number(day.0.into())])
    }
}

impl RuleSetRow {
    /// The id of version `version` of the set `name`: there is one.
    pub fn id_of(name: &str, version: &str) -> RowId {
        RowId::derived("dangjian/rule-set", &[RowId::derived(name, &[]), RowId::derived(version, &[])])
    }

    /// The row that publishes the set of that text in `county`.
    pub fn of(county: OrgId, text: &str) -> Result<Self, RulesError> {
        let set = RuleSet::parse(text)?;
        Ok(Self {
            id: Self::id_of(&set.name, &set.version),
            version: 0,
            county,
            name: set.name,
            rule_version: set.version,
            effective_from: set.effective_from,
            text: text.to_owned(),
        })
    }
}

impl Features {
    /// The id of the county's row.
    pub fn id_of(county: OrgId) -> RowId {
        RowId::derived("dangjian/features", &[county.0])
    }
}

//! Feeds: the leaf streams rows travel in. Which feeds a row belongs to follows from its columns alone, so that server
//! and phone always agree, and nothing has to be copied up the tree: a wider reader holds more feeds.

use std::fmt;

use crate::id::{MemberId, OrgId, RowId};
use crate::schema::{FeedKind, Row, Table, Value};

/// One feed: a kind and the member or organization it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feed {
    /// Which kind.
    pub kind: FeedKind,
    /// The member (for `own`) or organization.
    pub subject: RowId,
}

impl Feed {
    /// `own/member`.
    pub fn own(member: MemberId) -> Self {
        Self { kind: FeedKind::Own, subject: member.0 }
    }

    /// `branch/org`.
    pub fn branch(org: OrgId) -> Self {
        Self { kind: FeedKind::Branch, subject: org.0 }
    }

    /// `duty/org`.
    pub fn duty(org: OrgId) -> Self {
        Self { kind: FeedKind::Duty, subject: org.0 }
    }

    /// `ledger/org`.
    pub fn ledger(org: OrgId) -> Self {
        Self { kind: FeedKind::Ledger, subject: org.0 }
    }

    /// `down/org`.
    pub fn down(org: OrgId) -> Self {
        Self { kind: FeedKind::Down, subject: org.0 }
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.subject)
    }
}

/// A table's feed rules with the column names looked up, for going through many rows.
#[derive(Debug, Clone, Copy)]
pub struct ResolvedRule {
    /// Which kind of feed.
    pub kind: FeedKind,
    /// Position of the column with the subject.
    pub subject: usize,
    /// Position and value of the integer column that must match, if any.
    pub when: Option<(usize, i64)>,
}

/// The feed rules of `table` by column position.
pub fn resolved_rules(table: &Table) -> Vec<ResolvedRule> {
    table
        .feeds
        .iter()
        .filter_map(|rule| {
            let when = match rule.when {
                None => None,
                Some((column, value)) => Some((table.position(column)?, value)),
            };
            Some(ResolvedRule { kind: rule.kind, subject: table.position(rule.subject)?, when })
        })
        .collect()
}

/// The feeds `row` belongs to, at most three.
pub fn feeds_of(row: &Row) -> Vec<Feed> {
    resolved_rules(row.table())
        .into_iter()
        .filter(|rule| rule.when.is_none_or(|(at, value)| row.values().get(at) == Some(&Value::Int(value))))
        .filter_map(|rule| match row.values().get(rule.subject) {
            Some(Value::Id(subject)) => Some(Feed { kind: rule.kind, subject: *subject }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Notice, NoticeScope, NoticeState, Synced};
    use crate::time::Timestamp;

    #[test]
    fn a_notice_goes_to_the_branch_or_down_the_subtree_and_to_the_officers_above() {
        let org = OrgId(RowId([9; 16]));
        let mut notice = Notice {
            id: RowId([1; 16]),
            version: 1,
            org,
            scope: NoticeScope::Branch,
            title: "t".into(),
            body: "b".into(),
            author: RowId([2; 16]).into(),
            author_name: "n".into(),
            published_at: Timestamp(0),
            edited_at: None,
            state: NoticeState::Published,
            withdrawn_reason: None,
        };
        assert_eq!(feeds_of(&notice.to_row()), vec![Feed::branch(org)]);
        notice.scope = NoticeScope::Subtree;
        assert_eq!(feeds_of(&notice.to_row()), vec![Feed::down(org), Feed::duty(org)]);
    }
}

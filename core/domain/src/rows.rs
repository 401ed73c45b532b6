//! The rows that travel from server to phone, one struct a table.
//!
//! Which table a fact goes into follows from who may see it: a table's feed rules apply to whole rows, so facts for
//! different eyes stand in different tables (a member's name for the branch, the file for the officers, the pay for
//! nobody but the member).

use crate::id::{MemberId, NoticeId, OpId, OrgId, RowId};
use crate::schema::{Row, RowError, Table, synced_tables};
use crate::time::{CivilDay, Quarter, Timestamp};

mod codes;
mod derived;

pub use codes::{
    ActivityKind, Board, CaseState, Gender, ItemCategory, ItemKind, Listed, MemberStatus, NoticeScope, NoticeState,
    OrgKind, PayBasis, Post, ReviewKind, Role, Standing, SubjectKind,
};

/// A struct that is a row of a synced table.
pub trait Synced: Sized {
    /// Its table.
    const TABLE: &'static Table;
    /// As a generic row.
    fn to_row(&self) -> Row;
    /// From a generic row; an error if it is a row of another table or holds an unknown code.
    fn from_row(row: &Row) -> Result<Self, RowError>;
}

/// The table of that number, if this version of the program knows it.
pub fn table(no: u16) -> Option<&'static Table> {
    TABLES.iter().copied().find(|table| table.no == no)
}

synced_tables! {
    /// A Party organization, as everyone in the county may know it.
    1 "organization" Organization {
        feeds: [Down(county)],
        indexes: [[parent]],
        columns: {
            /// Root of the tree it stands in.
            3 county: OrgId,
            /// The organization above; absent for the root.
            4 parent: Option<OrgId>,
            /// Code of the kind.
            5 kind: OrgKind,
            /// Full name.
            6 name: String,
            /// Official code of the township or village (统计用区划代码), where it has one.
            7 area_code: Option<i64>,
            /// City a migrant branch works in.
            8 city: Option<String>,
        }
    }
    /// A member, as the branch knows them.
    2 "member" Member {
        feeds: [Own(id), Branch(org)],
        indexes: [[org, number], [name]],
        columns: {
            /// The branch of the affiliation.
            3 org: OrgId,
            /// Number of the member in this county; also a login.
            4 number: String,
            /// Full name.
            5 name: String,
            /// Code of the standing.
            6 standing: Standing,
            /// Code of the status.
            7 status: MemberStatus,
            /// 1 if the member works away (流动党员).
            8 migrant: bool,
        }
    }
    /// A member's file (一人一表), for the member and the officers.
    3 "member_file" MemberFile {
        feeds: [Own(member), Duty(org)],
        indexes: [[member]],
        columns: {
            /// Whose file.
            3 member: MemberId,
            /// The branch that keeps it.
            4 org: OrgId,
            /// Code of the gender.
            5 gender: Gender,
            /// Day of birth.
            6 born: CivilDay,
            /// Day of joining the Party.
            7 joined: CivilDay,
            /// Highest education, in words.
            8 education: String,
            /// Occupation, in words.
            9 occupation: String,
            /// Mobile number; also a login.
            10 phone: String,
        }
    }
    /// What a member's dues are computed from; for nobody but the member.
    4 "pay" Pay {
        feeds: [Own(member)],
        indexes: [],
        columns: {
            /// Whose pay.
            3 member: MemberId,
            /// Code of the basis.
            4 basis: PayBasis,
            /// Monthly base in fen; 0 where a fixed sum applies.
            5 monthly_fen: i64,
            /// First day it applies to.
            6 from_day: CivilDay,
        }
    }
    /// A seat in an organization's leadership (班子成员).
    5 "leadership" Leadership {
        feeds: [Branch(org), Down(org)],
        indexes: [[org]],
        columns: {
            /// The organization led.
            3 org: OrgId,
            /// Who sits there.
            4 member: MemberId,
            /// The member's name.
            5 name: String,
            /// Code of the post.
            6 post: Post,
            /// First day of the term.
            7 term_from: CivilDay,
            /// Day by which the next election is due (换届时间).
            8 term_until: CivilDay,
        }
    }
    /// What a member may do for an organization.
    6 "role" RoleGrant {
        feeds: [Own(member), Branch(org)],
        indexes: [[member]],
        columns: {
            /// Who.
            3 member: MemberId,
            /// For which organization.
            4 org: OrgId,
            /// Code of the role.
            5 role: Role,
            /// Since when.
            6 since: CivilDay,
        }
    }
    /// A migrant member's participation in a guest branch, with the name that branch may see.
    7 "participation" Participation {
        feeds: [Own(member), Branch(org)],
        indexes: [[org], [member]],
        columns: {
            /// The guest branch.
            3 org: OrgId,
            /// Who.
            4 member: MemberId,
            /// Name shown in the guest branch.
            5 name: String,
            /// Since when.
            6 since: CivilDay,
        }
    }
    /// A notice of an organization to its members or its subtree.
    8 "notice" Notice {
        feeds: [Branch(org) if scope == NoticeScope::Branch, Down(org) if scope == NoticeScope::Subtree,
                Duty(org) if scope == NoticeScope::Subtree],
        indexes: [[published_at]],
        columns: {
            /// The publishing organization.
            3 org: OrgId,
            /// Code of the scope.
            4 scope: NoticeScope,
            /// Headline.
            5 title: String,
            /// Text.
            6 body: String,
            /// Who published it.
            7 author: MemberId,
            /// The author's name.
            8 author_name: String,
            /// When it was published, ms UTC.
            9 published_at: Timestamp,
            /// When it was last edited, ms UTC.
            10 edited_at: Option<Timestamp>,
            /// Code of the state.
            11 state: NoticeState,
            /// Why it was withdrawn.
            12 withdrawn_reason: Option<String>,
        }
    }
    /// One member's having read a notice; its id is derived from both, so there is one.
    9 "notice_receipt" NoticeReceipt {
        feeds: [Own(member), Duty(org)],
        indexes: [[notice, member]],
        columns: {
            /// The notice.
            3 notice: NoticeId,
            /// Who read it.
            4 member: MemberId,
            /// The organization through which the notice reached the reader.
            5 org: OrgId,
            /// When it was read, ms UTC.
            6 read_at: Timestamp,
        }
    }
    /// An activity an organization held.
    10 "activity" Activity {
        feeds: [Branch(org)],
        indexes: [[org, held_at]],
        columns: {
            /// Who held it.
            3 org: OrgId,
            /// Code of the kind.
            4 kind: ActivityKind,
            /// Title.
            5 title: String,
            /// When it was held, ms UTC.
            6 held_at: Timestamp,
            /// When it was recorded, ms UTC; kept apart on purpose.
            7 recorded_at: Timestamp,
            /// Where.
            8 place: String,
            /// How many were expected (应到).
            9 expected: i64,
            /// How many came (实到).
            10 present: i64,
        }
    }
    /// Points without postings, as one sum: those of a quarter from before this system, or at a move everything a member had
    /// until then.
    11 "points_total" PointsTotal {
        feeds: [Own(member), Ledger(org)],
        indexes: [[member, quarter]],
        columns: {
            /// Whose points.
            3 member: MemberId,
            /// Where they arose, or where they were carried to.
            4 org: OrgId,
            /// The quarter, year × 10 + quarter.
            5 quarter: Quarter,
            /// The sum.
            6 points: i64,
            /// 1 if this repeats, for a new branch, points that arose elsewhere; such rows don't count in the member's sum.
            7 carried: bool,
            /// The component of the appraisal they belong to, where that is known.
            8 component: Option<String>,
        }
    }
    /// One posting of points: which rule gave how many for which fact, with everything needed to explain it. There is at
    /// most one for a fact and rule; postings are never changed, only reversed by another.
    12 "ledger_entry" LedgerEntry {
        feeds: [Own(member), Ledger(org)],
        indexes: [[member, day], [org, day]],
        columns: {
            /// Whose points.
            3 member: MemberId,
            /// The organization where they arose.
            4 org: OrgId,
            /// The civil day they count for.
            5 day: CivilDay,
            /// Which rule gave them.
            6 rule: String,
            /// How many; negative for a reversal.
            7 points: i64,
            /// The operation behind the fact, if there was one.
            8 fact: Option<OpId>,
            /// Name and version of the rule set, as in `default-county/2026.1`; empty for postings from before this system.
            9 rule_set: String,
            /// What was measured, in the rule's unit: milliseconds of study, right answers, times.
            10 amount: i64,
            /// What had been measured that day before, in the same unit.
            11 amount_before: i64,
            /// Points the rule had given that day before.
            12 points_before: i64,
            /// What it is about: a study item, a suggestion, an activity.
            13 about: Option<RowId>,
            /// When what it was given for began, ms UTC.
            14 from_at: Option<Timestamp>,
            /// When it ended, ms UTC.
            15 to_at: Option<Timestamp>,
            /// For a reversal: the posting it takes back.
            16 reverses: Option<RowId>,
            /// For a reversal: why.
            17 reason: Option<String>,
        }
    }
    /// Something to study. Its text is fetched apart, by its hash, when somebody wants it on the phone.
    13 "study_item" StudyItem {
        feeds: [Down(county)],
        indexes: [[published_on]],
        columns: {
            /// Root of the tree it is published in.
            3 county: OrgId,
            /// Code of the kind.
            4 kind: ItemKind,
            /// Code of the category.
            5 category: ItemCategory,
            /// Title.
            6 title: String,
            /// Who made it.
            7 source: String,
            /// How long it takes at most, ms: reading time by characters, or the recording's length.
            8 length_ms: i64,
            /// Day of publication.
            9 published_on: CivilDay,
            /// The month in which everybody is to study it, as year × 100 + month.
            10 required_month: Option<i64>,
            /// SHA-256 of the content, in hex.
            11 content: String,
            /// Size of the content in bytes.
            12 content_bytes: i64,
            /// How many comprehension checks the content has.
            13 checks: i64,
        }
    }
    /// What a member studied on one civil day; its id is derived from both.
    14 "study_day" StudyDay {
        feeds: [Own(member), Ledger(org)],
        indexes: [[member, day]],
        columns: {
            /// Who.
            3 member: MemberId,
            /// The member's branch then.
            4 org: OrgId,
            /// The day.
            5 day: CivilDay,
            /// Credited reading, ms.
            6 read_ms: i64,
            /// Credited audio and video, ms.
            7 av_ms: i64,
            /// How much of it was without a lease of the server, ms.
            8 offline_ms: i64,
        }
    }
    /// How far a member is with an item; its id is derived from both.
    15 "item_progress" ItemProgress {
        feeds: [Own(member)],
        indexes: [[item]],
        columns: {
            /// Who.
            3 member: MemberId,
            /// Which item.
            4 item: RowId,
            /// Time credited so far, ms; at most the item's length.
            5 credited_ms: i64,
            /// When it was finished.
            6 finished_on: Option<CivilDay>,
            /// Time observed so far, ms: the clock of the item's comprehension checks.
            7 observed_ms: i64,
            /// Comprehension checks answered so far.
            8 answered: i64,
            /// How many of them rightly, as the server found.
            9 right: i64,
        }
    }
    /// A rule set for points and boards. Immutable: another version is another row.
    16 "rule_set" RuleSetRow {
        feeds: [Down(county)],
        indexes: [[effective_from]],
        columns: {
            /// Root of the tree it holds in.
            3 county: OrgId,
            /// Name.
            4 name: String,
            /// Version.
            5 rule_version: String,
            /// First civil day it applies to.
            6 effective_from: CivilDay,
            /// The whole set in TOML, as published.
            7 text: String,
        }
    }
    /// How many have how many points, without names: one row for each organization, kind of subject and day, from which a
    /// phone computes exact ranks.
    17 "histogram" Histogram {
        feeds: [Down(org)],
        indexes: [[org, kind, day]],
        columns: {
            /// Whose subtree is counted.
            3 org: OrgId,
            /// Code of what is ranked.
            4 kind: SubjectKind,
            /// The quarter whose points are counted.
            5 quarter: Quarter,
            /// Points up to and including this day.
            6 day: CivilDay,
            /// When it was computed, ms UTC.
            7 as_of: Timestamp,
            /// How many subjects there are.
            8 subjects: i64,
            /// Distinct points in descending order with their counts, `points:count` joined by commas.
            9 counts: String,
        }
    }
    /// Where somebody stands in a quarter: points, score and board. Those on low boards are seen by
    /// themselves and by those above only, or by themselves alone.
    18 "score" Score {
        feeds: [Own(subject), Branch(org) if listed == Listed::Named, Duty(org) if listed == Listed::Withheld],
        indexes: [[org, kind, quarter], [subject, quarter]],
        columns: {
            /// The member or organization.
            3 subject: RowId,
            /// Code of what it is.
            4 kind: SubjectKind,
            /// The member's branch, or the organization itself.
            5 org: OrgId,
            /// Name to be shown.
            6 name: String,
            /// The quarter.
            7 quarter: Quarter,
            /// Points of the quarter.
            8 points: i64,
            /// Score in tenths, 0 to 1,000.
            9 score: i64,
            /// Code of the board.
            10 board: Board,
            /// Code of whether the name may be shown to the branch.
            11 listed: Listed,
            /// Components of the score in tenths, `id:tenths` joined by commas.
            12 components: String,
            /// Name and version of the rule set.
            13 rule_set: String,
            /// When it was computed, ms UTC.
            14 as_of: Timestamp,
        }
    }
    /// A line of an organization's gold board: the best of its subtree.
    19 "board_line" BoardLine {
        feeds: [Down(org)],
        indexes: [[org, kind, quarter, place]],
        columns: {
            /// Whose board.
            3 org: OrgId,
            /// Code of what is ranked.
            4 kind: SubjectKind,
            /// The quarter.
            5 quarter: Quarter,
            /// Place, from 1; equal points share a place.
            6 place: i64,
            /// The member or organization.
            7 subject: RowId,
            /// Name.
            8 name: String,
            /// Name of the organization above.
            9 of_name: String,
            /// Points of the quarter.
            10 points: i64,
            /// Score in tenths.
            11 score: i64,
        }
    }
    /// Questions drawn for a member and, once answered, the result.
    20 "quiz_draw" QuizDraw {
        feeds: [Own(member)],
        indexes: [[member, day]],
        columns: {
            /// For whom.
            3 member: MemberId,
            /// The quiz.
            4 item: RowId,
            /// The day it was drawn for.
            5 day: CivilDay,
            /// Questions with their choices in the order drawn, as JSON; without the answers.
            6 questions: String,
            /// How many questions.
            7 asked: i64,
            /// When the answers came, ms UTC.
            8 answered_at: Option<Timestamp>,
            /// How many were right.
            9 right: Option<i64>,
            /// After answering: the right choice of each question and why, as JSON.
            10 solution: Option<String>,
        }
    }
    /// Something a person has to look at: what was noticed, with the evidence.
    21 "review_case" ReviewCase {
        feeds: [Own(member), Duty(org)],
        indexes: [[state, opened_at]],
        columns: {
            /// Whom it concerns.
            3 member: MemberId,
            /// Their branch.
            4 org: OrgId,
            /// Code of what was noticed.
            5 kind: ReviewKind,
            /// The day it was noticed on.
            6 day: CivilDay,
            /// What was measured, in words.
            7 evidence: String,
            /// When, ms UTC.
            8 opened_at: Timestamp,
            /// Code of the state.
            9 state: CaseState,
            /// Who decided.
            10 decided_by: Option<MemberId>,
            /// When, ms UTC.
            11 decided_at: Option<Timestamp>,
            /// The reason given.
            12 reason: Option<String>,
        }
    }
    /// A member's objection to a posting or a review. Its id is the operation's.
    22 "appeal" Appeal {
        feeds: [Own(member), Duty(org)],
        indexes: [[state, made_at]],
        columns: {
            /// Who objects.
            3 member: MemberId,
            /// Their branch.
            4 org: OrgId,
            /// The posting, score or review objected to.
            5 about: RowId,
            /// What the member says.
            6 text: String,
            /// When, ms UTC.
            7 made_at: Timestamp,
            /// Code of the state.
            8 state: CaseState,
            /// Who decided.
            9 decided_by: Option<MemberId>,
            /// When, ms UTC.
            10 decided_at: Option<Timestamp>,
            /// The answer.
            11 answer: Option<String>,
        }
    }
    /// Which features the county uses (国办函〔2026〕12号): one row, its id derived from the county. Without it all are on.
    23 "features" Features {
        feeds: [Down(county)],
        indexes: [],
        columns: {
            /// Root of the tree.
            3 county: OrgId,
            /// 1 if ranks, boards and histograms are published.
            4 public_ranking: bool,
            /// 1 if those above see the names on the yellow and black boards.
            5 names_on_low_boards: bool,
            /// 1 if study counts in the appraisal score.
            6 study_in_appraisal: bool,
            /// 1 if signing in gives points.
            7 sign_in_points: bool,
            /// 1 if an activity must have photos.
            8 mandatory_photo: bool,
            /// 1 if reports of use and study time are made for those above.
            9 usage_reports: bool,
            /// 1 if activities demand a check-in.
            10 forced_check_in: bool,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{FeedKind, Value};

    #[test]
    fn tables_and_columns_are_numbered_in_order_and_their_rules_name_real_columns() {
        for pair in TABLES.windows(2) {
            assert!(pair[0].no < pair[1].no);
        }
        for table in TABLES {
            for (at, column) in table.columns.iter().enumerate() {
                assert_eq!(usize::from(column.no), at + 1, "{}.{}", table.name, column.name);
            }
            assert!((1..=3).contains(&table.feeds.len()), "{}", table.name);
            for rule in table.feeds {
                assert!(table.position(rule.subject).is_some());
                assert!(rule.when.is_none_or(|(column, _)| table.position(column).is_some()));
            }
            for column in table.indexes.iter().flat_map(|index| index.iter()) {
                assert!(table.position(column).is_some(), "{}.{column}", table.name);
            }
        }
        assert_eq!(Notice::TABLE.feeds[0].kind, FeedKind::Branch);
        assert_eq!(Notice::TABLE.feeds[0].when, Some(("scope", 1)));
    }

    #[test]
    fn a_row_with_an_unknown_code_is_refused() {
        let role = RoleGrant {
            id: RowId([1; 16]),
            version: 3,
            member: RowId([2; 16]).into(),
            org: RowId([3; 16]).into(),
            role: Role::Officer,
            since: CivilDay(20_000),
        };
        let row = role.to_row();
        assert_eq!(RoleGrant::from_row(&row), Ok(role));
        let mut values = row.values().to_vec();
        values[4] = Value::Int(99);
        let row = Row::new(RoleGrant::TABLE, values).unwrap();
        assert_eq!(RoleGrant::from_row(&row), Err(RowError::Value { table: "role", column: "role" }));
        assert!(Member::from_row(&row).is_err());
    }
}

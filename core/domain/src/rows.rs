//! The rows that travel from server to phone, one struct a table.
//!
//! Which table a fact goes into follows from who may see it: a table's feed rules apply to whole rows, so facts for
//! different eyes stand in different tables (a member's name for the branch, the file for the officers, the pay for
//! nobody but the member).

use crate::id::{MemberId, NoticeId, OpId, OrgId, RowId};
use crate::schema::{Row, RowError, Table, coded, synced_tables};
use crate::time::{CivilDay, Quarter, Timestamp};

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

coded! {
    /// Kinds of Party organizations.
    OrgKind {
        /// The county committee, root of the tree.
        CountyCommittee = 1 "县委",
        /// A township's Party committee.
        PartyCommittee = 2 "党委",
        /// A working committee, as in sub-districts and the county's departments.
        WorkingCommittee = 3 "党工委",
        /// A general branch, with branches below.
        GeneralBranch = 4 "党总支",
        /// A branch.
        Branch = 5 "党支部",
        /// A migrant committee, for members who work away.
        MigrantCommittee = 6 "流动党委",
        /// A branch of a migrant committee; its members participate as guests.
        MigrantBranch = 7 "流动党支部",
    }
    /// Whether a member has full rights.
    Standing {
        /// Full member.
        Full = 1 "正式党员",
        /// Probationary member: no vote.
        Probationary = 2 "预备党员",
    }
    /// Where a member stands with the Party.
    MemberStatus {
        /// In good standing.
        Active = 1 "正常",
        /// Membership suspended, as after six months of lost contact.
        Suspended = 2 "停止党籍",
        /// The affiliation was transferred out of the county.
        TransferredOut = 3 "已转出",
        /// Deceased.
        Deceased = 4 "已故",
        /// Left or was removed.
        Left = 5 "出党",
    }
    /// Gender as on the identity card.
    Gender {
        /// Male.
        Male = 1 "男",
        /// Female.
        Female = 2 "女",
    }
    /// How dues are computed for a member (中组发〔2008〕3号).
    PayBasis {
        /// Monthly salary.
        Salary = 1 "月薪",
        /// Pension.
        Pension = 2 "离退休金",
        /// Farmer: a fixed sum.
        Farmer = 3 "农民",
        /// Self-employed: monthly mean of last quarter's net income.
        SelfEmployed = 4 "个体经营",
        /// Student: a fixed sum.
        Student = 5 "学生",
        /// Unemployed, on relief or subsistence allowance: a fixed sum.
        NoIncome = 6 "无固定收入",
    }
    /// Posts in an organization's leadership.
    Post {
        /// Secretary.
        Secretary = 1 "书记",
        /// Deputy secretary.
        DeputySecretary = 2 "副书记",
        /// Organization commissioner.
        OrganizationCommissioner = 3 "组织委员",
        /// Publicity commissioner.
        PublicityCommissioner = 4 "宣传委员",
        /// Discipline commissioner.
        DisciplineCommissioner = 5 "纪检委员",
    }
    /// What a member may do for an organization in this system.
    Role {
        /// Leads it: publishes notices, sees the ledger of a branch, resets passwords.
        Secretary = 1 "书记",
        /// Stands in for the secretary.
        DeputySecretary = 2 "副书记",
        /// A township's officer: initial review, moves within the subtree.
        Reviewer = 3 "初审员",
        /// An officer of the county's organization department: final review, moves anywhere.
        Officer = 4 "县级管理员",
    }
    /// To whom a notice is addressed.
    NoticeScope {
        /// The members of one organization.
        Branch = 1 "本支部",
        /// Everyone in the organization's subtree.
        Subtree = 2 "全部下级",
    }
    /// Whether a notice stands.
    NoticeState {
        /// It stands.
        Published = 1 "已发布",
        /// Its publisher took it back.
        Withdrawn = 2 "已撤回",
    }
    /// Kinds of organization activities.
    ActivityKind {
        /// General meeting of the branch.
        GeneralMeeting = 1 "支部党员大会",
        /// Meeting of the branch committee.
        CommitteeMeeting = 2 "支委会",
        /// Meeting of a Party group.
        GroupMeeting = 3 "党小组会",
        /// Lecture.
        Lecture = 4 "党课",
        /// Themed Party day.
        ThemedPartyDay = 5 "主题党日",
        /// Voluntary service and donations.
        Volunteering = 6 "志愿服务",
    }
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
    /// A member's points of one quarter as one sum, or the sum carried over to a new branch at a move.
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
        }
    }
    /// One posting of points.
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
            /// The fact they were given for.
            8 fact: Option<OpId>,
        }
    }
}

impl NoticeReceipt {
    /// The id of the receipt of `member` for `notice`.
    pub fn id_of(notice: NoticeId, member: MemberId) -> RowId {
        RowId::derived("dangjian/notice-receipt", &[notice.0, member.0])
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

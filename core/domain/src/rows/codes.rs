//! What the integer codes in rows mean. Codes are permanent.

use crate::schema::coded;

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
    /// Kinds of study items.
    ItemKind {
        /// An article to read.
        Article = 1 "图文",
        /// Something to listen to.
        Audio = 2 "音频",
        /// Something to watch.
        Video = 3 "视频",
        /// A quiz, its questions drawn by the server.
        Quiz = 4 "答题",
    }
    /// What a study item is about.
    ItemCategory {
        /// Constitution and rules of the Party.
        Rules = 1 "党章党规",
        /// Theory.
        Theory = 2 "理论",
        /// Organization life.
        Life = 3 "组织生活",
        /// Revitalization of the countryside.
        Countryside = 4 "乡村振兴",
        /// Members who work away.
        Migrant = 5 "流动党员",
        /// History.
        History = 6 "党史",
        /// Integrity.
        Integrity = 7 "廉洁",
        /// Law.
        Law = 8 "法律法规",
    }
    /// What a score or a board is about.
    SubjectKind {
        /// A member.
        Member = 1 "党员",
        /// A branch.
        Branch = 2 "党支部",
        /// A committee or general branch: an organization with others below it.
        Committee = 3 "党委",
    }
    /// The four boards (金榜、银榜、黄榜、黑榜).
    Board {
        /// Gold.
        Gold = 1 "金榜",
        /// Silver.
        Silver = 2 "银榜",
        /// Yellow.
        Yellow = 3 "黄榜",
        /// Black.
        Black = 4 "黑榜",
    }
    /// What a person is asked to look at. Code never decides about people.
    ReviewKind {
        /// Touches at exact intervals, as scripts make them.
        ExactInterval = 1 "操作间隔过于规律",
        /// A device with two histories.
        Fork = 2 "设备记录出现分叉",
        /// More time claimed than there was.
        ImpossibleSum = 3 "申报时长超过实际",
        /// Comprehension checks answered as by chance.
        RandomAnswers = 4 "理解题作答接近随机",
    }
    /// To whom a name may be shown.
    Listed {
        /// To the branch and to those above.
        Named = 1 "公开",
        /// Only to the subject and to those above.
        Withheld = 2 "不公开",
        /// Only to the subject.
        Hidden = 3 "仅本人可见",
    }
    /// Where a review or an appeal stands.
    CaseState {
        /// Waits for a person.
        Open = 1 "待核对",
        /// The person who looked found it so; for an appeal: granted.
        Upheld = 2 "属实",
        /// The person who looked found nothing wrong; for an appeal: not granted.
        Dismissed = 3 "不成立",
    }
}

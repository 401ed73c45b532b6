//! What follows from an operation: the one function that phone and server both ask.

use crate::grant::Tree;
use crate::id::{MemberId, OpId, OrgId, RowId};
use crate::op::Action;
use crate::rows::{Member, Organization, Role, Synced};
use crate::schema::{Row, RowError, Table};
use crate::study::place::BootClock;
use crate::time::{Instant, Timestamp};

mod may;
mod member;
mod notice;
mod points;
mod study;

pub use may::{may_act, may_move, may_open_ledger, may_publish, may_reset, may_reverse, may_take_in};
pub use study::{Studied, StudyFacts};

/// What the rules may ask about the county. The server answers from its database, the phone from what it has.
pub trait Facts: StudyFacts {
    /// The row of that id, if there is one.
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, Self::Error>;
    /// The roles `member` holds.
    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, Self::Error>;
    /// The guest branches of `member`.
    fn participations(&self, member: MemberId) -> Result<Vec<OrgId>, Self::Error>;
    /// The file of `member`, if it is known here.
    fn member_file(&self, member: MemberId) -> Result<Option<Row>, Self::Error>;
    /// The version that the earlier operation `op` gave to the row, if it was accepted (on the phone: is pending).
    fn version_written_by(&self, op: OpId, table: &'static Table, id: RowId) -> Result<Option<u64>, Self::Error>;
    /// All points of `member` that arose so far, if they are known here. A phone does not know those of others.
    fn points_of(&self, member: MemberId) -> Result<Option<i64>, Self::Error>;
}

/// An operation about to be judged.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// Its id.
    pub op: OpId,
    /// Who did it.
    pub actor: MemberId,
    /// When, as far as the phone knows.
    pub at: Instant,
    /// When the server received it; on the phone, the time now.
    pub received: Timestamp,
    /// The earlier operation this one builds on, for a change to what was itself not yet acknowledged when it was made.
    pub follows: Option<OpId>,
    /// Server time of the boot clocks that the action names, as far as it is known; else none.
    pub clocks: &'a [BootClock],
    /// Nothing in it can be from before.
    pub not_before: Timestamp,
    /// What was done.
    pub action: &'a Action,
}

/// What follows from an accepted operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows to write. The server counts the version up; on the phone they become overlays.
    pub rows: Vec<Row>,
    /// Members whose feeds may have changed.
    pub regrant: Vec<MemberId>,
    /// Ledgers the actor opens (true) or closes.
    pub ledgers: Vec<(OrgId, bool)>,
    /// For a segment of study: what was credited.
    pub studied: Option<Box<Studied>>,
}

/// Why an operation was not accepted. Codes are permanent; the sentences are for the person who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Refusal {
    /// The actor's role does not allow it.
    NotAllowed = 1,
    /// What it is about is not there.
    NotFound = 2,
    /// Somebody else changed it first.
    Stale = 3,
    /// The notice was withdrawn.
    Withdrawn = 4,
    /// A text is empty.
    TextEmpty = 5,
    /// A text is too long.
    TextTooLong = 6,
    /// A text has characters that can't be shown.
    TextUnprintable = 7,
    /// The scope does not fit the organization.
    WrongScope = 8,
    /// The actor is not in good standing.
    MemberInactive = 9,
    /// The member is there already.
    SameBranch = 10,
    /// The member holds an office in the branch they would leave.
    HoldsOffice = 11,
    /// The destination takes no members.
    NotABranch = 12,
    /// The time it claims can't be.
    ImplausibleTime = 13,
    /// The payload is not in its one canonical form.
    Malformed = 14,
    /// The actor is not the member this device belongs to.
    WrongActor = 15,
    /// Something with this id exists already.
    Duplicate = 16,
    /// The lease is another member's, another item's, another device's, or not the server's.
    LeaseInvalid = 17,
    /// Not a record that a timer makes, or not answers to the questions drawn.
    StudyMalformed = 18,
    /// No rule set is in force.
    NoRules = 19,
    /// The text is not a rule set.
    RulesInvalid = 20,
    /// A rule set can only apply from a later day on.
    RulesInPast = 21,
    /// A reversal can't be taken back.
    NotReversible = 22,
    /// Somebody has decided it already.
    AlreadyDecided = 23,
    /// The quiz's day is over.
    QuizClosed = 24,
}

impl Refusal {
    /// All refusals, in the order of their codes.
    pub const ALL: [Self; 24] = [
        Self::NotAllowed,
        Self::NotFound,
        Self::Stale,
        Self::Withdrawn,
        Self::TextEmpty,
        Self::TextTooLong,
        Self::TextUnprintable,
        Self::WrongScope,
        Self::MemberInactive,
        Self::SameBranch,
        Self::HoldsOffice,
        Self::NotABranch,
        Self::ImplausibleTime,
        Self::Malformed,
        Self::WrongActor,
        Self::Duplicate,
        Self::LeaseInvalid,
        Self::StudyMalformed,
        Self::NoRules,
        Self::RulesInvalid,
        Self::RulesInPast,
        Self::NotReversible,
        Self::AlreadyDecided,
        Self::QuizClosed,
    ];

    /// The permanent code.
    pub fn code(self) -> u16 {
        self as u16
    }

    /// The refusal of that code.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// A sentence for the person: what is so, and where there is one, the way on.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotAllowed => "您的职责不包含这项操作。如有疑问，请联系上级党组织。",
            Self::NotFound => "所涉及的内容不存在，或您已无权查看。",
            Self::Stale => "他人已先行修改。两份文本都已保留，请核对后再提交。",
            Self::Withdrawn => "这条通知已被撤回。",
            Self::TextEmpty => "标题和正文不能为空。",
            Self::TextTooLong => "文字超过长度上限，请精简后再提交。",
            Self::TextUnprintable => "文字中有无法显示的字符，请删去后再提交。",
            Self::WrongScope => "发布范围与党组织的类型不符。",
            Self::MemberInactive => "您的党籍状态目前不能进行这项操作。请联系所在党支部。",
            Self::SameBranch => "该党员已在这个党支部。",
            Self::HoldsOffice => "该党员在原党支部仍有职务，请先办理交接。",
            Self::NotABranch => "目标党组织不能接收党员。",
            Self::ImplausibleTime => "操作时间不合理，平台没有接受。请联网后重新提交。",
            Self::Malformed => "操作内容无法识别，平台没有接受。",
            Self::WrongActor => "这项操作不属于本机登录的党员。",
            Self::Duplicate => "同一项内容已经存在。",
            Self::LeaseInvalid => "学习凭证与本次学习不符，这段时间未能计入。",
            Self::StudyMalformed => "学习记录内容有误，平台没有接受。",
            Self::NoRules => "目前没有生效的积分规则，请联系县级管理员。",
            Self::RulesInvalid => "规则集未通过检查，请按提示修改后再提交。",
            Self::RulesInPast => "新规则只能从以后的日期起执行。",
            Self::NotReversible => "这条记录本身是更正，不能再次撤销。",
            Self::AlreadyDecided => "这一项已有人处理过。",
            Self::QuizClosed => "这次答题已过截止时间。",
        }
    }
}

/// Either the operation is refused, or the facts could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DecideError<E> {
    /// By rule.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The facts could not be read; nothing is decided.
    #[error("facts: {0}")]
    Facts(E),
    /// A stored row is not what its table says; nothing is decided.
    #[error("stored row: {0}")]
    Row(RowError),
}

type Decided<T, F> = Result<T, DecideError<<F as Tree>::Error>>;

fn refuse<T, E>(refusal: Refusal) -> Result<T, DecideError<E>> {
    Err(DecideError::Refused(refusal))
}

/// Judges an operation. The same facts give the same answer on phone and server.
pub fn decide<F: Facts>(facts: &F, proposal: &Proposal<'_>) -> Decided<Outcome, F> {
    let actor: Member = find(facts, proposal.actor.0)?.ok_or(DecideError::Refused(Refusal::MemberInactive))?;
    let own_affair = matches!(proposal.action, Action::ReadNotice(_) | Action::MakeAppeal(_));
    if !may::acts(actor.status, own_affair) {
        return refuse(Refusal::MemberInactive);
    }
    match proposal.action {
        Action::PublishNotice(payload) => notice::publish(facts, proposal, &actor, payload),
        Action::EditNotice(payload) => notice::edit(facts, proposal, payload),
        Action::WithdrawNotice(payload) => notice::withdraw(facts, proposal, payload),
        Action::ReadNotice(payload) => notice::read(facts, proposal, &actor, payload),
        Action::MoveMember(payload) => member::move_member(facts, proposal, payload),
        Action::OpenLedger(payload) => member::open_ledger(facts, proposal, payload),
        Action::RecordStudy(payload) => study::record(facts, proposal, &actor, payload),
        Action::SignInToday(payload) => study::sign_in(facts, proposal, &actor, payload),
        Action::DrawQuiz(payload) => study::draw(facts, proposal, &actor, payload),
        Action::AnswerQuiz(payload) => study::answer(facts, proposal, &actor, payload),
        Action::ReverseEntry(payload) => points::reverse(facts, proposal, payload),
        Action::MakeAppeal(payload) => points::appeal(facts, proposal, &actor, payload),
        Action::DecideAppeal(payload) => points::decide_appeal(facts, proposal, payload),
        Action::DecideReview(payload) => points::decide_review(facts, proposal, payload),
        Action::PublishRules(payload) => points::publish_rules(facts, proposal, &actor, payload),
        Action::SetFeatures(payload) => points::set_features(facts, proposal, payload),
    }
}

/// The id of the first row an accepted `action` would touch: what the phone recomputes when it settles.
pub fn subject_of(op: OpId, actor: MemberId, action: &Action) -> Option<(&'static Table, RowId)> {
    use crate::rows::{Appeal, Features, Notice, NoticeReceipt, QuizDraw, ReviewCase};
    match action {
        Action::PublishNotice(_) => Some((Notice::TABLE, op.0)),
        Action::EditNotice(payload) => Some((Notice::TABLE, payload.notice.0)),
        Action::WithdrawNotice(payload) => Some((Notice::TABLE, payload.notice.0)),
        Action::ReadNotice(payload) => Some((NoticeReceipt::TABLE, NoticeReceipt::id_of(payload.notice, actor))),
        Action::MoveMember(payload) => Some((Member::TABLE, payload.member.0)),
        Action::AnswerQuiz(payload) => Some((QuizDraw::TABLE, payload.draw)),
        Action::DecideAppeal(payload) => Some((Appeal::TABLE, payload.appeal)),
        Action::DecideReview(payload) => Some((ReviewCase::TABLE, payload.case)),
        Action::SetFeatures(payload) => Some((Features::TABLE, Features::id_of(payload.county))),
        Action::OpenLedger(_)
        | Action::RecordStudy(_)
        | Action::SignInToday(_)
        | Action::DrawQuiz(_)
        | Action::ReverseEntry(_)
        | Action::MakeAppeal(_)
        | Action::PublishRules(_) => None,
    }
}

fn find<T: Synced, F: Facts>(facts: &F, id: RowId) -> Decided<Option<T>, F> {
    match facts.row(T::TABLE, id).map_err(DecideError::Facts)? {
        None => Ok(None),
        Some(row) => T::from_row(&row).map(Some).map_err(DecideError::Row),
    }
}

fn found<T: Synced, F: Facts>(facts: &F, id: RowId) -> Decided<T, F> {
    find(facts, id)?.ok_or(DecideError::Refused(Refusal::NotFound))
}

fn organization<F: Facts>(facts: &F, org: OrgId) -> Decided<Organization, F> {
    found(facts, org.0)
}

/// Whether `actor` holds one of `roles` for `org` itself.
fn holds<F: Facts>(facts: &F, actor: MemberId, org: OrgId, roles: &[Role]) -> Decided<bool, F> {
    let held = facts.roles(actor).map_err(DecideError::Facts)?;
    Ok(held.iter().any(|(at, role)| *at == org && roles.contains(role)))
}

/// Whether `actor` holds one of `roles` for `org` or an organization above it.
fn holds_above<F: Facts>(facts: &F, actor: MemberId, org: OrgId, roles: &[Role]) -> Decided<bool, F> {
    stands_above(facts, actor, org, roles).map_err(DecideError::Facts)
}

fn stands_above<F: Facts>(facts: &F, actor: MemberId, org: OrgId, roles: &[Role]) -> Result<bool, F::Error> {
    let held = facts.roles(actor)?;
    let above = facts.ancestors(org)?;
    Ok(held.iter().any(|(at, role)| roles.contains(role) && above.contains(at)))
}

/// Whether `actor` may decide with one of `roles` what concerns the points of `member`, of `org`: those above may, and
/// nobody in their own case.
pub fn may_decide<F: Facts>(
    facts: &F,
    actor: MemberId,
    member: MemberId,
    org: OrgId,
    roles: &[Role],
) -> Result<bool, F::Error> {
    Ok(actor != member && stands_above(facts, actor, org, roles)?)
}

/// Roles that speak for an organization.
pub const LEADING: &[Role] = &[Role::Secretary, Role::DeputySecretary, Role::Officer];

/// Roles that move members and open ledgers in their subtree.
pub const SUPERVISING: &[Role] = &[Role::Reviewer, Role::Officer];

/// Every role that looks after the organizations below its own.
pub const LEADING_OR_SUPERVISING: &[Role] = &[Role::Secretary, Role::DeputySecretary, Role::Reviewer, Role::Officer];

/// Whether `actor` may help `member`, whose password is lost, or take a lost phone's access away: the leaders of the
/// member's own branch, and the officers above. Who holds a role is helped only by those who stand over that role too:
/// else the secretary of a branch could make themselves a code for the county officer who happens to be its member.
pub fn may_help_with_account<F: Facts>(facts: &F, actor: MemberId, member: &Member) -> Decided<bool, F> {
    let over = |org| Ok(holds(facts, actor, org, LEADING)? || holds_above(facts, actor, org, SUPERVISING)?);
    if !over(member.org)? {
        return Ok(false);
    }
    for (org, _) in facts.roles(MemberId(member.id)).map_err(DecideError::Facts)? {
        if !over(org)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The organizations through which `notice` of `org` reaches a member: the home and guest branches in its reach.
pub fn reached_through<F: Facts>(
    facts: &F,
    member: &Member,
    org: OrgId,
    scope: crate::rows::NoticeScope,
) -> Decided<Option<OrgId>, F> {
    let id = MemberId(member.id);
    let mut branches = vec![member.org];
    branches.extend(facts.participations(id).map_err(DecideError::Facts)?);
    for branch in branches {
        let reached = match scope {
            crate::rows::NoticeScope::Branch => branch == org,
            crate::rows::NoticeScope::Subtree => facts.ancestors(branch).map_err(DecideError::Facts)?.contains(&org),
        };
        if reached {
            return Ok(Some(branch));
        }
    }
    Ok(None)
}

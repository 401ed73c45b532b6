//! The rules, in a county of eight organizations: what each operation comes to, and which feeds each member holds.

use std::collections::BTreeMap;
use std::convert::Infallible;

use dangjian_domain::grant::{Standpoint, Tree, feeds_held};
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::{Action, EditNotice, MoveMember, OpenLedger, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{
    Gender, LedgerEntry, Member, MemberFile, MemberStatus, Notice, NoticeReceipt, NoticeScope, NoticeState, OrgKind,
    Organization, Participation, PointsTotal, Role, RoleGrant, Standing, Synced,
};
use dangjian_domain::rule::{DecideError, Facts, Proposal, Refusal, decide};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::{CivilDay, Instant, Quarter};
use serde_json::{Map, Value, json};

use crate::facts::row_json;
use crate::operations::payload;
use crate::small_county;
use crate::support::{NOW, id};

const DAY: CivilDay = CivilDay(20_000);

// Organizations.
pub(crate) const COUNTY: u8 = 0x01;
pub(crate) const TOWNSHIP: u8 = 0x02;
const GENERAL: u8 = 0x03;
pub(crate) const BRANCH_A: u8 = 0x04;
pub(crate) const BRANCH_B: u8 = 0x05;
const BELOW_GENERAL: u8 = 0x06;
const MIGRANTS: u8 = 0x07;
const MIGRANT_BRANCH: u8 = 0x08;
// Members.
pub(crate) const OFFICER: u8 = 0x41;
pub(crate) const REVIEWER: u8 = 0x42;
pub(crate) const SECRETARY: u8 = 0x43;
const DEPUTY: u8 = 0x44;
pub(crate) const PLAIN: u8 = 0x45;
pub(crate) const SUSPENDED: u8 = 0x46;
const LEFT: u8 = 0x47;
const HEAD_OF_TOWNSHIP: u8 = 0x48;
const HEAD_OF_MIGRANTS: u8 = 0x49;
const HEAD_OF_GENERAL: u8 = 0x4a;
const NOBODY: u8 = 0x4f;
// Notices.
const OF_BRANCH: u8 = 0x81;
const OF_TOWNSHIP: u8 = 0x82;
const TAKEN_BACK: u8 = 0x83;
const READ_BEFORE: u8 = 0x84;
// Operations.
pub(crate) const NEW: u8 = 0xc0;
const EARLIER: u8 = 0xc1;

pub(crate) struct County {
    rows: BTreeMap<(u16, RowId), Row>,
    opened: Vec<(MemberId, OrgId)>,
}

impl County {
    pub(crate) fn all<T: Synced>(&self) -> impl Iterator<Item = T> {
        self.rows.values().filter(|row| row.table() == T::TABLE).map(|row| T::from_row(row).unwrap())
    }

    fn parent(&self, org: OrgId) -> Option<OrgId> {
        self.all::<Organization>().find(|row| OrgId(row.id) == org)?.parent
    }
}

impl Tree for County {
    type Error = Infallible;

    fn ancestors(&self, org: OrgId) -> Result<Vec<OrgId>, Infallible> {
        if !self.rows.contains_key(&(Organization::TABLE.no, org.0)) {
            return Ok(vec![]);
        }
        Ok(std::iter::successors(Some(org), |org| self.parent(*org)).collect())
    }

    fn subtree(&self, org: OrgId) -> Result<Vec<OrgId>, Infallible> {
        let all = self.all::<Organization>().map(|row| OrgId(row.id));
        Ok(all.filter(|below| self.ancestors(*below).unwrap().contains(&org)).collect())
    }
}

impl Facts for County {
    fn row(&self, table: &'static Table, id: RowId) -> Result<Option<Row>, Infallible> {
        Ok(self.rows.get(&(table.no, id)).cloned())
    }

    fn roles(&self, member: MemberId) -> Result<Vec<(OrgId, Role)>, Infallible> {
        Ok(self.all::<RoleGrant>().filter(|role| role.member == member).map(|role| (role.org, role.role)).collect())
    }

    fn participations(&self, member: MemberId) -> Result<Vec<OrgId>, Infallible> {
        Ok(self.all::<Participation>().filter(|at| at.member == member).map(|at| at.org).collect())
    }

    fn member_file(&self, member: MemberId) -> Result<Option<Row>, Infallible> {
        Ok(self.all::<MemberFile>().find(|file| file.member == member).map(|file| file.to_row()))
    }

    fn version_written_by(&self, op: OpId, table: &'static Table, row: RowId) -> Result<Option<u64>, Infallible> {
        let wrote = op == OpId(id(EARLIER)) && table == Notice::TABLE && row == id(OF_BRANCH);
        Ok(wrote.then_some(3))
    }

    fn points_of(&self, member: MemberId) -> Result<Option<i64>, Infallible> {
        let totals = self.all::<PointsTotal>().filter(|at| at.member == member && !at.carried).map(|at| at.points);
        let postings = self.all::<LedgerEntry>().filter(|at| at.member == member).map(|at| at.points);
        Ok(Some(totals.chain(postings).sum()))
    }
}

pub(crate) fn org(n: u8) -> OrgId {
    id(n).into()
}

pub(crate) fn who(n: u8) -> MemberId {
    id(n).into()
}

fn county() -> County {
    let mut rows = vec![];
    for (n, parent, kind) in [
        (COUNTY, None, OrgKind::CountyCommittee),
        (TOWNSHIP, Some(COUNTY), OrgKind::PartyCommittee),
        (GENERAL, Some(TOWNSHIP), OrgKind::GeneralBranch),
        (BRANCH_A, Some(TOWNSHIP), OrgKind::Branch),
        (BRANCH_B, Some(TOWNSHIP), OrgKind::Branch),
        (BELOW_GENERAL, Some(GENERAL), OrgKind::Branch),
        (MIGRANTS, Some(COUNTY), OrgKind::MigrantCommittee),
        (MIGRANT_BRANCH, Some(MIGRANTS), OrgKind::MigrantBranch),
    ] {
        let organization = Organization {
            id: id(n),
            version: 1,
            county: org(COUNTY),
            parent: parent.map(org),
            kind,
            name: format!("organization {n}"),
            area_code: None,
            city: None,
        };
        rows.push(organization.to_row());
    }
    for (n, home, status, role) in [
        (OFFICER, BRANCH_A, MemberStatus::Active, Some((COUNTY, Role::Officer))),
        (REVIEWER, BRANCH_B, MemberStatus::Active, Some((TOWNSHIP, Role::Reviewer))),
        (SECRETARY, BRANCH_A, MemberStatus::Active, Some((BRANCH_A, Role::Secretary))),
        (DEPUTY, BRANCH_B, MemberStatus::Active, Some((BRANCH_B, Role::DeputySecretary))),
        (PLAIN, BRANCH_A, MemberStatus::Active, None),
        (SUSPENDED, BRANCH_A, MemberStatus::Suspended, Some((BRANCH_A, Role::DeputySecretary))),
        (LEFT, BRANCH_A, MemberStatus::Left, Some((BRANCH_A, Role::Secretary))),
        (HEAD_OF_TOWNSHIP, BRANCH_A, MemberStatus::Active, Some((TOWNSHIP, Role::Secretary))),
        (HEAD_OF_MIGRANTS, BRANCH_B, MemberStatus::Active, Some((MIGRANT_BRANCH, Role::Secretary))),
        (HEAD_OF_GENERAL, BELOW_GENERAL, MemberStatus::Active, Some((GENERAL, Role::Secretary))),
    ] {
        rows.push(
            Member {
                id: id(n),
                version: 2,
                org: org(home),
                number: format!("XT{n:06}"),
                name: format!("member {n}"),
                standing: Standing::Full,
                status,
                migrant: n == PLAIN,
            }
            .to_row(),
        );
        if let Some((at, role)) = role {
            rows.push(
                RoleGrant { id: id(n + 0x20), version: 1, member: who(n), org: org(at), role, since: DAY }.to_row(),
            );
        }
    }
    rows.push(
        Participation {
            id: id(0x70),
            version: 1,
            org: org(MIGRANT_BRANCH),
            member: who(PLAIN),
            name: format!("member {PLAIN}"),
            since: DAY,
        }
        .to_row(),
    );
    rows.push(
        MemberFile {
            id: id(0x71),
            version: 1,
            member: who(PLAIN),
            org: org(BRANCH_A),
            gender: Gender::Female,
            born: DAY,
            joined: DAY,
            education: "本科".into(),
            occupation: "务工".into(),
            phone: "13800000000".into(),
        }
        .to_row(),
    );
    for (n, at, quarter, points, carried) in
        [(0x72, BRANCH_A, 20263, 30, false), (0x73, BRANCH_A, 20264, 12, false), (0x74, BRANCH_A, 20262, 99, true)]
    {
        rows.push(
            PointsTotal {
                id: id(n),
                version: 1,
                member: who(PLAIN),
                org: org(at),
                quarter: Quarter(quarter),
                points,
                carried,
                component: None,
            }
            .to_row(),
        );
    }
    for (n, of, scope, state, version) in [
        (OF_BRANCH, BRANCH_A, NoticeScope::Branch, NoticeState::Published, 3),
        (OF_TOWNSHIP, TOWNSHIP, NoticeScope::Subtree, NoticeState::Published, 1),
        (TAKEN_BACK, BRANCH_A, NoticeScope::Branch, NoticeState::Withdrawn, 2),
        (READ_BEFORE, MIGRANT_BRANCH, NoticeScope::Branch, NoticeState::Published, 1),
    ] {
        rows.push(
            Notice {
                id: id(n),
                version,
                org: org(of),
                scope,
                title: "标题".into(),
                body: "正文".into(),
                author: who(SECRETARY),
                author_name: format!("member {SECRETARY}"),
                published_at: NOW.plus_ms(-86_400_000),
                edited_at: None,
                state,
                withdrawn_reason: (state == NoticeState::Withdrawn).then(|| "有误".into()),
            }
            .to_row(),
        );
    }
    rows.push(
        NoticeReceipt {
            id: NoticeReceipt::id_of(id(READ_BEFORE).into(), who(PLAIN)),
            version: 1,
            notice: id(READ_BEFORE).into(),
            member: who(PLAIN),
            org: org(MIGRANT_BRANCH),
            read_at: NOW.plus_ms(-3_600_000),
        }
        .to_row(),
    );
    rows.extend(small_county::rows());
    County {
        rows: rows.into_iter().map(|row| ((row.table().no, row.id()), row)).collect(),
        opened: vec![(who(REVIEWER), org(BRANCH_A)), (who(REVIEWER), org(MIGRANT_BRANCH))],
    }
}

fn publish(of: u8, scope: NoticeScope, title: &str, body: &str) -> Action {
    Action::PublishNotice(PublishNotice { org: org(of), scope, title: title.into(), body: body.into() })
}

fn edit(n: u8, base_version: u64) -> Action {
    Action::EditNotice(EditNotice {
        notice: id(n).into(), base_version, title: "新标题".into(), body: "新正文".into()
    })
}

fn withdraw(n: u8, base_version: u64, reason: &str) -> Action {
    Action::WithdrawNotice(WithdrawNotice { notice: id(n).into(), base_version, reason: reason.into() })
}

fn read(n: u8) -> Action {
    Action::ReadNotice(ReadNotice { notice: id(n).into() })
}

fn moved(member: u8, from: u8, to: u8) -> Action {
    Action::MoveMember(MoveMember { member: who(member), from: org(from), to: org(to) })
}

fn ledger(of: u8, open: bool) -> Action {
    Action::OpenLedger(OpenLedger { org: org(of), open })
}

type Case = (&'static str, u8, Action, Option<Refusal>);

fn cases() -> Vec<Case> {
    use NoticeScope::{Branch, Subtree};
    use Refusal::*;
    let long = |n: usize| "字".repeat(n);
    vec![
        ("a secretary publishes to the branch", SECRETARY, publish(BRANCH_A, Branch, "标题", "正文\n第二行"), None),
        ("a general branch to its members", HEAD_OF_GENERAL, publish(GENERAL, Branch, "标题", "正文"), None),
        ("a general branch to its subtree", HEAD_OF_GENERAL, publish(GENERAL, Subtree, "标题", "正文"), None),
        ("a committee to its subtree", HEAD_OF_TOWNSHIP, publish(TOWNSHIP, Subtree, "标题", "正文"), None),
        ("a migrant branch to its guests", HEAD_OF_MIGRANTS, publish(MIGRANT_BRANCH, Branch, "标题", "正文"), None),
        ("a branch has no subtree", SECRETARY, publish(BRANCH_A, Subtree, "标题", "正文"), Some(WrongScope)),
        ("a committee has no members", HEAD_OF_TOWNSHIP, publish(TOWNSHIP, Branch, "标题", "正文"), Some(WrongScope)),
        ("an unknown organization", SECRETARY, publish(0x0f, Branch, "标题", "正文"), Some(NotFound)),
        ("a member without a role", PLAIN, publish(BRANCH_A, Branch, "标题", "正文"), Some(NotAllowed)),
        (
            "a role for another organization",
            HEAD_OF_TOWNSHIP,
            publish(BRANCH_A, Branch, "标题", "正文"),
            Some(NotAllowed),
        ),
        ("a reviewer does not publish", REVIEWER, publish(TOWNSHIP, Subtree, "标题", "正文"), Some(NotAllowed)),
        ("a suspended deputy", SUSPENDED, publish(BRANCH_A, Branch, "标题", "正文"), Some(MemberInactive)),
        ("a secretary who left", LEFT, publish(BRANCH_A, Branch, "标题", "正文"), Some(MemberInactive)),
        ("an unknown actor", NOBODY, publish(BRANCH_A, Branch, "标题", "正文"), Some(MemberInactive)),
        ("a title of 80 characters", SECRETARY, publish(BRANCH_A, Branch, &long(80), "正文"), None),
        ("a title of 81 characters", SECRETARY, publish(BRANCH_A, Branch, &long(81), "正文"), Some(TextTooLong)),
        ("a title of two lines", SECRETARY, publish(BRANCH_A, Branch, "标\n题", "正文"), Some(TextUnprintable)),
        ("a title of an ideographic space", SECRETARY, publish(BRANCH_A, Branch, "\u{3000}", "正文"), Some(TextEmpty)),
        ("a body of 4,095 bytes", SECRETARY, publish(BRANCH_A, Branch, "标题", &long(1_365)), None),
        ("a body of 4,098 bytes", SECRETARY, publish(BRANCH_A, Branch, "标题", &long(1_366)), Some(TextTooLong)),
        (
            "a body with a carriage return",
            SECRETARY,
            publish(BRANCH_A, Branch, "标题", "a\r\nb"),
            Some(TextUnprintable),
        ),
        ("an empty body", SECRETARY, publish(BRANCH_A, Branch, "标题", ""), Some(TextEmpty)),
        ("an edit of the present version", SECRETARY, edit(OF_BRANCH, 3), None),
        ("a stale edit", SECRETARY, edit(OF_BRANCH, 2), Some(Stale)),
        ("an edit by a stranger", DEPUTY, edit(OF_BRANCH, 3), Some(NotAllowed)),
        ("an edit of nothing", SECRETARY, edit(0x8f, 1), Some(NotFound)),
        ("a stale edit of a withdrawn notice", SECRETARY, edit(TAKEN_BACK, 1), Some(Withdrawn)),
        ("a withdrawal", SECRETARY, withdraw(OF_BRANCH, 3, "日期有误"), None),
        ("a withdrawal without a reason", SECRETARY, withdraw(OF_BRANCH, 3, " "), Some(TextEmpty)),
        ("a reason of 402 bytes", SECRETARY, withdraw(OF_BRANCH, 3, &long(134)), Some(TextTooLong)),
        ("a member reads the branch's notice", PLAIN, read(OF_BRANCH), None),
        ("a suspended member reads it", SUSPENDED, read(OF_BRANCH), None),
        ("a member reads the township's notice", PLAIN, read(OF_TOWNSHIP), None),
        ("a withdrawn notice may still be read", PLAIN, read(TAKEN_BACK), None),
        ("a second receipt changes nothing", PLAIN, read(READ_BEFORE), None),
        ("a notice of another branch", DEPUTY, read(OF_BRANCH), Some(NotAllowed)),
        ("a notice that is not there", PLAIN, read(0x8f), Some(NotFound)),
        ("a move, with what is carried over", REVIEWER, moved(PLAIN, BRANCH_A, BRANCH_B), None),
        ("a move by the county's officer", OFFICER, moved(PLAIN, BRANCH_A, BELOW_GENERAL), None),
        ("a move by a secretary", SECRETARY, moved(PLAIN, BRANCH_A, BRANCH_B), Some(NotAllowed)),
        ("a move out of the reviewer's subtree", REVIEWER, moved(PLAIN, BRANCH_A, MIGRANT_BRANCH), Some(NotAllowed)),
        ("a move to a migrant branch", OFFICER, moved(PLAIN, BRANCH_A, MIGRANT_BRANCH), Some(NotABranch)),
        ("a move to a committee", OFFICER, moved(PLAIN, BRANCH_A, TOWNSHIP), Some(NotABranch)),
        ("a move to where the member is", REVIEWER, moved(PLAIN, BRANCH_B, BRANCH_A), Some(SameBranch)),
        ("a move from where the member is not", REVIEWER, moved(PLAIN, BELOW_GENERAL, BRANCH_B), Some(Stale)),
        ("a move of a secretary in office", REVIEWER, moved(SECRETARY, BRANCH_A, BRANCH_B), Some(HoldsOffice)),
        ("a move of nobody", REVIEWER, moved(NOBODY, BRANCH_A, BRANCH_B), Some(NotFound)),
        ("a reviewer opens a ledger below", REVIEWER, ledger(BRANCH_B, true), None),
        ("a head of a township opens a ledger below", HEAD_OF_TOWNSHIP, ledger(BRANCH_A, true), None),
        ("a ledger elsewhere", REVIEWER, ledger(MIGRANT_BRANCH, true), Some(NotAllowed)),
        ("a ledger elsewhere is closed", REVIEWER, ledger(MIGRANT_BRANCH, false), None),
        ("the ledger of nothing", REVIEWER, ledger(0x0f, false), Some(NotFound)),
    ]
}

/// Rows by table, without versions: counting them up is the server's.
fn written(rows: &[Row]) -> Value {
    let mut tables: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for row in rows {
        let mut object = row_json(row);
        object.as_object_mut().unwrap().remove("version");
        tables.entry(row.table().name).or_default().push(object);
    }
    json!(tables)
}

fn decided(county: &County, case: &Case, at: Instant, op: u8, follows: Option<OpId>) -> Value {
    let (name, actor, action, expected) = case;
    let received = small_county::RECEIVED;
    let (clocks, not_before) = (small_county::clocks(), small_county::NOT_BEFORE);
    let proposal =
        Proposal { op: id(op).into(), actor: who(*actor), at, received, follows, clocks: &clocks, not_before, action };
    let at = match at {
        Instant::Anchored(at) => json!({"anchored": at}),
        Instant::After(at) => json!({"after": at}),
    };
    let mut object = json!({
        "name": name, "op": proposal.op, "actor": proposal.actor, "at": at, "received": received,
        "depends_on": follows, "kind": action.kind(), "payload": payload(action),
    });
    match (decide(county, &proposal), expected) {
        (Err(DecideError::Refused(refusal)), Some(expected)) => {
            assert_eq!(refusal, *expected, "{name}");
            object["refused"] = refusal.code().into();
        }
        (Ok(outcome), None) => {
            object["writes"] = written(&outcome.rows);
            object["regrants"] = json!(outcome.regrant);
            if let Some(studied) = outcome.studied {
                object["credited"] = json!(studied.credit.stretches);
            }
            object["ledgers"] = outcome.ledgers.iter().map(|(org, open)| json!({"org": org, "open": open})).collect();
        }
        (other, _) => panic!("{name}: {other:?}"),
    }
    object
}

pub(crate) fn rules() -> Value {
    let county = county();
    let mut decisions: Vec<Value> =
        cases().iter().map(|case| decided(&county, case, Instant::Anchored(NOW), NEW, None)).collect();
    let earlier = Some(OpId(id(EARLIER)));
    let more: [(Case, Instant, u8, Option<OpId>); 4] = [
        (
            (
                "an edit that builds on the operation that wrote the present version",
                SECRETARY,
                edit(OF_BRANCH, 0),
                None,
            ),
            Instant::Anchored(NOW),
            NEW,
            earlier,
        ),
        (
            (
                "an edit that builds on an operation that wrote nothing here",
                SECRETARY,
                edit(OF_BRANCH, 3),
                Some(Refusal::Stale),
            ),
            Instant::Anchored(NOW),
            NEW,
            Some(OpId(id(NEW))),
        ),
        (
            (
                "a notice with the id of another",
                SECRETARY,
                publish(BRANCH_A, NoticeScope::Branch, "标题", "正文"),
                Some(Refusal::Duplicate),
            ),
            Instant::Anchored(NOW),
            OF_BRANCH,
            None,
        ),
        (
            ("after a restart the time is that of receipt", PLAIN, read(OF_BRANCH), None),
            Instant::After(NOW.plus_ms(-5_000)),
            NEW,
            None,
        ),
    ];
    decisions.extend(more.iter().map(|(case, at, op, follows)| decided(&county, case, *at, *op, *follows)));

    decisions.extend(
        small_county::cases().into_iter().map(|(name, actor, action, refusal, op, at)| {
            decided(&county, &(name, actor, action, refusal), at, op, None)
        }),
    );

    let mut tables: Map<String, Value> = Map::new();
    for row in county.rows.values() {
        let list = tables.entry(row.table().name).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(row_json(row));
    }
    let grants: Vec<Value> = county.all::<Member>().map(|member| grant(&county, &member)).collect();
    json!({
        "rows": tables,
        "opened_ledgers": county.opened.iter().map(|(member, org)| json!({"member": member, "org": org})).collect::<Vec<_>>(),
        "written_by_operations": [{"op": id(EARLIER), "table": "notice", "id": id(OF_BRANCH), "version": 3}],
        "study": small_county::known(),
        "decisions": decisions,
        "grants": grants,
    })
}

fn grant(county: &County, member: &Member) -> Value {
    let at = Standpoint {
        member: member.id.into(),
        home: member.org,
        status: member.status,
        participations: county.participations(member.id.into()).unwrap(),
        roles: county.roles(member.id.into()).unwrap(),
        opened_ledgers: county.opened.iter().filter(|(who, _)| who.0 == member.id).map(|(_, org)| *org).collect(),
    };
    let feeds: Vec<String> = feeds_held(county, &at).unwrap().iter().map(ToString::to_string).collect();
    json!({"member": member.id, "feeds": feeds})
}

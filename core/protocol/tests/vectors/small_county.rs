//! Study and points in the small county of `rules`: its items, postings and cases, and what a server knows besides rows.

use std::convert::Infallible;
use std::sync::Arc;

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::op::{
    Action, AnswerQuiz, CheckAnswer, DecideAppeal, DecideReview, DrawQuiz, MakeAppeal, PublishRules, RecordStudy,
    ReverseEntry, SetFeatures, SignInToday, Span,
};
use dangjian_domain::points::memo;
use dangjian_domain::points::post::{Fact, Period, reversal};
use dangjian_domain::points::rules::{FactKind, RuleSet};
use dangjian_domain::rows::{
    Appeal, Board, CaseState, ItemCategory, ItemKind, ItemProgress, LedgerEntry, Listed, QuizDraw, ReviewCase,
    ReviewKind, RuleSetRow, Score, StudyDay, StudyItem, SubjectKind, Synced,
};
use dangjian_domain::rule::{Refusal, StudyFacts};
use dangjian_domain::schema::Row;
use dangjian_domain::study::checks::{self, due};
use dangjian_domain::study::credit::Stretch;
use dangjian_domain::study::lease::{HOLDS_MS, Lease};
use dangjian_domain::study::place::BootClock;
use dangjian_domain::time::{BootId, CivilDay, Instant, Quarter, Timestamp};
use serde_json::{Value, json};

use crate::operations::BOOT;
use crate::rules::{BRANCH_A, BRANCH_B, COUNTY, County, NEW, OFFICER, PLAIN, REVIEWER, SECRETARY, SUSPENDED, TOWNSHIP};
use crate::rules::{org, who};
use crate::study::{every_half_minute, rules as study_rules};
use crate::support::{NOW, device, hex, id};

const MIN: i64 = 60_000;
const HOUR: i64 = 60 * MIN;
const DAY: i64 = 24 * HOUR;
const MIDNIGHT: i64 = NOW.0 - 5 * HOUR;
/// When the server receives the operations of the cases.
pub(crate) const RECEIVED: Timestamp = Timestamp(NOW.0 + MIN);
/// Nothing in them can be from before.
pub(crate) const NOT_BEFORE: Timestamp = Timestamp(NOW.0 - DAY);
/// A boot at the beginning of time, before any rule set.
const OLD_BOOT: BootId = BootId([0xb1; 16]);
const NO_BOOT: BootId = BootId([0xb2; 16]);

// Items.
const CHECKED: u8 = 0x91;
const VIDEO: u8 = 0x92;
const QUIZ: u8 = 0x93;
const DRAWN: u8 = 0x94;
const PLAIN_ARTICLE: u8 = 0x95;
const NEARLY_READ: u8 = 0x96;
// Postings.
const GIVEN: u8 = 0xa1;
const TAKEN_BACK: u8 = 0xa2;
const OF_OFFICER: u8 = 0xa3;
const GIVEN_AGAIN: u8 = 0xa4;
// What else can be objected to, objections.
const SCORE: u8 = 0xa5;
const CASE: u8 = 0xa6;
const CASE_CLOSED: u8 = 0xa7;
const CASE_OF_SECRETARY: u8 = 0xa8;
const OPEN: u8 = 0xa9;
const DECIDED: u8 = 0xaa;
const OF_REVIEWER: u8 = 0xab;
const AGAINST_POSTING: u8 = 0xac;
const AGAINST_GIVEN_AGAIN: u8 = 0xad;

const QUESTIONS: &str = r#"[{"text":"党员义务有几项？","choices":["六","八"]},{"text":"党费按什么时间交纳？","choices":["按月","按年"]},{"text":"预备期多长？","choices":["半年","两年","一年"]}]"#;
const SOLUTION: &str =
    r#"[{"right":1,"why":"党章第三条"},{"right":0,"why":"党费收缴规定"},{"right":2,"why":"党章第七条"}]"#;
const RIGHT: [u8; 3] = [1, 0, 2];

fn today() -> CivilDay {
    NOW.civil_day(0)
}

fn entry(n: u8, member: u8, rule: &str, points: i64) -> LedgerEntry {
    LedgerEntry {
        version: 1,
        rule_set: "default-county/2026.1".into(),
        amount: points * MIN,
        fact: Some(id(0xf0).into()),
        about: Some(id(PLAIN_ARTICLE)),
        ..LedgerEntry::imported(id(n), who(member), org(BRANCH_A), today().plus_days(-1), rule, points)
    }
}

/// What study and points add to the rows of the county.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![];
    let rules = RuleSetRow::of(org(COUNTY), RuleSet::DEFAULT_TEXT).unwrap();
    rows.push(RuleSetRow { version: 1, ..rules }.to_row());
    for (n, kind, length_ms, checks) in [
        (CHECKED, ItemKind::Article, 15 * MIN, 2),
        (VIDEO, ItemKind::Video, 10 * MIN, 0),
        (QUIZ, ItemKind::Quiz, 5 * MIN, 0),
        (DRAWN, ItemKind::Quiz, 5 * MIN, 0),
        (PLAIN_ARTICLE, ItemKind::Article, 15 * MIN, 0),
        (NEARLY_READ, ItemKind::Article, 4 * MIN, 0),
    ] {
        rows.push(
            StudyItem {
                id: id(n),
                version: 1,
                county: org(COUNTY),
                kind,
                category: ItemCategory::Theory,
                title: format!("item {n}"),
                source: "新田县".into(),
                length_ms,
                published_on: today().plus_days(-30),
                required_month: None,
                content: String::new(),
                content_bytes: 0,
                checks,
            }
            .to_row(),
        );
    }
    let day = |day: CivilDay, read_ms, offline_ms| StudyDay {
        id: StudyDay::id_of(who(PLAIN), day),
        version: 1,
        member: who(PLAIN),
        org: org(BRANCH_A),
        day,
        read_ms,
        av_ms: 0,
        offline_ms,
    };
    rows.push(day(today(), 50_000, 0).to_row());
    rows.push(day(today().plus_days(-1), 59 * MIN, 59 * MIN).to_row());
    let first = due(checks::seed(who(PLAIN), id(CHECKED)), study_rules().checks, 2, 0).unwrap();
    let progress = |item: u8, credited_ms, observed_ms| ItemProgress {
        id: ItemProgress::id_of(who(PLAIN), id(item)),
        version: 1,
        member: who(PLAIN),
        item: id(item),
        credited_ms,
        finished_on: None,
        observed_ms,
        answered: 0,
        right: 0,
    };
    rows.push(progress(CHECKED, first.at_ms - MIN, first.at_ms - MIN).to_row());
    rows.push(progress(NEARLY_READ, 3 * MIN, 3 * MIN).to_row());

    // The secretary has signed in today.
    let fact = Fact::id_of(RowId::derived("dangjian/sign-in", &[id(SECRETARY)]), FactKind::SignIn, today());
    let signed_in = LedgerEntry {
        id: LedgerEntry::id_of(fact, "sign_in"),
        day: today(),
        amount: 1,
        ..entry(0, SECRETARY, "sign_in", 1)
    };
    rows.push(signed_in.to_row());
    rows.push(entry(GIVEN, PLAIN, "read_minutes", 3).to_row());
    rows.push(entry(OF_OFFICER, OFFICER, "read_minutes", 2).to_row());
    let taken = entry(TAKEN_BACK, PLAIN, "read_item", 1);
    let again = entry(GIVEN_AGAIN, PLAIN, "quiz", 2);
    for posting in [&taken, &again] {
        rows.push(posting.to_row());
        rows.push(LedgerEntry { version: 1, ..reversal(posting, "重复", id(0xf1).into()).unwrap() }.to_row());
    }
    let back = LedgerEntry::id_of_reversal(again.id);
    let given_back = LedgerEntry {
        id: LedgerEntry::id_of_reversal(back),
        reverses: Some(back),
        reason: Some("属实".into()),
        fact: Some(id(0xf2).into()),
        ..again
    };
    rows.push(given_back.to_row());

    rows.push(
        Score {
            id: id(SCORE),
            version: 1,
            subject: id(PLAIN),
            kind: SubjectKind::Member,
            org: org(BRANCH_A),
            name: format!("member {PLAIN}"),
            quarter: Quarter(20264),
            points: 12,
            score: 5,
            board: Board::Black,
            listed: Listed::Withheld,
            components: "study:5,organization_life:0,suggestion:0".into(),
            rule_set: "default-county/2026.1".into(),
            as_of: NOW,
        }
        .to_row(),
    );
    for (n, member, state) in [
        (CASE, PLAIN, CaseState::Open),
        (CASE_CLOSED, PLAIN, CaseState::Dismissed),
        (CASE_OF_SECRETARY, SECRETARY, CaseState::Open),
    ] {
        rows.push(
            ReviewCase {
                id: id(n),
                version: 1,
                member: who(member),
                org: org(BRANCH_A),
                kind: ReviewKind::ExactInterval,
                day: today(),
                evidence: "36 次触屏中 34 次间隔为 5.00 秒".into(),
                opened_at: NOW,
                state,
                decided_by: None,
                decided_at: None,
                reason: None,
            }
            .to_row(),
        );
    }
    let taken_back = LedgerEntry::id_of_reversal(id(TAKEN_BACK));
    for (n, member, at, about, state) in [
        (OPEN, PLAIN, BRANCH_A, taken_back, CaseState::Open),
        (DECIDED, PLAIN, BRANCH_A, taken_back, CaseState::Dismissed),
        (OF_REVIEWER, REVIEWER, BRANCH_B, id(GIVEN), CaseState::Open),
        (AGAINST_POSTING, PLAIN, BRANCH_A, id(GIVEN), CaseState::Open),
        (AGAINST_GIVEN_AGAIN, PLAIN, BRANCH_A, back, CaseState::Open),
    ] {
        rows.push(
            Appeal {
                id: id(n),
                version: 1,
                member: who(member),
                org: org(at),
                about,
                text: "请核对".into(),
                made_at: NOW,
                state,
                decided_by: None,
                decided_at: None,
                answer: None,
            }
            .to_row(),
        );
    }
    let draw = |member: u8, day: CivilDay, answered: bool| QuizDraw {
        id: draw_of(member, DRAWN, day),
        version: 1,
        member: who(member),
        item: id(DRAWN),
        day,
        questions: QUESTIONS.into(),
        asked: 3,
        answered_at: answered.then_some(NOW),
        right: answered.then_some(1),
        solution: answered.then(|| SOLUTION.into()),
    };
    rows.push(draw(PLAIN, today(), false).to_row());
    rows.push(draw(PLAIN, today().plus_days(-1), false).to_row());
    rows.push(draw(PLAIN, today().plus_days(-2), true).to_row());
    rows.push(draw(PLAIN, today().plus_days(-9), false).to_row());
    rows.push(draw(SECRETARY, today(), false).to_row());
    rows
}

fn draw_of(member: u8, item: u8, day: CivilDay) -> RowId {
    QuizDraw::id_of(who(member), id(item), day)
}

pub(crate) fn clocks() -> [BootClock; 2] {
    let observed = true;
    [
        BootClock { boot: BOOT, offset_ms: NOW.0 - 2 * DAY, observed },
        BootClock { boot: OLD_BOOT, offset_ms: 0, observed },
    ]
}

/// Leases the server knows for its own and this device's, by the number that fills their tags.
fn leases() -> Vec<(u8, Lease)> {
    let lease = |member: u8, item: u8| Lease {
        id: id(0x1e),
        member: who(member),
        device: device(),
        item: id(item),
        issued_at: Timestamp(MIDNIGHT - HOUR),
        expires_at: Timestamp(MIDNIGHT - HOUR + HOLDS_MS),
    };
    vec![(1, lease(PLAIN, PLAIN_ARTICLE)), (2, lease(SECRETARY, PLAIN_ARTICLE)), (3, lease(PLAIN, VIDEO))]
}

fn token(n: u8) -> Vec<u8> {
    let known = leases().into_iter().find(|(tag, _)| *tag == n).map(|(_, lease)| lease);
    let lease = known.unwrap_or_else(|| leases()[0].1);
    [&[n; 32][..], &lease.encode()].concat()
}

/// Moments for which the member was credited before, by another phone.
const COVERED: [Stretch; 1] = [(NOW.0 - 90 * MIN, NOW.0 - 88 * MIN)];

impl StudyFacts for County {
    fn rules_on(&self, day: CivilDay) -> Result<Option<Arc<RuleSet>>, Infallible> {
        let sets = self.all::<RuleSetRow>().filter(|row| row.effective_from <= day);
        Ok(sets.max_by_key(|row| row.effective_from).and_then(|row| memo::rule_set(&row.text)))
    }

    fn covered(&self, member: MemberId, from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>, Infallible> {
        let touched = |stretch: &Stretch| stretch.1 > from.0 && stretch.0 < until.0;
        Ok(if member == who(PLAIN) { COVERED.into_iter().filter(touched).collect() } else { vec![] })
    }

    fn right_answers(&self, _: RowId, answers: &[CheckAnswer]) -> Result<i64, Infallible> {
        Ok(answers.iter().filter(|answer| answer.choice == 0).count() as i64)
    }

    fn lease(&self, token: &[u8]) -> Result<Option<Lease>, Infallible> {
        let Some((lease, _, tag)) = Lease::split(token) else { return Ok(None) };
        Ok(leases().into_iter().find(|(n, known)| tag == [*n; 32] && *known == lease).map(|(_, lease)| lease))
    }

    fn points_given(&self, member: MemberId, rule: &str, period: Period) -> Result<i64, Infallible> {
        let counts = |entry: &LedgerEntry| {
            entry.member == member
                && entry.rule == rule
                && entry.reverses.is_none()
                && Period::of(entry.day).any(|at| at == period)
        };
        Ok(self.all::<LedgerEntry>().filter(counts).map(|entry| entry.points).sum())
    }

    fn draw(&self, _: RowId) -> Result<Option<(String, i64)>, Infallible> {
        Ok(Some((QUESTIONS.into(), 3)))
    }

    fn judge(&self, _: RowId, answers: &[u8]) -> Result<Option<(i64, String)>, Infallible> {
        Ok(Some((answers.iter().zip(RIGHT).filter(|(given, right)| *given == right).count() as i64, SOLUTION.into())))
    }
}

/// What a server knows besides rows, for the vectors.
pub(crate) fn known() -> Value {
    let clocks = clocks().map(|at| json!({"boot": hex(at.boot.0), "offset_ms": at.offset_ms, "observed": at.observed}));
    let leases: Vec<Value> = leases()
        .into_iter()
        .map(|(n, lease)| {
            json!({
                "token": hex(token(n)), "member": lease.member, "device": lease.device, "item": lease.item,
                "issued_at": lease.issued_at, "expires_at": lease.expires_at,
            })
        })
        .collect();
    json!({
        "clocks": clocks,
        "not_before": NOT_BEFORE,
        "device": device(),
        "leases": leases,
        "covered": COVERED.map(|(from, to)| json!({"member": who(PLAIN), "from": from, "to": to})),
        "right_choice_of_every_check": 0,
        "quiz": {"questions": QUESTIONS, "asked": 3, "right": hex(RIGHT), "solution": SOLUTION},
    })
}

fn study(item: u8, from: i64, lease: Option<u8>, change: impl FnOnce(&mut RecordStudy)) -> Action {
    let offset = if from < NOT_BEFORE.0 - DAY { 0 } else { NOW.0 - 2 * DAY };
    let mut record = RecordStudy {
        session: id(0x5e),
        item: id(item),
        lease: lease.map(token),
        boot: if offset == 0 { OLD_BOOT } else { BOOT },
        from_ms: (from - offset).unsigned_abs(),
        spans: vec![Span { from_ms: 0, to_ms: 300_000 }],
        beats: every_half_minute(300_000),
        inputs: vec![],
        checks: vec![],
    };
    change(&mut record);
    Action::RecordStudy(record)
}

fn sign_in(boot: BootId, at: i64) -> Action {
    Action::SignInToday(SignInToday { boot, at_ms: (at - (NOW.0 - 2 * DAY)).unsigned_abs() })
}

fn answer(draw: RowId, answers: &[u8]) -> Action {
    Action::AnswerQuiz(AnswerQuiz { draw, answers: answers.to_vec() })
}

fn reverse(entry: RowId, reason: &str) -> Action {
    Action::ReverseEntry(ReverseEntry { entry, reason: reason.into() })
}

fn appeal(about: RowId, text: &str) -> Action {
    Action::MakeAppeal(MakeAppeal { about, text: text.into() })
}

fn decide_appeal(n: u8, granted: bool) -> Action {
    Action::DecideAppeal(DecideAppeal { appeal: id(n), granted, answer: "已核对".into() })
}

fn decide_review(n: u8, upheld: bool) -> Action {
    Action::DecideReview(DecideReview { case: id(n), upheld, reason: "已核对".into() })
}

fn publish(version: &str, from: CivilDay) -> Action {
    let (year, month, day) = from.ymd().unwrap();
    let text = RuleSet::DEFAULT_TEXT
        .replace("\"2026.1\"", &format!("{version:?}"))
        .replace("effective_from = 2026-01-01", &format!("effective_from = {year}-{month:02}-{day:02}"));
    Action::PublishRules(PublishRules { text })
}

fn features(n: u8) -> Action {
    Action::SetFeatures(SetFeatures {
        county: org(n),
        public_ranking: false,
        names_on_low_boards: false,
        study_in_appraisal: false,
        sign_in_points: true,
        mandatory_photo: false,
        usage_reports: false,
        forced_check_in: false,
    })
}

/// Name, actor, what is done, the refusal expected, the operation's id, and what the phone says of the time.
pub(crate) type Case = (&'static str, u8, Action, Option<Refusal>, u8, Instant);

pub(crate) fn cases() -> Vec<Case> {
    use Refusal::*;
    let same = |_: &mut RecordStudy| {};
    let half_hour_ago = NOW.0 - 30 * MIN;
    let check = due(checks::seed(who(PLAIN), id(CHECKED)), study_rules().checks, 2, 0).unwrap().check;
    let answered = move |record: &mut RecordStudy| {
        record.checks = vec![CheckAnswer { at_ms: 70_000, check, choice: 0 }];
    };
    let yesterday = today().plus_days(-1);
    let last_night = Instant::After(Timestamp(MIDNIGHT - HOUR));
    let now = Instant::Anchored(NOW);
    let taken_back = LedgerEntry::id_of_reversal(id(TAKEN_BACK));
    let broken = |record: &mut RecordStudy| record.spans.insert(0, Span { from_ms: 9, to_ms: 10 });
    let cases: Vec<(&'static str, u8, Action, Option<Refusal>)> = vec![
        ("a sign-in", PLAIN, sign_in(BOOT, NOW.0), None),
        ("a second sign-in of the day gives nothing", SECRETARY, sign_in(BOOT, NOW.0), None),
        ("a sign-in just before midnight", SECRETARY, sign_in(BOOT, MIDNIGHT - 1), None),
        ("a sign-in from before the last contact", PLAIN, sign_in(BOOT, NOT_BEFORE.0 - 1), Some(ImplausibleTime)),
        ("a sign-in two minutes ahead", PLAIN, sign_in(BOOT, RECEIVED.0 + 2 * MIN), None),
        ("a sign-in further ahead", PLAIN, sign_in(BOOT, RECEIVED.0 + 2 * MIN + 1), Some(ImplausibleTime)),
        ("a sign-in by a clock nobody knows", PLAIN, sign_in(NO_BOOT, NOW.0), Some(ImplausibleTime)),
        ("a sign-in of a suspended member", SUSPENDED, sign_in(BOOT, NOW.0), Some(MemberInactive)),
        ("five minutes of reading", PLAIN, study(PLAIN_ARTICLE, half_hour_ago, None, same), None),
        ("five minutes of a video", PLAIN, study(VIDEO, half_hour_ago, None, same), None),
        (
            "a segment overlapping what was credited before",
            PLAIN,
            study(PLAIN_ARTICLE, NOW.0 - 91 * MIN, None, same),
            None,
        ),
        ("a segment across midnight", SECRETARY, study(PLAIN_ARTICLE, MIDNIGHT - 2 * MIN, None, same), None),
        (
            "a segment beyond the item's length, which finishes it",
            PLAIN,
            study(NEARLY_READ, half_hour_ago, None, same),
            None,
        ),
        (
            "a gap without heartbeat",
            PLAIN,
            study(PLAIN_ARTICLE, half_hour_ago, None, |record| record.beats = vec![30_000, 150_000]),
            None,
        ),
        ("a check that is not answered", PLAIN, study(CHECKED, half_hour_ago, None, same), None),
        ("a check answered after ten seconds", PLAIN, study(CHECKED, half_hour_ago, None, answered), None),
        ("the rest of the day's allowance", PLAIN, study(PLAIN_ARTICLE, MIDNIGHT - 10 * MIN, None, same), None),
        ("the same under a lease", PLAIN, study(PLAIN_ARTICLE, MIDNIGHT - 10 * MIN, Some(1), same), None),
        ("a segment that ends after its receipt", PLAIN, study(PLAIN_ARTICLE, RECEIVED.0 - 2 * MIN, None, same), None),
        (
            "a segment from before the last contact is not credited",
            PLAIN,
            study(PLAIN_ARTICLE, NOT_BEFORE.0 - 10 * MIN, None, same),
            None,
        ),
        ("the lease of another member", PLAIN, study(PLAIN_ARTICLE, half_hour_ago, Some(2), same), Some(LeaseInvalid)),
        ("the lease of another item", PLAIN, study(PLAIN_ARTICLE, half_hour_ago, Some(3), same), Some(LeaseInvalid)),
        (
            "a lease the server did not give",
            PLAIN,
            study(PLAIN_ARTICLE, half_hour_ago, Some(9), same),
            Some(LeaseInvalid),
        ),
        ("stretches out of order", PLAIN, study(PLAIN_ARTICLE, half_hour_ago, None, broken), Some(StudyMalformed)),
        (
            "a segment of a boot nobody knows",
            PLAIN,
            study(PLAIN_ARTICLE, half_hour_ago, None, |record| record.boot = NO_BOOT),
            Some(ImplausibleTime),
        ),
        ("a segment from before any rule set", PLAIN, study(PLAIN_ARTICLE, 1_000, None, same), Some(NoRules)),
        ("a quiz is not read", PLAIN, study(QUIZ, half_hour_ago, None, same), Some(NotFound)),
        ("an item that is not there", PLAIN, study(0x9f, half_hour_ago, None, same), Some(NotFound)),
        ("a quiz is drawn", PLAIN, Action::DrawQuiz(DrawQuiz { item: id(QUIZ) }), None),
        ("a quiz drawn today already", PLAIN, Action::DrawQuiz(DrawQuiz { item: id(DRAWN) }), None),
        ("an article has no questions to draw", PLAIN, Action::DrawQuiz(DrawQuiz { item: id(VIDEO) }), Some(NotFound)),
        ("two of three right", PLAIN, answer(draw_of(PLAIN, DRAWN, today()), &[1, 0, 0]), None),
        ("none right", PLAIN, answer(draw_of(PLAIN, DRAWN, today()), &[0, 1, 0]), None),
        ("too few answers", PLAIN, answer(draw_of(PLAIN, DRAWN, today()), &[1, 0]), Some(StudyMalformed)),
        ("another member's draw", PLAIN, answer(draw_of(SECRETARY, DRAWN, today()), &[1, 0, 2]), Some(NotFound)),
        (
            "a draw answered before",
            PLAIN,
            answer(draw_of(PLAIN, DRAWN, today().plus_days(-2)), &[1, 0, 2]),
            Some(Duplicate),
        ),
        (
            "a draw of yesterday answered today",
            PLAIN,
            answer(draw_of(PLAIN, DRAWN, yesterday), &[1, 0, 2]),
            Some(QuizClosed),
        ),
        (
            "a draw of nine days ago",
            PLAIN,
            answer(draw_of(PLAIN, DRAWN, today().plus_days(-9)), &[1, 0, 2]),
            Some(QuizClosed),
        ),
        ("a posting taken back by a reviewer above", REVIEWER, reverse(id(GIVEN), "代人学习"), None),
        ("one's own posting", OFFICER, reverse(id(OF_OFFICER), "重复"), Some(NotAllowed)),
        ("a secretary takes nothing back", SECRETARY, reverse(id(GIVEN), "重复"), Some(NotAllowed)),
        ("a posting that is not there", REVIEWER, reverse(id(0xaf), "重复"), Some(NotFound)),
        ("a reversal without a reason", REVIEWER, reverse(id(GIVEN), " "), Some(TextEmpty)),
        ("a posting taken back before", REVIEWER, reverse(id(TAKEN_BACK), "重复"), Some(AlreadyDecided)),
        ("a reversal is not taken back", REVIEWER, reverse(taken_back, "重复"), Some(NotReversible)),
        ("an objection to a posting", PLAIN, appeal(id(GIVEN), "当日在车间学习"), None),
        ("an objection to a score", PLAIN, appeal(id(SCORE), "请核对"), None),
        ("an objection to a review", PLAIN, appeal(id(CASE), "请核对"), None),
        ("an objection to another member's posting", PLAIN, appeal(id(OF_OFFICER), "请核对"), Some(NotFound)),
        ("an objection of 1,002 bytes", PLAIN, appeal(id(GIVEN), &"字".repeat(334)), Some(TextTooLong)),
        ("an objection granted: the points come back", REVIEWER, decide_appeal(OPEN, true), None),
        ("an objection not granted", REVIEWER, decide_appeal(OPEN, false), None),
        ("an objection to a posting granted gives nothing", REVIEWER, decide_appeal(AGAINST_POSTING, true), None),
        ("points come back once", REVIEWER, decide_appeal(AGAINST_GIVEN_AGAIN, true), None),
        ("an objection decided before", REVIEWER, decide_appeal(DECIDED, true), Some(AlreadyDecided)),
        ("one's own objection", REVIEWER, decide_appeal(OF_REVIEWER, true), Some(NotAllowed)),
        ("a secretary decides no objection", SECRETARY, decide_appeal(OPEN, true), Some(NotAllowed)),
        ("a review upheld by the branch's secretary", SECRETARY, decide_review(CASE, true), None),
        ("a review dismissed by a reviewer", REVIEWER, decide_review(CASE, false), None),
        ("a review closed before", SECRETARY, decide_review(CASE_CLOSED, true), Some(AlreadyDecided)),
        ("one's own review", SECRETARY, decide_review(CASE_OF_SECRETARY, false), Some(NotAllowed)),
        ("a member without a role decides nothing", PLAIN, decide_review(CASE_OF_SECRETARY, false), Some(NotAllowed)),
        ("a rule set for tomorrow", OFFICER, publish("2026.2", today().plus_days(1)), None),
        ("a rule set for today", OFFICER, publish("2026.2", today()), Some(RulesInPast)),
        ("a rule set published before", OFFICER, publish("2026.1", today().plus_days(1)), Some(Duplicate)),
        (
            "a text that is no rule set",
            OFFICER,
            Action::PublishRules(PublishRules { text: "schema = 1".into() }),
            Some(RulesInvalid),
        ),
        ("a reviewer publishes no rules", REVIEWER, publish("2026.2", today().plus_days(1)), Some(NotAllowed)),
        ("the county's features", OFFICER, features(COUNTY), None),
        ("a township has no features of its own", OFFICER, features(TOWNSHIP), Some(NotAllowed)),
        ("a reviewer sets no features", REVIEWER, features(COUNTY), Some(NotAllowed)),
    ];
    let mut cases: Vec<Case> =
        cases.into_iter().map(|(name, actor, action, refusal)| (name, actor, action, refusal, NEW, now)).collect();
    let offline = answer(draw_of(PLAIN, DRAWN, yesterday), &[1, 0, 2]);
    cases.push((
        "a draw of yesterday answered then, by a phone that was restarted",
        PLAIN,
        offline,
        None,
        NEW,
        last_night,
    ));
    let twice = appeal(id(GIVEN), "请核对");
    cases.push(("an objection with the id of another", PLAIN, twice, Some(Duplicate), OPEN, now));
    cases
}

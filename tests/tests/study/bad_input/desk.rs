//! A county at its server, segments to hand in, and what must not change.

use std::fmt::Write as _;

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::op::{Action, RecordStudy, Span};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{ItemKind, ItemProgress, LedgerEntry, StudyDay};
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_protocol::message::{Decision, Verdict};
use dangjian_tests::study::{Office, Phone, item, learner};

use crate::year::office::all;

/// Where everything follows to.
const CONSEQUENCES: [&str; 12] = [
    "ledger_entry",
    "study_day",
    "item_progress",
    "study_fact",
    "study_cover",
    "rule_sum",
    "review_case",
    "appeal",
    "rule_set",
    "features",
    "quiz_draw",
    "entry",
];

/// Articles of an hour.
pub(crate) const HOURS: u8 = 26;
/// An article of five minutes twenty, with three checks.
pub(crate) const CHECKED: RowId = RowId([0xa0 + 30; 16]);

/// Noon of an ordinary day.
pub(crate) fn noon() -> Timestamp {
    CivilDay::from_ymd(2026, 11, 24).unwrap().start().plus_ms(12 * 3_600_000)
}

/// The nth article of an hour.
pub(crate) fn hour(n: u8) -> RowId {
    RowId([0xa0 + n; 16])
}

/// A county with three learners; the phone of the first is an hour old.
pub(crate) fn desk() -> (Office, Phone) {
    let mut items: Vec<_> = (0..HOURS).map(|n| item(n, ItemKind::Article, 3_600_000, 0)).collect();
    items.push(item(30, ItemKind::Article, 320_000, 3));
    items.push(item(50, ItemKind::Quiz, 60_000, 0));
    let mut office = Office::in_memory(noon().plus_ms(-86_400_000), 3, &items, &[RuleSet::DEFAULT_TEXT.to_owned()]);
    let phone = office.phone(learner(0));
    office.now = noon();
    (office, phone)
}

/// A segment that began so long ago on this phone: spans and heartbeats in seconds after its start.
pub(crate) fn segment(phone: &Phone, item: RowId, from: Timestamp, spans: &[(u32, u32)], beats: &[u32]) -> RecordStudy {
    let spans = spans.iter().map(|(from, to)| Span { from_ms: from * 1_000, to_ms: to * 1_000 }).collect();
    RecordStudy {
        session: RowId([9; 16]),
        item,
        lease: None,
        boot: phone.boot,
        from_ms: phone.reading(from),
        spans,
        beats: beats.iter().map(|at| at * 1_000).collect(),
        inputs: vec![],
        checks: vec![],
    }
}

/// A whole segment of so many seconds, with every heartbeat.
pub(crate) fn whole(phone: &Phone, item: RowId, from: Timestamp, seconds: u32) -> RecordStudy {
    let beats: Vec<u32> = (0..=seconds / 30).map(|n| n * 30).collect();
    segment(phone, item, from, &[(0, seconds)], &beats)
}

pub(crate) fn study(record: RecordStudy) -> Action {
    Action::RecordStudy(record)
}

/// Seconds credited to somebody, and how many of them without a lease.
pub(crate) fn credited(office: &Office, member: MemberId) -> (i64, i64) {
    let days: Vec<StudyDay> = all(&office.conn, "member", member.0);
    days.iter().fold((0, 0), |sum, day| (sum.0 + (day.read_ms + day.av_ms) / 1_000, sum.1 + day.offline_ms / 1_000))
}

/// Seconds credited on a day.
pub(crate) fn on_day(office: &Office, member: MemberId, day: CivilDay) -> i64 {
    let days: Vec<StudyDay> = all(&office.conn, "member", member.0);
    days.iter().filter(|row| row.day == day).map(|row| (row.read_ms + row.av_ms) / 1_000).sum()
}

pub(crate) fn progress(office: &Office, member: MemberId, item: RowId) -> Option<ItemProgress> {
    all(&office.conn, "id", ItemProgress::id_of(member, item)).pop()
}

pub(crate) fn entries(office: &Office, member: MemberId) -> Vec<LedgerEntry> {
    all(&office.conn, "member", member.0)
}

/// Every cell of what follows from operations.
pub(crate) fn consequences(office: &Office) -> String {
    let mut state = String::new();
    for table in CONSEQUENCES {
        let mut statement = office.conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut lines = vec![];
        while let Some(row) = rows.next().unwrap() {
            lines.push((0..columns).map(|at| format!("{:?}|", row.get_ref(at).unwrap())).collect::<String>());
        }
        lines.sort();
        writeln!(state, "{table}\n{}", lines.join("\n")).unwrap();
    }
    state
}

/// Hands it in and holds the server to refuse it so, and nothing to follow.
pub(crate) fn refused(office: &mut Office, phone: &mut Phone, action: &Action, why: Refusal) {
    let before = consequences(office);
    let verdict = phone.act(office, action);
    assert_eq!((verdict.decision, verdict.reason), (Decision::Refused, Some(why.code())), "{action:?}");
    assert!(consequences(office) == before, "a refusal of {action:?} changed something");
}

/// Hands it in and holds the server to take it.
pub(crate) fn accepted(office: &mut Office, phone: &mut Phone, action: &Action) -> Verdict {
    let verdict = phone.act(office, action);
    assert_eq!((verdict.decision, verdict.reason), (Decision::Accepted, None), "{action:?}");
    verdict
}

/// Somebody else studies a minute, and it counts: the server goes on.
pub(crate) fn goes_on(office: &mut Office) {
    let mut phone = office.phone(learner(2));
    let before = credited(office, learner(2)).0;
    office.pass_ms(60_000);
    let record = whole(&phone, hour(25), office.now.plus_ms(-60_000), 60);
    accepted(office, &mut phone, &study(record));
    assert_eq!(credited(office, learner(2)).0, before + 60);
}

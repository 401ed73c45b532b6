//! Postings a second: real pushes into a database on disk, FULL sync, as many in a transaction as the writer takes.

use std::time::Instant;

use dangjian_domain::id::RowId;
use dangjian_domain::op::{Action, AnswerQuiz, DrawQuiz, RecordStudy, Span};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{ItemKind, QuizDraw};
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_protocol::http::Request;

use crate::study::{Office, Phone, item, learner};

const PHONES: usize = 256;
/// Most requests in one transaction of the writer.
const BATCH: usize = 64;
const DAYS: i32 = 6;
const QUIZ: RowId = RowId([0xa0 + 50; 16]);

/// What came out.
pub(super) struct Posted {
    pub(super) entries_per_s: f64,
    pub(super) operations_per_s: f64,
    pub(super) pushes_per_s: f64,
    pub(super) entries: i64,
}

fn segment(phone: &Phone, n: u8, from: Timestamp) -> Action {
    Action::RecordStudy(RecordStudy {
        session: RowId([n; 16]),
        item: RowId([0xa0 + n; 16]),
        lease: None,
        boot: phone.boot,
        from_ms: phone.reading(from),
        spans: vec![Span { from_ms: 0, to_ms: 300_000 }],
        beats: (0..=10).map(|n| n * 30_000).collect(),
        inputs: (0..12).map(|n| n * 23_456).collect(),
        checks: vec![],
    })
}

/// An evening of study and a quiz, in one push.
fn push(office: &mut Office, phone: &mut Phone, day: CivilDay, round: i32) -> (Request, usize) {
    let now = office.now;
    let mut actions: Vec<Action> = (0..4u8)
        .map(|n| segment(phone, n + 4 * (round as u8 % 2), now.plus_ms(i64::from(n) * 300_000 - 1_200_000)))
        .collect();
    let draw = QuizDraw::id_of(phone.member, QUIZ, day);
    actions.push(Action::DrawQuiz(DrawQuiz { item: QUIZ }));
    actions.push(Action::AnswerQuiz(AnswerQuiz { draw, answers: vec![0, 1, 2, 3, 0] }));
    let operations = actions.len();
    let push = phone.next_push(now, &actions);
    (phone.exchange(office, Some(push)), operations)
}

pub(super) fn measure() -> Posted {
    let dir = tempfile::tempdir_in("target").unwrap();
    let connection = dangjian_county::sqlite::open(&dir.path().join("county.db"), false).unwrap();
    let kind = |n: u8| if n.is_multiple_of(2) { ItemKind::Article } else { ItemKind::Video };
    let mut items: Vec<_> = (0..8).map(|n| item(n, kind(n), 600_000, 0)).collect();
    items.push(item(50, ItemKind::Quiz, 60_000, 0));
    let first = CivilDay::from_ymd(2026, 11, 1).unwrap();
    let rules = [RuleSet::DEFAULT_TEXT.to_owned()];
    let mut office = Office::new(connection, first.start(), PHONES, &items, &rules);
    let mut phones: Vec<Phone> = (0..PHONES).map(|n| office.phone(learner(n))).collect();
    for phone in &mut phones {
        phone.pull(&mut office);
    }
    let (mut seconds, mut operations, mut pushes) = (0.0, 0, 0);
    let before = office.count("SELECT COUNT(*) FROM ledger_entry");
    for n in 1..=DAYS {
        let day = first.plus_days(n);
        office.now = day.start().plus_ms(20 * 3_600_000);
        let mut requests = vec![];
        for phone in &mut phones {
            let (request, count) = push(&mut office, phone, day, n);
            operations += count;
            requests.push(request);
        }
        let start = Instant::now();
        for batch in requests.chunks(BATCH) {
            office.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
            for request in batch {
                assert_eq!(office.send(request).status, 200);
            }
            office.conn.execute_batch("COMMIT").unwrap();
        }
        seconds += start.elapsed().as_secs_f64();
        pushes += requests.len();
    }
    let entries = office.count("SELECT COUNT(*) FROM ledger_entry") - before;
    assert!(entries > 0 && office.count("SELECT COUNT(*) FROM op WHERE decision <> 1") == 0);
    let (entries_per_s, operations_per_s) = (entries as f64 / seconds, operations as f64 / seconds);
    println!("post: {entries} postings of {operations} operations in {seconds:.2} s, {entries_per_s:.0} a second");
    Posted { entries_per_s, operations_per_s, pushes_per_s: pushes as f64 / seconds, entries }
}

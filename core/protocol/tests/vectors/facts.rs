//! Ids that are derived, checksums, and the feeds of rows.

use dangjian_domain::feed::feeds_of;
use dangjian_domain::id::RowId;
use dangjian_domain::points::post::Fact;
use dangjian_domain::points::rules::FactKind;
use dangjian_domain::rows::{
    BoardLine, Features, Histogram, ItemProgress, LedgerEntry, NoticeReceipt, QuizDraw, ReviewCase, ReviewKind,
    RuleSetRow, Score, StudyDay, SubjectKind, TABLES,
};
use dangjian_domain::schema::{ColumnType, Row, Table, Value as Cell};
use dangjian_domain::study::checks;
use dangjian_domain::time::{CivilDay, Quarter};
use dangjian_protocol::checksum::{mix, row_hash};
use serde_json::{Map, Value, json};

use crate::support::{branch, hex, id, member};

/// A derived id with what it is derived from: ids, numbers and texts, which become parts of 16 bytes.
fn derived(name: &str, context: &str, parts: &[Part], made: RowId) -> Value {
    let bytes: Vec<RowId> = parts.iter().map(Part::as_id).collect();
    assert_eq!(RowId::derived(context, &bytes), made, "{name}");
    let told: Vec<Value> = parts.iter().map(Part::told).collect();
    json!({"name": name, "context": context, "of": told, "parts": bytes, "id": made})
}

enum Part {
    Id(RowId),
    Number(i64),
    Text(&'static str),
}

impl Part {
    fn as_id(&self) -> RowId {
        match self {
            Self::Id(id) => *id,
            Self::Number(n) => RowId(i128::from(*n).to_be_bytes()),
            Self::Text(text) => RowId::derived(text, &[]),
        }
    }

    fn told(&self) -> Value {
        match self {
            Self::Id(id) => json!({"id": id}),
            Self::Number(n) => json!({"number": n}),
            Self::Text(text) => json!({"text": text}),
        }
    }
}

pub(crate) fn ids() -> Value {
    use Part::{Id, Number, Text};
    let (notice, item, day, quarter) = (id(1), id(0x91), CivilDay(20_780), Quarter(20_264));
    let (who, at, op) = (member().0, branch().0, id(0xfa));
    let fact = Fact::id_of(op, FactKind::ReadMs, day);
    let entry = LedgerEntry::id_of(fact, "read_minutes");
    let reversal = LedgerEntry::id_of_reversal(entry);
    let sign_in = RowId::derived("dangjian/sign-in", &[who]);
    let day_no = i64::from(day.0);
    let derived: Vec<Value> = [
        (
            "a notice receipt",
            "dangjian/notice-receipt",
            vec![Id(notice), Id(who)],
            NoticeReceipt::id_of(notice.into(), member()),
        ),
        (
            "points carried over",
            "dangjian/carried-over",
            vec![Id(who), Id(at)],
            RowId::derived("dangjian/carried-over", &[who, at]),
        ),
        (
            "a fact that an operation brought about",
            "dangjian/fact",
            vec![Id(op), Text("read_ms"), Number(day_no)],
            fact,
        ),
        ("what stands for the operation in the fact of a sign-in", "dangjian/sign-in", vec![Id(who)], sign_in),
        (
            "the fact of a sign-in",
            "dangjian/fact",
            vec![Id(sign_in), Text("sign_in"), Number(day_no)],
            Fact::id_of(sign_in, FactKind::SignIn, day),
        ),
        ("a posting", "dangjian/ledger-entry", vec![Id(fact), Text("read_minutes")], entry),
        ("its reversal", "dangjian/reversal", vec![Id(entry)], reversal),
        (
            "the points of the reversal given back",
            "dangjian/reversal",
            vec![Id(reversal)],
            LedgerEntry::id_of_reversal(reversal),
        ),
        ("a day of study", "dangjian/study-day", vec![Id(who), Number(day_no)], StudyDay::id_of(member(), day)),
        ("a day before 1970", "dangjian/study-day", vec![Id(who), Number(-1)], StudyDay::id_of(member(), CivilDay(-1))),
        (
            "progress with an item",
            "dangjian/item-progress",
            vec![Id(who), Id(item)],
            ItemProgress::id_of(member(), item),
        ),
        (
            "a histogram",
            "dangjian/histogram",
            vec![Id(at), Number(1), Number(day_no)],
            Histogram::id_of(branch(), SubjectKind::Member, day),
        ),
        ("a score", "dangjian/score", vec![Id(who), Number(20_264)], Score::id_of(who, quarter)),
        (
            "a line of a board",
            "dangjian/board-line",
            vec![Id(at), Number(2), Number(20_264), Number(3)],
            BoardLine::id_of(branch(), SubjectKind::Branch, quarter, 3),
        ),
        (
            "a draw of a quiz",
            "dangjian/quiz-draw",
            vec![Id(who), Id(item), Number(day_no)],
            QuizDraw::id_of(member(), item, day),
        ),
        (
            "a review",
            "dangjian/review-case",
            vec![Id(who), Number(3), Number(day_no)],
            ReviewCase::id_of(member(), ReviewKind::ImpossibleSum, day),
        ),
        (
            "a rule set",
            "dangjian/rule-set",
            vec![Text("default-county"), Text("2026.1")],
            RuleSetRow::id_of("default-county", "2026.1"),
        ),
        ("the county's features", "dangjian/features", vec![Id(at)], Features::id_of(branch())),
        (
            "the seed of a member's checks on an item",
            "dangjian/checks",
            vec![Id(who), Id(item)],
            checks::seed(member(), item),
        ),
    ]
    .into_iter()
    .map(|(name, context, parts, made)| derived(name, context, &parts, made))
    .collect();
    let v7: Vec<Value> = [(0i64, [0u8; 10]), (1_795_381_200_000, [0xff; 10]), (1, *b"0123456789")]
        .into_iter()
        .map(|(ms, random)| json!({"unix_ms": ms, "random": hex(random), "id": RowId::v7(ms, random)}))
        .collect();
    json!({"derived": derived, "v7": v7})
}

fn word(n: u64) -> Value {
    format!("{n:016x}").into()
}

pub(crate) fn checksums() -> Value {
    let mixed: Vec<Value> =
        [0, 1, u64::MAX, 0x9e37_79b9_7f4a_7c15].map(|x| json!({"x": word(x), "mix": word(mix(x))})).into();
    let rows =
        [(1u16, id(1), 1u64), (8, id(1), 1), (8, id(1), 2), (12, RowId([0xff; 16]), 1 << 40), (8, RowId([0; 16]), 0)];
    let hashed: Vec<Value> = rows
        .iter()
        .map(|(table, id, version)| json!({"table": table, "id": id, "version": version, "hash": word(row_hash(*table, id, *version))}))
        .collect();
    let sum = rows.iter().fold(0u64, |sum, (table, id, version)| sum.wrapping_add(row_hash(*table, id, *version)));
    json!({"mix": mixed, "rows": hashed, "sum_of_all_rows": word(sum)})
}

/// A row of `table` whose ids all differ and whose integer column `set`, if any, has the given value.
fn sample_row(table: &'static Table, set: Option<(&str, i64)>) -> Row {
    let values = table
        .columns
        .iter()
        .map(|column| match column.kind {
            ColumnType::Id => Cell::Id(id(column.no as u8)),
            ColumnType::Int => Cell::Int(set.filter(|(name, _)| *name == column.name).map_or(1, |(_, value)| value)),
            ColumnType::Text => Cell::Text(column.name.to_owned()),
        })
        .collect();
    Row::new(table, values).unwrap()
}

pub(crate) fn row_json(row: &Row) -> Value {
    let mut object = Map::new();
    for (column, value) in row.table().columns.iter().zip(row.values()) {
        let value = match value {
            Cell::Null => continue,
            Cell::Int(n) => json!(n),
            Cell::Id(id) => json!(id),
            Cell::Text(text) => json!(text),
        };
        object.insert(column.name.to_owned(), value);
    }
    Value::Object(object)
}

pub(crate) fn feeds() -> Value {
    let mut rows = vec![];
    for table in TABLES {
        let mut conditions: Vec<(&str, i64)> = table.feeds.iter().filter_map(|rule| rule.when).collect();
        conditions.dedup();
        let samples: Vec<Row> = match &conditions[..] {
            [] => vec![sample_row(table, None)],
            some => some.iter().map(|when| sample_row(table, Some(*when))).collect(),
        };
        for row in samples {
            let feeds: Vec<Value> = feeds_of(&row)
                .into_iter()
                .map(|feed| json!({"kind": feed.kind as u8, "subject": feed.subject, "name": feed.to_string()}))
                .collect();
            rows.push(json!({"table": table.name, "row": row_json(&row), "feeds": feeds}));
        }
    }
    json!({"rows": rows})
}

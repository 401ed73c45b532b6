//! Ids that are derived, checksums, and the feeds of rows.

use dangjian_domain::feed::feeds_of;
use dangjian_domain::id::RowId;
use dangjian_domain::rows::{NoticeReceipt, TABLES};
use dangjian_domain::schema::{ColumnType, Row, Table, Value as Cell};
use dangjian_protocol::checksum::{mix, row_hash};
use serde_json::{Map, Value, json};

use crate::support::{branch, hex, id, member};

pub(crate) fn ids() -> Value {
    let notice = id(1);
    let receipt = NoticeReceipt::id_of(notice.into(), member());
    assert_eq!(receipt, RowId::derived("dangjian/notice-receipt", &[notice, member().0]));
    let derived: Vec<Value> = [
        ("a notice receipt", "dangjian/notice-receipt", notice, member().0),
        ("points carried over", "dangjian/carried-over", member().0, branch().0),
    ]
    .into_iter()
    .map(|(name, context, first, second)| {
        json!({"name": name, "context": context, "parts": [first, second], "id": RowId::derived(context, &[first, second])})
    })
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

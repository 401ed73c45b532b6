//! `docs/tables.md`, from the schema.

use std::fmt::Write as _;

use dangjian_domain::rows::{
    ActivityKind, Board, CaseState, Gender, ItemCategory, ItemKind, Listed, MemberStatus, NoticeScope, NoticeState,
    OrgKind, PayBasis, Post, ReviewKind, Role, Standing, SubjectKind, TABLES,
};
use dangjian_domain::schema::{Column, ColumnType, FeedKind, Table};

struct Codes {
    name: &'static str,
    columns: &'static [&'static str],
    codes: Vec<(i64, String, &'static str)>,
}

macro_rules! codes {
    ($($type:ident: $($column:literal),+;)*) => {
        vec![$(Codes {
            name: stringify!($type),
            columns: &[$($column),+],
            codes: $type::ALL.iter().map(|code| (code.code(), format!("{code:?}"), code.label())).collect(),
        }),*]
    };
}

fn all_codes() -> Vec<Codes> {
    codes! {
        OrgKind: "organization.kind";
        Standing: "member.standing";
        MemberStatus: "member.status";
        Gender: "member_file.gender";
        PayBasis: "pay.basis";
        Post: "leadership.post";
        Role: "role.role";
        NoticeScope: "notice.scope";
        NoticeState: "notice.state";
        ActivityKind: "activity.kind";
        ItemKind: "study_item.kind";
        ItemCategory: "study_item.category";
        SubjectKind: "histogram.kind", "score.kind", "board_line.kind";
        Board: "score.board";
        Listed: "score.listed";
        ReviewKind: "review_case.kind";
        CaseState: "review_case.state", "appeal.state";
    }
}

/// What an integer column counts. Every one must be named here: a reader of the tables has no other place to look.
fn unit(table: &Table, column: &Column) -> String {
    let name = format!("{}.{}", table.name, column.name);
    if let Some(codes) = all_codes().into_iter().find(|codes| codes.columns.contains(&name.as_str())) {
        return format!("int, code of [{}](#{})", codes.name, codes.name.to_lowercase());
    }
    let unit = match name.as_str() {
        "member_file.born"
        | "member_file.joined"
        | "pay.from_day"
        | "leadership.term_from"
        | "leadership.term_until"
        | "role.since"
        | "participation.since"
        | "ledger_entry.day"
        | "study_item.published_on"
        | "study_day.day"
        | "item_progress.finished_on"
        | "rule_set.effective_from"
        | "histogram.day"
        | "quiz_draw.day"
        | "review_case.day" => "day",
        "notice.published_at"
        | "notice.edited_at"
        | "notice_receipt.read_at"
        | "activity.held_at"
        | "activity.recorded_at"
        | "ledger_entry.from_at"
        | "ledger_entry.to_at"
        | "histogram.as_of"
        | "score.as_of"
        | "quiz_draw.answered_at"
        | "review_case.opened_at"
        | "review_case.decided_at"
        | "appeal.made_at"
        | "appeal.decided_at" => "ms",
        "study_item.length_ms"
        | "study_day.read_ms"
        | "study_day.av_ms"
        | "study_day.offline_ms"
        | "item_progress.credited_ms"
        | "item_progress.observed_ms" => "duration",
        "member.migrant" | "points_total.carried" => "flag",
        _ if table.name == "features" && column.no > 3 => "flag",
        "pay.monthly_fen" => "fen",
        "points_total.quarter" | "histogram.quarter" | "score.quarter" | "board_line.quarter" => "quarter",
        "study_item.required_month" => "month",
        "score.score" | "board_line.score" => "tenths",
        "activity.expected"
        | "activity.present"
        | "points_total.points"
        | "ledger_entry.points"
        | "ledger_entry.amount"
        | "ledger_entry.amount_before"
        | "ledger_entry.points_before"
        | "study_item.content_bytes"
        | "study_item.checks"
        | "item_progress.answered"
        | "item_progress.right"
        | "histogram.subjects"
        | "score.points"
        | "board_line.points"
        | "quiz_draw.asked"
        | "quiz_draw.right" => "count",
        "organization.area_code" | "board_line.place" => "number",
        _ if column.no == 2 => "version",
        _ => panic!("say in this test what {name} counts"),
    };
    format!("int, {unit}")
}

fn feeds(table: &Table) -> String {
    let rules: Vec<String> = table
        .feeds
        .iter()
        .map(|rule| {
            let when = rule.when.map_or(String::new(), |(column, value)| format!(" if `{column}` = {value}"));
            format!("`{}`/`{}`{when}", rule.kind.name(), rule.subject)
        })
        .collect();
    rules.join(", ")
}

/// What a table is about.
fn meaning(table: &Table) -> &'static str {
    let meaning = table.doc.trim();
    assert!(meaning.ends_with('.'), "the schema says half of what {} is about", table.name);
    meaning
}

const INTRODUCTION: &str = "\
# The synced tables

Generated from the schema by `core/protocol/tests/vectors.rs`; do not edit. Numbers of tables, columns, codes and feed
kinds are permanent and never reused.

In every table column 1 is `id`, column 2 is `version`. Types: `id` is sixteen bytes (a UUID as text in JSON), `text` is
UTF-8, `int` is a signed 64-bit integer. What an `int` counts:

| word | meaning |
|---|---|
| version | from 1, counted up by the server at each change of the row |
| code | one of a list at the end of this page; unknown codes are kept and shown as unknown |
| day | days since 1970-01-01 of the civil calendar in Asia/Shanghai |
| ms | milliseconds since 1970-01-01T00:00:00Z |
| quarter | year × 10 + quarter: 20264 is October to December 2026 |
| month | year × 100 + month: 202611 is November 2026 |
| duration | milliseconds |
| tenths | tenths of a point of a score, 0 to 1,000 |
| fen | hundredths of a yuan |
| flag | 0 or 1 |
| count, number | as the column says |

Feed rules: a row belongs to the feed of that kind whose subject is the value of that column; a rule with a condition
applies only to rows that meet it. A rule whose column is absent in a row does not apply to it. A row belongs to at most
three feeds, and to no others.

";

pub(crate) fn markdown() -> String {
    let mut out = INTRODUCTION.to_owned();
    out += "## Feed kinds\n\n| code | name |\n|---|---|\n";
    for kind in FeedKind::ALL {
        writeln!(out, "| {} | `{}` |", kind as u8, kind.name()).unwrap();
    }
    out += "\n## Overview\n\n| no. | table | feeds | meaning |\n|---|---|---|---|\n";
    for table in TABLES {
        writeln!(
            out,
            "| {} | [`{}`](#{}-{}) | {} | {} |",
            table.no,
            table.name,
            table.no,
            table.name,
            feeds(table),
            meaning(table)
        )
        .unwrap();
    }
    for table in TABLES {
        writeln!(out, "\n## {} {}\n\n{} Feeds: {}.\n", table.no, table.name, meaning(table), feeds(table)).unwrap();
        out += "| no. | column | type | may be absent | meaning |\n|---|---|---|---|---|\n";
        for column in table.columns {
            let kind = match column.kind {
                ColumnType::Id => "id".to_owned(),
                ColumnType::Text => "text".to_owned(),
                ColumnType::Int => unit(table, column),
            };
            let absent = if column.nullable { "yes" } else { "" };
            writeln!(out, "| {} | `{}` | {kind} | {absent} | {} |", column.no, column.name, column.doc.trim()).unwrap();
        }
    }
    out += "\n# Codes\n";
    for codes in all_codes() {
        writeln!(out, "\n## {}\n\n| code | name | in Chinese |\n|---|---|---|", codes.name).unwrap();
        for (code, name, label) in codes.codes {
            writeln!(out, "| {code} | {name} | {label} |").unwrap();
        }
    }
    out
}

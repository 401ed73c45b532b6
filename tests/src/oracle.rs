//! Who may see what, told again from the server's tables alone: no product code takes part, so that a mistake there is not
//! repeated here. Written for being obviously right, not for speed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::types::Value;

/// A feed as the protocol's text names it: kind and subject.
pub type FeedName = (&'static str, Vec<u8>);

/// The synced tables with their columns, numbers and feeds, copied by hand from the published protocol.
pub const TABLES: &[(&str, i64)] = &[
    ("organization", 1),
    ("member", 2),
    ("member_file", 3),
    ("pay", 4),
    ("leadership", 5),
    ("role", 6),
    ("participation", 7),
    ("notice", 8),
    ("notice_receipt", 9),
    ("activity", 10),
    ("points_total", 11),
    ("ledger_entry", 12),
    ("study_item", 13),
    ("study_day", 14),
    ("item_progress", 15),
    ("rule_set", 16),
    ("histogram", 17),
    ("score", 18),
    ("board_line", 19),
    ("quiz_draw", 20),
    ("review_case", 21),
    ("appeal", 22),
    ("features", 23),
];

/// A row as column names and values.
pub type Cells = BTreeMap<String, Value>;

/// All rows of a table.
pub fn rows(conn: &Connection, table: &str) -> Vec<Cells> {
    let mut statement = conn.prepare_cached(&format!("SELECT * FROM {table}")).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).unwrap();
    let mut all = vec![];
    while let Some(row) = rows.next().unwrap() {
        all.push(names.iter().enumerate().map(|(at, name)| (name.clone(), row.get(at).unwrap())).collect());
    }
    all
}

fn blob(cells: &Cells, column: &str) -> Vec<u8> {
    match &cells[column] {
        Value::Blob(bytes) => bytes.clone(),
        other => panic!("{column} is {other:?}"),
    }
}

fn int(cells: &Cells, column: &str) -> i64 {
    match &cells[column] {
        Value::Integer(n) => *n,
        other => panic!("{column} is {other:?}"),
    }
}

/// The feeds a row belongs to, by the protocol's table of tables.
pub fn feeds(table: &str, row: &Cells) -> Vec<FeedName> {
    let of = |kind, column| (kind, blob(row, column));
    match table {
        "organization" => vec![of("down", "county")],
        "member" => vec![of("own", "id"), of("branch", "org")],
        "member_file" => vec![of("own", "member"), of("duty", "org")],
        "pay" => vec![of("own", "member")],
        "leadership" => vec![of("branch", "org"), of("down", "org")],
        "role" | "participation" => vec![of("own", "member"), of("branch", "org")],
        "notice" if int(row, "scope") == 1 => vec![of("branch", "org")],
        "notice" => vec![of("down", "org"), of("duty", "org")],
        "notice_receipt" => vec![of("own", "member"), of("duty", "org")],
        "activity" => vec![of("branch", "org")],
        "points_total" | "ledger_entry" | "study_day" => vec![of("own", "member"), of("ledger", "org")],
        "study_item" | "rule_set" | "features" => vec![of("down", "county")],
        "item_progress" | "quiz_draw" => vec![of("own", "member")],
        "histogram" | "board_line" => vec![of("down", "org")],
        "score" => match int(row, "listed") {
            1 => vec![of("own", "subject"), of("branch", "org")],
            2 => vec![of("own", "subject"), of("duty", "org")],
            _ => vec![of("own", "subject")],
        },
        "review_case" | "appeal" => vec![of("own", "member"), of("duty", "org")],
        other => panic!("no table {other}"),
    }
}

/// What a member may see, as feeds.
pub fn may_see(conn: &Connection, member: &[u8]) -> BTreeSet<FeedName> {
    let mut held = BTreeSet::new();
    let parents: BTreeMap<Vec<u8>, Option<Vec<u8>>> = rows(conn, "organization")
        .iter()
        .map(|org| {
            let parent = match &org["parent"] {
                Value::Blob(parent) => Some(parent.clone()),
                _ => None,
            };
            (blob(org, "id"), parent)
        })
        .collect();
    let above = |org: &[u8]| {
        let mut line = vec![];
        let mut at = parents.contains_key(org).then(|| org.to_vec());
        while let Some(org) = at {
            at = parents[&org].clone();
            line.push(org);
        }
        line
    };
    let Some(me) = rows(conn, "member").into_iter().find(|row| blob(row, "id") == member) else { return held };
    let status = int(&me, "status");
    if status != 1 && status != 2 {
        return held;
    }
    held.insert(("own", member.to_vec()));
    let mut branches = vec![blob(&me, "org")];
    let guest = rows(conn, "participation").into_iter().filter(|row| blob(row, "member") == member);
    branches.extend(guest.map(|row| blob(&row, "org")));
    for branch in branches {
        held.insert(("branch", branch.clone()));
        held.extend(above(&branch).into_iter().map(|org| ("down", org)));
    }
    if status != 1 {
        return held;
    }
    let opened: Vec<Vec<u8>> = rows(conn, "opened_ledger")
        .into_iter()
        .filter(|row| blob(row, "member") == member)
        .map(|row| blob(&row, "org"))
        .collect();
    for role in rows(conn, "role").into_iter().filter(|row| blob(row, "member") == member) {
        let org = blob(&role, "org");
        held.extend(above(&org).into_iter().map(|org| ("down", org)));
        for below in parents.keys().filter(|other| above(other).contains(&org)) {
            held.insert(("branch", below.clone()));
            held.insert(("duty", below.clone()));
            if opened.contains(below) {
                held.insert(("ledger", below.clone()));
            }
        }
        if matches!(int(&role, "role"), 1 | 2) {
            held.insert(("ledger", org));
        }
    }
    held
}

/// Every row a member may see: (table, id) with its version and values.
pub fn visible(conn: &Connection, member: &[u8]) -> BTreeMap<(String, Vec<u8>), Cells> {
    seen_by(conn, &may_see(conn, member))
}

/// Every row in one of these feeds.
pub fn seen_by(conn: &Connection, held: &BTreeSet<FeedName>) -> BTreeMap<(String, Vec<u8>), Cells> {
    let mut visible = BTreeMap::new();
    for (table, _) in TABLES {
        for row in rows(conn, table) {
            if feeds(table, &row).iter().any(|feed| held.contains(feed)) {
                visible.insert(((*table).to_owned(), blob(&row, "id")), row);
            }
        }
    }
    visible
}

/// Every row of a phone's mirror, in the same form.
pub fn mirrored(conn: &Connection) -> BTreeMap<(String, Vec<u8>), Cells> {
    let mut all = BTreeMap::new();
    for (table, _) in TABLES {
        for row in rows(conn, table) {
            all.insert(((*table).to_owned(), blob(&row, "id")), row);
        }
    }
    all
}

//! SQL made from the description of the synced tables, so that no table or column is written down twice.

use std::fmt::Write as _;
use std::sync::LazyLock;

use dangjian_domain::feed::{ResolvedRule, resolved_rules};
use dangjian_domain::rows::TABLES;
use dangjian_domain::schema::{Column, ColumnType, Table};
use dangjian_protocol::checksum::mix;

/// Changes when the mirror's own tables or the meaning of their columns change.
const MIRROR_LAYOUT: u64 = 1;

/// A synced table, with everything about it that is needed for each row looked up once.
pub(crate) struct Shape {
    pub(crate) table: &'static Table,
    /// Its feed rules by position of the column.
    pub(crate) rules: Vec<ResolvedRule>,
    /// Positions of the columns that the rules look at, ascending.
    pub(crate) keys: Vec<usize>,
    /// Adds a row unless its id is there: parameters in the order of the columns.
    pub(crate) insert: String,
    /// `rowid, version, keys…` of the row with id ?1.
    pub(crate) find: String,
    /// `id, version, keys…` of the row with rowid ?1.
    pub(crate) at_rowid: String,
    /// Replaces the row: parameters in the order of the columns, then the rowid.
    pub(crate) update: String,
    /// Deletes the row with rowid ?1.
    pub(crate) delete: String,
    /// `id, version, keys…` of every row.
    pub(crate) scan: String,
}

/// The synced tables in ascending number.
pub(crate) static SHAPES: LazyLock<Vec<Shape>> =
    LazyLock::new(|| TABLES.iter().map(|table| Shape::of(table)).collect());

/// The shape of the table of that number.
pub(crate) fn shape(no: u16) -> Option<(usize, &'static Shape)> {
    SHAPES.iter().enumerate().find(|(_, shape)| shape.table.no == no)
}

impl Shape {
    fn of(table: &'static Table) -> Self {
        let name = table.name;
        let rules = resolved_rules(table);
        let mut keys: Vec<usize> =
            rules.iter().flat_map(|rule| [Some(rule.subject), rule.when.map(|(at, _)| at)]).flatten().collect();
        keys.sort_unstable();
        keys.dedup();
        let key_names: String =
            keys.iter().filter_map(|at| table.columns.get(*at)).fold(String::new(), |mut text, column| {
                let _ = write!(text, ", {}", column.name);
                text
            });
        let columns = columns_of(table, "");
        let places = (1..=table.columns.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let set = table
            .columns
            .iter()
            .enumerate()
            .skip(1)
            .map(|(at, column)| format!("{} = ?{}", column.name, at + 1))
            .collect::<Vec<_>>()
            .join(", ");
        Self {
            table,
            rules,
            keys,
            insert: format!("INSERT OR IGNORE INTO {name} ({columns}) VALUES ({places})"),
            find: format!("SELECT rowid, version{key_names} FROM {name} WHERE id = ?1"),
            at_rowid: format!("SELECT id, version{key_names} FROM {name} WHERE rowid = ?1"),
            update: format!("UPDATE {name} SET {set} WHERE rowid = ?{}", table.columns.len() + 1),
            delete: format!("DELETE FROM {name} WHERE rowid = ?1"),
            scan: format!("SELECT id, version{key_names} FROM {name}"),
        }
    }
}

/// The columns' names, each after `prefix`.
pub(crate) fn columns_of(table: &Table, prefix: &str) -> String {
    table.columns.iter().map(|column| format!("{prefix}{}", column.name)).collect::<Vec<_>>().join(", ")
}

pub(crate) fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Id => "BLOB",
        ColumnType::Int => "INTEGER",
        ColumnType::Text => "TEXT",
    }
}

/// What stands in a column that a row written by another version of the app does not have.
pub(crate) fn absent(column: &Column) -> &'static str {
    match (column.nullable, column.kind) {
        (true, _) => "NULL",
        (false, ColumnType::Id) => "x'00000000000000000000000000000000'",
        (false, ColumnType::Int) => "0",
        (false, ColumnType::Text) => "''",
    }
}

/// A column of an overlay. The default lets a later version of the app add the column to a table that has rows.
pub(crate) fn overlay_column(column: &Column) -> String {
    let required = if column.nullable { String::new() } else { format!(" NOT NULL DEFAULT {}", absent(column)) };
    format!("{} {}{required}", column.name, sql_type(column.kind))
}

/// The overlay of a synced table: the rows as operations of this phone make them.
pub(crate) fn overlay_table(table: &Table) -> String {
    let name = table.name;
    let columns = table.columns.iter().map(overlay_column).collect::<Vec<_>>().join(",\n  ");
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS overlay_{name} (
  device_seq INTEGER NOT NULL REFERENCES op ON DELETE CASCADE, -- the operation that makes the row so
  live INTEGER NOT NULL, -- 1 while shown; 0 once refused or passed by the mirror, kept in case the server is restored
  {columns},
  PRIMARY KEY (id, device_seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS overlay_{name}_by_op ON overlay_{name} (device_seq);
"
    );
    for index in table.indexes {
        let _ = writeln!(
            sql,
            "CREATE INDEX IF NOT EXISTS overlay_{name}_{} ON overlay_{name} ({}) WHERE live = 1;",
            index.join("_"),
            index.join(", ")
        );
    }
    sql
}

/// The tables of a mirror, without the indexes on synced tables.
pub(crate) fn mirror_tables() -> String {
    let mut sql = String::from(
        "CREATE TABLE state (
  k TEXT PRIMARY KEY, -- history, grant, fingerprint, complete; written by the mirror's thread
  v INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE feed (
  feed_no INTEGER PRIMARY KEY, -- the server's number of the feed
  kind INTEGER NOT NULL, -- code of the feed's kind
  subject BLOB NOT NULL, -- member or organization
  generation INTEGER NOT NULL, -- which building of the feed; 0 before the first page
  seq INTEGER NOT NULL, -- all entries up to here are applied
  rows INTEGER NOT NULL, -- how many rows here belong to the feed
  sum INTEGER NOT NULL, -- wrapping sum of their hashes, as signed 64 bits
  repairing INTEGER NOT NULL -- 1 while the feed is fetched anew because it differed
);
CREATE UNIQUE INDEX feed_of ON feed (kind, subject);
CREATE TABLE seen (
  feed_no INTEGER NOT NULL, -- a feed under repair
  table_no INTEGER NOT NULL,
  id BLOB NOT NULL, -- a row that arrived since the repair began
  PRIMARY KEY (feed_no, table_no, id)
) WITHOUT ROWID;
CREATE TABLE unknown (
  table_no INTEGER NOT NULL, -- number of a table or column that a server sent and this program does not know
  column_no INTEGER NOT NULL, -- 0 for a whole table
  PRIMARY KEY (table_no, column_no)
) WITHOUT ROWID;
",
    );
    for table in TABLES {
        let columns = table.columns.iter().map(|column| {
            let required = if column.nullable { "" } else { " NOT NULL" };
            format!("  {} {}{required}", column.name, sql_type(column.kind))
        });
        let _ = writeln!(sql, "CREATE TABLE {} (\n{}\n);", table.name, columns.collect::<Vec<_>>().join(",\n"));
    }
    sql
}

/// The indexes of a mirror's synced tables, the one on the id first.
pub(crate) fn mirror_indexes(table: &Table) -> Vec<String> {
    let name = table.name;
    let mut sql = vec![format!("CREATE UNIQUE INDEX {name}_id ON {name} (id)")];
    for index in table.indexes {
        sql.push(format!("CREATE INDEX {name}_{} ON {name} ({})", index.join("_"), index.join(", ")));
    }
    sql
}

/// Identifies tables, columns, rules and indexes: a mirror with another fingerprint is built anew.
pub(crate) fn fingerprint() -> i64 {
    static VALUE: LazyLock<i64> = LazyLock::new(|| {
        let mut text = mirror_tables();
        for table in TABLES {
            text.push_str(&mirror_indexes(table).join(";"));
            let _ = write!(text, "{} {:?}", table.no, table.feeds);
        }
        text.bytes().fold(mix(MIRROR_LAYOUT), |hash, byte| mix(hash ^ u64::from(byte))).cast_signed()
    });
    *VALUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_domain::rows::{Notice, Synced as _};

    #[test]
    fn every_statement_of_every_table_is_valid_sql() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.execute_batch(&mirror_tables()).unwrap();
        conn.execute_batch("CREATE TABLE op (device_seq INTEGER PRIMARY KEY)").unwrap();
        for shape in SHAPES.iter() {
            for sql in mirror_indexes(shape.table) {
                conn.execute_batch(&sql).unwrap();
            }
            conn.execute_batch(&overlay_table(shape.table)).unwrap();
            for sql in [&shape.insert, &shape.find, &shape.at_rowid, &shape.update, &shape.delete, &shape.scan] {
                conn.prepare(sql).unwrap();
            }
        }
        assert_eq!(shape(Notice::TABLE.no).unwrap().1.keys, vec![2, 3]);
    }
}

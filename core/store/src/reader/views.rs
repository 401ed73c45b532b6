//! The views screens read: the newest live overlay of each row, and of the mirror what no overlay covers. Both halves have
//! the same indexes, so SQLite merges them and a page of 50 costs the same as without overlays.

use dangjian_domain::rows::TABLES;
use dangjian_domain::schema::{Column, Table};
use rusqlite::Connection;

use crate::ddl;
use crate::error::StoreError;

pub(super) fn drop_all(conn: &Connection) -> Result<(), StoreError> {
    let sql: String = TABLES.iter().map(|table| format!("DROP VIEW IF EXISTS temp.{};", table.name)).collect();
    Ok(conn.execute_batch(&sql)?)
}

pub(super) fn create_all(conn: &Connection, mirror: bool) -> Result<(), StoreError> {
    for table in TABLES {
        let name = table.name;
        let mut sql = format!(
            "CREATE TEMP VIEW {name} AS SELECT {} FROM main.overlay_{name} AS o WHERE o.live = 1 AND NOT EXISTS
             (SELECT 1 FROM main.overlay_{name} AS n WHERE n.id = o.id AND n.device_seq > o.device_seq AND n.live = 1)",
            ddl::columns_of(table, "o.")
        );
        let present = if mirror { columns_in_mirror(conn, table)? } else { vec![] };
        if !present.is_empty() {
            sql.push_str(&format!(
                " UNION ALL SELECT {} FROM mirror.{name} AS m WHERE NOT EXISTS
                 (SELECT 1 FROM main.overlay_{name} AS o WHERE o.id = m.id AND o.live = 1)",
                columns(table, &present)
            ));
        }
        conn.execute_batch(&sql)?;
    }
    Ok(())
}

/// A mirror that an older version of the app built lacks columns, and is read until the new one is there.
fn columns(table: &Table, present: &[String]) -> String {
    let column = |column: &Column| {
        if present.iter().any(|name| name == column.name) {
            format!("m.{}", column.name)
        } else {
            format!("{} AS {}", ddl::absent(column), column.name)
        }
    };
    table.columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

fn columns_in_mirror(conn: &Connection, table: &Table) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1, 'mirror')")?;
    Ok(statement.query_map([table.name], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

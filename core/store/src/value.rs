//! Cells of the domain as SQLite takes and gives them, without a copy on the way in.

use dangjian_domain::id::RowId;
use dangjian_domain::schema::{Column, ColumnType, Row, Table, Value};
use dangjian_protocol::page::Cell;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::error::StoreError;

/// A value on its way into a statement.
pub(crate) struct Sql<'a>(Cell<'a>);

impl<'a> From<&'a Value> for Sql<'a> {
    fn from(value: &'a Value) -> Self {
        Self(Cell::from(value))
    }
}

impl<'a> From<Cell<'a>> for Sql<'a> {
    fn from(cell: Cell<'a>) -> Self {
        Self(cell)
    }
}

impl ToSql for Sql<'_> {
    #[inline]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Int(n) => ValueRef::Integer(n),
            Cell::Id(id) => ValueRef::Blob(&id.0),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// An id on its way out of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) RowId);

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        let id = bytes
            .try_into()
            .map_err(|_| FromSqlError::InvalidBlobSize { expected_size: 16, blob_size: bytes.len() })?;
        Ok(Self(RowId(id)))
    }
}

/// The row whose columns, in the table's order, begin at position `first`. What a table can't hold is damage.
pub(crate) fn row_from(table: &'static Table, row: &rusqlite::Row<'_>, first: usize) -> Result<Row, StoreError> {
    let value = |(at, column): (usize, &Column)| value_of(column, row.get_ref(first + at)?);
    let values = table.columns.iter().enumerate().map(value).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Row::new(table, values)?)
}

fn value_of(column: &Column, found: ValueRef<'_>) -> Result<Value, StoreError> {
    let wrong = || StoreError::Corrupt(format!("column {} holds a value of another type", column.name));
    Ok(match (column.kind, found) {
        (_, ValueRef::Null) => Value::Null,
        (ColumnType::Int, ValueRef::Integer(n)) => Value::Int(n),
        (ColumnType::Id, ValueRef::Blob(bytes)) => Value::Id(RowId(bytes.try_into().map_err(|_| wrong())?)),
        (ColumnType::Text, ValueRef::Text(text)) => {
            Value::Text(std::str::from_utf8(text).map_err(|_| wrong())?.to_owned())
        }
        _ => return Err(wrong()),
    })
}

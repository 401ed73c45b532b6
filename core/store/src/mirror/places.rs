//! Where the row of an id stands. A live mirror has an index for that. One being built has none yet, because building it at
//! the end is far cheaper than keeping it up: so the rowids are kept in memory, 21 bytes a row.

use std::collections::HashMap;

use dangjian_domain::id::RowId;
use rusqlite::Connection;

use super::feeds::IdState;
use crate::ddl::SHAPES;
use crate::error::StoreError;

#[derive(Debug)]
pub(super) enum Places {
    /// By the mirror's index on the id.
    Indexed,
    /// By table, in the order of the shapes.
    InMemory(Vec<HashMap<RowId, u32, IdState>>),
}

impl Places {
    pub(super) fn in_memory() -> Self {
        Self::InMemory(SHAPES.iter().map(|_| HashMap::default()).collect())
    }

    /// The rows of one table, unless an index knows them.
    pub(super) fn of(&mut self, table: usize) -> Option<&mut HashMap<RowId, u32, IdState>> {
        match self {
            Self::Indexed => None,
            Self::InMemory(tables) => tables.get_mut(table),
        }
    }

    /// Finds the rows of a table again after some were deleted behind its back.
    pub(super) fn reload(&mut self, conn: &Connection, table: usize) -> Result<(), StoreError> {
        let (Some(places), Some(shape)) = (self.of(table), SHAPES.get(table)) else { return Ok(()) };
        places.clear();
        let mut statement = conn.prepare(&format!("SELECT rowid, id FROM {}", shape.table.name))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            places.insert(RowId(row.get(1)?), row.get(0)?);
        }
        Ok(())
    }
}

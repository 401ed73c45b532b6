//! What a mutation changed, so that screens refresh that and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::RowId;
use dangjian_domain::rows;
use dangjian_domain::schema::Table;

/// More ids than this in one table are not listed: whoever shows the table reads it anew.
pub const MOST_IDS: usize = 256;

/// The rows of a table that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// These.
    Rows(BTreeSet<RowId>),
    /// So many that the whole table is to be read anew.
    All,
}

/// What screens must refresh.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Changed rows by table number.
    pub tables: BTreeMap<u16, Touched>,
    /// Whether the list of operations on their way changed.
    pub outbox: bool,
}

impl Changes {
    /// Everything, as after a switch of the mirror.
    pub fn everything() -> Self {
        Self { tables: rows::TABLES.iter().map(|table| (table.no, Touched::All)).collect(), outbox: true }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && !self.outbox
    }

    /// Whether the row may have changed.
    pub fn touches(&self, table: &Table, id: RowId) -> bool {
        match self.tables.get(&table.no) {
            None => false,
            Some(Touched::All) => true,
            Some(Touched::Rows(ids)) => ids.contains(&id),
        }
    }

    /// Whether any row of the table may have changed.
    pub fn touches_table(&self, table: &Table) -> bool {
        self.tables.contains_key(&table.no)
    }

    /// Adds a row.
    pub fn row(&mut self, table: u16, id: RowId) {
        let touched = self.tables.entry(table).or_insert_with(|| Touched::Rows(BTreeSet::new()));
        if let Touched::Rows(ids) = touched {
            ids.insert(id);
            if ids.len() > MOST_IDS {
                *touched = Touched::All;
            }
        }
    }

    /// Adds a whole table.
    pub fn table(&mut self, table: u16) {
        self.tables.insert(table, Touched::All);
    }

    /// Adds what another mutation changed.
    pub fn merge(&mut self, other: Self) {
        self.outbox |= other.outbox;
        for (table, touched) in other.tables {
            match touched {
                Touched::All => self.table(table),
                Touched::Rows(ids) => ids.into_iter().for_each(|id| self.row(table, id)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changed_rows_become_the_whole_table() {
        let mut changes = Changes::default();
        assert!(changes.is_empty());
        for n in 0..=MOST_IDS as u128 {
            changes.row(2, RowId(n.to_be_bytes()));
        }
        assert_eq!(changes.tables.get(&2), Some(&Touched::All));
        changes.row(2, RowId([9; 16]));
        let mut both = Changes::default();
        both.row(2, RowId([1; 16]));
        both.row(3, RowId([1; 16]));
        both.merge(changes);
        assert_eq!(both.tables.get(&2), Some(&Touched::All));
        assert_eq!(both.tables.get(&3), Some(&Touched::Rows([RowId([1; 16])].into())));
    }
}

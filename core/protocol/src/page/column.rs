//! One column of a block: how it lies in memory and on the wire.

use std::collections::HashMap;

use dangjian_domain::id::RowId;
use dangjian_domain::schema::{Column, ColumnType, Value};

use super::{PageError, get_int, put_int, type_code};
use crate::wire::{Reader, put_varint};

/// A cell, borrowed from where its row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Absent.
    Null,
    /// An integer.
    Int(i64),
    /// Sixteen bytes.
    Id(&'a RowId),
    /// Text.
    Text(&'a str),
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(n) => Self::Int(*n),
            Value::Id(id) => Self::Id(id),
            Value::Text(text) => Self::Text(text),
        }
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Int(n) => Self::Int(n),
            Cell::Id(id) => Self::Id(*id),
            Cell::Text(text) => Self::Text(text.to_owned()),
        }
    }
}

/// Which entry of the values a row has. Absent rows have none.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Index {
    /// The nth row has the nth value.
    Identity,
    /// The nth row has the value at `entry - 1`, or none if 0.
    Entries(Vec<u32>),
}

impl Index {
    #[inline]
    fn of(&self, row: usize) -> Option<usize> {
        match self {
            Self::Identity => Some(row),
            Self::Entries(entries) => (*entries.get(row)? as usize).checked_sub(1),
        }
    }
}

/// The cells of one column.
#[derive(Debug, Clone)]
pub struct ColumnData {
    index: Index,
    values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Ids(Vec<RowId>),
    Ints(Vec<i64>),
    /// All texts one after the other, and where each ends.
    Texts(String, Vec<u32>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Ints(ints) => ints.len(),
            Self::Texts(_, ends) => ends.len(),
        }
    }

    #[inline]
    fn cell(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Ids(ids) => ids.get(at).map_or(Cell::Null, Cell::Id),
            Self::Ints(ints) => ints.get(at).map_or(Cell::Null, |n| Cell::Int(*n)),
            Self::Texts(text, ends) => {
                let start = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                let end = ends.get(at).copied();
                end.and_then(|end| text.get(start as usize..end as usize)).map_or(Cell::Null, Cell::Text)
            }
        }
    }
}

/// Bits of a column's form byte. The low two are the type.
const INDEXED: u8 = 4;

impl ColumnData {
    pub(super) fn new(kind: ColumnType) -> Self {
        let values = match kind {
            ColumnType::Id => Values::Ids(vec![]),
            ColumnType::Int => Values::Ints(vec![]),
            ColumnType::Text => Values::Texts(String::new(), vec![]),
        };
        Self { index: Index::Identity, values }
    }

    pub(super) fn absent(kind: ColumnType, rows: usize) -> Self {
        Self { index: Index::Entries(vec![0; rows]), ..Self::new(kind) }
    }

    /// The cell of a row.
    #[inline]
    pub fn cell(&self, row: usize) -> Cell<'_> {
        self.index.of(row).map_or(Cell::Null, |at| self.values.cell(at))
    }

    pub(super) fn push(&mut self, cell: Cell<'_>) -> Result<(), PageError> {
        if cell == Cell::Null {
            let count = self.values.len() as u32;
            if self.index == Index::Identity {
                self.index = Index::Entries((1..=count).collect());
            }
            if let Index::Entries(entries) = &mut self.index {
                entries.push(0);
            }
            return Ok(());
        }
        match (&mut self.values, cell) {
            (Values::Ids(ids), Cell::Id(id)) => ids.push(*id),
            (Values::Ints(ints), Cell::Int(n)) => ints.push(n),
            (Values::Texts(text, ends), Cell::Text(more)) => {
                text.push_str(more);
                ends.push(u32::try_from(text.len()).map_err(|_| PageError::TooLarge)?);
            }
            _ => return Err(PageError::Malformed),
        }
        if let Index::Entries(entries) = &mut self.index {
            entries.push(self.values.len() as u32);
        }
        Ok(())
    }

    /// Form byte and bytes. Whatever repeats or is absent is written as references.
    pub(super) fn encode(&self, rows: usize) -> (u8, Vec<u8>) {
        let mut out = Vec::new();
        let interned = self.intern(rows);
        let (index, values) = match &interned {
            Some(interned) => (&interned.index, &interned.values),
            None => (&self.index, &self.values),
        };
        let kind = match values {
            Values::Ids(_) => ColumnType::Id,
            Values::Ints(_) => ColumnType::Int,
            Values::Texts(..) => ColumnType::Text,
        };
        let mut form = type_code(kind);
        if let Index::Entries(entries) = index {
            form |= INDEXED;
            put_varint(&mut out, values.len() as u64);
            put_values(&mut out, values);
            for entry in entries {
                put_varint(&mut out, u64::from(*entry));
            }
        } else {
            put_values(&mut out, values);
        }
        (form, out)
    }

    /// The column with equal values written once, if that is shorter or some are absent.
    fn intern(&self, rows: usize) -> Option<Self> {
        let absent = matches!(self.index, Index::Entries(_));
        // Small integers cost no more than a reference.
        if matches!(self.values, Values::Ints(_)) {
            return absent.then(|| self.clone());
        }
        let mut seen: HashMap<Cell<'_>, u32> = HashMap::new();
        let mut entries = Vec::with_capacity(rows);
        let mut distinct = Self::new(match self.values {
            Values::Ids(_) => ColumnType::Id,
            _ => ColumnType::Text,
        });
        for row in 0..rows {
            let cell = self.cell(row);
            if cell == Cell::Null {
                entries.push(0);
                continue;
            }
            let next = seen.len() as u32 + 1;
            let entry = *seen.entry(cell).or_insert(next);
            if entry == next {
                distinct.push(cell).ok()?;
            }
            entries.push(entry);
        }
        (absent || seen.len() * 2 <= rows).then_some(Self { index: Index::Entries(entries), values: distinct.values })
    }

    pub(super) fn decode(column: &Column, form: u8, bytes: &[u8], rows: usize) -> Result<Self, PageError> {
        if form & !INDEXED != type_code(column.kind) {
            return Err(PageError::Malformed);
        }
        let mut reader = Reader(bytes);
        let data = if form & INDEXED == 0 {
            Self { index: Index::Identity, values: get_values(&mut reader, column.kind, rows)? }
        } else {
            let count = reader.count(1)?;
            let values = get_values(&mut reader, column.kind, count)?;
            let mut entries = Vec::with_capacity(rows.min(bytes.len()));
            for _ in 0..rows {
                let entry = u32::try_from(reader.varint()?).map_err(|_| PageError::Malformed)?;
                if entry as usize > count || (entry == 0 && !column.nullable) {
                    return Err(PageError::Malformed);
                }
                entries.push(entry);
            }
            Self { index: Index::Entries(entries), values }
        };
        if reader.is_empty() { Ok(data) } else { Err(PageError::Malformed) }
    }
}

/// Two columns are equal if their cells are, however they are referred to.
impl PartialEq for ColumnData {
    fn eq(&self, other: &Self) -> bool {
        let rows = |data: &Self| match &data.index {
            Index::Identity => data.values.len(),
            Index::Entries(entries) => entries.len(),
        };
        rows(self) == rows(other) && (0..rows(self)).all(|row| self.cell(row) == other.cell(row))
    }
}

impl Eq for ColumnData {}

impl std::hash::Hash for Cell<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Self::Null => {}
            Self::Int(n) => n.hash(state),
            Self::Id(id) => id.hash(state),
            Self::Text(text) => text.hash(state),
        }
    }
}

fn put_values(out: &mut Vec<u8>, values: &Values) {
    match values {
        // All first bytes, then all second bytes and so on: what ids made about the same time have in common (the first six
        // bytes are their time) then stands together and compresses to almost nothing.
        Values::Ids(ids) => {
            for at in 0..16 {
                out.extend(ids.iter().filter_map(|id| id.0.get(at)));
            }
        }
        Values::Ints(ints) => {
            let mut before = 0i64;
            for n in ints {
                put_int(out, n.wrapping_sub(before));
                before = *n;
            }
        }
        Values::Texts(text, ends) => {
            let mut before = 0;
            for end in ends {
                put_varint(out, u64::from(end - before));
                before = *end;
            }
            out.extend(text.as_bytes());
        }
    }
}

fn get_values(reader: &mut Reader<'_>, kind: ColumnType, count: usize) -> Result<Values, PageError> {
    match kind {
        ColumnType::Id => {
            let bytes = reader.take(count.checked_mul(16).ok_or(PageError::Malformed)?)?;
            let mut ids = vec![RowId([0; 16]); count];
            for (at, plane) in bytes.chunks_exact(count.max(1)).enumerate() {
                for (id, byte) in ids.iter_mut().zip(plane) {
                    if let Some(slot) = id.0.get_mut(at) {
                        *slot = *byte;
                    }
                }
            }
            Ok(Values::Ids(ids))
        }
        ColumnType::Int => {
            let mut ints = Vec::with_capacity(count.min(reader.0.len()));
            let mut before = 0i64;
            for _ in 0..count {
                before = before.wrapping_add(get_int(reader)?);
                ints.push(before);
            }
            Ok(Values::Ints(ints))
        }
        ColumnType::Text => {
            let mut ends = Vec::with_capacity(count.min(reader.0.len()));
            let mut end = 0u32;
            for _ in 0..count {
                let length = u32::try_from(reader.varint()?).map_err(|_| PageError::Malformed)?;
                end = end.checked_add(length).ok_or(PageError::Malformed)?;
                ends.push(end);
            }
            let text = std::str::from_utf8(reader.take(end as usize)?).map_err(|_| PageError::Malformed)?;
            if ends.iter().any(|end| !text.is_char_boundary(*end as usize)) {
                return Err(PageError::Malformed);
            }
            Ok(Values::Texts(text.to_owned(), ends))
        }
    }
}

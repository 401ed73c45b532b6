//! The synced tables as data: permanent numbers, columns, and the feeds a row belongs to.
//!
//! One description serves the server's tables, the phone's mirror and overlays, the pages between them and the published
//! protocol, so that they can't drift apart. Numbers are never reused; a table or column that is no longer written keeps
//! its number.

use crate::id::RowId;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Sixteen bytes.
    Id,
    /// A signed 64-bit integer: counts, codes, fen, days, milliseconds.
    Int,
    /// UTF-8 text.
    Text,
}

/// One column of a synced table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Permanent number within the table; 1 is always the id, 2 the version.
    pub no: u16,
    /// Name in SQL and in JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be absent.
    pub nullable: bool,
    /// Meaning and unit, one line.
    pub doc: &'static str,
}

/// The kinds of feeds. The numbers are permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FeedKind {
    /// `own/member`: that member alone.
    Own = 1,
    /// `branch/org`: the organization's members and the officers above.
    Branch = 2,
    /// `duty/org`: the organization's officers and those above.
    Duty = 3,
    /// `ledger/org`: the branch's secretary; opened on demand above.
    Ledger = 4,
    /// `down/org`: everyone in the organization's subtree.
    Down = 5,
}

impl FeedKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Own, Self::Branch, Self::Duty, Self::Ledger, Self::Down];

    /// The kind of that number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == code)
    }

    /// The name in the protocol's texts and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Branch => "branch",
            Self::Duty => "duty",
            Self::Ledger => "ledger",
            Self::Down => "down",
        }
    }
}

/// A row belongs to the feed of `kind` whose subject is in column `subject`, if `when` holds and the subject is present.
#[derive(Debug, Clone, Copy)]
pub struct FeedRule {
    /// Which kind of feed.
    pub kind: FeedKind,
    /// Name of the column with the member or organization.
    pub subject: &'static str,
    /// If given, the rule applies only to rows whose integer column of that name has that value.
    pub when: Option<(&'static str, i64)>,
}

/// One synced table.
#[derive(Debug)]
pub struct Table {
    /// Permanent number.
    pub no: u16,
    /// Name in SQL and in JSON.
    pub name: &'static str,
    /// Columns in ascending number; the first two are `id` and `version`.
    pub columns: &'static [Column],
    /// At most three rules; a row's feeds are those whose rules apply.
    pub feeds: &'static [FeedRule],
    /// Secondary indexes of the phone's mirror, each a list of column names.
    pub indexes: &'static [&'static [&'static str]],
    /// Meaning.
    pub doc: &'static str,
}

impl Table {
    /// Position of the column of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Tables are constants of the program: two with the same number are the same.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.no == other.no
    }
}

impl Eq for Table {}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Absent.
    Null,
    /// An integer.
    Int(i64),
    /// Sixteen bytes.
    Id(RowId),
    /// Text.
    Text(String),
}

/// A row of a synced table, its values in the order of the table's columns.
///
/// Only made by [`Row::new`], which checks it against the table; so the accessors can't miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    table: &'static Table,
    values: Vec<Value>,
}

/// Why values do not make a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Too many or too few values.
    #[error("{table} has {expected} columns, got {got}")]
    Width {
        /// The table's name.
        table: &'static str,
        /// Columns of the table.
        expected: usize,
        /// Values given.
        got: usize,
    },
    /// A value of another type than its column's, an absent value in a column that must have one, or an unknown code.
    #[error("{table}.{column} can't hold this value")]
    Value {
        /// The table's name.
        table: &'static str,
        /// The column's name.
        column: &'static str,
    },
}

impl Row {
    /// Checks `values` against `table`'s columns.
    pub fn new(table: &'static Table, values: Vec<Value>) -> Result<Self, RowError> {
        if values.len() != table.columns.len() {
            return Err(RowError::Width { table: table.name, expected: table.columns.len(), got: values.len() });
        }
        for (column, value) in table.columns.iter().zip(&values) {
            let fits = match value {
                Value::Null => column.nullable,
                Value::Int(n) => column.kind == ColumnType::Int && (column.no != 2 || *n >= 0),
                Value::Id(_) => column.kind == ColumnType::Id,
                Value::Text(_) => column.kind == ColumnType::Text,
            };
            if !fits {
                return Err(RowError::Value { table: table.name, column: column.name });
            }
        }
        Ok(Self { table, values })
    }

    /// The table it is a row of.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// The values in the order of the table's columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The row's id.
    pub fn id(&self) -> RowId {
        match self.values.first() {
            Some(Value::Id(id)) => *id,
            _ => RowId([0; 16]),
        }
    }

    /// The row's version: 0 until the server gave it one, then counted up at each change.
    pub fn version(&self) -> u64 {
        match self.values.get(1) {
            Some(Value::Int(version)) => version.unsigned_abs(),
            _ => 0,
        }
    }

    /// The same row at another version.
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        if let Some(slot) = self.values.get_mut(1) {
            *slot = Value::Int(i64::try_from(version).unwrap_or(i64::MAX));
        }
        self
    }

    /// The value of the column of that name.
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.table.position(column).and_then(|at| self.values.get(at))
    }
}

/// A type that a column can hold.
pub trait Field: Sized {
    /// How it is stored.
    const KIND: ColumnType;
    /// Whether it may be absent.
    const NULLABLE: bool = false;
    /// As a cell.
    fn to_value(&self) -> Value;
    /// From a cell; `None` if the cell can't hold this type.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Field for i64 {
    const KIND: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }
}

impl Field for u64 {
    const KIND: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|n| u64::try_from(n).ok())
    }
}

impl Field for bool {
    const KIND: ColumnType = ColumnType::Int;
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl Field for String {
    const KIND: ColumnType = ColumnType::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Field for RowId {
    const KIND: ColumnType = ColumnType::Id;
    fn to_value(&self) -> Value {
        Value::Id(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: ColumnType = T::KIND;
    const NULLABLE: bool = true;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! field_through {
    ($($outer:ty => $inner:ty, $unwrap:expr, $wrap:expr;)*) => {$(
        impl Field for $outer {
            const KIND: ColumnType = <$inner as Field>::KIND;
            fn to_value(&self) -> Value {
                #[allow(clippy::redundant_closure_call)]
                <$inner as Field>::to_value(&($unwrap)(*self))
            }
            fn from_value(value: &Value) -> Option<Self> {
                <$inner as Field>::from_value(value).and_then($wrap)
            }
        }
    )*};
}

field_through! {
    crate::id::OrgId => RowId, |id: crate::id::OrgId| id.0, |id| Some(Self(id));
    crate::id::MemberId => RowId, |id: crate::id::MemberId| id.0, |id| Some(Self(id));
    crate::id::NoticeId => RowId, |id: crate::id::NoticeId| id.0, |id| Some(Self(id));
    crate::id::OpId => RowId, |id: crate::id::OpId| id.0, |id| Some(Self(id));
    crate::time::Timestamp => i64, |at: crate::time::Timestamp| at.0, |ms| Some(Self(ms));
    crate::time::CivilDay => i64, |day: crate::time::CivilDay| i64::from(day.0), |n: i64| i32::try_from(n).ok().map(Self);
    crate::time::Quarter => i64, |q: crate::time::Quarter| i64::from(q.0), |n: i64| i32::try_from(n).ok().map(Self);
}

/// Declares an enumeration that is stored as a permanent integer code.
macro_rules! coded {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
        #[cbor(index_only)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$vmeta])* #[n($code)] $variant = $code,)*
        }

        impl $name {
            /// All variants, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The permanent code.
            pub const fn code(self) -> i64 {
                self as u8 as i64
            }

            /// The variant of that code.
            pub fn from_code(code: i64) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// What people call it (Chinese).
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl $crate::schema::Field for $name {
            const KIND: $crate::schema::ColumnType = $crate::schema::ColumnType::Int;
            fn to_value(&self) -> $crate::schema::Value {
                $crate::schema::Value::Int(self.code())
            }
            fn from_value(value: &$crate::schema::Value) -> Option<Self> {
                <i64 as $crate::schema::Field>::from_value(value).and_then(Self::from_code)
            }
        }
    )*};
}
pub(crate) use coded;

/// Declares the synced tables: a struct for each, its [`Table`], and the way between struct and [`Row`].
macro_rules! synced_tables {
    ($(
        #[doc = $doc:literal]
        $(#[doc = $more:literal])*
        $no:literal $sql:literal $name:ident {
            feeds: [$($kind:ident($subject:ident) $(if $when:ident == $is:expr)?),*],
            indexes: [$([$($indexed:ident),*]),*],
            columns: {
                $(#[doc = $cdoc:literal] $cno:literal $column:ident: $type:ty,)*
            }
        }
    )*) => {
        $(
            #[doc = $doc]
            $(#[doc = $more])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $name {
                /// The row's id.
                pub id: $crate::id::RowId,
                /// 0 until the server gave it one, then counted up at each change.
                pub version: u64,
                $(#[doc = $cdoc] pub $column: $type,)*
            }

            impl $crate::rows::Synced for $name {
                const TABLE: &'static $crate::schema::Table = &$crate::schema::Table {
                    no: $no,
                    name: $sql,
                    doc: concat!($doc $(, $more)*),
                    columns: &[
                        $crate::schema::Column {
                            no: 1, name: "id", kind: $crate::schema::ColumnType::Id, nullable: false,
                            doc: " The row's id.",
                        },
                        $crate::schema::Column {
                            no: 2, name: "version", kind: $crate::schema::ColumnType::Int, nullable: false,
                            doc: " Counted up by the server at each change.",
                        },
                        $($crate::schema::Column {
                            no: $cno,
                            name: stringify!($column),
                            kind: <$type as $crate::schema::Field>::KIND,
                            nullable: <$type as $crate::schema::Field>::NULLABLE,
                            doc: $cdoc,
                        },)*
                    ],
                    feeds: &[$($crate::schema::FeedRule {
                        kind: $crate::schema::FeedKind::$kind,
                        subject: stringify!($subject),
                        when: $crate::schema::when!($($when == $is)?),
                    }),*],
                    indexes: &[$(&[$(stringify!($indexed)),*]),*],
                };

                fn to_row(&self) -> $crate::schema::Row {
                    use $crate::schema::Field;
                    $crate::schema::Row::from_typed(
                        Self::TABLE,
                        vec![self.id.to_value(), self.version.to_value(), $(self.$column.to_value()),*],
                    )
                }

                fn from_row(row: &$crate::schema::Row) -> Result<Self, $crate::schema::RowError> {
                    let mut cells = $crate::schema::Cells::of(row, Self::TABLE)?;
                    Ok(Self {
                        id: cells.next()?,
                        version: cells.next()?,
                        $($column: cells.next()?,)*
                    })
                }
            }
        )*

        /// Every synced table, in ascending number.
        pub static TABLES: &[&$crate::schema::Table] = &[$(<$name as $crate::rows::Synced>::TABLE),*];
    };
}
pub(crate) use synced_tables;

/// The optional condition of a feed rule.
macro_rules! when {
    () => {
        None
    };
    ($when:ident == $is:expr) => {
        Some((stringify!($when), ($is).code()))
    };
}
pub(crate) use when;

impl Row {
    /// A row from a struct whose fields are the table's columns, which therefore needs no check.
    pub(crate) fn from_typed(table: &'static Table, values: Vec<Value>) -> Self {
        Self { table, values }
    }
}

/// Reads a row's cells one after the other into typed fields.
pub(crate) struct Cells<'a> {
    row: &'a Row,
    at: usize,
}

impl<'a> Cells<'a> {
    pub(crate) fn of(row: &'a Row, table: &'static Table) -> Result<Self, RowError> {
        if row.table != table {
            return Err(RowError::Width { table: table.name, expected: table.columns.len(), got: row.values.len() });
        }
        Ok(Self { row, at: 0 })
    }

    pub(crate) fn next<T: Field>(&mut self) -> Result<T, RowError> {
        let column = self.row.table.columns.get(self.at).map_or("", |column| column.name);
        let value = self.row.values.get(self.at).and_then(T::from_value);
        self.at += 1;
        value.ok_or(RowError::Value { table: self.row.table.name, column })
    }
}

//! The database as the logic sees it: statements with parameters, rows one at a time.
//!
//! A trait of two methods keeps the logic synchronous and its simulation seeded, and lets PostgreSQL follow: SQL keeps to
//! BIGINT, BLOB and TEXT, parameters are `?1`, `?2` …, and nothing depends on a database's own types. A driver for
//! PostgreSQL writes `$1` for `?1`, BYTEA for BLOB, and leaves `WITHOUT ROWID` away.

use dangjian_domain::id::RowId;
use dangjian_protocol::chain::Link;

/// Why a statement failed or gave what it should not.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database says no.
    #[error("database: {0}")]
    Driver(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A column is not of the type it was declared with.
    #[error("column {column} does not hold {expected}")]
    Column {
        /// Position in the statement's result.
        column: usize,
        /// What should be there.
        expected: &'static str,
    },
    /// What is stored contradicts itself.
    #[error("stored data: {0}")]
    Stored(&'static str),
}

/// A parameter of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param<'a> {
    /// NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// BLOB.
    Blob(&'a [u8]),
    /// TEXT.
    Text(&'a str),
}

impl<'a> Param<'a> {
    /// An id.
    pub fn id(id: &'a RowId) -> Self {
        Self::Blob(&id.0)
    }

    /// A count or number; beyond what BIGINT holds it is the largest BIGINT, which no stored number reaches.
    pub fn number(n: u64) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// 64 bits that are not a number, such as a checksum.
    pub fn bits(n: u64) -> Self {
        Self::Int(n.cast_signed())
    }
}

/// The cells of a result's present row.
pub trait Cells {
    /// A BIGINT.
    fn int(&self, at: usize) -> Result<i64, DbError>;
    /// A BLOB.
    fn blob(&self, at: usize) -> Result<&[u8], DbError>;
    /// A TEXT.
    fn text(&self, at: usize) -> Result<&str, DbError>;
    /// Whether the cell is NULL.
    fn null(&self, at: usize) -> bool;
}

impl dyn Cells + '_ {
    /// An id.
    pub fn id(&self, at: usize) -> Result<RowId, DbError> {
        let bytes = self.blob(at)?;
        bytes.try_into().map(RowId).map_err(|_| DbError::Column { column: at, expected: "an id" })
    }

    /// A number that is never negative.
    pub fn number(&self, at: usize) -> Result<u64, DbError> {
        u64::try_from(self.int(at)?).map_err(|_| DbError::Column { column: at, expected: "a number from 0" })
    }

    /// A link.
    pub fn link(&self, at: usize) -> Result<Link, DbError> {
        Link::from_slice(self.blob(at)?).ok_or(DbError::Column { column: at, expected: "a link" })
    }

    /// What `read` gives, or `None` for NULL.
    pub fn maybe<'c, T>(
        &'c self,
        at: usize,
        read: impl FnOnce(&'c Self, usize) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        if self.null(at) { Ok(None) } else { read(self, at).map(Some) }
    }
}

/// A database with a transaction that the caller opened.
pub trait Db {
    /// Runs a statement; gives how many rows it changed.
    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<usize, DbError>;
    /// Runs a query and hands over its rows. An error of `each` ends it.
    fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> Result<(), DbError>,
    ) -> Result<(), DbError>;
}

/// The rows of a query, read by `read`.
pub(crate) fn all<T>(
    db: &mut dyn Db,
    sql: &str,
    params: &[Param<'_>],
    mut read: impl FnMut(&dyn Cells) -> Result<T, DbError>,
) -> Result<Vec<T>, DbError> {
    let mut found = Vec::new();
    db.query(sql, params, &mut |cells| {
        found.push(read(cells)?);
        Ok(())
    })?;
    Ok(found)
}

/// The last row of a query that gives at most one.
pub(crate) fn one<T>(
    db: &mut dyn Db,
    sql: &str,
    params: &[Param<'_>],
    mut read: impl FnMut(&dyn Cells) -> Result<T, DbError>,
) -> Result<Option<T>, DbError> {
    let mut found = None;
    db.query(sql, params, &mut |cells| {
        found = Some(read(cells)?);
        Ok(())
    })?;
    Ok(found)
}

//! What can go wrong inside, and how a request ends early.

use dangjian_domain::schema::RowError;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::page::PageError;
use dangjian_protocol::sign::SignError;

use crate::db::DbError;

/// Why the county could not do its work. Never holds personal data: statements carry parameters, not values.
#[derive(Debug, thiserror::Error)]
pub enum CountyError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A stored row is not what its table says.
    #[error("stored row: {0}")]
    Row(#[from] RowError),
    /// A page could not be put together.
    #[error("page: {0}")]
    Page(#[from] PageError),
    /// The server's key could not sign, or a stored key is none.
    #[error("signature: {0}")]
    Sign(#[from] SignError),
    /// A password could not be hashed.
    #[error("password hashing failed")]
    Password,
    /// Nothing was loaded yet.
    #[error("the database holds no county yet")]
    NotLoaded,
    /// The organizations do not form a tree of reasonable depth.
    #[error("the organizations do not form a tree")]
    Tree,
    /// What is stored contradicts itself.
    #[error("stored data: {0}")]
    Stored(&'static str),
}

/// Why a request ends before its work is done.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The caller is told so; what was written until then stands.
    Api(ErrorCode, Option<u32>),
    /// The server failed; nothing stands.
    Failed(CountyError),
}

impl From<ErrorCode> for Stop {
    fn from(code: ErrorCode) -> Self {
        Self::Api(code, None)
    }
}

impl<E: Into<CountyError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

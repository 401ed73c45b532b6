//! What the rules allow, asked of a snapshot.

use dangjian_domain::rule::DecideError;
use dangjian_store::StoreError;

/// The answer of a predicate of [`dangjian_domain::rule`]; what it refuses to answer is not allowed.
pub(crate) fn allowed<T: Default>(asked: Result<T, DecideError<StoreError>>) -> Result<T, StoreError> {
    match asked {
        Ok(answer) => Ok(answer),
        Err(DecideError::Refused(_)) => Ok(T::default()),
        Err(DecideError::Facts(error)) => Err(error),
        Err(DecideError::Row(error)) => Err(error.into()),
    }
}

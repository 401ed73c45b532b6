//! What travels back from the county's threads to the connection that asked.

use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Response};
use tokio::sync::oneshot;

use crate::clock;
use crate::hub::Subscription;
use crate::intake::Unfit;

/// The outcome of a request.
pub(crate) enum Answer {
    /// A reply of the county.
    Reply(Response),
    /// An open stream of hints.
    Hints(Subscription),
    /// The request was not passed on.
    Unfit(Unfit),
}

impl Answer {
    /// The server failed; nothing was done.
    pub(crate) const INTERNAL: Self = Self::Unfit(Unfit::new(ErrorCode::Internal));
}

/// Where the answer goes.
pub(crate) type Reply = oneshot::Sender<Answer>;

/// The county's form of an error.
pub(crate) fn error(unfit: &Unfit, encoding: Encoding) -> Response {
    let error = ApiError { code: unfit.code, server_time: clock::now(), retry_after_s: unfit.retry_after_s };
    let mut response = Response::error(&error, encoding);
    if let Some(status) = unfit.status {
        response.status = status.as_u16();
    }
    response
}

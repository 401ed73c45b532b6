//! Errors on their way out: a code for the phone, which has the sentences; the cause for the log, without personal data.

use dangjian_domain::time::Timestamp;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Response};

use crate::error::Stop;

/// The reply to a request that ended early.
pub(crate) fn stopped(now: Timestamp, stop: Stop, encoding: Encoding) -> Response {
    let (code, retry_after_s) = match stop {
        Stop::Api(code, retry_after_s) => (code, retry_after_s),
        Stop::Failed(error) => {
            log::error!("request failed: {error}");
            (ErrorCode::Internal, None)
        }
    };
    Response::error(&ApiError { code, server_time: now, retry_after_s }, encoding)
}

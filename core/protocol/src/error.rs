//! What the server says when it says no.

/// Permanent codes of the server's errors, in JSON and CBOR as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum ErrorCode {
    /// The body or a header can't be read.
    #[n(1)]
    BadRequest,
    /// No such path.
    #[n(2)]
    NoSuchPath,
    /// Too long; see `limits`.
    #[n(3)]
    TooLarge,
    /// The request is not signed, or not validly.
    #[n(4)]
    BadSignature,
    /// `created` is too far from the server's time, which the reply carries: correct the clock and try once more.
    #[n(5)]
    ClockSkew,
    /// The session is over: open another.
    #[n(6)]
    SessionExpired,
    /// The device or its key was revoked.
    #[n(7)]
    DeviceRevoked,
    /// Login and password do not belong together.
    #[n(8)]
    WrongCredentials,
    /// Too many tries; `retry_after_s` says when to try again.
    #[n(9)]
    LockedOut,
    /// The account was not activated yet.
    #[n(10)]
    NotActivated,
    /// The nonce is unknown, used or too old.
    #[n(11)]
    BadNonce,
    /// The member has as many devices as a member may have.
    #[n(12)]
    TooManyDevices,
    /// The member may not do this.
    #[n(13)]
    Forbidden,
    /// The server has too much to do; `retry_after_s` says when to try again.
    #[n(14)]
    Busy,
    /// The server failed; nothing was done.
    #[n(15)]
    Internal,
    /// The password is too short or too common.
    #[n(16)]
    WeakPassword,
}

impl ErrorCode {
    /// The HTTP status it travels with.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::WeakPassword => 400,
            Self::NoSuchPath => 404,
            Self::TooLarge => 413,
            Self::BadSignature
            | Self::ClockSkew
            | Self::SessionExpired
            | Self::DeviceRevoked
            | Self::WrongCredentials
            | Self::BadNonce => 401,
            Self::LockedOut => 429,
            Self::NotActivated | Self::Forbidden => 403,
            Self::TooManyDevices => 409,
            Self::Busy => 503,
            Self::Internal => 500,
        }
    }
}

/// The body of a reply whose status is not 200.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ApiError {
    /// What went wrong.
    #[n(1)]
    pub code: ErrorCode,
    /// The server's time, ms UTC.
    #[n(2)]
    pub server_time: dangjian_domain::time::Timestamp,
    /// Seconds to wait before trying again, where waiting helps.
    #[n(3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

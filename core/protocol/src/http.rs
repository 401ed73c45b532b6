//! HTTP messages as plain values: the engine makes requests, the county answers them, and what lies between (a socket, a
//! test's queue, nothing) does not matter.

use crate::error::ApiError;
use crate::message::{self, Message};

/// A request to the county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: Method,
    /// Path with its leading slash, no query.
    pub path: String,
    /// Encoding of the body, if there is one.
    pub content_type: Encoding,
    /// Encoding wanted for the reply.
    pub accept: Encoding,
    /// How the request proves who sent it; absent before there is a session.
    pub proof: Option<Proof>,
    /// The body.
    pub body: Vec<u8>,
}

/// Methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Everything else.
    Post,
}

impl Method {
    /// As in the request line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The two encodings of every message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// `application/cbor`, with columnar pages.
    #[default]
    Cbor,
    /// `application/json`, with pages as objects.
    Json,
}

impl Encoding {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Cbor => "application/cbor",
            Self::Json => "application/json",
        }
    }

    /// The encoding a header names; CBOR if it names none of ours.
    pub fn from_header(value: &str) -> Self {
        if value.trim_start().starts_with("application/json") { Self::Json } else { Self::Cbor }
    }
}

/// The three headers of RFC 9421 and RFC 9530 that authenticate a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// `Content-Digest`.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

/// A reply of the county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Encoding of the body.
    pub content_type: Encoding,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// 200 with a message.
    pub fn ok<M: Message>(message: &M, encoding: Encoding) -> Self {
        Self { status: 200, content_type: encoding, body: message::encode(message, encoding) }
    }

    /// The error's status with the error.
    pub fn error(error: &ApiError, encoding: Encoding) -> Self {
        Self { status: error.code.status(), content_type: encoding, body: message::encode(error, encoding) }
    }
}

//! What phone and server say to each other, byte for byte.
//!
//! Nothing here does I/O or looks at a clock. `docs/protocol.md` describes the same for other vendors; the vectors in
//! `tests/vectors` hold both to it.
//!
//! - [`bytes`], [`limits`]: byte strings in both encodings, caps on everything that comes in
//! - [`op`], [`chain`]: operations in their one canonical form, and the links between them
//! - [`sign`]: keys, signatures, and the one accepted form of a COSE_Sign1
//! - [`message`]: the bodies of requests and replies
//! - [`page`], [`page_json`], [`checksum`]: rows on their way to the phone
//! - [`http`], [`session`]: the HTTP messages around them and how they are authenticated
//! - [`error`]: what the server says when it says no
//! - [`random`]: randomness as an argument
//!
//! ```
//! use dangjian_protocol::chain::Link;
//! use dangjian_domain::id::RowId;
//!
//! // The first link of an installation; every further one contains it.
//! let (deployment, device) = (RowId([1; 16]).into(), RowId([2; 16]).into());
//! let first = Link::FIRST.next(deployment, device, 1, b"operation");
//! assert_ne!(first, Link::FIRST);
//! ```

pub mod bytes;
pub mod chain;
pub mod checksum;
pub mod error;
pub mod http;
pub mod limits;
pub mod message;
pub mod op;
pub mod page;
pub mod page_json;
pub mod random;
pub mod session;
pub mod sign;

mod wire;

//! Caps on everything that comes in, checked before anything is built from it.

/// Longest request body, bytes.
pub const BODY: usize = 1 << 20;
/// Most operations in one push.
pub const PUSH_OPS: usize = 500;
/// Most bytes of operations in one push.
pub const PUSH_BYTES: usize = 256 * 1024;
/// Longest operation, bytes.
pub const OP: usize = 16 * 1024;
/// Longest header value, bytes.
pub const HEADER: usize = 8 * 1024;
/// Most rows in one page.
pub const PAGE_ROWS: usize = 20_000;
/// Longest page after decompression, bytes.
pub const PAGE_BYTES: usize = 16 << 20;
/// Longest reply a phone reads, bytes.
pub const REPLY: usize = 8 << 20;
/// Most feeds in one cursor; the county has about 1,700.
pub const CURSOR_FEEDS: usize = 10_000;
/// A request's `created` may differ from the server's time by this much, seconds.
pub const CREATED_WINDOW_S: i64 = 60;
/// How long a session lasts, ms.
pub const SESSION_MS: i64 = 12 * 3_600_000;
/// How long a nonce can be redeemed, ms.
pub const NONCE_MS: i64 = 60_000;
/// How far ahead of the server's time an operation may claim to have been done, ms.
pub const FUTURE_MS: i64 = 120_000;
/// How long settled operations and tombstones are kept, ms.
pub const ARCHIVE_MS: i64 = 90 * 86_400_000;

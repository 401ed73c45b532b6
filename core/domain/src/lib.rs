//! The words and rules of the county: organizations, members, roles, feeds, grants, operations and what follows from them.
//!
//! Pure on purpose: no I/O, no async, no clock, no randomness. The phone and the server call the same functions, so what a
//! person sees at once on the phone is what the server will decide, as far as the phone could know.
//!
//! - [`id`], [`time`]: identifiers and the kinds of time
//! - [`schema`], [`rows`]: the synced tables as data and as structs
//! - [`feed`], [`grant`]: which feeds a row belongs to, which feeds a member holds
//! - [`op`], [`rule`]: what a person did, and what follows from it
//! - [`study`]: the timer, and how much of what it observed is credited
//! - [`points`]: rule sets, postings, scores, boards, ranks and their explanation
//!
//! ```
//! use dangjian_domain::feed::{Feed, feeds_of};
//! use dangjian_domain::id::RowId;
//! use dangjian_domain::rows::{Pay, PayBasis, Synced};
//! use dangjian_domain::time::CivilDay;
//!
//! let member = RowId([7; 16]).into();
//! let pay = Pay {
//!     id: RowId([1; 16]),
//!     version: 1,
//!     member,
//!     basis: PayBasis::Salary,
//!     monthly_fen: 380_000,
//!     from_day: CivilDay(20_000),
//! };
//! // Nobody but the member sees what they earn.
//! assert_eq!(feeds_of(&pay.to_row()), vec![Feed::own(member)]);
//! ```

pub mod feed;
pub mod grant;
pub mod id;
pub mod op;
pub mod points;
pub mod rows;
pub mod rule;
pub mod schema;
pub mod study;
pub mod time;

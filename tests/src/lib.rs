//! What tests, benches and the tour share: small random counties, a simulated county of phones and a server in one
//! process, real servers and phones as processes.
//!
//! Nothing here goes into a phone or a server. Failures end the test: `unwrap` is the right thing in most places.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "test support")]

pub mod benches;
pub mod budget;
pub mod kill;
pub mod morning;
pub mod oracle;
pub mod people;
pub mod phones;
pub mod prepared;
pub mod server_process;
pub mod sim;
pub mod study;
pub mod tour_clock;
pub mod town;

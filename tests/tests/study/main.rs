//! Study and points: what is credited against an oracle that looks at every second by itself, a year of the county against
//! its recomputation from the stored facts, and what nobody should be able to hand in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod bad_input;
mod credit;
mod forge;
mod interrupt;
mod keeper;
mod oracle;
mod seconds;
mod world;
mod year;

//! The county from outside: requests in, replies out, over a real database in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod accounts;
mod bad_input;
mod devices;
mod first_load;
mod fixture;
mod grants;
mod notices;
mod phone;
mod pulls;
mod pushes;
mod world;

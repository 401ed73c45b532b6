//! The phone's core with everything around it: the engine on a thread, the mirror on another, the network on tokio, and
//! the services that screens call.
//!
//! - [`Client`]: one member's phone; opens the files, starts the threads
//! - [`notices`], [`account`], [`outbox`]: the services; what they return is ready to be shown
//! - [`study`], [`points`], [`boards`]: what there is to study, what it gave, and where one stands; [`office`]: what officers
//!   decide and configure
//! - [`members`]: who is who, and what may be done about them
//! - [`me`]: whose phone this is and what they may do; `drafts`: what somebody has begun to write
//! - [`platform`]: what the phone provides (keys, clock); [`software`] provides it on desktops and in tests
//! - `net`: the engine's requests over HTTP; `threads`: who runs what; `wipe`: the end of a phone that was lost
//!
//! Writes are commands that the engine answers; reads go to a pool of readers and never wait for the network.

pub mod account;
pub mod boards;
pub mod me;
pub mod members;
pub mod notices;
pub mod office;
pub mod outbox;
pub mod platform;
pub mod points;
pub mod software;
pub mod study;

mod client;
mod drafts;
mod may;
mod net;
mod readers;
mod threads;
mod wipe;

pub use client::{Client, Config, Observer};
pub use dangjian_engine::{AppError, Done, HostEvent, PasswordCost, Status};
pub use dangjian_store::{Changes, FileKey, Touched};
pub use net::{Traffic, is_server_address};

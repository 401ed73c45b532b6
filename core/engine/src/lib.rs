//! The sync engine of a phone: inputs in, effects out.
//!
//! Sans I/O: the clock, randomness, network, key store and the mirror's disk are outside. Whatever the engine wants done
//! it says as an [`Effect`], and each effect comes back as one [`Input`]. So a whole county runs in one process from one
//! seed, and a failure is replayed by its seed. The phone's own file is the exception: [`Engine::step`] commits it before
//! it returns, because what a person did must be safe before anything else happens.
//!
//! - [`Input`], [`Effect`], [`Command`], [`Done`]: the surface
//! - [`Now`], [`clock`]: what the phone knows about time
//! - `account`, `session`, `exchange`, `call`: signing in, sessions, the exchange with the server, other signed requests
//! - `study`: the timer, its heartbeats and segments
//! - [`error`]: the public errors with their sentences
//!
//! No tokio, no thread and no network in this crate's manifest.

pub mod clock;
pub mod error;

mod account;
mod act;
mod call;
mod engine;
mod exchange;
mod io;
mod pace;
mod password;
mod session;
mod study;

pub use clock::{BootId, Mono, Now};
pub use engine::{Engine, Keys, Settings, is_new, member_of};
pub use error::AppError;
pub use io::{
    CmdId, Command, Done, Effect, HostEvent, Input, KeyFault, KeyUse, NetFault, PageId, ReqId, SignId, Status,
};
pub use password::PasswordCost;
pub use study::{StudyCommand, StudyStatus};

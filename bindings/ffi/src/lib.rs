//! The boundary: what Kotlin and Swift see of the phone's core. Conversions only; what anything means is decided below.
//!
//! - [`DangjianCore`]: one member's phone; opens, sleeps, wakes and closes, and gives out the services
//! - [`account`], [`notices`], [`study`], [`points`], [`boards`], [`members`], [`office`], [`outbox`], [`settings`]: one
//!   service each, with the records it takes and gives
//! - [`observe`]: the present value first, then each change, until the [`TaskHandle`] is cancelled or dropped
//! - [`platform`]: what the phone provides, as traits that Kotlin and Swift implement
//! - [`AppError`]: the one error; [`types`]: ids, instants, days
//! - `shared`: the runtime that everything runs on; `convert`: the macros that declare records
//!
//! Every method that reads or writes is asynchronous and runs on the core's own two workers: nothing here blocks a screen,
//! a caller that goes away loses nothing that was begun, and a panic becomes an error.

#![allow(unsafe_code, reason = "what UniFFI generates exports symbols")]
#![allow(missing_docs, reason = "what UniFFI generates has none; the API as a whole is reviewed in api.txt")]

#[macro_use]
mod convert;

pub mod account;
pub mod boards;
pub mod members;
pub mod notices;
pub mod observe;
pub mod office;
pub mod outbox;
pub mod platform;
pub mod points;
pub mod settings;
pub mod study;
pub mod types;

mod core;
mod error;
mod foreign;
mod log_sink;
mod shared;

pub use crate::core::{CoreConfig, DangjianCore, api_hash};
pub use error::{AppError, Refusal, SignInProblem, StorageTrouble};
pub use log_sink::{LogLevel, LogSink, set_log_sink};
pub use observe::TaskHandle;

uniffi::setup_scaffolding!("dangjian");

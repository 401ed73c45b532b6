//! The county's logic behind HTTP: sockets, threads and files around `dangjian-county`, which knows none of them.
//!
//! Not here: what a request means (county), what it looks like (protocol), who may do what (domain).
//!
//! - [`Server`], [`Running`], [`ServerConfig`], [`StartError`]: starting and stopping, in a test as in production
//! - [`args`]: the command line of `dangjian-server`
//! - `serve`, `routes`, `intake`: from a socket to a request, with every cap on the way
//! - `readers`, `writer`, `answer`: the threads that do the work
//! - `hub`, `hints`: streams that say what changed
//! - `data`, `secrets`, `codes`, `tls`, `clock`: what lies on disk, and what the machine provides
//!
//! ```no_run
//! use dangjian_http::{Server, ServerConfig};
//!
//! let server = Server::start(ServerConfig::local("/tmp/county"))?;
//! println!("listening {}", server.url());
//! server.shutdown();
//! # Ok::<(), dangjian_http::StartError>(())
//! ```

pub mod args;

mod answer;
mod clock;
mod codes;
mod config;
mod data;
mod error;
mod hints;
mod hub;
mod intake;
mod jobs;
mod readers;
mod routes;
mod secrets;
mod serve;
mod start;
mod tls;
mod writer;

pub use clock::now;
pub use config::{NetworkLimits, SeedCounty, ServerConfig, TlsFiles};
pub use error::StartError;
pub use start::{Running, Server};

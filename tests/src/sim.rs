//! A county in one process: real engines, real phone files, the real server logic over a real database; only the network
//! and the clocks are simulated, from one seed. Requests and replies get lost, doubled and delayed, phones and the server
//! crash between any two steps, the server is restored from an old backup; after every step the invariants hold.
//!
//! A failure prints its seed; the same seed replays the same run.

mod check;
mod phone;
mod server;
mod world;

pub use phone::Phone;
pub use server::Server;
pub use world::{Faults, Report, World};

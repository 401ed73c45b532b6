//! Phones and a server as processes, killed with SIGKILL at random moments. `tests/kill.rs` runs it; `src/bin/phone.rs` is
//! the phone.
//!
//! A seed decides what people do, who dies and after how long a wait; what the machine makes of the wait is its own, so a
//! seed replays the story and not the microsecond.

mod check;
mod process;
mod round;
mod tally;

pub use process::PhoneProcess;
pub use round::{Programs, Round};
pub use tally::{Moment, Tally};

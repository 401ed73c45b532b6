//! Study: a timer that is fair to the honest, useless to the cheat, and works with no signal.
//!
//! The phone observes ([`timer`]) and hands in segments ([`crate::op::RecordStudy`]); what is credited follows from them by
//! one function ([`credit`]) on phone and server alike. The phone's wall clock has no say: a segment is placed in time by
//! what the server saw of the phone's boot clock ([`place`]).
//!
//! - [`timer`]: events in, segments out, and what the screen shows meanwhile
//! - [`checks`]: when a comprehension check is due; [`content`]: what is studied
//! - [`lease`]: the server's word that a session began
//! - [`place`]: when a segment was
//! - [`credit`]: how much of it counts
//! - [`anomaly`]: what a person should look at
//! - [`habit`]: streaks and reminders

pub mod anomaly;
pub mod checks;
pub mod content;
pub mod credit;
pub mod habit;
pub mod lease;
pub mod place;
pub mod timer;

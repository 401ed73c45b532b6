//! What somebody may try who wants more than they studied, each with what becomes of it: groups C and F of
//! `docs/bad-inputs.md`. Everything is signed and chained as a phone does it.

mod desk;
mod ledger;
mod session;
mod tampered;
mod token;

//! Bad input at every public entry: a typed refusal, nothing changed, nothing else broken. `docs/bad-inputs.md` says which
//! case is tested where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod bad_input {
    mod damage;
    mod disk;
    mod envelope;
    mod faults;
    mod hand;
    mod keys;
    mod listener;
    mod memory;
    mod mirror;
    mod office;
    mod operations;
    mod phone;
    mod proof;
    mod pull;
    mod replies;
    mod tls;
}

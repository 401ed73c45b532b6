//! Every published way of cheating at study points, as a script against the server: none gains over an honest member.
//!
//! A script drives phones of its own, enrolled with keys of their own. The genuine app is `domain::study::timer` with a
//! person or a machine in front of it; a modified one says what it likes and signs it. The server is the county's logic in
//! this process under a driven clock, behind real HTTP where sessions, leases and routes matter (`relay`). Beside each cheat
//! an honest member has the same seconds in view and answers as rightly. `docs/cheats.md` says what stops which cheat;
//! `--nocapture` prints what each gained and what was flagged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod attention;
mod forgery;
mod identity;
mod items;
mod mended;
mod phone;
mod quiz;
mod relay;
mod report;
mod review;
mod statistics;
mod world;

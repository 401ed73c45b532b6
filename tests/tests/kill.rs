//! `kill -9` of a phone or of the server at any moment loses nothing that was acknowledged.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Instant;

use dangjian_tests::budget;
use dangjian_tests::kill::{Moment, Programs, Round, Tally};
use dangjian_tests::server_process::beside;

/// Kills on the same data before everything is compared and begun anew.
const KILLS_A_ROUND: u64 = 40;

fn programs() -> Programs {
    let server = beside("dangjian-server");
    assert!(server.exists(), "{} is not there: cargo build --release -p dangjian-http", server.display());
    Programs { server, phone: PathBuf::from(env!("CARGO_BIN_EXE_phone")) }
}

#[test]
fn killing_a_phone_or_the_server_at_any_moment_loses_nothing_that_was_acknowledged() {
    let programs = programs();
    let kills = if budget::replaying() { KILLS_A_ROUND } else { budget::cases(4_000).max(200) };
    let first = budget::first_seed("kill");
    let mut total = Tally::default();
    for seed in first.. {
        let began = Instant::now();
        let round = catch_unwind(AssertUnwindSafe(|| {
            let mut round = Round::new(&programs, seed);
            round.live(KILLS_A_ROUND.min(kills - total.killed()));
            round.settle()
        }));
        let tally = round.unwrap_or_else(|_| panic!("kill: seed {seed} failed"));
        println!("kill: seed {seed}, {:.1} s: {tally}", began.elapsed().as_secs_f64());
        total.add(&tally);
        if total.killed() >= kills {
            break;
        }
    }
    println!("kill: {total}; not done: {:?}", total.errors);
    assert!(total.recorded > 0, "people did something");
    if !budget::replaying() {
        for moment in [
            Moment::PhoneOpening,
            Moment::PhoneSigningIn,
            Moment::PhoneFirstSync,
            Moment::PhoneAtWork,
            Moment::ServerStarting,
            Moment::ServerAtWork,
        ] {
            assert!(total.kills.contains_key(&moment), "nobody was killed at {moment:?}");
        }
    }
}

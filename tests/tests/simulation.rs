//! The whole county from one seed, on good days and bad.

use dangjian_tests::budget;
use dangjian_tests::sim::{Faults, Report, World};

fn run(seed: u64, phones: usize, faults: Faults, events: u64) -> Report {
    let mut world = World::new(seed, phones, faults);
    world.live(events);
    world.settle();
    world.report
}

/// Runs `cases` seeds; a failing one is named before the test ends.
fn run_all(what: &str, cases: u64, faults: Faults, events: u64) {
    let first = budget::first_seed(what);
    let cases = if budget::replaying() { 1 } else { cases };
    let mut total = Report::default();
    for seed in first..first + cases {
        let outcome = std::panic::catch_unwind(|| run(seed, 3 + (seed % 4) as usize, faults, events));
        assert!(outcome.is_ok(), "{what}: seed {seed} failed");
        let report = outcome.unwrap_or_default();
        total.steps += report.steps;
        total.recorded += report.recorded;
        total.crashes += report.crashes;
        total.restores += report.restores;
        total.moves += report.moves;
    }
    println!("{what}: {cases} seeds, {total:?}");
    assert!(total.recorded > 0, "people did something");
}

#[test]
fn on_a_good_day_everything_arrives() {
    run_all("good day", budget::cases(200), Faults::NONE, 1_500);
}

#[test]
fn on_a_bad_day_nothing_acknowledged_is_lost_and_all_converge() {
    run_all("bad day", budget::cases(600), Faults::BAD_DAY, 2_500);
}

//! A year of facts, one member after the other, then all of it computed again from what is stored: no posting, sum or score
//! may differ.
//!
//! Twenty members do everything through the server, with signed pushes. The rest of the county goes through the same rules
//! with facts kept as the server keeps them, which is fast enough for everybody's year.

use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Instant;

use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::ItemKind;
use dangjian_protocol::random::SplitMix;
use dangjian_tests::budget;

use crate::world::{Item, World};

mod compare;
mod facts;
pub(crate) mod office;
mod recompute;
mod without;

/// Members of the county.
const MEMBERS: u64 = 20_138;

/// What was compared.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) operations: u64,
    pub(crate) refused: u64,
    pub(crate) segments: u64,
    pub(crate) entries: u64,
    pub(crate) reversed: u64,
    pub(crate) days: u64,
    pub(crate) points: i64,
    pub(crate) credited_h: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.operations += other.operations;
        self.refused += other.refused;
        self.segments += other.segments;
        self.entries += other.entries;
        self.reversed += other.reversed;
        self.days += other.days;
        self.points += other.points;
        self.credited_h += other.credited_h;
    }
}

#[test]
fn a_year_of_the_county_computed_again_is_what_stands() {
    let shared = without::shared();
    let total = budget::run_all("year", budget::cases(MEMBERS), |seed| without::member(seed, &shared));
    assert!(budget::replaying() || (total.reversed > 0 && total.points > 0 && total.refused > 0));
}

#[test]
fn a_year_of_twenty_members_through_the_server_computed_again_is_what_its_tables_say() {
    let seed = budget::first_seed("server's year");
    let start = Instant::now();
    let total = office::year(seed, 20);
    println!("server's year: 20 members in {:.1} s: {total:?}", start.elapsed().as_secs_f64());
    assert!(total.reversed > 0 && total.points > 0);
}

/// The rules of the first half of the year and of the second. Checks come at whole seconds, as the oracle counts.
fn rules() -> [String; 2] {
    let changed = |text: String, from: &str, to: &str| {
        assert!(text.contains(from), "the default rules have changed: {from}");
        text.replacen(from, to, 1)
    };
    let first = changed(RuleSet::DEFAULT_TEXT.into(), "min_s = 120, max_s = 300", "min_s = 120, max_s = 120");
    let second = [
        ("version = \"2026.1\"", "version = \"2026.2\""),
        ("effective_from = 2026-01-01", "effective_from = 2026-07-01"),
        ("offline_daily_minutes = 60", "offline_daily_minutes = 5"),
        ("finish_pct = 80", "finish_pct = 65"),
        // A rule goes, another comes; the day's cap of a third is lower, its points are higher.
        ("id = \"read_item\"", "id = \"article\""),
        (
            "every = 60_000\npoints = 1\ncap = { day = 6 }",
            "every = 45_000\npoints = 2\ncap = { day = 5, quarter = 90 }",
        ),
    ];
    let second = second.into_iter().fold(first.clone(), |text, (from, to)| changed(text, from, to));
    [first, second]
}

fn sets() -> Vec<Arc<RuleSet>> {
    rules().iter().map(|text| Arc::new(RuleSet::parse(text).unwrap())).collect()
}

/// Who and what the oracle is told of.
fn world_of(member: dangjian_domain::id::MemberId) -> World {
    let mut world = World::empty(&mut SplitMix(1), 1_000);
    world.member = member;
    let item = |item: dangjian_domain::rows::StudyItem| Item {
        id: item.id,
        kind: item.kind,
        length_ms: item.length_ms,
        checks: item.checks as u8,
        seed: dangjian_domain::study::checks::seed(member, item.id),
    };
    world.items =
        dangjian_tests::study::plan::items().into_iter().filter(|item| item.kind != ItemKind::Quiz).map(item).collect();
    world
}

/// The rules in force on a day.
fn sets_on(sets: &[Arc<RuleSet>], day: dangjian_domain::time::CivilDay) -> Arc<RuleSet> {
    sets.iter().rfind(|set| set.effective_from <= day).unwrap().clone()
}

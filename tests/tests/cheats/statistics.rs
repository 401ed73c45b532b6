//! How many machines and how many people the server tells to a person, with the genuine app and whole days of study.
//!
//! The distributions are others than those of `core/domain/tests/study_anomaly.rs`. 300 traces of each kind, 3,000 in a full
//! run, each of a member of its own; the seed is new each time unless `DANGJIAN_SEED` says which.

use dangjian_protocol::random::{Random as _, SplitMix};
use dangjian_tests::budget;

use super::phone::{Phone, Visit};
use super::world::{MINUTE, World, member, unchecked};

/// The first member who is traced.
const FIRST: u16 = 100;

fn traces() -> u16 {
    if budget::cases(20) == 20 { 3_000 } else { 300 }
}

struct Chance(SplitMix);

impl Chance {
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Sum of `k` exponentials: the larger `k`, the more regular.
    fn erlang(&mut self, k: u32, mean: f64) -> f64 {
        (0..k).map(|_| self.exponential(mean / f64::from(k))).sum()
    }

    fn weibull(&mut self, shape: f64, scale: f64) -> f64 {
        scale * (-(1.0 - self.unit()).ln()).powf(1.0 / shape)
    }
}

/// What happens between two touches, ms.
type Hand = Box<dyn FnMut(&mut Chance) -> f64>;

/// One to four sittings of touches, 24 to 150 in all, ms from the start of each.
fn sittings(chance: &mut Chance, hand: &mut Hand, lost: f64) -> Vec<Vec<i64>> {
    let sittings = 1 + (chance.0.next_u64() % 4) as usize;
    let all = 24 + (chance.0.next_u64() % 127) as usize;
    let mut trace = vec![];
    let mut left = all;
    for n in 0..sittings {
        let count = if n + 1 == sittings { left } else { left / 2 };
        left -= count;
        let mut at = chance.between(500.0, 5_000.0);
        let mut touches = vec![];
        for _ in 0..count {
            at += hand(chance).max(80.0);
            touches.push(at as i64);
        }
        if all > 40 {
            touches.retain(|_| chance.unit() >= lost);
        }
        trace.push(touches);
    }
    trace
}

/// The share of members told to a person for exact intervals, after a day of study with such a hand.
fn told(name: &str, salt: u64, seed: u64, lost: f64, hand: impl Fn(&mut Chance) -> Hand) -> f64 {
    let traces = traces();
    let mut world = World::of(FIRST + traces);
    let mut chance = Chance(SplitMix(seed.wrapping_add(salt.wrapping_mul(0x9e37_79b9))));
    for n in 0..traces {
        let mut phone = Phone::new(&mut world, member(FIRST + n), seed ^ (salt << 32) ^ u64::from(n));
        let mut hand = hand(&mut chance);
        for (item, touches) in (0..).zip(sittings(&mut chance, &mut hand, lost)) {
            let lasts_ms = touches.last().map_or(0, |last| last + 3_000);
            let visit = Visit { touches, online: false, ..Visit::read(unchecked(item), lasts_ms) };
            phone.study(&mut world, &visit);
            phone.hand_in(&mut world);
            world.pass((chance.between(5.0, 90.0) * MINUTE as f64) as i64);
        }
    }
    let told: i64 = world
        .conn
        .query_row("SELECT COUNT(DISTINCT member) FROM review_case WHERE kind = 1 AND state = 1", [], |row| row.get(0))
        .unwrap();
    let rate = told as f64 / f64::from(traces);
    println!("{name:<34} {:6.2} % of {traces} flagged", rate * 100.0);
    rate
}

fn mean(rates: &[f64]) -> f64 {
    rates.iter().sum::<f64>() / rates.len() as f64
}

/// Sleeps of a script in turn, with the noise of a phone's timers.
fn script(sleeps: usize, jitter_ms: f64) -> impl Fn(&mut Chance) -> Hand {
    move |chance| {
        let sleeps: Vec<f64> = (0..sleeps).map(|_| chance.between(800.0, 45_000.0).round()).collect();
        let mut n = 0;
        Box::new(move |chance| {
            n += 1;
            // The sum of two uniforms: noise that is mostly small.
            let noise = chance.between(-7.0, 7.0) + chance.between(-7.0, 7.0);
            sleeps[n % sleeps.len()] + noise + chance.between(-jitter_ms, jitter_ms)
        })
    }
}

#[test]
fn scripts_of_exact_intervals_are_told_to_a_person() {
    let seed = budget::first_seed("scripts of exact intervals");
    let rates = [
        told("script, one interval", 1, seed, 0.08, script(1, 0.0)),
        told("script, two intervals in turn", 2, seed, 0.08, script(2, 0.0)),
    ];
    assert!(mean(&rates) >= 0.95 && rates.iter().all(|rate| *rate >= 0.93), "seed {seed}: {rates:?}");
}

/// Measured, not demanded: a script that takes the trouble looks like a hand.
#[test]
fn jittered_scripts_are_measured() {
    let seed = budget::first_seed("jittered scripts");
    for (salt, jitter_ms) in (10..).zip([50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0]) {
        told(&format!("script, jitter of {jitter_ms} ms"), salt, seed, 0.08, script(1, jitter_ms));
    }
}

#[test]
fn people_are_left_alone() {
    let seed = budget::first_seed("people");
    let rates = [
        told("person, scrolls and reads", 20, seed, 0.0, |chance| {
            let (scroll, read) = (chance.between(400.0, 1_500.0), chance.between(4_000.0, 20_000.0));
            let more = chance.between(0.3, 0.8);
            Box::new(
                move |chance| {
                    if chance.unit() < more { chance.erlang(6, scroll) } else { chance.weibull(1.3, read) }
                },
            )
        }),
        told("person, elderly, slow", 21, seed, 0.0, |chance| {
            let (least, more) = (chance.between(8_000.0, 20_000.0), chance.between(6_000.0, 20_000.0));
            Box::new(move |chance| least + chance.exponential(more))
        }),
        told("person, page after page, steady", 22, seed, 0.0, |chance| {
            let (mean, k) = (chance.between(5_000.0, 30_000.0), 8 + (chance.0.next_u64() % 30) as u32);
            Box::new(move |chance| chance.erlang(k, mean))
        }),
        told("person, faster and slower", 23, seed, 0.0, |chance| {
            let (mut pace, mean) = (0.0f64, chance.between(2_000.0, 10_000.0));
            Box::new(move |chance| {
                pace = 0.8 * pace + chance.between(-0.6, 0.6);
                mean * pace.exp()
            })
        }),
    ];
    assert!(mean(&rates) <= 0.01, "seed {seed}: {rates:?}");
}

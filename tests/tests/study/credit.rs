//! The product against the oracle, push by push, and what must hold whatever anybody does.

use std::fmt::Write as _;
use std::ops::AddAssign;

use dangjian_protocol::random::SplitMix;
use dangjian_tests::budget;
use dangjian_tests::people::one_in;

use crate::forge;
use crate::keeper::{Accepted, Keeper};
use crate::oracle::{Oracle, Told};
use crate::world::World;

/// What was compared.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    made_up: u64,
    segments: u64,
    refused: u64,
    credited_s: i64,
    without_lease_s: i64,
    finished: u64,
    checks: u64,
    nothing: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.made_up += other.made_up;
        self.segments += other.segments;
        self.refused += other.refused;
        self.credited_s += other.credited_s;
        self.without_lease_s += other.without_lease_s;
        self.finished += other.finished;
        self.checks += other.checks;
        self.nothing += other.nothing;
    }
}

#[test]
fn what_is_credited_is_what_an_oracle_counts_second_by_second() {
    let total = budget::run_all("credit", budget::cases(1_000_000), trace);
    assert!(budget::replaying() || (total.refused > 0 && total.finished > 0 && total.checks > 0 && total.nothing > 0));
}

fn trace(seed: u64) -> Counts {
    let random = &mut SplitMix(seed);
    let world = if one_in(random, 3) { forge::world(random) } else { World::honest(random) };
    match compare(&world) {
        Ok(counts) => counts,
        Err(_) => {
            let least = shrunk(world);
            panic!("seed {seed}: {}\n{}", compare(&least).err().unwrap_or_default(), described(&least));
        }
    }
}

/// Credits every push both ways.
fn compare(world: &World) -> Result<Counts, String> {
    let (mut keeper, mut oracle) = (Keeper::default(), Oracle::default());
    let mut counts = Counts { made_up: world.in_front_ms.is_none().into(), ..Counts::default() };
    for (n, push) in world.pushes.iter().enumerate() {
        let given = keeper.take_in(world, push);
        let told = oracle.take_in(world, push);
        for (op, (given, told)) in given.iter().zip(&told).enumerate() {
            counts.segments += 1;
            match (given, told) {
                (None, None) if world.in_front_ms.is_none() => counts.refused += 1,
                (Some(given), Some(told)) => {
                    same(world, given, told).map_err(|trouble| format!("push {n}, operation {op}: {trouble}"))?;
                    counts.credited_s += given.credit.total_ms / 1_000;
                    counts.finished += u64::from(given.credit.finished.is_some());
                    counts.nothing += u64::from(given.credit.total_ms == 0);
                }
                (given, told) => return Err(format!("push {n}, operation {op}: {given:?} but {told:?}")),
            }
        }
    }
    sums(world, &keeper, &oracle)?;
    counts.checks = oracle.items.values().map(|known| u64::from(known.answered)).sum();
    counts.without_lease_s = oracle.days.values().map(|sums| sums.2 / 1_000).sum();
    Ok(counts)
}

/// Whether a segment was credited as told.
fn same(world: &World, given: &Accepted, told: &Told) -> Result<(), String> {
    let mut stretches: Vec<(i64, i64)> = vec![];
    for at in &told.seconds {
        match stretches.last_mut() {
            Some(last) if last.1 == *at => last.1 += world.unit_ms,
            _ => stretches.push((*at, at + world.unit_ms)),
        }
    }
    let credit = &given.credit;
    let days = credit.days.iter().map(|(day, sum)| (i64::from(day.0), (sum.ms, sum.offline_ms))).collect();
    let total_ms = told.seconds.len() as i64 * world.unit_ms;
    let finished = credit.finished.map(|day| i64::from(day.0));
    if credit.stretches != stretches || told.days != days || credit.total_ms != total_ms || finished != told.finished {
        return Err(format!("credited {credit:?}\nbut {stretches:?}, {told:?}"));
    }
    if credit.stretches.iter().any(|(from, to)| *from < given.window.0 || *to > given.window.1) {
        return Err(format!("credited outside the window {:?}: {credit:?}", given.window));
    }
    Ok(())
}

/// Whether what is kept agrees, and is within what may be.
fn sums(world: &World, keeper: &Keeper, oracle: &Oracle) -> Result<(), String> {
    for item in &world.items {
        let kept = keeper.progress.get(&item.id).copied().unwrap_or_default();
        let known = oracle.items.get(&item.id).cloned().unwrap_or_default();
        let here =
            (kept.credited_ms, kept.finished.map(|day| day.0.into()), kept.checked.observed_ms, kept.checked.answered);
        if here != (known.credited, known.finished, known.clock, known.answered) {
            return Err(format!("item {}: {kept:?}", item.id));
        }
        if kept.credited_ms > item.length_ms {
            return Err(format!("more than the item is long: {kept:?} of {item:?}"));
        }
    }
    let days = keeper.days.iter().map(|(day, sums)| (i64::from(day.0), *sums));
    let told = oracle.days.iter().filter(|(_, sums)| **sums != (0, 0, 0)).map(|(day, sums)| (*day, *sums));
    if !days.clone().eq(told) {
        return Err(format!("days {:?} but {:?}", keeper.days, oracle.days));
    }
    if days.clone().any(|(_, (.., offline_ms))| offline_ms > world.rules.offline_daily_ms) {
        return Err(format!("more offline than a day may have: {:?}", keeper.days));
    }
    let all_ms: i64 = days.map(|(_, (read_ms, av_ms, _))| read_ms + av_ms).sum();
    if all_ms != oracle.credited.len() * world.unit_ms {
        return Err(format!("{all_ms} ms in {} seconds: a moment was credited twice", oracle.credited.len()));
    }
    for (device, in_front_ms) in world.in_front_ms.iter().flatten().enumerate() {
        let credited_ms = oracle.by_device.get(&device).copied().unwrap_or(0);
        if credited_ms > *in_front_ms {
            return Err(format!("device {device}: {credited_ms} ms of {in_front_ms} in front of the member"));
        }
    }
    Ok(())
}

/// The same trouble with as few operations as can be.
fn shrunk(mut world: World) -> World {
    let mut at = 0;
    while at < world.pushes.iter().map(|push| push.ops.len()).sum() {
        let mut less = world.clone();
        let mut skip = at;
        for push in &mut less.pushes {
            if skip < push.ops.len() {
                push.ops.remove(skip);
                break;
            }
            skip -= push.ops.len();
        }
        less.pushes.retain(|push| !push.ops.is_empty());
        if compare(&less).is_err() { world = less } else { at += 1 }
    }
    world
}

/// What the reader of a failure needs.
fn described(world: &World) -> String {
    let mut text = format!("{:?}\nenrolled {:?}", world.rules, world.enrolled);
    for item in &world.items {
        let _ = write!(text, "\n{item:?}");
    }
    for push in &world.pushes {
        let _ = write!(text, "\ndevice {} at {} with {:?}, all {}", push.device, push.received, push.present, push.all);
        for op in &push.ops {
            let lease = op.lease.as_ref().map(|token| world.leases.get(token));
            let _ = write!(
                text,
                "\n  {:?}\n  lease {lease:?}",
                dangjian_domain::op::RecordStudy { lease: None, ..op.clone() }
            );
        }
    }
    text
}

//! Segments no timer made: whatever somebody with a modified app may sign and hand in.

use dangjian_domain::id::RowId;
use dangjian_domain::op::{CheckAnswer, RecordStudy, Span};
use dangjian_domain::study::place::Reading;
use dangjian_domain::time::BootId;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_tests::people::{below, one_in};

use crate::world::{Push, World, boot_id, pick};

const DAY_MS: i64 = 86_400_000;

/// A world of phones that say what they like; in half of them all moments are whole milliseconds rather than seconds.
pub(crate) fn world(random: &mut SplitMix) -> World {
    let unit_ms = pick(random, &[1, 1_000]);
    let mut world = World::empty(random, unit_ms);
    let devices = 1 + below(random, 3);
    let began = (1_795_000_000 + below(random, 7 * 86_400) as i64) * 1_000;
    let mut boots: Vec<Vec<(BootId, i64)>> = vec![];
    for _ in 0..devices {
        world.enrolled.push(began + below(random, 900) as i64 * 1_000);
        let boot = |_| (boot_id(random), began - below(random, 100 * 86_400) as i64 * 1_000);
        boots.push((0..3).map(boot).collect());
    }
    let mut forger = Forger { world, random, boots, starts: vec![], records: vec![], now: began + 600_000 };
    for _ in 0..1 + below(forger.random, 8) {
        forger.push();
    }
    forger.world
}

struct Forger<'r> {
    world: World,
    random: &'r mut SplitMix,
    /// The runs of each device, with the server time of their zero.
    boots: Vec<Vec<(BootId, i64)>>,
    /// When the segments so far began.
    starts: Vec<i64>,
    records: Vec<RecordStudy>,
    now: i64,
}

impl Forger<'_> {
    fn below(&mut self, n: i64) -> i64 {
        below(self.random, n as usize) as i64 * self.world.unit_ms
    }

    fn push(&mut self) {
        let device = below(self.random, self.boots.len());
        self.now += match below(self.random, 4) {
            0 => 0,
            1 => self.below(300),
            2 => below(self.random, 2_000) as i64 * 1_000,
            _ => below(self.random, 2 * 86_400) as i64 * 1_000,
        };
        let received = self.now;
        let ops = (0..1 + below(self.random, 5)).map(|_| self.record(device)).collect();
        let (boot, zero) = pick(self.random, &self.boots[device]);
        // The network delays; a modified app says what it likes.
        let slow = if one_in(self.random, 3) { self.below(50) } else { 0 };
        let lie = if one_in(self.random, 12) { self.below(100_000) - self.below(100_000) } else { 0 };
        let present = Reading { boot, ms: (received - zero - slow + lie).max(0).unsigned_abs() };
        let all = !one_in(self.random, 4);
        self.world.pushes.push(Push { device, received, present, ops, all });
    }

    /// When a segment pretends to have been.
    fn start(&mut self) -> i64 {
        let now = self.now;
        match below(self.random, 9) {
            0..=2 => now - self.below(400),
            3 => now + self.below(400) - self.below(400),
            4 | 5 if !self.starts.is_empty() => pick(self.random, &self.starts) + self.below(60) - self.below(60),
            // About where the window begins.
            6 => now - 420_000 - self.below(100) + self.below(50),
            // About where a day begins.
            7 => {
                let shift = 8 * 3_600_000 - self.world.rules.day_starts_at_ms;
                (now + shift).div_euclid(DAY_MS) * DAY_MS - shift - self.below(100)
            }
            _ => now + pick(self.random, &[-400, -30, -2, 1, 40]) * DAY_MS,
        }
    }

    fn record(&mut self, device: usize) -> RecordStudy {
        if !self.records.is_empty() && one_in(self.random, 6) {
            let at = below(self.random, self.records.len());
            return self.records[at].clone();
        }
        let (start, (boot, zero)) = (self.start(), pick(self.random, &self.boots[device]));
        self.starts.push(start);
        let item = below(self.random, self.world.items.len());
        let id = self.world.items[item].id;
        let spans = self.spans();
        let end = spans.iter().map(|span| i64::from(span.to_ms)).max().unwrap_or(0);
        let record = RecordStudy {
            session: RowId(self.random.bytes()),
            item: if one_in(self.random, 40) { RowId(self.random.bytes()) } else { id },
            lease: self.lease(device, id, start),
            boot,
            from_ms: if one_in(self.random, 60) { 3_155_760_000_001 } else { (start - zero).max(0).unsigned_abs() },
            spans,
            beats: self.beats(end),
            inputs: if one_in(self.random, 30) { vec![2_000, 1_000] } else { vec![] },
            checks: self.answers(end),
        };
        self.records.push(record.clone());
        record
    }

    fn spans(&mut self) -> Vec<Span> {
        let many = if one_in(self.random, 40) { 70 } else { 1 + below(self.random, 3) };
        let mut at = if one_in(self.random, 60) { 200_000 } else { self.below(10) };
        let mut spans: Vec<Span> = vec![];
        for _ in 0..many {
            at += self.below(12);
            let from_ms = at as u32;
            at += self.below(45) + self.world.unit_ms;
            spans.push(Span { from_ms, to_ms: at as u32 });
        }
        let last = spans.len() - 1;
        match below(self.random, 30) {
            0 => spans.swap(0, last),
            1 => spans[last].to_ms = spans[last].from_ms,
            2 => spans[last].from_ms = spans[0].from_ms,
            3 => spans[last] = Span { from_ms: spans[last].to_ms, to_ms: spans[last].from_ms },
            4 => spans.clear(),
            _ => {}
        }
        spans
    }

    fn beats(&mut self, end: i64) -> Vec<u32> {
        let every = self.world.rules.heartbeat_ms;
        let mut beats: Vec<u32> = match below(self.random, 4) {
            0 => vec![],
            1 => (0..=end / every).map(|n| (n * every) as u32).take(64).collect(),
            2 => (0..below(self.random, 12)).map(|_| self.below(end / self.world.unit_ms + 20) as u32).collect(),
            _ => (0..=end / every).map(|n| (n * every) as u32).filter(|at| at % 3 != 0).take(64).collect(),
        };
        beats.sort_unstable();
        match below(self.random, 40) {
            0 => beats.reverse(),
            1 => beats.resize(65, end as u32),
            2 => beats.push(10_000_000),
            _ => {}
        }
        beats
    }

    fn answers(&mut self, end: i64) -> Vec<CheckAnswer> {
        let many = below(self.random, 6);
        let mut answers: Vec<CheckAnswer> = (0..many)
            .map(|_| CheckAnswer {
                at_ms: self.below(end / self.world.unit_ms + 2) as u32,
                check: below(self.random, 4) as u8,
                choice: 0,
            })
            .collect();
        if !one_in(self.random, 40) {
            answers.sort_by_key(|answer| answer.at_ms);
        }
        answers
    }

    fn lease(&mut self, device: usize, item: RowId, start: i64) -> Option<Vec<u8>> {
        let from = start + self.below(30) - self.below(200);
        let until = from + self.below(300);
        match below(self.random, 12) {
            0..=4 => Some(self.world.lease(self.random, item, device, from, until)),
            // Another device's, another item's, nobody's.
            5 => Some(self.world.lease(self.random, item, device + 1, from, until)),
            6 if one_in(self.random, 3) => Some(self.world.lease(self.random, RowId([7; 16]), device, from, until)),
            7 if one_in(self.random, 3) => Some(vec![1, 2, 3]),
            _ => None,
        }
    }
}

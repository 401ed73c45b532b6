//! Random worlds: a member with one to three phones, items, and what the phones hand in over a week.
//!
//! Everything happens on whole seconds. The phones are real timers fed with what happens to phones: calls, dark screens,
//! sleeps, kills, restarts, checks answered or not, leases, contacts or none for days.

use std::collections::BTreeMap;

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::op::RecordStudy;
use dangjian_domain::points::rules::StudyRules;
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::checks::{self, CheckTimes, Checked};
use dangjian_domain::study::lease::{Lease, TAG_BYTES};
use dangjian_domain::study::place::Reading;
use dangjian_domain::study::timer::{Event, Start, State, Step, Timer, recover};
use dangjian_domain::time::{BootId, Timestamp};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_tests::people::{below, one_in};

const DAY_S: i64 = 86_400;
/// Seconds from UTC to the county's clock.
const ZONE_S: i64 = 8 * 3_600;

/// Something to study.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: RowId,
    pub(crate) kind: ItemKind,
    pub(crate) length_ms: i64,
    pub(crate) checks: u8,
    pub(crate) seed: RowId,
}

/// What reaches the server at once.
#[derive(Debug, Clone)]
pub(crate) struct Push {
    pub(crate) device: usize,
    /// Server time, ms.
    pub(crate) received: i64,
    /// The phone's clock as it says.
    pub(crate) present: Reading,
    pub(crate) ops: Vec<RecordStudy>,
    /// Whether the phone had nothing more.
    pub(crate) all: bool,
}

/// A member's study.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// What all moments are multiples of, ms.
    pub(crate) unit_ms: i64,
    pub(crate) rules: StudyRules,
    pub(crate) member: MemberId,
    pub(crate) items: Vec<Item>,
    /// When each device was enrolled, ms.
    pub(crate) enrolled: Vec<i64>,
    pub(crate) pushes: Vec<Push>,
    /// The server's leases by their tokens.
    pub(crate) leases: BTreeMap<Vec<u8>, Lease>,
    /// How long each device truly had an item in front of its member, ms; `None` if somebody made segments up.
    pub(crate) in_front_ms: Option<Vec<i64>>,
}

pub(crate) fn device_id(device: usize) -> DeviceId {
    DeviceId(RowId([0xd0 + device as u8; 16]))
}

/// One of `all`.
pub(crate) fn pick<T: Copy>(random: &mut SplitMix, all: &[T]) -> T {
    all[below(random, all.len())]
}

pub(crate) fn boot_id(random: &mut SplitMix) -> BootId {
    BootId(random.bytes())
}

impl World {
    /// A world without pushes.
    pub(crate) fn empty(random: &mut SplitMix, unit_ms: i64) -> Self {
        let member = MemberId(RowId(random.bytes()));
        let heartbeat = pick(random, &[5, 5, 10, 10, 30]);
        let check = 20 + below(random, 70) as i64;
        // Moments of checks are drawn in milliseconds: only in a world made of those may they lie where they like.
        let spread_ms = if unit_ms == 1 { below(random, 60) as i64 } else { 0 };
        let rules = StudyRules {
            day_starts_at_ms: pick(random, &[0, 0, 4 * 3_600_000, 6 * 3_600_000]),
            heartbeat_ms: heartbeat * unit_ms,
            max_gap_ms: (heartbeat * 3 / 2) * unit_ms,
            segment_ms: if heartbeat == 30 { 300 * unit_ms.max(200) } else { 60 * unit_ms.max(1_000) },
            offline_daily_ms: pick(random, &[0, 60, 200, 600, 3_600]) * unit_ms,
            finish_pct: 50 + below(random, 51) as i64,
            checks: CheckTimes { min_ms: check * unit_ms, max_ms: check * unit_ms + spread_ms },
        };
        let items = (0..1 + below(random, 3)).map(|_| {
            let id = RowId(random.bytes());
            Item {
                id,
                kind: pick(random, &[ItemKind::Article, ItemKind::Article, ItemKind::Audio, ItemKind::Video]),
                length_ms: pick(random, &[7, 20, 60, 150, 400, 4_000]) * unit_ms,
                checks: below(random, 4) as u8,
                seed: checks::seed(member, id),
            }
        });
        let items = items.collect();
        let leases = BTreeMap::new();
        Self { unit_ms, rules, member, items, enrolled: vec![], pushes: vec![], leases, in_front_ms: None }
    }

    /// A lease for an item on a device, ms.
    pub(crate) fn lease(
        &mut self,
        random: &mut SplitMix,
        item: RowId,
        device: usize,
        from: i64,
        until: i64,
    ) -> Vec<u8> {
        let lease = Lease {
            id: RowId(random.bytes()),
            member: self.member,
            device: device_id(device),
            item,
            issued_at: Timestamp(from),
            expires_at: Timestamp(until),
        };
        let token = [&[0; TAG_BYTES][..], &lease.encode()].concat();
        self.leases.insert(token.clone(), lease);
        token
    }

    /// A world of honest phones.
    pub(crate) fn honest(random: &mut SplitMix) -> Self {
        let mut world = Self::empty(random, 1_000);
        let began = 1_795_000_000 + below(random, 7 * DAY_S as usize) as i64;
        let devices = pick(random, &[1, 1, 2, 3]);
        let mut opened = vec![];
        let mut in_front = vec![];
        for device in 0..devices {
            let enrolled = began + below(random, 600) as i64;
            world.enrolled.push(enrolled * 1_000);
            let now = enrolled + below(random, 400) as i64;
            let mut phone = Phone::new(device, now, &world, random);
            for _ in 0..1 + below(random, 6 / devices) {
                let start = phone.wait(&opened, &world, random);
                opened.push(start);
                phone.session(&mut world, random);
            }
            if !one_in(random, 8) {
                phone.now += pick(random, &[0, 60, DAY_S]);
                phone.contact(&mut world, random);
            }
            in_front.push(phone.in_front * 1_000);
        }
        world.pushes.sort_by_key(|push| push.received);
        world.in_front_ms = Some(in_front);
        world
    }

    /// When the civil day ends that `at` lies in, seconds.
    fn day_ends(&self, at: i64) -> i64 {
        let shift = ZONE_S - self.rules.day_starts_at_ms / 1_000;
        ((at + shift).div_euclid(DAY_S) + 1) * DAY_S - shift
    }
}

/// How promptly the app asks its timer.
#[derive(Clone, Copy, PartialEq)]
enum Wakes {
    /// When the timer wants it.
    Promptly,
    /// This many seconds later.
    Late(i64),
    /// The system lets it run only when something happens.
    Never,
}

/// An honest phone.
pub(crate) struct Phone {
    device: usize,
    /// Server time, s.
    pub(crate) now: i64,
    boot: BootId,
    /// Server time at the zero of its boot clock, s.
    zero: i64,
    /// What is kept in case the app is killed.
    saved: Option<RecordStudy>,
    /// What was not handed in yet.
    pub(crate) chain: Vec<RecordStudy>,
    /// How far it knows to be with the checks of each item.
    checked: Vec<Checked>,
    counted_ms: Vec<i64>,
    /// Foreground, visible, lit, playing.
    flags: [bool; 4],
    /// Seconds an item was in front of the member.
    pub(crate) in_front: i64,
    /// Most operations in a push.
    limit: usize,
    /// Whether its member answers each check as soon as it is shown.
    pub(crate) answer_at_once: bool,
}

impl Phone {
    pub(crate) fn new(device: usize, now: i64, world: &World, random: &mut SplitMix) -> Self {
        Self {
            device,
            now,
            boot: boot_id(random),
            zero: now - below(random, 100_000) as i64,
            saved: None,
            chain: vec![],
            checked: vec![Checked::default(); world.items.len()],
            counted_ms: vec![0; world.items.len()],
            flags: [false; 4],
            in_front: 0,
            limit: if one_in(random, 3) { 1 + below(random, 4) } else { 500 },
            answer_at_once: false,
        }
    }

    fn reading(&self) -> i64 {
        (self.now - self.zero) * 1_000
    }

    /// Time goes by with nothing open; gives when the next session begins.
    fn wait(&mut self, opened: &[i64], world: &World, random: &mut SplitMix) -> i64 {
        let before = self.now;
        let later: Vec<i64> = opened.iter().copied().filter(|at| *at + 60 > self.now).collect();
        self.now = match below(random, 7) {
            0 | 1 if !later.is_empty() => (pick(random, &later) + below(random, 60) as i64).max(self.now),
            0 => self.now + below(random, 10) as i64,
            1 | 2 => self.now + below(random, 900) as i64,
            3 => self.now + below(random, 20_000) as i64,
            4 | 5 => (world.day_ends(self.now) - below(random, 90) as i64).max(self.now),
            _ => self.now + below(random, 3 * DAY_S as usize) as i64,
        };
        if one_in(random, 5) {
            self.restart(before, random);
        }
        self.recover();
        self.now
    }

    /// The phone was switched off and on again since `before`.
    pub(crate) fn restart(&mut self, before: i64, random: &mut SplitMix) {
        self.boot = boot_id(random);
        self.zero = before + below(random, (self.now - before + 1) as usize) as i64;
    }

    /// The app starts and finds what it had kept.
    pub(crate) fn recover(&mut self) {
        if let Some(record) = self.saved.take().and_then(recover) {
            self.done(record);
        }
    }

    fn done(&mut self, record: RecordStudy) {
        let at = record.session.0[0] as usize;
        let ms: i64 = record.spans.iter().map(|span| i64::from(span.to_ms - span.from_ms)).sum();
        self.checked[at].observed_ms += ms;
        // An answer counts with the time that follows it.
        let end = record.spans.last().map_or(0, |span| span.to_ms);
        self.checked[at].answered += record.checks.iter().filter(|answer| answer.at_ms < end).count() as u32;
        self.counted_ms[at] += ms;
        self.chain.push(record);
    }

    fn took(&mut self, step: Step) {
        if !step.done.is_empty() {
            self.saved = None;
        }
        for record in step.done {
            self.done(record);
        }
        self.saved = step.save.or(self.saved.take());
    }

    /// Opens an item.
    pub(crate) fn open(&mut self, at: usize, world: &World, random: &mut SplitMix) -> Timer {
        self.recover();
        let (item, rules) = (&world.items[at], &world.rules);
        let mut session = [0; 16];
        random.fill(&mut session[1..]);
        // Which item it is, for the phone's own books.
        session[0] = at as u8;
        let start = Start {
            session: RowId(session),
            item: item.id,
            kind: item.kind,
            length_ms: item.length_ms,
            credited_before_ms: self.counted_ms[at].min(item.length_ms),
            checks: item.checks,
            seed: item.seed,
            checked: self.checked[at],
            lease: None,
            boot: self.boot,
            heartbeat_ms: rules.heartbeat_ms,
            segment_ms: rules.segment_ms,
            max_gap_ms: rules.max_gap_ms,
            check_times: rules.checks,
        };
        self.flags = [false; 4];
        Timer::start(start, self.reading())
    }

    pub(crate) fn step(&mut self, timer: &mut Timer, event: Event) {
        match event {
            Event::Foreground(is) => self.flags[0] = is,
            Event::Visible(is) => self.flags[1] = is,
            Event::Screen(is) => self.flags[2] = is,
            Event::Playing(is) => self.flags[3] = is,
            _ => {}
        }
        let step = timer.step(self.reading(), event);
        self.took(step);
        if self.answer_at_once && matches!(timer.view(self.reading()).state, State::Check(_)) {
            let step = timer.step(self.reading(), Event::Answer { choice: 0 });
            self.took(step);
        }
    }

    fn live_until(&mut self, to: i64) {
        if self.flags[..3] == [true; 3] {
            self.in_front += to - self.now;
        }
        self.now = to;
    }

    /// Time goes by with an item open.
    fn pass(&mut self, timer: &mut Timer, seconds: i64, wakes: Wakes) {
        let to = self.now + seconds;
        let most = if self.answer_at_once { 1_000 } else { 20 };
        let late = match wakes {
            Wakes::Promptly => 0,
            Wakes::Late(late) => late,
            Wakes::Never => return self.live_until(to),
        };
        for _ in 0..most {
            let Some(wake) = timer.view(self.reading()).next_wake_ms else { break };
            let at = self.zero + wake / 1_000 + late;
            if at >= to {
                break;
            }
            self.live_until(at);
            self.step(timer, Event::Tick);
        }
        self.live_until(to);
    }

    /// Time goes by until `to` on a phone that is not asleep.
    pub(crate) fn pass_promptly(&mut self, timer: &mut Timer, to: i64) {
        self.pass(timer, to - self.now, Wakes::Promptly);
    }

    /// A session from opening an item to leaving it, or to its sudden end.
    fn session(&mut self, world: &mut World, random: &mut SplitMix) {
        let item = below(random, world.items.len());
        let mut timer = self.open(item, world, random);
        for begin in [Event::Foreground(true), Event::Visible(true), Event::Screen(true), Event::Playing(true)] {
            if !one_in(random, 16) {
                self.step(&mut timer, begin);
            }
        }
        let wakes = match below(random, 4) {
            0 => Wakes::Never,
            1 => Wakes::Late(below(random, 9) as i64),
            _ => Wakes::Promptly,
        };
        let heartbeat = world.rules.heartbeat_ms as usize / 1_000;
        for _ in 0..3 + below(random, 16) {
            let (seconds, wakes) = match below(random, 16) {
                0 | 1 => (0, wakes),
                2..=9 => (1 + below(random, heartbeat), wakes),
                10..=13 => (1 + below(random, 3 * heartbeat), wakes),
                14 => (1 + below(random, 8 * heartbeat), wakes),
                // Doze: nothing runs.
                _ => (1 + below(random, 8 * heartbeat), Wakes::Never),
            };
            self.pass(&mut timer, seconds as i64, wakes);
            let on = !one_in(random, 4);
            let event = match below(random, 26) {
                0 | 1 => Event::Foreground(on),
                2 => Event::Visible(on),
                3 | 4 => Event::Screen(on),
                5 | 6 => Event::Playing(on),
                7 | 8 => Event::Input,
                9..=13 => Event::Answer { choice: below(random, 4) as u8 },
                // Also when somebody sets the wall clock.
                14 => Event::DayEnds,
                15..=17 => Event::Tick,
                18 => Event::Boot(self.boot),
                19..=21 => {
                    self.contact(world, random);
                    if one_in(random, 2) {
                        continue;
                    }
                    let (from, id) = (self.now * 1_000, world.items[item].id);
                    let holds = pick(random, &[20, 100, 14_400]) * 1_000;
                    Event::Lease(world.lease(random, id, self.device, from, from + holds))
                }
                22 => return self.killed(),
                23 if one_in(random, 2) => {
                    // The app sees it, by the boot's id or by a clock that went back.
                    let before = self.now;
                    self.now += below(random, 100) as i64;
                    let zero = self.zero;
                    self.restart(before, random);
                    let step =
                        if self.zero > zero && one_in(random, 2) && self.reading() + 1_000 < (before - zero) * 1_000 {
                            timer.step(self.reading(), Event::Tick)
                        } else {
                            timer.step(self.reading(), Event::Boot(self.boot))
                        };
                    self.took(step);
                    self.saved = None;
                    return self.flags = [false; 4];
                }
                _ => Event::Input,
            };
            self.step(&mut timer, event);
        }
        if one_in(random, 5) {
            return self.killed();
        }
        self.step(&mut timer, Event::Stop);
        self.saved = None;
        self.flags = [false; 4];
    }

    fn killed(&mut self) {
        self.flags = [false; 4];
    }

    /// The first contact after all that.
    pub(crate) fn hand_in_everything(&mut self, world: &mut World) {
        self.recover();
        let ops = std::mem::take(&mut self.chain);
        if !ops.is_empty() {
            let present = Reading { boot: self.boot, ms: self.reading().unsigned_abs() };
            world.pushes.push(Push { device: self.device, received: self.now * 1_000, present, ops, all: true });
        }
    }

    /// Hands in what there is, as far as the network holds.
    pub(crate) fn contact(&mut self, world: &mut World, random: &mut SplitMix) {
        let mut received = self.now + if one_in(random, 3) { below(random, 20) as i64 } else { 0 };
        while !self.chain.is_empty() {
            let rest = self.chain.split_off(self.chain.len().min(self.limit));
            let ops = std::mem::replace(&mut self.chain, rest);
            let present = Reading { boot: self.boot, ms: self.reading().unsigned_abs() };
            let all = ops.len() < self.limit;
            world.pushes.push(Push { device: self.device, received: received * 1_000, present, ops, all });
            if one_in(random, 6) {
                break;
            }
            received += below(random, 3) as i64;
        }
        self.live_until(received.max(self.now));
    }
}

//! What is to be credited, from the sentences of `docs/adr/0006-study-and-points.md`, second by second.
//!
//! Of the product it uses the types and the moments at which checks are due, nothing else.

use std::collections::BTreeMap;

use dangjian_domain::id::RowId;
use dangjian_domain::op::RecordStudy;
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::checks::{Due, due};
use dangjian_domain::study::place::Reading;
use dangjian_domain::time::BootId;

use crate::seconds::Seconds;
use crate::world::{Item, Push, World, device_id};

/// What the oracle credits of a segment.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The seconds, ascending.
    pub(crate) seconds: Vec<i64>,
    /// By day: how many, and how many of them without a lease.
    pub(crate) days: BTreeMap<i64, (i64, i64)>,
    /// The day on which the item was finished by it.
    pub(crate) finished: Option<i64>,
}

/// What is known of one item.
#[derive(Default, Clone)]
pub(crate) struct Known {
    pub(crate) credited: i64,
    pub(crate) finished: Option<i64>,
    /// Seconds observed while no check waited.
    pub(crate) clock: i64,
    pub(crate) answered: u32,
}

/// Where the server takes a boot's zero to be.
#[derive(Clone, Copy)]
struct Zero {
    at_ms: i64,
    seen: bool,
}

/// One member.
#[derive(Default)]
pub(crate) struct Oracle {
    zeros: BTreeMap<(usize, BootId), Zero>,
    had_all: BTreeMap<usize, i64>,
    /// Everything credited, on whichever device.
    pub(crate) credited: Seconds,
    pub(crate) items: BTreeMap<RowId, Known>,
    /// By day: reading, audio and video, and without a lease.
    pub(crate) days: BTreeMap<i64, (i64, i64, i64)>,
    /// By device.
    pub(crate) by_device: BTreeMap<usize, i64>,
    dues: BTreeMap<RowId, Vec<Due>>,
}

fn last_reading(record: &RecordStudy) -> i64 {
    record.from_ms as i64 + record.spans.last().map_or(0, |span| i64::from(span.to_ms))
}

impl Oracle {
    /// What is credited of each operation of a push; `None` for one that is refused.
    pub(crate) fn take_in(&mut self, world: &World, push: &Push) -> Vec<Option<Told>> {
        self.see(push.device, push.present, push.received);
        self.place(push);
        // Whatever lies before the last exchange in which the device had handed in everything (less five minutes for a
        // segment under way, less two for clocks), or after the receipt, is cut off.
        let enrolled = world.enrolled[push.device] - 120_000;
        let begins = self.had_all.get(&push.device).map_or(enrolled, |at| enrolled.max(at - 300_000 - 120_000));
        let told = push.ops.iter().map(|record| self.judge(world, push, record, begins)).collect();
        if push.all {
            self.had_all.insert(push.device, push.received);
        }
        told
    }

    /// Server time minus boot clock, the least ever seen for a boot, is the boot's offset.
    fn see(&mut self, device: usize, present: Reading, received: i64) {
        let at_ms = received - present.ms as i64;
        let zero = self.zeros.entry((device, present.boot)).or_insert(Zero { at_ms, seen: true });
        *zero = Zero { at_ms: if zero.seen { zero.at_ms.min(at_ms) } else { at_ms }, seen: true };
    }

    /// A boot that ended before any contact: its last reading right before the next boot began.
    fn place(&mut self, push: &Push) {
        // The boots in the order of the chain; the phone runs in the present one.
        let mut runs: Vec<(BootId, i64)> = vec![];
        for record in &push.ops {
            match runs.last_mut() {
                Some((boot, last)) if *boot == record.boot => *last = last_reading(record).max(*last),
                _ => runs.push((record.boot, last_reading(record))),
            }
        }
        for at in (0..runs.len()).rev() {
            let (boot, last) = runs[at];
            if self.zeros.contains_key(&(push.device, boot)) {
                continue;
            }
            let later = runs[at + 1..].iter().map(|run| run.0).chain([push.present.boot]);
            let began = later.map(|boot| self.zeros[&(push.device, boot)].at_ms).min().unwrap().min(push.received);
            self.zeros.insert((push.device, boot), Zero { at_ms: began - last, seen: false });
        }
    }

    fn judge(&mut self, world: &World, push: &Push, record: &RecordStudy, begins: i64) -> Option<Told> {
        let item = world.items.iter().find(|item| item.id == record.item)?;
        let mut leased = None;
        if let Some(token) = &record.lease {
            let lease = world.leases.get(token)?;
            if lease.member != world.member || lease.item != item.id || lease.device != device_id(push.device) {
                return None;
            }
            leased = Some((lease.issued_at.0, lease.expires_at.0));
        }
        let zero_ms = self.zeros[&(push.device, record.boot)].at_ms;
        self.credit(world, push.device, record, leased, zero_ms, (begins, push.received))
    }

    /// What is credited of a segment of a boot whose clock was zero then, made under a lease that held from when until
    /// when, in the window in which it can have been made; `None` if no timer makes such a segment.
    pub(crate) fn credit(
        &mut self,
        world: &World,
        device: usize,
        record: &RecordStudy,
        leased: Option<(i64, i64)>,
        zero_ms: i64,
        (begins, ends): (i64, i64),
    ) -> Option<Told> {
        if !is_well_formed(record, world.rules.segment_ms + 60_000) {
            return None;
        }
        let item = world.items.iter().find(|item| item.id == record.item)?;
        let start = zero_ms + record.from_ms as i64;
        let mut known = self.items.get(&item.id).cloned().unwrap_or_default();
        let mut told = Told::default();
        // When the clock of the checks last moved.
        let mut moved = None;
        let unit = world.unit_ms;
        let last = record.spans.last().map_or(0, |span| i64::from(span.to_ms));
        let mut after = 0;
        while after < last {
            let at = after;
            after += unit;
            if !is_observed(record, at, world.rules.max_gap_ms) {
                continue;
            }
            // Every comprehension check due by then was answered.
            if !self.is_checked(world, item, &mut known, record, at, moved) {
                continue;
            }
            known.clock += unit;
            moved = Some(after);
            let now = start + at;
            // It lies in the window in which it can have been made.
            if now < begins || now >= ends {
                continue;
            }
            // Nothing was credited for it before.
            if self.credited.has(now.div_euclid(unit)) {
                continue;
            }
            // The item's length is not used up.
            if known.credited + unit > item.length_ms {
                continue;
            }
            let day = (now + 8 * 3_600_000 - world.rules.day_starts_at_ms).div_euclid(86_400_000);
            let sums = self.days.entry(day).or_default();
            let offline = leased.is_none_or(|(from, until)| now < from || now >= until);
            // Without a lease: the day's allowance for study offline is not.
            if offline && sums.2 + unit > world.rules.offline_daily_ms {
                continue;
            }
            if matches!(item.kind, ItemKind::Audio | ItemKind::Video) {
                sums.1 += unit
            } else {
                sums.0 += unit
            }
            sums.2 += if offline { unit } else { 0 };
            let here = told.days.entry(day).or_default();
            *here = (here.0 + unit, here.1 + if offline { unit } else { 0 });
            told.seconds.push(now);
            known.credited += unit;
            if known.finished.is_none() && known.credited >= item.length_ms * world.rules.finish_pct / 100 {
                known.finished = Some(day);
                told.finished = Some(day);
            }
        }
        for at in &told.seconds {
            assert!(self.credited.add(at.div_euclid(unit)));
        }
        *self.by_device.entry(device).or_default() += told.seconds.len() as i64 * unit;
        self.items.insert(item.id, known);
        Some(told)
    }

    /// Whether no check waits at `at`; an answer in the segment opens one from the moment it was given.
    fn is_checked(
        &mut self,
        world: &World,
        item: &Item,
        known: &mut Known,
        record: &RecordStudy,
        at: i64,
        moved: Option<i64>,
    ) -> bool {
        if item.checks == 0 {
            return true;
        }
        let dues = self.dues.entry(item.id).or_default();
        while dues.len() <= known.answered as usize {
            dues.push(due(item.seed, world.rules.checks, item.checks, dues.len() as u32).unwrap());
        }
        let next = dues[known.answered as usize];
        if known.clock < next.at_ms {
            return true;
        }
        let answers = |answer: &dangjian_domain::op::CheckAnswer| {
            let given = i64::from(answer.at_ms);
            answer.check == next.check && given <= at && moved.is_none_or(|moved| given >= moved)
        };
        if record.checks.iter().any(answers) {
            known.answered += 1;
            return true;
        }
        false
    }
}

/// Whether the second lies in a span and a heartbeat, or the span's start, is near enough before it.
fn is_observed(record: &RecordStudy, at: i64, gap_ms: i64) -> bool {
    record.spans.iter().any(|span| {
        let (from, to) = (i64::from(span.from_ms), i64::from(span.to_ms));
        let near = |beat: i64| from <= beat && beat <= at && at < beat + gap_ms;
        from <= at && at < to && (near(from) || record.beats.iter().any(|beat| near(i64::from(*beat))))
    })
}

/// At most 64 marks of a kind, in the order of time, no stretch empty or overlapping, no longer than a segment can be, and a
/// boot clock of less than a hundred years.
fn is_well_formed(record: &RecordStudy, longest_ms: i64) -> bool {
    let spans: Vec<i64> = record.spans.iter().flat_map(|span| [span.from_ms.into(), span.to_ms.into()]).collect();
    let beats: Vec<i64> = record.beats.iter().map(|at| i64::from(*at)).collect();
    let inputs: Vec<i64> = record.inputs.iter().map(|at| i64::from(*at)).collect();
    let answers: Vec<i64> = record.checks.iter().map(|answer| answer.at_ms.into()).collect();
    let few = spans.len() <= 128 && beats.len() <= 64 && inputs.len() <= 64 && answers.len() <= 64;
    let empty = record.spans.iter().any(|span| span.from_ms == span.to_ms);
    let orderly =
        [&spans, &beats, &inputs, &answers].into_iter().all(|marks| marks.windows(2).all(|two| two[0] <= two[1]));
    let short = [&spans, &beats, &inputs, &answers].into_iter().flatten().all(|at| *at <= longest_ms);
    few && !empty && orderly && short && record.from_ms <= 3_155_760_000_000
}

//! What the server does with segments, by the domain's functions, with what it keeps between them.

use std::collections::BTreeMap;

use dangjian_domain::id::RowId;
use dangjian_domain::op::RecordStudy;
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::checks::Checked;
use dangjian_domain::study::credit::{Before, Credit, Segment, Stretch, cover, credit};
use dangjian_domain::study::place::{ALLOWANCE_MS, BootClock, Reading, UNDER_WAY_MS, clocks};
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::world::{Item, Push, World, device_id};

const UTC_DAY_MS: i64 = 86_400_000;

/// An accepted segment, as it was credited.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) window: (i64, i64),
    pub(crate) credit: Credit,
}

/// What is kept of one member.
#[derive(Default)]
pub(crate) struct Keeper {
    clocks: BTreeMap<usize, Vec<BootClock>>,
    drained: BTreeMap<usize, i64>,
    /// By UTC day, as `study_cover`.
    covered: BTreeMap<i64, Vec<Stretch>>,
    pub(crate) progress: BTreeMap<RowId, Progress>,
    /// Reading, audio and video, and how much of both was without a lease, ms.
    pub(crate) days: BTreeMap<CivilDay, (i64, i64, i64)>,
}

/// As a row of `item_progress`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) credited_ms: i64,
    pub(crate) finished: Option<CivilDay>,
    pub(crate) checked: Checked,
}

impl Keeper {
    /// What becomes of each operation of a push; `None` for one that is refused.
    pub(crate) fn take_in(&mut self, world: &World, push: &Push) -> Vec<Option<Accepted>> {
        let mut readings: Vec<Reading> = vec![];
        for record in &push.ops {
            let last = record.spans.last().map_or(0, |span| span.to_ms);
            let reading = Reading { boot: record.boot, ms: record.from_ms.saturating_add(last.into()) };
            match readings.last_mut() {
                Some(last) if last.boot == reading.boot => last.ms = last.ms.max(reading.ms),
                _ => readings.push(reading),
            }
        }
        let known = self.clocks.entry(push.device).or_default();
        *known = clocks(known, Some(push.present), Timestamp(push.received), &readings);
        let clocks = known.clone();
        let enrolled = world.enrolled[push.device] - 120_000;
        let drained = self.drained.get(&push.device).map_or(i64::MIN, |at| at - UNDER_WAY_MS - ALLOWANCE_MS);
        let window = (Timestamp(enrolled.max(drained)), Timestamp(push.received));
        let results = push.ops.iter().map(|record| self.judge(world, push.device, record, &clocks, window)).collect();
        if push.all {
            self.drained.insert(push.device, push.received);
        }
        results
    }

    fn judge(
        &mut self,
        world: &World,
        device: usize,
        record: &RecordStudy,
        clocks: &[BootClock],
        window: (Timestamp, Timestamp),
    ) -> Option<Accepted> {
        let item = world.items.iter().find(|item| item.id == record.item)?;
        let lease = match &record.lease {
            None => None,
            Some(token) => {
                let lease = world.leases.get(token)?;
                let fits = lease.member == world.member && lease.item == item.id && lease.device == device_id(device);
                Some(lease).filter(|_| fits)?.into()
            }
        };
        let clock = clocks.iter().find(|clock| clock.boot == record.boot)?;
        let segment = Segment {
            record,
            offset_ms: clock.offset_ms,
            window,
            length_ms: item.length_ms,
            checks: item.checks,
            seed: item.seed,
            lease,
        };
        let from = clock.at(record.from_ms);
        let until = from.plus_ms(world.rules.segment_ms * 2);
        let progress = self.progress.get(&item.id).copied().unwrap_or_default();
        let rollover = world.rules.day_starts_at_ms;
        let utc = |at: Timestamp| at.0.div_euclid(UTC_DAY_MS);
        let near = if utc(from) <= utc(until) { self.covered.range(utc(from)..=utc(until)) } else { return None };
        let before = Before {
            covered: near.flat_map(|(_, stretches)| stretches).copied().collect(),
            item_ms: progress.credited_ms,
            finished: progress.finished.is_some(),
            checked: progress.checked,
            offline_ms: [from.civil_day(rollover), until.civil_day(rollover)]
                .into_iter()
                .filter_map(|day| Some((day, self.days.get(&day)?.2)))
                .collect(),
        };
        let credit = credit(&segment, &before, &world.rules).ok()?;
        self.keep(item, &credit);
        Some(Accepted { window: (window.0.0, window.1.0), credit })
    }

    fn keep(&mut self, item: &Item, credit: &Credit) {
        for (from, to) in &credit.stretches {
            for day in from.div_euclid(UTC_DAY_MS)..=(to - 1).div_euclid(UTC_DAY_MS) {
                let piece = ((*from).max(day * UTC_DAY_MS), (*to).min((day + 1) * UTC_DAY_MS));
                let kept = self.covered.entry(day).or_default();
                *kept = cover(kept, &[piece]);
            }
        }
        for (day, added) in &credit.days {
            let sum = self.days.entry(*day).or_default();
            if matches!(item.kind, ItemKind::Audio | ItemKind::Video) {
                sum.1 += added.ms
            } else {
                sum.0 += added.ms
            }
            sum.2 += added.offline_ms;
        }
        let progress = self.progress.entry(item.id).or_default();
        progress.credited_ms += credit.total_ms;
        progress.finished = progress.finished.or(credit.finished);
        progress.checked = credit.checked;
    }
}

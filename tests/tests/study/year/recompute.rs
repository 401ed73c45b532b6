//! All of a member's postings from what is stored of what they did, from the first day on, in one go.
//!
//! Credit is the oracle's, second by second; points are counted here from the text of the rules. Of the product it uses the
//! types and the ids.

use std::collections::BTreeMap;
use std::sync::Arc;

use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::RecordStudy;
use dangjian_domain::points::post::Fact;
use dangjian_domain::points::rules::{FactKind, RuleSet};
use dangjian_domain::rows::{ItemKind, LedgerEntry};
use dangjian_domain::study::lease::Lease;
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::oracle::Oracle;
use crate::world::World;

/// What was accepted, in that order.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one member's at a time")]
pub(crate) enum Done {
    /// A segment, where it was placed and in which window.
    Study { op: OpId, org: OrgId, record: RecordStudy, lease: Option<Lease>, offset_ms: i64, window: (i64, i64) },
    /// The app was opened.
    SignIn { op: OpId, org: OrgId, at: Timestamp },
    /// A quiz was answered.
    Answer { op: OpId, org: OrgId, quiz: RowId, day: CivilDay, right: i64, at: Timestamp },
    /// A meeting or a suggestion.
    Other { cause: RowId, org: OrgId, kind: FactKind, day: CivilDay },
    /// A posting was taken back.
    Reversed { op: OpId, entry: RowId, reason: String },
}

/// Everything that follows.
pub(crate) struct Recomputed {
    member: MemberId,
    sets: Vec<Arc<RuleSet>>,
    pub(crate) entries: BTreeMap<RowId, LedgerEntry>,
    pub(crate) oracle: Oracle,
    /// Points by rule and day, quarter or year, reversals left out.
    given: BTreeMap<(String, i64), i64>,
}

/// What gives points.
struct Given {
    cause: RowId,
    op: Option<OpId>,
    org: OrgId,
    kind: FactKind,
    day: CivilDay,
    amount: i64,
    before: i64,
    about: Option<RowId>,
    at: Option<(Timestamp, Timestamp)>,
}

/// A quarter as year × 10 + quarter, from the calendar.
pub(crate) fn quarter(day: CivilDay) -> i64 {
    let (year, month, _) = day.ymd().unwrap();
    i64::from(year) * 10 + (i64::from(month) + 2) / 3
}

impl Recomputed {
    /// From all that was accepted. `world` says who, with which items.
    pub(crate) fn of(world: &mut World, sets: &[Arc<RuleSet>], done: &[Done]) -> Self {
        let (entries, given, oracle) = (BTreeMap::new(), BTreeMap::new(), Oracle::default());
        let mut all = Self { member: world.member, sets: sets.to_vec(), entries, oracle, given };
        for one in done {
            all.follow(world, one);
        }
        all
    }

    fn set(&self, day: CivilDay) -> Arc<RuleSet> {
        self.sets.iter().rfind(|set| set.effective_from <= day).unwrap().clone()
    }

    fn follow(&mut self, world: &mut World, done: &Done) {
        match done {
            Done::Study { op, org, record, lease, offset_ms, window } => {
                let day = Timestamp(offset_ms + record.from_ms as i64).civil_day(0);
                let set = self.set(day);
                world.rules = set.study;
                self.study(world, &set, (*op, *org), record, *lease, *offset_ms, *window);
            }
            Done::SignIn { op, org, at } => {
                let cause = RowId::derived("dangjian/sign-in", &[self.member.0]);
                let (op, org, kind, day) = (Some(*op), *org, FactKind::SignIn, at.civil_day(0));
                let given =
                    Given { cause, op, org, kind, day, amount: 1, before: 0, about: None, at: Some((*at, *at)) };
                self.post(&self.set(day), &given);
            }
            Done::Answer { op, org, quiz, day, right, at } => {
                let (op, about) = (Some(*op), Some(*quiz));
                let (kind, at, org, day) = (FactKind::QuizRight, Some((*at, *at)), *org, *day);
                let cause = op.unwrap().0;
                self.post(&self.set(day), &Given { cause, op, org, kind, day, amount: *right, before: 0, about, at });
            }
            Done::Other { cause, org, kind, day } => {
                let about = Some(*cause);
                let (cause, org, kind, day) = (*cause, *org, *kind, *day);
                let given = Given { cause, op: None, org, kind, day, amount: 1, before: 0, about, at: None };
                self.post(&self.set(day), &given);
            }
            Done::Reversed { op, entry, reason } => {
                let taken = self.entries[entry].clone();
                let id = RowId::derived("dangjian/reversal", &[*entry]);
                let reversal = LedgerEntry {
                    id,
                    points: -taken.points,
                    fact: Some(*op),
                    reverses: Some(*entry),
                    reason: Some(reason.clone()),
                    ..taken
                };
                assert!(self.entries.insert(id, reversal).is_none());
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a stored segment")]
    fn study(
        &mut self,
        world: &World,
        set: &RuleSet,
        (op, org): (OpId, OrgId),
        record: &RecordStudy,
        lease: Option<Lease>,
        offset_ms: i64,
        window: (i64, i64),
    ) {
        let item = world.items.iter().find(|item| item.id == record.item).unwrap();
        let audio_video = matches!(item.kind, ItemKind::Audio | ItemKind::Video);
        let leased = lease.map(|lease| (lease.issued_at.0, lease.expires_at.0));
        let before = self.oracle.days.clone_near(offset_ms + record.from_ms as i64);
        let told = self.oracle.credit(world, 0, record, leased, offset_ms, window).unwrap();
        let mut ends = BTreeMap::new();
        for (day, (ms, _)) in &told.days {
            let on_day = |at: &&i64| (**at + 8 * 3_600_000 - set.study.day_starts_at_ms).div_euclid(86_400_000) == *day;
            let first = *told.seconds.iter().find(on_day).unwrap();
            let last = *told.seconds.iter().rfind(on_day).unwrap() + world.unit_ms;
            ends.insert(*day, Timestamp(last));
            let sums = before.get(day).copied().unwrap_or_default();
            let (kind, before) = if audio_video { (FactKind::AvMs, sums.1) } else { (FactKind::ReadMs, sums.0) };
            let (day, at) = (CivilDay(*day as i32), Some((Timestamp(first), Timestamp(last))));
            let about = Some(record.item);
            self.post(set, &Given { cause: op.0, op: Some(op), org, kind, day, amount: *ms, before, about, at });
        }
        if let Some(day) = told.finished {
            let kind = if audio_video { FactKind::AvItem } else { FactKind::ReadItem };
            let (at, day, about) = (Some((ends[&day], ends[&day])), CivilDay(day as i32), Some(record.item));
            self.post(set, &Given { cause: op.0, op: Some(op), org, kind, day, amount: 1, before: 0, about, at });
        }
    }

    /// So many points for every so much, up to the caps.
    fn post(&mut self, set: &RuleSet, given: &Given) {
        for rule in set.rules.iter().filter(|rule| rule.fact == given.kind) {
            let times = (given.before + given.amount) / rule.every - given.before / rule.every;
            let year = i64::from(given.day.ymd().unwrap().0);
            // Days, quarters and years are numbers of different size.
            let periods = [i64::from(given.day.0), quarter(given.day) * 100_000, year * 100_000_000_000];
            let sum = |period: i64| self.given.get(&(rule.id.clone(), period)).copied().unwrap_or(0);
            let mut points = times * rule.points;
            for (cap, period) in [rule.cap.day, rule.cap.quarter, rule.cap.year].into_iter().zip(periods) {
                points = points.min(cap.map_or(i64::MAX, |cap| cap - sum(period)));
            }
            let id = LedgerEntry::id_of(Fact::id_of(given.cause, given.kind, given.day), &rule.id);
            if points <= 0 || self.entries.contains_key(&id) {
                continue;
            }
            let entry = LedgerEntry {
                id,
                version: 1,
                member: self.member,
                org: given.org,
                day: given.day,
                rule: rule.id.clone(),
                points,
                fact: given.op,
                rule_set: format!("{}/{}", set.name, set.version),
                amount: given.amount,
                amount_before: given.before,
                points_before: sum(periods[0]),
                about: given.about,
                from_at: given.at.map(|at| at.0),
                to_at: given.at.map(|at| at.1),
                reverses: None,
                reason: None,
            };
            self.entries.insert(id, entry);
            for period in periods {
                *self.given.entry((rule.id.clone(), period)).or_default() += points;
            }
        }
    }

    /// Points of a quarter by component, all postings and reversals summed.
    pub(crate) fn by_component(&self, of: i64, set: &RuleSet) -> BTreeMap<String, i64> {
        let mut sums = BTreeMap::new();
        for entry in self.entries.values().filter(|entry| quarter(entry.day) == of) {
            // A rule that was retired counts where it counted.
            let rule =
                self.sets.iter().rev().chain([&Arc::new(set.clone())]).find_map(|set| set.rule(&entry.rule)).cloned();
            *sums.entry(rule.unwrap().component).or_default() += entry.points;
        }
        sums
    }

    /// The score of a quarter in tenths: of each component its weight in full from its full points on, before that in
    /// proportion, rounded half up.
    pub(crate) fn score(&self, of: i64, set: &RuleSet) -> i64 {
        let points = self.by_component(of, set);
        let tenths = |component: &dangjian_domain::points::rules::Component| {
            let counted = points.get(&component.id).copied().unwrap_or(0).clamp(0, component.full_points);
            (2 * counted * component.weight * 10 + component.full_points) / (2 * component.full_points)
        };
        set.components.iter().map(tenths).sum()
    }
}

/// The days about a moment.
trait Near {
    fn clone_near(&self, at: i64) -> BTreeMap<i64, (i64, i64, i64)>;
}

impl Near for BTreeMap<i64, (i64, i64, i64)> {
    fn clone_near(&self, at: i64) -> BTreeMap<i64, (i64, i64, i64)> {
        let day = at.div_euclid(86_400_000);
        self.range(day - 2..=day + 3).map(|(day, sums)| (*day, *sums)).collect()
    }
}

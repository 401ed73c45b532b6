//! Everybody's year again from the facts: segments credited and facts posted by the domain's functions, from the first.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use dangjian_domain::id::{MemberId, OpId, RowId};
use dangjian_domain::op::RecordStudy;
use dangjian_domain::points::post::{Fact, Given, Period, post};
use dangjian_domain::points::rules::{FactKind, RuleSet, Switches};
use dangjian_domain::rows::{ItemKind, StudyItem};
use dangjian_domain::study::checks;
use dangjian_domain::study::credit::{Before, Segment, Stretch, cover, credit};
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::study::BRANCH;
use crate::study::plan::{Act, Planner, first_day, items};

const MEMBERS: u64 = 20_138;
const UTC_DAY_MS: i64 = 86_400_000;

/// What came out.
pub(super) struct Recomputed {
    /// On one core.
    pub(super) seconds: f64,
    pub(super) facts: u64,
    pub(super) entries: u64,
}

/// What is stored of one thing done.
enum Stored {
    Study { record: RecordStudy, offset_ms: i64, received: Timestamp },
    Other { kind: FactKind, cause: RowId, day: CivilDay, amount: i64 },
}

/// A member's year as the server would have kept it.
fn facts(member: MemberId, seed: u64) -> Vec<Stored> {
    let mut planner = Planner::new(seed, member, 100);
    let mut facts = vec![];
    for contact in (0..365).flat_map(|n| planner.day(first_day().plus_days(n))) {
        for (n, act) in contact.acts.into_iter().enumerate() {
            let cause = RowId::derived("act", &[member.0, RowId((i128::from(contact.at.0) + n as i128).to_be_bytes())]);
            let other = |kind, day, amount| Stored::Other { kind, cause, day, amount };
            let day = contact.at.civil_day(0);
            facts.extend(match act {
                Act::Study(record, _) => {
                    Some(Stored::Study { record, offset_ms: contact.boot.1.0, received: contact.at })
                }
                Act::SignIn(_, at_ms) => {
                    Some(other(FactKind::SignIn, contact.boot.1.plus_ms(at_ms as i64).civil_day(0), 1))
                }
                Act::Answer(..) => Some(other(FactKind::QuizRight, day, 3)),
                Act::Attended => Some(other(FactKind::Attendance, day, 1)),
                Act::Suggested => Some(other(FactKind::SuggestionAccepted, day, 1)),
                _ => None,
            });
        }
    }
    facts
}

/// What was posted, by rule and period.
#[derive(Default)]
struct Sums(BTreeMap<(String, Period), i64>);

impl Given for Sums {
    type Error = Infallible;

    fn points(&self, _: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        Ok(self.0.get(&(rule.to_owned(), period)).copied().unwrap_or(0))
    }
}

/// One member, from nothing.
struct Again<'a> {
    set: &'a RuleSet,
    items: &'a BTreeMap<RowId, StudyItem>,
    member: MemberId,
    sums: Sums,
    progress: BTreeMap<RowId, Before>,
    studied: BTreeMap<(CivilDay, FactKind), i64>,
    offline_ms: BTreeMap<CivilDay, i64>,
    covered: BTreeMap<i64, Vec<Stretch>>,
    entries: u64,
}

impl Again<'_> {
    fn fact(&mut self, kind: FactKind, cause: RowId, day: CivilDay, amount: i64, amount_before: i64) {
        let fact = Fact {
            id: Fact::id_of(cause, kind, day),
            kind,
            subject: self.member.0,
            org: BRANCH,
            day,
            amount,
            amount_before,
            op: Some(OpId(cause)),
            about: None,
            from_at: None,
            to_at: None,
        };
        let Ok(entries) = post(self.set, &Switches::STANDARD, &fact, &self.sums);
        for entry in entries {
            for period in Period::of(day) {
                *self.sums.0.entry((entry.rule.clone(), period)).or_default() += entry.points;
            }
            self.entries += 1;
        }
    }

    fn study(&mut self, record: &RecordStudy, offset_ms: i64, received: Timestamp) {
        let item = &self.items[&record.item];
        let audio_video = matches!(item.kind, ItemKind::Audio | ItemKind::Video);
        let rules = &self.set.study;
        let from = Timestamp(offset_ms + record.from_ms as i64);
        let until = from.plus_ms(rules.segment_ms * 2);
        let segment = Segment {
            record,
            offset_ms,
            window: (Timestamp(0), received),
            length_ms: item.length_ms,
            checks: item.checks as u8,
            seed: checks::seed(self.member, item.id),
            lease: None,
        };
        let mut before = self.progress.remove(&item.id).unwrap_or_default();
        let utc = from.0.div_euclid(UTC_DAY_MS)..=until.0.div_euclid(UTC_DAY_MS);
        before.covered = self.covered.range(utc).flat_map(|(_, stretches)| stretches).copied().collect();
        before.offline_ms = [from, until]
            .into_iter()
            .map(|at| at.civil_day(rules.day_starts_at_ms))
            .filter_map(|day| Some((day, *self.offline_ms.get(&day)?)))
            .collect();
        let credit = credit(&segment, &before, rules).unwrap();
        for stretch in &credit.stretches {
            let day = self.covered.entry(stretch.0.div_euclid(UTC_DAY_MS)).or_default();
            *day = cover(day, &[*stretch]);
        }
        let cause = record.session;
        for (day, added) in &credit.days {
            *self.offline_ms.entry(*day).or_default() += added.offline_ms;
            let kind = if audio_video { FactKind::AvMs } else { FactKind::ReadMs };
            let sum = self.studied.entry((*day, kind)).or_default();
            let had = std::mem::replace(sum, *sum + added.ms);
            self.fact(kind, cause, *day, added.ms, had);
        }
        if let Some(day) = credit.finished {
            let kind = if audio_video { FactKind::AvItem } else { FactKind::ReadItem };
            self.fact(kind, cause, day, 1, 0);
        }
        before.item_ms += credit.total_ms;
        before.finished |= credit.finished.is_some();
        before.checked = credit.checked;
        self.progress.insert(item.id, before);
    }
}

pub(super) fn measure() -> Recomputed {
    let set = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap();
    let items: BTreeMap<RowId, StudyItem> = items().into_iter().map(|item| (item.id, item)).collect();
    let (mut took, mut facts_in_all, mut entries) = (Duration::ZERO, 0, 0);
    for n in 0..MEMBERS {
        let member = MemberId(RowId(u128::from(n).to_be_bytes()));
        let facts = facts(member, n);
        facts_in_all += facts.len() as u64;
        let start = Instant::now();
        let mut again = Again {
            set: &set,
            items: &items,
            member,
            sums: Sums::default(),
            progress: BTreeMap::new(),
            studied: BTreeMap::new(),
            offline_ms: BTreeMap::new(),
            covered: BTreeMap::new(),
            entries: 0,
        };
        for fact in &facts {
            match fact {
                Stored::Study { record, offset_ms, received } => again.study(record, *offset_ms, *received),
                Stored::Other { kind, cause, day, amount } => again.fact(*kind, *cause, *day, *amount, 0),
            }
        }
        took += start.elapsed();
        entries += again.entries;
    }
    let seconds = took.as_secs_f64();
    println!("recompute: {facts_in_all} facts of {MEMBERS} members, {entries} postings in {seconds:.2} s on one core");
    Recomputed { seconds, facts: facts_in_all, entries }
}

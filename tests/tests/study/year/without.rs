//! A member's year without a database.

use std::collections::BTreeMap;
use std::convert::Infallible;

use dangjian_domain::id::{MemberId, OpId, RowId};
use dangjian_domain::op::{Action, AnswerQuiz, DrawQuiz, ReverseEntry, SignInToday};
use dangjian_domain::points::post::{Fact, Given, Period, post};
use dangjian_domain::points::rules::{FactKind, Switches};
use dangjian_domain::rows::{
    ItemProgress, LedgerEntry, Member, MemberStatus, QuizDraw, Standing, StudyDay, Synced as _,
};
use dangjian_domain::rule::{Proposal, decide};
use dangjian_domain::study::lease::{HOLDS_MS, Lease, TAG_BYTES};
use dangjian_domain::study::place::{ALLOWANCE_MS, BootClock, Reading, UNDER_WAY_MS, clocks};
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::random::{Random as _, SplitMix};
use dangjian_tests::study::{BRANCH, ELSEWHERE, OFFICER};

use super::Counts;
use super::compare::{Stored, compare};
use super::facts::{MemberFacts, Shared};
use super::recompute::{Done, Recomputed};
use crate::world::device_id;
use dangjian_tests::study::plan::{Act, Contact, Planner, first_day, items};

pub(crate) fn shared() -> Shared {
    Shared { items: items().iter().map(|item| (item.id, item.to_row())).collect(), sets: super::sets() }
}

/// The year of one member.
pub(crate) fn member(seed: u64, shared: &Shared) -> Counts {
    let mut random = SplitMix(seed);
    let id = MemberId(RowId(random.bytes()));
    let member = Member {
        id: id.0,
        version: 1,
        org: BRANCH,
        number: String::new(),
        name: String::new(),
        standing: Standing::Full,
        status: MemberStatus::Active,
        migrant: false,
    };
    let mut planner = Planner::new(seed, id, 70);
    let mut year = Year {
        facts: MemberFacts::new(shared, member),
        member: id,
        phones: vec![(vec![], None); planner.devices()],
        leases: BTreeMap::new(),
        done: vec![],
        random,
        counts: Counts::default(),
    };
    for n in 0..365 {
        for contact in planner.day(first_day().plus_days(n)) {
            year.contact(contact);
        }
    }
    let mut world = super::world_of(id);
    let recomputed = Recomputed::of(&mut world, &shared.sets, &year.done);
    let stored = Stored {
        entries: year.facts.all::<LedgerEntry>().collect(),
        days: year.facts.all::<StudyDay>().collect(),
        progress: year.facts.all::<ItemProgress>().collect(),
        cover: year.facts.cover.values().flatten().copied().collect(),
        sums: year.facts.sums,
    };
    compare(&stored, &recomputed, &shared.sets, year.counts)
}

struct Year<'s> {
    facts: MemberFacts<'s>,
    member: MemberId,
    /// Of each phone: the clocks, and when it had last handed in everything.
    phones: Vec<(Vec<BootClock>, Option<Timestamp>)>,
    leases: BTreeMap<(usize, RowId), Vec<u8>>,
    done: Vec<Done>,
    random: SplitMix,
    counts: Counts,
}

/// Sums as [`post`] asks for them.
struct Sums<'a, 's>(&'a MemberFacts<'s>);

impl Given for Sums<'_, '_> {
    type Error = Infallible;

    fn points(&self, _: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        Ok(self.0.given(rule, period))
    }
}

impl Year<'_> {
    fn contact(&mut self, contact: Contact) {
        let (clocks, drained) = self.phones[contact.device].clone();
        let begins = first_day().start().plus_ms(-120_000);
        let drained = drained.map_or(begins, |at| at.plus_ms(-UNDER_WAY_MS - ALLOWANCE_MS).max(begins));
        let present = Reading { boot: contact.boot.0, ms: contact.at.ms_since(contact.boot.1).unsigned_abs() };
        let clocks = clocks_of(&clocks, present, &contact);
        for act in &contact.acts {
            let action = match act {
                Act::Lease(item) => {
                    self.lease(&contact, *item);
                    continue;
                }
                Act::Moved => {
                    self.facts.member.org = ELSEWHERE;
                    continue;
                }
                Act::Attended => {
                    self.other(FactKind::Attendance, &contact);
                    continue;
                }
                Act::Suggested => {
                    self.other(FactKind::SuggestionAccepted, &contact);
                    continue;
                }
                Act::Reversed(nth) => {
                    self.reverse(*nth, contact.at);
                    continue;
                }
                act => action(act, contact.device, &self.leases),
            };
            self.judge(&action, self.member, &clocks, drained, contact.at);
            self.phones[contact.device].1 = Some(contact.at);
        }
        self.phones[contact.device].0 = clocks;
    }

    fn lease(&mut self, contact: &Contact, item: RowId) {
        let lease = Lease {
            id: RowId(self.random.bytes()),
            member: self.member,
            device: device_id(contact.device),
            item,
            issued_at: contact.at,
            expires_at: contact.at.plus_ms(HOLDS_MS),
        };
        let token = [&[0; TAG_BYTES][..], &lease.encode()].concat();
        self.leases.insert((contact.device, item), token);
    }

    fn judge(&mut self, action: &Action, actor: MemberId, clocks: &[BootClock], not_before: Timestamp, at: Timestamp) {
        let op = OpId(RowId::v7(at.0, self.random.bytes()));
        let proposal =
            Proposal { op, actor, at: Instant::Anchored(at), received: at, follows: None, clocks, not_before, action };
        self.counts.operations += 1;
        let Ok(outcome) = decide(&self.facts, &proposal) else {
            self.counts.refused += 1;
            return;
        };
        let org = self.facts.member.org;
        match action {
            Action::RecordStudy(record) => {
                let studied = outcome.studied.as_ref().unwrap();
                self.facts.keep_cover(&studied.credit.stretches);
                self.counts.segments += 1;
                self.done.push(Done::Study {
                    op,
                    org,
                    record: record.clone(),
                    lease: studied.lease,
                    offset_ms: studied.offset_ms,
                    window: (studied.window.0.0, studied.window.1.0),
                });
            }
            Action::SignInToday(sign_in) => {
                let clock = clocks.iter().find(|clock| clock.boot == sign_in.boot).unwrap();
                self.done.push(Done::SignIn { op, org, at: clock.at(sign_in.at_ms) });
            }
            Action::AnswerQuiz(_) => {
                let draw = outcome.rows.iter().find_map(|row| QuizDraw::from_row(row).ok()).unwrap();
                let (right, quiz) = (draw.right.unwrap(), draw.item);
                self.done.push(Done::Answer { op, org, quiz, day: draw.day, right, at });
            }
            Action::ReverseEntry(payload) => {
                self.counts.reversed += 1;
                self.done.push(Done::Reversed { op, entry: payload.entry, reason: payload.reason.clone() });
            }
            _ => {}
        }
        for row in &outcome.rows {
            self.facts.write(row);
        }
    }

    /// What no operation says: the server writes the postings that follow from it.
    fn other(&mut self, kind: FactKind, contact: &Contact) {
        let (cause, day, org) = (RowId(self.random.bytes()), contact.at.civil_day(0), self.facts.member.org);
        let fact = other_fact(self.member, cause, kind, org, day);
        let set = super::sets_on(&self.facts.shared.sets, day);
        let entries = post(&set, &Switches::STANDARD, &fact, &Sums(&self.facts)).unwrap();
        for entry in entries {
            self.facts.write(&entry.to_row());
        }
        self.done.push(Done::Other { cause, org, kind, day });
    }

    fn reverse(&mut self, nth: usize, at: Timestamp) {
        let mut entries: Vec<LedgerEntry> = self.facts.all::<LedgerEntry>().collect();
        entries.sort_by_key(|entry| (entry.day, entry.id));
        if let Some(entry) = entries.iter().rev().nth(nth) {
            self.judge(&reversal(entry.id), OFFICER, &[], Timestamp(0), at);
        }
    }
}

/// Taking a posting back.
pub(crate) fn reversal(entry: RowId) -> Action {
    Action::ReverseEntry(ReverseEntry { entry, reason: "记录有误".into() })
}

/// A meeting or a suggestion as a fact.
pub(crate) fn other_fact(
    member: MemberId,
    cause: RowId,
    kind: FactKind,
    org: dangjian_domain::id::OrgId,
    day: dangjian_domain::time::CivilDay,
) -> Fact {
    let (id, subject, about) = (Fact::id_of(cause, kind, day), member.0, Some(cause));
    Fact { id, kind, subject, org, day, amount: 1, amount_before: 0, op: None, about, from_at: None, to_at: None }
}

/// The operation behind an act.
pub(crate) fn action(act: &Act, device: usize, leases: &BTreeMap<(usize, RowId), Vec<u8>>) -> Action {
    match act {
        Act::Study(record, leased) => {
            let lease = leases.get(&(device, record.item)).filter(|_| *leased).cloned();
            Action::RecordStudy(dangjian_domain::op::RecordStudy { lease, ..record.clone() })
        }
        Act::SignIn(boot, at_ms) => Action::SignInToday(SignInToday { boot: *boot, at_ms: *at_ms }),
        Act::Draw(item) => Action::DrawQuiz(DrawQuiz { item: *item }),
        Act::Answer(draw, answers) => Action::AnswerQuiz(AnswerQuiz { draw: *draw, answers: answers.clone() }),
        _ => unreachable!("no operation"),
    }
}

fn clocks_of(known: &[BootClock], present: Reading, contact: &Contact) -> Vec<BootClock> {
    let mut readings: Vec<Reading> = vec![];
    for act in &contact.acts {
        let reading = match act {
            Act::Study(record, _) => {
                let last = record.spans.last().map_or(0, |span| span.to_ms);
                Reading { boot: record.boot, ms: record.from_ms + u64::from(last) }
            }
            Act::SignIn(boot, ms) => Reading { boot: *boot, ms: *ms },
            _ => continue,
        };
        match readings.last_mut() {
            Some(last) if last.boot == reading.boot => last.ms = last.ms.max(reading.ms),
            _ => readings.push(reading),
        }
    }
    if readings.is_empty() { known.to_vec() } else { clocks(known, Some(present), contact.at, &readings) }
}

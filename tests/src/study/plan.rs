//! What a member does in a year: sessions of study, signing in, quizzes, meetings, suggestions; with signal or days late.

use dangjian_domain::id::MemberId;
use dangjian_domain::id::RowId;
use dangjian_domain::op::{CheckAnswer, RecordStudy, Span};
use dangjian_domain::rows::{ItemKind, QuizDraw, StudyItem};
use dangjian_domain::time::{BootId, CivilDay, Timestamp};
use dangjian_protocol::random::{Random, SplitMix};

use super::item;
use crate::people::{below, one_in};

/// Something a member does, or that is found about them.
#[derive(Debug, Clone)]
pub enum Act {
    /// Opens an item with signal.
    Lease(RowId),
    /// Hands a segment in, under the item's last lease if one is asked for.
    Study(RecordStudy, bool),
    /// Opened the app at this reading.
    SignIn(BootId, u64),
    /// Asks for today's quiz.
    Draw(RowId),
    /// Answers it.
    Answer(RowId, Vec<u8>),
    /// Was at a meeting.
    Attended,
    /// A suggestion of theirs was accepted.
    Suggested,
    /// Somebody above takes back their nth posting, counted from the latest.
    Reversed(usize),
    /// Moves to another branch.
    Moved,
}

/// What happens at one moment, in one request if it is operations.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Which of the member's phones.
    pub device: usize,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The phone's run and the server time of its zero.
    pub boot: (BootId, Timestamp),
    /// What is done or handed in.
    pub acts: Vec<Act>,
}

fn pick<T: Copy>(random: &mut SplitMix, all: &[T]) -> T {
    all[below(random, all.len())]
}

fn boot_id(random: &mut SplitMix) -> BootId {
    BootId(random.bytes())
}

/// What there is to study: articles and recordings of one to fifteen minutes, and a quiz.
pub fn items() -> Vec<StudyItem> {
    let kinds = [ItemKind::Article, ItemKind::Video, ItemKind::Article, ItemKind::Audio, ItemKind::Article];
    let study =
        (0..40u8).map(|n| item(n, kinds[usize::from(n) % 5], 60_000 * (1 + i64::from(n) % 15), i64::from(n) % 3));
    study.chain([item(50, ItemKind::Quiz, 60_000, 0)]).collect()
}

/// The first day of the year.
pub fn first_day() -> CivilDay {
    CivilDay::from_ymd(2026, 1, 1).unwrap()
}

/// A member, day by day.
pub struct Planner {
    random: SplitMix,
    member: MemberId,
    items: Vec<StudyItem>,
    /// In how many of a hundred days they do anything.
    diligence: usize,
    /// Of each phone: its run, and what was not handed in yet.
    phones: Vec<(BootId, Timestamp, Vec<Act>)>,
    moves_on: CivilDay,
}

impl Planner {
    /// A member who does something on at most so many of a hundred days.
    pub fn new(seed: u64, member: MemberId, most: usize) -> Self {
        let mut random = SplitMix(seed);
        let start = first_day().start();
        let phones = (0..pick(&mut random, &[1, 1, 1, 2]))
            .map(|_| (boot_id(&mut random), start.plus_ms(-3_600_000), vec![]))
            .collect();
        let diligence = 1 + below(&mut random, most);
        let moves = if one_in(&mut random, 10) { below(&mut random, 365) } else { 10_000 };
        let moves_on = first_day().plus_days(moves as i32);
        Self { random, member, items: items(), diligence, phones, moves_on }
    }

    /// How many phones they have.
    pub fn devices(&self) -> usize {
        self.phones.len()
    }

    /// What happens on a day, in the order of time.
    pub fn day(&mut self, day: CivilDay) -> Vec<Contact> {
        let mut contacts = vec![];
        if day == self.moves_on {
            contacts.push(self.contact(0, day.start(), vec![Act::Moved]));
        }
        if below(&mut self.random, 100) >= self.diligence {
            return contacts;
        }
        let device = below(&mut self.random, self.phones.len());
        // From six in the morning; the last minutes of some evenings belong to the next day.
        let late = one_in(&mut self.random, 12);
        let second =
            if late { 86_100 + below(&mut self.random, 300) } else { 21_600 + below(&mut self.random, 60_000) };
        let mut at = day.start().plus_ms(second as i64 * 1_000);
        if one_in(&mut self.random, 15) {
            self.phones[device].0 = boot_id(&mut self.random);
            self.phones[device].1 = at.plus_ms(-60_000);
        }
        let online = !one_in(&mut self.random, 4);
        let (boot, zero, _) = self.phones[device];
        self.phones[device].2.push(Act::SignIn(boot, at.ms_since(zero).unsigned_abs()));
        for _ in 0..below(&mut self.random, 3) {
            let item = self.items[below(&mut self.random, self.items.len() - 1)].clone();
            let leased = online && !one_in(&mut self.random, 5);
            if leased {
                contacts.push(self.contact(device, at, vec![Act::Lease(item.id)]));
            }
            for _ in 0..1 + below(&mut self.random, 2) {
                let (record, end) = self.segment(&item, boot, at.ms_since(zero));
                self.phones[device].2.push(Act::Study(record, leased));
                at = zero.plus_ms(end);
            }
            at = at.plus_ms(below(&mut self.random, 600) as i64 * 1_000);
        }
        if online {
            self.evening(&mut contacts, device, at, day);
        }
        contacts
    }

    /// Everything is handed in, and what needs signal is done.
    fn evening(&mut self, contacts: &mut Vec<Contact>, device: usize, at: Timestamp, day: CivilDay) {
        let mut acts = std::mem::take(&mut self.phones[device].2);
        let quiz = self.items[self.items.len() - 1].id;
        let answers = one_in(&mut self.random, 2) && at.civil_day(0) == day;
        if answers {
            acts.push(Act::Draw(quiz));
            let answers = (0..5).map(|_| below(&mut self.random, 4) as u8).collect();
            acts.push(Act::Answer(QuizDraw::id_of(self.member, quiz, day), answers));
        }
        if one_in(&mut self.random, 9) {
            acts.push(Act::Attended);
        }
        if one_in(&mut self.random, 25) {
            acts.push(Act::Suggested);
        }
        if one_in(&mut self.random, 30) {
            acts.push(Act::Reversed(below(&mut self.random, 6)));
        }
        contacts.push(self.contact(device, at, acts));
    }

    fn contact(&self, device: usize, at: Timestamp, acts: Vec<Act>) -> Contact {
        Contact { device, at, boot: (self.phones[device].0, self.phones[device].1), acts }
    }

    /// A segment that begins at a reading of the boot clock, and the reading at its end; mostly as a timer makes it.
    fn segment(&mut self, item: &StudyItem, boot: BootId, from_ms: i64) -> (RecordStudy, i64) {
        let random = &mut self.random;
        let from_ms = if one_in(random, 20) { from_ms - 100_000 } else { from_ms };
        let seconds = 20 + below(random, 281) as u32;
        let pause = below(random, seconds as usize) as u32;
        let mut spans = vec![Span { from_ms: 0, to_ms: seconds * 1_000 }];
        if one_in(random, 3) && pause > 0 && pause + 20 < seconds {
            spans = vec![
                Span { from_ms: 0, to_ms: pause * 1_000 },
                Span { from_ms: (pause + 10) * 1_000, to_ms: seconds * 1_000 },
            ];
        }
        let beats = (0..=seconds / 30).map(|n| n * 30_000).filter(|_| !one_in(random, 15)).collect();
        let checks = (0..seconds / 40)
            .flat_map(|n| (0..item.checks as u8).map(move |check| CheckAnswer { at_ms: n * 40_000, check, choice: 0 }))
            .collect();
        let record = RecordStudy {
            session: RowId(random.bytes()),
            item: item.id,
            lease: None,
            boot,
            from_ms: from_ms.unsigned_abs(),
            spans,
            beats,
            inputs: vec![],
            checks,
        };
        (record, from_ms + i64::from(seconds) * 1_000)
    }
}

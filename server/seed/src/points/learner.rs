//! What one member did on the days on which they studied: facts, the postings they give, and how far the member is.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::points::post::Fact;
use dangjian_domain::points::rules::{FactKind, RuleSet};
use dangjian_domain::rows::{ItemKind, ItemProgress, LedgerEntry, StudyDay, StudyItem};
use dangjian_domain::study::checks::{self, CheckTimes};
use dangjian_domain::study::credit::finish_ms;
use dangjian_domain::time::{CivilDay, Timestamp};

use super::postings::Postings;
use crate::ids::{Ids, number};
use crate::people::Person;

/// One comprehension check of so many is answered wrongly.
const WRONG: u64 = 7;

/// How many comprehension checks of `item` were asked before `observed_ms` of it.
fn asked(member: MemberId, item: &StudyItem, observed_ms: i64, times: CheckTimes) -> i64 {
    let seed = checks::seed(member, item.id);
    let count = u8::try_from(item.checks).unwrap_or(0);
    let due = |n: &u32| checks::due(seed, times, count, *n).is_some_and(|due| due.at_ms < observed_ms);
    (0..).take_while(due).count() as i64
}

/// A member who studies, with everything studied so far.
pub(super) struct Learner<'a> {
    ids: Ids,
    person: &'a Person,
    set: &'a RuleSet,
    /// In the order in which they are studied.
    items: Vec<&'a StudyItem>,
    postings: Postings<'a>,
    days: BTreeMap<CivilDay, StudyDay>,
    progress: BTreeMap<RowId, ItemProgress>,
    /// Comprehension checks answered so far.
    checks: u64,
    /// Operations so far; their ids are made from it.
    operations: u64,
}

impl<'a> Learner<'a> {
    pub(super) fn new(ids: Ids, person: &'a Person, set: &'a RuleSet, items: Vec<&'a StudyItem>) -> Self {
        let (days, progress) = (BTreeMap::new(), BTreeMap::new());
        Self { ids, person, set, items, postings: Postings::new(set), days, progress, checks: 0, operations: 0 }
    }

    /// Opens the app.
    pub(super) fn sign_in(&mut self, at: Timestamp) -> i64 {
        let cause = RowId::derived("dangjian/sign-in", &[self.person.id.0]);
        self.post(cause, FactKind::SignIn, (1, 0), None, (at, at))
    }

    /// Answers the quiz.
    pub(super) fn quiz(&mut self, quiz: &StudyItem, right: i64, at: Timestamp) -> i64 {
        let cause = self.operation();
        self.post(cause, FactKind::QuizRight, (right, 0), Some(quiz.id), (at, at))
    }

    /// Reads for `ms` from `at` on, one article after the other; gives the points and the end.
    pub(super) fn read(&mut self, at: Timestamp, ms: i64, offline: bool) -> (i64, Timestamp) {
        self.study(false, at, ms, offline)
    }

    /// Listens and watches for `ms` from `at` on, one recording after the other; gives the points and the end.
    pub(super) fn listen(&mut self, at: Timestamp, ms: i64, offline: bool) -> (i64, Timestamp) {
        self.study(true, at, ms, offline)
    }

    fn study(&mut self, recordings: bool, mut at: Timestamp, mut ms: i64, offline: bool) -> (i64, Timestamp) {
        let mut points = 0;
        while ms > 0 {
            let Some((item, left)) = self.next_item(recordings, at.civil_day(0)) else { break };
            // What a timer hands in at once is no longer than a segment.
            let piece = ms.min(left).min(self.set.study.segment_ms.max(1));
            points += self.segment(item, at, piece, offline);
            at = at.plus_ms(piece);
            ms -= piece;
        }
        (points, at)
    }

    /// The first item that has been published and is not studied to its end, and how much of it is left.
    fn next_item(&self, recordings: bool, day: CivilDay) -> Option<(&'a StudyItem, i64)> {
        let fits = |item: &&StudyItem| match item.kind {
            ItemKind::Article => !recordings,
            ItemKind::Audio | ItemKind::Video => recordings,
            ItemKind::Quiz => false,
        };
        self.items.iter().copied().filter(|item| item.published_on <= day).filter(fits).find_map(|item| {
            let left = item.length_ms - self.progress.get(&item.id).map_or(0, |progress| progress.credited_ms);
            (left > 0).then_some((item, left))
        })
    }

    /// A stretch of study, all of it credited.
    fn segment(&mut self, item: &StudyItem, from: Timestamp, ms: i64, offline: bool) -> i64 {
        let (member, day, to) = (self.person.id, from.civil_day(0), from.plus_ms(ms));
        let article = item.kind == ItemKind::Article;
        let sum = self.days.entry(day).or_insert(StudyDay {
            id: StudyDay::id_of(member, day),
            version: 1,
            member,
            org: self.person.org,
            day,
            read_ms: 0,
            av_ms: 0,
            offline_ms: 0,
        });
        let of_kind = if article { &mut sum.read_ms } else { &mut sum.av_ms };
        let before = *of_kind;
        *of_kind += ms;
        sum.offline_ms += if offline { ms } else { 0 };
        let progress = self.progress.entry(item.id).or_insert(ItemProgress {
            id: ItemProgress::id_of(member, item.id),
            version: 1,
            member,
            item: item.id,
            credited_ms: 0,
            finished_on: None,
            observed_ms: 0,
            answered: 0,
            right: 0,
        });
        progress.credited_ms += ms;
        progress.observed_ms += ms;
        for answered in progress.answered..asked(member, item, progress.observed_ms, self.set.study.checks) {
            progress.answered = answered + 1;
            self.checks += 1;
            progress.right += i64::from(!self.checks.is_multiple_of(WRONG));
        }
        let finished =
            progress.finished_on.is_none() && progress.credited_ms >= finish_ms(item.length_ms, &self.set.study);
        if finished {
            progress.finished_on = Some(day);
        }
        let (time, whole) = match article {
            true => (FactKind::ReadMs, FactKind::ReadItem),
            false => (FactKind::AvMs, FactKind::AvItem),
        };
        let cause = self.operation();
        let mut points = self.post(cause, time, (ms, before), Some(item.id), (from, to));
        if finished {
            points += self.post(cause, whole, (1, 0), Some(item.id), (to, to));
        }
        points
    }

    /// The id of an operation from before this county's history begins: no posting names it.
    fn operation(&mut self) -> RowId {
        self.operations += 1;
        self.ids.of("operation", &[self.person.id.0, number(self.operations)])
    }

    fn post(
        &mut self,
        cause: RowId,
        kind: FactKind,
        (amount, amount_before): (i64, i64),
        about: Option<RowId>,
        (from, to): (Timestamp, Timestamp),
    ) -> i64 {
        let day = from.civil_day(0);
        self.postings.post(&Fact {
            id: Fact::id_of(cause, kind, day),
            kind,
            subject: self.person.id.0,
            org: self.person.org,
            day,
            amount,
            amount_before,
            op: None,
            about,
            from_at: Some(from),
            to_at: Some(to),
        })
    }

    /// Postings, days and progress.
    pub(super) fn into_parts(
        self,
    ) -> (Vec<LedgerEntry>, impl Iterator<Item = StudyDay>, impl Iterator<Item = ItemProgress>) {
        (self.postings.into_entries(), self.days.into_values(), self.progress.into_values())
    }
}

//! Rules of study: segments, signing in, quizzes. What is credited becomes facts, facts become postings.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DecideError, Decided, Facts, Outcome, Proposal, Refusal, find, found, refuse};
use crate::grant::Tree;
use crate::id::{MemberId, OrgId, RowId};
use crate::op::{AnswerQuiz, CheckAnswer, DrawQuiz, RecordStudy, SignInToday};
use crate::points::post::{Fact, Given, Period, post};
use crate::points::rules::{FactKind, RuleSet, Switches};
use crate::rows::{Features, ItemKind, ItemProgress, Member, QuizDraw, StudyDay, StudyItem, Synced};
use crate::schema::Row;
use crate::study::checks::{self, Checked};
use crate::study::credit::{Before, Credit, Segment, Stretch, credit};
use crate::study::lease::Lease;
use crate::time::{CivilDay, Timestamp};

/// What an accepted segment adds besides rows: the server keeps it to credit the next, and to credit all of them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Studied {
    /// Server time at the zero of the boot clock, ms.
    pub offset_ms: i64,
    /// When the segment can have been made.
    pub window: (Timestamp, Timestamp),
    /// What was credited.
    pub credit: Credit,
    /// How long the phone says it observed the item, ms.
    pub claimed_ms: i64,
    /// The lease it was made under.
    pub lease: Option<Lease>,
}

/// Rules and switches that hold on a day for a member.
fn in_force<F: Facts>(facts: &F, member: &Member, day: CivilDay) -> Decided<(Arc<RuleSet>, Switches), F> {
    let set = facts.rules_on(day).map_err(DecideError::Facts)?.ok_or(DecideError::Refused(Refusal::NoRules))?;
    Ok((set, switches(facts, member.org)?))
}

/// Which features the county of `org` uses.
fn switches<F: Facts>(facts: &F, org: OrgId) -> Decided<Switches, F> {
    let Some(county) = facts.ancestors(org).map_err(DecideError::Facts)?.last().copied() else {
        return Ok(Switches::default());
    };
    Ok(Switches::of(find::<Features, F>(facts, Features::id_of(county))?.as_ref()))
}

/// A segment of study.
pub(super) fn record<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &RecordStudy,
) -> Decided<Outcome, F> {
    let item: StudyItem = found(facts, payload.item)?;
    let audio_video = match item.kind {
        ItemKind::Article => false,
        ItemKind::Audio | ItemKind::Video => true,
        ItemKind::Quiz => return refuse(Refusal::NotFound),
    };
    let lease = lease(facts, proposal, payload)?;
    let clock = proposal.clocks.iter().find(|clock| clock.boot == payload.boot);
    let clock = clock.ok_or(DecideError::Refused(Refusal::ImplausibleTime))?;
    let (set, switches) = in_force(facts, actor, clock.at(payload.from_ms).civil_day(0))?;
    let segment = Segment {
        record: payload,
        offset_ms: clock.offset_ms,
        window: (proposal.not_before, proposal.received),
        length_ms: item.length_ms,
        checks: u8::try_from(item.checks).unwrap_or(0),
        seed: checks::seed(proposal.actor, payload.item),
        lease: lease.as_ref(),
    };
    let progress: Option<ItemProgress> = find(facts, ItemProgress::id_of(proposal.actor, payload.item))?;
    let (from, until) = (clock.at(payload.from_ms), clock.at(payload.from_ms).plus_ms(set.study.segment_ms * 2));
    let mut before = Before {
        covered: facts.covered(proposal.actor, from, until).map_err(DecideError::Facts)?,
        item_ms: progress.as_ref().map_or(0, |progress| progress.credited_ms),
        finished: progress.as_ref().is_some_and(|progress| progress.finished_on.is_some()),
        checked: progress.as_ref().map_or_else(Checked::default, |progress| Checked {
            observed_ms: progress.observed_ms,
            answered: u32::try_from(progress.answered).unwrap_or(u32::MAX),
        }),
        offline_ms: BTreeMap::new(),
    };
    let rollover = set.study.day_starts_at_ms;
    let mut days = BTreeMap::new();
    for day in [from.civil_day(rollover), until.civil_day(rollover)] {
        if let Some(row) = find::<StudyDay, F>(facts, StudyDay::id_of(proposal.actor, day))? {
            before.offline_ms.insert(day, row.offline_ms);
            days.insert(day, row);
        }
    }
    let credit = credit(&segment, &before, &set.study).map_err(|_| DecideError::Refused(Refusal::StudyMalformed))?;
    let claimed_ms = payload.spans.iter().map(|span| i64::from(span.to_ms) - i64::from(span.from_ms)).sum();

    let mut posting = Posting::new(facts, &set, &switches, proposal, actor);
    let mut rows = vec![];
    for (day, added) in &credit.days {
        let row = days.remove(day).unwrap_or_else(|| StudyDay {
            id: StudyDay::id_of(proposal.actor, *day),
            version: 0,
            member: proposal.actor,
            org: actor.org,
            day: *day,
            read_ms: 0,
            av_ms: 0,
            offline_ms: 0,
        });
        let (kind, amount_before) =
            if audio_video { (FactKind::AvMs, row.av_ms) } else { (FactKind::ReadMs, row.read_ms) };
        posting.fact(kind, *day, added.ms, amount_before, Some(payload.item), Some((added.from, added.to)))?;
        let (read_ms, av_ms) = if audio_video { (0, added.ms) } else { (added.ms, 0) };
        let sum = StudyDay {
            read_ms: row.read_ms + read_ms,
            av_ms: row.av_ms + av_ms,
            offline_ms: row.offline_ms + added.offline_ms,
            ..row
        };
        rows.push(sum.to_row());
    }
    if let Some(day) = credit.finished {
        let kind = if audio_video { FactKind::AvItem } else { FactKind::ReadItem };
        let end = credit.days.get(&day).map(|added| (added.to, added.to));
        posting.fact(kind, day, 1, 0, Some(payload.item), end)?;
    }
    if credit.checked != before.checked || credit.total_ms > 0 {
        let right = facts.right_answers(payload.item, &credit.answers).map_err(DecideError::Facts)?;
        let progress = progress.unwrap_or_else(|| ItemProgress {
            id: ItemProgress::id_of(proposal.actor, payload.item),
            version: 0,
            member: proposal.actor,
            item: payload.item,
            credited_ms: 0,
            finished_on: None,
            observed_ms: 0,
            answered: 0,
            right: 0,
        });
        let credited_ms = progress.credited_ms + credit.total_ms;
        let finished_on = progress.finished_on.or(credit.finished);
        let Checked { observed_ms, answered } = credit.checked;
        let (answered, right) = (answered.into(), progress.right + right);
        rows.push(ItemProgress { credited_ms, finished_on, observed_ms, answered, right, ..progress }.to_row());
    }
    rows.extend(posting.rows);
    let studied = Studied { offset_ms: clock.offset_ms, window: segment.window, credit, claimed_ms, lease };
    Ok(Outcome { rows, studied: Some(Box::new(studied)), ..Outcome::default() })
}

/// The lease a segment names, if it is this member's, for this item and this device.
fn lease<F: Facts>(facts: &F, proposal: &Proposal<'_>, payload: &RecordStudy) -> Decided<Option<Lease>, F> {
    let Some(token) = &payload.lease else { return Ok(None) };
    let lease = facts.lease(token).map_err(DecideError::Facts)?;
    match lease {
        Some(lease) if lease.member == proposal.actor && lease.item == payload.item => Ok(Some(lease)),
        _ => refuse(Refusal::LeaseInvalid),
    }
}

/// Opening the app. The fact's id follows from member and day, so that there is one.
pub(super) fn sign_in<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &SignInToday,
) -> Decided<Outcome, F> {
    let clock = proposal.clocks.iter().find(|clock| clock.boot == payload.boot);
    let at = clock.ok_or(DecideError::Refused(Refusal::ImplausibleTime))?.at(payload.at_ms);
    if at < proposal.not_before || at > proposal.received.plus_ms(crate::study::place::ALLOWANCE_MS) {
        return refuse(Refusal::ImplausibleTime);
    }
    let (set, switches) = in_force(facts, actor, at.civil_day(0))?;
    let day = at.civil_day(set.study.day_starts_at_ms);
    let mut posting = Posting::new(facts, &set, &switches, proposal, actor);
    posting.cause = RowId::derived("dangjian/sign-in", &[proposal.actor.0]);
    posting.fact(FactKind::SignIn, day, 1, 0, None, Some((at, at)))?;
    Ok(Outcome { rows: posting.rows, ..Outcome::default() })
}

/// Asks for today's questions. The server draws them; the phone waits for the row.
pub(super) fn draw<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &DrawQuiz,
) -> Decided<Outcome, F> {
    let item: StudyItem = found(facts, payload.item)?;
    if item.kind != ItemKind::Quiz {
        return refuse(Refusal::NotFound);
    }
    let (set, _) = in_force(facts, actor, proposal.received.civil_day(0))?;
    let day = proposal.received.civil_day(set.study.day_starts_at_ms);
    let id = QuizDraw::id_of(proposal.actor, payload.item, day);
    if find::<QuizDraw, F>(facts, id)?.is_some() {
        return Ok(Outcome::default());
    }
    let Some((questions, asked)) = facts.draw(id).map_err(DecideError::Facts)? else {
        return Ok(Outcome::default());
    };
    let draw = QuizDraw {
        id,
        version: 0,
        member: proposal.actor,
        item: payload.item,
        day,
        questions,
        asked,
        answered_at: None,
        right: None,
        solution: None,
    };
    Ok(Outcome { rows: vec![draw.to_row()], ..Outcome::default() })
}

/// How long after its day a quiz may still be handed in, as by a phone without signal, ms.
const QUIZ_OPEN_MS: i64 = 7 * 86_400_000;

/// Answers of a quiz: once, judged by the server.
pub(super) fn answer<F: Facts>(
    facts: &F,
    proposal: &Proposal<'_>,
    actor: &Member,
    payload: &AnswerQuiz,
) -> Decided<Outcome, F> {
    let draw: QuizDraw = found(facts, payload.draw)?;
    if draw.member != proposal.actor {
        return refuse(Refusal::NotFound);
    }
    if draw.answered_at.is_some() {
        return refuse(Refusal::Duplicate);
    }
    if i64::try_from(payload.answers.len()) != Ok(draw.asked) {
        return refuse(Refusal::StudyMalformed);
    }
    let (set, switches) = in_force(facts, actor, draw.day)?;
    let ends = draw.day.plus_days(1).start().plus_ms(set.study.day_starts_at_ms);
    if proposal.received > ends.plus_ms(QUIZ_OPEN_MS) || proposal.at.earliest() > ends {
        return refuse(Refusal::QuizClosed);
    }
    let judged = facts.judge(payload.draw, &payload.answers).map_err(DecideError::Facts)?;
    let (right, solution) = judged.map_or((None, None), |(right, solution)| (Some(right), Some(solution)));
    let at = proposal.at.latest(proposal.received);
    let mut posting = Posting::new(facts, &set, &switches, proposal, actor);
    if let Some(right) = right {
        posting.fact(FactKind::QuizRight, draw.day, right, 0, Some(draw.item), Some((at, at)))?;
    }
    let mut rows = vec![QuizDraw { answered_at: Some(at), right, solution, ..draw }.to_row()];
    rows.extend(posting.rows);
    Ok(Outcome { rows, ..Outcome::default() })
}

/// Collects the postings of one operation; a cap sees those before it.
pub(super) struct Posting<'a, 'p, F: Facts> {
    facts: &'a F,
    set: &'a RuleSet,
    switches: &'a Switches,
    proposal: &'a Proposal<'p>,
    actor: &'a Member,
    cause: RowId,
    given: RefCell<BTreeMap<(String, Period), i64>>,
    rows: Vec<Row>,
}

impl<'a, 'p, F: Facts> Posting<'a, 'p, F> {
    fn new(
        facts: &'a F,
        set: &'a RuleSet,
        switches: &'a Switches,
        proposal: &'a Proposal<'p>,
        actor: &'a Member,
    ) -> Self {
        let given = RefCell::new(BTreeMap::new());
        Self { facts, set, switches, proposal, actor, cause: proposal.op.0, given, rows: vec![] }
    }

    fn fact(
        &mut self,
        kind: FactKind,
        day: CivilDay,
        amount: i64,
        amount_before: i64,
        about: Option<RowId>,
        at: Option<(Timestamp, Timestamp)>,
    ) -> Decided<(), F> {
        let fact = Fact {
            id: Fact::id_of(self.cause, kind, day),
            kind,
            subject: self.proposal.actor.0,
            org: self.actor.org,
            day,
            amount,
            amount_before,
            op: Some(self.proposal.op),
            about,
            from_at: at.map(|at| at.0),
            to_at: at.map(|at| at.1),
        };
        for entry in post(self.set, self.switches, &fact, self).map_err(DecideError::Facts)? {
            // The same fact has come before, by another way: its posting stands.
            if find::<crate::rows::LedgerEntry, F>(self.facts, entry.id)?.is_some() {
                continue;
            }
            for period in Period::of(entry.day) {
                *self.given.borrow_mut().entry((entry.rule.clone(), period)).or_default() += entry.points;
            }
            self.rows.push(entry.to_row());
        }
        Ok(())
    }
}

impl<F: Facts> Given for Posting<'_, '_, F> {
    type Error = <F as Tree>::Error;

    fn points(&self, subject: RowId, rule: &str, period: Period) -> Result<i64, <F as Tree>::Error> {
        let earlier = self.facts.points_given(MemberId(subject), rule, period)?;
        let here = self.given.borrow().get(&(rule.to_owned(), period)).copied().unwrap_or(0);
        Ok(earlier + here)
    }
}

/// What a phone and a server keep of study for the rules, where they keep it otherwise than in synced rows. Whoever keeps
/// nothing of a kind says nothing about it.
pub trait StudyFacts: Tree {
    /// The rule set in force on `day`: of those begun the one with the latest start, of several the greatest version.
    fn rules_on(&self, day: CivilDay) -> Result<Option<Arc<RuleSet>>, Self::Error> {
        let _ = day;
        Ok(None)
    }

    /// For which moments from `from` to before `until` the member was credited. A phone knows none: its own segments do not
    /// overlap, and of its member's other phones it knows nothing.
    fn covered(&self, member: MemberId, from: Timestamp, until: Timestamp) -> Result<Vec<Stretch>, Self::Error> {
        let _ = (member, from, until);
        Ok(vec![])
    }

    /// How many of these answers are right; 0 on a phone, which is not told the right ones.
    fn right_answers(&self, item: RowId, answers: &[CheckAnswer]) -> Result<i64, Self::Error> {
        let _ = (item, answers);
        Ok(0)
    }

    /// The lease in a token, if it is genuine and this device's, as far as can be told here.
    fn lease(&self, token: &[u8]) -> Result<Option<Lease>, Self::Error> {
        let _ = token;
        Ok(None)
    }

    /// Points a rule has posted to the member in a period, reversals left out.
    fn points_given(&self, member: MemberId, rule: &str, period: Period) -> Result<i64, Self::Error> {
        let _ = (member, rule, period);
        Ok(0)
    }

    /// Questions for a draw as JSON and their number; `None` on a phone.
    fn draw(&self, draw: RowId) -> Result<Option<(String, i64)>, Self::Error> {
        let _ = draw;
        Ok(None)
    }

    /// How many answers of a draw are right, and the solution as JSON; `None` on a phone.
    fn judge(&self, draw: RowId, answers: &[u8]) -> Result<Option<(i64, String)>, Self::Error> {
        let _ = (draw, answers);
        Ok(None)
    }
}

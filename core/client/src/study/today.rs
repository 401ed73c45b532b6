//! Points, time and streak of a day, and the reminder that follows from them.

use dangjian_domain::id::RowId;
use dangjian_domain::points::post::Period;
use dangjian_domain::points::rank::Movement;
use dangjian_domain::points::rules::{FactKind, Rule};
use dangjian_domain::rows::StudyDay;
use dangjian_domain::rule::StudyFacts as _;
use dangjian_domain::study::habit::{
    Reminder, ReminderFacts, ReminderFlags, ReminderSettings, Streak, next_reminder, streak,
};
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::items::{begun, month_days_left, required_unfinished};
use super::{ContinueView, RuleToday, Shown, TodayView};
use crate::points::query::posted;
use crate::points::standpoint::{Standpoint, rules_for, sets};

/// The draft in which the phone keeps which item was opened last.
pub(super) const LAST_ITEM: &str = "study/last-item";

/// So many latest postings are looked at for the item studied last.
const LOOKED_AT: i64 = 64;

pub(super) fn today(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<TodayView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let study = rules_for(&sets(snapshot)?, FactKind::is_study);
    let sum = posted(snapshot, at.me, (at.day, at.day), Some(&study))?;
    let cap = at.set.as_ref().and_then(|set| set.study_points_a_day(&at.switches));
    let rules = rules_today(snapshot, &at)?;
    let day = snapshot.find::<StudyDay>(StudyDay::id_of(at.me, at.day))?;
    Ok(Some(TodayView {
        day: at.day,
        points_confirmed: sum.confirmed,
        points_unconfirmed: sum.unconfirmed,
        cap,
        sentence: sentence(sum.all(), cap, sum.unconfirmed),
        credited_ms: day.map_or(0, |day| day.read_ms.saturating_add(day.av_ms)),
        left_today: left_today(&rules),
        left_words: left_words(&rules),
        rules,
        streak: days_in_a_row(snapshot, &at)?,
        next_item: next_item(snapshot, &at)?,
        shown: Shown::from(&at.switches),
    }))
}

/// The ring read out as one.
fn sentence(points: i64, cap: Option<i64>, unconfirmed: i64) -> String {
    let mut text = format!("今日积分 {points} 分");
    if let Some(cap) = cap {
        text.push_str(&format!("，上限 {cap} 分"));
    }
    if unconfirmed != 0 {
        text.push_str(&format!("，其中 {unconfirmed} 分待确认"));
    }
    text
}

/// What each rule of study that can give points has given, and what its caps leave.
pub(super) fn rules_today(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<Vec<RuleToday>, StoreError> {
    let Some(set) = &at.set else { return Ok(vec![]) };
    let gives = |rule: &&Rule| rule.fact.is_study() && rule.points > 0 && at.switches.gives_points(rule.fact);
    let mut unconfirmed = snapshot.conn().prepare_cached(
        "SELECT coalesce(sum(points), 0) FROM ledger_entry
         WHERE member = ?1 AND day = ?2 AND rule = ?3 AND version = 0 AND reverses IS NULL",
    )?;
    let mut rules = vec![];
    for rule in set.rules.iter().filter(gives) {
        let mut left: Option<i64> = None;
        for period in Period::of(at.day) {
            let cap = match period {
                Period::Day(_) => rule.cap.day,
                Period::Quarter(_) => rule.cap.quarter,
                Period::Year(_) => rule.cap.year,
            };
            if let Some(cap) = cap {
                let here = cap.saturating_sub(snapshot.points_given(at.me, &rule.id, period)?).max(0);
                left = Some(left.map_or(here, |left| left.min(here)));
            }
        }
        rules.push(RuleToday {
            rule: rule.id.clone(),
            fact: rule.fact,
            label: rule.label.clone(),
            short: short(rule.fact),
            given: snapshot.points_given(at.me, &rule.id, Period::Day(at.day))?,
            unconfirmed: unconfirmed.query_row(params![at.me.0.0, at.day.0, rule.id], |row| row.get(0))?,
            cap: rule.cap.day,
            left,
        });
    }
    Ok(rules)
}

/// A kind of study in a few characters.
fn short(fact: FactKind) -> &'static str {
    match fact {
        FactKind::SignIn => "登录",
        FactKind::ReadMs => "阅读时长",
        FactKind::ReadItem => "阅读篇数",
        FactKind::AvMs => "视听时长",
        FactKind::AvItem => "视听条数",
        FactKind::QuizRight => "答题",
        FactKind::SuggestionAccepted => "建议",
        FactKind::Attendance | FactKind::ActivityHeld => "组织生活",
    }
}

fn left_today(rules: &[RuleToday]) -> i64 {
    rules.iter().filter_map(|rule| rule.left).fold(0, i64::saturating_add)
}

/// What is left before what is full.
fn left_words(rules: &[RuleToday]) -> String {
    let left = rules.iter().filter_map(|rule| Some((rule.short, rule.left.filter(|left| *left > 0)?)));
    let full = rules.iter().filter(|rule| rule.left == Some(0));
    let words: Vec<String> = left
        .map(|(short, left)| format!("{short}余 {left}"))
        .chain(full.map(|rule| format!("{}已满", rule.short)))
        .collect();
    words.join(" · ")
}

/// Reads back from today as far as the streak goes.
fn days_in_a_row(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<Streak, StoreError> {
    let mut statement = snapshot.conn().prepare_cached(
        "SELECT day FROM study_day WHERE member = ?1 AND day <= ?2 AND read_ms + av_ms > 0 ORDER BY day DESC",
    )?;
    let mut rows = statement.query(params![at.me.0.0, at.day.0])?;
    let mut days: Vec<CivilDay> = vec![];
    while let Some(row) = rows.next()? {
        let day = CivilDay(row.get(0)?);
        let expected = days.last().map_or(at.day, |last| *last);
        days.push(day);
        if day < expected.plus_days(-1) {
            break;
        }
    }
    Ok(streak(days.into_iter(), at.day))
}

/// What was opened last on this phone, else what gave points last, unless it is finished.
fn next_item(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<Option<ContinueView>, StoreError> {
    let opened = snapshot.draft(LAST_ITEM)?;
    if let Some(item) = opened.and_then(|bytes| bytes.try_into().ok()).map(RowId)
        && let Some(found) = begun(snapshot, at, item)?
    {
        return Ok(Some(found));
    }
    let mut statement = snapshot.conn().prepare_cached(
        "SELECT about FROM ledger_entry WHERE member = ?1 AND about IS NOT NULL
         ORDER BY day DESC, coalesce(to_at, 0) DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![at.me.0.0, LOOKED_AT])?;
    let mut seen: Vec<RowId> = vec![];
    while let Some(row) = rows.next()? {
        let item = RowId(row.get(0)?);
        if seen.contains(&item) {
            continue;
        }
        if let Some(found) = begun(snapshot, at, item)? {
            return Ok(Some(found));
        }
        seen.push(item);
    }
    Ok(None)
}

pub(super) fn reminder(
    snapshot: &Snapshot<'_>,
    settings: &ReminderSettings,
    last_sent: Option<CivilDay>,
    now: Timestamp,
) -> Result<Option<Reminder>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let rank = crate::boards::query::home_rank(snapshot, now)?;
    let rank_fell = rank.and_then(|rank| rank.movement).map(|movement| match movement {
        Movement::Down(n) => n,
        Movement::Up(n) => n.saturating_neg(),
        Movement::New | Movement::Same => 0,
    });
    let facts = ReminderFacts {
        studied_today: days_in_a_row(snapshot, &at)?.today_done,
        points_left_today: u32::try_from(left_today(&rules_today(snapshot, &at)?)).unwrap_or(u32::MAX),
        rank_fell,
        required_unfinished: required_unfinished(snapshot, &at)?,
        month_days_left: month_days_left(at.day),
        last_sent,
    };
    let flags = ReminderFlags {
        public_ranking: at.switches.public_ranking,
        burden_reduction: !at.switches.public_ranking && !at.switches.usage_reports,
    };
    Ok(next_reminder(settings, flags, &facts, now))
}

/// The month of a day as year × 100 + month.
pub(super) fn month_of(day: CivilDay) -> i64 {
    day.ymd().map_or(0, |(year, month, _)| i64::from(year) * 100 + i64::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(fact: FactKind, left: Option<i64>) -> RuleToday {
        let (rule, label) = (fact.name().to_owned(), String::new());
        RuleToday { rule, fact, label, short: short(fact), given: 0, unconfirmed: 0, cap: None, left }
    }

    #[test]
    fn the_ring_is_read_out_as_one() {
        assert_eq!(sentence(13, Some(30), 4), "今日积分 13 分，上限 30 分，其中 4 分待确认");
        assert_eq!(sentence(13, None, 0), "今日积分 13 分");
    }

    #[test]
    fn what_is_left_comes_before_what_is_full() {
        let rules = [
            rule(FactKind::ReadMs, Some(0)),
            rule(FactKind::ReadItem, Some(3)),
            rule(FactKind::QuizRight, Some(5)),
            rule(FactKind::AvMs, None),
        ];
        assert_eq!(left_words(&rules), "阅读篇数余 3 · 答题余 5 · 阅读时长已满");
        assert_eq!(left_today(&rules), 8);
    }
}

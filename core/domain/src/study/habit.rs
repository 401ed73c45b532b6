//! Streaks and reminders: made on the phone, from what the phone knows, in words a person would use.
//!
//! A reminder is planned with what is known now, and what is known changes: the phone plans again whenever the app runs
//! and, where the system allows it, when the reminder is due. So what is said of another day than today is true whatever
//! happens until then, and a rank is only spoken of on the day it is known for.

use std::collections::BTreeSet;

use crate::time::{CivilDay, Timestamp};

const MINUTE_MS: i64 = 60_000;
const DAY_MIN: u16 = 1_440;
/// How late a reminder may still be shown, ms: systems deliver alarms late to save the battery.
pub const GRACE_MS: i64 = 60 * MINUTE_MS;
/// In how many days at most a required item is due to be reminded of although study is not ranked or reported.
pub const DUE_SOON_DAYS: u32 = 3;

/// Days in a row on which something was credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Streak {
    /// How many, today included if it is done.
    pub days: u32,
    /// Whether today is one of them.
    pub today_done: bool,
}

/// The streak as of `today` of somebody who studied on `days`, in whatever order. Today can still be done, so only a day
/// that is over breaks it; days after today are not looked at.
pub fn streak(days: impl Iterator<Item = CivilDay>, today: CivilDay) -> Streak {
    let studied: BTreeSet<CivilDay> = days.filter(|day| *day <= today).collect();
    let today_done = studied.contains(&today);
    let mut expected = if today_done { Some(today) } else { today.0.checked_sub(1).map(CivilDay) };
    let mut days = 0;
    for day in studied.iter().rev() {
        if Some(*day) != expected {
            break;
        }
        days += 1;
        expected = day.0.checked_sub(1).map(CivilDay);
    }
    Streak { days, today_done }
}

/// What the member wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReminderSettings {
    /// Whether there are reminders at all.
    pub enabled: bool,
    /// When, minutes after midnight.
    pub at_min: u16,
    /// Since when it is quiet, minutes after midnight.
    pub quiet_from_min: u16,
    /// Until when; before `quiet_from_min` if it is quiet over midnight, the same if never.
    pub quiet_to_min: u16,
    /// Whether a fall in rank is spoken of.
    pub rank_reminder: bool,
    /// Whether required items are reminded of although the county neither ranks nor reports study.
    pub required_reminder: bool,
}

impl Default for ReminderSettings {
    /// At five, quiet from ten in the evening until then, and nothing that was not asked for beyond that.
    fn default() -> Self {
        Self {
            enabled: true,
            at_min: 5 * 60,
            quiet_from_min: 22 * 60,
            quiet_to_min: 5 * 60,
            rank_reminder: false,
            required_reminder: false,
        }
    }
}

/// What the county allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReminderFlags {
    /// Ranks are published.
    pub public_ranking: bool,
    /// Study is neither ranked nor reported (国办函〔2026〕12号): nobody is urged to study.
    pub burden_reduction: bool,
}

/// What the phone knows now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReminderFacts {
    /// Something was credited today.
    pub studied_today: bool,
    /// Points that study can still give today.
    pub points_left_today: u32,
    /// By how many places the rank fell since yesterday's end, if it is known; not positive if it did not.
    pub rank_fell: Option<i64>,
    /// Required items of this month that are not finished.
    pub required_unfinished: u32,
    /// Days of this month after today.
    pub month_days_left: u32,
    /// The day of the last reminder.
    pub last_sent: Option<CivilDay>,
}

/// A reminder to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub at: Timestamp,
    /// Title.
    pub title: String,
    /// One sentence.
    pub body: String,
}

/// The next reminder, if there is to be one within the next days.
///
/// Never in quiet hours (it waits for their end), never twice on a civil day, none for a day on which the member studied or
/// can gain nothing more. If today's is not to be, it is tomorrow's.
pub fn next_reminder(
    settings: &ReminderSettings,
    flags: ReminderFlags,
    facts: &ReminderFacts,
    now: Timestamp,
) -> Option<Reminder> {
    if !settings.enabled || (flags.burden_reduction && !settings.required_reminder) {
        return None;
    }
    let today = now.civil_day(0);
    // Beyond these days the calendar's arithmetic would saturate.
    if !(-1_000_000_000..1_000_000_000).contains(&today.0) {
        return None;
    }
    (0..=3).find_map(|ahead| {
        let planned = today.plus_days(ahead).start().plus_ms(i64::from(settings.at_min % DAY_MIN) * MINUTE_MS);
        let late = now.ms_since(planned);
        if late > GRACE_MS {
            return None;
        }
        let at = after_quiet(settings, planned.max(now));
        let day = at.civil_day(0);
        if facts.last_sent.is_some_and(|sent| sent >= day) {
            return None;
        }
        let days_on = u32::try_from(day.0.checked_sub(today.0)?).ok()?;
        let (title, body) = words(settings, flags, facts, minute_of(at), days_on)?;
        Some(Reminder { at, title: title.to_owned(), body })
    })
}

/// What to say so many days from now; `None` if nothing.
fn words(
    settings: &ReminderSettings,
    flags: ReminderFlags,
    facts: &ReminderFacts,
    minute: u16,
    days_on: u32,
) -> Option<(&'static str, String)> {
    let is_today = days_on == 0;
    let left = facts.month_days_left.checked_sub(days_on).filter(|_| facts.required_unfinished > 0);
    let due_soon = left.filter(|left| *left <= DUE_SOON_DAYS);
    let unfinished = facts.required_unfinished;
    let required = due_soon.map(|left| {
        let until =
            if left == 0 { "今天是本月最后一天".to_owned() } else { format!("离月底还有 {left} 天") };
        ("本月必学", format!("您本月还有 {unfinished} 项必学内容未学完，{until}"))
    });
    if flags.burden_reduction {
        return required.filter(|_| !(is_today && facts.studied_today));
    }
    if !is_today {
        // Nothing is known of that day but that it will be one.
        return required.or_else(|| Some(("学习提醒", "新的一天，您可以从几分钟的学习开始".to_owned())));
    }
    if facts.studied_today || (facts.points_left_today == 0 && unfinished == 0) {
        return None;
    }
    let fell = facts.rank_fell.filter(|fell| *fell > 0 && settings.rank_reminder && flags.public_ranking);
    if let Some(fell) = fell {
        let body = if (4 * 60..8 * 60).contains(&minute) {
            format!("该起床学习了，您的排名又下滑了 {fell} 位")
        } else {
            format!("您的排名比昨天下滑了 {fell} 位，今天还可以学习")
        };
        return Some(("学习提醒", body));
    }
    required.or_else(|| {
        let body = match facts.points_left_today {
            0 => format!("您本月还有 {unfinished} 项必学内容未学完"),
            points => format!("您今天还没有学习，还可得 {points} 分"),
        };
        Some(("学习提醒", body))
    })
}

/// That moment, or the end of the quiet hours it lies in.
fn after_quiet(settings: &ReminderSettings, at: Timestamp) -> Timestamp {
    let (from, to) = (settings.quiet_from_min % DAY_MIN, settings.quiet_to_min % DAY_MIN);
    let minute = minute_of(at);
    let is_quiet = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
    if !is_quiet {
        return at;
    }
    let day = at.civil_day(0).plus_days(i32::from(minute >= to));
    day.start().plus_ms(i64::from(to) * MINUTE_MS)
}

/// The minute of the day in Asia/Shanghai.
fn minute_of(at: Timestamp) -> u16 {
    let ms = at.ms_since(at.civil_day(0).start());
    u16::try_from(ms.div_euclid(MINUTE_MS).clamp(0, i64::from(DAY_MIN) - 1)).unwrap_or(0)
}

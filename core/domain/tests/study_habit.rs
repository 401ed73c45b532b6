//! Streaks, and when a phone reminds its member of what, in which words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use dangjian_domain::study::habit::{
    GRACE_MS, Reminder, ReminderFacts, ReminderFlags, ReminderSettings, Streak, next_reminder, streak,
};
use dangjian_domain::time::{CivilDay, Timestamp};
use proptest::prelude::*;

const OPEN: ReminderFlags = ReminderFlags { public_ranking: true, burden_reduction: false };
const REDUCED: ReminderFlags = ReminderFlags { public_ranking: false, burden_reduction: true };
const RANKED: ReminderSettings = ReminderSettings {
    enabled: true,
    at_min: 300,
    quiet_from_min: 1_320,
    quiet_to_min: 300,
    rank_reminder: true,
    required_reminder: true,
};

fn today() -> CivilDay {
    CivilDay::from_ymd(2026, 11, 24).unwrap()
}

fn at(hour: i64, minute: i64) -> Timestamp {
    today().start().plus_ms((hour * 60 + minute) * 60_000)
}

fn facts() -> ReminderFacts {
    ReminderFacts { points_left_today: 12, month_days_left: 6, ..ReminderFacts::default() }
}

fn next(
    settings: &ReminderSettings,
    flags: ReminderFlags,
    facts: ReminderFacts,
    now: Timestamp,
) -> Option<(String, String)> {
    next_reminder(settings, flags, &facts, now).map(|reminder| (reminder.at.display_shanghai(), reminder.body))
}

fn some(at: &str, body: &str) -> Option<(String, String)> {
    Some((at.to_owned(), body.to_owned()))
}

#[test]
fn a_streak_is_broken_by_a_day_that_is_over() {
    let cases: [(&[i32], u32, bool); 9] = [
        (&[], 0, false),
        (&[0], 1, true),
        (&[-1], 1, false),
        (&[-2], 0, false),
        (&[-3, -1, 0, -2], 4, true),
        (&[-3, -1, -1, -2], 3, false),
        (&[0, -2, -3], 1, true),
        (&[-4, -2, -1], 2, false),
        (&[1, 2, 0], 1, true),
    ];
    for (days, expected, today_done) in cases {
        let days = days.iter().map(|day| today().plus_days(*day));
        assert_eq!(streak(days, today()), Streak { days: expected, today_done });
    }
    assert_eq!(streak([CivilDay(i32::MIN)].into_iter(), CivilDay(i32::MIN)).days, 1);
    assert_eq!(streak(std::iter::empty(), CivilDay(i32::MIN)).days, 0);
}

#[test]
fn the_reminder_at_five_speaks_of_the_rank_only_if_it_fell_and_the_member_asked_for_it() {
    let plain = some("2026-11-24 05:00:00", "您今天还没有学习，还可得 12 分");
    let fell = ReminderFacts { rank_fell: Some(1), ..facts() };
    let now = at(4, 30);
    assert_eq!(next(&RANKED, OPEN, fell, now), some("2026-11-24 05:00:00", "该起床学习了，您的排名又下滑了 1 位"));
    assert_eq!(next(&ReminderSettings::default(), OPEN, fell, now), plain);
    assert_eq!(next(&RANKED, ReminderFlags { public_ranking: false, ..OPEN }, fell, now), plain);
    for rank_fell in [None, Some(0), Some(-3), Some(i64::MIN)] {
        assert_eq!(next(&RANKED, OPEN, ReminderFacts { rank_fell, ..facts() }, now), plain);
    }
    let evening = ReminderSettings { at_min: 20 * 60, ..RANKED };
    let expected = some("2026-11-24 20:00:00", "您的排名比昨天下滑了 1 位，今天还可以学习");
    assert_eq!(next(&evening, OPEN, fell, now), expected);
}

#[test]
fn whoever_studied_or_was_reminded_or_can_gain_nothing_is_left_alone_until_tomorrow() {
    let tomorrow = some("2026-11-25 05:00:00", "新的一天，您可以从几分钟的学习开始");
    let now = at(4, 0);
    let fell = ReminderFacts { rank_fell: Some(2), ..facts() };
    assert_eq!(next(&RANKED, OPEN, ReminderFacts { studied_today: true, ..fell }, now), tomorrow);
    assert_eq!(next(&RANKED, OPEN, ReminderFacts { points_left_today: 0, ..fell }, now), tomorrow);
    assert_eq!(next(&RANKED, OPEN, ReminderFacts { last_sent: Some(today()), ..fell }, now), tomorrow);
    assert_eq!(next(&RANKED, OPEN, fell, at(6, 1)), tomorrow);
    // An alarm may be late.
    assert_eq!(next(&RANKED, OPEN, fell, at(5, 40)).unwrap().0, "2026-11-24 05:40:00");
    assert_eq!(next(&ReminderSettings { enabled: false, ..RANKED }, OPEN, fell, now), None);
}

#[test]
fn a_reminder_waits_for_the_end_of_the_quiet_hours() {
    let settings = ReminderSettings { quiet_to_min: 390, ..RANKED };
    assert_eq!(next(&settings, OPEN, facts(), at(4, 0)).unwrap().0, "2026-11-24 06:30:00");
    let late = ReminderSettings { at_min: 23 * 60, ..RANKED };
    assert_eq!(next(&late, OPEN, facts(), at(12, 0)).unwrap().0, "2026-11-25 05:00:00");
    let noon = ReminderSettings { at_min: 13 * 60, quiet_from_min: 12 * 60, quiet_to_min: 14 * 60, ..RANKED };
    assert_eq!(next(&noon, OPEN, facts(), at(9, 0)).unwrap().0, "2026-11-24 14:00:00");
    let never = ReminderSettings { at_min: 23 * 60, quiet_from_min: 300, quiet_to_min: 300, ..RANKED };
    assert_eq!(next(&never, OPEN, facts(), at(9, 0)).unwrap().0, "2026-11-24 23:00:00");
}

#[test]
fn required_items_are_spoken_of_when_they_are_due_soon() {
    let due = |month_days_left| ReminderFacts { required_unfinished: 2, month_days_left, ..facts() };
    let expected = some("2026-11-24 05:00:00", "您本月还有 2 项必学内容未学完，离月底还有 3 天");
    let last_day = some("2026-11-24 05:00:00", "您本月还有 2 项必学内容未学完，今天是本月最后一天");
    let now = at(4, 0);
    for flags in [OPEN, REDUCED] {
        assert_eq!(next(&RANKED, flags, due(3), now), expected);
        assert_eq!(next(&RANKED, flags, due(0), now), last_day);
    }
    assert_eq!(next(&RANKED, REDUCED, due(9), now), None);
    assert_eq!(next(&RANKED, REDUCED, ReminderFacts { required_unfinished: 0, ..due(3) }, now), None);
    assert_eq!(next(&ReminderSettings { required_reminder: false, ..RANKED }, REDUCED, due(3), now), None);
    assert_eq!(next(&RANKED, REDUCED, due(4), now).unwrap().0, "2026-11-25 05:00:00");
    let no_points = ReminderFacts { points_left_today: 0, ..due(9) };
    assert_eq!(next(&RANKED, OPEN, no_points, now).unwrap().1, "您本月还有 2 项必学内容未学完");
}

fn settings() -> impl Strategy<Value = ReminderSettings> {
    let minute = || prop_oneof![5 => 0u16..1_440, 1 => any::<u16>()];
    (any::<bool>(), minute(), minute(), minute(), any::<bool>(), any::<bool>()).prop_map(
        |(enabled, at_min, quiet_from_min, quiet_to_min, rank_reminder, required_reminder)| ReminderSettings {
            enabled,
            at_min,
            quiet_from_min,
            quiet_to_min,
            rank_reminder,
            required_reminder,
        },
    )
}

fn some_facts() -> impl Strategy<Value = ReminderFacts> {
    let sent = prop::option::of((-2i32..2).prop_map(|days| today().plus_days(days)));
    (any::<bool>(), 0u32..3, prop::option::of(-3i64..3), 0u32..3, 0u32..31, sent).prop_map(
        |(studied_today, points_left_today, rank_fell, required_unfinished, month_days_left, last_sent)| {
            ReminderFacts {
                studied_today,
                points_left_today,
                rank_fell,
                required_unfinished,
                month_days_left,
                last_sent,
            }
        },
    )
}

/// Looked at minute by minute, independently of how the rule does it.
fn is_quiet(settings: &ReminderSettings, at: Timestamp) -> bool {
    let minute = (at.0 + 8 * 3_600_000).rem_euclid(86_400_000) / 60_000;
    let (mut m, to) = (i64::from(settings.quiet_from_min % 1_440), i64::from(settings.quiet_to_min % 1_440));
    while m != to {
        if m == minute {
            return true;
        }
        m = (m + 1) % 1_440;
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_reminder_is_never_in_quiet_hours_or_past_or_unwanted(
        settings in settings(), facts in some_facts(), ranking in any::<bool>(), reduced in any::<bool>(), minute in 0i64..1_440,
    ) {
        let now = at(0, minute);
        let flags = ReminderFlags { public_ranking: ranking, burden_reduction: reduced };
        if let Some(Reminder { at, title, body }) = next_reminder(&settings, flags, &facts, now) {
            prop_assert!(settings.enabled);
            prop_assert!(at >= now && at.ms_since(now) < 5 * 86_400_000);
            prop_assert!(!is_quiet(&settings, at));
            prop_assert!(facts.last_sent.is_none_or(|sent| sent < at.civil_day(0)));
            if at.civil_day(0) == today() {
                prop_assert!(!facts.studied_today);
            }
            let of_rank = body.contains("排名");
            prop_assert!(!of_rank || (ranking && settings.rank_reminder && facts.rank_fell > Some(0)));
            if reduced {
                prop_assert!(settings.required_reminder && facts.required_unfinished > 0 && body.contains("必学"));
                prop_assert!(!of_rank && !body.contains('分'));
            }
            for words in [title, body] {
                prop_assert!(!words.contains(['!', '！']) && words.chars().count() <= 30);
            }
        }
    }

    #[test]
    fn whoever_is_asked_often_is_reminded_once_a_day(settings in settings(), steps in prop::collection::vec(1i64..200, 1..200)) {
        let mut now = at(0, 0);
        let mut facts = facts();
        let mut sent = vec![];
        for minutes in steps {
            if let Some(reminder) = next_reminder(&settings, OPEN, &facts, now).filter(|reminder| reminder.at == now) {
                facts.last_sent = Some(reminder.at.civil_day(0));
                sent.push(reminder.at.civil_day(0));
            }
            now = now.plus_ms(minutes * 60_000);
        }
        prop_assert!(sent.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn extreme_moments_do_not_panic(settings in settings(), facts in some_facts(), ms in any::<i64>()) {
        for now in [ms, i64::MIN, i64::MAX, GRACE_MS] {
            let _ = next_reminder(&settings, OPEN, &facts, Timestamp(now));
        }
        let _ = streak([CivilDay(i32::MAX), CivilDay(i32::MIN)].into_iter(), CivilDay(i32::MAX));
    }
}

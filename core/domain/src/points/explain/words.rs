//! Numbers, times and days as people in the county read them.

use crate::id::RowId;
use crate::time::{CivilDay, Timestamp};

/// A record's number, short enough to read out: `0193-5f2a-…-c41e`.
pub fn record_number(id: RowId) -> String {
    let digits: String = id.to_string().chars().filter(|c| *c != '-').collect();
    let part = |range| digits.get(range).unwrap_or_default();
    format!("{}-{}-…-{}", part(0..4), part(4..8), part(28..32))
}

/// `1,046`.
pub(super) fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths as `41.2`.
pub(super) fn tenths(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let n = n.unsigned_abs();
    format!("{sign}{}.{}", grouped(i64::try_from(n / 10).unwrap_or(i64::MAX)), n % 10)
}

/// A weight in tenths: `45`, `72.7`.
pub(super) fn weight(n: i64) -> String {
    if n % 10 == 0 { (n / 10).to_string() } else { tenths(n) }
}

/// A length of time: `3 分 40 秒`, with thousandths of a second only if `exact` and there are any.
pub(super) fn length(ms: i64, exact: bool) -> String {
    let ms = ms.max(0);
    let (hours, minutes, seconds, rest) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours} 小时"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes} 分"));
    }
    if exact && rest > 0 {
        parts.push(format!("{seconds}.{rest:03} 秒"));
    } else if seconds > 0 || parts.is_empty() {
        parts.push(format!("{seconds} 秒"));
    }
    parts.join(" ")
}

/// `11月23日`, with the year if it isn't that of `seen_from`.
pub(super) fn date(day: CivilDay, seen_from: CivilDay) -> String {
    match (day.ymd(), seen_from.ymd()) {
        (Some((year, month, day)), Some((same, _, _))) if year == same => format!("{month}月{day}日"),
        (Some((year, month, day)), _) => format!("{year}年{month}月{day}日"),
        (None, _) => "日期不详".to_owned(),
    }
}

/// `05:22—05:26`, with the date if it isn't `today`; the day alone if there are no times.
pub(super) fn when(day: CivilDay, from: Option<Timestamp>, to: Option<Timestamp>, today: CivilDay) -> String {
    let clock = |at: Timestamp| at.display_shanghai().get(11..16).map(str::to_owned);
    let dated = |at: Timestamp, day: CivilDay| {
        let on = at.civil_day(0);
        clock(at).map(|clock| if on == day { clock } else { format!("{} {clock}", date(on, today)) })
    };
    let start = from.or(to);
    let first = start.and_then(|at| dated(at, today));
    let last = start.zip(to).and_then(|(start, to)| dated(to, start.civil_day(0)));
    match (first, last) {
        (Some(first), Some(last)) if !first.ends_with(&last) => format!("{first}—{last}"),
        (Some(first), _) => first,
        (None, _) if day == today => "今天".to_owned(),
        (None, _) => date(day, today),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_told_as_on_the_screens() {
        assert_eq!(grouped(1_046), "1,046");
        assert_eq!(grouped(-1_000_000), "-1,000,000");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(
            (tenths(412), tenths(5), tenths(-5), tenths(23_968)),
            ("41.2".into(), "0.5".into(), "-0.5".into(), "2,396.8".into())
        );
        assert_eq!((weight(450), weight(727)), ("45".into(), "72.7".into()));
        assert_eq!(length(220_400, false), "3 分 40 秒");
        assert_eq!(length(29_703, true), "29.703 秒");
        assert_eq!(
            (length(0, true), length(3_600_000, true), length(-1, true)),
            ("0 秒".into(), "1 小时".into(), "0 秒".into())
        );
        let id: RowId = "01935f2a-0000-7000-8000-00000000c41e".parse().unwrap();
        assert_eq!(record_number(id), "0193-5f2a-…-c41e");
    }

    #[test]
    fn times_carry_a_date_when_it_is_not_today() {
        let today = CivilDay::from_ymd(2026, 11, 24).unwrap();
        let at = |ms: i64| Some(today.start().plus_ms(ms));
        let (from, to) = (at(5 * 3_600_000 + 22 * 60_000), at(5 * 3_600_000 + 26 * 60_000));
        assert_eq!(when(today, from, to, today), "05:22—05:26");
        assert_eq!(when(today, from, from, today), "05:22");
        assert_eq!(when(today, None, to, today), "05:26");
        assert_eq!(when(today, from, to, today.plus_days(1)), "11月24日 05:22—05:26");
        assert_eq!(when(today, from, to, today.plus_days(60)), "2026年11月24日 05:22—05:26");
        assert_eq!(when(today, at(-120_000), at(180_000), today), "11月23日 23:58—11月24日 00:03");
        assert_eq!(when(today, None, None, today), "今天");
        assert_eq!(when(today, None, None, today.plus_days(1)), "11月24日");
        for day in [CivilDay(i32::MIN), CivilDay(i32::MAX)] {
            let _ = when(day, Some(Timestamp(i64::MIN)), Some(Timestamp(i64::MAX)), day);
        }
    }
}

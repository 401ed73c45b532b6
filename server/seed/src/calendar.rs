//! Months, quarters and terms on top of the domain's civil days. Every function gives an answer for every argument: the
//! county's `today` is kept within 2000 to 2189, where the calendar has no gaps.

use dangjian_domain::time::{CivilDay, Quarter, Timestamp};

const HOUR_MS: i64 = 3_600_000;

/// `today` kept within 2000-01-01 to 2189-01-13.
pub(crate) fn within_range(today: CivilDay) -> CivilDay {
    CivilDay(today.0.clamp(10_957, 80_000))
}

/// The day of that date; the month's last day if the month is shorter.
pub(crate) fn day_of(year: i32, month: u32, day: u32) -> CivilDay {
    (1..=day).rev().find_map(|day| CivilDay::from_ymd(year, month, day)).unwrap_or(CivilDay(0))
}

/// Year, month, day of the month.
pub(crate) fn ymd(day: CivilDay) -> (i32, u32, u32) {
    day.ymd().unwrap_or((1970, 1, 1))
}

/// The same date `years` earlier.
pub(crate) fn years_before(day: CivilDay, years: i32) -> CivilDay {
    let (year, month, date) = ymd(day);
    day_of(year - years, month, date)
}

/// The months from the one `back` months before `today` up to today's, as year and month.
pub(crate) fn months_until(today: CivilDay, back: i32) -> impl Iterator<Item = (i32, u32)> {
    let (year, month, _) = ymd(today);
    let last = year * 12 + month as i32 - 1;
    (last - back..=last).map(|index| (index.div_euclid(12), index.rem_euclid(12) as u32 + 1))
}

/// The quarter of that day.
pub(crate) fn quarter_of(day: CivilDay) -> Quarter {
    day.quarter().unwrap_or(Quarter(19701))
}

/// The quarter's days from the first to the last, both included.
pub(crate) fn quarter_days(quarter: Quarter) -> (CivilDay, CivilDay) {
    let first = quarter.first_day().unwrap_or(CivilDay(0));
    (first, quarter.last_day().unwrap_or(first))
}

/// That time of that day.
pub(crate) fn at(day: CivilDay, hour: i64, minute: i64) -> Timestamp {
    day.start().plus_ms(hour * HOUR_MS + minute * 60_000)
}

/// Hours in milliseconds.
pub(crate) fn hours(hours: i64) -> i64 {
    hours * HOUR_MS
}

/// 0 is Monday, 6 Sunday.
pub(crate) fn weekday(day: CivilDay) -> i32 {
    (day.0 + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_that_ends_on_a_leap_day_began_on_the_last_of_february() {
        assert_eq!(years_before(day_of(2028, 2, 29), 5), day_of(2023, 2, 28));
    }

    #[test]
    fn quarters_follow_each_other_without_gaps() {
        let mut quarter = Quarter(20264);
        for _ in 0..12 {
            let before = quarter.previous();
            assert_eq!(quarter_days(before).1.plus_days(1), quarter_days(quarter).0);
            assert_eq!(quarter_of(quarter_days(quarter).0), quarter);
            quarter = before;
        }
        assert_eq!(quarter, Quarter(20234));
    }

    #[test]
    fn months_run_across_the_turn_of_the_year() {
        let months: Vec<_> = months_until(day_of(2026, 2, 3), 3).collect();
        assert_eq!(months, [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]);
        assert_eq!(weekday(day_of(2018, 8, 19)), 6);
    }
}

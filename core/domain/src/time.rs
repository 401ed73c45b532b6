//! Three kinds of time that must not be mixed: an instant (UTC), a civil day (Asia/Shanghai) and a claimed instant, which
//! is what a phone can honestly say about when something was done.
//!
//! Monotonic readings belong to the engine; no rule here needs one.

use chrono::{DateTime, Datelike, NaiveDate};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

/// China has one zone and no summer time: UTC+8 all year.
const SHANGHAI_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

impl Timestamp {
    /// This instant moved by `ms`, kept within the range of the type.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if `earlier` is later.
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The civil day in Asia/Shanghai whose day begins at `rollover_ms` after midnight. Study at 00:30 may belong to the
    /// evening before; each rule says which rollover it uses, 0 for the calendar's own.
    pub fn civil_day(self, rollover_ms: i64) -> CivilDay {
        let local = self.0.saturating_add(SHANGHAI_OFFSET_MS).saturating_sub(rollover_ms);
        CivilDay(i32::try_from(local.div_euclid(DAY_MS)).unwrap_or(if local < 0 { i32::MIN } else { i32::MAX }))
    }

    /// As a person in the county reads it: `2026-11-23 05:02:07`.
    pub fn display_shanghai(self) -> String {
        DateTime::from_timestamp_millis(self.0.saturating_add(SHANGHAI_OFFSET_MS))
            .map_or_else(|| self.0.to_string(), |local| local.format("%Y-%m-%d %H:%M:%S").to_string())
    }
}

/// A day of the calendar in Asia/Shanghai, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CivilDay(pub i32);

impl CivilDay {
    /// The day of that date, or `None` if the calendar has no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|date| Self(date.to_epoch_days()))
    }

    /// Year, month (1–12) and day of the month; `None` beyond the calendar's range.
    pub fn ymd(self) -> Option<(i32, u32, u32)> {
        NaiveDate::from_epoch_days(self.0).map(|date| (date.year(), date.month(), date.day()))
    }

    /// The first instant of this day in Asia/Shanghai.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY_MS - SHANGHAI_OFFSET_MS)
    }

    /// The day `days` later (or earlier, if negative).
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The quarter this day lies in.
    pub fn quarter(self) -> Option<Quarter> {
        self.ymd().map(|(year, month, _)| Quarter(year * 10 + (month as i32 - 1) / 3 + 1))
    }
}

/// A quarter of the calendar year as `year × 10 + quarter`: 20264 is October to December 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Quarter(pub i32);

impl Quarter {
    /// The quarter before.
    pub fn previous(self) -> Self {
        if self.0 % 10 == 1 { Self(self.0 - 10 + 3) } else { Self(self.0 - 1) }
    }

    /// The quarter after.
    pub fn next(self) -> Self {
        if self.0 % 10 == 4 { Self(self.0 + 10 - 3) } else { Self(self.0 + 1) }
    }

    /// The quarter's first day; `None` beyond the calendar's range or for a number that is no quarter.
    pub fn first_day(self) -> Option<CivilDay> {
        let month = u32::try_from(self.0.rem_euclid(10)).ok().filter(|n| (1..=4).contains(n))? * 3 - 2;
        CivilDay::from_ymd(self.0.div_euclid(10), month, 1)
    }

    /// The quarter's last day.
    pub fn last_day(self) -> Option<CivilDay> {
        self.next().first_day().map(|day| day.plus_days(-1))
    }
}

/// Identifies one run of a phone from switching on to switching off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct BootId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// When something was done, as far as the phone that did it can know.
///
/// A phone that has spoken with the server since it was switched on knows the server's time ("anchored": server time plus
/// time since boot, which no setting of the wall clock moves). One that was restarted since knows only that it was after
/// its last contact; the upper bound is the moment the server received it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode,
)]
pub enum Instant {
    /// Server time, carried forward by the boot clock.
    #[n(0)]
    Anchored(#[n(0)] Timestamp),
    /// Not before the last contact with the server.
    #[n(1)]
    After(#[n(0)] Timestamp),
}

impl Instant {
    /// The latest moment this can have been, given when the server received it.
    pub fn latest(self, received: Timestamp) -> Timestamp {
        match self {
            Self::Anchored(at) => at,
            Self::After(_) => received,
        }
    }

    /// The earliest moment this can have been.
    pub fn earliest(self) -> Timestamp {
        match self {
            Self::Anchored(at) | Self::After(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_civil_day_changes_at_midnight_in_shanghai() {
        let day = CivilDay::from_ymd(2026, 11, 23).unwrap();
        assert_eq!(day.start().civil_day(0), day);
        assert_eq!(day.start().plus_ms(-1).civil_day(0), day.plus_days(-1));
        assert_eq!(day.start().plus_ms(DAY_MS - 1).civil_day(0), day);
        assert_eq!(day.start().plus_ms(3 * 3_600_000).civil_day(4 * 3_600_000), day.plus_days(-1));
        assert_eq!(day.quarter(), Some(Quarter(20264)));
        assert_eq!(day.ymd(), Some((2026, 11, 23)));
    }

    #[test]
    fn extreme_instants_do_not_overflow() {
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            let _ = Timestamp(ms).civil_day(0).quarter();
            let _ = Timestamp(ms).display_shanghai();
            let _ = Timestamp(ms).plus_ms(i64::MAX).ms_since(Timestamp(i64::MIN));
        }
        assert_eq!(CivilDay::from_ymd(2026, 2, 30), None);
    }
}

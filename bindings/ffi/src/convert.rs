//! How views become records.

use dangjian_domain::time::{CivilDay, Quarter};

use crate::types::Day;

/// A value of the core as it crosses, or the other way round.
pub(crate) trait Cross<T> {
    fn cross(self) -> T;
}

macro_rules! as_is {
    ($($type:ty),* $(,)?) => {$(
        impl Cross<$type> for $type {
            fn cross(self) -> $type {
                self
            }
        }
    )*};
}

as_is!(
    bool,
    u8,
    u32,
    u64,
    i64,
    String,
    dangjian_domain::id::OrgId,
    dangjian_domain::id::MemberId,
    dangjian_domain::id::DeviceId,
    dangjian_domain::id::NoticeId,
    dangjian_domain::id::OpId,
    dangjian_domain::id::RowId,
    dangjian_domain::time::Timestamp,
);

impl Cross<String> for &'static str {
    fn cross(self) -> String {
        self.to_owned()
    }
}

impl Cross<u32> for usize {
    fn cross(self) -> u32 {
        u32::try_from(self).unwrap_or(u32::MAX)
    }
}

impl Cross<Day> for CivilDay {
    fn cross(self) -> Day {
        let text = self.ymd().map_or_else(String::new, |(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
        Day { days: self.0, text }
    }
}

impl Cross<i32> for Quarter {
    fn cross(self) -> i32 {
        self.0
    }
}

impl<T: Cross<U>, U> Cross<Option<U>> for Option<T> {
    fn cross(self) -> Option<U> {
        self.map(Cross::cross)
    }
}

impl<T: Cross<U>, U> Cross<Vec<U>> for Vec<T> {
    fn cross(self) -> Vec<U> {
        self.into_iter().map(Cross::cross).collect()
    }
}

/// Declares a record that mirrors a view, field by field.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident from $source:ty { $($(#[$doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl crate::convert::Cross<$name> for $source {
            fn cross(self) -> $name {
                $name { $($field: crate::convert::Cross::cross(self.$field),)* }
            }
        }
    };
}

/// Declares an enumeration that mirrors one of the core's, in both directions.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident from $source:ty { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl crate::convert::Cross<$name> for $source {
            fn cross(self) -> $name {
                match self {
                    $(Self::$variant => $name::$variant,)*
                }
            }
        }

        impl crate::convert::Cross<$source> for $name {
            fn cross(self) -> $source {
                match self {
                    $(Self::$variant => <$source>::$variant,)*
                }
            }
        }
    };
}

/// Declares a page of records.
macro_rules! page {
    ($(#[$meta:meta])* $name:ident of $row:ty) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The rows.
            pub rows: Vec<$row>,
            /// How many come before them.
            pub offset: u32,
            /// Whether there are more behind them.
            pub more: bool,
        }

        impl crate::convert::Page for $name {
            type Row = $row;
            fn new(rows: Vec<$row>, offset: u32, more: bool) -> Self {
                Self { rows, offset, more }
            }
        }
    };
}

/// Most rows of a page: a screen shows fewer, and a longer one would only be slow.
pub(crate) const MOST_ROWS: u32 = 200;

/// What `page!` declares.
pub(crate) trait Page: Sized {
    type Row;
    fn new(rows: Vec<Self::Row>, offset: u32, more: bool) -> Self;
}

/// Reads one row more than asked for, to know whether there are more.
pub(crate) fn page<P: Page, T: Cross<P::Row>, E>(
    limit: u32,
    offset: u32,
    read: impl FnOnce(usize, usize) -> Result<Vec<T>, E>,
) -> Result<P, E> {
    let limit = limit.clamp(1, MOST_ROWS) as usize;
    let mut rows = read(limit + 1, offset as usize)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(P::new(rows.cross(), offset, more))
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro declares what is public elsewhere")]
mod tests {
    use super::*;

    page! {
        /// Numbers.
        Numbers of u32
    }

    #[test]
    fn a_page_knows_whether_there_are_more_and_is_never_too_long() {
        let read =
            |limit: usize, offset: usize| Ok::<_, ()>((0..500usize).skip(offset).take(limit).collect::<Vec<_>>());
        assert_eq!(page::<Numbers, _, _>(2, 1, read), Ok(Numbers { rows: vec![1, 2], offset: 1, more: true }));
        assert_eq!(page::<Numbers, _, _>(2, 498, read), Ok(Numbers { rows: vec![498, 499], offset: 498, more: false }));
        assert_eq!(page::<Numbers, _, _>(0, 0, read).map(|page| page.rows.len()), Ok(1));
        assert_eq!(page::<Numbers, _, _>(u32::MAX, 0, read).map(|page| page.rows.len()), Ok(MOST_ROWS as usize));
        assert_eq!(page::<Numbers, _, _>(1, u32::MAX, read).map(|page| page.more), Ok(false));
    }

    #[test]
    fn a_day_is_told_as_a_number_and_as_a_date() {
        let day: Day = CivilDay::from_ymd(2026, 11, 3).map(Cross::cross).unwrap();
        assert_eq!((day.days, day.text.as_str()), (20_760, "2026-11-03"));
        let beyond: Day = CivilDay(i32::MAX).cross();
        assert_eq!(beyond.text, "");
    }
}

//! Exact ranks from nameless histograms.
//!
//! An organization publishes how many of its members have how many points, as of a day. Whoever knows their own points knows
//! their rank, without a network and without anybody's name. A county of 20,138 members has some 1,500 different sums: 12 KB
//! of text, read once; each rank after that is one binary search.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The longest text that is read, bytes: every member of a county with a sum of their own fits.
pub const MAX_TEXT_BYTES: usize = 512 * 1024;

/// Different points in descending order, and how many have them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Points, and how many have these or more.
    steps: Vec<(i64, i64)>,
}

/// A text that is no histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountsError {
    /// Longer than [`MAX_TEXT_BYTES`].
    #[error("the histogram has {0} bytes")]
    Long(usize),
    /// A part that is not two integers in their one form, `points:count`.
    #[error("part {0} of the histogram is not points:count")]
    Malformed(usize),
    /// A count below 1, or a sum of counts out of range.
    #[error("part {0} of the histogram has an impossible count")]
    Count(usize),
    /// Points that are not less than those before.
    #[error("part {0} of the histogram is not in descending order")]
    Order(usize),
}

/// Whose points come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// The least points above.
    pub ahead: Option<i64>,
    /// The most points below.
    pub behind: Option<i64>,
}

impl Counts {
    /// Of all these points, in any order.
    pub fn from_points(points: impl IntoIterator<Item = i64>) -> Self {
        let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
        for points in points {
            *counts.entry(points).or_default() += 1;
        }
        let mut sum = 0i64;
        let steps = counts.into_iter().rev().map(|(points, count)| {
            sum = sum.saturating_add(count);
            (points, sum)
        });
        Self { steps: steps.collect() }
    }

    /// As [`crate::rows::Histogram::counts`] holds it: `1218:1,1160:2`.
    pub fn encode(&self) -> String {
        let mut text = String::with_capacity(self.steps.len() * 8);
        let mut before = 0;
        for (points, sum) in &self.steps {
            if before > 0 {
                text.push(',');
            }
            // Writing to a String can't fail.
            let _ = write!(text, "{points}:{}", sum - before);
            before = *sum;
        }
        text
    }

    /// Reads what [`Self::encode`] wrote, and nothing else.
    pub fn parse(text: &str) -> Result<Self, CountsError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(CountsError::Long(text.len()));
        }
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(text.len() / 8);
        let mut sum = 0i64;
        let parts = if text.is_empty() { None } else { Some(text.split(',')) };
        for (at, part) in parts.into_iter().flatten().enumerate() {
            let (points, count) = part.split_once(':').ok_or(CountsError::Malformed(at))?;
            let points = integer(points).ok_or(CountsError::Malformed(at))?;
            let count = integer(count).ok_or(CountsError::Malformed(at))?;
            if steps.last().is_some_and(|(above, _)| points >= *above) {
                return Err(CountsError::Order(at));
            }
            sum = Some(count)
                .filter(|count| *count >= 1)
                .and_then(|n| sum.checked_add(n))
                .ok_or(CountsError::Count(at))?;
            steps.push((points, sum));
        }
        Ok(Self { steps })
    }

    /// How many there are.
    pub fn subjects(&self) -> i64 {
        self.steps.last().map_or(0, |(_, sum)| *sum)
    }

    /// The different points in descending order, and how many have them.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let mut before = 0;
        self.steps.iter().map(move |(points, sum)| (*points, sum - std::mem::replace(&mut before, *sum)))
    }

    /// 1 and as many more as have more points. It needn't be somebody who is counted.
    pub fn rank_of(&self, points: i64) -> i64 {
        let above = self.above(points);
        let more = above.checked_sub(1).and_then(|at| self.steps.get(at)).map_or(0, |(_, sum)| *sum);
        more.saturating_add(1)
    }

    /// The next different points on either side.
    pub fn neighbours(&self, points: i64) -> Neighbours {
        let above = self.above(points);
        let at = |n: usize| self.steps.get(n).map(|(points, _)| *points);
        let below = if at(above) == Some(points) { above.saturating_add(1) } else { above };
        Neighbours { ahead: above.checked_sub(1).and_then(at), behind: at(below) }
    }

    /// How many different points are more than these.
    fn above(&self, points: i64) -> usize {
        self.steps.partition_point(|(other, _)| *other > points)
    }

    /// How far the next rank is: 「距第 3 名还差 46 分」; `None` for the first.
    pub fn to_next(&self, points: i64) -> Option<String> {
        let ahead = self.neighbours(points).ahead?;
        Some(format!("距第 {} 名还差 {} 分", self.rank_of(ahead), ahead.saturating_sub(points)))
    }
}

/// An integer in its one form: no sign but a minus, no leading zero.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = match digits.as_bytes() {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    if canonical { text.parse().ok() } else { None }
}

/// How a rank changed since yesterday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// There was none yesterday.
    New,
    /// As it was.
    Same,
    /// Better by so many.
    Up(i64),
    /// Worse by so many.
    Down(i64),
}

/// How a rank moved.
pub fn moved(yesterday: Option<i64>, today: i64) -> Movement {
    match yesterday.map(|yesterday| yesterday.saturating_sub(today)) {
        None => Movement::New,
        Some(0) => Movement::Same,
        Some(up @ 1..) => Movement::Up(up),
        Some(down) => Movement::Down(down.saturating_neg()),
    }
}

impl Movement {
    /// As on a board's line: 「下降 1 位」.
    pub fn short(self) -> String {
        match self {
            Self::New => "新上榜".to_owned(),
            Self::Same => "持平".to_owned(),
            Self::Up(n) => format!("上升 {n} 位"),
            Self::Down(n) => format!("下降 {n} 位"),
        }
    }

    /// By itself: 「较昨日下降 1 位」.
    pub fn words(self) -> String {
        match self {
            Self::New => self.short(),
            Self::Same => format!("与昨日{}", self.short()),
            Self::Up(_) | Self::Down(_) => format!("较昨日{}", self.short()),
        }
    }

    /// The reminder in the morning for those who fell, and only for them.
    pub fn reminder(self) -> Option<String> {
        match self {
            Self::Down(n) => Some(format!("该起床学习了，您的排名又下滑了 {n} 位")),
            Self::New | Self::Same | Self::Up(_) => None,
        }
    }
}

/// A rank read out as one: 「支部第 4 名，较昨日下降 1 位」. `within` is 支部, or whatever is ranked.
pub fn sentence(within: &str, rank: i64, movement: Movement) -> String {
    match movement {
        Movement::New => format!("{within}第 {rank} 名"),
        Movement::Same | Movement::Up(_) | Movement::Down(_) => format!("{within}第 {rank} 名，{}", movement.words()),
    }
}

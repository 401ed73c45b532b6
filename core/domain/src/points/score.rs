//! Appraisal scores, and the boards they lead to.
//!
//! Scores are whole tenths of a point, 0 to 1,000, and everything is integer arithmetic: phone, server and a recomputation in
//! ten years agree to the last digit.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{RuleSet, Switches};
use crate::id::RowId;
use crate::rows::{Board, SubjectKind};

/// The best score, in tenths.
pub const FULL_SCORE: i64 = 1_000;

/// The id of an organization's own part in its score's components.
pub const OWN: &str = "own";

/// The id of the members' part in a branch's.
pub const MEMBERS: &str = "members";

/// The id of the branches' part in a committee's.
pub const BRANCHES: &str = "branches";

/// One component of a score: `tenths` is `min(points, full_points) / full_points × weight`, rounded half up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Id of the component.
    pub component: String,
    /// Points that count for it.
    pub points: i64,
    /// Points from which on it is worth its whole weight.
    pub full_points: i64,
    /// What it can be worth, in tenths; the weights of an appraisal sum to 1,000.
    pub weight: i64,
    /// What it is worth, in tenths.
    pub tenths: i64,
}

impl Marks {
    fn new(component: &str, points: i64, full_points: i64, weight: i64) -> Self {
        let full_points = full_points.max(1);
        let counted = i128::from(points.clamp(0, full_points));
        let tenths = half_up(counted * i128::from(weight), full_points.into());
        Self { component: component.to_owned(), points, full_points, weight, tenths }
    }
}

/// A score and what it is composed of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appraisal {
    /// The score in tenths, the sum of the components.
    pub score: i64,
    /// The components, in the order of the rule set.
    pub components: Vec<Marks>,
}

impl Appraisal {
    fn of(components: Vec<Marks>) -> Self {
        Self { score: components.iter().map(|marks| marks.tenths).sum(), components }
    }

    /// The components as [`crate::rows::Score::components`] holds them.
    pub fn encode(&self) -> String {
        encode_components(self.components.iter().map(|marks| (marks.component.as_str(), marks.tenths)))
    }
}

/// `numerator / denominator`, rounded to the nearest integer, halves up. Both fit 65 bits and the denominator is positive.
fn half_up(numerator: i128, denominator: i128) -> i64 {
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// A member's score from the points of a quarter by component.
///
/// Where study is kept out of the appraisal its components leave, and the weights of the others are scaled so that they sum to
/// 100 again: in tenths, rounded down, the tenths that are then missing going to the largest remainders (to the first of
/// equals).
pub fn appraisal(set: &RuleSet, switches: &Switches, points_by_component: &BTreeMap<String, i64>) -> Appraisal {
    let counted: Vec<_> =
        set.components.iter().filter(|component| switches.study_in_appraisal || !set.is_study(&component.id)).collect();
    let weights = scaled(&counted.iter().map(|component| component.weight).collect::<Vec<_>>());
    let marks = counted.into_iter().zip(weights).map(|(component, weight)| {
        let points = points_by_component.get(&component.id).copied().unwrap_or(0);
        Marks::new(&component.id, points, component.full_points, weight)
    });
    Appraisal::of(marks.collect())
}

/// Positive weights in tenths of 100 that sum to 1,000.
fn scaled(weights: &[i64]) -> Vec<i64> {
    let sum: i64 = weights.iter().sum::<i64>().max(1);
    let mut tenths: Vec<i64> = weights.iter().map(|weight| weight * FULL_SCORE / sum).collect();
    let missing = FULL_SCORE - tenths.iter().sum::<i64>();
    let mut by_remainder: Vec<_> =
        weights.iter().zip(tenths.iter_mut()).map(|(weight, tenth)| (weight * FULL_SCORE % sum, tenth)).collect();
    by_remainder.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    for (_, tenth) in by_remainder.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        *tenth += 1;
    }
    tenths
}

/// An organization's points of a quarter: its share of its own and of the mean of those below (a branch's members, a
/// committee's branches), rounded half up. With nobody below their part is 0. A member's are their own.
pub fn organization_points(set: &RuleSet, kind: SubjectKind, own: i64, below: &[i64]) -> i64 {
    let Some(shares) = set.shares(kind) else { return own };
    let sum: i128 = below.iter().map(|points| i128::from(*points)).sum();
    let count = i128::try_from(below.len()).unwrap_or(i128::MAX).max(1);
    // 20 bits of count and 64 of points leave room.
    half_up(i128::from(own) * i128::from(shares.own) * count + sum * i128::from(shares.mean), 100 * count)
}

/// An organization's score: its own work up to full marks, and the mean of the scores below, in tenths. Members have none.
pub fn organization_appraisal(set: &RuleSet, kind: SubjectKind, own_points: i64, scores_below: &[i64]) -> Appraisal {
    let Some(shares) = set.shares(kind) else { return Appraisal::of(vec![]) };
    let full = i64::try_from(scores_below.len()).unwrap_or(i64::MAX).saturating_mul(FULL_SCORE);
    let sum = scores_below.iter().fold(0i64, |sum, score| sum.saturating_add((*score).clamp(0, FULL_SCORE)));
    Appraisal::of(vec![
        Marks::new(OWN, own_points, shares.own_full_points, shares.own * 10),
        Marks::new(if kind == SubjectKind::Branch { MEMBERS } else { BRANCHES }, sum, full, shares.mean * 10),
    ])
}

/// Somebody to be placed on a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// The member or organization.
    pub subject: RowId,
    /// Points of the quarter.
    pub points: i64,
    /// Score in tenths.
    pub score: i64,
}

/// Who is on which board.
///
/// A band's quota is a part of all subjects, rounded down but at least one. The best by score, then by points, are within it;
/// of those who are equal at its edge none is, rather than some, and who isn't falls to the next band. The vetoed are on the
/// black board.
pub fn boards(set: &RuleSet, scored: &[Scored], vetoed: &BTreeSet<RowId>) -> BTreeMap<RowId, Board> {
    let mut places: BTreeMap<RowId, Board> = scored.iter().map(|one| (one.subject, Board::Black)).collect();
    let subjects = places.len();
    let mut waiting: Vec<&Scored> = scored.iter().filter(|one| !vetoed.contains(&one.subject)).collect();
    waiting.sort_by_key(|one| std::cmp::Reverse((one.score, one.points)));
    let mut from = 0;
    for band in &set.bands {
        let reached = waiting.partition_point(|one| one.score >= band.ge.saturating_mul(10)).max(from);
        let within = match band.quota_pct {
            Some(pct) => {
                let pct = usize::try_from(pct).unwrap_or(0);
                edge(&waiting, from, reached, (subjects.saturating_mul(pct) / 100).max(1))
            }
            None => reached,
        };
        for one in waiting.get(from..within).unwrap_or_default() {
            places.insert(one.subject, band.board);
        }
        from = within;
    }
    places
}

/// The end of those from `from` to before `to` who are within a quota of `most`.
fn edge(waiting: &[&Scored], from: usize, to: usize, most: usize) -> usize {
    let mut end = from.saturating_add(most);
    if end >= to {
        return to;
    }
    let rank = |at: usize| waiting.get(at).map(|one| (one.score, one.points));
    while end > from && rank(end - 1) == rank(end) {
        end -= 1;
    }
    end
}

/// `id:tenths` joined by commas.
pub fn encode_components<'a>(components: impl IntoIterator<Item = (&'a str, i64)>) -> String {
    let parts: Vec<String> = components.into_iter().map(|(id, tenths)| format!("{id}:{tenths}")).collect();
    parts.join(",")
}

/// A text that is no list of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("part {at} of the components is no id and tenths from 0 to 1000")]
pub struct ComponentsError {
    /// Which part, from 0.
    pub at: usize,
}

/// Reads what [`encode_components`] wrote, and nothing else.
pub fn parse_components(text: &str) -> Result<Vec<(String, i64)>, ComponentsError> {
    if text.is_empty() {
        return Ok(vec![]);
    }
    let part = |(at, part): (usize, &str)| {
        let (id, digits) = part.split_once(':').ok_or(ComponentsError { at })?;
        let id_fits = (1..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let tenths = super::rank::integer(digits).filter(|tenths| id_fits && (0..=FULL_SCORE).contains(tenths));
        Ok((id.to_owned(), tenths.ok_or(ComponentsError { at })?))
    };
    text.split(',').enumerate().map(part).collect()
}

//! What a person should look at: signals, never verdicts. Nothing here takes points away.
//!
//! Accessibility services are no signal and nothing here takes them as input: elderly members need them. Speed is none
//! either; slow readers and quick ones are both honest.
//!
//! **Touches.** A script sleeps a fixed time between two taps; a hand does not, not even a regular one. What tells them
//! apart is not the spread of all intervals (reading pauses, breaks and dropped touches spread a script's too) but how many
//! touches have another at one of a few exact distances. So for every touch the distances to the next few touches are
//! taken, not only to the next one, which sees through dropped touches and through two phones tapping at once; then up to
//! [`MODES`] windows of ±[`TOLERANCE_MS`] are laid where they explain the most touches. Entropy and the coefficient of
//! variation were not used: one long pause, or alternating between two intervals, ruins either.
//!
//! Measured on 2,000 synthetic traces of each kind from 20 touches on (`tests/study_anomaly.rs` prints it with the seeds).
//! Flagged of scripts: fixed 99.9 %, two or three intervals in turn 99.9 %, at random 99.4 %, two phones 100 %, all with
//! 20 ms of noise and a tenth of the touches lost; with a jitter of ±0.1 s 95 %, ±0.2 s 6 %, ±0.5 s and more none. Flagged
//! of people: flicks and reading pauses 0, elderly page turns of 20 to 40 s 0, a steady rhythm 0, nothing but flicks 0.7 %.

/// Half the width of a window around an exact distance, ms: twice 20 ms of timer noise hardly leaves it.
pub const TOLERANCE_MS: i64 = 30;
/// How many exact distances a script may have.
pub const MODES: usize = 3;
/// To how many following touches distances are taken.
const REACH: usize = 4;
/// Longer distances are breaks, ms.
const BREAK_MS: i64 = 180_000;
/// Touches closer than this are one, ms: a double tap, several fingers.
const ONE_TOUCH_MS: i64 = 50;
/// Fewer touches say nothing.
pub const LEAST_TOUCHES: usize = 20;
/// From this share of touches on an exact distance, in thousandths, it is told to a person.
pub const SHARE_PERMILLE: u32 = 800;
/// From this many answers on, answers by chance can be told from honest ones.
pub const LEAST_ANSWERS: u32 = 12;
/// How much more may be claimed than passed before anybody is told, ms.
pub const SUM_TOLERANCE_MS: i64 = 5 * 60_000;

/// Touches at exact distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regularity {
    /// Touches that have a following one within three minutes.
    pub touches: u32,
    /// How many of them have one at an exact distance, in thousandths.
    pub share_permille: u32,
    /// The distance most of them have, ms.
    pub interval_ms: i64,
}

impl Regularity {
    /// For the person who looks at it: 「36 次触屏中 34 次间隔为 5.00 秒（误差 0.03 秒内）」.
    pub fn evidence(&self) -> String {
        let exact = (u64::from(self.touches) * u64::from(self.share_permille) + 500) / 1_000;
        let hundredths = |ms: i64| {
            let hundredths = (ms.max(0) + 5) / 10;
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        };
        let (interval, within) = (hundredths(self.interval_ms), hundredths(TOLERANCE_MS));
        format!("{} 次触屏中 {exact} 次间隔为 {interval} 秒等固定时长（误差 {within} 秒内）", self.touches)
    }
}

/// Whether a member's touches of a day, boot or server time in ms, ascending, come at exact distances.
pub fn exact_intervals(inputs: &[i64]) -> Option<Regularity> {
    let mut touches: Vec<i64> = vec![];
    for at in inputs {
        if touches.last().is_none_or(|last| at.saturating_sub(*last) >= ONE_TOUCH_MS) {
            touches.push(*at);
        }
    }
    if touches.len() < LEAST_TOUCHES {
        return None;
    }
    // Distances with the touch they start from.
    let mut distances: Vec<(i64, usize)> = vec![];
    let mut followed = 0usize;
    for (index, at) in touches.iter().enumerate() {
        let near = touches.iter().skip(index + 1).take(REACH).map(|next| next.saturating_sub(*at));
        let before = distances.len();
        distances.extend(near.take_while(|distance| *distance <= BREAK_MS).map(|distance| (distance, index)));
        followed += usize::from(distances.len() > before);
    }
    distances.sort_unstable();
    let mut explained = vec![false; touches.len()];
    let mut interval_ms = None;
    for _ in 0..MODES {
        let window = densest(&distances, &explained);
        let middle = window.get(window.len() / 2).map(|(distance, _)| *distance);
        for (_, index) in window {
            if let Some(slot) = explained.get_mut(*index) {
                *slot = true;
            }
        }
        interval_ms = interval_ms.or(middle);
    }
    let exact = explained.iter().filter(|is| **is).count();
    let share_permille = u32::try_from(exact * 1_000 / followed.max(1)).unwrap_or(0);
    let regular = followed * 5 >= LEAST_TOUCHES * 4 && share_permille >= SHARE_PERMILLE;
    let touches = u32::try_from(followed).unwrap_or(u32::MAX);
    interval_ms.filter(|_| regular).map(|interval_ms| Regularity { touches, share_permille, interval_ms })
}

/// The window in which the most touches not yet explained start a distance.
fn densest<'a>(distances: &'a [(i64, usize)], explained: &[bool]) -> &'a [(i64, usize)] {
    let is_new = |of: Option<&(i64, usize)>| {
        of.is_some_and(|(_, index)| explained.get(*index).is_some_and(|explained| !explained))
    };
    let (mut from, mut new, mut best, mut best_new) = (0, 0usize, 0..0, 0);
    for (to, (distance, _)) in distances.iter().enumerate() {
        new += usize::from(is_new(distances.get(to)));
        while distances.get(from).is_some_and(|(first, _)| distance.saturating_sub(*first) > 2 * TOLERANCE_MS) {
            new -= usize::from(is_new(distances.get(from)));
            from += 1;
        }
        if new > best_new {
            (best_new, best) = (new, from..to + 1);
        }
    }
    distances.get(best).unwrap_or_default()
}

/// Whether comprehension checks were answered as by chance: no more right than the upper bound (95 %, binomial) of guessing
/// among `choices`, and so few that a reader who knows seven of ten would do so badly less than once in a hundred times.
/// The second half protects honest members when few answers are known. Fewer than [`LEAST_ANSWERS`] say nothing.
pub fn random_answers(right: u32, asked: u32, choices: u32) -> bool {
    if asked < LEAST_ANSWERS || choices < 2 || right > asked {
        return false;
    }
    let guessing = 1.0 / f64::from(choices);
    at_most(right.checked_sub(1), asked, guessing) < 0.95 && at_most(Some(right), asked, 0.7) < 0.01
}

/// How likely at most `right` of `asked` are right, each with probability `p`; `None` right is less than none.
fn at_most(right: Option<u32>, asked: u32, p: f64) -> f64 {
    let Some(right) = right else { return 0.0 };
    let asked_f = f64::from(asked);
    if asked > 400 {
        // So many that the binomial is the normal distribution; only the two quantiles in use are told apart.
        let z = (f64::from(right) + 0.5 - asked_f * p) / (asked_f * p * (1.0 - p)).sqrt();
        return if z < -2.326 {
            0.0
        } else if z < 1.645 {
            0.5
        } else {
            1.0
        };
    }
    let mut term = (0..asked).fold(1.0, |product, _| product * (1.0 - p));
    let mut sum = term;
    for k in 1..=right {
        term *= f64::from(asked - k + 1) / f64::from(k) * p / (1.0 - p);
        sum += term;
    }
    sum
}

/// More time claimed than passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpossibleSum {
    /// Claimed, ms.
    pub claimed_ms: i64,
    /// Passed by the server's clock, ms.
    pub elapsed_ms: i64,
}

impl ImpossibleSum {
    /// For the person who looks at it: 「申报学习 200 分钟，其间实际只过了 170 分钟」.
    pub fn evidence(&self) -> String {
        let minutes = |ms: i64| ms.max(0) / 60_000;
        format!("申报学习 {} 分钟，其间实际只过了 {} 分钟", minutes(self.claimed_ms), minutes(self.elapsed_ms))
    }
}

/// Whether more was claimed than passed, by more than [`SUM_TOLERANCE_MS`].
pub fn impossible_sum(claimed_ms: i64, elapsed_ms: i64) -> Option<ImpossibleSum> {
    let elapsed_ms = elapsed_ms.max(0);
    (claimed_ms > elapsed_ms.saturating_add(SUM_TOLERANCE_MS)).then_some(ImpossibleSum { claimed_ms, elapsed_ms })
}

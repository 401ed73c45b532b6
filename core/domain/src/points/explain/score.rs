//! What a score is composed of, and what the boards mean.

use super::words::{grouped, tenths, weight};
use super::{Explanation, Line};
use crate::points::rules::{RuleSet, Switches};
use crate::points::score::{Appraisal, BRANCHES, ComponentsError, FULL_SCORE, MEMBERS, Marks, OWN, parse_components};
use crate::rows::Board;

/// Explains a score: each component as points over full points times weight.
pub fn score(appraisal: &Appraisal, set: &RuleSet) -> Explanation {
    let lines: Vec<Line> =
        appraisal.components.iter().map(|marks| Line::new(&label(&marks.component, set), marks_text(marks))).collect();
    let parts: Vec<String> = appraisal
        .components
        .iter()
        .map(|marks| format!("{} {}", label(&marks.component, set), tenths(marks.tenths)))
        .collect();
    let score = tenths(appraisal.score);
    let sentence = match parts.is_empty() {
        true => format!("得分 {score} 分。"),
        false => format!("得分 {score} 分：{}。", parts.join("，")),
    };
    Explanation { headline: format!("{score} 分由什么组成"), lines, sentence }
}

/// The components of a stored score: 「学习 41.2」.
pub fn components(text: &str, set: &RuleSet) -> Result<Vec<Line>, ComponentsError> {
    Ok(parse_components(text)?.into_iter().map(|(id, n)| Line::new(&label(&id, set), tenths(n))).collect())
}

fn label(component: &str, set: &RuleSet) -> String {
    match (set.component(component), component) {
        (Some(component), _) => component.label.clone(),
        (None, OWN) => "本级工作".to_owned(),
        (None, MEMBERS) => "党员平均".to_owned(),
        (None, BRANCHES) => "下级平均".to_owned(),
        (None, id) => id.to_owned(),
    }
}

fn marks_text(marks: &Marks) -> String {
    let worth = tenths(marks.tenths);
    // Scores, in tenths, of so many.
    let below = matches!(marks.component.as_str(), MEMBERS | BRANCHES);
    let counted = i128::from(marks.points.clamp(0, marks.full_points)) * i128::from(marks.weight);
    let equals = if counted == i128::from(marks.tenths) * i128::from(marks.full_points) { "=" } else { "≈" };
    let share = weight(marks.weight);
    match (below, marks.points) {
        (true, _) if marks.full_points < FULL_SCORE => format!("没有可平均的得分，计 {worth}"),
        (true, sum) => {
            let count = marks.full_points / FULL_SCORE;
            format!("{count} 个得分合计 {} ÷ {count} × {share}% {equals} {worth}", tenths(sum))
        }
        (false, points) if points >= marks.full_points => {
            format!("{} 分，满 {} 分即得满分 {worth}", grouped(points), grouped(marks.full_points))
        }
        (false, points @ ..0) => format!("{} 分，计 {worth}", grouped(points)),
        (false, points) => {
            format!("{} ÷ {} × {share} {equals} {worth}", grouped(points), grouped(marks.full_points))
        }
    }
}

/// What puts a subject on a board: 「90 分以上，名额不超过 20%（规则集 2026.1）」.
pub fn board(set: &RuleSet, board: Board) -> String {
    let at = set.bands.iter().position(|band| band.board == board);
    let band = at.and_then(|at| set.bands.get(at));
    let above = at.and_then(|at| at.checked_sub(1)).and_then(|at| set.bands.get(at));
    let range = match (band, above) {
        (Some(band), Some(above)) if band.ge == 0 => format!("不满 {} 分", above.ge),
        // Who finds no place within a quota above falls into this band with any score.
        (Some(band), Some(above)) if above.quota_pct.is_none() => format!("{} 分以上，不满 {} 分", band.ge, above.ge),
        (Some(band), _) => format!("{} 分以上", band.ge),
        (None, _) => board.label().to_owned(),
    };
    let quota = band.and_then(|band| band.quota_pct).map(|pct| format!("，名额不超过 {pct}%")).unwrap_or_default();
    format!("{range}{quota}（规则集 {}）", set.version)
}

/// Who sees the names on the yellow and black boards.
pub fn low_boards(switches: &Switches) -> &'static str {
    if switches.names_on_low_boards {
        "黄榜、黑榜不公开姓名，只有本人、支部书记和上级党委能看到。"
    } else {
        "黄榜、黑榜不公开姓名，只有本人能看到。"
    }
}

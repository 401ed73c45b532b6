//! Where the points of one posting come from.

use super::words::{date, length, record_number, when};
use super::{Explanation, Line};
use crate::points::post::{units, worth};
use crate::points::rules::{FactKind, Rule, RuleSet};
use crate::rows::LedgerEntry;
use crate::time::CivilDay;

/// The rule that made the posting, if `set` is the set that it names.
fn rule_of<'a>(entry: &LedgerEntry, set: Option<&'a RuleSet>) -> Option<(&'a RuleSet, &'a Rule)> {
    let set = set.filter(|set| set.id() == entry.rule_set)?;
    Some((set, set.rule(&entry.rule)?))
}

/// The rule in words, as far as it is known.
fn rule_text(entry: &LedgerEntry, set: Option<&RuleSet>) -> String {
    match rule_of(entry, set) {
        Some((_, rule)) => rule.label.clone(),
        None if entry.rule_set.is_empty() => "平台启用前的积分".to_owned(),
        None => format!("规则 {}", entry.rule),
    }
}

/// The line of a posting in a list: its rule in words, and whether it takes points back or gives them back.
pub fn title(entry: &LedgerEntry, set: Option<&RuleSet>) -> String {
    let rule = rule_text(entry, set);
    match (entry.reverses, entry.points) {
        (None, _) => rule,
        (Some(_), ..0) => format!("收回：{rule}"),
        (Some(_), 0..) => format!("恢复：{rule}"),
    }
}

/// Explains a posting. `set` is the set it names, if that is at hand; `about_title` is the title of what it is about; days are
/// told as seen from `today`.
pub fn posting(entry: &LedgerEntry, set: Option<&RuleSet>, about_title: Option<&str>, today: CivilDay) -> Explanation {
    let points = entry.points.unsigned_abs();
    let headline = match (entry.reverses, entry.points) {
        (None, 0..) => format!("这 {points} 分怎么来的"),
        (None, ..0) => format!("这 {points} 分为什么被扣"),
        (Some(_), ..0) => format!("这 {points} 分为什么被收回"),
        (Some(_), 0..) => format!("这 {points} 分为什么恢复"),
    };
    let mut lines = vec![Line::new("规则", rule_text(entry, set))];
    match (entry.reverses, rule_of(entry, set)) {
        (None, Some((_, rule))) => lines.extend(arithmetic(entry, rule, today)),
        (None, None) => lines.push(Line::new("得分", format!("{} 分", entry.points))),
        (Some(_), _) => {
            let way = if entry.points < 0 { "收回" } else { "恢复" };
            lines.push(Line::new(way, format!("{points} 分")));
        }
    }
    if let Some(reason) = &entry.reason {
        lines.push(Line::new("原因", reason.as_str()));
    }
    let told: Vec<String> = lines.iter().skip(1).map(|line| format!("{} {}", line.label, line.text)).collect();
    let sentence = format!("{}：{}。", title(entry, set), told.join("；").replace(" → ", "，"));

    let at = when(entry.day, entry.from_at, entry.to_at, today);
    lines.push(Line::new("依据", about_title.map_or_else(|| at.clone(), |title| format!("{title} · {at}"))));
    lines.push(Line::new("规则集", rule_set(entry, set)));
    if let Some(reversed) = entry.reverses {
        lines.push(Line::new("原记录编号", record_number(reversed)));
    }
    lines.push(Line::new("记录编号", record_number(entry.id)));
    Explanation { headline, lines, sentence }
}

/// `规则集 2026.1（1月1日起执行）`.
fn rule_set(entry: &LedgerEntry, set: Option<&RuleSet>) -> String {
    match (set.filter(|set| set.id() == entry.rule_set), entry.rule_set.rsplit_once('/')) {
        (Some(set), _) => format!("规则集 {}（{}起执行）", set.version, date(set.effective_from, entry.day)),
        (None, Some((_, version))) => format!("规则集 {version}"),
        (None, None) if entry.rule_set.is_empty() => "无，平台启用前的记录".to_owned(),
        (None, None) => format!("规则集 {}", entry.rule_set),
    }
}

/// From what was measured to the points, step by step.
fn arithmetic(entry: &LedgerEntry, rule: &Rule, today: CivilDay) -> Vec<Line> {
    let day = if entry.day == today { "今日" } else { "当日" };
    let this = if rule.fact.is_time() { "本次时长" } else { "本次" };
    let mut lines = vec![Line::new(this, measured(rule, entry.amount, entry.amount_before))];
    if let Some(cap) = rule.cap.day {
        lines.push(Line::new("每日上限", format!("{cap} 分，{day}此前已得 {} 分", entry.points_before)));
    }
    for (label, cap) in [("每季度上限", rule.cap.quarter), ("每年上限", rule.cap.year)] {
        lines.extend(cap.map(|cap| Line::new(label, format!("{cap} 分"))));
    }
    lines.extend(points(entry, rule, day));
    lines
}

/// How the points follow: the product, and the cap that limited it. A posting keeps what the rule gave that day before, so what
/// the day left can be told; if it is less than that, the quarter or year left just these points.
fn points(entry: &LedgerEntry, rule: &Rule, day: &str) -> Vec<Line> {
    let times = units(rule.every, entry.amount, entry.amount_before);
    let worth = worth(rule, entry.amount, entry.amount_before);
    let day_left = rule.cap.day.filter(|_| worth > 0).map(|cap| cap.saturating_sub(entry.points_before).max(0));
    let within_day = day_left.map_or(worth, |left| worth.min(left));
    let product = format!("{times} × {} = {worth} 分", rule.points);
    let longer = match (rule.cap.quarter, rule.cap.year) {
        (Some(_), Some(_)) => Some("每季度或每年上限"),
        (Some(_), None) => Some("每季度上限"),
        (None, Some(_)) => Some("每年上限"),
        (None, None) => None,
    };
    let got = entry.points;
    match longer {
        _ if got == worth && got == within_day => vec![Line::new("得分", product)],
        _ if got == within_day => {
            vec![Line::new("得分", format!("{product}，{day}上限还余 {got} 分，计 {got} 分"))]
        }
        Some(cap) if (1..within_day).contains(&got) => {
            vec![Line::new("得分", format!("{product}，{cap}还余 {got} 分，计 {got} 分"))]
        }
        _ => vec![
            Line::new("得分", format!("{got} 分")),
            Line::new("核对", format!("按规则应为 {within_day} 分，与记录不符，请申诉")),
        ],
    }
}

/// What was measured, with what was left over from before, and how many times the rule's amount is in it.
fn measured(rule: &Rule, amount: i64, before: i64) -> String {
    let (amount, every) = (amount.max(0), rule.every.max(1));
    let left_over = before.max(0) % every;
    let times = units(every, amount, before);
    // Seconds are enough unless their sum would be another number of times.
    let exact = units(every, amount - amount % 1_000, left_over - left_over % 1_000) != times;
    let told = |n: i64| match rule.fact {
        FactKind::ReadMs | FactKind::AvMs => length(n, exact),
        kind => format!("{n} {}", kind.unit()),
    };
    let mut text = told(amount);
    if left_over > 0 && (exact || !rule.fact.is_time() || left_over >= 1_000) {
        text.push_str(&format!("，加此前余下的 {}", told(left_over)));
    }
    match (rule.fact.is_time(), every) {
        (true, 60_000) => text.push_str(&format!(" → 取整 {times} 分钟")),
        (false, 1) => {}
        _ => {
            let every = if rule.fact.is_time() { length(every, true) } else { told(every) };
            text.push_str(&format!(" → 每 {every}计一次，共 {times} 次"));
        }
    }
    text
}

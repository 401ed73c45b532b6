//! Explanations of postings and scores.

use std::collections::BTreeMap;

use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::points::explain::{self, Explanation};
use dangjian_domain::points::post::{Fact, Given, Period, post, reversal};
use dangjian_domain::points::rules::{Caps, FactKind, Rule, RuleSet, Switches};
use dangjian_domain::points::score::{appraisal, organization_appraisal};
use dangjian_domain::rows::{Board, LedgerEntry, SubjectKind};
use dangjian_domain::time::CivilDay;
use proptest::prelude::*;

use super::{MEMBER, day, default_set, fact};

const ON: Switches = Switches::STANDARD;

/// The same answer whatever is asked.
struct Before(i64);

impl Given for Before {
    type Error = ();
    fn points(&self, _: RowId, _: &str, _: Period) -> Result<i64, ()> {
        Ok(self.0)
    }
}

fn entry(set: &RuleSet, fact: &Fact, before: i64) -> LedgerEntry {
    post(set, &ON, fact, &Before(before)).unwrap().remove(0)
}

fn told(explanation: &Explanation) -> Vec<String> {
    explanation.lines.iter().map(|line| format!("{} {}", line.label, line.text)).collect()
}

fn line<'a>(explanation: &'a Explanation, label: &str) -> Option<&'a str> {
    explanation.lines.iter().find(|line| line.label == label).map(|line| line.text.as_str())
}

fn reading(on: CivilDay) -> LedgerEntry {
    let at = |minutes: i64| Some(on.start().plus_ms((5 * 60 + minutes) * 60_000));
    let read = Fact { from_at: at(22), to_at: at(26), ..fact(1, FactKind::ReadMs, on, 220_000, 180_000) };
    LedgerEntry { id: "01935f2a-0000-7000-8000-00000000c41e".parse().unwrap(), ..entry(&default_set(), &read, 3) }
}

#[test]
fn a_posting_is_explained_as_on_the_screen() {
    let (set, today) = (default_set(), day(2026, 11, 24));
    let explanation = explain::posting(&reading(today), Some(&set), Some("学习辅导（二）"), today);
    assert_eq!(explanation.headline, "这 3 分怎么来的");
    assert_eq!(
        told(&explanation),
        [
            "规则 有效阅读满 1 分钟计 1 分",
            "本次时长 3 分 40 秒 → 取整 3 分钟",
            "每日上限 6 分，今日此前已得 3 分",
            "得分 3 × 1 = 3 分",
            "依据 学习辅导（二） · 05:22—05:26",
            "规则集 规则集 2026.1（1月1日起执行）",
            "记录编号 0193-5f2a-…-c41e",
        ]
    );
    assert_eq!(
        explanation.sentence,
        "有效阅读满 1 分钟计 1 分：本次时长 3 分 40 秒，取整 3 分钟；每日上限 6 分，今日此前已得 3 分；得分 3 × 1 = 3 分。"
    );
    assert_eq!(explain::title(&reading(today), Some(&set)), "有效阅读满 1 分钟计 1 分");
}

#[test]
fn days_are_told_as_seen_from_today() {
    let set = default_set();
    let explanation = explain::posting(&reading(day(2026, 11, 23)), Some(&set), None, day(2027, 1, 2));
    assert_eq!(line(&explanation, "每日上限"), Some("6 分，当日此前已得 3 分"));
    assert_eq!(line(&explanation, "依据"), Some("2026年11月23日 05:22—05:26"));
    assert_eq!(line(&explanation, "规则集"), Some("规则集 2026.1（1月1日起执行）"));
    let next_year = LedgerEntry { day: day(2027, 1, 1), ..reading(day(2027, 1, 1)) };
    let explanation = explain::posting(&next_year, Some(&set), None, day(2027, 1, 1));
    assert_eq!(line(&explanation, "规则集"), Some("规则集 2026.1（2026年1月1日起执行）"));
}

#[test]
fn what_was_left_over_is_accounted_for() {
    let (set, on) = (default_set(), day(2026, 11, 24));
    let this = |amount, before| {
        let entry = entry(&set, &fact(1, FactKind::ReadMs, on, amount, before), 0);
        let explanation = explain::posting(&entry, Some(&set), None, on);
        (line(&explanation, "本次时长").unwrap().to_owned(), line(&explanation, "得分").unwrap().to_owned())
    };
    assert_eq!(this(220_000, 30_000), ("3 分 40 秒，加此前余下的 30 秒 → 取整 4 分钟".into(), "4 × 1 = 4 分".into()));
    assert_eq!(this(60_000, 60_400), ("1 分 → 取整 1 分钟".into(), "1 × 1 = 1 分".into()));
    // In whole seconds these two would not make a minute.
    assert_eq!(this(29_700, 30_300).0, "29.700 秒，加此前余下的 30.300 秒 → 取整 1 分钟");
    let two = Rule { every: 2, points: 3, label: "每 2 题计 3 分".into(), ..set.rules[5].clone() };
    let half_minutes = Rule { every: 30_000, ..set.rules[1].clone() };
    let other = RuleSet { rules: vec![two, half_minutes], ..set.clone() };
    let quiz = entry(&other, &fact(1, FactKind::QuizRight, on, 3, 1), 0);
    let explanation = explain::posting(&quiz, Some(&other), None, on);
    assert_eq!(line(&explanation, "本次"), Some("3 题，加此前余下的 1 题 → 每 2 题计一次，共 2 次"));
    assert_eq!(line(&explanation, "得分"), Some("2 × 3 = 6 分，今日上限还余 5 分，计 5 分"));
    let read = entry(&other, &fact(1, FactKind::ReadMs, on, 100_000, 0), 0);
    let explanation = explain::posting(&read, Some(&other), None, on);
    assert_eq!(line(&explanation, "本次时长"), Some("1 分 40 秒 → 每 30 秒计一次，共 3 次"));
}

#[test]
fn the_cap_that_limited_is_named() {
    let (set, on) = (default_set(), day(2026, 11, 24));
    let long = entry(&set, &fact(1, FactKind::ReadMs, on, 600_000, 240_000), 4);
    let explanation = explain::posting(&long, Some(&set), None, on);
    assert_eq!(line(&explanation, "得分"), Some("10 × 1 = 10 分，今日上限还余 2 分，计 2 分"));
    struct Quarter;
    impl Given for Quarter {
        type Error = ();
        fn points(&self, _: RowId, _: &str, period: Period) -> Result<i64, ()> {
            Ok(if matches!(period, Period::Quarter(_)) { 27 } else { 0 })
        }
    }
    let third = post(&set, &ON, &fact(1, FactKind::SuggestionAccepted, on, 1, 0), &Quarter).unwrap().remove(0);
    let explanation = explain::posting(&third, Some(&set), Some("村口公交站加装夜灯"), on);
    assert_eq!(
        told(&explanation)[..6],
        [
            "规则 建议被采纳",
            "本次 1 条",
            "每日上限 10 分，今日此前已得 0 分",
            "每季度上限 30 分",
            "得分 1 × 10 = 10 分，每季度上限还余 3 分，计 3 分",
            "依据 村口公交站加装夜灯 · 今天",
        ]
    );
    let less = Rule { points: -2, cap: Caps::default(), ..set.rules[7].clone() };
    let other = RuleSet { rules: vec![less], ..set };
    let absent = entry(&other, &fact(1, FactKind::Attendance, on, 1, 0), 0);
    let explanation = explain::posting(&absent, Some(&other), None, on);
    assert_eq!(explanation.headline, "这 2 分为什么被扣");
    assert_eq!(line(&explanation, "得分"), Some("1 × -2 = -2 分"));
    assert_eq!(line(&explanation, "每日上限"), None);
}

#[test]
fn what_does_not_follow_from_the_rules_is_not_told_as_an_equation() {
    let (set, on) = (default_set(), day(2026, 11, 24));
    for points in [1, 2, 4, 6, 1_000, i64::MAX, -3, i64::MIN] {
        let wrong = LedgerEntry { points, ..reading(on) };
        let explanation = explain::posting(&wrong, Some(&set), None, on);
        assert_eq!(line(&explanation, "得分"), Some(format!("{points} 分").as_str()));
        assert_eq!(line(&explanation, "核对"), Some("按规则应为 3 分，与记录不符，请申诉"));
    }
    // More than the day left.
    let over = LedgerEntry { points_before: 5, ..reading(on) };
    assert!(line(&explain::posting(&over, Some(&set), None, on), "核对").unwrap().contains("应为 1 分"));
}

#[test]
fn without_its_own_set_only_what_is_known_is_told() {
    let on = day(2026, 11, 24);
    let other = RuleSet { version: "2027.1".into(), ..default_set() };
    let retired = RuleSet { rules: vec![], ..default_set() };
    for set in [None, Some(&other), Some(&retired)] {
        let explanation = explain::posting(&reading(on), set, None, on);
        assert_eq!(told(&explanation)[..2], ["规则 规则 read_minutes", "得分 3 分"]);
        assert!(line(&explanation, "规则集").unwrap().starts_with("规则集 2026.1"));
    }
    let old = LedgerEntry { rule_set: String::new(), rule: String::new(), ..reading(on) };
    let explanation = explain::posting(&old, None, None, on);
    assert_eq!(line(&explanation, "规则"), Some("平台启用前的积分"));
    assert_eq!(line(&explanation, "规则集"), Some("无，平台启用前的记录"));
}

#[test]
fn a_reversal_tells_its_reason_and_what_it_takes_back() {
    let (set, on) = (default_set(), day(2026, 11, 24));
    let back = reversal(&reading(on), "同一时段重复计时", OpId(RowId([9; 16]))).unwrap();
    let explanation = explain::posting(&back, Some(&set), Some("学习辅导（二）"), on);
    assert_eq!(explanation.headline, "这 3 分为什么被收回");
    assert_eq!(told(&explanation)[..3], ["规则 有效阅读满 1 分钟计 1 分", "收回 3 分", "原因 同一时段重复计时"]);
    assert_eq!(line(&explanation, "原记录编号"), Some("0193-5f2a-…-c41e"));
    assert_eq!(explanation.sentence, "收回：有效阅读满 1 分钟计 1 分：收回 3 分；原因 同一时段重复计时。");
    // An appeal against the reversal was granted.
    let again = LedgerEntry { points: 3, reverses: Some(back.id), reason: Some("申诉成立".into()), ..back.clone() };
    let explanation = explain::posting(&again, Some(&set), None, on);
    assert_eq!(explanation.headline, "这 3 分为什么恢复");
    assert_eq!(told(&explanation)[1..3], ["恢复 3 分", "原因 申诉成立"]);
    assert_eq!(line(&explain::posting(&back, None, None, on), "规则"), Some("规则 read_minutes"));
    assert_eq!(explain::title(&again, Some(&set)), "恢复：有效阅读满 1 分钟计 1 分");
}

#[test]
fn a_score_is_explained_by_its_components() {
    let set = default_set();
    let points: BTreeMap<String, i64> =
        [("study", 1_006), ("organization_life", 40), ("suggestion", 20)].map(|(id, n)| (id.to_owned(), n)).into();
    let explanation = explain::score(&appraisal(&set, &ON, &points), &set);
    assert_eq!(explanation.headline, "91.2 分由什么组成");
    assert_eq!(
        told(&explanation),
        ["学习 1,006 ÷ 1,100 × 45 ≈ 41.2", "组织生活 40 分，满 25 分即得满分 40.0", "建议 20 ÷ 30 × 15 = 10.0"]
    );
    assert_eq!(explanation.sentence, "得分 91.2 分：学习 41.2，组织生活 40.0，建议 10.0。");
    let off = appraisal(&set, &Switches { study_in_appraisal: false, ..ON }, &points);
    assert_eq!(
        told(&explain::score(&off, &set)),
        ["组织生活 40 分，满 25 分即得满分 72.7", "建议 20 ÷ 30 × 27.3 = 18.2"]
    );
    let stored = explain::components("study:412,organization_life:400,gone:112", &set).unwrap();
    let stored: Vec<_> = stored.iter().map(|line| format!("{} {}", line.label, line.text)).collect();
    assert_eq!(stored, ["学习 41.2", "组织生活 40.0", "gone 11.2"]);
    assert!(explain::components("study", &set).is_err());
}

#[test]
fn an_organizations_score_is_explained_too() {
    let set = default_set();
    let branch = organization_appraisal(&set, SubjectKind::Branch, 30, &[856, 1_000]);
    assert_eq!(
        told(&explain::score(&branch, &set)),
        ["本级工作 30 ÷ 40 × 50 = 37.5", "党员平均 2 个得分合计 185.6 ÷ 2 × 50% = 46.4"]
    );
    let empty = organization_appraisal(&set, SubjectKind::Committee, -5, &[]);
    assert_eq!(told(&explain::score(&empty, &set)), ["本级工作 -5 分，计 0.0", "下级平均 没有可平均的得分，计 0.0"]);
}

#[test]
fn boards_are_told_with_their_rule() {
    let set = default_set();
    let told = [Board::Gold, Board::Silver, Board::Yellow, Board::Black].map(|board| explain::board(&set, board));
    assert_eq!(
        told,
        [
            "90 分以上，名额不超过 20%（规则集 2026.1）",
            "80 分以上（规则集 2026.1）",
            "60 分以上，不满 80 分（规则集 2026.1）",
            "不满 60 分（规则集 2026.1）",
        ]
    );
    assert_eq!(explain::low_boards(&ON), "黄榜、黑榜不公开姓名，只有本人、支部书记和上级党委能看到。");
    for switches in [Switches { names_on_low_boards: false, ..ON }, Switches::BURDEN_REDUCTION] {
        assert_eq!(explain::low_boards(&switches), "黄榜、黑榜不公开姓名，只有本人能看到。");
    }
}

/// Every number in a text, in order.
fn numbers(text: &str) -> Vec<i64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// A told length of time in ms.
fn told_ms(text: &str) -> i64 {
    let words: Vec<&str> = text.split(' ').collect();
    let of = |pair: &[&str]| {
        let (whole, rest) = pair[0].split_once('.').unwrap_or((pair[0], "0"));
        let n: i64 = whole.parse().unwrap();
        n * match pair[1] {
            "小时" => 3_600_000,
            "分" => 60_000,
            "秒" => 1_000,
            other => panic!("{other}"),
        } + rest.parse::<i64>().unwrap()
    };
    words.chunks(2).map(of).sum()
}

proptest! {
    #[test]
    fn the_numbers_told_recompute_the_points(
        kind in proptest::sample::select(FactKind::ALL), every in 1i64..4, points in 1i64..20, amount in 0i64..900_000,
        before in 0i64..900_000, day_cap in prop::option::of(1i64..40), quarter in prop::option::of(40i64..80), given in 0i64..80
    ) {
        let on = day(2026, 5, 1);
        let time = kind.is_time();
        let every = if time { every * 20_000 } else { every };
        let (amount, before) = if time { (amount, before) } else { (amount % 9, before % 9) };
        let mut set = default_set();
        let cap = Caps { day: day_cap, quarter, year: None };
        set.rules = vec![Rule { id: "rule".into(), fact: kind, label: "规则".into(), every, points, cap, component: "study".into() }];
        for entry in post(&set, &ON, &fact(1, kind, on, amount, before), &Before(given)).unwrap() {
            prop_assert_eq!(entry.member.0, MEMBER);
            let explanation = explain::posting(&entry, Some(&set), None, on);
            prop_assert_eq!(line(&explanation, "核对"), None);
            // From what was measured to how many times.
            let this = line(&explanation, if time { "本次时长" } else { "本次" }).unwrap();
            let (measured, how_often) = this.split_once(" → ").unwrap_or((this, ""));
            let sum: i64 = measured.split("，加此前余下的 ").map(|part| if time { told_ms(part) } else { numbers(part)[0] }).sum();
            let score = numbers(line(&explanation, "得分").unwrap());
            let times = score[0];
            prop_assert_eq!(sum / every, times, "{}", this);
            if !how_often.is_empty() {
                prop_assert_eq!(*numbers(how_often).last().unwrap(), times);
            }
            // From there to the points.
            prop_assert_eq!(score[1], points);
            prop_assert_eq!(times * score[1], score[2]);
            prop_assert_eq!(*score.last().unwrap(), entry.points);
            // And within the caps told.
            let mut most = score[2];
            if let Some(text) = line(&explanation, "每日上限") {
                let told = numbers(text);
                prop_assert_eq!(told[0], day_cap.unwrap());
                most = most.min(told[0] - told[1]);
            }
            let by_quarter = line(&explanation, "得分").unwrap().contains("每季度");
            let follows = if by_quarter { entry.points < most } else { entry.points == most };
            prop_assert!(follows);
        }
    }

    #[test]
    fn any_posting_can_be_explained(
        points in any::<i64>(), amount in any::<i64>(), before in any::<i64>(), points_before in any::<i64>(), from in any::<Option<i64>>(),
        to in any::<Option<i64>>(), on in any::<i32>(), today in any::<i32>(), rule in 0usize..9, title in prop::option::of("\\PC{0,20}")
    ) {
        use dangjian_domain::time::Timestamp;
        let set = default_set();
        let entry = LedgerEntry {
            day: CivilDay(on),
            rule: set.rules[rule].id.clone(),
            points,
            amount,
            amount_before: before,
            points_before,
            from_at: from.map(Timestamp),
            to_at: to.map(Timestamp),
            ..reading(day(2026, 5, 1))
        };
        let explanation = explain::posting(&entry, Some(&set), title.as_deref(), CivilDay(today));
        prop_assert!(explanation.lines.len() >= 5 && !explanation.sentence.is_empty());
    }
}

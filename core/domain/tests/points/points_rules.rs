//! Reading and checking rule sets.

use dangjian_domain::points::rules::{FactKind, MAX_TEXT_BYTES, RuleSet, RulesError, Switches, Whose, components};
use dangjian_domain::rows::{Board, SubjectKind};
use proptest::prelude::*;

use super::{day, default_set, with};

fn errors(text: &str) -> RulesError {
    RuleSet::parse(text).unwrap_err()
}

#[test]
fn the_default_set_is_sound_and_says_what_the_proposal_says() {
    let set = default_set();
    assert_eq!(set.id(), "default-county/2026.1");
    assert_eq!(set.effective_from, day(2026, 1, 1));
    let caps: Vec<_> = set.rules.iter().map(|r| (r.id.as_str(), r.every, r.points, r.cap.day)).collect();
    assert_eq!(
        caps,
        [
            ("sign_in", 1, 1, Some(1)),
            ("read_minutes", 60_000, 1, Some(6)),
            ("read_item", 1, 1, Some(6)),
            ("av_minutes", 60_000, 1, Some(6)),
            ("av_item", 1, 1, Some(6)),
            ("quiz", 1, 1, Some(5)),
            ("suggestion_accepted", 1, 10, Some(10)),
            ("attendance", 1, 5, Some(10)),
            ("activity_held", 1, 5, Some(10)),
        ]
    );
    assert_eq!(set.study_points_a_day(&Switches::STANDARD), Some(30));
    assert_eq!(set.study_points_a_day(&Switches { sign_in_points: false, ..Switches::STANDARD }), Some(29));
    let weights: Vec<_> = set.components.iter().map(|c| (c.id.as_str(), c.label.as_str(), c.weight)).collect();
    assert_eq!(weights, [("study", "学习", 45), ("organization_life", "组织生活", 40), ("suggestion", "建议", 15)]);
    let bands: Vec<_> = set.bands.iter().map(|b| (b.board, b.ge, b.quota_pct)).collect();
    assert_eq!(
        bands,
        [(Board::Gold, 90, Some(20)), (Board::Silver, 80, None), (Board::Yellow, 60, None), (Board::Black, 0, None)]
    );
    assert_eq!((set.study.heartbeat_ms, set.study.max_gap_ms, set.study.segment_ms), (30_000, 45_000, 300_000));
    assert_eq!((set.study.checks.min_ms, set.study.checks.max_ms), (120_000, 300_000));
    assert!(set.is_study("study") && !set.is_study("suggestion") && !set.is_study("nothing"));
    assert_eq!(set.shares(SubjectKind::Member), None);
    assert_eq!(set.shares(SubjectKind::Branch).map(|shares| (shares.own, shares.mean)), Some((50, 50)));
}

#[test]
fn kinds_of_facts_are_found_by_their_names() {
    for kind in FactKind::ALL {
        assert_eq!(FactKind::from_name(kind.name()), Some(*kind));
        assert_eq!(kind.whose() == Whose::Organization, *kind == FactKind::ActivityHeld);
    }
    assert_eq!(FactKind::from_name("Read_ms"), None);
}

/// What is put in place of what, the place that must be named, and a part of what is allowed.
#[test]
fn every_bad_value_is_named_with_its_place_and_what_is_allowed() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("schema = 1", "schema = 2", "schema", "must be 1"),
        ("schema = 1", "", "schema", "missing"),
        ("schema = 1", "schema = \"1\"", "schema", "integer"),
        ("\"default-county\"", "\"Default County\"", "name", "1 to 40"),
        ("\"default-county\"", "\"\"", "name", "1 to 40"),
        ("\"2026.1\"", "\"2026/1\"", "version", "1 to 40"),
        ("\"2026.1\"", "2026.1", "version", "1 to 40"),
        ("= 2026-01-01", "= \"2026-01-01\"", "effective_from", "a date"),
        ("= 2026-01-01", "= 2026-01-01T00:00:00Z", "effective_from", "a date"),
        ("heartbeat_s = 30 ", "heartbeat_s = 4 ", "study.heartbeat_s", "5 to 120"),
        (
            "max_credit_per_gap_s = 45",
            "max_credit_per_gap_s = 29",
            "study.max_credit_per_gap_s",
            "at least heartbeat_s",
        ),
        ("segment_s = 300", "segment_s = 301", "study.segment_s", "60 to 300"),
        ("offline_daily_minutes = 60", "offline_daily_minutes = -1", "study.offline_daily_minutes", "0 to 600"),
        ("finish_pct = 80", "finish_pct = 49", "study.finish_pct", "50 to 100"),
        ("finish_pct = 80", "finish_pct = 80.5", "study.finish_pct", "50 to 100"),
        ("min_s = 120", "min_s = 59", "study.checks.min_s", "60 to"),
        ("min_s = 120", "min_s = 421", "study.checks.max_s", "at least min_s"),
        ("day_starts_at_minutes = 0 ", "day_starts_at_minutes = 361 ", "study.day_starts_at_minutes", "0 to 360"),
        ("id = \"quiz\"", "id = \"read_item\"", "rules", "twice"),
        ("id = \"quiz\"", "id = \"Quiz\"", "rules[5].id", "a-z"),
        ("\"quiz_right\"", "\"quiz_wrong\"", "rules.quiz.fact", "one of sign_in"),
        ("\"每日登录\"", "\"\"", "rules.sign_in.label", "1 to 60"),
        ("\"每日登录\"", "\" 每日登录\"", "rules.sign_in.label", "1 to 60"),
        ("\"每日登录\"", "\"每日\\u0007登录\"", "rules.sign_in.label", "control"),
        ("points = 10\n", "points = 0\n", "rules.suggestion_accepted.points", "1 to 1000, or"),
        ("points = 10\n", "points = 1_000_000_000_000\n", "rules.suggestion_accepted.points", "1 to 1000, or"),
        ("points = 10\n", "points = -1001\n", "rules.suggestion_accepted.points", "1 to 1000, or"),
        ("points = 10\n", "points = -10\n", "rules.suggestion_accepted.cap.day", "deduction has no cap"),
        ("every = 60_000", "every = 0", "rules.read_minutes.every", "1 to"),
        ("day = 10, quarter = 30", "day = 0", "rules.suggestion_accepted.cap.day", "1 to 100000"),
        ("day = 10, quarter = 30", "day = 31, quarter = 30", "rules.suggestion_accepted.cap.quarter", "at least"),
        ("quarter = 60, year = 200", "quarter = 201, year = 200", "rules.attendance.cap.year", "at least"),
        ("day = 10, quarter = 60, year = 200", "day = 10, year = 9", "rules.attendance.cap.year", "at least"),
        ("component = \"suggestion\"", "component = \"ideas\"", "rules.suggestion_accepted.component", "one of study"),
        ("component = \"suggestion\"", "component = \"study\"", "rules.suggestion_accepted.component", "no study"),
        ("component = \"suggestion\"", "component = \"study\"", "appraisal.components.suggestion", "no rule"),
        ("weight = 45", "weight = 44", "appraisal.components.weight", "sum to 100"),
        ("weight = 45", "weight = 0", "appraisal.components.study.weight", "1 to 100"),
        ("full_points = 1_100", "full_points = 0", "appraisal.components.study.full_points", "1 to"),
        ("id = \"organization_life\"", "id = \"own\"", "appraisal.components.own.id", "none of own"),
        ("ge = 80", "ge = 90", "boards.bands.silver.ge", "less than"),
        ("ge = 0\n", "ge = 1\n", "boards.bands.black.ge", "must be 0"),
        ("board = \"yellow\"", "board = \"silver\"", "boards.bands", "each once"),
        ("board = \"yellow\"", "board = \"red\"", "boards.bands.red.board", "one of gold"),
        ("quota_pct = 20", "quota_pct = 101", "boards.bands.gold.quota_pct", "1 to 100"),
        ("ge = 0\n", "ge = 0\nquota_pct = 5\n", "boards.bands.black.quota_pct", "no quota"),
        ("id = \"forged_evidence\"", "id = \"disciplinary_decision\"", "boards.vetoes", "twice"),
        ("mean_of_members = 50", "mean_of_members = 51", "organizations.branch.mean_of_members", "sum to 100"),
        ("mean_of_branches = 50", "", "organizations.committee.mean_of_branches", "missing"),
        ("[organizations.branch]", "[organizations.brunch]", "organizations.brunch", "no known key"),
        ("[organizations.branch]", "[organizations.brunch]", "organizations.branch", "missing"),
        ("schema = 1", "schema = 1\ncolour = \"red\"", "colour", "no known key"),
        ("id = \"quiz\"", "id = \"quiz\"\ndaily = 5", "rules.quiz.daily", "no known key"),
    ];
    for (from, to, place, allowed) in cases {
        let error = errors(&with(from, to));
        let named = error.problems.iter().any(|p| p.place == *place && p.allowed.contains(allowed));
        assert!(named, "{from} -> {to}: {error}");
        assert!(error.sentence().contains("处问题") && error.to_string().contains("problem"), "{error}");
    }
}

#[test]
fn all_problems_are_told_not_only_the_first() {
    let text = with("points = 10\n", "points = 0\n")
        .replace("finish_pct = 80", "finish_pct = 800")
        .replace("weight = 15", "weight = 16")
        .replace("ge = 60", "ge = 85");
    let error = errors(&text);
    let places: Vec<_> = error.problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "study.finish_pct",
            "appraisal.components.weight",
            "rules.suggestion_accepted.points",
            "boards.bands.yellow.ge"
        ]
    );
    assert_eq!(
        error.problems[2].to_string(),
        "rules.suggestion_accepted.points: found 0, must be an integer from 1 to 1000, or from -1000 to -1"
    );
    assert_eq!(
        error.problems[2].sentence(),
        "「rules.suggestion_accepted.points」填写的是 0，应为 1 至 1000 或 -1000 至 -1 的整数。"
    );
    assert!(error.sentence().starts_with("规则集有 4 处问题，未发布。"));
}

#[test]
fn a_set_needs_something_beside_study() {
    let text = with("component = \"suggestion\"", "component = \"organization_life\"");
    assert!(errors(&text).to_string().contains("appraisal.components.suggestion: has no rule"));
    // The set without its last three rules and its last two components.
    let cut = |text: &str, from: &str, to: &str| {
        let (from, to) = (text.find(from).unwrap(), text.find(to).unwrap());
        format!("{}{}", &text[..from], &text[to..])
    };
    let text = cut(RuleSet::DEFAULT_TEXT, "[[rules]]\nid = \"suggestion_accepted\"", "# A component is worth");
    let text = cut(&text, "[[appraisal.components]]\nid = \"organization_life\"", "# Bands");
    let error = errors(&text.replace("weight = 45", "weight = 100"));
    assert_eq!(error.problems.len(), 1, "{error}");
    assert!(error.to_string().contains("must not be study alone"));
}

#[test]
fn texts_that_are_no_toml_are_refused_with_the_line() {
    assert!(errors("").problems.iter().any(|p| p.place == "rules" && p.allowed == "is missing"));
    let broken = with("finish_pct = 80", "finish_pct = = 80");
    let line = broken.lines().position(|line| line.contains("= =")).unwrap() + 1;
    assert_eq!(errors(&broken).problems[0].place, format!("line {line}"));
    for text in [
        "\u{0}",
        "schema = 9223372036854775808",
        "schema = -9223372036854775809",
        "schema = nan",
        "schema = 1\nschema = 1",
        "[rules]\nid = 1",
        "rules = [1, \"a\", [], {}]",
        "rules = []",
        "study = []\nappraisal = 1\nboards = \"\"\norganizations = 1979-05-27",
        "effective_from = 2026-02-30",
        "effective_from = 0000-01-01",
        "name = \"\\u0000\"",
        "\u{feff}schema = 1",
    ] {
        assert!(!errors(text).problems.is_empty(), "{text}");
        assert!(!errors(text).sentence().contains('\u{0}'));
    }
    let long = " ".repeat(MAX_TEXT_BYTES + 1);
    assert_eq!(errors(&long).problems[0].place, "length");
    assert_eq!(errors(&long).problems.len(), 1);
    let padded = format!("{}{}", RuleSet::DEFAULT_TEXT, "\n".repeat(MAX_TEXT_BYTES - RuleSet::DEFAULT_TEXT.len()));
    assert_eq!(RuleSet::parse(&padded), Ok(default_set()));
}

#[test]
fn deep_and_wide_texts_end_in_an_error() {
    // On a small stack, so that recursion would show.
    let parse = |text: String| {
        let thread = std::thread::Builder::new().stack_size(512 * 1024);
        thread.spawn(move || RuleSet::parse(&text).unwrap_err()).unwrap().join().unwrap()
    };
    let many = MAX_TEXT_BYTES - 16;
    parse(format!("a = {}", "[".repeat(many)));
    parse(format!("a = {}", "{a=".repeat(many / 3)));
    parse(format!("a{} = 1", ".a".repeat(many / 2 - 4)));
    parse(format!("[a{}]", ".a".repeat(many / 2 - 4)));
    parse("[[a]]\n".repeat(many / 6));
    let wide: String = (0..1_300).map(|n| format!("k{n}=1\n")).collect();
    let error = parse(wide);
    assert!(error.problems.len() >= 1_300);
    assert!(error.to_string().len() < 10_000 && error.sentence().len() < 10_000);
}

#[test]
fn what_an_error_repeats_is_short_and_harmless() {
    let text = with("\"default-county\"", &format!("\"\\u001b[31m{}\"", "x".repeat(500)));
    let error = errors(&text);
    assert!(error.problems[0].value.starts_with("\\u{1b}[31m") && error.problems[0].value.chars().count() <= 61);
    assert!(!error.sentence().contains('\u{1b}'));
    let empty = errors(&with("\"default-county\"", "\"\""));
    assert_eq!(empty.problems[0].value, "\"\"");
}

#[test]
fn a_retired_rule_still_counts_where_it_counted_and_the_latest_set_has_the_last_word() {
    let first = default_set();
    let mut then = first.clone();
    then.rules.retain(|rule| rule.id != "quiz");
    then.rules[0].component = "attendance".into();
    let of = components([&first, &then]);
    assert_eq!(of["quiz"], "study");
    assert_eq!((first.rules[0].component.as_str(), of[&first.rules[0].id].as_str()), ("study", "attendance"));
    assert_eq!(of.len(), first.rules.len());
    assert_eq!(components([&then]).get("quiz"), None);
}

proptest! {
    #[test]
    fn any_text_gives_a_set_or_errors(text in "\\PC{0,400}") {
        let _ = RuleSet::parse(&text).map_err(|error| error.sentence());
    }

    #[test]
    fn any_bytes_in_the_place_of_some_of_the_default_set_give_a_set_or_errors(
        at in 0..RuleSet::DEFAULT_TEXT.len(), cut in 0usize..40, with in "[\\[\\]{}=\".,#\n a-z0-9_学-]{0,12}"
    ) {
        let start = (0..=at).rev().find(|at| RuleSet::DEFAULT_TEXT.is_char_boundary(*at)).unwrap();
        let most = (start + cut).min(RuleSet::DEFAULT_TEXT.len());
        let end = (most..).find(|at| RuleSet::DEFAULT_TEXT.is_char_boundary(*at)).unwrap();
        let text = format!("{}{with}{}", &RuleSet::DEFAULT_TEXT[..start], &RuleSet::DEFAULT_TEXT[end..]);
        if let Err(error) = RuleSet::parse(&text) {
            prop_assert!(!error.problems.is_empty());
            prop_assert!(error.problems.iter().all(|p| !p.place.is_empty() && !p.allowed_zh.is_empty()));
        }
    }

    #[test]
    fn a_number_out_of_range_is_named_by_its_key(which in 0usize..1_000, value in prop_oneof![Just(-1i64), Just(i64::MIN), 1_000_001i64..=i64::MAX]) {
        // Every line of the default set that gives an integer to a key.
        let lines: Vec<&str> = RuleSet::DEFAULT_TEXT.lines().collect();
        let numbers: Vec<usize> = (0..lines.len())
            .filter(|n| lines[*n].split_once(" = ").is_some_and(|(_, v)| {
                let v = v.split_whitespace().next().unwrap_or_default().replace('_', "");
                v.parse::<i64>().is_ok()
            }))
            .collect();
        let at = numbers[which % numbers.len()];
        let key = lines[at].split_once(" = ").unwrap().0;
        // -1 is a deduction: what is wrong then is its cap.
        let key = if key == "points" && value == -1 { "day" } else { key };
        if key == "every" && value <= 86_400_000 && value > 0 {
            return Ok(());
        }
        let changed = format!("{} = {value}", lines[at].split_once(" = ").unwrap().0);
        let text: Vec<&str> = (0..lines.len()).map(|n| if n == at { changed.as_str() } else { lines[n] }).collect();
        let error = RuleSet::parse(&text.join("\n")).unwrap_err();
        prop_assert!(error.problems.iter().any(|p| p.place.split('.').next_back() == Some(key)), "{key}: {error}");
    }
}

//! From the text of a rule set to a sound [`RuleSet`].

use std::collections::BTreeSet;

use toml::Table;
use toml::de::DeTable;

use super::problem::RulesError;
use super::reader::{Problems, Reader};
use super::{Band, Caps, Component, FactKind, MAX_TEXT_BYTES, Rule, RuleSet, Shares, StudyRules, Veto, Whose};
use crate::points::score::{BRANCHES, MEMBERS, OWN};
use crate::rows::Board;
use crate::study::checks::CheckTimes;

const NAME: (&str, &str) = ("abcdefghijklmnopqrstuvwxyz0123456789.-", "a-z 0-9 . -");
const ID: (&str, &str) = ("abcdefghijklmnopqrstuvwxyz_", "a-z _");
const BOARDS: [(&str, Board); 4] =
    [("gold", Board::Gold), ("silver", Board::Silver), ("yellow", Board::Yellow), ("black", Board::Black)];
/// Names of the parts of an organization's score, so not of components.
const TAKEN: [&str; 3] = [OWN, MEMBERS, BRANCHES];
const DAY_MS: i64 = 86_400_000;

pub(super) fn read(text: &str) -> Result<RuleSet, RulesError> {
    let mut problems = Problems::default();
    let set = document(text, &mut problems).map(|table| rule_set(&table, &mut problems));
    match set {
        Some(set) if problems.len() == 0 => Ok(set),
        _ => Err(RulesError { problems: problems.0 }),
    }
}

/// The text as a table of this schema, or what keeps it from being one.
fn document(text: &str, problems: &mut Problems) -> Option<Table> {
    if text.len() > MAX_TEXT_BYTES {
        let (most, long) = (MAX_TEXT_BYTES, text.len().to_string());
        problems.add("length", &long, format!("at most {most} bytes"), format!("全文最多 {most} 字节"));
        return None;
    }
    let (_, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        syntax(text, error, problems);
    }
    if !errors.is_empty() {
        return None;
    }
    let table = match toml::from_str::<Table>(text) {
        Ok(table) => table,
        Err(error) => {
            syntax(text, &error, problems);
            return None;
        }
    };
    // A later schema may mean anything by its keys: only that is said.
    match table.get("schema") {
        Some(toml::Value::Integer(n)) if *n != 1 => {
            problems.add("schema", &n.to_string(), "must be 1", "应为 1");
            None
        }
        _ => Some(table),
    }
}

fn syntax(text: &str, error: &toml::de::Error, problems: &mut Problems) {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let message = super::problem::shown(error.message());
    problems.add(
        &format!("line {line}"),
        "",
        format!("is no TOML: {message}"),
        format!("（第 {line} 行）格式有误：{message}"),
    );
}

fn rule_set(table: &Table, problems: &mut Problems) -> RuleSet {
    let mut root = Reader::root(table);
    root.int(problems, "schema", 1..=1);
    let name = root.word(problems, "name", NAME.0, NAME.1);
    let version = root.word(problems, "version", NAME.0, NAME.1);
    let effective_from = root.day(problems, "effective_from");
    let study = study(root.table(problems, "study", true), problems);
    let mut appraisal = root.table(problems, "appraisal", true);
    let components = components(&mut appraisal, problems);
    appraisal.done(problems);
    let rules = rules(&mut root, &components, problems);
    let mut boards = root.table(problems, "boards", true);
    let bands = bands(&mut boards, problems);
    let vetoes = vetoes(&mut boards, problems);
    boards.done(problems);
    let mut organizations = root.table(problems, "organizations", true);
    let branch = shares(organizations.table(problems, "branch", true), "mean_of_members", problems);
    let committee = shares(organizations.table(problems, "committee", true), "mean_of_branches", problems);
    organizations.done(problems);
    root.done(problems);
    RuleSet { name, version, effective_from, study, rules, components, bands, vetoes, branch, committee }
}

fn study(mut table: Reader<'_>, problems: &mut Problems) -> StudyRules {
    let day_starts_at = table.int(problems, "day_starts_at_minutes", 0..=360);
    let before = problems.len();
    let heartbeat = table.int(problems, "heartbeat_s", 5..=120);
    let gap = table.int(problems, "max_credit_per_gap_s", 5..=600);
    if problems.len() == before && gap < heartbeat {
        problems.add(
            &table.at("max_credit_per_gap_s"),
            &gap.to_string(),
            format!("at least heartbeat_s, {heartbeat}"),
            format!("不能小于 heartbeat_s（{heartbeat}）"),
        );
    }
    let segment = table.int(problems, "segment_s", 60..=300);
    let offline = table.int(problems, "offline_daily_minutes", 0..=600);
    let finish_pct = table.int(problems, "finish_pct", 50..=100);
    let mut checks = table.table(problems, "checks", true);
    let before = problems.len();
    let min = checks.int(problems, "min_s", 60..=3_600);
    let max = checks.int(problems, "max_s", 60..=3_600);
    if problems.len() == before && max < min {
        problems.add(
            &checks.at("max_s"),
            &max.to_string(),
            format!("at least min_s, {min}"),
            format!("不能小于 min_s（{min}）"),
        );
    }
    checks.done(problems);
    table.done(problems);
    StudyRules {
        day_starts_at_ms: day_starts_at * 60_000,
        heartbeat_ms: heartbeat * 1_000,
        max_gap_ms: gap * 1_000,
        segment_ms: segment * 1_000,
        offline_daily_ms: offline * 60_000,
        finish_pct,
        checks: CheckTimes { min_ms: min * 1_000, max_ms: max * 1_000 },
    }
}

/// Notes an id that came before.
fn once<'a>(seen: &mut BTreeSet<&'a str>, id: &'a str, place: &str, problems: &mut Problems) {
    if !id.is_empty() && !seen.insert(id) {
        problems.add(place, id, "must not come twice", "不能重复");
    }
}

fn components(appraisal: &mut Reader<'_>, problems: &mut Problems) -> Vec<Component> {
    let before = problems.len();
    let mut components = Vec::new();
    for mut table in appraisal.tables(problems, "components", "id", true) {
        let id = table.word(problems, "id", ID.0, ID.1);
        if TAKEN.contains(&id.as_str()) {
            problems.add(
                &table.at("id"),
                &id,
                "must be none of own, members, branches",
                "不能用 own、members、branches",
            );
        }
        let label = table.label(problems, "label");
        let weight = table.int(problems, "weight", 1..=100);
        let full_points = table.int(problems, "full_points", 1..=1_000_000);
        table.done(problems);
        components.push(Component { id, label, weight, full_points });
    }
    let mut seen = BTreeSet::new();
    let place = appraisal.at("components");
    for component in &components {
        once(&mut seen, &component.id, &place, problems);
    }
    let sum: i64 = components.iter().map(|component| component.weight).sum();
    if problems.len() == before && !components.is_empty() && sum != 100 {
        problems.add(
            &format!("{place}.weight"),
            &sum.to_string(),
            "all weights must sum to 100",
            "各项 weight 合计应为 100",
        );
    }
    components
}

fn rules(root: &mut Reader<'_>, components: &[Component], problems: &mut Problems) -> Vec<Rule> {
    let facts: Vec<&str> = FactKind::ALL.iter().map(|kind| kind.name()).collect();
    let known: Vec<&str> = components.iter().map(|component| component.id.as_str()).collect();
    let before = problems.len();
    let mut rules = Vec::new();
    for mut table in root.tables(problems, "rules", "id", true) {
        let id = table.word(problems, "id", ID.0, ID.1);
        let fact = table.one_of(problems, "fact", &facts).and_then(FactKind::from_name);
        let label = table.label(problems, "label");
        // No fact is about more than a day.
        let every = table.int(problems, "every", 1..=DAY_MS);
        let points = table.points(problems, "points");
        let cap = caps(table.table(problems, "cap", false), points, problems);
        let component = table.one_of(problems, "component", &known).unwrap_or_default().to_owned();
        table.done(problems);
        rules.extend(fact.map(|fact| Rule { id, fact, label, every, points, cap, component }));
    }
    let mut seen = BTreeSet::new();
    for rule in &rules {
        once(&mut seen, &rule.id, "rules", problems);
    }
    if problems.len() == before {
        whole_components(&rules, components, problems);
    }
    rules
}

/// What study gives is kept apart, so that the switch which takes study out of the appraisal takes out all of it and nothing
/// else, and leaves something.
fn whole_components(rules: &[Rule], components: &[Component], problems: &mut Problems) {
    let mut without_study = components.is_empty();
    for component in components {
        let members = || rules.iter().filter(|r| r.component == component.id && r.fact.whose() == Whose::Member);
        let study = rules.iter().any(|rule| rule.component == component.id && rule.fact.is_study());
        without_study |= !study;
        for other in rules.iter().filter(|rule| study && rule.component == component.id && !rule.fact.is_study()) {
            problems.add(
                &format!("rules.{}.component", other.id),
                &component.id,
                "must be a component that no study counts for",
                "已有学习类规则，其他规则应归入另外的组成部分",
            );
        }
        if members().next().is_none() {
            problems.add(
                &format!("appraisal.components.{}", component.id),
                "",
                "has no rule by which a member could earn it",
                "没有党员可以得分的规则",
            );
        }
    }
    if !without_study {
        problems.add(
            "appraisal.components",
            "",
            "must not be study alone: nothing would be left when study is kept out of the appraisal",
            "不能只有学习：学习不纳入考核时将没有内容可评",
        );
    }
}

fn caps(mut table: Reader<'_>, points: i64, problems: &mut Problems) -> Caps {
    let before = problems.len();
    let all = 1..=100_000;
    let [day, quarter, year] = ["day", "quarter", "year"].map(|key| table.maybe_int(problems, key, all.clone()));
    if problems.len() == before {
        for (key, cap, less_key, less) in [
            ("quarter", quarter, "day", day),
            ("year", year, "quarter", quarter),
            ("year", year.filter(|_| quarter.is_none()), "day", day),
        ] {
            if let (Some(cap), Some(less)) = (cap, less)
                && cap < less
            {
                problems.add(
                    &table.at(key),
                    &cap.to_string(),
                    format!("at least the cap of the {less_key}, {less}"),
                    format!("不能小于 {less_key} 的上限（{less}）"),
                );
            }
        }
    }
    if points < 0 && (day, quarter, year) != (None, None, None) {
        problems.add(&table.at("day"), "", "a deduction has no cap", "：扣分规则不设上限");
    }
    table.done(problems);
    Caps { day, quarter, year }
}

fn bands(boards: &mut Reader<'_>, problems: &mut Problems) -> Vec<Band> {
    let before = problems.len();
    let names = BOARDS.map(|(name, _)| name);
    let mut bands: Vec<Band> = Vec::new();
    for mut table in boards.tables(problems, "bands", "board", true) {
        let name = table.one_of(problems, "board", &names);
        let board = BOARDS.iter().find(|(known, _)| Some(*known) == name).map_or(Board::Black, |(_, board)| *board);
        let ge = table.int(problems, "ge", 0..=100);
        let quota_pct = table.maybe_int(problems, "quota_pct", 1..=100);
        if board == Board::Black && quota_pct.is_some() {
            let place = table.at("quota_pct");
            problems.add(&place, "", "the last band has no quota", "：最后一榜不设名额");
        }
        if let Some(above) = bands.last()
            && name.is_some()
            && ge >= above.ge
        {
            let above = above.ge;
            problems.add(
                &table.at("ge"),
                &ge.to_string(),
                format!("less than the band above, {above}"),
                format!("应小于上一榜的 {above}"),
            );
        }
        table.done(problems);
        bands.push(Band { board, ge, quota_pct });
    }
    let place = boards.at("bands");
    let order: Vec<Board> = bands.iter().map(|band| band.board).collect();
    if problems.len() == before && !order.is_empty() {
        if order != BOARDS.map(|(_, board)| board) {
            let found: Vec<_> = order.iter().filter_map(|b| BOARDS.iter().find(|(_, board)| board == b)).collect();
            let found = found.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            problems.add(
                &place,
                &found,
                "must be gold, silver, yellow, black, each once, in this order",
                "应依次为 gold、silver、yellow、black，各一次",
            );
        } else if let Some(last) = bands.last()
            && last.ge != 0
        {
            let ge = last.ge.to_string();
            problems.add(
                &format!("{place}.black.ge"),
                &ge,
                "must be 0, so that every score has a board",
                "应为 0，使每个得分都有归属",
            );
        }
    }
    bands
}

fn vetoes(boards: &mut Reader<'_>, problems: &mut Problems) -> Vec<Veto> {
    let mut vetoes = Vec::new();
    for mut table in boards.tables(problems, "vetoes", "id", false) {
        let id = table.word(problems, "id", ID.0, ID.1);
        let label = table.label(problems, "label");
        table.done(problems);
        vetoes.push(Veto { id, label });
    }
    let mut seen = BTreeSet::new();
    let place = boards.at("vetoes");
    for veto in &vetoes {
        once(&mut seen, &veto.id, &place, problems);
    }
    vetoes
}

fn shares(mut table: Reader<'_>, mean_key: &'static str, problems: &mut Problems) -> Shares {
    let before = problems.len();
    let own = table.int(problems, "own", 0..=100);
    let mean = table.int(problems, mean_key, 0..=100);
    // In a table that is missing altogether there is nothing to sum.
    if problems.len() == before && table.is_there() && own + mean != 100 {
        problems.add(
            &table.at(mean_key),
            &mean.to_string(),
            format!("own and {mean_key} must sum to 100, not {}", own + mean),
            format!("own 与 {mean_key} 合计应为 100，现为 {}", own + mean),
        );
    }
    let own_full_points = table.int(problems, "own_full_points", 1..=1_000_000);
    table.done(problems);
    Shares { own, mean, own_full_points }
}

//! Points: a rule set read, facts and what they give, reversals, histograms and ranks, scores and boards.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::points::post::{Fact, Given, Period, post, reversal};
use dangjian_domain::points::rank::Counts;
use dangjian_domain::points::rules::{FactKind, RuleSet, Switches};
use dangjian_domain::points::score::{
    Appraisal, Scored, appraisal, boards, organization_appraisal, organization_points,
};
use dangjian_domain::rows::{LedgerEntry, SubjectKind, Synced};
use dangjian_domain::time::{CivilDay, Timestamp};
use serde_json::{Value, json};

use crate::facts::row_json;
use crate::support::{NOW, branch, id, member};

const MIN: i64 = 60_000;

fn set() -> RuleSet {
    RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap()
}

/// Postings as a set gives them, in the order of the facts.
#[derive(Default)]
struct Ledger(RefCell<Vec<LedgerEntry>>);

impl Given for Ledger {
    type Error = Infallible;

    fn points(&self, subject: RowId, rule: &str, period: Period) -> Result<i64, Infallible> {
        let counts = |entry: &&LedgerEntry| {
            entry.member == MemberId(subject)
                && entry.rule == rule
                && entry.reverses.is_none()
                && Period::of(entry.day).any(|at| at == period)
        };
        Ok(self.0.borrow().iter().filter(counts).map(|entry| entry.points).sum())
    }
}

fn told(fact: &Fact) -> Value {
    json!({
        "id": fact.id, "kind": fact.kind.name(), "subject": fact.subject, "org": fact.org, "day": fact.day,
        "amount": fact.amount, "amount_before": fact.amount_before, "op": fact.op, "about": fact.about,
        "from_at": fact.from_at, "to_at": fact.to_at,
    })
}

fn entry(entry: &LedgerEntry) -> Value {
    let mut object = row_json(&entry.to_row());
    object.as_object_mut().unwrap().remove("version");
    object
}

fn facts() -> Vec<(&'static str, Fact, Switches)> {
    let day = CivilDay::from_ymd(2026, 11, 23).unwrap();
    let made = |n: u8, kind: FactKind, day: CivilDay, amount, amount_before| {
        let op = id(n);
        Fact {
            id: Fact::id_of(op, kind, day),
            kind,
            subject: member().0,
            org: branch(),
            day,
            amount,
            amount_before,
            op: Some(op.into()),
            about: Some(id(0x91)),
            from_at: Some(NOW.plus_ms(-amount.max(0))),
            to_at: Some(NOW),
        }
    };
    let on = Switches::STANDARD;
    use FactKind::*;
    let sign_in = Fact {
        id: Fact::id_of(RowId::derived("dangjian/sign-in", &[member().0]), SignIn, day),
        about: None,
        ..made(0xe0, SignIn, day, 1, 0)
    };
    let next = |n| day.plus_days(n);
    let mut facts = vec![
        ("a sign-in while signing in gives none", sign_in.clone(), Switches { sign_in_points: false, ..on }),
        ("a sign-in", sign_in, on),
        ("forty seconds of reading are no minute", made(0xe1, ReadMs, day, 40_000, 0), on),
        ("forty more complete one", made(0xe2, ReadMs, day, 40_000, 40_000), on),
        ("four minutes and twenty seconds more", made(0xe3, ReadMs, day, 260_000, 80_000), on),
        ("up to the day's cap", made(0xe4, ReadMs, day, 5 * MIN, 340_000), on),
        ("beyond it", made(0xe5, ReadMs, day, 5 * MIN, 640_000), on),
        ("the next day has its own", made(0xe6, ReadMs, next(1), 90_000, 0), on),
        ("an article finished", made(0xe7, ReadItem, day, 1, 0), on),
        ("minutes of a recording", made(0xe8, AvMs, day, 150_000, 0), on),
        ("three right answers", made(0xe9, QuizRight, day, 3, 0), on),
        ("three more, of which two are left", made(0xea, QuizRight, day, 3, 3), on),
        ("less than nothing", made(0xeb, ReadMs, day, -5, 0), on),
    ];
    // Ten points each, at most thirty a quarter.
    for n in 0..4u8 {
        let name = ["a suggestion accepted", "another", "the third", "the fourth: nothing is left of the quarter"];
        facts.push((name[usize::from(n)], made(0xf0 + n, SuggestionAccepted, next(n.into()), 1, 0), on));
    }
    let in_january = CivilDay::from_ymd(2027, 1, 1).unwrap();
    facts.push(("the next quarter has its own", made(0xf4, SuggestionAccepted, in_january, 1, 0), on));
    let held = Fact { subject: branch().0, ..made(0xf5, ActivityHeld, day, 1, 0) };
    facts.push(("an activity gives points to the organization that held it", held, on));
    facts
}

fn postings() -> (Vec<Value>, Vec<LedgerEntry>) {
    let (set, ledger) = (set(), Ledger::default());
    let told: Vec<Value> = facts()
        .into_iter()
        .map(|(name, fact, switches)| {
            let given = post(&set, &switches, &fact, &ledger).unwrap();
            ledger.0.borrow_mut().extend(given.iter().cloned());
            let postings: Vec<Value> = given.iter().map(entry).collect();
            json!({"name": name, "sign_in_points": switches.sign_in_points, "fact": told(&fact), "postings": postings})
        })
        .collect();
    (told, ledger.0.into_inner())
}

fn read_set(set: &RuleSet) -> Value {
    let rules: Vec<Value> = set
        .rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id, "fact": rule.fact.name(), "label": rule.label, "every": rule.every, "points": rule.points,
                "cap": {"day": rule.cap.day, "quarter": rule.cap.quarter, "year": rule.cap.year},
                "component": rule.component, "study": rule.fact.is_study(),
            })
        })
        .collect();
    let component = |c: &dangjian_domain::points::rules::Component| json!({"id": c.id, "weight": c.weight, "full_points": c.full_points});
    let band = |b: &dangjian_domain::points::rules::Band| json!({"board": b.board.code(), "ge": b.ge, "quota_pct": b.quota_pct});
    json!({
        "id": set.id(), "effective_from": set.effective_from, "rules": rules,
        "components": set.components.iter().map(component).collect::<Vec<_>>(),
        "bands": set.bands.iter().map(band).collect::<Vec<_>>(),
        "vetoes": set.vetoes.iter().map(|veto| &veto.id).collect::<Vec<_>>(),
        "branch": [set.branch.own, set.branch.mean, set.branch.own_full_points],
        "committee": [set.committee.own, set.committee.mean, set.committee.own_full_points],
    })
}

/// What no text of a rule set may be, each made from the default one.
fn refused_sets() -> Vec<Value> {
    let cases = [
        ("another schema", "schema = 1", "schema = 2"),
        ("no schema", "schema = 1", ""),
        ("an unknown key", "schema = 1", "schema = 1\nauthor = \"x\""),
        ("no TOML", "schema = 1", "schema == 1"),
        ("a name with a capital letter", "\"default-county\"", "\"Default\""),
        ("a date with a time", "= 2026-01-01", "= 2026-01-01T00:00:00"),
        ("a gap shorter than a heartbeat", "max_credit_per_gap_s = 45", "max_credit_per_gap_s = 29"),
        ("a segment longer than ten minutes", "segment_s = 300", "segment_s = 601"),
        ("checks whose longest time is below the shortest", "min_s = ", "min_s = 3"),
        ("an unknown kind of fact", "fact = \"read_ms\"", "fact = \"steps\""),
        ("no points", "points = 10", "points = 0"),
        ("points that are no integer", "points = 10", "points = 10.0"),
        ("a cap of the quarter below that of the day", "quarter = 30", "quarter = 9"),
        ("a deduction with a cap", "points = 10", "points = -10"),
        ("weights that do not sum to 100", "weight = 45", "weight = 44"),
        ("a rule twice", "id = \"read_item\"", "id = \"sign_in\""),
        ("a component nobody knows", "component = \"suggestion\"", "component = \"ideas\""),
        ("study beside something else in a component", "component = \"suggestion\"", "component = \"study\""),
        ("a quota of the last band", "ge = 0", "ge = 0\nquota_pct = 5"),
        ("bands that do not descend", "ge = 60", "ge = 80"),
        ("a last band above 0", "ge = 0", "ge = 1"),
        ("shares that do not sum to 100", "mean_of_members = 50", "mean_of_members = 49"),
        ("a label with a space at its end", "label = \"建议被采纳\"", "label = \"建议被采纳 \""),
    ];
    cases
        .into_iter()
        .map(|(name, from, to)| {
            assert!(RuleSet::DEFAULT_TEXT.contains(from), "{name}");
            let text = RuleSet::DEFAULT_TEXT.replacen(from, to, 1);
            assert!(RuleSet::parse(&text).is_err(), "{name}");
            json!({"name": name, "replace_first": from, "with": to})
        })
        .collect()
}

fn reversals(posted: &[LedgerEntry]) -> Value {
    let taken = posted.iter().find(|posting| posting.rule == "read_item").unwrap();
    let back = reversal(taken, "代人学习", id(0xf8).into()).unwrap();
    assert!(reversal(&back, "again", id(0xf9).into()).is_err());
    json!({"posting": entry(taken), "op": id(0xf8), "reason": "代人学习", "reversal": entry(&back)})
}

fn histograms() -> Value {
    let of = |points: &[i64]| {
        let counts = Counts::from_points(points.iter().copied());
        assert_eq!(Counts::parse(&counts.encode()).as_ref(), Ok(&counts));
        let asked: BTreeSet<i64> = points.iter().copied().chain([-1, 0, 7, 2_000]).collect();
        let ranks: Vec<Value> = asked
            .into_iter()
            .map(|points| {
                let near = counts.neighbours(points);
                json!({"points": points, "rank": counts.rank_of(points), "ahead": near.ahead, "behind": near.behind})
            })
            .collect();
        json!({"of": points, "subjects": counts.subjects(), "text": counts.encode(), "ranks": ranks})
    };
    let read = [of(&[]), of(&[1_218, 1_160, 990, 1_160, 0, 0, 0]), of(&[5, -3, 5, 12])];
    let refused: Vec<&str> = vec![
        "x",
        "1218",
        "1218:",
        ":1",
        "1218:0",
        "1218:-1",
        "01218:1",
        "+5:1",
        "-0:1",
        "5:01",
        "5:1,",
        ",5:1",
        "5:1, 4:1",
        "5:1,5:1",
        "5:1,6:1",
        "5:1:1",
        "9223372036854775808:1",
        "5:9223372036854775807,4:1",
    ];
    for text in &refused {
        assert!(Counts::parse(text).is_err(), "{text}");
    }
    json!({"read": read, "refused": refused})
}

fn appraised(appraisal: &Appraisal) -> Value {
    let components: Vec<Value> = appraisal
        .components
        .iter()
        .map(|marks| {
            json!({
                "id": marks.component, "points": marks.points, "full_points": marks.full_points,
                "weight_tenths": marks.weight, "tenths": marks.tenths,
            })
        })
        .collect();
    json!({"score": appraisal.score, "components": components, "text": appraisal.encode()})
}

fn scores() -> Value {
    let set = set();
    let all = Switches::STANDARD;
    let without_study = Switches { study_in_appraisal: false, ..all };
    let points = [
        vec![("study", 1_100), ("organization_life", 25), ("suggestion", 30)],
        vec![("study", 640), ("organization_life", 15), ("suggestion", 10)],
        vec![("study", 5_000), ("organization_life", -5)],
        vec![],
    ];
    let members: Vec<Value> = points
        .iter()
        .flat_map(|points| [(points, all), (points, without_study)])
        .map(|(points, switches)| {
            let by: BTreeMap<String, i64> = points.iter().map(|(id, points)| ((*id).to_owned(), *points)).collect();
            json!({
                "points": by, "study_in_appraisal": switches.study_in_appraisal,
                "appraisal": appraised(&appraisal(&set, &switches, &by)),
            })
        })
        .collect();
    let organizations: Vec<Value> = [
        (SubjectKind::Branch, 35, vec![100, 201], vec![640, 333]),
        (SubjectKind::Branch, 10, vec![], vec![]),
        (SubjectKind::Committee, 20, vec![7, 8, 8], vec![1_000, 999, 1]),
    ]
    .into_iter()
    .map(|(kind, own, points_below, scores_below)| {
        json!({
            "kind": kind.code(), "own": own, "points_below": points_below, "scores_below": scores_below,
            "points": organization_points(&set, kind, own, &points_below),
            "appraisal": appraised(&organization_appraisal(&set, kind, own, &scores_below)),
        })
    })
    .collect();
    let so_far: Vec<Value> = [(1, 92), (54, 92), (92, 92), (99, 92)]
        .into_iter()
        .map(|(elapsed, days)| {
            let part = set.so_far(elapsed, days);
            let full: Vec<i64> = part.components.iter().map(|component| component.full_points).collect();
            let own = [part.branch.own_full_points, part.committee.own_full_points];
            json!({"elapsed": elapsed, "days": days, "full_points": full, "own_full_points": own})
        })
        .collect();
    json!({"members": members, "organizations": organizations, "under_way": so_far})
}

fn boards_of() -> Vec<Value> {
    let set = set();
    let scored = |given: &[(u8, i64, i64)]| -> Vec<Scored> {
        given.iter().map(|(n, score, points)| Scored { subject: id(*n), points: *points, score: *score }).collect()
    };
    let ten = scored(&[
        (1, 980, 1_200),
        (2, 950, 1_100),
        (3, 940, 1_000),
        (4, 900, 900),
        (5, 899, 900),
        (6, 800, 700),
        (7, 799, 700),
        (8, 600, 600),
        (9, 599, 500),
        (10, 0, 0),
    ]);
    let equal = scored(&[(1, 980, 1_200), (2, 950, 1_100), (3, 950, 1_100), (4, 950, 900), (5, 100, 1)]);
    let few = scored(&[(1, 920, 1_200), (2, 910, 1_100)]);
    [
        ("a fifth of ten is two", ten.clone(), vec![]),
        ("of those equal at the edge none is within", equal, vec![]),
        ("at least one", few, vec![]),
        ("a veto outweighs the score", ten, vec![id(1)]),
    ]
    .into_iter()
    .map(|(name, scored, vetoed)| {
        let places = boards(&set, &scored, &vetoed.iter().copied().collect());
        let subjects: Vec<Value> = scored
            .iter()
            .map(|one| {
                json!({
                    "subject": one.subject, "score": one.score, "points": one.points,
                    "board": places[&one.subject].code(),
                })
            })
            .collect();
        json!({"name": name, "vetoed": vetoed, "subjects": subjects})
    })
    .collect()
}

fn listed() -> Vec<Value> {
    use dangjian_domain::rows::{Board, Listed};
    let mut cases = vec![];
    for (public_ranking, names_on_low_boards) in [(true, true), (true, false), (false, true), (false, false)] {
        let switches = Switches { public_ranking, names_on_low_boards, ..Switches::STANDARD };
        for board in Board::ALL.iter().copied() {
            let listed = match switches.listed(board) {
                Listed::Withheld if !switches.named_above(board) => Listed::Hidden,
                listed => listed,
            };
            cases.push(json!({
                "public_ranking": public_ranking, "names_on_low_boards": names_on_low_boards, "board": board.code(),
                "listed": listed.code(),
            }));
        }
    }
    cases
}

pub(crate) fn points() -> Value {
    let (facts, posted) = postings();
    assert!(Timestamp(0) < NOW && facts.len() > 15);
    json!({
        "rule_set": {"text": RuleSet::DEFAULT_TEXT, "read": read_set(&set())},
        "refused_sets": refused_sets(),
        "facts": facts,
        "reversal": reversals(&posted),
        "histograms": histograms(),
        "scores": scores(),
        "boards": boards_of(),
        "listed": listed(),
    })
}

//! Scores and boards.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::RowId;
use dangjian_domain::points::rules::{Band, Component, RuleSet, Switches, Veto};
use dangjian_domain::points::score::{
    Appraisal, Scored, appraisal, boards, encode_components, organization_appraisal, organization_points,
    parse_components,
};
use dangjian_domain::rows::Synced;
use dangjian_domain::rows::{Board, Features, Listed, SubjectKind};
use dangjian_domain::schema::{Row, Value};
use proptest::prelude::*;

use super::default_set;

const ON: Switches = Switches::STANDARD;

fn points(of: &[(&str, i64)]) -> BTreeMap<String, i64> {
    of.iter().map(|(id, points)| ((*id).to_owned(), *points)).collect()
}

fn score(switches: &Switches, of: &[(&str, i64)]) -> (i64, String) {
    let appraisal = appraisal(&default_set(), switches, &points(of));
    (appraisal.score, appraisal.encode())
}

#[test]
fn scores_are_what_this_table_says() {
    type Points<'a> = &'a [(&'a str, i64)];
    let table: &[(Points, i64, &str)] = &[
        (&[], 0, "study:0,organization_life:0,suggestion:0"),
        (
            &[("study", 1_100), ("organization_life", 25), ("suggestion", 30)],
            1_000,
            "study:450,organization_life:400,suggestion:150",
        ),
        (
            &[("study", 9_999), ("organization_life", 60), ("suggestion", 30)],
            1_000,
            "study:450,organization_life:400,suggestion:150",
        ),
        // 1,006 / 1,100 × 45 = 41.154…; full; 20 / 30 × 15 = 10.
        (
            &[("study", 1_006), ("organization_life", 40), ("suggestion", 20)],
            912,
            "study:412,organization_life:400,suggestion:100",
        ),
        // Halves go up: 11 / 1,100 × 45 = 0.45, 1 / 25 × 40 = 1.6, 1 / 30 × 15 = 0.5.
        (
            &[("study", 11), ("organization_life", 1), ("suggestion", 1)],
            26,
            "study:5,organization_life:16,suggestion:5",
        ),
        // A diligent quarter without suggestions is on silver, with one on gold.
        (&[("study", 1_100), ("organization_life", 25)], 850, "study:450,organization_life:400,suggestion:0"),
        (
            &[("study", 1_100), ("organization_life", 25), ("suggestion", 10)],
            900,
            "study:450,organization_life:400,suggestion:50",
        ),
        (&[("study", -50), ("retired", 1_000)], 0, "study:0,organization_life:0,suggestion:0"),
        (&[("study", i64::MAX), ("organization_life", i64::MIN)], 450, "study:450,organization_life:0,suggestion:0"),
    ];
    for (of, tenths, components) in table {
        assert_eq!(score(&ON, of), (*tenths, (*components).to_owned()), "{of:?}");
    }
}

#[test]
fn without_study_the_other_components_make_up_the_hundred() {
    let off = Switches { study_in_appraisal: false, ..ON };
    let diligent = [("study", 1_100), ("organization_life", 25), ("suggestion", 30)];
    // 40 and 15 of 55.
    assert_eq!(score(&off, &diligent), (1_000, "organization_life:727,suggestion:273".to_owned()));
    assert_eq!(score(&off, &[("study", 1_100)]), (0, "organization_life:0,suggestion:0".to_owned()));
    assert_eq!(score(&Switches::BURDEN_REDUCTION, &diligent), score(&off, &diligent));
    for switches in [
        Switches { public_ranking: false, ..ON },
        Switches { names_on_low_boards: false, ..ON },
        Switches { sign_in_points: false, ..ON },
        Switches { mandatory_photo: false, ..ON },
        Switches { usage_reports: false, ..ON },
        Switches { forced_check_in: false, ..ON },
    ] {
        assert_eq!(score(&switches, &diligent[..2]), score(&ON, &diligent[..2]));
    }
}

#[test]
fn switches_decide_who_sees_names() {
    let all = [Board::Gold, Board::Silver, Board::Yellow, Board::Black];
    let seen =
        |switches: Switches| all.map(|board| (switches.listed(board) == Listed::Named, switches.named_above(board)));
    let standard = [(true, true), (true, true), (false, true), (false, true)];
    assert_eq!(seen(ON), standard);
    assert_eq!(seen(Switches { public_ranking: false, ..ON }), [(false, true); 4]);
    assert_eq!(
        seen(Switches { names_on_low_boards: false, ..ON }),
        [(true, true), (true, true), (false, false), (false, false)]
    );
    for switches in [
        Switches { study_in_appraisal: false, ..ON },
        Switches { sign_in_points: false, ..ON },
        Switches { mandatory_photo: false, ..ON },
        Switches { usage_reports: false, ..ON },
        Switches { forced_check_in: false, ..ON },
    ] {
        assert_eq!(seen(switches), standard);
    }
}

#[test]
fn switches_are_what_the_countys_row_says() {
    let columns = [
        "public_ranking",
        "names_on_low_boards",
        "study_in_appraisal",
        "sign_in_points",
        "mandatory_photo",
        "usage_reports",
        "forced_check_in",
    ];
    let with = |off: Option<&str>| {
        let mut values = vec![Value::Id(RowId([1; 16])), Value::Int(1), Value::Id(RowId([2; 16]))];
        values.extend(columns.map(|column| Value::Int((off != Some(column)).into())));
        Switches::from(&Features::from_row(&Row::new(Features::TABLE, values).unwrap()).unwrap())
    };
    assert_eq!(with(None), Switches::default());
    assert_eq!(with(Some("public_ranking")), Switches { public_ranking: false, ..ON });
    assert_eq!(with(Some("names_on_low_boards")), Switches { names_on_low_boards: false, ..ON });
    assert_eq!(with(Some("study_in_appraisal")), Switches { study_in_appraisal: false, ..ON });
    assert_eq!(with(Some("sign_in_points")), Switches { sign_in_points: false, ..ON });
    assert_eq!(with(Some("mandatory_photo")), Switches { mandatory_photo: false, ..ON });
    assert_eq!(with(Some("usage_reports")), Switches { usage_reports: false, ..ON });
    assert_eq!(with(Some("forced_check_in")), Switches { forced_check_in: false, ..ON });
}

#[test]
fn organizations_have_half_their_own_and_half_the_mean_below() {
    let set = default_set();
    let of = |own, below: &[i64]| organization_points(&set, SubjectKind::Branch, own, below);
    assert_eq!(of(40, &[1_000, 1_100, 900]), 520);
    assert_eq!(of(0, &[1, 2]), 1); // 0.75
    assert_eq!(of(1, &[0]), 1); // 0.5, half up
    assert_eq!(of(-1, &[0]), 0); // -0.5, half up
    assert_eq!(of(41, &[]), 21);
    assert_eq!(of(i64::MAX, &[i64::MAX; 3]), i64::MAX);
    assert_eq!(of(i64::MIN, &[i64::MIN; 3]), i64::MIN);
    assert_eq!(organization_points(&set, SubjectKind::Member, 7, &[1_000]), 7);
    let mut uneven = default_set();
    (uneven.committee.own, uneven.committee.mean) = (30, 70);
    assert_eq!(organization_points(&uneven, SubjectKind::Committee, 100, &[10, 20]), 41); // 30 + 10.5, half up

    let branch = organization_appraisal(&set, SubjectKind::Branch, 40, &[856, 1_000]);
    assert_eq!((branch.score, branch.encode()), (964, "own:500,members:464".to_owned()));
    let committee = organization_appraisal(&set, SubjectKind::Committee, 10, &[964]);
    assert_eq!((committee.score, committee.encode()), (732, "own:250,branches:482".to_owned()));
    assert_eq!(organization_appraisal(&set, SubjectKind::Branch, 40, &[]).score, 500);
    assert_eq!(organization_appraisal(&set, SubjectKind::Branch, i64::MAX, &[i64::MAX, i64::MIN]).score, 750);
    assert_eq!(organization_appraisal(&set, SubjectKind::Member, 1, &[1]).encode(), "");
}

fn subject(n: u16) -> RowId {
    RowId(u128::from(n).to_be_bytes())
}

fn scored(of: &[(i64, i64)]) -> Vec<Scored> {
    let one = |(n, (score, points)): (usize, &(i64, i64))| Scored {
        subject: subject(n as u16),
        points: *points,
        score: *score,
    };
    of.iter().enumerate().map(one).collect()
}

/// One letter for the board of each.
fn placed(set: &RuleSet, of: &[(i64, i64)], vetoed: &[u16]) -> String {
    let vetoed: BTreeSet<_> = vetoed.iter().map(|n| subject(*n)).collect();
    let boards = boards(set, &scored(of), &vetoed);
    (0..of.len()).map(|n| ["G", "S", "Y", "B"][boards[&subject(n as u16)].code() as usize - 1]).collect()
}

#[test]
fn boards_are_what_this_table_says() {
    let set = default_set();
    assert_eq!(placed(&set, &[], &[]), "");
    // Bands; of five subjects one may be on gold.
    assert_eq!(placed(&set, &[(900, 1), (899, 9), (800, 1), (600, 1), (599, 9)], &[]), "GSSYB");
    // Of ten subjects two; the third best falls to silver.
    let mut ten = vec![(950, 5), (910, 5), (990, 1), (0, 0), (0, 0)];
    ten.extend([(700, 0); 5]);
    assert_eq!(placed(&set, &ten, &[]), "GSGBBYYYYY");
    // Points decide between equal scores; who is equal at the edge in both falls.
    ten[0] = (910, 6);
    assert_eq!(placed(&set, &ten, &[]), "GSGBBYYYYY");
    ten[0] = (910, 5);
    assert_eq!(placed(&set, &ten, &[]), "SSGBBYYYYY");
    // At least one if anybody qualifies, unless the first are equal.
    assert_eq!(placed(&set, &[(950, 1), (940, 1)], &[]), "GS");
    assert_eq!(placed(&set, &[(950, 1), (950, 1)], &[]), "SS");
    assert_eq!(placed(&set, &[(899, 1)], &[]), "S");
    // A veto outweighs everything and makes room.
    assert_eq!(placed(&set, &[(1_000, 9), (940, 1), (700, 1)], &[0, 2]), "BGB");
    assert_eq!(placed(&set, &[(i64::MIN, i64::MIN), (i64::MAX, i64::MAX)], &[]), "BG");
}

#[test]
fn a_quota_of_silver_falls_to_yellow() {
    let mut set = default_set();
    set.bands[1].quota_pct = Some(40);
    // Of five: one gold, two silver; the others are on yellow whatever their score.
    assert_eq!(placed(&set, &[(990, 0), (980, 0), (970, 0), (960, 0), (850, 0)], &[]), "GSSYY");
}

#[test]
fn vetoes_are_in_the_set() {
    let set = default_set();
    let ids: Vec<_> = set.vetoes.iter().map(|Veto { id, .. }| id.as_str()).collect();
    assert_eq!(ids, ["unassessed_transfer_fraud", "forged_evidence", "disciplinary_decision"]);
}

#[test]
fn components_that_are_not_in_their_one_form_are_refused() {
    assert_eq!(parse_components("").unwrap(), []);
    assert_eq!(parse_components("study:412,organization_life:400").unwrap().len(), 2);
    for (text, at) in [
        ("study", 0),
        ("study:", 0),
        (":1", 0),
        ("study:1,", 1),
        (",study:1", 0),
        ("study:01", 0),
        ("study:+1", 0),
        ("study:-1", 0),
        ("study:1001", 0),
        ("a:1,Study:1", 1),
        ("a:1,b:1:1", 1),
        ("a:1, b:1", 1),
        ("a:9223372036854775808", 0),
        ("a:１", 0),
    ] {
        assert_eq!(parse_components(text).unwrap_err().at, at, "{text}");
    }
}

proptest! {
    #[test]
    fn a_score_is_the_sum_of_its_components_and_never_beyond_the_full_score(
        weights in prop::collection::vec(1i64..60, 1..8), points in prop::collection::vec(any::<i64>(), 8), study in any::<bool>()
    ) {
        // Any weights that sum to 100, the first component being study.
        let mut set = default_set();
        let mut rest = 100;
        set.components.clear();
        for (n, weight) in weights.iter().enumerate() {
            let weight = if n + 1 == weights.len() { rest } else { (*weight).min(rest - (weights.len() - n - 1) as i64).max(1) };
            rest -= weight;
            let id = if n == 0 { "study".to_owned() } else { format!("c_{}", "x".repeat(n)) };
            set.components.push(Component { id, label: "组".into(), weight, full_points: 7 + 100 * n as i64 });
        }
        let by_component: BTreeMap<_, _> = set.components.iter().zip(&points).map(|(c, p)| (c.id.clone(), *p % 1_000)).collect();
        let switches = Switches { study_in_appraisal: study, ..ON };
        let Appraisal { score, components } = appraisal(&set, &switches, &by_component);
        prop_assert_eq!(score, components.iter().map(|marks| marks.tenths).sum::<i64>());
        prop_assert!((0..=1_000).contains(&score));
        if !components.is_empty() {
            prop_assert_eq!(components.iter().map(|marks| marks.weight).sum::<i64>(), 1_000);
        }
        for marks in &components {
            // Within half a tenth of the exact value.
            let exact = marks.points.clamp(0, marks.full_points) * marks.weight;
            prop_assert!((2 * (marks.tenths * marks.full_points - exact)).abs() <= marks.full_points);
        }
        let full: BTreeMap<_, _> = set.components.iter().map(|c| (c.id.clone(), c.full_points)).collect();
        let best = appraisal(&set, &switches, &full);
        prop_assert_eq!(best.score, if best.components.is_empty() { 0 } else { 1_000 });
    }

    #[test]
    fn quotas_hold_and_no_better_one_stands_lower(
        of in prop::collection::vec((0i64..=1_000, 0i64..4), 1..60), gold in 1i64..=100, silver in prop::option::of(1i64..=100),
        vetoed in prop::collection::btree_set(0u16..60, 0..4)
    ) {
        let mut set = default_set();
        set.bands[0] = Band { quota_pct: Some(gold), ..set.bands[0] };
        set.bands[1] = Band { quota_pct: silver, ..set.bands[1] };
        // Coarse scores, so that there are ties.
        let of: Vec<_> = of.iter().map(|(score, points)| (score / 20 * 20, *points)).collect();
        let out: BTreeSet<_> = vetoed.iter().map(|n| subject(*n)).collect();
        let placed = boards(&set, &scored(&of), &out);
        prop_assert_eq!(placed.len(), of.len());
        for (board, pct) in [(Board::Gold, Some(gold)), (Board::Silver, silver)] {
            let on = placed.values().filter(|on| **on == board).count();
            prop_assert!(on <= pct.map_or(of.len(), |pct| (of.len() * pct as usize / 100).max(1)));
        }
        let all = scored(&of);
        for a in all.iter().filter(|one| !out.contains(&one.subject)) {
            let band = set.bands.iter().find(|band| band.board == placed[&a.subject]).unwrap();
            prop_assert!(a.score >= band.ge * 10);
            for b in all.iter().filter(|one| !out.contains(&one.subject)) {
                match (a.score, a.points).cmp(&(b.score, b.points)) {
                    std::cmp::Ordering::Greater => prop_assert!(placed[&a.subject] <= placed[&b.subject]),
                    std::cmp::Ordering::Equal => prop_assert_eq!(placed[&a.subject], placed[&b.subject]),
                    std::cmp::Ordering::Less => {}
                }
            }
        }
        for one in &out {
            prop_assert!(placed.get(one).is_none_or(|board| *board == Board::Black));
        }
        let mut backwards = all.clone();
        backwards.reverse();
        prop_assert_eq!(boards(&set, &backwards, &out), placed);
    }

    #[test]
    fn components_are_read_back_as_written(of in prop::collection::vec(("[a-z_]{1,40}", 0i64..=1_000), 0..6), any in "\\PC{0,40}") {
        let text = encode_components(of.iter().map(|(id, tenths)| (id.as_str(), *tenths)));
        prop_assert_eq!(parse_components(&text).unwrap(), of);
        if let Ok(read) = parse_components(&any) {
            prop_assert_eq!(encode_components(read.iter().map(|(id, tenths)| (id.as_str(), *tenths))), any);
        }
    }
}

#[test]
fn a_quarter_under_way_asks_for_the_part_of_it_that_is_over() {
    let set = default_set();
    assert_eq!(set.so_far(92, 92), set);
    assert_eq!(set.so_far(500, 92), set);
    let half = set.so_far(46, 92);
    let full = |set: &RuleSet| set.components.iter().map(|component| component.full_points).collect::<Vec<_>>();
    assert_eq!(full(&half), [550, 13, 15]);
    assert_eq!((half.branch.own_full_points, half.committee.own_full_points), (20, 10));
    // On the first day, and for nonsense, somebody with a point has a score and nobody divides by zero.
    for (elapsed, days) in [(0, 92), (-5, 92), (1, 0), (i64::MIN, i64::MIN), (i64::MAX, i64::MAX)] {
        assert!(full(&set.so_far(elapsed, days)).iter().all(|full| *full >= 1));
    }
}

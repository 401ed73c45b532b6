//! Ranks from histograms.

use dangjian_domain::points::rank::{Counts, CountsError, MAX_TEXT_BYTES, Movement, Neighbours, moved, sentence};
use proptest::prelude::*;

#[test]
fn the_boards_page_follows_from_the_histogram_alone() {
    let branch = Counts::from_points([988, 1_046, 1_092, 1_160, 1_218, 300, 300]);
    assert_eq!(branch.encode(), "1218:1,1160:1,1092:1,1046:1,988:1,300:2");
    assert_eq!(branch.subjects(), 7);
    assert_eq!(branch.rank_of(1_046), 4);
    assert_eq!(branch.to_next(1_046).as_deref(), Some("距第 3 名还差 46 分"));
    assert_eq!(branch.neighbours(1_046), Neighbours { ahead: Some(1_092), behind: Some(988) });
    // Points that are not counted yet.
    assert_eq!(branch.rank_of(1_100), 3);
    assert_eq!(branch.neighbours(1_100), Neighbours { ahead: Some(1_160), behind: Some(1_092) });
    // The first, the last, beyond.
    assert_eq!((branch.rank_of(1_218), branch.to_next(1_218)), (1, None));
    assert_eq!((branch.rank_of(300), branch.neighbours(300).behind), (6, None));
    assert_eq!((branch.rank_of(i64::MIN), branch.rank_of(i64::MAX)), (8, 1));
    assert_eq!(branch.to_next(i64::MIN).unwrap(), format!("距第 6 名还差 {} 分", i64::MAX));
}

#[test]
fn an_empty_histogram_has_a_first_rank() {
    let none = Counts::parse("").unwrap();
    assert_eq!(none, Counts::default());
    assert_eq!((none.encode().as_str(), none.subjects(), none.rank_of(5)), ("", 0, 1));
    assert_eq!(none.neighbours(5), Neighbours::default());
}

#[test]
fn a_text_that_is_not_in_the_one_form_is_refused() {
    use CountsError::*;
    for (text, error) in [
        (",", Malformed(0)),
        ("5", Malformed(0)),
        ("5:", Malformed(0)),
        (":5", Malformed(0)),
        ("5:1,", Malformed(1)),
        ("5:1:1", Malformed(0)),
        ("5:1, 4:1", Malformed(1)),
        ("05:1", Malformed(0)),
        ("+5:1", Malformed(0)),
        ("-0:1", Malformed(0)),
        ("-:1", Malformed(0)),
        ("5:1.0", Malformed(0)),
        ("９:1", Malformed(0)),
        ("9223372036854775808:1", Malformed(0)),
        ("5:0", Count(0)),
        ("5:-1", Count(0)),
        ("5:9223372036854775807,4:1", Count(1)),
        ("5:1,5:1", Order(1)),
        ("5:1,6:1", Order(1)),
    ] {
        assert_eq!(Counts::parse(text), Err(error), "{text}");
    }
    let long = "1".repeat(MAX_TEXT_BYTES + 1);
    assert_eq!(Counts::parse(&long), Err(Long(MAX_TEXT_BYTES + 1)));
    let extreme = Counts::parse("9223372036854775807:1,-9223372036854775808:9223372036854775806").unwrap();
    assert_eq!((extreme.subjects(), extreme.rank_of(i64::MIN)), (i64::MAX, 2));
    let all = Counts::parse("5:9223372036854775807").unwrap();
    assert_eq!(all.rank_of(4), i64::MAX);
}

#[test]
fn a_county_fits() {
    let county = Counts::from_points((0..20_138i64).map(|n| n * n % 2_401));
    let everybody_apart = Counts::from_points((0..20_138i64).map(|n| n + 1_000_000));
    for counts in [county, everybody_apart] {
        let text = counts.encode();
        assert!(text.len() < MAX_TEXT_BYTES);
        assert_eq!(Counts::parse(&text).unwrap(), counts);
        assert_eq!(counts.subjects(), 20_138);
    }
}

#[test]
fn movements_are_told_as_on_the_screens() {
    let table = [
        (Some(3), 4, Movement::Down(1), "下降 1 位", "较昨日下降 1 位", "支部第 4 名，较昨日下降 1 位"),
        (Some(4), 2, Movement::Up(2), "上升 2 位", "较昨日上升 2 位", "支部第 2 名，较昨日上升 2 位"),
        (Some(1), 1, Movement::Same, "持平", "与昨日持平", "支部第 1 名，与昨日持平"),
        (None, 9, Movement::New, "新上榜", "新上榜", "支部第 9 名"),
    ];
    for (yesterday, today, movement, short, words, read_out) in table {
        assert_eq!(moved(yesterday, today), movement);
        assert_eq!((movement.short().as_str(), movement.words().as_str()), (short, words));
        assert_eq!(sentence("支部", today, movement), read_out);
        let fell = matches!(movement, Movement::Down(_));
        assert_eq!(movement.reminder().is_some(), fell);
    }
    assert_eq!(Movement::Down(1).reminder().as_deref(), Some("该起床学习了，您的排名又下滑了 1 位"));
    assert_eq!(moved(Some(i64::MIN), i64::MAX), Movement::Down(i64::MAX));
    assert_eq!(moved(Some(i64::MAX), i64::MIN), Movement::Up(i64::MAX));
}

proptest! {
    #[test]
    fn a_rank_is_one_and_as_many_as_have_more(points in prop::collection::vec(-20i64..60, 0..200), own in -25i64..65) {
        let counts = Counts::from_points(points.iter().copied());
        prop_assert_eq!(counts.rank_of(own), 1 + points.iter().filter(|other| **other > own).count() as i64);
        prop_assert_eq!(counts.subjects(), points.len() as i64);
        let Neighbours { ahead, behind } = counts.neighbours(own);
        prop_assert_eq!(ahead, points.iter().copied().filter(|other| *other > own).min());
        prop_assert_eq!(behind, points.iter().copied().filter(|other| *other < own).max());
        for (of, count) in counts.iter() {
            prop_assert_eq!(count, points.iter().filter(|other| **other == of).count() as i64);
        }
    }

    #[test]
    fn a_histogram_is_read_back_as_written(points in prop::collection::vec(any::<i64>(), 0..100)) {
        let counts = Counts::from_points(points);
        prop_assert_eq!(Counts::parse(&counts.encode()), Ok(counts));
    }

    #[test]
    fn any_text_is_refused_or_in_its_one_form(text in "[0-9:,+ -]{0,24}|\\PC{0,40}") {
        if let Ok(counts) = Counts::parse(&text) {
            prop_assert_eq!(counts.encode(), text);
        }
    }
}

//! Nobody reads: pages left open, hidden players, tapping machines, sound in the background.

use dangjian_protocol::random::{Random as _, SplitMix};

use super::phone::{Answers, IN_VIEW, Phone, Sight, Visit, rules};
use super::report::{Class, Line, Sum, run};
use super::world::{ME, MINUTE, World, article, lecture, recording, short_article};

/// Eight articles, a quarter of an hour each, with somebody who reads and answers.
fn two_hours_of_reading() -> Sum {
    run(|world, phone| {
        for n in 0..8 {
            phone.visit(world, &Visit::read(article(n), 15 * MINUTE));
        }
    })
}

/// The genuine app, scrolled at random all the time; nobody answers.
pub(crate) fn page_left_open() -> Vec<Line> {
    let left_open = run(|world, phone| {
        let mut random = SplitMix(0x5c01);
        for n in 0..8 {
            let mut at = 0;
            let touches = std::iter::from_fn(|| {
                at += 1_000 + (random.next_u64() % 19_000) as i64;
                Some(at).filter(|at| *at < 15 * MINUTE)
            });
            let visit = Visit { answers: Answers::Never, ..Visit::read(article(n), 15 * MINUTE) };
            phone.visit(world, &Visit { touches: touches.collect(), ..visit });
            let progress = world.progress(ME, article(n).id).unwrap();
            assert!(progress.credited_ms <= rules().checks.max_ms, "the first check stops it");
            assert_eq!(progress.finished_on, None);
        }
        assert_eq!(world.points_by(ME, "read_item"), 0);
    });
    // As short as most articles of the catalogue: four fifths are over before the first check, most of the time.
    let short = |answers| {
        run(|world, phone| {
            for n in 0..8 {
                phone.visit(world, &Visit { answers, ..Visit::read(short_article(n), 3 * MINUTE) });
            }
        })
    };
    let (long, read, shut) = (two_hours_of_reading(), short(Answers::Right), short(Answers::Never));
    vec![
        Line::new("page left open, random scrolling", long, left_open, Class::Residue),
        Line::new("pages of three minutes, nobody there", read, shut, Class::Residue),
    ]
}

fn lectures(count: u8, sight: Sight, answers: Answers) -> impl FnOnce(&mut World, &mut Phone) {
    move |world, phone| {
        for n in 0..count {
            phone.visit(world, &Visit { sight, answers, ..Visit::read(lecture(n), 30 * MINUTE) });
        }
    }
}

/// A player that nobody can see: in the genuine app, and in one whose shell says that it is seen.
pub(crate) fn hidden_player() -> Vec<Line> {
    let hidden = Sight { visible: false, ..IN_VIEW };
    let nothing = run(lectures(1, hidden, Answers::Never));
    assert_eq!((nothing.points, nothing.credited_ms), (0, 0));
    let honest = |count| run(lectures(count, IN_VIEW, Answers::Right));
    let silent = run(lectures(1, IN_VIEW, Answers::Never));
    assert!(silent.credited_ms <= rules().checks.max_ms);
    let by_chance = run(lectures(10, IN_VIEW, Answers::ByChance));
    assert_eq!(by_chance.flagged, ["random answers"]);
    // Choices of checks stand in the same order for everybody.
    let from_a_list = run(lectures(10, IN_VIEW, Answers::Right));
    vec![
        Line::new("hidden player, genuine app", run(|_, _| {}), nothing, Class::Prevented),
        Line::new("headless player, checks not answered", honest(1), silent, Class::Residue),
        Line::new("headless player, checks answered by chance", honest(10), by_chance, Class::Detected),
        Line::new("headless player, checks answered from a list", honest(10), from_a_list, Class::Residue),
    ]
}

/// A machine taps every five seconds, on the checks too.
pub(crate) fn accessibility_tapping() -> Vec<Line> {
    let tapping = run(|world, phone| {
        for n in 0..8 {
            let touches = (1..180).map(|tap| tap * 5_000).collect();
            let visit = Visit { answers: Answers::ByChance, ..Visit::read(article(n), 15 * MINUTE) };
            phone.visit(world, &Visit { touches, ..visit });
        }
    });
    assert!(tapping.flagged.contains(&"exact intervals"), "{tapping:?}");
    vec![Line::new("accessibility tapping, every 5 s", two_hours_of_reading(), tapping, Class::Detected)]
}

/// Sound goes on while the screen is dark or another app in front.
pub(crate) fn background_audio() -> Vec<Line> {
    let listen = |sight, answers| {
        move |world: &mut World, phone: &mut Phone| {
            phone.visit(world, &Visit { sight, answers, ..Visit::read(recording(0), 30 * MINUTE) });
        }
    };
    let dark = run(listen(Sight { lit: false, ..IN_VIEW }, Answers::Never));
    let behind = run(listen(Sight { foreground: false, ..IN_VIEW }, Answers::Never));
    assert_eq!((dark.credited_ms, behind.credited_ms), (0, 0));
    let said = run(listen(IN_VIEW, Answers::Never));
    assert!(said.credited_ms <= rules().checks.max_ms);
    let honest = run(listen(IN_VIEW, Answers::Right));
    vec![
        Line::new("background audio, screen dark", run(|_, _| {}), dark, Class::Prevented),
        Line::new("background audio, another app in front", run(|_, _| {}), behind, Class::Prevented),
        Line::new("background audio, shell says it is in view", honest, said, Class::Residue),
    ]
}

#[test]
fn a_page_left_open_is_credited_up_to_its_first_check_and_never_finished() {
    page_left_open();
}

#[test]
fn a_hidden_player_gives_nothing_and_a_headless_one_stops_at_the_check_or_is_flagged() {
    hidden_player();
}

#[test]
fn a_tapping_machine_is_told_to_a_person() {
    accessibility_tapping();
}

#[test]
fn sound_in_the_background_gives_nothing() {
    background_audio();
}

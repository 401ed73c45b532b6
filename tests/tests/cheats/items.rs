//! Which items, how often, how many at once.

use dangjian_domain::op::{RecordStudy, Span};
use dangjian_domain::rows::StudyItem;
use dangjian_domain::rule::Refusal;
use dangjian_domain::study::credit::finish_ms;
use dangjian_protocol::message::Decision;

use super::phone::{Answers, Phone, Visit, rules};
use super::report::{Class, Line, Sum, run};
use super::world::{DAY, ME, MINUTE, World, article, clip, lecture, short_article, unchecked};

/// An article and a lecture at the same time: on two phones with the genuine app, and three items claimed by one phone.
pub(crate) fn two_items_at_once() -> Vec<Line> {
    let honest = || run(|world, phone| phone.visit(world, &Visit::read(unchecked(0), 15 * MINUTE)));
    let two_phones = run(|world, phone| {
        let mut second = Phone::new(world, ME, 2);
        let lease = second.lease(world, lecture(0).id);
        let begins = second.reading(world.now);
        let there = Visit::read(lecture(0), 15 * MINUTE);
        let records = second.observe(&there, begins, Some(lease), Default::default());
        phone.visit(world, &Visit::read(unchecked(0), 15 * MINUTE));
        assert!(second.claim(world, &records).iter().all(|verdict| verdict.decision == Decision::Accepted));
        assert!(world.claimed_ms(ME) > 29 * MINUTE);
        assert_eq!(world.progress(ME, lecture(0).id).map_or(0, |lecture| lecture.credited_ms), 0);
    });
    let claimed = run(|world, phone| {
        phone.visit(world, &Visit::read(unchecked(0), 15 * MINUTE));
        for item in [lecture(0), unchecked(1)] {
            let records = phone.forge_until_now(world.now, &item, 15 * MINUTE, true);
            phone.claim(world, &records);
            assert_eq!(world.progress(ME, item.id).map_or(0, |item| item.credited_ms), 0, "{}", item.title);
        }
    });
    // Each segment in a push of its own: what is handed in is then everything, every time.
    let apart = run(|world, phone| {
        phone.visit(world, &Visit::read(unchecked(0), 15 * MINUTE));
        let now = world.now;
        for n in 1..8 {
            for record in phone.forge_until_now(now, &unchecked(n), 5 * MINUTE, true) {
                phone.claim(world, &[record]);
                world.pass(1);
            }
        }
    });
    vec![
        Line::new("two items at once, two phones, genuine app", honest(), two_phones, Class::Prevented),
        Line::new("three items at once, claimed by one phone", honest(), claimed, Class::Detected),
        Line::new("eight items at once, a push each", honest(), apart, Class::Detected),
    ]
}

/// Twenty seconds in a lecture of half an hour, its end sought in the player, or claimed.
pub(crate) fn seeking_to_the_end() -> Vec<Line> {
    let watch = |world: &mut World, phone: &mut Phone| {
        phone.visit(world, &Visit::read(unchecked(0), 10 * MINUTE));
        phone.visit(world, &Visit::read(lecture(0), 20_000));
    };
    let sought = run(watch);
    let claimed = run(|world, phone| {
        watch(world, phone);
        let from_ms = (phone.reading(world.now) - 30 * MINUTE) as u64;
        let at_once = RecordStudy {
            from_ms,
            spans: vec![Span { from_ms: 0, to_ms: 30 * 60_000 }],
            ..phone.forge_until_now(world.now, &lecture(0), MINUTE, true).remove(0)
        };
        let refused = phone.claim(world, &[at_once]).remove(0);
        assert_eq!(refused.reason, Some(Refusal::StudyMalformed.code()), "no segment is that long");
        let records = phone.forge_until_now(world.now, &lecture(0), 30 * MINUTE, true);
        phone.claim(world, &records);
        let progress = world.progress(ME, lecture(0).id).unwrap();
        assert_eq!((progress.credited_ms, progress.finished_on), (20_000, None));
    });
    vec![
        Line::new("seeking to the end, genuine app", run(watch), sought, Class::Prevented),
        Line::new("the rest of a lecture claimed", run(watch), claimed, Class::Detected),
    ]
}

/// A script that asks for the score every minute and leaves when the cap of reading is reached.
pub(crate) fn stopping_at_the_cap() -> Vec<Line> {
    let honest = run(|world, phone| phone.visit(world, &Visit::read(article(0), 15 * MINUTE)));
    let polling = run(|world, phone| {
        while world.points_by(ME, "read_minutes") < 6 {
            phone.visit(world, &Visit::read(article(0), MINUTE));
            let before = world.points(ME);
            for _ in 0..5 {
                phone.exchange(world, None).unwrap();
            }
            assert_eq!(world.points(ME), before, "to ask gives nothing");
        }
        assert!(world.credited_ms(ME) >= 6 * MINUTE);
    });
    vec![Line::new("stopping at the cap by polling the score", honest, polling, Class::Prevented)]
}

fn again_and_again(item: StudyItem, times: i64, each_ms: i64, answers: Answers) -> Sum {
    run(|world, phone| {
        for _ in 0..times {
            phone.visit(world, &Visit { answers, ..Visit::read(item.clone(), each_ms) });
        }
        let (first, credited) = (world.points(ME), world.credited_ms(ME));
        assert!(credited <= item.length_ms);
        // And the next day.
        let left = item.length_ms - credited;
        world.pass(DAY);
        phone.visit(world, &Visit { answers, ..Visit::read(item.clone(), each_ms) });
        assert!(world.credited_ms(ME) <= credited + left);
        assert!(left > 0 || world.points(ME) == first, "what is used up gives nothing any more");
    })
}

/// One item opened many times: to get its length again, and to be gone before its check comes.
pub(crate) fn reopening_the_same_item() -> Vec<Line> {
    let once = again_and_again(short_article(0), 1, 18 * MINUTE, Answers::Right);
    let often = again_and_again(short_article(0), 6, 3 * MINUTE, Answers::Right);
    let read = again_and_again(article(0), 1, 15 * MINUTE, Answers::Right);
    let fled = again_and_again(article(0), 9, 100_000, Answers::Never);
    assert!(fled.credited_ms <= rules().checks.max_ms, "the check waits for whoever comes back");
    vec![
        Line::new("reopening an item that is used up", once, often, Class::Prevented),
        Line::new("reopening an item before its check", read, fled, Class::Prevented),
    ]
}

/// Twelve videos of a minute. Rules give a point for an item finished, so they give more than one long video.
pub(crate) fn only_short_videos() -> Vec<Line> {
    let clips = |answers| {
        run(|world, phone| {
            for n in 0..12 {
                phone.visit(world, &Visit { answers, ..Visit::read(clip(n), MINUTE) });
            }
        })
    };
    let (watched, chosen, nobody) = (clips(Answers::Right), clips(Answers::Right), clips(Answers::Never));
    let long = run(|world, phone| phone.visit(world, &Visit::read(lecture(0), 12 * MINUTE)));
    assert!(chosen.points - long.points <= 6, "no more than the cap of items");
    assert!(finish_ms(MINUTE, &rules()) < rules().checks.min_ms, "no check comes in so short an item");
    vec![
        Line::new("only short videos", watched.clone(), chosen, Class::Residue),
        Line::new("short videos one after the other, nobody there", watched, nobody, Class::Residue),
    ]
}

#[test]
fn two_items_at_once_count_once() {
    two_items_at_once();
}

#[test]
fn seeking_to_the_end_gives_the_seconds_it_took() {
    seeking_to_the_end();
}

#[test]
fn whoever_stops_at_the_cap_has_what_anybody_has_there() {
    stopping_at_the_cap();
}

#[test]
fn an_item_gives_its_length_once_and_leaving_it_puts_no_check_off() {
    reopening_the_same_item();
}

#[test]
fn short_videos_give_what_the_rules_say_up_to_the_cap() {
    only_short_videos();
}

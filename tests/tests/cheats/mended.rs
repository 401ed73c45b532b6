//! Cheats that once paid, or hid from those who look.

use dangjian_domain::op::{CheckAnswer, RecordStudy};

use super::forgery::made_up_days;
use super::phone::{Answers, Phone, Visit};
use super::report::Sum;
use super::world::{DAY, HOUR, ME, MINUTE, World, lecture};

/// `rule/study.rs` counts the right ones among all answers of a segment, not among those that a check asked for: a modified
/// app that adds every choice of every check is never found to guess.
#[test]
fn answers_that_no_check_asked_for_do_not_hide_guessing() {
    let mut world = World::new();
    let mut phone = Phone::new(&mut world, ME, 1);
    for n in 0..10 {
        let visit = Visit { answers: Answers::ByChance, ..Visit::read(lecture(n), 30 * MINUTE) };
        let records = phone.study(&mut world, &visit);
        phone.outbox.clear();
        let all = |at_ms| (0..9).map(move |n| CheckAnswer { at_ms, check: n / 3, choice: n % 3 });
        let more = |record: &RecordStudy| {
            let asked = record.checks.iter();
            let checks = asked.flat_map(|one| std::iter::once(*one).chain(all(one.at_ms))).collect();
            RecordStudy { checks, ..record.clone() }
        };
        let records: Vec<RecordStudy> = records.iter().map(more).collect();
        phone.claim(&mut world, &records);
    }
    assert_eq!(Sum::of(&world, ME).flagged, ["random answers"]);
}

/// A modified app fills every push with junk, so that it seems to have more to hand in, is in contact every day, and wants to
/// make up the days it missed when it likes: only the one since the last contact is left to it, as to every phone.
#[test]
fn contact_closes_the_days_before_it_however_full_the_push_was() {
    let mut world = World::new();
    let mut phone = Phone::new(&mut world, ME, 1);
    for _ in 0..3 {
        phone.sign_in_today(world.now);
        phone.outbox.extend((0..16).map(|_| vec![0; 15_800]));
        phone.hand_in(&mut world);
        world.pass(DAY);
    }
    let stands = world.points(ME);
    made_up_days(&world, &mut phone, 3);
    phone.hand_in(&mut world);
    let (minutes, points) = (world.credited_ms(ME) / MINUTE, world.points(ME) - stands);
    // A day's allowance offline, what may have been under way, and what clocks may differ.
    assert!(minutes <= 60 + 5 + 2 && points <= 13, "{minutes} minutes and {points} points made up");
}

/// After a backup was restored, whatever enrols may have been here before, but not for ever: a phone enrolled a month later
/// can't make up the days before it was enrolled.
#[test]
fn a_phone_enrolled_long_after_a_restore_claims_nothing_from_before_it_was_enrolled() {
    let mut world = World::new();
    world.restored();
    world.pass(30 * DAY);
    let mut phone = Phone::new(&mut world, ME, 1);
    world.pass(HOUR);
    made_up_days(&world, &mut phone, 20);
    phone.hand_in(&mut world);
    assert!(world.credited_ms(ME) <= HOUR + 2 * MINUTE, "{} points for {} days", world.points(ME), world.days(ME));
}

//! Clocks, days and records made up by a modified app.

use dangjian_domain::op::{Action, RecordStudy, SignInToday};
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{BootId, Instant};
use dangjian_protocol::chain::Link;
use dangjian_protocol::message::{Decision, Verdict};

use super::phone::{Clock, Phone, Visit, rules};
use super::report::{Class, Line, Sum, run};
use super::world::{DAY, FRIEND, HOUR, ME, MINUTE, World, article, unchecked};

fn refusals(verdicts: &[Verdict]) -> Vec<Option<u16>> {
    verdicts.iter().map(|verdict| verdict.reason).collect()
}

/// The wall clock set, the boot clock made to run fast, a boot placed yesterday or tomorrow.
pub(crate) fn clock_changes() -> Vec<Line> {
    let ten_minutes = |world: &mut World, phone: &mut Phone| {
        phone.visit(world, &Visit::read(unchecked(0), 10 * MINUTE));
    };
    let wall = run(|world, phone| {
        let records = phone.study(world, &Visit::read(unchecked(0), 10 * MINUTE));
        phone.outbox.clear();
        for ms in [DAY, 90 * DAY, -DAY, 60_000] {
            for record in &records {
                let at = Instant::Anchored(world.now.plus_ms(ms));
                let op = phone.operation(at, &Action::RecordStudy(record.clone())).encode();
                phone.outbox.push(op);
            }
        }
        let verdicts = phone.hand_in(world);
        let accepted = verdicts.iter().filter(|verdict| verdict.decision == Decision::Accepted).count();
        assert_eq!(accepted, records.len(), "only the times that can be");
    });
    let honest_forty = run(|world, phone| phone.visit(world, &Visit::read(unchecked(0), 40 * MINUTE)));
    let fast = run(|world, phone| {
        ten_minutes(world, phone);
        let (boot, begins) = (BootId([5; 16]), phone.reading(world.now));
        for n in 0..6 {
            world.pass(5 * MINUTE);
            phone.clock = Clock::Forged(boot, (begins + (n + 1) * 10 * MINUTE) as u64);
            let place = (boot, begins + n * 10 * MINUTE);
            let records = phone.forge(&unchecked(1), place, 10 * MINUTE, true);
            phone.claim(world, &records);
        }
    });
    let elsewhere = run(|world, phone| {
        ten_minutes(world, phone);
        for (n, ms) in [-DAY, -HOUR, HOUR, DAY, 365 * DAY].into_iter().enumerate() {
            let (boot, reading) = (BootId([n as u8 + 9; 16]), 400 * DAY);
            phone.clock = Clock::Forged(boot, reading as u64);
            let records = phone.forge(&unchecked(1), (boot, reading + ms), 5 * MINUTE, true);
            phone.claim(world, &records);
        }
        assert_eq!(world.progress(ME, unchecked(1).id).map_or(0, |item| item.credited_ms), 0);
    });
    vec![
        Line::new("wall clock set", run(ten_minutes), wall, Class::Prevented),
        Line::new("boot clock twice as fast", honest_forty, fast, Class::Detected),
        Line::new("boots placed yesterday and tomorrow", run(ten_minutes), elsewhere, Class::Detected),
    ]
}

/// Two hours and a sign-in for each of the last `days`, in boots of a day each, as nobody made them.
pub(crate) fn made_up_days(world: &World, phone: &mut Phone, days: i64) {
    let now = world.now;
    // Switched on just now, so that all the others can have ended just before.
    phone.clock = Clock::Forged(BootId([0x3f; 16]), 0);
    for n in (0..days).rev() {
        let boot = BootId([0x40 + n as u8; 16]);
        // Switched on in the morning of that day, two hours' study at once, and off when the next was switched on.
        let at = |ms: i64| (boot, DAY - 2 * HOUR + ms);
        let sign_in = SignInToday { boot, at_ms: at(0).1 as u64 };
        phone.note(now, &Action::SignInToday(sign_in));
        let records = phone.forge(&unchecked(n as u8), at(0), 2 * HOUR, true);
        for record in records {
            phone.note(now, &Action::RecordStudy(record));
        }
    }
}

/// The genuine app without signal, two hours a day; handed in at the end.
fn days_without_signal(days: i64) -> Sum {
    run(|world, phone| {
        phone.act_sign_in(world);
        for n in 0..days {
            world.pass(DAY - 2 * HOUR);
            phone.sign_in_today(world.now);
            let item = unchecked((days - 1 - n) as u8);
            phone.study(world, &Visit { online: false, ..Visit::read(item, 2 * HOUR) });
        }
        phone.hand_in(world);
    })
}

/// Days made up by a phone that was in contact on each of them, by one that was silent, and another history.
pub(crate) fn offline_forgery() -> Vec<Line> {
    let in_contact = |made_up: bool| {
        run(move |world, phone| {
            for _ in 0..3 {
                phone.act_sign_in(world);
                phone.visit(world, &Visit::read(unchecked(20), 10 * MINUTE));
                world.pass(DAY - 10 * MINUTE);
            }
            phone.visit(world, &Visit::read(unchecked(21), 10 * MINUTE));
            if made_up {
                let (before, days) = (world.points(ME), world.days(ME));
                made_up_days(world, phone, 3);
                let verdicts = phone.hand_in(world);
                let implausible = Some(Refusal::ImplausibleTime.code());
                assert_eq!(refusals(&verdicts).iter().filter(|reason| **reason == implausible).count(), 3);
                assert_eq!((world.points(ME), world.days(ME)), (before, days));
            }
        })
    };
    let silent = run(|world, phone| {
        phone.act_sign_in(world);
        world.pass(3 * DAY);
        made_up_days(world, phone, 3);
        phone.hand_in(world);
        assert_eq!(world.credited_ms(ME), 3 * rules().offline_daily_ms, "the allowance of a day without signal");
    });
    let pulling = run(|world, phone| {
        phone.act_sign_in(world);
        for _ in 0..20 {
            world.pass(DAY);
            phone.exchange(world, None).unwrap();
        }
        made_up_days(world, phone, 20);
        phone.hand_in(world);
    });
    let fork = run(|world, phone| {
        let before: (u64, Link) = (phone.next_seq, phone.link);
        phone.visit(world, &Visit::read(article(0), 10 * MINUTE));
        let credited = world.credited_ms(ME);
        let records = phone.forge_until_now(world.now, &unchecked(0), 10 * MINUTE, true);
        for record in records {
            let op = phone.operation(Instant::Anchored(world.now), &Action::RecordStudy(record));
            let op = dangjian_protocol::op::Operation { seq: before.0, ..op }.encode();
            let push = phone.signed(before.0, before.1, &[op]).0;
            let reply = phone.exchange(world, Some(push)).unwrap();
            assert!(reply.chain.forked && reply.verdicts.is_empty());
        }
        assert_eq!(world.credited_ms(ME), credited);
    });
    let honest_ten = run(|world, phone| phone.visit(world, &Visit::read(article(0), 10 * MINUTE)));
    vec![
        Line::new("days made up, contact on each of them", in_contact(false), in_contact(true), Class::Detected),
        Line::new("three days made up, silent since", days_without_signal(3), silent, Class::Residue),
        Line::new("twenty days made up, only pulls meanwhile", days_without_signal(20), pulling, Class::Residue),
        Line::new("another history of the chain", honest_ten, fork, Class::Detected),
    ]
}

/// The same segment once more: the same bytes, the same id, another id, another phone, another member.
pub(crate) fn replay() -> Vec<Line> {
    let read = |world: &mut World, phone: &mut Phone| -> Vec<RecordStudy> {
        let records = phone.study(world, &Visit::read(article(0), 10 * MINUTE));
        let place = (phone.next_seq, phone.link);
        let ops = phone.outbox.clone();
        phone.hand_in(world);
        let stands = (world.points(ME), world.credited_ms(ME));
        let again = phone.signed(place.0, place.1, &ops).0;
        assert_eq!(phone.exchange(world, Some(again)).unwrap().verdicts.len(), ops.len());
        assert_eq!((world.points(ME), world.credited_ms(ME)), stands, "the same push is answered again, nothing more");
        records
    };
    let same_phone = run(|world, phone| {
        let first = phone.next_seq;
        let records = read(world, phone);
        let stands = world.credited_ms(ME);
        world.pass(10 * MINUTE);
        for _ in 0..5 {
            phone.claim(world, &records);
        }
        let op = phone.operation(Instant::Anchored(world.now), &Action::RecordStudy(records[0].clone()));
        let id: Vec<u8> =
            world.conn.query_row("SELECT op_id FROM op WHERE seq = ?1", [first as i64], |row| row.get(0)).unwrap();
        let id = dangjian_domain::id::RowId(id.try_into().unwrap()).into();
        let op = dangjian_protocol::op::Operation { id, ..op }.encode();
        assert_eq!(refusals(&phone.push(world, &[op])), [Some(Refusal::Duplicate.code())]);
        assert_eq!(world.credited_ms(ME), stands);
    });
    let second_phone = run(|world, phone| {
        let mut second = Phone::new(world, ME, 2);
        let records = read(world, phone);
        let stands = world.credited_ms(ME);
        // With the lease it is refused; without, the moments are credited already.
        let invalid = Some(Refusal::LeaseInvalid.code());
        assert!(refusals(&second.claim(world, &records)).iter().all(|reason| *reason == invalid));
        (second.boot, second.booted_at) = (phone.boot, phone.booted_at);
        let bare: Vec<RecordStudy> = records.iter().map(|one| RecordStudy { lease: None, ..one.clone() }).collect();
        second.claim(world, &bare);
        assert_eq!(world.credited_ms(ME), stands);
    });
    let honest = || run(|world, phone| phone.visit(world, &Visit::read(article(0), 10 * MINUTE)));
    let friends = run(|world, phone| {
        // The friend reads; the cheat hands in what the friend's phone recorded.
        let mut theirs = Phone::new(world, FRIEND, 2);
        let records = theirs.study(world, &Visit::read(article(0), 10 * MINUTE));
        let invalid = Some(Refusal::LeaseInvalid.code());
        assert!(refusals(&phone.claim(world, &records)).iter().all(|reason| *reason == invalid));
        (phone.boot, phone.booted_at) = (theirs.boot, theirs.booted_at);
        let bare: Vec<RecordStudy> = records.iter().map(|one| RecordStudy { lease: None, ..one.clone() }).collect();
        phone.claim(world, &bare);
    });
    vec![
        Line::new("segments handed in again", honest(), same_phone, Class::Detected),
        Line::new("segments handed in on a second phone", honest(), second_phone, Class::Prevented),
        Line::new("a friend's segments signed with one's own key", honest(), friends, Class::Residue),
    ]
}

impl Phone {
    /// Opens the app and hands in: nothing is left.
    pub(crate) fn act_sign_in(&mut self, world: &mut World) {
        self.sign_in_today(world.now);
        assert_eq!(self.hand_in(world).pop().unwrap().decision, Decision::Accepted);
    }
}

#[test]
fn no_clock_gives_time_that_did_not_pass() {
    clock_changes();
}

#[test]
fn days_of_contact_can_not_be_made_up_afterwards_and_silent_ones_give_the_allowance() {
    offline_forgery();
}

#[test]
fn a_segment_counts_once_wherever_it_is_handed_in() {
    replay();
}

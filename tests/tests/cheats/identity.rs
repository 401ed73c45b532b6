//! Who is behind a phone: many accounts, emulators, old apps.

use dangjian_domain::op::Action;
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{BootId, Instant};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{Decision, HeldReason};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::SplitMix;

use super::phone::{Clock, Phone, Visit};
use super::report::{Class, Line, Sum, run};
use super::world::{DAY, FRIEND, ME, MINUTE, World, article, member, unchecked};

fn ten_minutes() -> Sum {
    run(|world, phone| phone.visit(world, &Visit::read(article(0), 10 * MINUTE)))
}

/// Several members' accounts on one installation: with its key or id, and each with a key of its own.
pub(crate) fn many_accounts_on_one_machine() -> Vec<Line> {
    let same_key = run(|world, phone| {
        phone.visit(world, &Visit::read(article(0), 10 * MINUTE));
        let mut random = SplitMix(3);
        let device = dangjian_domain::id::RowId([0x77; 16]).into();
        let mut second = Phone::switched_off(world.now, FRIEND, device, phone.key.clone(), SplitMix(4));
        assert_eq!(second.enrol(world), Err(ErrorCode::Forbidden), "the key is another member's");
        let key = dangjian_protocol::sign::SoftwareKey::generate(&mut random);
        let mut third = Phone::switched_off(world.now, FRIEND, phone.device, key, SplitMix(5));
        assert_eq!(third.enrol(world), Err(ErrorCode::Forbidden), "the installation is another member's");
        assert_eq!(world.points(FRIEND), 0);
    });
    // Four accounts with a key each, their items open at once: each of them has what one phone left open has.
    let mut world = World::new();
    let mut phones: Vec<Phone> = (10..14).map(|n| Phone::new(&mut world, member(n), u64::from(n))).collect();
    let visit = Visit { online: false, ..Visit::read(unchecked(0), 10 * MINUTE) };
    let records: Vec<_> = phones
        .iter_mut()
        .map(|phone| {
            let begins = phone.reading(world.now);
            phone.observe(&visit, begins, None, Default::default())
        })
        .collect();
    world.pass(10 * MINUTE);
    for (phone, records) in phones.iter_mut().zip(&records) {
        phone.claim(&mut world, records);
    }
    let each = run(|world, phone| phone.visit(world, &Visit::read(unchecked(0), 10 * MINUTE)));
    for phone in &phones {
        Line::new("one of the accounts", each.clone(), Sum::of(&world, phone.member), Class::Residue);
    }
    vec![
        Line::new("many accounts with one key or installation", ten_minutes(), same_key, Class::Prevented),
        Line::new("many accounts, a key each (one of four)", each, Sum::of(&world, ME), Class::Residue),
    ]
}

/// Keys in a file, as an emulator has them: they are not told from a phone's yet.
pub(crate) fn emulators() -> Vec<Line> {
    vec![Line::new("emulator, keys in software", ten_minutes(), ten_minutes(), Class::Residue)]
}

/// Operations of other versions, and exchanges without the boot clock.
pub(crate) fn old_app_versions() -> Vec<Line> {
    let versions = run(|world, phone| {
        let records = phone.study(world, &Visit::read(article(0), 10 * MINUTE));
        phone.outbox.clear();
        let held = (Decision::Held, Some(HeldReason::UnknownKind as u16));
        let expected = [(0, (Decision::Refused, Some(Refusal::Malformed.code()))), (2, held), (u32::MAX, held)];
        for (version, _) in expected {
            for record in &records {
                let op = phone.operation(Instant::Anchored(world.now), &Action::RecordStudy(record.clone()));
                phone.outbox.push(Operation { version, ..op }.encode());
            }
        }
        for record in &records {
            phone.note(world.now, &Action::RecordStudy(record.clone()));
        }
        let verdicts = phone.hand_in(world);
        for ((_, expected), verdicts) in expected.iter().zip(verdicts.chunks(records.len())) {
            assert!(verdicts.iter().all(|verdict| (verdict.decision, verdict.reason) == *expected));
        }
    });
    let silent = run(|world, phone| {
        phone.clock = Clock::Silent;
        phone.visit(world, &Visit::read(article(0), 10 * MINUTE));
    });
    // Contact on four days; then boots of the first three are made up, each of which ran for a day.
    let four_days = |made_up: bool| {
        run(move |world, phone| {
            if made_up {
                phone.clock = Clock::Silent;
            }
            for n in 0..4 {
                phone.visit(world, &Visit::read(unchecked(n), 10 * MINUTE));
                world.pass(DAY);
            }
            phone.visit(world, &Visit::read(unchecked(4), 10 * MINUTE));
            if !made_up {
                return;
            }
            let (stands, days) = (world.credited_ms(ME), world.days(ME));
            for n in 0..3 {
                let boot = BootId([0x61 + n; 16]);
                for record in phone.forge(&unchecked(5 + n), (boot, DAY), 30 * MINUTE, true) {
                    phone.note(world.now, &Action::RecordStudy(record));
                }
            }
            phone.hand_in(world);
            assert_eq!((world.credited_ms(ME), world.days(ME)), (stands, days));
        })
    };
    vec![
        Line::new("operations of version 0 and of newer ones", ten_minutes(), versions, Class::Prevented),
        Line::new("exchanges without the boot clock", ten_minutes(), silent, Class::Prevented),
        Line::new("no boot clock, boots of three days made up", four_days(false), four_days(true), Class::Detected),
    ]
}

#[test]
fn one_key_is_one_member_s_and_accounts_with_a_key_each_have_what_one_phone_has() {
    many_accounts_on_one_machine();
}

#[test]
fn an_emulator_is_credited_as_any_phone() {
    emulators();
}

#[test]
fn old_apps_are_credited_no_more_and_can_not_go_back_over_days_of_contact() {
    old_app_versions();
}

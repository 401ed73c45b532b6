//! Leases: absent, somebody else's, over, used twice.

use dangjian_domain::op::RecordStudy;
use dangjian_domain::rule::Refusal;
use dangjian_tests::study::learner;

use super::desk::{accepted, credited, desk, goes_on, hour, refused, study, whole};

#[test]
fn without_a_lease_a_day_gives_an_hour_and_no_more() {
    let (mut office, mut phone) = desk();
    // A first exchange, so that the window begins.
    let start = office.now;
    for n in 0..14 {
        let record = whole(&phone, hour((n / 12) as u8), start.plus_ms(n * 300_000), 300);
        office.now = start.plus_ms((n + 1) * 300_000);
        accepted(&mut office, &mut phone, &study(record));
    }
    // Seventy minutes were studied.
    assert_eq!(credited(&office, learner(0)), (3_600, 3_600));
    goes_on(&mut office);
}

#[test]
fn a_lease_of_another_member_item_device_or_of_nobody_is_refused() {
    let (mut office, mut phone) = desk();
    let mut second = office.phone(learner(0));
    let mut other = office.phone(learner(1));
    let mine = phone.lease(&mut office, hour(0)).unwrap();
    let of_other = other.lease(&mut office, hour(0)).unwrap();
    let of_item = phone.lease(&mut office, hour(1)).unwrap();
    let of_second = second.lease(&mut office, hour(0)).unwrap();
    let altered: Vec<Vec<u8>> = [0, 31, 32, mine.len() - 1]
        .into_iter()
        .map(|at| {
            let mut token = mine.clone();
            token[at] ^= 1;
            token
        })
        .collect();
    let cut = (0..mine.len()).step_by(7).map(|at| mine[..at].to_vec());
    office.pass_ms(60_000);
    let record = whole(&phone, hour(0), office.now.plus_ms(-60_000), 60);
    for token in [of_other, of_item, of_second, [&mine[..], &[0]].concat()].into_iter().chain(altered).chain(cut) {
        let record = RecordStudy { lease: Some(token), ..record.clone() };
        refused(&mut office, &mut phone, &study(record), Refusal::LeaseInvalid);
    }
    // One's own, used on one's second device.
    let there = RecordStudy { lease: Some(mine.clone()), ..whole(&second, hour(0), office.now.plus_ms(-60_000), 60) };
    refused(&mut office, &mut second, &study(there), Refusal::LeaseInvalid);
    // Where it belongs it counts, and not a second time.
    for _ in 0..2 {
        accepted(&mut office, &mut phone, &study(RecordStudy { lease: Some(mine.clone()), ..record.clone() }));
        assert_eq!(credited(&office, learner(0)), (60, 0));
    }
    goes_on(&mut office);
}

#[test]
fn a_lease_covers_no_moment_before_it_was_given_or_after_it_ended() {
    let (mut office, mut phone) = desk();
    let before = office.now;
    office.pass_ms(100_000);
    let lease = Some(phone.lease(&mut office, hour(0)).unwrap());
    office.pass_ms(200_000);
    let record = RecordStudy { lease: lease.clone(), ..whole(&phone, hour(0), before, 300) };
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)), (300, 100));
    // It ended after four hours, a hundred seconds before this segment did.
    office.now = before.plus_ms(100_000 + 4 * 3_600_000 + 100_000);
    let record = RecordStudy { lease, ..whole(&phone, hour(0), office.now.plus_ms(-300_000), 300) };
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)), (600, 200));
    goes_on(&mut office);
}

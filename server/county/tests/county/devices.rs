//! Enrolling phones, opening sessions, and taking access away.

use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::*;
use dangjian_protocol::sign::SoftwareKey;

use crate::fixture::*;
use crate::notices::publish;
use crate::phone::Phone;
use crate::world::{World, code, county};

fn enrol(world: &mut World, phone: &Phone) -> Result<Enrolled, dangjian_protocol::error::ApiError> {
    let ticket = world.ticket(phone.member);
    world.post("/v1/devices", &phone.enrolment(&ticket))
}

#[test]
fn a_member_has_at_most_three_phones_and_one_that_confirms_presence() {
    let mut world = World::new();
    let ticket = world.ticket(LI);
    let presence = SoftwareKey::generate(&mut world.random);
    let first = world.enrol(LI, &ticket, Some(presence)).unwrap();
    let ticket = world.ticket(LI);
    let another = SoftwareKey::generate(&mut world.random);
    assert_eq!(code(world.enrol(LI, &ticket, Some(another)).map(|_| ())), ErrorCode::TooManyDevices);
    world.enrol(LI, &ticket, None).unwrap();
    world.phone(LI);
    let ticket = world.ticket(LI);
    assert_eq!(code(world.enrol(LI, &ticket, None).map(|_| ())), ErrorCode::TooManyDevices);
    let revoked: Result<Done, _> = first.post(&mut world, "/v1/devices/revoke", &RevokeDevice { device: first.device });
    revoked.unwrap();
    assert_eq!(code(first.sync_as(&mut world, &first.request(None))), ErrorCode::DeviceRevoked);
    let fourth = world.enrol(LI, &ticket, None).unwrap();
    let list: DeviceList = fourth.post(&mut world, "/v1/devices/list", &ListDevices { member: LI }).unwrap();
    assert_eq!(list.devices.iter().map(|device| device.revoked).collect::<Vec<_>>(), [true, false, false, false]);
}

#[test]
fn a_ticket_serves_once_but_a_lost_reply_can_be_asked_for_again() {
    let mut world = World::new();
    let ticket = world.ticket(LI);
    let phone = world.enrol(LI, &ticket, None).unwrap();
    assert_eq!(code(world.enrol(LI, &ticket, None).map(|_| ())), ErrorCode::BadNonce);
    let again: Enrolled = world.post("/v1/devices", &phone.enrolment(&ticket)).unwrap();
    assert_eq!(again.chain.next_seq, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM device"), 1);
    let late = world.ticket(LI);
    world.pass_ms(600_001);
    assert_eq!(code(world.enrol(LI, &late, None).map(|_| ())), ErrorCode::BadNonce);
}

#[test]
fn a_reenrolled_phone_has_new_keys_and_its_old_chain() {
    let mut world = World::new();
    let mut phone = world.phone(WANG);
    phone.act(&mut world, &publish(A, dangjian_domain::rows::NoticeScope::Branch, "一"));
    let old = phone.silent.clone();
    phone.silent = SoftwareKey::generate(&mut world.random);
    let enrolled = enrol(&mut world, &phone).unwrap();
    assert_eq!((enrolled.chain.next_seq, enrolled.chain.link), (phone.next_seq, phone.link));
    assert_eq!(code(phone.sync_as(&mut world, &phone.request(None))), ErrorCode::SessionExpired, "the old session");
    phone.open_session(&mut world).unwrap();
    phone.act(&mut world, &publish(A, dangjian_domain::rows::NoticeScope::Branch, "二"));
    phone.silent = old;
    assert_eq!(code(enrol(&mut world, &phone)), ErrorCode::DeviceRevoked, "a revoked key does not come back");
}

#[test]
fn nobody_enrols_another_members_phone_or_key() {
    let mut world = World::new();
    let li = world.phone(LI);
    let mut sun = world.phone(SUN);
    let own = sun.device;
    sun.device = li.device;
    assert_eq!(code(enrol(&mut world, &sun)), ErrorCode::Forbidden);
    (sun.device, sun.silent) = (own, li.silent.clone());
    assert_eq!(code(enrol(&mut world, &sun)), ErrorCode::Forbidden);
}

#[test]
fn a_phone_that_lost_its_files_but_not_its_keys_takes_the_place_of_its_old_installation() {
    let mut world = World::new();
    let mut phone = world.phone(WANG);
    let old = phone.device;
    phone.device = dangjian_domain::id::RowId([77; 16]).into();
    let enrolled = enrol(&mut world, &phone).unwrap();
    assert_eq!((enrolled.chain.next_seq, enrolled.chain.forked), (1, false));
    assert_eq!(world.count("SELECT COUNT(*) FROM device WHERE revoked_at IS NULL"), 1);
    phone.open_session(&mut world).unwrap();
    phone.device = old;
    assert_eq!(code(phone.open_session(&mut world)), ErrorCode::BadSignature, "the key is the new installation's");
}

#[test]
fn an_enrolment_needs_possession_of_a_proper_key() {
    let mut world = World::new();
    let phone = world.phone(LI);
    let ticket = world.ticket(LI);
    let good = phone.enrolment(&ticket);
    let other = SoftwareKey::generate(&mut world.random);
    let mut point_off = good.silent_key.clone();
    point_off.0[64] ^= 1;
    let cases = [
        (Enrol { silent_key: other.public().as_bytes().to_vec().into(), ..good.clone() }, ErrorCode::BadSignature),
        (Enrol { signature: vec![0; 64].into(), ..good.clone() }, ErrorCode::BadSignature),
        (Enrol { signature: good.signature.0[..63].to_vec().into(), ..good.clone() }, ErrorCode::BadSignature),
        (Enrol { silent_key: point_off, ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { silent_key: vec![0].into(), ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { presence_key: Some(good.silent_key.clone()), ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { algorithm: -48, ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { algorithm: 0, ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { label: "长".repeat(65), ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { label: "a\nb".into(), ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { device: dangjian_domain::id::RowId([0; 16]).into(), ..good.clone() }, ErrorCode::BadRequest),
        (Enrol { ticket: vec![].into(), ..good.clone() }, ErrorCode::BadNonce),
        (Enrol { ticket: vec![1; 72].into(), ..good.clone() }, ErrorCode::BadNonce),
    ];
    for (enrol, expected) in cases {
        assert_eq!(code(world.post::<_, Enrolled>("/v1/devices", &enrol)), expected, "{enrol:?}");
    }
    world.post::<_, Enrolled>("/v1/devices", &good).unwrap();
}

#[test]
fn a_nonce_serves_one_device_once_for_a_minute_in_one_run() {
    let mut world = World::new();
    let (phone, other) = (world.phone(LI), world.phone(ZHAO));
    let open = |world: &mut World, opening: &OpenSession| world.post::<_, Session>("/v1/session", opening);
    let opening = phone.opening(&mut world);
    open(&mut world, &opening).unwrap();
    assert_eq!(code(open(&mut world, &opening)), ErrorCode::BadNonce);
    let late = phone.opening(&mut world);
    world.pass_ms(60_001);
    assert_eq!(code(open(&mut world, &late)), ErrorCode::BadNonce);
    let mut foreign = phone.opening(&mut world);
    foreign.device = other.device;
    assert_eq!(code(open(&mut world, &foreign)), ErrorCode::BadNonce);
    let mut forged = phone.opening(&mut world);
    forged.nonce.0[3] ^= 1;
    assert_eq!(code(open(&mut world, &forged)), ErrorCode::BadNonce);
    let mut unsigned = phone.opening(&mut world);
    unsigned.signature.0[3] ^= 1;
    assert_eq!(code(open(&mut world, &unsigned)), ErrorCode::BadSignature);
    let mut unknown = phone.opening(&mut world);
    unknown.key = vec![1; 16].into();
    assert_eq!(code(open(&mut world, &unknown)), ErrorCode::BadSignature);
    let before = phone.opening(&mut world);
    world.county = county(2);
    assert_eq!(code(open(&mut world, &before)), ErrorCode::BadNonce);
    assert!(phone.sync_as(&mut world, &phone.request(None)).is_ok(), "sessions outlive a restart");
}

#[test]
fn a_session_ends_after_twelve_hours() {
    let mut world = World::new();
    let mut phone = world.phone(LI);
    world.pass_ms(12 * 3_600_000);
    assert_eq!(code(phone.sync_as(&mut world, &phone.request(None))), ErrorCode::SessionExpired);
    phone.open_session(&mut world).unwrap();
    assert!(phone.sync_as(&mut world, &phone.request(None)).is_ok());
}

#[test]
fn a_lost_phone_is_revoked_by_who_may_help_and_by_nobody_else() {
    let mut world = World::new();
    let (wang, li, sun, qian) = (world.phone(WANG), world.phone(LI), world.phone(SUN), world.phone(QIAN));
    let revoke = |world: &mut World, by: &Phone, device| {
        by.post::<_, Done>(world, "/v1/devices/revoke", &RevokeDevice { device })
    };
    assert_eq!(code(revoke(&mut world, &sun, li.device)), ErrorCode::Forbidden);
    assert_eq!(code(revoke(&mut world, &wang, sun.device)), ErrorCode::Forbidden);
    assert_eq!(code(revoke(&mut world, &wang, dangjian_domain::id::RowId([1; 16]).into())), ErrorCode::Forbidden);
    revoke(&mut world, &wang, li.device).unwrap();
    assert_eq!(world.last.as_ref().unwrap().regranted, [LI]);
    let li_at = dangjian_county::Caller { device: li.device, member: LI };
    let mut db = dangjian_county::Sqlite(&world.connection);
    assert!(world.county.hint_feeds_of(li_at, &mut db).unwrap().is_empty(), "its hints end");
    revoke(&mut world, &qian, li.device).unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'revoked'"), 1);
    assert_eq!(code(li.sync_as(&mut world, &li.request(None))), ErrorCode::DeviceRevoked);
    let mut li = li;
    assert_eq!(code(li.open_session(&mut world)), ErrorCode::DeviceRevoked);
    assert_eq!(
        code(sun.post::<_, DeviceList>(&mut world, "/v1/devices/list", &ListDevices { member: LI })),
        ErrorCode::Forbidden
    );
    let list: DeviceList = wang.post(&mut world, "/v1/devices/list", &ListDevices { member: LI }).unwrap();
    assert_eq!((list.devices.len(), list.devices[0].revoked), (1, true));
}

//! Signing in, being locked out, and being helped.

use dangjian_domain::rows::{Member, MemberFile, MemberStatus, Synced};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::*;

use crate::fixture::*;
use crate::world::{PASSWORD, World, code, county};

const MINUTE: i64 = 60_000;

fn activate(
    world: &mut World,
    login: &str,
    code: &str,
    password: &str,
) -> Result<SignedIn, dangjian_protocol::error::ApiError> {
    world.post("/v1/activate", &Activate { login: login.into(), code: code.into(), password: password.into() })
}

#[test]
fn a_member_activates_once_and_signs_in_with_number_or_phone() {
    let mut world = World::new();
    let (number, once) = (number(LI), world.codes[&LI].clone());
    assert_eq!(code(world.sign_in(&number, PASSWORD)), ErrorCode::NotActivated);
    for weak in ["short", "12345678", &phone_number(LI)] {
        assert_eq!(code(activate(&mut world, &number, &once, weak)), ErrorCode::WeakPassword, "{weak}");
    }
    assert_eq!(activate(&mut world, &number, &once.to_lowercase(), PASSWORD).unwrap().member, LI);
    assert_eq!(code(activate(&mut world, &number, &once, PASSWORD)), ErrorCode::WrongCredentials);
    assert_eq!(world.sign_in(&number, PASSWORD).unwrap().name, "党员 66");
    assert_eq!(world.sign_in(&format!(" {} ", phone_number(LI)), PASSWORD).unwrap().member, LI);
    assert_eq!(code(world.sign_in(&number, "something else")), ErrorCode::WrongCredentials);
    assert_eq!(code(world.sign_in("XT9999", PASSWORD)), ErrorCode::WrongCredentials);
}

#[test]
fn a_phone_that_two_members_share_is_no_login() {
    let mut world = World::new();
    world.phone(LI);
    let row = person(ZHAO, A).remove(1);
    let file = MemberFile { phone: phone_number(LI), ..MemberFile::from_row(&row).unwrap() };
    world.change(&[file.to_row()], &[]);
    assert_eq!(code(world.sign_in(&phone_number(LI), PASSWORD)), ErrorCode::WrongCredentials);
    assert!(world.sign_in(&number(LI), PASSWORD).is_ok());
}

#[test]
fn five_wrong_passwords_lock_the_pair_for_a_quarter_of_an_hour_and_nobody_else() {
    let mut world = World::new();
    world.phone(LI);
    world.phone(ZHAO);
    for _ in 0..5 {
        assert_eq!(code(world.sign_in(&number(LI), "wrong wrong")), ErrorCode::WrongCredentials);
        world.pass_ms(2 * MINUTE);
    }
    let locked = world.sign_in(&number(LI), PASSWORD).unwrap_err();
    assert_eq!(locked.code, ErrorCode::LockedOut);
    assert!((12 * 60..=13 * 60 + 1).contains(&locked.retry_after_s.unwrap()));
    assert!(world.sign_in(&number(ZHAO), PASSWORD).is_ok(), "the branch shares one address");
    world.source = "10.9.9.9".into();
    assert!(world.sign_in(&number(LI), PASSWORD).is_ok(), "the member at home");
    world.source = "10.0.0.1".into();
    world.pass_ms(i64::from(locked.retry_after_s.unwrap()) * 1_000);
    assert!(world.sign_in(&number(LI), PASSWORD).is_ok());
}

#[test]
fn thirty_wrong_passwords_from_everywhere_lock_the_account_for_at_most_an_hour() {
    let mut world = World::new();
    world.phone(LI);
    for n in 0..30 {
        world.source = format!("10.1.0.{n}");
        assert_eq!(code(world.sign_in(&number(LI), "wrong wrong")), ErrorCode::WrongCredentials);
    }
    world.source = "10.2.0.1".into();
    let locked = world.sign_in(&number(LI), PASSWORD).unwrap_err();
    assert_eq!((locked.code, locked.retry_after_s), (ErrorCode::LockedOut, Some(3_601)));
    world.pass_ms(60 * MINUTE + 1_000);
    assert!(world.sign_in(&number(LI), PASSWORD).is_ok());
}

#[test]
fn an_unknown_login_locks_like_a_known_one() {
    let mut world = World::new();
    for _ in 0..5 {
        assert_eq!(code(world.sign_in("XT9999", "wrong wrong")), ErrorCode::WrongCredentials);
    }
    assert_eq!(code(world.sign_in("XT9999", "wrong wrong")), ErrorCode::LockedOut);
    assert_eq!(code(world.sign_in("XT9998", "wrong wrong")), ErrorCode::WrongCredentials);
}

#[test]
fn guesses_sent_at_once_count_like_guesses_sent_one_by_one() {
    use dangjian_county::Sqlite;
    use dangjian_protocol::http::{Encoding, Method, Request};
    let mut world = World::new();
    world.phone(LI);
    let request = |password: &str| Request {
        method: Method::Post,
        path: "/v1/sign-in".into(),
        content_type: Encoding::Json,
        accept: Encoding::Json,
        proof: None,
        body: encode(&SignIn { login: number(LI), password: password.into() }, Encoding::Json),
    };
    let mut db = Sqlite(&world.connection);
    let mut guesses = vec!["wrong wrong"; 9];
    guesses.push(PASSWORD);
    let admitted: Vec<_> =
        guesses.iter().map(|guess| world.county.admit(world.now, &request(guess), "x", &mut db).unwrap()).collect();
    let statuses: Vec<u16> = admitted
        .into_iter()
        .map(|admitted| world.county.handle(world.now, &mut world.random, admitted, &mut db).response.status)
        .collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
}

#[test]
fn ten_wrong_codes_an_hour_are_enough() {
    let mut world = World::new();
    for n in 0..10 {
        world.source = format!("10.1.0.{n}");
        assert_eq!(code(activate(&mut world, &number(LI), "AAAAA-AAAAA", PASSWORD)), ErrorCode::WrongCredentials);
    }
    let right = world.codes[&LI].clone();
    assert_eq!(code(activate(&mut world, &number(LI), &right, PASSWORD)), ErrorCode::LockedOut);
    world.pass_ms(61 * MINUTE);
    assert!(activate(&mut world, &number(LI), &right, PASSWORD).is_ok());
}

#[test]
fn a_secretary_resets_a_lost_password_and_it_stands_in_the_audit_log() {
    let mut world = World::new();
    let (wang, li, sun) = (world.phone(WANG), world.phone(LI), world.phone(SUN));
    let reset = |world: &mut World, by: &crate::phone::Phone, member| {
        by.post::<_, AccountReset>(world, "/v1/accounts/reset", &ResetAccount { member })
    };
    assert_eq!(code(reset(&mut world, &sun, LI)), ErrorCode::Forbidden);
    assert_eq!(code(reset(&mut world, &li, SUN)), ErrorCode::Forbidden);
    assert_eq!(code(reset(&mut world, &wang, SUN)), ErrorCode::Forbidden, "another branch");
    assert_eq!(code(reset(&mut world, &wang, WANG)), ErrorCode::Forbidden, "their own");
    assert_eq!(code(reset(&mut world, &wang, member(99))), ErrorCode::Forbidden, "nobody");
    let ticket = world.ticket(LI);
    let once = reset(&mut world, &wang, LI).unwrap().code;
    assert_eq!(code(world.enrol(LI, &ticket, None).map(|_| ())), ErrorCode::BadNonce, "a ticket of before");
    assert_eq!(code(world.sign_in(&number(LI), PASSWORD)), ErrorCode::NotActivated);
    assert!(li.sync_as(&mut world, &li.request(None)).is_ok(), "devices keep their access");
    assert!(activate(&mut world, &number(LI), &once, "另一个更长的密码").is_ok());
    assert_eq!(code(world.sign_in(&number(LI), PASSWORD)), ErrorCode::WrongCredentials);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'reset'"), 1);
    let officer = world.phone(ZHENG);
    assert!(reset(&mut world, &officer, SUN).is_ok(), "an officer above");
}

#[test]
fn who_has_left_can_not_sign_in_and_their_phone_is_refused() {
    let mut world = World::new();
    let li = world.phone(LI);
    world.change(&[Member { status: MemberStatus::Left, ..member_row(LI, A) }.to_row()], &[]);
    assert_eq!(code(world.sign_in(&number(LI), PASSWORD)), ErrorCode::Forbidden);
    assert_eq!(code(world.sign_in(&number(LI), "wrong wrong")), ErrorCode::WrongCredentials);
    assert_eq!(code(li.sync_as(&mut world, &li.request(None))), ErrorCode::Forbidden);
    assert_eq!(world.count(&format!("SELECT COUNT(*) FROM granted WHERE member = x'{}'", "42".repeat(16))), 0);
}

#[test]
fn the_audit_log_gives_a_changed_or_missing_entry_away() {
    use dangjian_county::{County, Sqlite};
    let mut world = World::new();
    for member in [WANG, LI, SUN] {
        world.phone(member);
    }
    let verify = |world: &World| County::verify_audit(&mut Sqlite(&world.connection)).unwrap();
    assert_eq!(verify(&world), Ok(7));
    for tampering in [
        "UPDATE audit SET at = at + 1 WHERE n = 3",
        "UPDATE audit SET actor = NULL WHERE n = 3",
        "UPDATE audit SET action = 'reset' WHERE n = 3",
        "UPDATE audit SET subject = x'00' WHERE n = 3",
        "UPDATE audit SET detail = 5 WHERE n = 3",
        "DELETE FROM audit WHERE n = 3",
    ] {
        world.connection.execute_batch(&format!("SAVEPOINT t; {tampering}")).unwrap();
        assert_eq!(verify(&world), Err(3), "{tampering}");
        world.connection.execute_batch("ROLLBACK TO t; RELEASE t").unwrap();
    }
    assert_eq!(verify(&world), Ok(7));
}

#[test]
fn a_ticket_of_an_earlier_run_is_void() {
    let mut world = World::new();
    let ticket = world.ticket(LI);
    world.county = county(2);
    assert_eq!(code(world.enrol(LI, &ticket, None).map(|_| ())), ErrorCode::BadNonce);
}

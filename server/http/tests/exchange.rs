//! Phones of a made-up county: from the activation code to a hint.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use dangjian_domain::id::MemberId;
use dangjian_domain::op::{Action, MoveMember, PublishNotice};
use dangjian_domain::rows::{Member, NoticeScope, Synced};
use dangjian_domain::time::CivilDay;
use dangjian_http::{SeedCounty, Server, ServerConfig};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{Decision, Done, RevokeDevice, SignIn, SignedIn};
use dangjian_seed::Landmarks;
use support::Started;
use support::phone::{PASSWORD, Phone, code_of};

const SEED: SeedCounty = SeedCounty { seed: 7, today: CivilDay(20_780) };

/// Landmarks and logins of the made-up county.
fn people() -> &'static (Landmarks, BTreeMap<MemberId, String>) {
    static PEOPLE: OnceLock<(Landmarks, BTreeMap<MemberId, String>)> = OnceLock::new();
    PEOPLE.get_or_init(|| {
        let county = dangjian_seed::generate(SEED.seed, SEED.today);
        let members = county.rows.iter().filter_map(|row| Member::from_row(row).ok());
        (county.people, members.map(|member| (MemberId(member.id), member.number)).collect())
    })
}

fn county() -> Started {
    Started::with(|config| {
        config.seed_county = Some(SEED);
        config.limits.keep_alive = Duration::from_millis(400);
    })
}

fn phone(county: &Started, member: MemberId, encoding: Encoding, seed: u64) -> Phone {
    let code = code_of(county.folder.path(), member);
    Phone::enrolled(county.addr(), encoding, (member, &people().1[&member], &code), seed)
}

fn notice(org: dangjian_domain::id::OrgId) -> Action {
    Action::PublishNotice(PublishNotice {
        org,
        scope: NoticeScope::Branch,
        title: "周五晚上七点开会".to_owned(),
        body: "地点：支部活动室".to_owned(),
    })
}

#[test]
fn a_published_notice_reaches_the_branch_and_nobody_else() {
    let county = county();
    let people = &people().0;
    let mut secretary = phone(&county, people.dongguan_secretary, Encoding::Cbor, 1);
    let mut member = phone(&county, people.dongguan_members[5], Encoding::Json, 2);
    let mut stranger = phone(&county, people.village_member, Encoding::Cbor, 3);
    for phone in [&mut secretary, &mut member, &mut stranger] {
        phone.sync_all();
        assert!(phone.rows > 0);
    }
    let (mut hints, mut silence) = (member.hints(), stranger.hints());
    let reply = secretary.act(&notice(people.dongguan_third));
    assert_eq!(reply.verdicts[0].decision, Decision::Accepted, "{:?}", reply.verdicts);
    let effect = reply.verdicts[0].effects.last().unwrap();

    let event = hints.event().unwrap();
    assert_eq!(event, format!("data: {{\"feed\":{},\"seq\":{}}}", effect.feed, effect.seq));
    let before = member.rows;
    member.sync_all();
    assert!(member.rows > before);
    assert_eq!(silence.event().unwrap(), ": alive");
}

#[test]
fn a_move_tells_the_member_that_the_feeds_changed_and_hints_follow() {
    let county = county();
    let people = &people().0;
    let mut officer = phone(&county, people.county_officer, Encoding::Cbor, 1);
    let mut secretary = phone(&county, people.village_secretary, Encoding::Cbor, 2);
    let member = phone(&county, people.village_member, Encoding::Cbor, 3);
    let mut hints = member.hints();
    let moved = officer.act(&Action::MoveMember(MoveMember {
        member: people.village_member,
        from: people.village_branch,
        to: people.second_village_branch,
    }));
    assert_eq!(moved.verdicts[0].decision, Decision::Accepted, "{:?}", moved.verdicts);
    let mut grant = false;
    while !grant {
        grant = hints.event().unwrap() == "event: grant";
    }
    // Of the branch they left nothing reaches them any more.
    let left = secretary.act(&notice(people.village_branch));
    assert_eq!(left.verdicts[0].decision, Decision::Accepted, "{:?}", left.verdicts);
    let mut event = hints.event().unwrap();
    while event != ": alive" {
        for effect in &left.verdicts[0].effects {
            assert!(!event.contains(&format!("\"feed\":{},", effect.feed)), "{event}");
        }
        event = hints.event().unwrap();
    }
}

#[test]
fn a_revoked_device_loses_its_stream_and_its_session() {
    let county = county();
    let mut first = phone(&county, people().0.village_member, Encoding::Cbor, 1);
    let mut second = Phone::new(county.addr(), Encoding::Json, first.member, 2);
    let login = people().1[&first.member].clone();
    let sign_in = SignIn { login: login.clone(), password: "not the password".to_owned() };
    assert_eq!(second.post::<_, SignedIn>("/v1/sign-in", &sign_in), Err(ErrorCode::WrongCredentials));
    let sign_in = SignIn { login, password: PASSWORD.to_owned() };
    let signed_in: SignedIn = second.post("/v1/sign-in", &sign_in).unwrap();
    second.enrol(&signed_in.ticket);
    second.open_session();
    let mut hints = second.hints();
    let _: Done = first.post("/v1/devices/revoke", &RevokeDevice { device: second.device }).unwrap();
    while let Some(event) = hints.event() {
        assert!(event.starts_with(": "), "{event}");
    }
    let again = second.post::<_, Done>("/v1/devices/revoke", &RevokeDevice { device: second.device });
    assert_eq!(again, Err(ErrorCode::DeviceRevoked));
}

#[test]
fn after_a_restart_sessions_and_chains_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = ServerConfig::local(folder.path());
    (config.quick_passwords, config.seed_county) = (true, Some(SEED));
    let mut told = Vec::new();
    let server = Server::start_telling(config.clone(), &mut |line| told.push(line.to_owned())).unwrap();
    assert!(told.iter().any(|line| line.starts_with("loading the county: ")), "{told:?}");
    config.listen = server.addr();
    let county = Started { folder, server };
    let mut secretary = phone(&county, people().0.dongguan_secretary, Encoding::Cbor, 1);
    secretary.act(&notice(people().0.dongguan_third));
    let mut hints = secretary.hints();
    let Started { folder, server } = county;
    server.shutdown();
    while hints.event().is_some() {}

    told.clear();
    let server = Server::start_telling(config, &mut |line| told.push(line.to_owned())).unwrap();
    assert_eq!(told, ["found 852 organizations, 20138 members"]);
    secretary.reconnect();
    let reply = secretary.act(&notice(people().0.dongguan_third));
    assert_eq!(reply.verdicts[0].decision, Decision::Accepted);
    assert_eq!(reply.chain.next_seq, 3);
    drop((server, folder));
}

#[test]
fn a_rush_of_sign_ins_is_told_to_wait_and_holds_nobody_up() {
    let county = Started::with(|config| (config.quick_passwords, config.seed_county) = (false, Some(SEED)));
    let addr = county.addr();
    let body = r#"{"login":"nobody","password":"a long enough password"}"#;
    let rush: Vec<_> =
        (0..120).map(|_| std::thread::spawn(move || support::json(addr, "POST", "/v1/sign-in", body))).collect();
    let mut slowest = Duration::ZERO;
    while !rush.iter().all(std::thread::JoinHandle::is_finished) {
        let began = Instant::now();
        assert_eq!(support::json(addr, "GET", "/v1/capabilities", "").0, 200);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    let (mut busy, mut wrong) = (0, 0);
    for reply in rush {
        match reply.join().unwrap() {
            (503, body) => {
                assert!(body.contains("\"busy\"") && body.contains("retry_after_s"), "{body}");
                busy += 1;
            }
            (401 | 429, _) => wrong += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(busy > 0 && wrong >= 64, "{busy} busy, {wrong} wrong");
}

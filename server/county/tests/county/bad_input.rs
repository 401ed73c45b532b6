//! What must never work, however it is put (bad-inputs.md, groups A, B, H and I).

use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Proof, Request};
use dangjian_protocol::message::*;
use proptest::prelude::*;

use crate::fixture::*;
use crate::phone::Phone;
use crate::world::{World, answer, code};

fn sync(phone: &Phone, world: &World) -> Request {
    let body = encode(&phone.request(None), Encoding::Cbor);
    let proof = Some(phone.prove(Method::Post, "/v1/sync", &body, world.now));
    let path = "/v1/sync".into();
    Request { method: Method::Post, path, content_type: Encoding::Cbor, accept: Encoding::Cbor, proof, body }
}

fn refusal(world: &mut World, request: &Request) -> ErrorCode {
    code(answer::<SyncReply>(&world.send(request)))
}

#[test]
fn a_request_without_its_own_proof_is_refused() {
    let mut world = World::new();
    let (li, sun) = (world.phone(LI), world.phone(SUN));
    let good = sync(&li, &world);
    let proof = good.proof.clone().unwrap();
    let other_body = encode(&SyncRequest { max_rows: 5, ..li.request(None) }, Encoding::Cbor);
    let stolen_token = Proof {
        signature_input: sun.prove(Method::Post, "/v1/sync", &good.body, world.now).signature_input,
        ..proof.clone()
    };
    let cases = [
        Request { proof: None, ..good.clone() },
        Request { body: other_body, ..good.clone() },
        Request { proof: Some(li.prove(Method::Get, "/v1/sync", &good.body, world.now)), ..good.clone() },
        Request { proof: Some(li.prove(Method::Post, "/v1/hints", &good.body, world.now)), ..good.clone() },
        Request { path: "/v1/devices/list".into(), ..good.clone() },
        Request { proof: Some(stolen_token), ..good.clone() },
        Request { proof: Some(Proof { signature: String::new(), ..proof.clone() }), ..good.clone() },
        Request { proof: Some(Proof { content_digest: String::new(), ..proof.clone() }), ..good.clone() },
        Request { proof: Some(Proof { signature_input: "s=()".into(), ..proof.clone() }), ..good.clone() },
    ];
    for request in cases {
        assert_eq!(refusal(&mut world, &request), ErrorCode::BadSignature);
    }
    let long = Proof { signature_input: "s".repeat(9_000), ..proof };
    assert_eq!(refusal(&mut world, &Request { proof: Some(long), ..good.clone() }), ErrorCode::TooLarge);
    assert!(answer::<SyncReply>(&world.send(&good)).is_ok());
    assert!(answer::<SyncReply>(&world.send(&good)).is_ok(), "every request may be repeated");
}

#[test]
fn a_token_the_server_did_not_make_has_a_key_nobody_knows() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    let sun = world.phone(SUN);
    li.session.token[16..32].copy_from_slice(&SUN.0.0);
    li.session.token[..16].copy_from_slice(&sun.device.0.0);
    let request = sync(&li, &world);
    assert_eq!(refusal(&mut world, &request), ErrorCode::BadSignature);
}

#[test]
fn a_clock_more_than_a_minute_off_is_told_the_time() {
    let mut world = World::new();
    let li = world.phone(LI);
    for (off, fine) in [(60, true), (-60, true), (61, false), (-61, false), (1_000_000, false)] {
        let body = encode(&li.request(None), Encoding::Cbor);
        let proof = li.prove(Method::Post, "/v1/sync", &body, world.now.plus_ms(off * 1_000));
        let request = Request { proof: Some(proof), ..sync(&li, &world) };
        let reply = answer::<SyncReply>(&world.send(&request));
        if fine {
            reply.unwrap();
        } else {
            let error = reply.unwrap_err();
            assert_eq!((error.code, error.server_time), (ErrorCode::ClockSkew, world.now));
        }
    }
    for created in [i64::MAX, i64::MIN] {
        let body = encode(&li.request(None), Encoding::Cbor);
        let proof = dangjian_protocol::session::prove(&li.session, Method::Post, "/v1/sync", &body, created);
        let request = Request { proof: Some(proof), ..sync(&li, &world) };
        assert_eq!(refusal(&mut world, &request), ErrorCode::ClockSkew);
    }
}

#[test]
fn paths_and_methods_that_do_not_exist_are_said_not_to() {
    let mut world = World::new();
    let li = world.phone(LI);
    for (method, path) in [
        (Method::Get, "/v1/sync"),
        (Method::Post, "/v1/capabilities"),
        (Method::Post, "/v1/hints"),
        (Method::Get, "/v1/sign-in"),
        (Method::Post, "/v1/sync/"),
        (Method::Post, "/V1/sync"),
        (Method::Post, ""),
        (Method::Post, "/v1/../v1/sync"),
    ] {
        let request = Request { method, path: path.into(), ..sync(&li, &world) };
        assert_eq!(refusal(&mut world, &request), ErrorCode::NoSuchPath, "{path}");
    }
    let request = Request { path: "/".repeat(1 << 20), ..sync(&li, &world) };
    assert_eq!(refusal(&mut world, &request), ErrorCode::NoSuchPath);
}

#[test]
fn bodies_that_are_too_long_or_not_what_they_claim_are_refused() {
    let mut world = World::new();
    let li = world.phone(LI);
    let signed = |body: Vec<u8>, world: &World| {
        let proof = Some(li.prove(Method::Post, "/v1/sync", &body, world.now));
        Request { body, proof, ..sync(&li, world) }
    };
    let request = signed(vec![0; (1 << 20) + 1], &world);
    assert_eq!(refusal(&mut world, &request), ErrorCode::TooLarge);
    let good = encode(&li.request(None), Encoding::Cbor);
    let json = encode(&li.request(None), Encoding::Json);
    let mut trailing = good.clone();
    trailing.push(0);
    let deep = vec![0x81; 200_000];
    let endless = [&[0x9b][..], &[0xff; 8]].concat();
    let negative = json.iter().map(|b| char::from(*b)).collect::<String>().replace("\"history\":0", "\"history\":-1");
    for body in [vec![], vec![0xff], trailing, json, deep, endless, negative.into_bytes()] {
        let request = signed(body, &world);
        assert_eq!(refusal(&mut world, &request), ErrorCode::BadRequest);
    }
    for cut in 0..good.len() {
        let request = signed(good[..cut].to_vec(), &world);
        assert_eq!(refusal(&mut world, &request), ErrorCode::BadRequest);
    }
    let deep_json = Request { content_type: Encoding::Json, ..signed(vec![b'['; 200_000], &world) };
    assert_eq!(refusal(&mut world, &deep_json), ErrorCode::BadRequest);
}

#[test]
fn a_damaged_database_is_an_error_that_changes_nothing() {
    let mut world = World::new();
    let li = world.phone(LI);
    world.connection.execute_batch("DELETE FROM member_file WHERE phone = '13800000002'").unwrap();
    let reply = li.sync_as(&mut world, &li.request(None)).unwrap_err();
    assert_eq!(reply.code, ErrorCode::Internal);
    assert!(world.last.as_ref().unwrap().failed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_body_of_an_unsigned_request_makes_the_server_fail(
        path in prop::sample::select(vec![
            "/v1/activate", "/v1/sign-in", "/v1/devices", "/v1/session/nonce", "/v1/session", "/v1/sync",
        ]),
        json in any::<bool>(),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        thread_local!(static WORLD: std::cell::RefCell<World> = std::cell::RefCell::new(World::new()));
        let encoding = if json { Encoding::Json } else { Encoding::Cbor };
        let path = path.to_owned();
        let request =
            Request { method: Method::Post, path, content_type: encoding, accept: encoding, proof: None, body };
        let status = WORLD.with(|world| world.borrow_mut().send(&request).status);
        prop_assert!((200..500).contains(&status), "{}", status);
    }
}

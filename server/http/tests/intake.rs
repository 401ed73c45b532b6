//! What comes in that should not: it gets a typed error, and the server goes on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::io::Write;
use std::time::{Duration, Instant};

use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::Encoding;
use dangjian_protocol::limits;
use dangjian_protocol::message::{self, Capabilities};
use support::{Started, connect, json, rest, send, status};

const POSTS: [&str; 9] = [
    "/v1/sync",
    "/v1/sign-in",
    "/v1/activate",
    "/v1/devices",
    "/v1/devices/list",
    "/v1/devices/revoke",
    "/v1/session/nonce",
    "/v1/session",
    "/v1/accounts/reset",
];

fn capabilities(server: &Started) -> Capabilities {
    let (status, body) = json(server.addr(), "GET", "/v1/capabilities", "");
    assert_eq!(status, 200);
    message::decode(body.as_bytes(), Encoding::Json).unwrap()
}

fn code(body: &str) -> ErrorCode {
    let error: ApiError = message::decode(body.as_bytes(), Encoding::Json).unwrap_or_else(|_| panic!("{body}"));
    error.code
}

#[test]
fn capabilities_are_told_without_a_session() {
    let server = Started::new();
    assert!(capabilities(&server).hints);
}

#[test]
fn unknown_paths_and_wrong_methods_get_typed_errors() {
    let server = Started::new();
    for path in ["/", "/v1", "/v1/sync/", "//v1/sync", "/v1/%73ync", "/v2/sync"] {
        let (status, body) = json(server.addr(), "POST", path, "{}");
        assert_eq!((status, code(&body)), (404, ErrorCode::NoSuchPath), "{path}");
    }
    for (method, path) in [("GET", "/v1/sync"), ("POST", "/v1/hints"), ("DELETE", "/v1/devices")] {
        let (status, body) = json(server.addr(), method, path, "");
        assert_eq!((status, code(&body)), (405, ErrorCode::BadRequest), "{method} {path}");
    }
    let head = send(server.addr(), &["HEAD /v1/capabilities HTTP/1.1"], b"");
    assert_eq!(status(&head), 405);
    let (status, body) = json(server.addr(), "GET", "/v1/capabilities?x=1", "");
    assert_eq!((status, code(&body)), (400, ErrorCode::BadRequest));
}

#[test]
fn garbage_on_every_path_in_both_encodings_is_refused() {
    let server = Started::new();
    let nested = [vec![0x81; 200_000], vec![0]].concat();
    let bodies: [&[u8]; 8] = [
        b"",
        b"\xff",
        b"{}",
        b"[[[[",
        b"{\"login\":1e999}",
        &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0xbf, 0x01],
        &nested,
    ];
    for path in POSTS {
        for kind in ["application/json", "application/cbor", "text/html", ""] {
            for body in bodies {
                let (start, kind) = (format!("POST {path} HTTP/1.1"), format!("content-type: {kind}"));
                let length = format!("content-length: {}", body.len());
                let reply = send(server.addr(), &[&start, &kind, "accept: application/json", &length], body);
                assert!((400..500).contains(&status(&reply)), "{path} {kind}: {reply}");
                code(reply.split_once("\r\n\r\n").unwrap().1);
            }
        }
    }
    capabilities(&server);
}

#[test]
fn a_body_over_the_cap_is_refused_however_it_comes() {
    let server = Started::new();
    let large = vec![b'x'; limits::BODY + 1];
    let length = format!("content-length: {}", large.len());
    let start = "POST /v1/sync HTTP/1.1";
    let reply = send(server.addr(), &[start, "accept: application/json", &length], &large);
    assert_eq!((status(&reply), reply.contains("too_large")), (413, true), "{reply}");

    let mut chunked = Vec::new();
    for _ in 0..40 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&[b'x'; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let reply = send(server.addr(), &[start, "accept: application/json", "transfer-encoding: chunked"], &chunked);
    assert_eq!((status(&reply), reply.contains("too_large")), (413, true), "{reply}");

    for (claimed, answer) in [("9999999999", 413), ("18446744073709551615", 431), ("-1", 400), ("1, 2", 400)] {
        let reply = send(server.addr(), &[start, &format!("content-length: {claimed}")], b"x");
        assert_eq!(status(&reply), answer, "{reply}");
    }
    capabilities(&server);
}

#[test]
fn headers_that_are_too_long_too_many_or_twice_are_refused() {
    let server = Started::new();
    let start = "GET /v1/hints HTTP/1.1";
    let long = format!("x-long: {}", "x".repeat(limits::HEADER + 1));
    assert_eq!(status(&send(server.addr(), &[start, &long], b"")), 413);
    let endless = format!("x-endless: {}", "x".repeat(1 << 20));
    assert_eq!(status(&send(server.addr(), &[start, &endless], b"")), 431);
    let many: Vec<String> = (0..100).map(|n| format!("x-{n}: y")).collect();
    let many: Vec<&str> = [start].into_iter().chain(many.iter().map(String::as_str)).collect();
    assert_eq!(status(&send(server.addr(), &many, b"")), 431);

    let proof = ["content-digest: d", "signature-input: i", "signature: s"];
    for name in 0..3 {
        let mut lines = vec![start, "accept: application/json"];
        lines.extend(proof);
        lines.push(proof[name]);
        let reply = send(server.addr(), &lines, b"");
        assert_eq!((status(&reply), reply.contains("bad_request")), (400, true), "{reply}");
    }
    let reply = send(server.addr(), &["POST /v1/sync HTTP/1.1", "content-encoding: gzip", "content-length: 0"], b"");
    assert_eq!(status(&reply), 415);
    let reply = send(server.addr(), &[start, "x-split: a\rb"], b"");
    assert_eq!(status(&reply), 400);
    capabilities(&server);
}

#[test]
fn who_sends_headers_or_body_too_slowly_is_cut() {
    let server = Started::with(|config| {
        config.limits.header_timeout = Duration::from_millis(300);
        config.limits.body_timeout = Duration::from_millis(300);
    });
    for (begin, answered) in [
        ("", false),
        ("GET /v1/capabilities", false),
        ("POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\nabc", true),
        ("POST /v1/sync HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n9000\r\nabcde", true),
    ] {
        let mut stream = connect(server.addr());
        let began = Instant::now();
        stream.write_all(begin.as_bytes()).unwrap();
        // A byte now and then must not help.
        let mut trickle = stream.try_clone().unwrap();
        let trickling = std::thread::spawn(move || {
            while trickle.write_all(b"1").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let reply = rest(stream);
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(250) && took < Duration::from_secs(5), "{begin:?} took {took:?}");
        if answered {
            assert_eq!(status(&reply), 408, "{reply}");
        }
        trickling.join().unwrap();
    }
    capabilities(&server);
}

#[test]
fn idle_connections_do_not_keep_anybody_out_for_long() {
    let server = Started::with(|config| {
        config.limits.connections = 50;
        config.limits.header_timeout = Duration::from_millis(300);
    });
    let idle: Vec<_> = (0..200).map(|_| connect(server.addr())).collect();
    // Waits until those before it were cut.
    capabilities(&server);
    drop(idle);
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let server = Started::new();
    let mut stream = connect(server.addr());
    stream.write_all(b"GET /v1/capabilities HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    stream.write_all(b"GET /v1/capabilities HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    assert_eq!(rest(stream).matches("HTTP/1.1 200").count(), 2);
}

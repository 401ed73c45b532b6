//! Group I at the phone: replies on the wire that are not HTTP, not ours, or without end.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dangjian_client::{AppError, HostEvent};
use dangjian_domain::rows::NoticeScope;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::limits;

use super::listener::{Fault, Listener};

fn say(bytes: impl Into<Vec<u8>>) -> Fault {
    let bytes = bytes.into();
    Arc::new(move |to: &mut dyn Write| to.write_all(&bytes))
}

/// A reply after which the connection is closed, and says so: a kept one would be tried for the next request.
fn reply(head: &[&str], body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {}\r\nconnection: close\r\n\r\n", head.join("\r\n"));
    [head.as_bytes(), body].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_is_no_reply_is_an_error_and_the_next_one_is_read_as_ever() {
    let listener = Listener::new();
    let (secretary, branch) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    phone.client.host(HostEvent::Offline).await;
    phone.client.notices().publish(branch, NoticeScope::Branch, "一次", "请参加").await.unwrap();
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/v1/sync", elsewhere.local_addr().unwrap());
    let (offline, nonsense) = (AppError::Offline, AppError::Server(ErrorCode::BadRequest));
    let ok = "200 OK";
    let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &vec![0; 60_000]].concat();
    let long = format!("x-long: {}", "x".repeat(2 << 20));
    let many = (0..3_000).map(|n| format!("x-{n}: y")).collect::<Vec<_>>().join("\r\n");
    let twice =
        reply(&[ok, "content-type: application/json", "content-type: application/cbor", "content-length: 1"], b"\xa0");
    let cases: Vec<(&str, Vec<u8>, &AppError)> = vec![
        ("nothing at all", vec![], &offline),
        ("one byte", vec![0xff], &offline),
        ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), &offline),
        ("a head without end", b"HTTP/1.1 200 OK\r\ncontent-type: a".to_vec(), &offline),
        ("a status that is none", b"HTTP/1.1 9999 X\r\n\r\n".to_vec(), &offline),
        ("a header of 2 MiB", reply(&[ok, &long], b""), &offline),
        ("3,000 headers", reply(&[ok, &many], b""), &offline),
        ("a line break in a header", reply(&[ok, "x-split: a\r b", "content-length: 0"], b""), &offline),
        ("a bare CR in a header", reply(&[ok, "x-split: a\rb", "content-length: 0"], b""), &offline),
        ("NUL in a header", reply(&[ok, "x-split: a\0b", "content-length: 0"], b""), &offline),
        ("two lengths", reply(&[ok, "content-length: 1", "content-length: 2"], b"\xa0\xa0"), &offline),
        ("a length below nought", reply(&[ok, "content-length: -1"], b"\xa0"), &offline),
        ("a length of 2^64", reply(&[ok, "content-length: 18446744073709551616"], b"\xa0"), &offline),
        ("more promised than sent", reply(&[ok, "content-length: 5000"], b"\xa0"), &offline),
        ("8 EiB promised", reply(&[ok, "content-length: 9223372036854775807"], b"\xa0"), &offline),
        ("less promised than sent", reply(&[ok, "content-length: 1"], &[0xa0; 90]), &nonsense),
        ("a chunk that is none", reply(&[ok, "transfer-encoding: chunked"], b"zz\r\n\r\n"), &offline),
        ("a chunk of 2^64", reply(&[ok, "transfer-encoding: chunked"], b"ffffffffffffffffff\r\n"), &offline),
        ("chunks cut off", reply(&[ok, "transfer-encoding: chunked"], b"5\r\nabcde\r\n"), &offline),
        ("two content types", twice, &nonsense),
        ("text/html", reply(&[ok, "content-type: text/html", "content-length: 6"], b"<html>"), &nonsense),
        ("packed though nobody asked", reply(&[ok, "content-encoding: gzip"], &gzip), &nonsense),
        ("redirected to another host", reply(&["302 Found", &location, "content-length: 0"], b""), &nonsense),
        ("redirected for good", reply(&["308 Permanent Redirect", &location, "content-length: 0"], b""), &nonsense),
        ("429 until the year 2286", reply(&["429 X", "retry-after: 9999999", "content-length: 0"], b""), &nonsense),
        ("429 until before", reply(&["429 X", "retry-after: -1", "content-length: 0"], b""), &nonsense),
        (
            "429 until a date",
            reply(&["429 X", "retry-after: Fri, 31 Dec 9999 23:59:59 GMT", "content-length: 0"], b""),
            &nonsense,
        ),
        (
            "switching protocols",
            reply(&["101 Switching Protocols", "upgrade: x", "connection: upgrade"], b"\xa0"),
            &nonsense,
        ),
    ];
    listener.answer_with(Some(say(vec![])));
    phone.client.host(HostEvent::Online).await;
    for (name, bytes, expected) in cases {
        listener.answer_with(Some(say(bytes)));
        let began = Instant::now();
        let result = phone.client.sync().await;
        assert_eq!(result.as_ref(), Err(expected), "{name}");
        assert!(began.elapsed() < Duration::from_secs(8), "{name} took {:?}", began.elapsed());
        assert_eq!(phone.client.status().borrow().queued, 1, "{name}: still to be delivered");
        assert_eq!(phone.client.notices().list(9, 0).unwrap().len(), 1, "{name}: still shown");
    }
    assert!(elsewhere.accept().is_err(), "nobody went where the redirection pointed");
    assert!(listener.take_heads().iter().all(|head| !head.to_lowercase().contains("accept-encoding")));
    listener.answer_with(None);
    phone.client.sync().await.unwrap();
    assert_eq!(phone.client.status().borrow().queued, 0);
    assert_eq!(listener.office(|office| office.count("SELECT count(*) FROM notice")), 1, "delivered once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_without_end_is_read_to_the_cap_and_no_further() {
    let listener = Listener::new();
    let (secretary, _) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    for chunked in [true, false] {
        let written = Arc::new(AtomicUsize::new(0));
        let count = written.clone();
        let (done, ended) = std::sync::mpsc::channel();
        listener.answer_with(Some(Arc::new(move |to: &mut dyn Write| {
            let framing: &[u8] =
                if chunked { b"transfer-encoding: chunked\r\n\r\n" } else { b"connection: close\r\n\r\n" };
            to.write_all(&[b"HTTP/1.1 200 OK\r\n", framing].concat())?;
            let chunk =
                if chunked { [b"10000\r\n", &[0xa0; 65_536][..], b"\r\n"].concat() } else { vec![0xa0; 65_536] };
            let result = loop {
                if let Err(error) = to.write_all(&chunk) {
                    break Err(error);
                }
                count.fetch_add(chunk.len(), Ordering::Relaxed);
            };
            let _ = done.send(());
            result
        })));
        let before = phone.client.traffic().received_bytes;
        assert_eq!(phone.client.sync().await, Err(AppError::Offline));
        assert!(phone.client.traffic().received_bytes - before <= limits::REPLY as u64);
        // The phone hung up; what was written beyond lay in the sockets' buffers.
        ended.recv_timeout(Duration::from_secs(20)).unwrap();
        let written = written.load(Ordering::Relaxed);
        assert!((limits::REPLY / 2..4 * limits::REPLY).contains(&written), "{written}");
    }
    listener.answer_with(None);
    phone.client.sync().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_trickles_holds_up_neither_the_person_nor_the_end_of_the_program() {
    let listener = Listener::new();
    let (secretary, branch) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    let (hung, under_way) = std::sync::mpsc::channel();
    listener.answer_with(Some(Arc::new(move |to: &mut dyn Write| {
        to.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")?;
        let _ = hung.send(());
        // A byte a second, as far as this test is concerned for ever: its end is the phone's.
        while to.write_all(b"\xa0").is_ok() {
            std::thread::park_timeout(Duration::from_secs(1));
        }
        Ok(())
    })));
    let id = phone.client.notices().publish(branch, NoticeScope::Branch, "慢", "请参加").await.unwrap();
    tokio::task::spawn_blocking(move || under_way.recv_timeout(Duration::from_secs(20)).unwrap()).await.unwrap();
    let began = Instant::now();
    assert!(phone.client.notices().get(id).unwrap().unwrap().unconfirmed);
    phone.client.notices().publish(branch, NoticeScope::Branch, "再", "请参加").await.unwrap();
    phone.client.host(HostEvent::Suspend).await;
    phone.client.host(HostEvent::Resume).await;
    tokio::task::spawn_blocking(move || drop(phone)).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    listener.answer_with(None);
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in("").await.unwrap();
    phone.client.sync().await.unwrap();
    assert_eq!(listener.office(|office| office.count("SELECT count(*) FROM notice")), 2);
}

//! Groups H and I at the phone: a server that talks nonsense. The phone says so, keeps what it has, and comes again at its
//! own pace, never at once and again.

use dangjian_domain::id::RowId;
use dangjian_domain::op::Action;
use dangjian_engine::{AppError, Command, Done, Input, NetFault};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Request, Response};
use dangjian_protocol::message::{self, Decision, FeedCheck, PageBody, Session, SyncReply, Verdict};
use dangjian_protocol::page::{Advance, Page};

use super::hand::{Hand, changed, honest};
use super::office::{Office, notice};

/// The phone of a branch's secretary.
fn setting(dir: &tempfile::TempDir) -> (Hand, dangjian_domain::id::OrgId) {
    let office = Office::new();
    let (secretary, branch) = office.secretary();
    (Hand::new(office, secretary, dir.path()), branch)
}

fn page(page: &Page) -> Option<PageBody> {
    Some(PageBody::Columnar(Bytes(page.compress())))
}

/// A zstd frame that unpacks to `bytes` zeros and asks for a window of 128 MiB: blocks of one byte repeated 128 KiB times.
pub(crate) fn bomb(bytes: usize) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3];
    for _ in 0..bytes >> 17 {
        frame.extend([0x02, 0x00, 0x10, 0x00]);
    }
    frame.extend([0x01, 0x00, 0x00]);
    frame
}

/// What the phone asked for since `clear`, exchanges alone.
fn exchanges(hand: &Hand) -> usize {
    hand.asked.iter().filter(|path| *path == "/v1/sync").count()
}

/// With this change to every reply the phone asks a few times and then waits; afterwards all is as if nothing had been.
fn bounded(name: &str, most: usize, change: impl Fn(&mut SyncReply)) {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, branch) = setting(&dir);
    for queued in [false, true] {
        hand.asked.clear();
        if queued {
            hand.queue.push_back(Input::Host(dangjian_engine::HostEvent::Offline));
            hand.act(notice(branch, name), &mut honest).unwrap();
            hand.queue.push_back(Input::Host(dangjian_engine::HostEvent::Online));
        }
        let _ = hand.sync(&mut |office, request| changed(office, request, &change));
        assert!(exchanges(&hand) <= most, "{name}: {} exchanges at once", exchanges(&hand));
        assert!(hand.wake_in.is_some_and(|ms| ms > 0), "{name}: {:?}", hand.wake_in);
        // An hour of it: the waits grow.
        hand.asked.clear();
        let mut passed = 0;
        while passed < 3_600_000 {
            let wait = hand.wake_in.take().unwrap_or(3_600_000).max(1);
            passed += wait;
            hand.pass_ms(wait, &mut |office, request| changed(office, request, &change));
        }
        assert!(exchanges(&hand) <= 400, "{name}: {} exchanges in an hour", exchanges(&hand));
    }
    hand.sync(&mut honest).unwrap();
    assert_eq!(hand.own().queued_count().unwrap(), 0, "{name}");
    assert_eq!(hand.office.count("SELECT count(*) FROM notice"), 1, "{name}: once");
    assert_eq!(hand.differences(), (0, 0), "{name}");
}

#[test]
fn a_server_that_always_has_more_but_never_a_row_is_not_asked_on_and_on() {
    bounded("more, no page", 3, |reply| (reply.page, reply.more) = (None, true));
    bounded("more, an empty page", 3, |reply| (reply.page, reply.more) = (page(&Page::default()), true));
}

#[test]
fn a_server_that_never_gives_a_verdict_is_not_asked_on_and_on() {
    bounded("no verdicts", 3, |reply| {
        reply.verdicts.clear();
        reply.chain.next_seq = 1;
        reply.receipt = None;
    });
    bounded("next sequence 0", 3, |reply| {
        reply.verdicts.clear();
        reply.chain.next_seq = 0;
        reply.receipt = None;
    });
}

#[test]
fn a_server_whose_sums_never_fit_is_not_asked_on_and_on() {
    bounded("sums", 8, |reply| reply.checks.iter_mut().for_each(|check| check.sum ^= 1));
    bounded("counts", 8, |reply| reply.checks.iter_mut().for_each(|check| check.rows = u64::MAX));
    bounded("sums of feeds nobody holds", 3, |reply| {
        reply.checks = vec![FeedCheck { feed: u64::MAX, rows: 1, sum: 1 }, FeedCheck { feed: 0, rows: 1, sum: 1 }];
    });
}

#[test]
fn a_session_that_is_over_when_it_is_opened_is_not_opened_on_and_on() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, _) = setting(&dir);
    for expires_in in [i64::MIN, -1, 0, 1, 59_999] {
        hand.office.now = hand.office.now.plus_ms(13 * 3_600_000);
        hand.asked.clear();
        let result = hand.sync(&mut |office, request| {
            let mut response = office.send(request);
            if request.path == "/v1/session" {
                let mut session: Session = message::decode(&response.body, response.content_type).unwrap();
                session.expires_at = office.now.plus_ms(expires_in);
                response.body = message::encode(&session, response.content_type);
            }
            Ok(response)
        });
        assert!(matches!(result, Err(AppError::Server(_))), "{result:?}");
        assert!(hand.asked.len() <= 4, "{:?}", hand.asked);
    }
    hand.sync(&mut honest).unwrap();
}

fn error(office: &Office, code: ErrorCode, retry_after_s: Option<u32>) -> Response {
    Response::error(&ApiError { code, server_time: office.now, retry_after_s }, Encoding::Cbor)
}

#[test]
fn a_server_that_says_401_for_ever_is_tried_once_more_and_then_left_for_a_while() {
    for code in [ErrorCode::ClockSkew, ErrorCode::SessionExpired, ErrorCode::BadSignature, ErrorCode::BadNonce] {
        let dir = tempfile::tempdir().unwrap();
        let (mut hand, branch) = setting(&dir);
        let before = hand.shown();
        hand.asked.clear();
        let mut refuse = |office: &mut Office, request: &Request| match request.path.as_str() {
            "/v1/sync" | "/v1/devices/list" => Ok(error(office, code, None)),
            _ => honest(office, request),
        };
        assert!(matches!(hand.sync(&mut refuse), Err(AppError::Server(got)) if got == code));
        assert!(exchanges(&hand) <= 2, "{code:?}: {:?}", hand.asked);
        assert!(hand.asked.len() <= 8, "{:?}", hand.asked);
        assert!(hand.wake_in.is_some_and(|ms| ms >= 500));
        hand.asked.clear();
        let member = hand.phone.member;
        let id = hand.enqueue(Command::ListDevices(member));
        hand.run(&mut refuse);
        // An exchange that failed at the same time may make the second try wait for the next one's turn.
        let wait = hand.wake_in.unwrap();
        hand.pass_ms(wait, &mut refuse);
        let listed = hand.reply(id).expect("it is answered by then");
        assert!(matches!(listed, Err(AppError::Server(got)) if got == code), "{listed:?}");
        assert!(hand.asked.iter().filter(|path| *path == "/v1/devices/list").count() <= 2, "{:?}", hand.asked);
        assert_eq!(hand.shown(), before);
        assert!(!hand.wiped);
        hand.act(notice(branch, "照常"), &mut refuse).unwrap();
        hand.sync(&mut honest).unwrap();
        assert_eq!(hand.own().queued_count().unwrap(), 0);
    }
}

#[test]
fn an_absurd_wait_is_not_obeyed_for_longer_than_an_hour() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, _) = setting(&dir);
    for code in [ErrorCode::LockedOut, ErrorCode::Busy, ErrorCode::Internal] {
        for retry_after_s in [None, Some(0), Some(1), Some(9_999_999), Some(u32::MAX)] {
            hand.wake_in = None;
            let result = hand.sync(&mut |office, request| match request.path.as_str() {
                "/v1/sync" => Ok(error(office, code, retry_after_s)),
                _ => honest(office, request),
            });
            assert!(result.is_err());
            let wait = hand.wake_in.unwrap();
            let asked = i64::from(retry_after_s.unwrap_or(0)).min(3_600) * 1_000;
            assert!(wait >= asked.max(500) && wait <= 3_600_000, "{code:?} {retry_after_s:?}: {wait}");
        }
    }
    // A number below nought, a date, a text in its place: not an error that can be read.
    for retry in [
        &[0x03, 0x20][..],
        &[0x03, 0x61, b'x'],
        &[0x03, 0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0x03, 0x1b, 1, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let result = hand.sync(&mut |office, request| match request.path.as_str() {
            "/v1/sync" => {
                let good = error(office, ErrorCode::Busy, None).body;
                let body = [&[0xa3][..], &good[1..], retry].concat();
                Ok(Response { status: 429, content_type: Encoding::Cbor, body })
            }
            _ => honest(office, request),
        });
        assert!(matches!(result, Err(AppError::Server(ErrorCode::BadRequest))), "{result:?}");
    }
    hand.sync(&mut honest).unwrap();
    assert!(hand.wake_in.unwrap() <= 120_000, "the slot the server names counts again");
}

#[test]
fn a_reply_that_is_none_changes_nothing_and_the_operation_is_delivered_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, branch) = setting(&dir);
    hand.queue.push_back(Input::Host(dangjian_engine::HostEvent::Offline));
    hand.act(notice(branch, "一次"), &mut honest).unwrap();
    hand.queue.push_back(Input::Host(dangjian_engine::HostEvent::Online));
    let shown = hand.shown();
    let bomb = bomb(512 << 20);
    assert!(bomb.len() < 20_000);
    let with_page =
        |bytes: Vec<u8>| move |reply: &mut SyncReply| reply.page = Some(PageBody::Columnar(Bytes(bytes.clone())));
    let raw = |status: u16, body: &[u8]| Response { status, content_type: Encoding::Cbor, body: body.to_vec() };
    type Fault = Box<dyn Fn(&mut Office, &Request) -> Result<Response, NetFault>>;
    let alter = |change: Box<dyn Fn(&mut SyncReply)>| -> Fault {
        Box::new(move |office, request| changed(office, request, &change))
    };
    let always = |response: Response| -> Fault { Box::new(move |_, _| Ok(response.clone())) };
    let json = |text: &str| Response { status: 200, content_type: Encoding::Json, body: text.as_bytes().to_vec() };
    let verdict = |seq: u64| Verdict {
        seq,
        op: RowId([9; 16]).into(),
        decision: Decision::Accepted,
        reason: None,
        effects: vec![],
    };
    let future = Advance { feed: 1, generation: 1, seq: u64::MAX, at_head: true };
    let faults: Vec<(&str, Fault)> = vec![
        ("a receipt of zeros", alter(Box::new(|reply| reply.receipt = Some(Bytes(vec![0; 100]))))),
        (
            "a receipt with one bit changed",
            alter(Box::new(|reply| {
                if let Some(receipt) = &mut reply.receipt {
                    *receipt.0.last_mut().unwrap() ^= 1;
                }
            })),
        ),
        ("a verdict on another operation", alter(Box::new(move |reply| reply.verdicts = vec![verdict(1)]))),
        ("a verdict on what was never done", alter(Box::new(move |reply| reply.verdicts = vec![verdict(1 << 40)]))),
        ("a chain beyond this phone's", alter(Box::new(|reply| reply.chain.next_seq = u64::MAX))),
        ("nothing", always(raw(200, b""))),
        ("a break", always(raw(200, &[0xff]))),
        ("nesting", always(raw(200, &vec![0x81; 1 << 20]))),
        ("an array of 2^64 - 1", always(raw(200, &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))),
        ("HTML", always(json("<html>502 Bad Gateway</html>"))),
        ("a captive portal", always(raw(200, b"<html>\xe7\x99\xbb\xe5\xbd\x95</html>"))),
        ("nesting in JSON", always(json(&"[".repeat(1 << 20)))),
        ("status 302 without a body", always(raw(302, b""))),
        ("status 204", always(raw(204, b""))),
        ("status 500 with an unknown code", always(raw(500, &[0xa2, 0x01, 0x18, 99, 0x02, 0x00]))),
        ("a page that swells to 512 MiB", alter(Box::new(with_page(bomb)))),
        ("a page that is none", alter(Box::new(with_page(b"no page".to_vec())))),
        ("history 0", alter(Box::new(|reply| reply.history = 0))),
        (
            "a grant that lists a feed twice",
            alter(Box::new(|reply| {
                let feed = message::GrantedFeed { feed: 1, kind: 1, subject: RowId([1; 16]) };
                reply.grant = Some(message::GrantList { number: 9, feeds: vec![feed.clone(), feed] });
            })),
        ),
    ];
    for (name, fault) in &faults {
        let mut lost = |office: &mut Office, request: &Request| match request.path.as_str() {
            "/v1/sync" => fault(office, request),
            _ => honest(office, request),
        };
        hand.asked.clear();
        let result = hand.sync(&mut lost);
        assert!(
            matches!(result, Err(AppError::Server(_) | AppError::Storage(_) | AppError::Offline)),
            "{name}: {result:?}"
        );
        assert!(exchanges(&hand) <= 3, "{name}: {:?}", hand.asked);
        assert!(hand.wake_in.is_some_and(|ms| ms >= 500), "{name}");
        assert!(!hand.wiped);
        assert_eq!(hand.shown().len(), shown.len(), "{name}: what is shown is what was shown");
        assert!(hand.notices().iter().any(|notice| notice.title == "一次"), "{name}");
    }
    hand.sync(&mut honest).unwrap();
    assert_eq!(hand.own().queued_count().unwrap(), 0);
    assert_eq!(hand.office.count("SELECT count(*) FROM notice"), 1);
    assert_eq!(hand.differences(), (0, 0));
    assert!(
        hand.act(
            Action::ReadNotice(dangjian_domain::op::ReadNotice { notice: hand.notices()[0].id.into() }),
            &mut honest
        )
        .is_ok()
    );
    // A position beyond all that will ever be: the phone stays behind until a check finds it, and is not confused.
    let leap = page(&Page { advance: vec![future], ..Page::default() });
    let result = hand.sync(&mut |office, request| {
        let leap = leap.clone();
        changed(office, request, |reply| (reply.page, reply.checks) = (leap, vec![]))
    });
    assert!(matches!(result, Ok(Done::Synced)), "{result:?}");
    hand.sync(&mut honest).unwrap();
    assert_eq!(hand.differences(), (0, 0));
}

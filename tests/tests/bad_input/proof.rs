//! Group I at the server: what a request's headers must prove, on a real socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use dangjian_county::{Sqlite, sqlite};
use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::time::Timestamp;
use dangjian_http::{Running, Server, ServerConfig};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Proof};
use dangjian_protocol::message::{
    self, Activate, AskNonce, Cursor, Enrolled, Message, Nonce, OpenSession, Session, SignedIn, SyncReply, SyncRequest,
};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{SESSION_CONTEXT, SoftwareKey, contextual};
use dangjian_tests::people::{SmallCounty, number};

use super::office::PASSWORD;
use super::phone::Phone;

struct Site {
    server: Option<Running>,
    folder: tempfile::TempDir,
    addr: SocketAddr,
    phone: Phone,
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.server.take());
    }
}

/// A request as it goes over the wire: its first line and headers, and its body.
struct Said {
    start: String,
    proof: Option<Proof>,
    more: Vec<String>,
    body: Vec<u8>,
}

fn exchange(addr: SocketAddr, said: &Said) -> (u16, Vec<u8>) {
    let mut head = format!("{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n", said.start);
    if let Some(proof) = &said.proof {
        head += &format!("content-digest: {}\r\n", proof.content_digest);
        head += &format!("signature-input: {}\r\nsignature: {}\r\n", proof.signature_input, proof.signature);
    }
    for line in &said.more {
        head += &format!("{line}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", said.body.len());
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let _ = stream.write_all(&[head.as_bytes(), &said.body].concat());
    let mut reply = vec![];
    stream.read_to_end(&mut reply).unwrap();
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(reply.len());
    let status = String::from_utf8_lossy(&reply[..end]).split(' ').nth(1).unwrap().parse().unwrap();
    (status, reply.get(end + 4..).unwrap_or_default().to_vec())
}

fn post<Q: Message, A: Message>(addr: SocketAddr, path: &str, question: &Q) -> A {
    let body = message::encode(question, Encoding::Cbor);
    let said = Said { start: format!("POST {path}"), proof: None, more: vec![], body };
    let (status, body) = exchange(addr, &said);
    assert_eq!(status, 200);
    message::decode(&body, Encoding::Cbor).unwrap()
}

impl Site {
    /// A small county behind a real server, and a phone with a session.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = || ServerConfig { quick_passwords: true, ..ServerConfig::local(folder.path()) };
        Server::start(config()).unwrap().shutdown();
        let people = SmallCounty::random(&mut SplitMix(3), 2, 8);
        let mut codes: Vec<(MemberId, String)> = vec![];
        let connection = sqlite::open(&folder.path().join("county.db"), false).unwrap();
        dangjian_county::load(
            &mut Sqlite(&connection),
            &people.rows,
            dangjian_http::now(),
            &mut SplitMix(1),
            &mut |_, _| {},
            &mut |member, code| codes.push((member, code.to_owned())),
        )
        .unwrap();
        drop(connection);
        let server = Server::start(config()).unwrap();
        let addr = server.addr();
        let member = people.members[0].0;
        let mut random = SplitMix(4);
        let mut phone = Phone {
            member,
            device: DeviceId(RowId::v7(1_800_000_000_000, random.bytes())),
            key: SoftwareKey::generate(&mut random),
            deployment: RowId([0; 16]).into(),
            session: SessionKey { token: vec![], key: [0; 32] },
            next_seq: 1,
            link: Link::FIRST,
            random,
        };
        let code = codes.iter().find(|code| code.0 == member).unwrap().1.clone();
        let signed_in: SignedIn =
            post(addr, "/v1/activate", &Activate { login: number(0), code, password: PASSWORD.into() });
        phone.deployment = post::<_, Enrolled>(addr, "/v1/devices", &phone.enrolment(&signed_in.ticket)).deployment;
        let nonce: Nonce = post(addr, "/v1/session/nonce", &AskNonce { device: phone.device });
        let signature = phone.key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        let key = Bytes(phone.key.public().id().0.to_vec());
        let signature = Bytes(signature.as_bytes().to_vec());
        let open = OpenSession { device: phone.device, key, nonce: nonce.nonce, signature };
        let session: Session = post(addr, "/v1/session", &open);
        phone.session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        Self { server: Some(server), folder, addr, phone }
    }

    fn body(&self) -> Vec<u8> {
        let cursor = Cursor { history: 0, grant: 0, feeds: vec![] };
        message::encode(&SyncRequest { cursor, push: None, max_rows: 5, check: false, clock: None }, Encoding::Cbor)
    }

    fn proof(&self, method: Method, path: &str, body: &[u8], off_s: i64) -> Proof {
        prove(&self.phone.session, method, path, body, dangjian_http::now().0 / 1_000 + off_s)
    }

    fn sync(&self, proof: Option<Proof>) -> Said {
        Said { start: "POST /v1/sync".into(), proof, more: vec![], body: self.body() }
    }

    fn good(&self) -> Said {
        self.sync(Some(self.proof(Method::Post, "/v1/sync", &self.body(), 0)))
    }

    /// Everything on record, but for what was redeemed.
    fn state(&self) -> Vec<String> {
        let connection = sqlite::open(&self.folder.path().join("county.db"), true).unwrap();
        let mut rows = vec![];
        for table in ["op", "device", "device_key", "audit", "feed", "member", "signed_head", "member_grant"] {
            let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = statement.column_count();
            let mut found = statement.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                rows.push((0..columns).map(|at| format!("{:?}|", row.get_ref(at).unwrap())).collect());
            }
        }
        rows
    }
}

fn refusal((status, body): (u16, Vec<u8>)) -> (u16, ErrorCode, Timestamp) {
    let error: ApiError =
        message::decode(&body, Encoding::Cbor).unwrap_or_else(|_| panic!("{status} without an error"));
    (status, error.code, error.server_time)
}

#[test]
fn a_request_that_its_headers_do_not_prove_is_refused_and_changes_nothing() {
    let site = Site::new();
    let body = site.body();
    let proof = site.proof(Method::Post, "/v1/sync", &body, 0);
    let other = [&body[..body.len() - 1], &[0xf5]].concat();
    let with = |signature_input: String| Some(Proof { signature_input, ..proof.clone() });
    let input = &proof.signature_input;
    let created = input.split(';').find(|part| part.starts_with("created=")).unwrap();
    let unsigned = Said { more: vec![format!("content-digest: {}", proof.content_digest)], ..site.sync(None) };
    let cases: Vec<(&str, Said)> = vec![
        ("no proof", site.sync(None)),
        ("a digest alone", unsigned),
        ("proof of another method", site.sync(Some(site.proof(Method::Get, "/v1/sync", &body, 0)))),
        ("proof of another path", site.sync(Some(site.proof(Method::Post, "/v1/devices/list", &body, 0)))),
        ("proof of the path in capitals", site.sync(Some(site.proof(Method::Post, "/V1/SYNC", &body, 0)))),
        ("proof of another body", site.sync(Some(site.proof(Method::Post, "/v1/sync", b"", 0)))),
        ("another body", Said { body: other, ..site.good() }),
        ("another time", site.sync(with(input.replace(created, "created=1")))),
        ("another label", site.sync(with(input.replace("s=(", "sig1=(")))),
        ("less covered", site.sync(with(input.replace(" \"content-digest\"", "")))),
        ("another algorithm", site.sync(with(input.replace("hmac-sha256", "none")))),
        ("a parameter more", site.sync(with(format!("{input};nonce=\"x\"")))),
        ("a time with a sign", site.sync(with(input.replace("created=", "created=+")))),
        ("a time of 2^63", site.sync(with(input.replace(created, "created=9223372036854775808")))),
        ("no token", site.sync(with(input.replace("keyid=\"", "keyid=\"\";x=\"")))),
        ("no signature", site.sync(Some(Proof { signature: "s=::".into(), ..proof.clone() }))),
        (
            "a signature of zeros",
            site.sync(Some(Proof { signature: format!("s=:{}=:", "A".repeat(43)), ..proof.clone() })),
        ),
    ];
    let before = site.state();
    for (name, said) in &cases {
        let (status, code, _) = refusal(exchange(site.addr, said));
        assert_eq!((status, code), (401, ErrorCode::BadSignature), "{name}");
    }
    for stolen in ["/v1/devices/list", "/v1/devices/revoke", "/v1/accounts/reset"] {
        let said = Said { start: format!("POST {stolen}"), ..site.good() };
        assert_eq!(refusal(exchange(site.addr, &said)).1, ErrorCode::BadSignature, "{stolen}");
    }
    assert_eq!(site.state(), before);
    for _ in 0..2 {
        let (status, body) = exchange(site.addr, &site.good());
        assert_eq!(status, 200, "the right one, also when it comes twice");
        assert!(message::decode::<SyncReply>(&body, Encoding::Cbor).is_ok());
    }
}

#[test]
fn a_request_from_more_than_a_minute_ago_or_ahead_is_told_the_time() {
    let site = Site::new();
    let body = site.body();
    // A second less on the inside: the clock may tick meanwhile.
    for (off_s, fine) in [(58, true), (-58, true), (62, false), (-62, false), (86_400, false), (-1_700_000_000, false)]
    {
        let said = site.sync(Some(site.proof(Method::Post, "/v1/sync", &body, off_s)));
        let reply = exchange(site.addr, &said);
        if fine {
            assert_eq!(reply.0, 200, "{off_s} s");
            continue;
        }
        let (status, code, time) = refusal(reply);
        assert_eq!((status, code), (401, ErrorCode::ClockSkew), "{off_s} s");
        assert!((time.0 - dangjian_http::now().0).abs() < 10_000, "and told what time it is");
    }
}

#[test]
fn a_proof_that_comes_twice_broken_or_with_a_query_is_no_request() {
    let site = Site::new();
    let proof = site.proof(Method::Post, "/v1/sync", &site.body(), 0);
    let lines = [
        format!("content-digest: {}", proof.content_digest),
        format!("signature-input: {}", proof.signature_input),
        format!("signature: {}", proof.signature),
    ];
    for line in &lines {
        let twice = Said { more: vec![line.clone()], ..site.good() };
        assert_eq!(refusal(exchange(site.addr, &twice)).1, ErrorCode::BadRequest, "{line}");
        let less = Said { more: lines.iter().filter(|other| *other != line).cloned().collect(), ..site.sync(None) };
        let code = refusal(exchange(site.addr, &less)).1;
        assert!(matches!(code, ErrorCode::BadRequest | ErrorCode::BadSignature), "without {line}: {code:?}");
        // Folded over two lines, and cut in two by a line break.
        let (name, value) = line.split_once(": ").unwrap();
        let (first, last) = value.split_at(value.len() / 2);
        for broken in [
            format!("{name}: {first}\r\n {last}"),
            format!("{name}: {first}\r{last}"),
            format!("{name}: {first}\0{last}"),
        ] {
            let others = lines.iter().filter(|other| *other != line).cloned();
            let said = Said { more: others.chain([broken]).collect(), ..site.sync(None) };
            let (status, _) = exchange(site.addr, &said);
            assert!((400..500).contains(&status), "{line}: {status}");
        }
    }
    let query = Said { start: "POST /v1/sync?max_rows=9".into(), ..site.good() };
    assert_eq!(refusal(exchange(site.addr, &query)).1, ErrorCode::BadRequest);
    let packed = Said { more: vec!["content-encoding: gzip".into()], ..site.good() };
    let (status, code, _) = refusal(exchange(site.addr, &packed));
    assert_eq!((status, code), (415, ErrorCode::BadRequest));
    assert_eq!(exchange(site.addr, &site.good()).0, 200);
}

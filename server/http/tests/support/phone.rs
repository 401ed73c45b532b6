//! A phone as small as it can be: keys, a session, a cursor and one connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, OpId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::time::Instant;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method};
use dangjian_protocol::message::{
    self, Activate, AskNonce, Cursor, Enrol, Enrolled, FeedPosition, Head, Message, Nonce, OpenSession, Push, Session,
    SignedIn, SyncReply, SyncRequest,
};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, HEAD_CONTEXT, SESSION_CONTEXT, SoftwareKey, Unsigned, contextual};

use super::connect;

/// The password everybody has.
pub(crate) const PASSWORD: &str = "a long enough password";

pub(crate) struct Phone {
    addr: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    encoding: Encoding,
    random: SplitMix,
    key: SoftwareKey,
    pub(crate) device: DeviceId,
    pub(crate) member: MemberId,
    pub(crate) session: Option<SessionKey>,
    deployment: DeploymentId,
    next_seq: u64,
    link: Link,
    pub(crate) cursor: Cursor,
    pub(crate) rows: usize,
    pub(crate) max_rows: u32,
    /// The newest operation.
    pub(crate) last: OpId,
}

/// The activation code of `member`, from the file the server wrote.
pub(crate) fn code_of(folder: &Path, member: MemberId) -> String {
    let codes = std::fs::read_to_string(folder.join("activation-codes.csv")).unwrap();
    let line = codes.lines().find(|line| line.starts_with(&format!("{member},")));
    line.unwrap_or_else(|| panic!("no code for {member}")).rsplit(',').next().unwrap().to_owned()
}

impl Phone {
    /// Activates the account of `member`, whose login is `login`, enrols a device and opens a session.
    pub(crate) fn enrolled(
        addr: SocketAddr,
        encoding: Encoding,
        (member, login, code): (MemberId, &str, &str),
        seed: u64,
    ) -> Self {
        let mut phone = Self::new(addr, encoding, member, seed);
        let activate = Activate { login: login.to_owned(), code: code.to_owned(), password: PASSWORD.to_owned() };
        let signed_in: SignedIn = phone.post("/v1/activate", &activate).unwrap();
        assert_eq!(signed_in.member, member);
        phone.enrol(&signed_in.ticket);
        phone.open_session();
        phone
    }

    /// A phone that knows nobody yet.
    pub(crate) fn new(addr: SocketAddr, encoding: Encoding, member: MemberId, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let key = SoftwareKey::generate(&mut random);
        let device = DeviceId(RowId::v7(1_800_000_000_000, random.bytes()));
        Self {
            addr,
            connection: None,
            encoding,
            random,
            key,
            device,
            member,
            session: None,
            deployment: DeploymentId(RowId([0; 16])),
            next_seq: 1,
            link: Link::FIRST,
            cursor: Cursor { history: 0, grant: 0, feeds: Vec::new() },
            rows: 0,
            max_rows: 20_000,
            last: OpId(RowId([0; 16])),
        }
    }

    pub(crate) fn enrol(&mut self, ticket: &Bytes) {
        let signature = self.key.sign(&contextual(ENROL_CONTEXT, &ticket.0)).unwrap();
        let enrol = Enrol {
            ticket: ticket.clone(),
            device: self.device,
            silent_key: Bytes(self.key.public().as_bytes().to_vec()),
            presence_key: None,
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: "a phone".to_owned(),
        };
        let enrolled: Enrolled = self.post("/v1/devices", &enrol).unwrap();
        self.deployment = enrolled.deployment;
    }

    pub(crate) fn open_session(&mut self) {
        let nonce: Nonce = self.post("/v1/session/nonce", &AskNonce { device: self.device }).unwrap();
        let signature = self.key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        let open = OpenSession {
            device: self.device,
            key: Bytes(self.key.public().id().0.to_vec()),
            nonce: nonce.nonce,
            signature: Bytes(signature.as_bytes().to_vec()),
        };
        let session: Session = self.post("/v1/session", &open).unwrap();
        self.session = Some(SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() });
    }

    /// One exchange; what it says about the rows is kept.
    pub(crate) fn sync(&mut self, push: Option<Push>) -> SyncReply {
        let request =
            SyncRequest { cursor: self.cursor.clone(), push, max_rows: self.max_rows, check: false, clock: None };
        let reply: SyncReply = self.post("/v1/sync", &request).unwrap();
        self.cursor.history = reply.history;
        if let Some(grant) = &reply.grant {
            self.cursor.grant = grant.number;
            let old = std::mem::take(&mut self.cursor.feeds);
            let position = |feed| old.iter().find(|at| at.feed == feed).cloned();
            self.cursor.feeds = (grant.feeds.iter())
                .map(|held| position(held.feed).unwrap_or(FeedPosition { feed: held.feed, generation: 0, seq: 0 }))
                .collect();
        }
        if let Some(page) = &reply.page {
            let page = page.open().unwrap();
            self.rows += page.blocks.iter().map(dangjian_protocol::page::Block::len).sum::<usize>();
            for advance in page.advance {
                let at = self.cursor.feeds.iter_mut().find(|at| at.feed == advance.feed).unwrap();
                (at.generation, at.seq) = (advance.generation, advance.seq);
            }
        }
        reply
    }

    /// Exchanges until there is nothing more.
    pub(crate) fn sync_all(&mut self) {
        while self.sync(None).more {}
    }

    /// Does `action` and hands it over.
    pub(crate) fn act(&mut self, action: &Action) -> SyncReply {
        let push = self.push(action);
        self.sync(Some(push))
    }

    fn push(&mut self, action: &Action) -> Push {
        let now = dangjian_http::now();
        let id = RowId::v7(now.0, self.random.bytes()).into();
        let op = Operation::new(id, self.next_seq, self.member, Instant::Anchored(now), action).encode();
        self.link = self.link.next(self.deployment, self.device, self.next_seq, &op);
        let head = Head { deployment: self.deployment, device: self.device, to_seq: self.next_seq, link: self.link };
        let payload = message::encode(&head, Encoding::Cbor);
        let unsigned = Unsigned::new(HEAD_CONTEXT, self.deployment, self.key.public().id(), payload);
        let signature = self.key.sign(unsigned.to_be_signed()).unwrap();
        let push = Push { first_seq: self.next_seq, ops: vec![Bytes(op)], head: Bytes(unsigned.finish(&signature)) };
        (self.last, self.next_seq) = (id, self.next_seq + 1);
        push
    }

    /// Forgets the connection.
    pub(crate) fn reconnect(&mut self) {
        self.connection = None;
    }

    /// A request with a message.
    pub(crate) fn post<Q: Message, A: Message>(&mut self, path: &str, question: &Q) -> Result<A, ErrorCode> {
        let body = message::encode(question, self.encoding);
        let head = self.head(Method::Post, path, &body);
        let (status, body) = self.exchange(&head, &body);
        if status == 200 {
            return Ok(message::decode(&body, self.encoding).unwrap());
        }
        let error: ApiError = message::decode(&body, self.encoding)
            .unwrap_or_else(|_| panic!("{path}: {status} {}", String::from_utf8_lossy(&body)));
        assert_eq!(error.code.status(), status);
        Err(error.code)
    }

    /// Opens a stream of hints, on a connection of its own; returns when it is open.
    pub(crate) fn hints(&self) -> Hints {
        let mut stream = connect(self.addr);
        stream.write_all(self.head(Method::Get, "/v1/hints", b"").as_bytes()).unwrap();
        let mut hints = Hints(BufReader::new(stream));
        let status = hints.line().unwrap();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        while hints.line().unwrap() != ": open" {}
        hints
    }

    fn head(&self, method: Method, path: &str, body: &[u8]) -> String {
        let kind = self.encoding.media_type();
        let mut head = format!(
            "{} {path} HTTP/1.1\r\nhost: county\r\ncontent-type: {kind}\r\naccept: {kind}\r\ncontent-length: {}\r\n",
            method.name(),
            body.len()
        );
        if let Some(session) = &self.session {
            let proof = prove(session, method, path, body, dangjian_http::now().0 / 1_000);
            head += &format!(
                "content-digest: {}\r\nsignature-input: {}\r\nsignature: {}\r\n",
                proof.content_digest, proof.signature_input, proof.signature
            );
        }
        head + "\r\n"
    }

    fn exchange(&mut self, head: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let addr = self.addr;
        let connection = self.connection.get_or_insert_with(|| BufReader::new(connect(addr)));
        connection.get_mut().write_all(&[head.as_bytes(), body].concat()).unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).unwrap();
            let line = line.trim_end();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.parse().unwrap();
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).unwrap();
        (status, body)
    }
}

/// An open stream of hints.
pub(crate) struct Hints(BufReader<TcpStream>);

impl Hints {
    /// The socket, for a reader of another kind; whatever came up to now is forgotten.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.0.into_inner()
    }

    /// The next line; `None` when the stream has ended.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.0.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event's line or sign of life, without the lines that frame it.
    pub(crate) fn event(&mut self) -> Option<String> {
        loop {
            let line = self.line()?;
            if line.starts_with("data: {\"") || line.starts_with("event: ") || line.starts_with(": ") {
                return Some(line);
            }
        }
    }
}

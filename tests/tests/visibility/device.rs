//! An installation that says exactly what it is told to: sign-in, session, pushes and pulls through the server's public ways.

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, OpId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_protocol::http::{Encoding, Method, Request};
use dangjian_protocol::message::{
    self, Activate, AskNonce, Cursor, Enrol, Enrolled, Head, Message, Nonce, OpenSession, Push, Session, SignedIn,
    SyncReply, SyncRequest,
};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, HEAD_CONTEXT, SESSION_CONTEXT, SoftwareKey, Unsigned, contextual};
use dangjian_tests::people::one_in;
use dangjian_tests::sim::Server;

/// One installation with an open session.
pub(crate) struct Device {
    pub(crate) member: MemberId,
    id: DeviceId,
    key: SoftwareKey,
    session: SessionKey,
    deployment: DeploymentId,
    next_seq: u64,
    link: Link,
}

fn either(random: &mut SplitMix) -> Encoding {
    if one_in(random, 2) { Encoding::Json } else { Encoding::Cbor }
}

fn call<R: Message>(
    server: &mut Server,
    random: &mut SplitMix,
    now: Timestamp,
    path: &str,
    ask: &impl Message,
    session: Option<&SessionKey>,
) -> Result<R, ErrorCode> {
    let (content_type, accept) = (either(random), either(random));
    let body = message::encode(ask, content_type);
    let proof = session.map(|session| prove(session, Method::Post, path, &body, now.0 / 1_000));
    let request = Request { method: Method::Post, path: path.to_owned(), content_type, accept, proof, body };
    let response = server.answer(now, &request).response;
    assert_eq!(response.content_type, accept);
    if response.status == 200 {
        return Ok(message::decode(&response.body, accept).unwrap());
    }
    Err(message::decode::<ApiError>(&response.body, accept).unwrap().code)
}

impl Device {
    /// Activates the member's account, enrols and opens a session.
    pub(crate) fn sign_in(
        server: &mut Server,
        random: &mut SplitMix,
        now: Timestamp,
        member: MemberId,
        login: String,
        key: &SoftwareKey,
    ) -> Result<Self, ErrorCode> {
        let code = server.codes.iter().find(|code| code.0 == member).unwrap().1.clone();
        let ask = Activate { login, code, password: "枧头河水 2026".to_owned() };
        let signed_in: SignedIn = call(server, random, now, "/v1/activate", &ask, None)?;
        assert_eq!(signed_in.member, member);
        let id = DeviceId(RowId::v7(now.0, random.bytes()));
        let sign = |context, given: &[u8]| Bytes(key.sign(&contextual(context, given)).unwrap().as_bytes().to_vec());
        let ask = Enrol {
            device: id,
            silent_key: Bytes(key.public().as_bytes().to_vec()),
            presence_key: None,
            algorithm: ES256,
            signature: sign(ENROL_CONTEXT, &signed_in.ticket.0),
            label: "手机".to_owned(),
            ticket: signed_in.ticket,
        };
        let enrolled: Enrolled = call(server, random, now, "/v1/devices", &ask, None)?;
        let nonce: Nonce = call(server, random, now, "/v1/session/nonce", &AskNonce { device: id }, None)?;
        let signature = sign(SESSION_CONTEXT, &nonce.nonce.0);
        let ask = OpenSession { device: id, key: enrolled.key, nonce: nonce.nonce, signature };
        let session: Session = call(server, random, now, "/v1/session", &ask, None)?;
        let session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        let (next_seq, link) = (enrolled.chain.next_seq, enrolled.chain.link);
        Ok(Self { member, id, key: key.clone(), session, deployment: enrolled.deployment, next_seq, link })
    }

    /// One exchange, with operations if there are some to hand over.
    pub(crate) fn sync(
        &mut self,
        server: &mut Server,
        random: &mut SplitMix,
        now: Timestamp,
        cursor: Cursor,
        max_rows: u32,
        actions: &[Action],
    ) -> Result<SyncReply, ErrorCode> {
        let (mut link, mut ops) = (self.link, vec![]);
        for (seq, action) in (self.next_seq..).zip(actions) {
            let op = OpId(RowId::v7(now.0, random.bytes()));
            let op = Operation::new(op, seq, self.member, Instant::Anchored(now), action).encode();
            link = link.next(self.deployment, self.id, seq, &op);
            ops.push(Bytes(op));
        }
        let next_seq = self.next_seq + ops.len() as u64;
        let push = (!ops.is_empty()).then(|| {
            let head = Head { deployment: self.deployment, device: self.id, to_seq: next_seq - 1, link };
            let head = message::encode(&head, Encoding::Cbor);
            let head = Unsigned::new(HEAD_CONTEXT, self.deployment, self.key.public().id(), head);
            let signature = self.key.sign(head.to_be_signed()).unwrap();
            Push { first_seq: self.next_seq, ops, head: Bytes(head.finish(&signature)) }
        });
        let ask = SyncRequest { cursor, push, max_rows, check: true, clock: None };
        let reply: SyncReply = call(server, random, now, "/v1/sync", &ask, Some(&self.session))?;
        (self.next_seq, self.link) = (next_seq, link);
        assert_eq!((reply.chain.next_seq, reply.chain.link, reply.chain.forked), (self.next_seq, link, false));
        Ok(reply)
    }
}

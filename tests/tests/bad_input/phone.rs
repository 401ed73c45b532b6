//! A phone that can say anything to the server: keys, a session, a chain, and COSE messages put together by hand.

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::time::Instant;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Request};
use dangjian_protocol::message::{
    self, AskNonce, Cursor, Enrol, Enrolled, Head, Nonce, OpenSession, Push, Session, SyncReply, SyncRequest, Verdict,
};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::{ENROL_CONTEXT, ES256, HEAD_CONTEXT, SESSION_CONTEXT, SoftwareKey, contextual};

use super::office::{Office, answer, plain};

pub(crate) struct Phone {
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) key: SoftwareKey,
    pub(crate) deployment: DeploymentId,
    pub(crate) session: SessionKey,
    pub(crate) next_seq: u64,
    pub(crate) link: Link,
    pub(crate) random: SplitMix,
}

impl Phone {
    /// Enrolled, with a session.
    pub(crate) fn new(office: &mut Office, member: MemberId, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let mut phone = Self {
            member,
            device: RowId::v7(office.now.0, random.bytes()).into(),
            key: SoftwareKey::generate(&mut random),
            deployment: RowId([0; 16]).into(),
            session: SessionKey { token: vec![], key: [0; 32] },
            next_seq: 1,
            link: Link::FIRST,
            random,
        };
        let ticket = office.ticket(member);
        let ask = phone.enrolment(&ticket);
        phone.deployment = office.post::<_, Enrolled>("/v1/devices", &ask).unwrap().deployment;
        phone.open_session(office).unwrap();
        phone
    }

    pub(crate) fn enrolment(&self, ticket: &Bytes) -> Enrol {
        let signature = self.key.sign(&contextual(ENROL_CONTEXT, &ticket.0)).unwrap();
        Enrol {
            ticket: ticket.clone(),
            device: self.device,
            silent_key: Bytes(self.key.public().as_bytes().to_vec()),
            presence_key: None,
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: "手机".into(),
        }
    }

    pub(crate) fn opening(&self, office: &mut Office) -> OpenSession {
        let nonce: Nonce = office.post("/v1/session/nonce", &AskNonce { device: self.device }).unwrap();
        let signature = self.key.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        OpenSession {
            device: self.device,
            key: Bytes(self.key.public().id().0.to_vec()),
            nonce: nonce.nonce,
            signature: Bytes(signature.as_bytes().to_vec()),
        }
    }

    pub(crate) fn open_session(&mut self, office: &mut Office) -> Result<(), ErrorCode> {
        let ask = self.opening(office);
        let session: Session = office.post("/v1/session", &ask)?;
        self.session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        Ok(())
    }

    /// A request proved with this phone's session.
    pub(crate) fn request(&self, office: &Office, path: &str, body: Vec<u8>) -> Request {
        let proof = Some(prove(&self.session, Method::Post, path, &body, office.now.0 / 1_000));
        Request { proof, ..plain(path, body) }
    }

    /// An exchange.
    pub(crate) fn sync(&self, office: &mut Office, push: Option<Push>) -> Result<SyncReply, ErrorCode> {
        let cursor = Cursor { history: 0, grant: 0, feeds: vec![] };
        self.sync_as(office, &SyncRequest { cursor, push, max_rows: 0, check: false, clock: None })
    }

    pub(crate) fn sync_as(&self, office: &mut Office, request: &SyncRequest) -> Result<SyncReply, ErrorCode> {
        let request = self.request(office, "/v1/sync", message::encode(request, Encoding::Cbor));
        answer(&office.send(&request))
    }

    /// An operation of this phone at `seq`.
    pub(crate) fn operation(&mut self, office: &Office, seq: u64, action: &Action) -> Operation {
        let id = RowId::v7(office.now.0, self.random.bytes()).into();
        Operation::new(id, seq, self.member, Instant::Anchored(office.now), action)
    }

    pub(crate) fn head(&self, first_seq: u64, before: Link, ops: &[Vec<u8>]) -> Head {
        let numbered = (first_seq..).zip(ops);
        let link = numbered.fold(before, |link, (seq, op)| link.next(self.deployment, self.device, seq, op));
        Head { deployment: self.deployment, device: self.device, to_seq: first_seq + ops.len() as u64 - 1, link }
    }

    /// A push in good order, and the link after it.
    pub(crate) fn signed(&self, first_seq: u64, before: Link, ops: &[Vec<u8>]) -> (Push, Link) {
        let head = self.head(first_seq, before, ops);
        let link = head.link;
        (self.push(first_seq, ops, self.envelope(&head).bytes()), link)
    }

    pub(crate) fn push(&self, first_seq: u64, ops: &[Vec<u8>], head: Vec<u8>) -> Push {
        Push { first_seq, ops: ops.iter().cloned().map(Bytes).collect(), head: Bytes(head) }
    }

    pub(crate) fn envelope(&self, head: &Head) -> Envelope {
        Envelope::new(&self.key, HEAD_CONTEXT, self.deployment, message::encode(head, Encoding::Cbor))
    }

    /// Pushes these as the next of the chain.
    pub(crate) fn deliver(&mut self, office: &mut Office, ops: &[Vec<u8>]) -> Vec<Verdict> {
        let (push, link) = self.signed(self.next_seq, self.link, ops);
        let reply = self.sync(office, Some(push)).unwrap();
        assert_eq!(reply.verdicts.len(), ops.len());
        (self.next_seq, self.link) = (self.next_seq + ops.len() as u64, link);
        reply.verdicts
    }

    /// Does something and delivers it.
    pub(crate) fn act(&mut self, office: &mut Office, action: &Action) -> Verdict {
        let op = self.operation(office, self.next_seq, action).encode();
        self.deliver(office, &[op]).remove(0)
    }
}

/// A COSE_Sign1 in its parts, each to be spoiled by itself.
#[derive(Clone)]
pub(crate) struct Envelope {
    /// Signs.
    pub(crate) key: SoftwareKey,
    /// What the signature binds the message to.
    pub(crate) aad: Vec<u8>,
    /// The protected map.
    pub(crate) protected: Vec<u8>,
    /// The unprotected map as it is sent.
    pub(crate) unprotected: Vec<u8>,
    /// The payload.
    pub(crate) payload: Vec<u8>,
}

impl Envelope {
    pub(crate) fn new(key: &SoftwareKey, context: &str, deployment: DeploymentId, payload: Vec<u8>) -> Self {
        let protected = [&[0xa2, 0x01, 0x26, 0x04, 0x50][..], &key.public().id().0].concat();
        let aad = contextual(context, &deployment.0.0);
        Self { key: key.clone(), aad, protected, unprotected: vec![0xa0], payload }
    }

    /// The signature over what is there.
    pub(crate) fn signature(&self) -> [u8; 64] {
        let parts = [string(3, b"Signature1"), bytes(&self.protected), bytes(&self.aad), bytes(&self.payload)];
        *self.key.sign(&[&[0x84][..], &parts.concat()].concat()).unwrap().as_bytes()
    }

    pub(crate) fn with(&self, signature: &[u8]) -> Vec<u8> {
        self.around(&bytes(&self.payload), signature)
    }

    /// With another item in the payload's place.
    pub(crate) fn around(&self, payload: &[u8], signature: &[u8]) -> Vec<u8> {
        [&[0x84][..], &bytes(&self.protected), &self.unprotected, payload, &bytes(signature)].concat()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.with(&self.signature())
    }
}

fn string(major: u8, content: &[u8]) -> Vec<u8> {
    let major = major << 5;
    let head = match content.len() {
        n @ 0..24 => vec![major | n as u8],
        n @ 24..256 => vec![major | 24, n as u8],
        n @ 256..65_536 => [&[major | 25][..], &(n as u16).to_be_bytes()].concat(),
        n => [&[major | 26][..], &(n as u32).to_be_bytes()].concat(),
    };
    [&head, content].concat()
}

/// A CBOR byte string.
pub(crate) fn bytes(content: &[u8]) -> Vec<u8> {
    string(2, content)
}

/// The order of the curve's group.
pub(crate) const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
    0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The other signature that fits: s replaced by n - s.
pub(crate) fn high_twin(signature: &[u8; 64]) -> [u8; 64] {
    let mut twin = *signature;
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = i16::from(ORDER[at]) - i16::from(signature[32 + at]) - borrow;
        twin[32 + at] = difference.rem_euclid(256) as u8;
        borrow = i16::from(difference < 0);
    }
    twin
}

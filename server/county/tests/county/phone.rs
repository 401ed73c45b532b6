//! A phone as far as the server can tell: keys, a session, a chain and a mirror.

use std::collections::BTreeMap;

use dangjian_domain::feed::{Feed, feeds_of};
use dangjian_domain::id::{DeviceId, MemberId, OpId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::schema::{FeedKind, Row};
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ApiError;
use dangjian_protocol::http::{Encoding, Method, Proof};
use dangjian_protocol::message::*;
use dangjian_protocol::op::Operation;
use dangjian_protocol::page::FeedNo;
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::session::{SessionKey, prove};
use dangjian_protocol::sign::*;

use crate::world::{DEPLOYMENT, PASSWORD, World};

pub(crate) struct Phone {
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) silent: SoftwareKey,
    pub(crate) presence: Option<SoftwareKey>,
    pub(crate) session: SessionKey,
    pub(crate) random: SplitMix,
    pub(crate) next_seq: u64,
    pub(crate) link: Link,
    pub(crate) mirror: Mirror,
    pub(crate) encoding: Encoding,
    pub(crate) max_rows: u32,
}

#[derive(Default, Clone)]
pub(crate) struct Mirror {
    pub(crate) cursor: (u64, u64),
    pub(crate) feeds: BTreeMap<FeedNo, Feed>,
    pub(crate) at: BTreeMap<FeedNo, (u32, u64)>,
    pub(crate) rows: BTreeMap<(u16, RowId), Row>,
}

impl Mirror {
    pub(crate) fn cursor(&self) -> Cursor {
        let position = |(feed, (generation, seq)): (&u64, &(u32, u64))| FeedPosition {
            feed: *feed,
            generation: *generation,
            seq: *seq,
        };
        Cursor { history: self.cursor.0, grant: self.cursor.1, feeds: self.at.iter().map(position).collect() }
    }

    /// What a phone does with a reply.
    pub(crate) fn apply(&mut self, reply: &SyncReply) {
        if self.cursor.0 != reply.history {
            *self = Self { cursor: (reply.history, 0), ..Self::default() };
        }
        if let Some(grant) = &reply.grant {
            self.cursor.1 = grant.number;
            let kind = |feed: &GrantedFeed| FeedKind::from_code(feed.kind).unwrap();
            self.feeds =
                grant.feeds.iter().map(|feed| (feed.feed, Feed { kind: kind(feed), subject: feed.subject })).collect();
            self.at.retain(|feed, _| self.feeds.contains_key(feed));
            self.drop_uncovered(None);
        }
        let Some(page) = &reply.page else { return };
        let page = page.open().unwrap();
        assert!(page.unknown.is_empty());
        for advance in &page.advance {
            if self.at.get(&advance.feed).is_some_and(|(generation, _)| *generation != advance.generation) {
                self.drop_uncovered(Some(self.feeds[&advance.feed]));
            }
            self.at.insert(advance.feed, (advance.generation, advance.seq));
        }
        for gone in &page.gone {
            let key = (gone.table, gone.id);
            if self.rows.get(&key).is_some_and(|row| row.version() < gone.version) {
                self.rows.remove(&key);
            }
        }
        let mut in_page = std::collections::BTreeSet::new();
        for block in &page.blocks {
            for at in 0..block.len() {
                let row = block.row(at).unwrap();
                let key = (row.table().no, row.id());
                assert!(in_page.insert(key), "a row is in a page once");
                if self.rows.get(&key).is_none_or(|old| old.version() <= row.version()) {
                    self.rows.insert(key, row);
                }
            }
        }
    }

    fn drop_uncovered(&mut self, but: Option<Feed>) {
        let held: Vec<Feed> = self.feeds.values().copied().filter(|feed| Some(*feed) != but).collect();
        self.rows.retain(|_, row| feeds_of(row).iter().any(|feed| held.contains(feed)));
    }

    /// Rows and sum of a feed, counted from what is here.
    pub(crate) fn check(&self, feed: FeedNo) -> (u64, u64) {
        let feed = self.feeds[&feed];
        let mut check = (0, 0u64);
        for row in self.rows.values().filter(|row| feeds_of(row).contains(&feed)) {
            let hash = dangjian_protocol::checksum::row_hash(row.table().no, &row.id(), row.version());
            check = (check.0 + 1, check.1.wrapping_add(hash));
        }
        check
    }
}

impl World {
    /// A phone of `member`, enrolled and with a session.
    pub(crate) fn phone(&mut self, member: MemberId) -> Phone {
        let ticket = self.ticket(member);
        self.enrol(member, &ticket, None).unwrap()
    }

    pub(crate) fn ticket(&mut self, member: MemberId) -> Bytes {
        let sql = "SELECT number FROM member WHERE id = ?1";
        let login: String = self.connection.query_row(sql, [member.0.0], |row| row.get(0)).unwrap();
        let signed_in = match self.codes.remove(&member) {
            Some(code) => {
                let activate = Activate { login, code, password: PASSWORD.to_owned() };
                self.post::<_, SignedIn>("/v1/activate", &activate).unwrap()
            }
            None => self.sign_in(&login, PASSWORD).unwrap(),
        };
        assert_eq!(signed_in.member, member);
        signed_in.ticket
    }

    pub(crate) fn enrol(
        &mut self,
        member: MemberId,
        ticket: &Bytes,
        presence: Option<SoftwareKey>,
    ) -> Result<Phone, ApiError> {
        let silent = SoftwareKey::generate(&mut self.random);
        let device = DeviceId(RowId(self.random.bytes()));
        let mut phone = Phone {
            member,
            device,
            silent,
            presence,
            session: SessionKey { token: vec![], key: [0; 32] },
            random: SplitMix(self.random.next_u64()),
            next_seq: 1,
            link: Link::FIRST,
            mirror: Mirror::default(),
            encoding: Encoding::Cbor,
            max_rows: 1_000,
        };
        let enrolled: Enrolled = self.post("/v1/devices", &phone.enrolment(ticket))?;
        assert_eq!(enrolled.key.0, phone.silent.public().id().0);
        assert_eq!(enrolled.deployment, DEPLOYMENT);
        phone.open_session(self)?;
        Ok(phone)
    }
}

impl Phone {
    pub(crate) fn enrolment(&self, ticket: &Bytes) -> Enrol {
        let signature = self.silent.sign(&contextual(ENROL_CONTEXT, &ticket.0)).unwrap();
        Enrol {
            ticket: ticket.clone(),
            device: self.device,
            silent_key: Bytes(self.silent.public().as_bytes().to_vec()),
            presence_key: self.presence.as_ref().map(|key| Bytes(key.public().as_bytes().to_vec())),
            algorithm: ES256,
            signature: Bytes(signature.as_bytes().to_vec()),
            label: "红米".into(),
        }
    }

    pub(crate) fn opening(&self, world: &mut World) -> OpenSession {
        let nonce: Nonce = world.post("/v1/session/nonce", &AskNonce { device: self.device }).unwrap();
        let signature = self.silent.sign(&contextual(SESSION_CONTEXT, &nonce.nonce.0)).unwrap();
        OpenSession {
            device: self.device,
            key: Bytes(self.silent.public().id().0.to_vec()),
            nonce: nonce.nonce,
            signature: Bytes(signature.as_bytes().to_vec()),
        }
    }

    pub(crate) fn open_session(&mut self, world: &mut World) -> Result<(), ApiError> {
        let opening = self.opening(world);
        let session: Session = world.post("/v1/session", &opening)?;
        self.session = SessionKey { token: session.token.0, key: session.key.0.try_into().unwrap() };
        Ok(())
    }

    pub(crate) fn prove(&self, method: Method, path: &str, body: &[u8], now: Timestamp) -> Proof {
        prove(&self.session, method, path, body, now.0 / 1_000)
    }

    pub(crate) fn post<Q: Message, A: Message>(&self, world: &mut World, path: &str, body: &Q) -> Result<A, ApiError> {
        let now = world.now;
        let prove = |path: &str, body: &[u8]| Some(self.prove(Method::Post, path, body, now));
        world.post_signed(path, body, prove, self.encoding)
    }

    pub(crate) fn sync_as(&self, world: &mut World, request: &SyncRequest) -> Result<SyncReply, ApiError> {
        self.post(world, "/v1/sync", request)
    }

    pub(crate) fn request(&self, push: Option<Push>) -> SyncRequest {
        SyncRequest { cursor: self.mirror.cursor(), push, max_rows: self.max_rows, check: false, clock: None }
    }

    /// Pulls until there is no more, then compares each feed's check with a recount.
    pub(crate) fn pull(&mut self, world: &mut World) {
        for _ in 0..1_000 {
            let request = SyncRequest { check: true, ..self.request(None) };
            let reply = self.sync_as(world, &request).unwrap();
            self.mirror.apply(&reply);
            assert!((30_000..90_000).contains(&reply.next_slot_ms));
            if reply.more {
                assert!(reply.checks.is_empty());
                continue;
            }
            assert_eq!(reply.checks.len(), self.mirror.feeds.len());
            for check in &reply.checks {
                assert_eq!(
                    (check.rows, check.sum),
                    self.mirror.check(check.feed),
                    "{}",
                    self.mirror.feeds[&check.feed]
                );
            }
            return;
        }
        panic!("there is always more");
    }

    pub(crate) fn operation(&mut self, seq: u64, action: &Action, at: Timestamp) -> Operation {
        let id = OpId(RowId::v7(at.0, self.random.bytes()));
        Operation::new(id, seq, self.member, Instant::Anchored(at), action)
    }

    /// A push of these bytes after `link`, signed.
    pub(crate) fn signed(&self, first_seq: u64, mut link: Link, ops: &[Vec<u8>]) -> (Push, Link) {
        for (seq, op) in (first_seq..).zip(ops) {
            link = link.next(DEPLOYMENT, self.device, seq, op);
        }
        let head = Head { deployment: DEPLOYMENT, device: self.device, to_seq: first_seq + ops.len() as u64 - 1, link };
        let head = self.sign_head(&head);
        (Push { first_seq, ops: ops.iter().cloned().map(Bytes).collect(), head: Bytes(head) }, link)
    }

    pub(crate) fn sign_head(&self, head: &Head) -> Vec<u8> {
        let payload = encode(head, Encoding::Cbor);
        let unsigned = Unsigned::new(HEAD_CONTEXT, DEPLOYMENT, self.silent.public().id(), payload);
        let signature = self.silent.sign(unsigned.to_be_signed()).unwrap();
        unsigned.finish(&signature)
    }

    /// Pushes these bytes as the next of the chain.
    pub(crate) fn push_bytes(&mut self, world: &mut World, ops: &[Vec<u8>]) -> SyncReply {
        let (push, link) = self.signed(self.next_seq, self.link, ops);
        let reply = self.sync_as(world, &self.request(Some(push))).unwrap();
        self.next_seq += ops.len() as u64;
        self.link = link;
        assert_eq!((reply.chain.next_seq, reply.chain.link), (self.next_seq, self.link));
        assert_eq!(reply.verdicts.len(), ops.len());
        self.mirror.apply(&reply);
        reply
    }

    /// Does one thing and tells the server.
    pub(crate) fn act(&mut self, world: &mut World, action: &Action) -> Verdict {
        self.act_after(world, action, None)
    }

    pub(crate) fn act_after(&mut self, world: &mut World, action: &Action, depends_on: Option<OpId>) -> Verdict {
        let op = Operation { depends_on, ..self.operation(self.next_seq, action, world.now) };
        let reply = self.push_bytes(world, &[op.encode()]);
        let [verdict] = &reply.verdicts[..] else { panic!("one verdict") };
        assert_eq!(verdict.op, op.id);
        verdict.clone()
    }

    pub(crate) fn has(&self, table: u16, id: RowId) -> bool {
        self.mirror.rows.contains_key(&(table, id))
    }
}

//! The bodies of requests and replies, each in CBOR (maps with integer keys) and JSON (objects).

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, OpId, RowId};
use dangjian_domain::time::Timestamp;

use crate::bytes::Bytes;
use crate::chain::Link;
use crate::http::Encoding;
use crate::page::{FeedNo, Page, PageError};

/// What both encodings can carry.
pub trait Message:
    serde::Serialize + serde::de::DeserializeOwned + minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>
{
}

impl<T> Message for T where
    T: serde::Serialize + serde::de::DeserializeOwned + minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>
{
}

/// A body that can't be read in the encoding it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body can't be read")]
pub struct Unreadable;

/// Writes `message`.
pub fn encode<M: Message>(message: &M, encoding: Encoding) -> Vec<u8> {
    // Writing our own types to a Vec can't fail.
    match encoding {
        Encoding::Cbor => minicbor::to_vec(message).unwrap_or_default(),
        Encoding::Json => serde_json::to_vec(message).unwrap_or_default(),
    }
}

/// Reads a message; nothing may follow it.
pub fn decode<M: Message>(body: &[u8], encoding: Encoding) -> Result<M, Unreadable> {
    match encoding {
        Encoding::Cbor => {
            let mut decoder = minicbor::Decoder::new(body);
            let message = decoder.decode().map_err(|_| Unreadable)?;
            if decoder.position() == body.len() { Ok(message) } else { Err(Unreadable) }
        }
        Encoding::Json => serde_json::from_slice(body).map_err(|_| Unreadable),
    }
}

macro_rules! messages {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $no:literal $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[derive(minicbor::Encode, minicbor::Decode)]
        #[cbor(map)]
        pub struct $name {
            $($(#[$fmeta])* #[n($no)] pub $field: $type,)*
        }
    )*};
}

messages! {
    /// `GET /v1/capabilities`: what this server is and can.
    Capabilities {
        /// The county's installation.
        1 deployment: DeploymentId,
        /// Versions of the protocol it speaks.
        2 versions: Vec<u32>,
        /// `reader`, `recorder`, `verifier` or `full`.
        3 level: String,
        /// The server's P-256 key for receipts, SEC1 uncompressed.
        4 server_key: Bytes,
        /// The server's time.
        5 server_time: Timestamp,
        /// Numbers of the synced tables it sends.
        6 tables: Vec<u16>,
        /// Kinds of operations it understands.
        7 op_kinds: Vec<u32>,
        /// Whether `GET /v1/hints` works.
        8 hints: bool,
    }
    /// `POST /v1/activate`: sets the first password with a one-time code.
    Activate {
        /// Member number or phone.
        1 login: String,
        /// The one-time code.
        2 code: String,
        /// The new password, at least 8 characters.
        3 password: String,
    }
    /// `POST /v1/sign-in`.
    SignIn {
        /// Member number or phone.
        1 login: String,
        /// Password.
        2 password: String,
    }
    /// Reply to [`Activate`] and [`SignIn`]: leave to enrol a device.
    SignedIn {
        /// Who signed in.
        1 member: MemberId,
        /// The member's name, for a greeting before the first sync.
        2 name: String,
        /// Proves the sign-in to `POST /v1/devices`, once, within ten minutes.
        3 ticket: Bytes,
        /// The server's time.
        4 server_time: Timestamp,
    }
    /// `POST /v1/devices`: binds an installation's keys to the member. Signing the ticket with the silent key proves its
    /// possession.
    Enrol {
        /// The ticket of [`SignedIn`].
        1 ticket: Bytes,
        /// The installation; made once by the phone.
        2 device: DeviceId,
        /// Silent key, SEC1 uncompressed, 65 bytes.
        3 silent_key: Bytes,
        /// Presence key, on one of a member's devices; needs finger or PIN at each use.
        4 presence_key: Option<Bytes>,
        /// Signature algorithm (COSE): -7 for ECDSA with P-256 and SHA-256.
        5 algorithm: i32,
        /// Signature of `"dangjian/enrol/1\0" ‖ ticket` by the silent key, 64 bytes, low S.
        6 signature: Bytes,
        /// What the member calls this phone.
        7 label: String,
    }
    /// Reply to [`Enrol`].
    Enrolled {
        /// Id of the silent key: the first 16 bytes of SHA-256 of its 65 bytes.
        1 key: Bytes,
        /// The county's installation.
        2 deployment: DeploymentId,
        /// The server's key for receipts.
        3 server_key: Bytes,
        /// Where this installation's chain stands at the server.
        4 chain: ChainState,
        /// The server's time.
        5 server_time: Timestamp,
    }
    /// `POST /v1/session/nonce`.
    AskNonce {
        /// For which installation.
        1 device: DeviceId,
    }
    /// Reply to [`AskNonce`].
    Nonce {
        /// To be signed once, within a minute.
        1 nonce: Bytes,
        /// The server's time.
        2 server_time: Timestamp,
    }
    /// `POST /v1/session`.
    OpenSession {
        /// Which installation.
        1 device: DeviceId,
        /// Which key signs.
        2 key: Bytes,
        /// The nonce.
        3 nonce: Bytes,
        /// Signature of `"dangjian/session/1\0" ‖ nonce` by the silent key, 64 bytes, low S.
        4 signature: Bytes,
    }
    /// Reply to [`OpenSession`].
    Session {
        /// Names the session in each request.
        1 token: Bytes,
        /// HMAC-SHA-256 key of the session.
        2 key: Bytes,
        /// When it ends.
        3 expires_at: Timestamp,
        /// The server's time.
        4 server_time: Timestamp,
    }
    /// `POST /v1/accounts/reset`: a leader of the member's branch, or an officer above, takes the old password away.
    ResetAccount {
        /// Whose.
        1 member: MemberId,
    }
    /// Reply to [`ResetAccount`].
    AccountReset {
        /// A one-time code to be told to the member in person.
        1 code: String,
    }
    /// `POST /v1/devices/revoke`: by the member, or by who may reset their account.
    RevokeDevice {
        /// Which installation.
        1 device: DeviceId,
    }
    /// `POST /v1/devices/list`: a member's devices, for the member or who may reset their account.
    ListDevices {
        /// Whose.
        1 member: MemberId,
    }
    /// Reply to [`ListDevices`].
    DeviceList {
        /// The devices, oldest first.
        1 devices: Vec<DeviceEntry>,
    }
    /// One device of a [`DeviceList`].
    DeviceEntry {
        /// Which installation.
        1 device: DeviceId,
        /// What the member calls it.
        2 label: String,
        /// When it was enrolled.
        3 enrolled_at: Timestamp,
        /// Whether it was revoked.
        4 revoked: bool,
    }
    /// A reply that says only that it was done.
    Done {
        /// The server's time.
        1 server_time: Timestamp,
    }
    /// Where an installation's chain stands at the server.
    ChainState {
        /// The sequence the server expects next; 1 for a new installation.
        1 next_seq: u64,
        /// The link before it; 32 zeros for a new installation.
        2 link: Link,
        /// Whether two histories of this installation are known.
        3 forked: bool,
    }
    /// Operations on their way up.
    Push {
        /// Sequence of the first.
        1 first_seq: u64,
        /// Canonical bytes of each, sequences without gaps.
        2 ops: Vec<Bytes>,
        /// COSE_Sign1 of a [`Head`] by the silent key.
        3 head: Bytes,
    }
    /// `POST /v1/sync`.
    SyncRequest {
        /// Where the phone's mirror stands.
        1 cursor: Cursor,
        /// Operations to hand over.
        2 push: Option<Push>,
        /// Most rows wanted in the page; 0 for none.
        3 max_rows: u32,
        /// Whether to send checks if the phone stands at every head.
        4 check: bool,
        /// The phone's boot clock now, by which the server places what was studied; absent if the phone has none.
        5 clock: Option<BootReading>,
    }
    /// A reading of a phone's boot clock, which no setting of the wall clock moves.
    BootReading {
        /// The run of the phone from switching on to switching off, 16 bytes.
        1 boot: Bytes,
        /// Milliseconds since it was switched on, sleep included.
        2 ms: u64,
    }
    /// `POST /v1/study/lease`: the member begins to study an item.
    AskLease {
        /// Which item.
        1 item: RowId,
    }
    /// Reply to [`AskLease`].
    LeaseGranted {
        /// To be put into the session's segments: a tag of 32 bytes, then the lease (`domain::study::lease`).
        1 lease: Bytes,
        /// The server's time.
        2 server_time: Timestamp,
    }
    /// `POST /v1/content`: the content of a study item.
    AskContent {
        /// Its SHA-256, 32 bytes.
        1 sha256: Bytes,
    }
    /// Reply to [`AskContent`].
    Content {
        /// The bytes.
        1 content: Bytes,
    }
    /// Where a mirror stands. Carries no authority: the server sends only what the grant allows.
    Cursor {
        /// Which history of the server it comes from; 0 for none.
        1 history: u64,
        /// Number of the grant whose feeds it lists; 0 for none.
        2 grant: u64,
        /// Position in each feed, in ascending number.
        3 feeds: Vec<FeedPosition>,
    }
    /// A phone's position in one feed.
    FeedPosition {
        /// The feed's number at this server.
        1 feed: FeedNo,
        /// Which building of the feed.
        2 generation: u32,
        /// All entries up to this sequence are applied.
        3 seq: u64,
    }
    /// The feeds a member holds now.
    GrantList {
        /// Its number; counts up at each change.
        1 number: u64,
        /// The feeds, in ascending number.
        2 feeds: Vec<GrantedFeed>,
    }
    /// One feed of a grant.
    GrantedFeed {
        /// The feed's number.
        1 feed: FeedNo,
        /// Code of the feed's kind.
        2 kind: u8,
        /// The member or organization it is about.
        3 subject: RowId,
    }
    /// Count and sum of one feed, to be compared by a phone that stands at every head.
    FeedCheck {
        /// Which feed.
        1 feed: FeedNo,
        /// How many rows belong to it.
        2 rows: u64,
        /// Wrapping sum of the rows' hashes (`checksum`).
        3 sum: u64,
    }
    /// What the server decided about one operation.
    Verdict {
        /// Its sequence.
        1 seq: u64,
        /// Its id; all zero if the operation could not be read.
        2 op: OpId,
        /// The decision.
        3 decision: Decision,
        /// Code of the refusal, or of the reason it is held.
        4 reason: Option<u16>,
        /// For an accepted one, the (feed, sequence) pairs it was written at, of the feeds this phone holds.
        5 effects: Vec<FeedSeq>,
    }
    /// A sequence in a feed.
    FeedSeq {
        /// Which feed.
        1 feed: FeedNo,
        /// Which sequence.
        2 seq: u64,
    }
    /// What the server signs at the end of an exchange that carried operations.
    Receipt {
        /// The county's installation.
        1 deployment: DeploymentId,
        /// Whose chain.
        2 device: DeviceId,
        /// Everything up to here is stored.
        3 to_seq: u64,
        /// The link there.
        4 link: Link,
        /// When.
        5 at: Timestamp,
    }
    /// What the phone signs over a push.
    Head {
        /// The county's installation.
        1 deployment: DeploymentId,
        /// Whose chain.
        2 device: DeviceId,
        /// Sequence of the last operation of the push.
        3 to_seq: u64,
        /// Its link.
        4 link: Link,
    }
    /// Reply to [`SyncRequest`].
    SyncReply {
        /// The server's time.
        1 server_time: Timestamp,
        /// Which history this server is in. If the cursor names another, the mirror is to be built anew.
        2 history: u64,
        /// Where this installation's chain stands now.
        3 chain: ChainState,
        /// The feeds held now, if the cursor's grant is not the present one.
        4 grant: Option<GrantList>,
        /// Decisions about the operations of the push, in their order; shorter than the push if the server expects
        /// another sequence.
        5 verdicts: Vec<Verdict>,
        /// COSE_Sign1 of a [`Receipt`] by the server, if operations were stored.
        6 receipt: Option<Bytes>,
        /// Rows, if there are new ones.
        7 page: Option<PageBody>,
        /// Whether there is more to fetch at once.
        8 more: bool,
        /// Checks, if asked for and the phone stands at every head.
        9 checks: Vec<FeedCheck>,
        /// When to come again if no hint arrives, ms from now; spread over the phones.
        10 next_slot_ms: u64,
    }
}

/// The three decisions.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Decision {
    /// It holds.
    #[n(1)]
    Accepted,
    /// By rule; the reason is a `Refusal`.
    #[n(2)]
    Refused,
    /// A person, or a newer server, will decide; the reason is a [`HeldReason`].
    #[n(3)]
    Held,
}

/// Why an operation waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum HeldReason {
    /// The server does not know the kind or version; it is kept for one that does.
    UnknownKind = 1,
    /// The chain is forked: evidence after the fork goes to review.
    Forked = 2,
    /// It depends on an operation that was not accepted.
    Dependency = 3,
}

/// A page in a reply: compressed columns in CBOR, objects in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageBody {
    /// zstd over the columnar form.
    Columnar(Bytes),
    /// The same as JSON.
    Json(serde_json::Value),
}

impl PageBody {
    /// The page itself.
    pub fn open(&self) -> Result<Page, PageError> {
        match self {
            Self::Columnar(bytes) => Page::decompress(&bytes.0),
            Self::Json(value) => crate::page_json::from_json(value),
        }
    }
}

impl serde::Serialize for PageBody {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Columnar(bytes) => bytes.serialize(serializer),
            Self::Json(value) => value.serialize(serializer),
        }
    }
}

impl<'de> serde::Deserialize<'de> for PageBody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(deserializer).map(Self::Json)
    }
}

impl<C> minicbor::Encode<C> for PageBody {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Columnar(bytes) => e.bytes(&bytes.0)?,
            Self::Json(_) => return Err(minicbor::encode::Error::message("a JSON page in a CBOR reply")),
        };
        Ok(())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for PageBody {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        Bytes::decode(d, ctx).map(Self::Columnar)
    }
}

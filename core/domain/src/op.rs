//! Operations: what a person did, as the phone writes it down.
//!
//! An operation says what was done, never what follows from it: rows are made by [`crate::rule::decide`], on the phone for
//! what the person sees at once and on the server for what holds. Payloads have permanent field numbers.

use crate::id::{MemberId, NoticeId, OrgId};
use crate::rows::NoticeScope;

/// What was done. Kinds and fields have permanent numbers; a new field means a new version of the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Publish a notice. Its id is the operation's.
    PublishNotice(PublishNotice),
    /// Change the words of a notice.
    EditNotice(EditNotice),
    /// Take a notice back.
    WithdrawNotice(WithdrawNotice),
    /// Say that a notice was read.
    ReadNotice(ReadNotice),
    /// Move a member to another branch.
    MoveMember(MoveMember),
    /// Ask to see, or stop seeing, the ledger of an organization in one's subtree.
    OpenLedger(OpenLedger),
}

/// Payload of [`Action::PublishNotice`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PublishNotice {
    /// The organization that speaks.
    #[n(1)]
    pub org: OrgId,
    /// To its members or to its subtree.
    #[n(2)]
    pub scope: NoticeScope,
    /// Headline, 1 to 80 characters, one line.
    #[n(3)]
    pub title: String,
    /// Text, at most 4,096 bytes.
    #[n(4)]
    pub body: String,
}

/// Payload of [`Action::EditNotice`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct EditNotice {
    /// Which notice.
    #[n(1)]
    pub notice: NoticeId,
    /// The version the editor had before them.
    #[n(2)]
    pub base_version: u64,
    /// New headline.
    #[n(3)]
    pub title: String,
    /// New text.
    #[n(4)]
    pub body: String,
}

/// Payload of [`Action::WithdrawNotice`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct WithdrawNotice {
    /// Which notice.
    #[n(1)]
    pub notice: NoticeId,
    /// The version before the publisher.
    #[n(2)]
    pub base_version: u64,
    /// Why, for the readers; at most 400 bytes.
    #[n(3)]
    pub reason: String,
}

/// Payload of [`Action::ReadNotice`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ReadNotice {
    /// Which notice.
    #[n(1)]
    pub notice: NoticeId,
}

/// Payload of [`Action::MoveMember`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct MoveMember {
    /// Who moves.
    #[n(1)]
    pub member: MemberId,
    /// The branch they leave, as the officer sees it.
    #[n(2)]
    pub from: OrgId,
    /// The branch they come to.
    #[n(3)]
    pub to: OrgId,
}

/// Payload of [`Action::OpenLedger`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct OpenLedger {
    /// Whose ledger.
    #[n(1)]
    pub org: OrgId,
    /// True to open it, false to close it.
    #[n(2)]
    pub open: bool,
}

/// Permanent numbers of the kinds of operations.
pub mod kind {
    /// [`super::PublishNotice`].
    pub const PUBLISH_NOTICE: u32 = 1;
    /// [`super::EditNotice`].
    pub const EDIT_NOTICE: u32 = 2;
    /// [`super::WithdrawNotice`].
    pub const WITHDRAW_NOTICE: u32 = 3;
    /// [`super::ReadNotice`].
    pub const READ_NOTICE: u32 = 4;
    /// [`super::MoveMember`].
    pub const MOVE_MEMBER: u32 = 5;
    /// [`super::OpenLedger`].
    pub const OPEN_LEDGER: u32 = 6;
}

/// The version of each kind that this program writes; all kinds are at their first.
pub const ACTION_VERSION: u32 = 1;

/// Why an operation's payload can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// A kind or version that a newer program wrote.
    #[error("unknown kind or version of operation")]
    Unknown,
    /// Not the one encoding of a payload of its kind.
    #[error("the payload is not in its one canonical form")]
    Malformed,
}

impl Action {
    /// The kind's permanent number.
    pub fn kind(&self) -> u32 {
        match self {
            Self::PublishNotice(_) => kind::PUBLISH_NOTICE,
            Self::EditNotice(_) => kind::EDIT_NOTICE,
            Self::WithdrawNotice(_) => kind::WITHDRAW_NOTICE,
            Self::ReadNotice(_) => kind::READ_NOTICE,
            Self::MoveMember(_) => kind::MOVE_MEMBER,
            Self::OpenLedger(_) => kind::OPEN_LEDGER,
        }
    }

    /// The payload in deterministic CBOR (RFC 8949 §4.2): a map with ascending integer keys.
    pub fn encode(&self) -> Vec<u8> {
        fn bytes<T: minicbor::Encode<()>>(payload: &T) -> Vec<u8> {
            // Writing to a Vec can't fail.
            minicbor::to_vec(payload).unwrap_or_default()
        }
        match self {
            Self::PublishNotice(payload) => bytes(payload),
            Self::EditNotice(payload) => bytes(payload),
            Self::WithdrawNotice(payload) => bytes(payload),
            Self::ReadNotice(payload) => bytes(payload),
            Self::MoveMember(payload) => bytes(payload),
            Self::OpenLedger(payload) => bytes(payload),
        }
    }

    /// Reads a payload, accepting only the bytes that [`Self::encode`] would write: no other order, length form, extra or
    /// missing field has a meaning.
    pub fn decode(kind: u32, version: u32, payload: &[u8]) -> Result<Self, PayloadError> {
        fn read<'b, T: minicbor::Decode<'b, ()>>(payload: &'b [u8]) -> Result<T, PayloadError> {
            minicbor::decode(payload).map_err(|_| PayloadError::Malformed)
        }
        if version != ACTION_VERSION {
            return Err(if version == 0 { PayloadError::Malformed } else { PayloadError::Unknown });
        }
        let action = match kind {
            kind::PUBLISH_NOTICE => Self::PublishNotice(read(payload)?),
            kind::EDIT_NOTICE => Self::EditNotice(read(payload)?),
            kind::WITHDRAW_NOTICE => Self::WithdrawNotice(read(payload)?),
            kind::READ_NOTICE => Self::ReadNotice(read(payload)?),
            kind::MOVE_MEMBER => Self::MoveMember(read(payload)?),
            kind::OPEN_LEDGER => Self::OpenLedger(read(payload)?),
            _ => return Err(PayloadError::Unknown),
        };
        if action.encode() == payload { Ok(action) } else { Err(PayloadError::Malformed) }
    }
}

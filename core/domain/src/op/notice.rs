//! Payloads of what is done with notices.

use crate::id::{NoticeId, OrgId};
use crate::rows::NoticeScope;

/// Payload of [`super::Action::PublishNotice`].
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

/// Payload of [`super::Action::EditNotice`].
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

/// Payload of [`super::Action::WithdrawNotice`].
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

/// Payload of [`super::Action::ReadNotice`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ReadNotice {
    /// Which notice.
    #[n(1)]
    pub notice: NoticeId,
}

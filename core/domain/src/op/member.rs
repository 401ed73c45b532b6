//! Payloads of what officers do about members and their ledgers.

use crate::id::{MemberId, OrgId};

/// Payload of [`super::Action::MoveMember`].
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

/// Payload of [`super::Action::OpenLedger`].
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

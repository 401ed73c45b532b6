//! The server's word that a member began to study an item on a device: what is studied under it was begun online.
//!
//! A lease says nothing about how long; it lifts the day's allowance for study offline.
//! The token is a tag of thirty-two bytes, which only the server can make or check, and the lease in CBOR, which the phone may
//! read.

use crate::id::{DeviceId, MemberId, RowId};
use crate::time::Timestamp;

/// How long a lease holds, ms: the longest item and then some. Going on longer needs another.
pub const HOLDS_MS: i64 = 4 * 3_600_000;

/// Length of the tag in front.
pub const TAG_BYTES: usize = 32;

/// A lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Lease {
    /// Random.
    #[n(0)]
    pub id: RowId,
    /// To whom.
    #[n(1)]
    pub member: MemberId,
    /// On which device.
    #[n(2)]
    pub device: DeviceId,
    /// For what.
    #[n(3)]
    pub item: RowId,
    /// Since when.
    #[n(4)]
    pub issued_at: Timestamp,
    /// Until when.
    #[n(5)]
    pub expires_at: Timestamp,
}

impl Lease {
    /// The bytes the tag is over.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to a Vec can't fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Takes a token apart into the lease, its bytes and the tag, which has not been checked.
    pub fn split(token: &[u8]) -> Option<(Self, &[u8], &[u8])> {
        let (tag, bytes) = token.split_at_checked(TAG_BYTES)?;
        let lease: Self = minicbor::decode(bytes).ok()?;
        (lease.encode() == bytes).then_some((lease, bytes, tag))
    }
}

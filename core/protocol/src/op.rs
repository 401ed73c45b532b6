//! An operation as it is stored, chained and sent: a CBOR array in its one canonical form.
//!
//! The payload is a byte string of its own, so a server that does not know a kind can store, chain and acknowledge it
//! without understanding it, and no reader meets nesting deeper than two.

use dangjian_domain::id::{MemberId, OpId};
use dangjian_domain::op::{ACTION_VERSION, Action, PayloadError};
use dangjian_domain::time::Instant;

use crate::bytes::Bytes;
use crate::limits;

/// An operation: `[id, seq, actor, at, kind, version, payload, depends_on]`.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Operation {
    /// UUIDv7, made by the phone.
    #[n(0)]
    pub id: OpId,
    /// Place in the installation's chain, from 1 without gaps.
    #[n(1)]
    pub seq: u64,
    /// Who did it.
    #[n(2)]
    pub actor: MemberId,
    /// When, as far as the phone knew.
    #[n(3)]
    pub at: Instant,
    /// Kind of the action.
    #[n(4)]
    pub kind: u32,
    /// Version of the kind.
    #[n(5)]
    pub version: u32,
    /// The action's payload, canonical CBOR.
    #[n(6)]
    pub payload: Bytes,
    /// An earlier operation of this chain without which this one means nothing.
    #[n(7)]
    pub depends_on: Option<OpId>,
}

/// Why bytes are not an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// Longer than [`limits::OP`].
    #[error("an operation has at most {} bytes", limits::OP)]
    TooLong,
    /// Not the one canonical encoding of an operation.
    #[error("not an operation in its canonical form")]
    NotCanonical,
}

impl Operation {
    /// An operation for `action`.
    pub fn new(id: OpId, seq: u64, actor: MemberId, at: Instant, action: &Action) -> Self {
        Self {
            id,
            seq,
            actor,
            at,
            kind: action.kind(),
            version: ACTION_VERSION,
            payload: Bytes(action.encode()),
            depends_on: None,
        }
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to a Vec can't fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the canonical bytes, and only those: what does not encode to itself is refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, OpError> {
        if bytes.len() > limits::OP {
            return Err(OpError::TooLong);
        }
        let op: Self = minicbor::decode(bytes).map_err(|_| OpError::NotCanonical)?;
        if op.id.0.is_nil() || op.encode() != bytes {
            return Err(OpError::NotCanonical);
        }
        Ok(op)
    }

    /// What was done, if this program knows the kind and version.
    pub fn action(&self) -> Result<Action, PayloadError> {
        Action::decode(self.kind, self.version, &self.payload.0)
    }
}

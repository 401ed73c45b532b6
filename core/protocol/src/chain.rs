//! The chain of an installation's operations. A link stands for all that came before, so one signature over the newest
//! vouches for every operation of a push, and two histories can't be passed off as one.

use dangjian_domain::id::{DeploymentId, DeviceId};
use sha2::{Digest, Sha256};

const CONTEXT: &[u8] = b"dangjian/op-link/1\0";

/// SHA-256 over context, deployment, device, sequence, previous link and SHA-256 of the operation's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// Before the first operation.
    pub const FIRST: Self = Self([0; 32]);

    /// The link of the operation `op` at `seq`, after this one.
    pub fn next(self, deployment: DeploymentId, device: DeviceId, seq: u64, op: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(CONTEXT);
        hash.update(deployment.0.0);
        hash.update(device.0.0);
        hash.update(seq.to_be_bytes());
        hash.update(self.0);
        hash.update(Sha256::digest(op));
        Self(hash.finalize().into())
    }

    /// From 32 bytes; `None` for another length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in self.0.iter().take(4) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…")
    }
}

impl serde::Serialize for Link {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&crate::bytes::to_base64url(&self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Link {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = crate::bytes::Bytes::deserialize(deserializer)?;
        Self::from_slice(&bytes.0).ok_or_else(|| serde::de::Error::custom("a link has 32 bytes"))
    }
}

impl<C> minicbor::Encode<C> for Link {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?;
        Ok(())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Link {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::from_slice(d.bytes()?).ok_or_else(|| minicbor::decode::Error::message("a link has 32 bytes").at(at))
    }
}

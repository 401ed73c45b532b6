//! Identifiers: sixteen bytes each, a type for each thing they name.
//!
//! All are UUIDs: version 7 where a phone makes them (sortable by time of making), version 8 where they are derived
//! from other identifiers, so that the same pair always names the same row.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A text that is not a UUID in the usual form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct NotAUuid;

/// Identifies one row of a synced table, whichever table that is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub [u8; 16]);

impl RowId {
    /// The id of a row that exists at most once for `parts`: a UUIDv8 over SHA-256 of `context` and the parts
    /// (RFC 9562 §5.8).
    pub fn derived(context: &str, parts: &[RowId]) -> Self {
        let mut hash = Sha256::new();
        hash.update(context.as_bytes());
        for part in parts {
            hash.update(part.0);
        }
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes)
    }

    /// A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then the given randomness.
    pub fn v7(unix_ms: i64, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        let time = unix_ms.max(0).to_be_bytes();
        for (to, from) in bytes.iter_mut().zip(time.iter().skip(2).chain(random.iter())) {
            *to = *from;
        }
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes)
    }

    /// Whether the sixteen bytes are all zero, which no identifier may be.
    pub fn is_nil(&self) -> bool {
        self.0 == [0; 16]
    }
}

/// A UUID as text: 8-4-4-4-12 digits.
const UUID_LEN: usize = 36;

fn is_dash(at: usize) -> bool {
    matches!(at, 8 | 13 | 18 | 23)
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the formatter for each digit: a page of a list that goes to the screen has hundreds of ids.
        let mut digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        let mut text = [b'-'; UUID_LEN];
        for (at, place) in text.iter_mut().enumerate() {
            if !is_dash(at) {
                let digit = digits.next().unwrap_or_default();
                *place = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
            }
        }
        f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RowId {
    type Err = NotAUuid;

    fn from_str(text: &str) -> Result<Self, NotAUuid> {
        let bytes = text.as_bytes();
        if bytes.len() != UUID_LEN {
            return Err(NotAUuid);
        }
        let mut id = [0u8; 16];
        let mut digits = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if is_dash(at) {
                if *byte != b'-' {
                    return Err(NotAUuid);
                }
                continue;
            }
            let digit = (*byte as char).to_digit(16).ok_or(NotAUuid)? as u8;
            if let Some(slot) = id.get_mut(digits / 2) {
                *slot = (*slot << 4) | digit;
            }
            digits += 1;
        }
        Ok(Self(id))
    }
}

impl serde::Serialize for RowId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RowId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<C> minicbor::Encode<C> for RowId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?;
        Ok(())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for RowId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        <[u8; 16]>::try_from(d.bytes()?)
            .map(Self)
            .map_err(|_| minicbor::decode::Error::message("an id has 16 bytes").at(at))
    }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[derive(minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] pub RowId);

        impl From<$name> for RowId {
            fn from(id: $name) -> RowId {
                id.0
            }
        }

        impl From<RowId> for $name {
            fn from(id: RowId) -> $name {
                $name(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAUuid;

            fn from_str(text: &str) -> Result<Self, NotAUuid> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// One county's installation of the platform; bound into every signature so that none is valid in another county.
    DeploymentId;
    /// A Party organization (党组织).
    OrgId;
    /// A Party member (党员).
    MemberId;
    /// An installation of the app on a phone. The chain of operations belongs to it.
    DeviceId;
    /// An operation.
    OpId;
    /// A notice; equals the id of the operation that published it.
    NoticeId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_read_back_as_it_was_written() {
        let id = RowId::v7(1_700_000_000_000, [7; 10]);
        assert_eq!(id.to_string(), "018bcfe5-6800-7707-8707-070707070707");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(RowId([0xaf; 16]).to_string(), "afafafaf-afaf-afaf-afaf-afafafafafaf");
        assert_eq!("not-a-uuid".parse::<RowId>(), Err(NotAUuid));
        assert_eq!("00000000-0000-0000-0000-00000000000é".parse::<RowId>(), Err(NotAUuid));
    }

    #[test]
    fn derived_ids_depend_on_context_and_order() {
        let (a, b) = (RowId([1; 16]), RowId([2; 16]));
        assert_eq!(RowId::derived("x", &[a, b]), RowId::derived("x", &[a, b]));
        assert_ne!(RowId::derived("x", &[a, b]), RowId::derived("x", &[b, a]));
        assert_ne!(RowId::derived("x", &[a, b]), RowId::derived("y", &[a, b]));
    }

    #[test]
    fn v7_sorts_by_time() {
        assert!(RowId::v7(1_000, [255; 10]) < RowId::v7(1_001, [0; 10]));
    }
}

//! Signing in without the server: the phone keeps an argon2id verifier of the password that the server last accepted here.

use argon2::{Algorithm, Argon2, Params, Version};
use dangjian_protocol::random::Random;

/// Cost of a verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl PasswordCost {
    /// For people's phones (OWASP's recommendation for argon2id).
    pub const PHONE: Self = Self { memory_kib: 19 * 1024, passes: 2 };
    /// For simulations, where thousands sign in.
    pub const CHEAP: Self = Self { memory_kib: 8, passes: 1 };
}

/// What is kept of a password: cost, salt and hash.
#[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub(crate) struct Verifier {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    passes: u32,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    hash: [u8; 32],
}

impl Verifier {
    /// A verifier of `password`; `None` only if the cost is one that argon2 does not know.
    pub(crate) fn new(password: &str, cost: PasswordCost, random: &mut dyn Random) -> Option<Self> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let hash = hash(password, &salt, cost)?;
        Some(Self { memory_kib: cost.memory_kib, passes: cost.passes, salt, hash })
    }

    /// Whether it is of `password`.
    pub(crate) fn matches(&self, password: &str) -> bool {
        let cost = PasswordCost { memory_kib: self.memory_kib, passes: self.passes };
        hash(password, &self.salt, cost).is_some_and(|hash| {
            // All bytes are compared, so that the time tells nothing.
            hash.iter().zip(&self.hash).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
        })
    }
}

fn hash(password: &str, salt: &[u8], cost: PasswordCost) -> Option<[u8; 32]> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_protocol::random::SplitMix;

    #[test]
    fn a_verifier_knows_its_password_only() {
        let verifier = Verifier::new("桃花源里 1935", PasswordCost::CHEAP, &mut SplitMix(1)).unwrap();
        let kept: Verifier = minicbor::decode(&minicbor::to_vec(&verifier).unwrap()).unwrap();
        assert!(kept.matches("桃花源里 1935"));
        assert!(!kept.matches("桃花源里 1936"));
    }
}

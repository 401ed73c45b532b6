//! Passwords and one-time codes: how they are judged, kept and compared.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use dangjian_domain::id::MemberId;
use dangjian_protocol::random::Random;
use sha2::{Digest, Sha256};

use crate::error::CountyError;
use crate::once::bytes;

/// What computing one password hash costs the server, and whoever guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for PasswordCost {
    /// The first of OWASP's recommendations for Argon2id that fits a small server: 19 MiB, two passes.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

impl PasswordCost {
    /// As little as Argon2 allows: for tests and simulation only.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1 };

    fn argon2(self) -> Result<Argon2<'static>, CountyError> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).map_err(|_| CountyError::Password)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// The PHC string to keep for `password`.
    pub(crate) fn hash(self, password: &str, salt: &[u8]) -> Result<String, CountyError> {
        let hash = self.argon2()?.hash_password_with_salt(password.as_bytes(), salt);
        Ok(hash.map_err(|_| CountyError::Password)?.to_string())
    }

    /// Whether `kept` is of `password`. Without anything kept it takes as long and is false.
    pub(crate) fn matches(self, password: &str, kept: Option<&str>) -> Result<bool, CountyError> {
        match kept {
            Some(kept) => Ok(self.argon2()?.verify_password(password.as_bytes(), kept).is_ok()),
            None => self.hash(password, &[0; 16]).map(|_| false),
        }
    }
}

/// Longest login and longest password that are looked at, bytes.
pub(crate) const LOGIN_BYTES: usize = 64;
pub(crate) const PASSWORD_BYTES: usize = 256;
const PASSWORD_CHARS: usize = 8;

/// Passwords that everybody tries first, beyond those that repeat one character or count up or down.
const COMMON: &[&str] = &[
    "password",
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "qwertyuiop",
    "qwerty123",
    "1qaz2wsx",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "q1w2e3r4",
    "a1234567",
    "a12345678",
    "a123456789",
    "abc12345",
    "abc123456",
    "abcd1234",
    "abcdefgh",
    "asdfghjkl",
    "zxcvbnm123",
    "woaini1314",
    "woaini520",
    "5201314520",
    "13141314",
    "52013145",
    "admin123",
    "admin888",
    "dangyuan",
    "xintian123",
    "19491001",
    "19210701",
    "11223344",
    "12341234",
    "12344321",
    "123123123",
    "147258369",
    "qq123456",
    "iloveyou",
    "letmein1",
    "welcome1",
];

/// Whether a password is one that others would try, given what the member signs in with.
pub(crate) fn weak(password: &str, logins: &[&str]) -> bool {
    let folded = password.trim().to_lowercase();
    let counts = |step: i64| {
        let codes: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
        // 1234567890: the step from 9 to 0 counts too.
        codes.windows(2).all(|pair| match pair {
            [a, b] => b - a == step || (step == 1 && (*a, *b) == (57, 48)) || (step == -1 && (*a, *b) == (48, 57)),
            _ => true,
        })
    };
    folded.chars().count() < PASSWORD_CHARS
        || [0, 1, -1].into_iter().any(counts)
        || COMMON.contains(&folded.as_str())
        || logins.iter().any(|login| folded == login.to_lowercase())
}

/// Letters and digits that are not taken for one another: 32, so five bits each.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_CHARS: usize = 10;

/// A new one-time code, as it is told to the member: `ABCDE-FGHJK`, 50 bits.
pub(crate) fn new_code(random: &mut dyn Random) -> String {
    let mut code = String::with_capacity(CODE_CHARS + 1);
    for (at, byte) in bytes::<CODE_CHARS>(random).into_iter().enumerate() {
        if at == CODE_CHARS / 2 {
            code.push('-');
        }
        code.push(ALPHABET.get(usize::from(byte % 32)).copied().map_or('2', char::from));
    }
    code
}

/// What is kept of a code. Spaces, dashes and small letters make no difference.
pub(crate) fn code_hash(member: MemberId, code: &str) -> [u8; 32] {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut hash = Sha256::new();
    hash.update(b"dangjian/activation/1\0");
    hash.update(member.0.0);
    hash.update(code.to_ascii_uppercase());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_domain::id::RowId;
    use dangjian_protocol::random::SplitMix;

    #[test]
    fn passwords_that_others_would_try_are_weak() {
        for weak_one in
            ["", "short", "1234567", "12345678", "1234567890", "87654321", "aaaaaaaa", "PassWord", "13800001111"]
        {
            assert!(weak(weak_one, &["13800001111"]), "{weak_one}");
        }
        for good in ["correct horse", "新田县舂陵江畔的老樟树", "tg7-vkq2"] {
            assert!(!weak(good, &["13800001111"]), "{good}");
        }
    }

    #[test]
    fn a_code_is_known_however_it_is_typed_and_for_its_member_only() {
        let code = new_code(&mut SplitMix(1));
        let (a, b) = (RowId([1; 16]).into(), RowId([2; 16]).into());
        assert_eq!(code.len(), 11);
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        assert_eq!(code_hash(a, &typed), code_hash(a, &code));
        assert_ne!(code_hash(b, &code), code_hash(a, &code));
    }

    #[test]
    fn a_hash_is_of_its_password_only() {
        let kept = PasswordCost::LEAST.hash("correct horse", &[7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(PasswordCost::LEAST.matches("correct horse", Some(&kept)).unwrap());
        assert!(!PasswordCost::LEAST.matches("correct Horse", Some(&kept)).unwrap());
        assert!(!PasswordCost::LEAST.matches("correct horse", None).unwrap());
    }
}

//! Operations: what a person did, as the phone writes it down.
//!
//! An operation says what was done, never what follows from it: rows are made by [`crate::rule::decide`], on the phone for
//! what the person sees at once and on the server for what holds. Payloads have permanent field numbers.

mod member;
mod notice;
mod points;
mod study;

pub use member::{MoveMember, OpenLedger};
pub use notice::{EditNotice, PublishNotice, ReadNotice, WithdrawNotice};
pub use points::{DecideAppeal, DecideReview, MakeAppeal, PublishRules, ReverseEntry, SetFeatures};
pub use study::{AnswerQuiz, CheckAnswer, DrawQuiz, RecordStudy, SignInToday, Span};

/// Declares the kinds of operations: number, name, meaning.
macro_rules! actions {
    ($($(#[doc = $doc:literal])* $no:literal $const:ident $name:ident,)*) => {
        /// What was done. Kinds and fields have permanent numbers; a new field means a new version of the kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])* $name($name),)*
        }

        /// Permanent numbers of the kinds of operations.
        pub mod kind {
            $(#[doc = concat!("[`super::", stringify!($name), "`].")] pub const $const: u32 = $no;)*

            /// All of them, ascending.
            pub const ALL: &[u32] = &[$($no),*];
        }

        impl Action {
            /// The kind's permanent number.
            pub fn kind(&self) -> u32 {
                match self {
                    $(Self::$name(_) => $no,)*
                }
            }

            /// The payload in deterministic CBOR (RFC 8949 §4.2): a map with ascending integer keys.
            pub fn encode(&self) -> Vec<u8> {
                match self {
                    // Writing to a Vec can't fail.
                    $(Self::$name(payload) => minicbor::to_vec(payload).unwrap_or_default(),)*
                }
            }

            /// Reads a payload, accepting only the bytes that [`Self::encode`] would write: no other order, length form,
            /// extra or missing field has a meaning.
            pub fn decode(kind: u32, version: u32, payload: &[u8]) -> Result<Self, PayloadError> {
                if version != ACTION_VERSION {
                    return Err(if version == 0 { PayloadError::Malformed } else { PayloadError::Unknown });
                }
                let action = match kind {
                    $($no => Self::$name(minicbor::decode(payload).map_err(|_| PayloadError::Malformed)?),)*
                    _ => return Err(PayloadError::Unknown),
                };
                if action.encode() == payload { Ok(action) } else { Err(PayloadError::Malformed) }
            }
        }
    };
}

actions! {
    /// Publish a notice. Its id is the operation's.
    1 PUBLISH_NOTICE PublishNotice,
    /// Change the words of a notice.
    2 EDIT_NOTICE EditNotice,
    /// Take a notice back.
    3 WITHDRAW_NOTICE WithdrawNotice,
    /// Say that a notice was read.
    4 READ_NOTICE ReadNotice,
    /// Move a member to another branch.
    5 MOVE_MEMBER MoveMember,
    /// Ask to see, or stop seeing, the ledger of an organization in one's subtree.
    6 OPEN_LEDGER OpenLedger,
    /// Hand in a segment of study.
    7 RECORD_STUDY RecordStudy,
    /// Say that the app was opened on this day.
    8 SIGN_IN_TODAY SignInToday,
    /// Ask for today's quiz.
    9 DRAW_QUIZ DrawQuiz,
    /// Answer a quiz.
    10 ANSWER_QUIZ AnswerQuiz,
    /// Take a posting of points back.
    11 REVERSE_ENTRY ReverseEntry,
    /// Object to a posting, a score or a review.
    12 MAKE_APPEAL MakeAppeal,
    /// Decide an appeal.
    13 DECIDE_APPEAL DecideAppeal,
    /// Close a review.
    14 DECIDE_REVIEW DecideReview,
    /// Publish a new rule set.
    15 PUBLISH_RULES PublishRules,
    /// Choose which features the county uses.
    16 SET_FEATURES SetFeatures,
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

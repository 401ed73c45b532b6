//! Payloads of what is done about points: taking back, objecting, deciding, configuring.

use crate::id::{OrgId, RowId};

/// Payload of [`super::Action::ReverseEntry`]: take a posting back, with a reason.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ReverseEntry {
    /// The posting.
    #[n(1)]
    pub entry: RowId,
    /// Why, for the member; at most 400 bytes.
    #[n(2)]
    pub reason: String,
}

/// Payload of [`super::Action::MakeAppeal`]: object to a posting, a score or a review. The appeal's id is the operation's.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct MakeAppeal {
    /// What is objected to.
    #[n(1)]
    pub about: RowId,
    /// In the member's words; at most 1,000 bytes.
    #[n(2)]
    pub text: String,
}

/// Payload of [`super::Action::DecideAppeal`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DecideAppeal {
    /// The appeal.
    #[n(1)]
    pub appeal: RowId,
    /// Whether it is granted. A granted appeal against a reversal gives the points back.
    #[n(2)]
    pub granted: bool,
    /// The answer to the member; at most 400 bytes.
    #[n(3)]
    pub answer: String,
}

/// Payload of [`super::Action::DecideReview`].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DecideReview {
    /// The case.
    #[n(1)]
    pub case: RowId,
    /// Whether what was noticed is so. Points are only taken back by [`ReverseEntry`].
    #[n(2)]
    pub upheld: bool,
    /// Why; at most 400 bytes.
    #[n(3)]
    pub reason: String,
}

/// Payload of [`super::Action::PublishRules`]: a new rule set, from a later day on.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PublishRules {
    /// The set in TOML: see [`crate::points::rules`]; at most 12 KiB.
    #[n(1)]
    pub text: String,
}

/// Payload of [`super::Action::SetFeatures`]: which features the county uses. Fields as in
/// [`crate::rows::Features`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct SetFeatures {
    /// The county.
    #[n(1)]
    pub county: OrgId,
    /// Ranks, boards and histograms are published.
    #[n(2)]
    pub public_ranking: bool,
    /// Those above see the names on the yellow and black boards.
    #[n(3)]
    pub names_on_low_boards: bool,
    /// Study counts in the appraisal score.
    #[n(4)]
    pub study_in_appraisal: bool,
    /// Signing in gives points.
    #[n(5)]
    pub sign_in_points: bool,
    /// An activity must have photos.
    #[n(6)]
    pub mandatory_photo: bool,
    /// Reports of use and study time are made for those above.
    #[n(7)]
    pub usage_reports: bool,
    /// Activities demand a check-in.
    #[n(8)]
    pub forced_check_in: bool,
}

//! Which features a county uses.

use super::FactKind;
use crate::rows::{Board, Features, Listed};

/// Which features a county uses: those of [`Features`] as plain values. Without a row all are on.
///
/// Each switch changes its own part only: [`Self::sign_in_points`] the postings of one kind, [`Self::study_in_appraisal`] the
/// score's components, [`Self::public_ranking`] and [`Self::names_on_low_boards`] who sees what came out. The others say what
/// is demanded and reported elsewhere; nothing in [`crate::points`] depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches {
    /// Ranks, boards and histograms are published.
    pub public_ranking: bool,
    /// Those above see the names on the yellow and black boards.
    pub names_on_low_boards: bool,
    /// Study counts in the appraisal score.
    pub study_in_appraisal: bool,
    /// Signing in gives points.
    pub sign_in_points: bool,
    /// An activity must have photos.
    pub mandatory_photo: bool,
    /// Reports of use and study time are made for those above.
    pub usage_reports: bool,
    /// Activities demand a check-in.
    pub forced_check_in: bool,
}

impl Switches {
    /// Everything on.
    pub const STANDARD: Self = Self {
        public_ranking: true,
        names_on_low_boards: true,
        study_in_appraisal: true,
        sign_in_points: true,
        mandatory_photo: true,
        usage_reports: true,
        forced_check_in: true,
    };

    /// Everything off that 国办函〔2026〕12号 forbids to those it names.
    pub const BURDEN_REDUCTION: Self = Self {
        public_ranking: false,
        names_on_low_boards: false,
        study_in_appraisal: false,
        sign_in_points: false,
        mandatory_photo: false,
        usage_reports: false,
        forced_check_in: false,
    };

    /// What a county chose; all on where it chose nothing.
    pub fn of(features: Option<&Features>) -> Self {
        features.map_or(Self::STANDARD, Self::from)
    }

    /// Whether facts of that kind give points at all.
    pub fn gives_points(&self, fact: FactKind) -> bool {
        fact != FactKind::SignIn || self.sign_in_points
    }

    /// Whether a name on `board` may be shown to the branch: never on the low boards, nowhere without public ranking.
    pub fn listed(&self, board: Board) -> Listed {
        match board {
            Board::Gold | Board::Silver if self.public_ranking => Listed::Named,
            _ => Listed::Withheld,
        }
    }

    /// Whether those above may see the name on `board`.
    pub fn named_above(&self, board: Board) -> bool {
        match board {
            Board::Gold | Board::Silver => true,
            Board::Yellow | Board::Black => self.names_on_low_boards,
        }
    }
}

impl Default for Switches {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl From<&Features> for Switches {
    fn from(features: &Features) -> Self {
        Self {
            public_ranking: features.public_ranking,
            names_on_low_boards: features.names_on_low_boards,
            study_in_appraisal: features.study_in_appraisal,
            sign_in_points: features.sign_in_points,
            mandatory_photo: features.mandatory_photo,
            usage_reports: features.usage_reports,
            forced_check_in: features.forced_check_in,
        }
    }
}

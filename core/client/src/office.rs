//! For those who look after others: cases and objections to decide, postings to take back, rules and switches to set.
//!
//! What a role allows is decided by the rules when something is done; what is shown here only says beforehand whether it
//! would be.

use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::{Action, DecideAppeal, DecideReview, PublishRules, ReverseEntry, SetFeatures};
use dangjian_domain::points::rules::{RuleSet, Switches};
use dangjian_domain::rows::Board;
use dangjian_domain::rule::Refusal;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_engine::AppError;

use crate::boards::BoardLineView;
use crate::client::Client;
use crate::points::{AppealView, CaseView, EntryView, LedgerFilter};

pub(crate) mod query;

/// A rule set that could be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesView {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// First day it applies to.
    pub effective_from: CivilDay,
    /// Its rules in words.
    pub labels: Vec<String>,
}

/// Why a rule set was not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishRulesError {
    /// The text is not a sound rule set: what is wrong, in Chinese, a sentence each. Nothing was sent.
    #[error("{} problem(s) in the rule set", .0.len())]
    Problems(Vec<String>),
    /// A rule says no, or the phone fails.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Which features the county uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeaturesView {
    /// The county.
    pub county: OrgId,
    /// The switches.
    pub switches: Switches,
    /// Whether they are those of 国办函〔2026〕12号, all off.
    pub burden_reduction: bool,
    /// Whether a change waits for the server.
    pub unconfirmed: bool,
    /// Whether this phone's member may change them.
    pub may_set: bool,
}

/// What officers decide and configure.
pub struct OfficeService<'c>(&'c Client);

impl Client {
    /// What officers decide and configure.
    pub fn office(&self) -> OfficeService<'_> {
        OfficeService(self)
    }
}

impl OfficeService<'_> {
    /// Cases that wait for a person, the longest waiting first; those about oneself are somebody else's to decide and not
    /// among them.
    pub fn cases(&self, limit: usize, offset: usize) -> Result<Vec<CaseView>, AppError> {
        self.0.read(|snapshot| query::open_cases(snapshot, limit, offset))
    }

    /// Objections that wait for a person, the longest waiting first, without one's own.
    pub fn appeals(&self, limit: usize, offset: usize) -> Result<Vec<AppealView>, AppError> {
        self.0.read(|snapshot| query::open_appeals(snapshot, limit, offset))
    }

    /// Closes a case. Points are only taken back by [`Self::reverse`].
    pub async fn decide_review(&self, case: RowId, upheld: bool, reason: &str) -> Result<OpId, AppError> {
        self.0.act(Action::DecideReview(DecideReview { case, upheld, reason: reason.to_owned() })).await
    }

    /// Decides an objection. Granting one against a reversal gives the points back.
    pub async fn decide_appeal(&self, appeal: RowId, granted: bool, answer: &str) -> Result<OpId, AppError> {
        self.0.act(Action::DecideAppeal(DecideAppeal { appeal, granted, answer: answer.to_owned() })).await
    }

    /// Takes a posting back, once; the member sees why and may object.
    pub async fn reverse(&self, entry: RowId, reason: &str) -> Result<OpId, AppError> {
        self.0.act(Action::ReverseEntry(ReverseEntry { entry, reason: reason.to_owned() })).await
    }

    /// A member's postings, newest first: those of ledgers that this phone holds.
    pub fn ledger(
        &self,
        member: MemberId,
        filter: LedgerFilter,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<EntryView>, AppError> {
        self.0.read(|snapshot| crate::points::query::ledger(snapshot, member, filter, limit, offset))
    }

    /// Members of a branch on a low board, by name, as far as those above may see them.
    pub fn low_board(
        &self,
        branch: OrgId,
        board: Board,
        now: Timestamp,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<BoardLineView>, AppError> {
        self.0.read(|snapshot| query::low_board(snapshot, branch, board, now, limit, offset))
    }

    /// Reads a rule set, or says everything that is wrong with it, in Chinese, a sentence each.
    pub fn check_rules(&self, text: &str) -> Result<RulesView, Vec<String>> {
        match RuleSet::parse(text) {
            Ok(set) => Ok(RulesView {
                labels: set.rules.into_iter().map(|rule| rule.label).collect(),
                name: set.name,
                version: set.version,
                effective_from: set.effective_from,
            }),
            Err(error) => Err(error.problems.iter().map(|problem| problem.sentence()).collect()),
        }
    }

    /// Publishes a rule set, from a later day on. Problems are told before anything is sent.
    pub async fn publish_rules(&self, text: &str) -> Result<OpId, PublishRulesError> {
        self.check_rules(text).map_err(PublishRulesError::Problems)?;
        Ok(self.0.act(Action::PublishRules(PublishRules { text: text.to_owned() })).await?)
    }

    /// Which features the county uses; `None` before the first sign-in.
    pub fn features(&self) -> Result<Option<FeaturesView>, AppError> {
        self.0.read(query::features)
    }

    /// Chooses them.
    pub async fn set_features(&self, switches: Switches) -> Result<OpId, AppError> {
        let county = self.features()?.ok_or(AppError::Refused(Refusal::NotFound))?.county;
        let Switches {
            public_ranking,
            names_on_low_boards,
            study_in_appraisal,
            sign_in_points,
            mandatory_photo,
            usage_reports,
            forced_check_in,
        } = switches;
        let payload = SetFeatures {
            county,
            public_ranking,
            names_on_low_boards,
            study_in_appraisal,
            sign_in_points,
            mandatory_photo,
            usage_reports,
            forced_check_in,
        };
        self.0.act(Action::SetFeatures(payload)).await
    }

    /// Turns off all that 国办函〔2026〕12号 forbids to those it names, or everything on again.
    pub async fn set_burden_reduction(&self, on: bool) -> Result<OpId, AppError> {
        self.set_features(if on { Switches::BURDEN_REDUCTION } else { Switches::STANDARD }).await
    }
}

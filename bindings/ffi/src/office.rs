//! For those who look after others: cases and objections to decide, postings to take back, rules and switches to set.

use std::sync::Arc;

use dangjian_client::office as client_office;
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};

use crate::boards::{Board, BoardLinePage};
use crate::convert::{Cross, page};
use crate::error::AppError;
use crate::points::{AppealPage, CasePage, EntryPage, LedgerFilter};
use crate::shared::{Shared, finished};
use crate::types::Day;

record! {
    /// A rule set that could be published.
    RulesView from client_office::RulesView {
        /// Name.
        name: String,
        /// Version.
        version: String,
        /// First day it applies to.
        effective_from: Day,
        /// Its rules in words.
        labels: Vec<String>,
    }
}

/// What a county uses and what it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
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

macro_rules! switches {
    ($from:ty => $to:ty) => {
        impl Cross<$to> for $from {
            fn cross(self) -> $to {
                type To = $to;
                To {
                    public_ranking: self.public_ranking,
                    names_on_low_boards: self.names_on_low_boards,
                    study_in_appraisal: self.study_in_appraisal,
                    sign_in_points: self.sign_in_points,
                    mandatory_photo: self.mandatory_photo,
                    usage_reports: self.usage_reports,
                    forced_check_in: self.forced_check_in,
                }
            }
        }
    };
}

switches!(Switches => dangjian_domain::points::rules::Switches);
switches!(dangjian_domain::points::rules::Switches => Switches);

record! {
    /// Which features the county uses.
    FeaturesView from client_office::FeaturesView {
        /// The county.
        county: OrgId,
        /// The switches.
        switches: Switches,
        /// Whether they are those of 国办函〔2026〕12号, all off.
        burden_reduction: bool,
        /// Whether a change waits for the server.
        unconfirmed: bool,
        /// Whether this phone's member may change them.
        may_set: bool,
    }
}

/// What officers decide and configure.
#[derive(uniffi::Object)]
pub struct OfficeService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl OfficeService {
    /// Cases that wait for a person, the longest waiting first; those about oneself are not among them.
    pub async fn cases(&self, limit: u32, offset: u32) -> Result<CasePage, AppError> {
        self.0.read(move |client, _| page(limit, offset, |limit, offset| client.office().cases(limit, offset))).await
    }

    /// Objections that wait for a person, the longest waiting first, without one's own.
    pub async fn appeals(&self, limit: u32, offset: u32) -> Result<AppealPage, AppError> {
        self.0.read(move |client, _| page(limit, offset, |limit, offset| client.office().appeals(limit, offset))).await
    }

    /// Closes a case. Points are only taken back by [`Self::reverse`].
    pub async fn decide_review(&self, case: RowId, upheld: bool, reason: String) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.office().decide_review(case, upheld, &reason).await }).await
    }

    /// Decides an objection. Granting one against a reversal gives the points back.
    pub async fn decide_appeal(&self, appeal: RowId, granted: bool, answer: String) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.office().decide_appeal(appeal, granted, &answer).await }).await
    }

    /// Takes a posting back, once; the member sees why and may object.
    pub async fn reverse(&self, entry: RowId, reason: String) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.office().reverse(entry, &reason).await }).await
    }

    /// A member's postings, newest first: those of ledgers that this phone holds.
    pub async fn ledger(
        &self,
        member: MemberId,
        filter: LedgerFilter,
        limit: u32,
        offset: u32,
    ) -> Result<EntryPage, AppError> {
        self.0
            .read(move |client, _| {
                page(limit, offset, |limit, offset| client.office().ledger(member, filter.cross(), limit, offset))
            })
            .await
    }

    /// Members of a branch on a low board, by name, as far as those above may see them.
    pub async fn low_board(
        &self,
        branch: OrgId,
        board: Board,
        limit: u32,
        offset: u32,
    ) -> Result<BoardLinePage, AppError> {
        self.0
            .read(move |client, now| {
                page(limit, offset, |limit, offset| {
                    client.office().low_board(branch, board.cross(), now, limit, offset)
                })
            })
            .await
    }

    /// Reads a rule set, or says everything that is wrong with it, a Chinese sentence each.
    pub async fn check_rules(&self, text: String) -> Result<RulesView, AppError> {
        let client = self.0.client()?;
        let checked = self.0.handle.spawn_blocking(move || client.office().check_rules(&text)).await;
        finished(checked)?.map(|rules| rules.cross()).map_err(problems)
    }

    /// Publishes a rule set, from a later day on. Problems are told before anything is sent.
    pub async fn publish_rules(&self, text: String) -> Result<OpId, AppError> {
        let client = self.0.client()?;
        let published = self.0.handle.spawn(async move { client.office().publish_rules(&text).await }).await;
        finished(published)?.map_err(|error| match error {
            client_office::PublishRulesError::Problems(sentences) => problems(sentences),
            client_office::PublishRulesError::App(error) => error.into(),
        })
    }

    /// Which features the county uses; nothing before the first sign-in.
    pub async fn features(&self) -> Result<Option<FeaturesView>, AppError> {
        self.0.read(|client, _| client.office().features().map(|features| features.cross())).await
    }

    /// Chooses them.
    pub async fn set_features(&self, switches: Switches) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.office().set_features(switches.cross()).await }).await
    }

    /// Turns off all that 国办函〔2026〕12号 forbids to those it names, or everything on again.
    pub async fn set_burden_reduction(&self, on: bool) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.office().set_burden_reduction(on).await }).await
    }
}

fn problems(problems: Vec<String>) -> AppError {
    AppError::InvalidInput { field: "rules".to_owned(), problems }
}

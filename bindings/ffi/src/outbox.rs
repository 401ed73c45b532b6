//! What is not yet delivered, and what was refused.

use std::sync::Arc;

use dangjian_client::outbox::{OutboxState as ClientState, OutboxView as ClientView};
use dangjian_client::{AppError as ClientError, Client};
use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::op::Action;

use crate::convert::{Cross, page};
use crate::error::{AppError, Refusal};
use crate::shared::Shared;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OpKind {
    /// A notice was published.
    PublishNotice,
    /// A notice was changed.
    EditNotice,
    /// A notice was taken back.
    WithdrawNotice,
    /// A notice was read.
    ReadNotice,
    /// A member was moved.
    MoveMember,
    /// A ledger was opened or closed.
    OpenLedger,
    /// A segment of study.
    RecordStudy,
    /// The app was opened on that day.
    SignInToday,
    /// Today's quiz was asked for.
    DrawQuiz,
    /// A quiz was answered.
    AnswerQuiz,
    /// A posting was taken back.
    ReverseEntry,
    /// Somebody objected.
    MakeAppeal,
    /// An objection was decided.
    DecideAppeal,
    /// A case was closed.
    DecideReview,
    /// A rule set was published.
    PublishRules,
    /// The county's switches were set.
    SetFeatures,
}

/// How an operation stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OutboxState {
    /// Not yet delivered.
    Queued,
    /// Delivered; a person or a newer server decides.
    Held,
    /// By rule.
    Refused {
        /// Which; nothing for a reason of a newer server.
        refusal: Option<Refusal>,
    },
}

impl Cross<OutboxState> for ClientState {
    fn cross(self) -> OutboxState {
        match self {
            Self::Queued => OutboxState::Queued,
            Self::Held => OutboxState::Held,
            Self::Refused(refusal) => OutboxState::Refused { refusal: refusal.cross() },
        }
    }
}

/// One entry of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxView {
    /// Which operation.
    pub op: OpId,
    /// What was done; nothing for a kind this version of the app does not know.
    pub kind: Option<OpKind>,
    /// What it is about: the notice, item, posting, case.
    pub about: Option<RowId>,
    /// A notice's title.
    pub title: Option<String>,
    /// What the person wrote: kept, whatever became of it.
    pub text: Option<String>,
    /// How it stands.
    pub state: OutboxState,
}

impl Cross<OutboxView> for ClientView {
    fn cross(self) -> OutboxView {
        let (kind, about, title, text) = match self.action.map(told) {
            Some((kind, about, title, text)) => (Some(kind), about, title, text),
            None => (None, None, None, None),
        };
        OutboxView { op: self.op, kind, about, title, text, state: self.state.cross() }
    }
}

type Told = (OpKind, Option<RowId>, Option<String>, Option<String>);

fn told(action: Action) -> Told {
    match action {
        Action::PublishNotice(it) => (OpKind::PublishNotice, None, Some(it.title), Some(it.body)),
        Action::EditNotice(it) => (OpKind::EditNotice, Some(it.notice.0), Some(it.title), Some(it.body)),
        Action::WithdrawNotice(it) => (OpKind::WithdrawNotice, Some(it.notice.0), None, Some(it.reason)),
        Action::ReadNotice(it) => (OpKind::ReadNotice, Some(it.notice.0), None, None),
        Action::MoveMember(it) => (OpKind::MoveMember, Some(it.member.0), None, None),
        Action::OpenLedger(it) => (OpKind::OpenLedger, Some(it.org.0), None, None),
        Action::RecordStudy(it) => (OpKind::RecordStudy, Some(it.item), None, None),
        Action::SignInToday(_) => (OpKind::SignInToday, None, None, None),
        Action::DrawQuiz(it) => (OpKind::DrawQuiz, Some(it.item), None, None),
        Action::AnswerQuiz(it) => (OpKind::AnswerQuiz, Some(it.draw), None, None),
        Action::ReverseEntry(it) => (OpKind::ReverseEntry, Some(it.entry), None, Some(it.reason)),
        Action::MakeAppeal(it) => (OpKind::MakeAppeal, Some(it.about), None, Some(it.text)),
        Action::DecideAppeal(it) => (OpKind::DecideAppeal, Some(it.appeal), None, Some(it.answer)),
        Action::DecideReview(it) => (OpKind::DecideReview, Some(it.case), None, Some(it.reason)),
        Action::PublishRules(it) => (OpKind::PublishRules, None, None, Some(it.text)),
        Action::SetFeatures(it) => (OpKind::SetFeatures, Some(it.county.0), None, None),
    }
}

page! {
    /// A page of the outbox.
    OutboxPage of OutboxView
}

pub(crate) fn list(client: &Client, limit: u32, offset: u32) -> Result<OutboxPage, ClientError> {
    page(limit, offset, |limit, offset| client.outbox().list(limit, offset))
}

/// The outbox.
#[derive(uniffi::Object)]
pub struct OutboxService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl OutboxService {
    /// Newest first: what is queued, held, or refused and not yet seen.
    pub async fn list(&self, limit: u32, offset: u32) -> Result<OutboxPage, AppError> {
        self.0.read(move |client, _| list(client, limit, offset)).await
    }

    /// The person has seen the refusal.
    pub async fn acknowledge(&self, op: OpId) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.outbox().acknowledge(op).await }).await
    }
}

//! What is not yet delivered, and what was refused.

use dangjian_domain::id::OpId;
use dangjian_domain::op::Action;
use dangjian_domain::rule::Refusal;
use dangjian_engine::{AppError, Command};
use dangjian_store::OpState;

use crate::client::Client;

/// One entry of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxView {
    /// Which operation.
    pub op: OpId,
    /// What was done; absent for a kind this version of the program does not know.
    pub action: Option<Action>,
    /// How it stands.
    pub state: OutboxState,
}

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// Not yet delivered.
    Queued,
    /// Delivered; a person or a newer server decides.
    Held,
    /// By rule; absent for a reason of a newer server.
    Refused(Option<Refusal>),
}

/// The outbox.
pub struct OutboxService<'c>(&'c Client);

impl Client {
    /// What is not yet delivered, and what was refused.
    pub fn outbox(&self) -> OutboxService<'_> {
        OutboxService(self)
    }
}

impl OutboxService<'_> {
    /// Newest first: what is queued, held, or refused and not yet seen.
    pub fn list(&self, limit: usize, offset: usize) -> Result<Vec<OutboxView>, AppError> {
        let entries = self.0.read(|snapshot| snapshot.outbox(limit, offset))?;
        Ok(entries
            .into_iter()
            .filter_map(|entry| {
                let state = match entry.state {
                    OpState::Queued => OutboxState::Queued,
                    OpState::Held(_) => OutboxState::Held,
                    OpState::Refused(reason) => OutboxState::Refused(Refusal::from_code(reason)),
                    OpState::Accepted => return None,
                };
                Some(OutboxView { op: entry.op.id, action: entry.op.action().ok(), state })
            })
            .collect())
    }

    /// The person has seen the refusal.
    pub async fn acknowledge(&self, op: OpId) -> Result<(), AppError> {
        self.0.command(Command::Acknowledge(op)).await.map(|_| ())
    }
}

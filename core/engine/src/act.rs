//! Doing something: judged by the rule, stored with its link and what it shows, then on its way.

use dangjian_domain::id::{MemberId, OpId, RowId};
use dangjian_domain::op::Action;
use dangjian_domain::rule::{DecideError, Outcome, Proposal, decide, subject_of};
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::Random;

use crate::clock::Now;
use crate::engine::Engine;
use crate::error::{AppError, StorageTrouble};
use crate::io::{Done, Effect};

/// An action that the rule allows.
pub(crate) struct Judged {
    id: OpId,
    actor: MemberId,
    at: Instant,
    follows: Option<OpId>,
    pub(crate) outcome: Outcome,
}

impl Engine {
    pub(crate) fn act(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        action: &Action,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        let judged = self.judge(now, random, action)?;
        self.record(judged, action, out)
    }

    /// Asks the rule.
    pub(crate) fn judge(&mut self, now: Now, random: &mut dyn Random, action: &Action) -> Result<Judged, AppError> {
        let actor = match &self.identity {
            Some(identity) if self.unlocked => identity.member,
            _ => return Err(AppError::NotSignedIn),
        };
        let received = self.clock.estimate(now);
        let mut entropy = [0; 10];
        random.fill(&mut entropy);
        let id = RowId::v7(received.0, entropy).into();
        // What is not acknowledged yet has no version of the server's: such a change builds on the operation.
        let follows = match subject_of(id, actor, action) {
            Some((table, row)) => self.own.pending_on(table, row)?,
            None => None,
        };
        let at = self.clock.instant(now);
        let clocks = self.clocks(now, action);
        let not_before = Timestamp(0);
        let proposal = Proposal { op: id, actor, at, received, follows, clocks: &clocks, not_before, action };
        match self.reader.read(|snapshot| Ok(decide(snapshot, &proposal)))? {
            Ok(outcome) => Ok(Judged { id, actor, at, follows, outcome }),
            Err(DecideError::Refused(refusal)) => Err(AppError::Refused(refusal)),
            Err(DecideError::Facts(error)) => Err(error.into()),
            Err(DecideError::Row(error)) => {
                log::warn!("stored row: {error}");
                Err(AppError::Storage(StorageTrouble::Damaged))
            }
        }
    }

    /// Stores the operation and what it shows.
    pub(crate) fn record(&mut self, judged: Judged, action: &Action, out: &mut Vec<Effect>) -> Result<Done, AppError> {
        let (deployment, device) = match &self.identity {
            Some(identity) => (identity.deployment, identity.device),
            None => return Err(AppError::NotSignedIn),
        };
        let Judged { id, actor, at, follows, outcome } = judged;
        let (seq, _) = self.own.chain_tip()?;
        let operation = Operation { depends_on: follows, ..Operation::new(id, seq, actor, at, action) };
        let changes = self.own.append(&operation, deployment, device, &outcome.rows)?;
        self.notify(changes, out);
        self.exchange.wanted = true;
        Ok(Done::Recorded(id))
    }
}

//! Doing something: judged by the rule, stored with its link and what it shows, then on its way.

use dangjian_domain::id::RowId;
use dangjian_domain::op::Action;
use dangjian_domain::rule::{DecideError, Proposal, decide, subject_of};
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::Random;

use crate::clock::Now;
use crate::engine::Engine;
use crate::error::{AppError, StorageTrouble};
use crate::io::{Done, Effect};

impl Engine {
    pub(crate) fn act(
        &mut self,
        now: Now,
        random: &mut dyn Random,
        action: &Action,
        out: &mut Vec<Effect>,
    ) -> Result<Done, AppError> {
        let (deployment, device, actor) = match &self.identity {
            Some(identity) if self.unlocked => (identity.deployment, identity.device, identity.member),
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
        let proposal = Proposal { op: id, actor, at, received, follows, action };
        let outcome = self.reader.read(|snapshot| Ok(decide(snapshot, &proposal)))?;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(DecideError::Refused(refusal)) => return Err(AppError::Refused(refusal)),
            Err(DecideError::Facts(error)) => return Err(error.into()),
            Err(DecideError::Row(error)) => {
                log::warn!("stored row: {error}");
                return Err(AppError::Storage(StorageTrouble::Damaged));
            }
        };
        let (seq, _) = self.own.chain_tip()?;
        let operation = Operation { depends_on: follows, ..Operation::new(id, seq, actor, at, action) };
        let changes = self.own.append(&operation, deployment, device, &outcome.rows)?;
        self.notify(changes, out);
        self.exchange.wanted = true;
        Ok(Done::Recorded(id))
    }
}

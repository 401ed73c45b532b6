//! Operations coming in: each exactly once, in the order of its chain, every one kept.
//!
//! The server takes sequence + 1 and nothing else. What it has already, with the same link, is answered with the verdict
//! it gave; with another link it is a second history, which is noted and changes nothing that is stored. Refused and
//! unknown operations are stored too, since later links contain them.

use dangjian_domain::id::{OpId, RowId};
use dangjian_domain::op::{Action, PayloadError};
use dangjian_domain::rows::{Member, ReviewKind, Synced};
use dangjian_domain::rule::{DecideError, Outcome, Proposal, Refusal, decide};
use dangjian_domain::study::place::{self, BootClock, Reading};
use dangjian_domain::time::{Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::chain::Link;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{ChainState, Decision, FeedSeq, Head, HeldReason, Push, Verdict};
use dangjian_protocol::op::Operation;
use dangjian_protocol::sign::{HEAD_CONTEXT, Signed};
use dangjian_protocol::{limits, message};

use crate::audit::{self, Act};
use crate::db::{Db, Param, one};
use crate::error::{CountyError, Stop};
use crate::facts::{DbFacts, read_row, wrote_record};
use crate::once::Tags;
use crate::session::Authenticated;
use crate::writer::Writer;
use crate::{Caller, County, study};

/// How much earlier than its enrolment a device may say it did something, ms: clocks are only estimates.
const ENROLMENT_ALLOWANCE_MS: i64 = 120_000;

/// How long after a restore an enrolment is taken for a return, as far as study is concerned, ms: what is handed in later
/// still is kept, but a new phone's claim to have studied before it was enrolled is no longer believed.
const RETURN_MS: i64 = 7 * 86_400_000;

/// How long a phone may hand in one full push after the other, ms.
const FULL_FOR_MS: i64 = 86_400_000;

/// A push whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedPush {
    first_seq: u64,
    ops: Vec<Bytes>,
    head: Bytes,
    /// What the device signed as the link after the last operation.
    link: Link,
}

impl CheckedPush {
    /// Whether the phone had nothing more to hand in: a push that has room left.
    fn is_all(&self) -> bool {
        let bytes: usize = self.ops.iter().map(|op| op.0.len()).sum();
        self.ops.len() < limits::PUSH_OPS && bytes + limits::OP <= limits::PUSH_BYTES
    }
}

/// Who hands operations in, and what is known of their clocks.
struct By<'a> {
    caller: Caller,
    tags: &'a Tags,
    clocks: &'a [BootClock],
}

/// A device's row as far as a push needs it.
pub(crate) struct Chain {
    pub(crate) next_seq: u64,
    pub(crate) link: Link,
    pub(crate) forked: bool,
    /// No operation can be older.
    not_before: Timestamp,
    /// No study counts from before.
    study_not_before: Timestamp,
    /// When the device had last handed in everything it had.
    drained_at: Option<Timestamp>,
    /// First and last of the full pushes since then, ms.
    filled: Option<(i64, i64)>,
    pub(crate) revoked: bool,
}

impl Chain {
    /// What is studied and handed in now was begun at most a segment before the last time there was nothing left to hand in.
    /// A phone that has had more than fits into a push for a day is not believed: it pads them.
    fn studied_after(&self, now: Timestamp) -> Timestamp {
        let padded = self.filled.filter(|(since, _)| now.0.saturating_sub(*since) >= FULL_FOR_MS);
        let padded = padded.map(|(_, last)| Timestamp(last));
        let drained = padded.max(self.drained_at).map(|at| at.plus_ms(-place::UNDER_WAY_MS - place::ALLOWANCE_MS));
        drained.map_or(self.study_not_before, |at| at.max(self.study_not_before))
    }

    pub(crate) fn state(&self) -> ChainState {
        ChainState { next_seq: self.next_seq, link: self.link, forked: self.forked }
    }
}

/// What was decided about one operation, to be stored with it.
struct Judged {
    id: Option<OpId>,
    verdict: Verdict,
    wrote: Vec<u8>,
}

/// Where the device's chain stands.
pub(crate) fn chain(db: &mut dyn Db, caller: Caller) -> Result<Option<Chain>, CountyError> {
    let sql = "SELECT next_seq, link, forked_at, enrolled_at, revoked_at, (SELECT restored_at FROM county), drained_at,
                      filled_since, filled_at, (SELECT backup_at FROM county)
               FROM device WHERE id = ?1 AND member = ?2";
    Ok(one(db, sql, &[Param::id(&caller.device.0), Param::id(&caller.member.0)], |row| {
        let enrolled_at = Timestamp(row.int(3)?);
        let restored_at = row.maybe(5, |row, at| row.int(at))?.map(Timestamp);
        let backup_at = row.maybe(9, |row, at| row.int(at))?.map(Timestamp);
        let since = here_since(enrolled_at, restored_at, backup_at);
        let long_after = restored_at.is_some_and(|restored_at| enrolled_at.ms_since(restored_at) > RETURN_MS);
        let since_study = if long_after { enrolled_at } else { since };
        Ok(Chain {
            next_seq: row.number(0)?,
            link: row.link(1)?,
            forked: !row.null(2),
            not_before: since.plus_ms(-ENROLMENT_ALLOWANCE_MS),
            study_not_before: since_study.plus_ms(-ENROLMENT_ALLOWANCE_MS),
            revoked: !row.null(4),
            drained_at: row.maybe(6, |row, at| row.int(at))?.map(Timestamp),
            filled: row.maybe(7, |row, at| row.int(at))?.zip(row.maybe(8, |row, at| row.int(at))?),
        })
    })?)
}

impl County {
    /// Checks sizes and the signature over the head: everything that needs no database.
    pub(crate) fn check_push(&self, by: &Authenticated, push: Push) -> Result<CheckedPush, Stop> {
        let bytes: usize = push.ops.iter().map(|op| op.0.len()).sum();
        if push.ops.len() > limits::PUSH_OPS || bytes > limits::PUSH_BYTES {
            return Err(ErrorCode::TooLarge.into());
        }
        let last = (push.ops.len() as u64).checked_sub(1).and_then(|more| push.first_seq.checked_add(more));
        let last =
            last.filter(|last| push.first_seq > 0 && i64::try_from(*last).is_ok()).ok_or(ErrorCode::BadRequest)?;
        let signed = Signed::decode(&push.head.0).map_err(|_| ErrorCode::BadSignature)?;
        let payload =
            signed.verify(HEAD_CONTEXT, self.config.deployment, &by.key).map_err(|_| ErrorCode::BadSignature)?;
        let head: Head = message::decode(payload, Encoding::Cbor).map_err(|_| ErrorCode::BadSignature)?;
        let expected =
            Head { deployment: self.config.deployment, device: by.caller.device, to_seq: last, link: head.link };
        if head != expected || message::encode(&head, Encoding::Cbor) != payload {
            return Err(ErrorCode::BadSignature.into());
        }
        Ok(CheckedPush { first_seq: push.first_seq, ops: push.ops, head: push.head, link: head.link })
    }

    /// Takes the operations in; gives the verdicts, with all effects, and moves `chain` on.
    pub(crate) fn take_in(
        &self,
        caller: Caller,
        push: &CheckedPush,
        present: Option<Reading>,
        chain: &mut Chain,
        writer: &mut Writer<'_>,
    ) -> Result<Vec<Verdict>, Stop> {
        // Only a push that joins on to what is known can be checked against it.
        let Some(before) = self.link_before(caller, push.first_seq, chain, writer.db)? else { return Ok(vec![]) };
        let mut link = before;
        let mut numbered = Vec::with_capacity(push.ops.len());
        for (seq, op) in (push.first_seq..).zip(&push.ops) {
            link = link.next(self.config.deployment, caller.device, seq, &op.0);
            numbered.push((seq, op, link));
        }
        if link != push.link {
            // The device vouches for another past than the one it vouched for before.
            if push.first_seq == 1 {
                return Err(ErrorCode::BadSignature.into());
            }
            fork(caller, push.first_seq, chain, writer)?;
            return Ok(vec![]);
        }
        let clocks = study::clocks(caller.device, present, push.ops.iter(), writer)?;
        let by = By { caller, tags: &self.tags, clocks: &clocks };
        let (mut verdicts, known_until) = (Vec::new(), chain.next_seq);
        for (seq, op, link) in numbered {
            if seq < known_until {
                match stored_verdict(writer.db, caller, seq, link)? {
                    Some(verdict) => verdicts.push(verdict),
                    None => {
                        fork(caller, seq, chain, writer)?;
                        return Ok(verdicts);
                    }
                }
                continue;
            }
            let judged = judge(&by, seq, op, chain, writer)?;
            store(caller, seq, op, link, &judged, writer)?;
            verdicts.push(judged.verdict);
            (chain.next_seq, chain.link) = (seq + 1, link);
        }
        if chain.next_seq > known_until {
            writer.db.execute(
                "UPDATE device SET next_seq = ?2, link = ?3,
                   drained_at = CASE WHEN ?4 THEN ?5 ELSE drained_at END,
                   filled_since = CASE WHEN ?4 THEN NULL ELSE COALESCE(filled_since, ?5) END,
                   filled_at = CASE WHEN ?4 THEN NULL ELSE ?5 END
                 WHERE id = ?1",
                &[
                    Param::id(&caller.device.0),
                    Param::number(chain.next_seq),
                    Param::Blob(&chain.link.0),
                    Param::Int(push.is_all().into()),
                    Param::Int(writer.now.0),
                ],
            )?;
            writer.db.execute(
                "INSERT INTO signed_head (device, to_seq, head) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                &[Param::id(&caller.device.0), Param::number(chain.next_seq - 1), Param::Blob(&push.head.0)],
            )?;
        }
        Ok(verdicts)
    }

    fn link_before(
        &self,
        caller: Caller,
        first_seq: u64,
        chain: &Chain,
        db: &mut dyn Db,
    ) -> Result<Option<Link>, CountyError> {
        if first_seq == 1 {
            return Ok(Some(Link::FIRST));
        }
        if first_seq >= chain.next_seq {
            return Ok((first_seq == chain.next_seq).then_some(chain.link));
        }
        let sql = "SELECT link FROM op WHERE device = ?1 AND seq = ?2";
        let params = [Param::id(&caller.device.0), Param::number(first_seq - 1)];
        let link = one(db, sql, &params, |row| row.link(0))?;
        link.map(Some).ok_or(CountyError::Stored("a chain with a hole"))
    }
}

fn fork(caller: Caller, seq: u64, chain: &mut Chain, writer: &mut Writer<'_>) -> Result<(), CountyError> {
    if chain.forked {
        return Ok(());
    }
    chain.forked = true;
    writer.db.execute(
        "UPDATE device SET forked_at = ?2 WHERE id = ?1",
        &[Param::id(&caller.device.0), Param::Int(writer.now.0)],
    )?;
    log::warn!("device {} has two histories from operation {seq} on", caller.device);
    if let Some(member) = read_row(writer.db, Member::TABLE, caller.member.0)? {
        let evidence = format!("设备记录自第 {seq} 条起出现两个版本");
        study::open_case(&Member::from_row(&member)?, ReviewKind::Fork, writer.now.civil_day(0), evidence, writer)?;
    }
    note(caller, Act::Forked, caller.device.0, seq, writer)
}

fn note(caller: Caller, act: Act, subject: RowId, seq: u64, writer: &mut Writer<'_>) -> Result<(), CountyError> {
    let detail = i64::try_from(seq).unwrap_or(i64::MAX);
    let entry = audit::Entry { at: writer.now, actor: Some(caller.member), act, subject: Some(subject), detail };
    audit::append(writer.db, &entry)
}

/// The verdict given before, if the operation at `seq` is the one whose link this is.
fn stored_verdict(db: &mut dyn Db, caller: Caller, seq: u64, link: Link) -> Result<Option<Verdict>, CountyError> {
    let stored = one(
        db,
        "SELECT link, bytes, decision, reason, effects FROM op WHERE device = ?1 AND seq = ?2",
        &[Param::id(&caller.device.0), Param::number(seq)],
        |row| {
            let decision = match row.int(2)? {
                1 => Decision::Accepted,
                2 => Decision::Refused,
                _ => Decision::Held,
            };
            let reason = row.maybe(3, |row, at| row.int(at))?.and_then(|code| u16::try_from(code).ok());
            let op = Operation::decode(row.blob(1)?).map_or(OpId(RowId([0; 16])), |op| op.id);
            let (pairs, _) = row.blob(4)?.as_chunks::<16>();
            let effects = pairs.iter().filter_map(effect).collect();
            Ok((row.link(0)?, Verdict { seq, op, decision, reason, effects }))
        },
    )?;
    let (stored, verdict) = stored.ok_or(CountyError::Stored("a chain with a hole"))?;
    Ok((stored == link).then_some(verdict))
}

fn effect(pair: &[u8; 16]) -> Option<FeedSeq> {
    let (feed, rest) = pair.split_first_chunk::<8>()?;
    Some(FeedSeq { feed: u64::from_be_bytes(*feed), seq: u64::from_be_bytes(*rest.first_chunk::<8>()?) })
}

fn store(
    caller: Caller,
    seq: u64,
    bytes: &Bytes,
    link: Link,
    judged: &Judged,
    writer: &mut Writer<'_>,
) -> Result<(), CountyError> {
    let verdict = &judged.verdict;
    let effects: Vec<u8> =
        verdict.effects.iter().flat_map(|at| [at.feed.to_be_bytes(), at.seq.to_be_bytes()]).flatten().collect();
    let decision = match verdict.decision {
        Decision::Accepted => 1,
        Decision::Refused => 2,
        Decision::Held => 3,
    };
    writer.db.execute(
        "INSERT INTO op (device, seq, op_id, bytes, link, decision, reason, effects, wrote, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            Param::id(&caller.device.0),
            Param::number(seq),
            judged.id.as_ref().map_or(Param::Null, |id| Param::id(&id.0)),
            Param::Blob(&bytes.0),
            Param::Blob(&link.0),
            Param::Int(decision),
            verdict.reason.map_or(Param::Null, |code| Param::Int(code.into())),
            Param::Blob(&effects),
            Param::Blob(&judged.wrote),
            Param::Int(writer.now.0),
        ],
    )?;
    Ok(())
}

/// Decides about one new operation and does what follows from it.
fn judge(by: &By<'_>, seq: u64, bytes: &Bytes, chain: &Chain, writer: &mut Writer<'_>) -> Result<Judged, CountyError> {
    let caller = by.caller;
    let settle = |id: Option<OpId>, shown: OpId, decision, reason| Judged {
        id,
        verdict: Verdict { seq, op: shown, decision, reason, effects: vec![] },
        wrote: vec![],
    };
    let refused = |id, shown, refusal: Refusal| settle(id, shown, Decision::Refused, Some(refusal.code()));
    let Ok(op) = Operation::decode(&bytes.0) else {
        return Ok(refused(None, OpId(RowId([0; 16])), Refusal::Malformed));
    };
    if op.seq != seq {
        return Ok(refused(None, op.id, Refusal::Malformed));
    }
    if one(writer.db, "SELECT 1 FROM op WHERE op_id = ?1", &[Param::id(&op.id.0)], |_| Ok(()))?.is_some() {
        note(caller, Act::Duplicate, op.id.0, seq, writer)?;
        return Ok(refused(None, op.id, Refusal::Duplicate));
    }
    if op.actor != caller.member {
        return Ok(refused(Some(op.id), op.id, Refusal::WrongActor));
    }
    let action = match op.action() {
        Ok(action) => action,
        Err(PayloadError::Unknown) => {
            return Ok(settle(Some(op.id), op.id, Decision::Held, Some(HeldReason::UnknownKind as u16)));
        }
        Err(PayloadError::Malformed) => return Ok(refused(Some(op.id), op.id, Refusal::Malformed)),
    };
    if !plausible(op.at, chain.not_before, writer.now) {
        return Ok(refused(Some(op.id), op.id, Refusal::ImplausibleTime));
    }
    let proposal = Proposal {
        op: op.id,
        actor: caller.member,
        at: op.at,
        received: writer.now,
        follows: op.depends_on,
        clocks: by.clocks,
        not_before: chain.studied_after(writer.now),
        action: &action,
    };
    let outcome = match decide(&DbFacts::new(writer.db, Some((caller.device, by.tags))), &proposal) {
        Ok(outcome) => outcome,
        Err(DecideError::Refused(refusal)) => return Ok(refused(Some(op.id), op.id, refusal)),
        Err(DecideError::Facts(error)) => return Err(error),
        Err(DecideError::Row(error)) => return Err(error.into()),
    };
    let mut judged = settle(Some(op.id), op.id, Decision::Accepted, None);
    carry_out(caller, &outcome, &mut judged, writer)?;
    if let (Action::RecordStudy(record), Some(studied)) = (&action, &outcome.studied) {
        study::keep(caller, op.id, record, studied, writer)?;
    }
    Ok(judged)
}

/// Nothing can have been done on a phone before it was enrolled. But one that enrolled after a backup was restored may have
/// been here before, and hands in again what the server has forgotten: what was done after the backup was taken.
fn here_since(enrolled_at: Timestamp, restored_at: Option<Timestamp>, backup_at: Option<Timestamp>) -> Timestamp {
    match restored_at {
        Some(restored_at) if enrolled_at >= restored_at => backup_at.unwrap_or(enrolled_at).min(enrolled_at),
        _ => enrolled_at,
    }
}

fn plausible(at: Instant, not_before: Timestamp, now: Timestamp) -> bool {
    let earliest = at.earliest();
    earliest.0 >= 0 && earliest <= now.plus_ms(limits::FUTURE_MS) && earliest >= not_before
}

fn carry_out(
    caller: Caller,
    outcome: &Outcome,
    judged: &mut Judged,
    writer: &mut Writer<'_>,
) -> Result<(), CountyError> {
    for row in &outcome.rows {
        let written = writer.write(row)?;
        judged.verdict.effects.extend(written.effects);
        judged.wrote.extend(wrote_record(row.table().no, row.id(), written.version));
    }
    for (org, open) in &outcome.ledgers {
        let sql = if *open {
            "INSERT INTO opened_ledger (member, org) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM opened_ledger WHERE member = ?1 AND org = ?2"
        };
        writer.db.execute(sql, &[Param::id(&caller.member.0), Param::id(&org.0)])?;
    }
    for member in &outcome.regrant {
        writer.regrant(*member);
    }
    Ok(())
}

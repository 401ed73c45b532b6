//! What the server keeps of study: boot clocks, leases, accepted segments, the moments that were credited, and what a
//! person should look at.

use std::collections::BTreeSet;

use dangjian_domain::id::{DeviceId, MemberId, OpId, RowId};
use dangjian_domain::op::{Action, CheckAnswer, RecordStudy};
use dangjian_domain::rows::{CaseState, Member, ReviewCase, ReviewKind, StudyItem, Synced};
use dangjian_domain::rule::Studied;
use dangjian_domain::study::anomaly;
use dangjian_domain::study::credit::{Stretch, cover};
use dangjian_domain::study::lease::{HOLDS_MS, Lease};
use dangjian_domain::study::place::{self, BootClock, Reading};
use dangjian_domain::time::{BootId, CivilDay, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::LeaseGranted;
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::Random;

use crate::db::{Db, DbError, Param, all, one};
use crate::error::{CountyError, Stop};
use crate::facts::read_row;
use crate::once::{Tags, bytes};
use crate::writer::Writer;
use crate::{Caller, County};

const DAY_MS: i64 = 86_400_000;

impl County {
    /// Lets a member begin to study an item.
    pub(crate) fn lease(
        &self,
        now: Timestamp,
        random: &mut dyn Random,
        caller: Caller,
        item: RowId,
        db: &mut dyn Db,
    ) -> Result<LeaseGranted, Stop> {
        if read_row(db, StudyItem::TABLE, item)?.is_none() {
            return Err(ErrorCode::NoSuchPath.into());
        }
        let lease = Lease {
            id: RowId::v7(now.0, bytes(random)),
            member: caller.member,
            device: caller.device,
            item,
            issued_at: now,
            expires_at: now.plus_ms(HOLDS_MS),
        };
        let open = lease.encode();
        let tag = self.tags.lasting(LEASE, &open);
        Ok(LeaseGranted { lease: Bytes([&tag[..], &open].concat()), server_time: now })
    }
}

/// The purpose of a lease's tag.
const LEASE: &str = "dangjian/lease/1";

/// The lease in a token, if this server made it for that device.
pub(crate) fn read_lease(tags: &Tags, token: &[u8], device: DeviceId) -> Option<Lease> {
    let (lease, open, tag) = Lease::split(token)?;
    (tags.is_lasting(LEASE, open, tag) && lease.device == device).then_some(lease)
}

/// The clocks of all boots that these operations name, kept for the next push.
pub(crate) fn clocks<'a>(
    device: DeviceId,
    present: Option<Reading>,
    ops: impl Iterator<Item = &'a Bytes>,
    writer: &mut Writer<'_>,
) -> Result<Vec<BootClock>, CountyError> {
    let mut readings: Vec<Reading> = vec![];
    for reading in ops.filter_map(last_reading) {
        match readings.last_mut() {
            Some(last) if last.boot == reading.boot => last.ms = last.ms.max(reading.ms),
            _ => readings.push(reading),
        }
    }
    let known = known_clocks(device, writer.db)?;
    if readings.is_empty() && present.is_none_or(|present| known.iter().any(|clock| clock.boot == present.boot)) {
        return Ok(known);
    }
    let clocks = place::clocks(&known, present, writer.now, &readings);
    for clock in clocks.iter().filter(|clock| !known.contains(clock)) {
        writer.db.execute(
            "INSERT INTO boot_clock (device, boot, offset_ms, observed) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, boot) DO UPDATE SET offset_ms = excluded.offset_ms, observed = excluded.observed",
            &[
                Param::id(&device.0),
                Param::Blob(&clock.boot.0),
                Param::Int(clock.offset_ms),
                Param::Int(clock.observed.into()),
            ],
        )?;
    }
    Ok(clocks)
}

fn known_clocks(device: DeviceId, db: &mut dyn Db) -> Result<Vec<BootClock>, CountyError> {
    let sql = "SELECT boot, offset_ms, observed FROM boot_clock WHERE device = ?1 ORDER BY boot";
    Ok(all(db, sql, &[Param::id(&device.0)], |row| {
        let boot = row.blob(0)?.try_into().map_err(|_| DbError::Column { column: 0, expected: "a boot's id" })?;
        Ok(BootClock { boot: BootId(boot), offset_ms: row.int(1)?, observed: row.int(2)? != 0 })
    })?)
}

/// The last reading of a boot clock that an operation names.
fn last_reading(op: &Bytes) -> Option<Reading> {
    place::last_reading(&Operation::decode(&op.0).ok()?.action().ok()?)
}

/// For which moments from `from` to before `until` the member was credited.
pub(crate) fn covered(
    db: &mut dyn Db,
    member: MemberId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Stretch>, CountyError> {
    let days = [Param::id(&member.0), Param::Int(utc_day(from.0)), Param::Int(utc_day(until.0))];
    let sql = "SELECT stretches FROM study_cover WHERE member = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day";
    let mut stretches = vec![];
    for bytes in all(db, sql, &days, |row| Ok(row.blob(0)?.to_vec()))? {
        stretches.extend(unpack(&bytes));
    }
    Ok(stretches)
}

fn utc_day(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

fn unpack(bytes: &[u8]) -> Vec<Stretch> {
    let (numbers, _) = bytes.as_chunks::<8>();
    let (pairs, _) = numbers.as_chunks::<2>();
    pairs.iter().map(|[from, to]| (i64::from_be_bytes(*from), i64::from_be_bytes(*to))).collect()
}

fn pack(stretches: &[Stretch]) -> Vec<u8> {
    stretches.iter().flat_map(|(from, to)| [from.to_be_bytes(), to.to_be_bytes()]).flatten().collect()
}

/// Adds credited moments to those kept, day by day of UTC, which is only a way to store them.
fn keep_cover(db: &mut dyn Db, member: MemberId, stretches: &[Stretch]) -> Result<(), CountyError> {
    let mut days: BTreeSet<i64> = BTreeSet::new();
    for (from, to) in stretches {
        days.extend(utc_day(*from)..=utc_day(to - 1));
    }
    for day in days {
        let (begins, ends) = (day * DAY_MS, (day + 1) * DAY_MS);
        let new: Vec<Stretch> = stretches
            .iter()
            .map(|(from, to)| (*from.max(&begins), *to.min(&ends)))
            .filter(|(from, to)| from < to)
            .collect();
        let sql = "SELECT stretches FROM study_cover WHERE member = ?1 AND day = ?2";
        let params = [Param::id(&member.0), Param::Int(day)];
        let old = one(db, sql, &params, |row| Ok(unpack(row.blob(0)?)))?.unwrap_or_default();
        db.execute(
            "INSERT INTO study_cover (member, day, stretches) VALUES (?1, ?2, ?3)
             ON CONFLICT (member, day) DO UPDATE SET stretches = excluded.stretches",
            &[Param::id(&member.0), Param::Int(day), Param::Blob(&pack(&cover(&old, &new)))],
        )?;
    }
    Ok(())
}

/// Keeps an accepted segment.
pub(crate) fn keep(
    caller: Caller,
    op: OpId,
    record: &RecordStudy,
    studied: &Studied,
    writer: &mut Writer<'_>,
) -> Result<(), CountyError> {
    let member = caller.member;
    keep_cover(writer.db, member, &studied.credit.stretches)?;
    let Some(org) = read_row(writer.db, Member::TABLE, member.0)?.map(|row| Member::from_row(&row)).transpose()? else {
        return Ok(());
    };
    let next = "SELECT COALESCE(MAX(n), 0) + 1 FROM study_fact WHERE member = ?1";
    let n = one(writer.db, next, &[Param::id(&member.0)], |row| row.int(0))?.unwrap_or(1);
    writer.db.execute(
        "INSERT INTO study_fact
         (member, n, op_id, device, org, offset_ms, window_from, window_until, claimed_ms, credited_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            Param::id(&member.0),
            Param::Int(n),
            Param::id(&op.0),
            Param::id(&caller.device.0),
            Param::id(&org.org.0),
            Param::Int(studied.offset_ms),
            Param::Int(studied.window.0.0),
            Param::Int(studied.window.1.0),
            Param::Int(studied.claimed_ms),
            Param::Int(studied.credit.total_ms),
        ],
    )?;
    watch(&org, caller.device, record, studied, writer)
}

/// How many of the answers are right.
pub(crate) fn right_answers(db: &mut dyn Db, item: RowId, answers: &[CheckAnswer]) -> Result<i64, CountyError> {
    let mut right = 0;
    for answer in answers {
        let sql = "SELECT 1 FROM check_answer WHERE item = ?1 AND check_no = ?2 AND right = ?3";
        let params = [Param::id(&item), Param::Int(answer.check.into()), Param::Int(answer.choice.into())];
        right += i64::from(one(db, sql, &params, |_| Ok(()))?.is_some());
    }
    Ok(right)
}

/// How many of a member's latest segments are looked at together.
const LOOKED_AT: i64 = 24;

/// Notes what a person should look at. Never takes anything away by itself, and knows nothing of accessibility services.
fn watch(
    member: &Member,
    device: DeviceId,
    record: &RecordStudy,
    studied: &Studied,
    writer: &mut Writer<'_>,
) -> Result<(), CountyError> {
    let day = writer.now.civil_day(0);
    // All that this device claims for the time since it had last handed in everything, and all that it handed in within a
    // day: each push of many small ones has a time of its own to claim.
    let sql = "SELECT COALESCE(SUM(CASE WHEN window_from = ?3 THEN claimed_ms END), 0),
                      COALESCE(SUM(claimed_ms), 0), MIN(window_from)
               FROM study_fact WHERE member = ?1 AND device = ?2 AND (window_from = ?3 OR window_until > ?4)";
    let (from, until) = studied.window;
    let day_ago = Param::Int(until.0.saturating_sub(DAY_MS));
    let params = [Param::id(&member.id), Param::id(&device.0), Param::Int(from.0), day_ago];
    let sums = one(writer.db, sql, &params, |row| Ok([(row.int(0)?, from), (row.int(1)?, Timestamp(row.int(2)?))]))?;
    for (claimed_ms, since) in sums.into_iter().flatten() {
        if let Some(sum) = anomaly::impossible_sum(claimed_ms, until.ms_since(since)) {
            open_case(member, ReviewKind::ImpossibleSum, day, sum.evidence(), writer)?;
        }
    }
    if !record.inputs.is_empty() {
        let touches = latest_touches(writer.db, MemberId(member.id), record, studied.offset_ms)?;
        if let Some(regular) = anomaly::exact_intervals(&touches) {
            open_case(member, ReviewKind::ExactInterval, day, regular.evidence(), writer)?;
        }
    }
    if !record.checks.is_empty() {
        let sql = "SELECT COALESCE(SUM(answered), 0), COALESCE(SUM(right), 0) FROM item_progress WHERE member = ?1";
        let counts = one(writer.db, sql, &[Param::id(&member.id)], |row| Ok((row.int(0)?, row.int(1)?)))?;
        let (asked, right) = counts.unwrap_or((0, 0));
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        if anomaly::random_answers(number(right), number(asked), 3) {
            let evidence = format!("理解题 {asked} 题，答对 {right} 题，与随机作答相近");
            open_case(member, ReviewKind::RandomAnswers, day, evidence, writer)?;
        }
    }
    Ok(())
}

/// Touches of the member's latest segments, ms UTC, ascending.
fn latest_touches(
    db: &mut dyn Db,
    member: MemberId,
    latest: &RecordStudy,
    offset_ms: i64,
) -> Result<Vec<i64>, CountyError> {
    let touches_of = |record: &RecordStudy, offset_ms: i64| {
        let start = offset_ms.saturating_add(i64::try_from(record.from_ms).unwrap_or(i64::MAX));
        record.inputs.iter().map(|input| start.saturating_add((*input).into())).collect::<Vec<_>>()
    };
    let sql = "SELECT o.bytes, f.offset_ms FROM study_fact f JOIN op o ON o.op_id = f.op_id
               WHERE f.member = ?1 ORDER BY f.n DESC LIMIT ?2";
    // The latest is not stored yet.
    let mut touches = touches_of(latest, offset_ms);
    for (op, offset_ms) in
        all(db, sql, &[Param::id(&member.0), Param::Int(LOOKED_AT)], |row| Ok((row.blob(0)?.to_vec(), row.int(1)?)))?
    {
        if let Some(Action::RecordStudy(record)) = Operation::decode(&op).ok().and_then(|op| op.action().ok()) {
            touches.extend(touches_of(&record, offset_ms));
        }
    }
    touches.sort_unstable();
    Ok(touches)
}

/// Opens a case for a person to look at, unless there is one of this kind and day.
pub(crate) fn open_case(
    member: &Member,
    kind: ReviewKind,
    day: CivilDay,
    evidence: String,
    writer: &mut Writer<'_>,
) -> Result<(), CountyError> {
    let id = ReviewCase::id_of(MemberId(member.id), kind, day);
    if read_row(writer.db, ReviewCase::TABLE, id)?.is_some() {
        return Ok(());
    }
    let case = ReviewCase {
        id,
        version: 0,
        member: MemberId(member.id),
        org: member.org,
        kind,
        day,
        evidence,
        opened_at: writer.now,
        state: CaseState::Open,
        decided_by: None,
        decided_at: None,
        reason: None,
    };
    writer.write(&case.to_row())?;
    Ok(())
}

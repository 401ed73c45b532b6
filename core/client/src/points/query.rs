//! What the screen of points reads, from the views over both files. Every query about a member goes by the index on member
//! and day: an officer's phone holds the postings of many.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::points::explain::{self, Line};
use dangjian_domain::points::rules::FactKind;
use dangjian_domain::rows::{Appeal, CaseState, LedgerEntry, Synced as _};
use dangjian_domain::rule::may_reverse;
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::standpoint::{Standpoint, rules_for, set_named, sets, title_of};
use super::{EntryExplanation, EntryView, LedgerFilter, SummaryView, months_words, quarter_words};
use crate::may::allowed;
use crate::readers::int;

/// How many days the chart shows.
const DAYS: i32 = 30;

/// Points, those that the server knows of apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum {
    pub(crate) confirmed: i64,
    pub(crate) unconfirmed: i64,
}

impl Sum {
    pub(crate) fn all(self) -> i64 {
        self.confirmed.saturating_add(self.unconfirmed)
    }
}

/// What `member` was posted from one day to another, by all rules or those in `rules`. What this phone made has no version
/// until the server's comes.
pub(crate) fn posted(
    snapshot: &Snapshot<'_>,
    member: MemberId,
    (from, to): (CivilDay, CivilDay),
    rules: Option<&str>,
) -> Result<Sum, StoreError> {
    let mut statement = snapshot.conn().prepare_cached(
        "SELECT coalesce(sum(CASE WHEN version > 0 THEN points END), 0),
                coalesce(sum(CASE WHEN version = 0 THEN points END), 0)
         FROM ledger_entry
         WHERE member = ?1 AND day BETWEEN ?2 AND ?3 AND (?4 IS NULL OR instr(?4, ',' || rule || ',') > 0)",
    )?;
    Ok(statement.query_row(params![member.0.0, from.0, to.0, rules], |row| {
        Ok(Sum { confirmed: row.get(0)?, unconfirmed: row.get(1)? })
    })?)
}

/// Points of a quarter up to a day, with those that came as sums: what histograms count.
pub(crate) fn up_to(
    snapshot: &Snapshot<'_>,
    member: MemberId,
    quarter: Quarter,
    day: CivilDay,
) -> Result<Sum, StoreError> {
    let Some(first) = quarter.first_day() else { return Ok(Sum::default()) };
    let sum = posted(snapshot, member, (first, day), None)?;
    let mut totals = snapshot.conn().prepare_cached(
        "SELECT coalesce(sum(points), 0) FROM points_total WHERE member = ?1 AND quarter = ?2 AND carried = 0",
    )?;
    let totals: i64 = totals.query_row(params![member.0.0, quarter.0], |row| row.get(0))?;
    Ok(Sum { confirmed: sum.confirmed.saturating_add(totals), ..sum })
}

pub(super) fn summary(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<SummaryView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let quarter = at.quarter();
    let sum = up_to(snapshot, at.me, quarter, quarter.last_day().unwrap_or(at.day))?;
    let ever = posted(snapshot, at.me, (CivilDay(i32::MIN), CivilDay(i32::MAX)), None)?;
    let mut totals = snapshot
        .conn()
        .prepare_cached("SELECT coalesce(sum(points), 0) FROM points_total WHERE member = ?1 AND carried = 0")?;
    let totals: i64 = totals.query_row([at.me.0.0], |row| row.get(0))?;

    let study = rules_for(&sets(snapshot)?, FactKind::is_study);
    let first = at.day.plus_days(1 - DAYS);
    let mut days = snapshot.conn().prepare_cached(
        "SELECT day, sum(points) FROM ledger_entry
         WHERE member = ?1 AND day BETWEEN ?2 AND ?3 AND instr(?4, ',' || rule || ',') > 0 GROUP BY day",
    )?;
    let given: BTreeMap<i32, i64> = days
        .query_map(params![at.me.0.0, first.0, at.day.0, study], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let thirty_days: Vec<(CivilDay, i64)> =
        (0..DAYS).map(|n| first.plus_days(n)).map(|day| (day, given.get(&day.0).copied().unwrap_or(0))).collect();
    let mean_a_day = thirty_days.iter().map(|(_, points)| points).sum::<i64>().div_euclid(i64::from(DAYS));
    Ok(Some(SummaryView {
        quarter,
        quarter_words: quarter_words(quarter),
        months_words: months_words(quarter),
        confirmed: sum.confirmed,
        unconfirmed: sum.unconfirmed,
        total_ever: ever.all().saturating_add(totals),
        thirty_days,
        mean_a_day,
        day_cap: at.set.as_ref().and_then(|set| set.study_points_a_day(&at.switches)),
    }))
}

pub(crate) fn ledger(
    snapshot: &Snapshot<'_>,
    member: MemberId,
    filter: LedgerFilter,
    limit: usize,
    offset: usize,
) -> Result<Vec<EntryView>, StoreError> {
    let rules = match filter {
        LedgerFilter::All | LedgerFilter::Unconfirmed => None,
        LedgerFilter::Study => Some(rules_for(&sets(snapshot)?, FactKind::is_study)),
        LedgerFilter::Life => {
            Some(rules_for(&sets(snapshot)?, |fact| matches!(fact, FactKind::Attendance | FactKind::ActivityHeld)))
        }
        LedgerFilter::Suggestion => Some(rules_for(&sets(snapshot)?, |fact| fact == FactKind::SuggestionAccepted)),
    };
    let only_unconfirmed = filter == LedgerFilter::Unconfirmed;
    let entries: Vec<LedgerEntry> = snapshot.all(
        "member = ?1 AND (?2 IS NULL OR instr(?2, ',' || rule || ',') > 0) AND (NOT ?3 OR version = 0)
         ORDER BY day DESC, coalesce(to_at, from_at, 0) DESC, id DESC LIMIT ?4 OFFSET ?5",
        params![member.0.0, rules, only_unconfirmed, int(limit), int(offset)],
    )?;
    let appeals = appeals_of(snapshot, member)?;
    entries.iter().map(|entry| view(snapshot, entry, &appeals)).collect()
}

/// Where the newest objection of `member` to each thing stands.
pub(crate) fn appeals_of(snapshot: &Snapshot<'_>, member: MemberId) -> Result<BTreeMap<RowId, CaseState>, StoreError> {
    let appeals: Vec<Appeal> = snapshot.all("member = ?1 ORDER BY made_at, id", [member.0.0])?;
    Ok(appeals.into_iter().map(|appeal| (appeal.about, appeal.state)).collect())
}

fn view(
    snapshot: &Snapshot<'_>,
    entry: &LedgerEntry,
    appeals: &BTreeMap<RowId, CaseState>,
) -> Result<EntryView, StoreError> {
    let set = set_named(snapshot, &entry.rule_set)?;
    let about_title = match entry.about {
        Some(about) => title_of(snapshot, about)?,
        None => None,
    };
    let reversal = LedgerEntry::id_of_reversal(entry.id);
    let given_back = LedgerEntry::id_of_reversal(reversal);
    let reversed = snapshot.row(LedgerEntry::TABLE, reversal)?.is_some()
        && snapshot.row(LedgerEntry::TABLE, given_back)?.is_none();
    Ok(EntryView {
        id: entry.id,
        day: entry.day,
        title: explain::title(entry, set.as_deref()),
        about_title,
        from_at: entry.from_at,
        to_at: entry.to_at,
        points: entry.points,
        confirmed: entry.version > 0,
        reversed,
        appeal: appeals.get(&entry.id).copied(),
    })
}

pub(super) fn explain(
    snapshot: &Snapshot<'_>,
    id: RowId,
    now: Timestamp,
) -> Result<Option<EntryExplanation>, StoreError> {
    let Some(entry) = snapshot.find::<LedgerEntry>(id)? else { return Ok(None) };
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let set = set_named(snapshot, &entry.rule_set)?;
    let shown = view(snapshot, &entry, &appeals_of(snapshot, entry.member)?)?;
    let mut explanation = explain::posting(&entry, set.as_deref(), shown.about_title.as_deref(), at.day);
    let state = match (shown.confirmed, shown.reversed) {
        (false, _) => "已签名，待县级平台核对",
        (true, true) => "已被收回",
        (true, false) => "县级平台已核对",
    };
    explanation.lines.push(Line { label: "状态".to_owned(), text: state.to_owned() });
    let note = (!shown.confirmed).then_some("如核对后分值有变，会写明原因并通知您，您可以申诉。");
    let may_reverse = match dangjian_engine::member_of(snapshot)? {
        Some(me) => shown.confirmed && allowed(may_reverse(snapshot, me, &entry))?,
        None => false,
    };
    Ok(Some(EntryExplanation { entry: shown, explanation, note, may_reverse }))
}

//! What there is to study, and what of it is on the phone.

use dangjian_domain::id::RowId;
use dangjian_domain::points::rules::FactKind;
use dangjian_domain::rows::{ItemKind, ItemProgress, QuizDraw, StudyDay, StudyItem, Synced as _};
use dangjian_domain::study::content::Content;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::today::{month_of, rules_today};
use super::{ItemFilter, ItemView, KeptView, RuleToday};
use crate::points::standpoint::Standpoint;
use crate::readers::int;

/// Whether `i`, an item, can be opened without a network: its content is here, or today's (?2) questions are for ?1.
const HERE: &str =
    "(EXISTS (SELECT 1 FROM main.content AS c WHERE c.sha256 = unhex(i.content)) OR i.kind = 4 AND EXISTS
    (SELECT 1 FROM quiz_draw AS d WHERE d.item = i.id AND d.member = ?1 AND d.day = ?2))";

pub(super) fn list(
    snapshot: &Snapshot<'_>,
    filter: &ItemFilter,
    now: Timestamp,
    limit: usize,
    offset: usize,
) -> Result<Vec<ItemView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(vec![]) };
    let sql = format!(
        "SELECT i.id FROM study_item AS i
         WHERE (NOT ?4 OR EXISTS (SELECT 1 FROM main.content AS c WHERE c.sha256 = unhex(i.content)))
         AND (?5 IS NULL OR instr(?5, ',' || i.kind || ',') > 0)
         AND (?6 IS NULL OR i.category = ?6)
         AND (NOT ?7 OR i.required_month = ?3)
         ORDER BY ?8 AND NOT {HERE}, i.required_month IS NOT ?3,
             EXISTS (SELECT 1 FROM item_progress AS p
                     WHERE p.item = i.id AND p.member = ?1 AND p.finished_on IS NOT NULL),
             i.published_on DESC, i.id DESC
         LIMIT ?9 OFFSET ?10"
    );
    let kinds = (!filter.kinds.is_empty())
        .then(|| filter.kinds.iter().fold(",".to_owned(), |text, kind| format!("{text}{},", kind.code())));
    let mut statement = snapshot.conn().prepare_cached(&sql)?;
    let ids: Vec<RowId> = statement
        .query_map(
            params![
                at.me.0.0,
                at.day.0,
                month_of(at.day),
                filter.downloaded_only,
                kinds,
                filter.category.map(|category| category.code()),
                filter.required_this_month,
                filter.offline,
                int(limit),
                int(offset)
            ],
            |row| row.get(0).map(RowId),
        )?
        .collect::<Result<_, _>>()?;
    let earns = Earns::at(snapshot, &at)?;
    let mut items = vec![];
    for id in ids {
        if let Some(item) = snapshot.find::<StudyItem>(id)? {
            items.push(view(snapshot, &at, &earns, item, filter.offline)?);
        }
    }
    Ok(items)
}

pub(super) fn get(snapshot: &Snapshot<'_>, id: RowId, now: Timestamp) -> Result<Option<ItemView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let Some(item) = snapshot.find::<StudyItem>(id)? else { return Ok(None) };
    let earns = Earns::at(snapshot, &at)?;
    view(snapshot, &at, &earns, item, false).map(Some)
}

/// What study can still give today.
struct Earns {
    rules: Vec<(RuleToday, i64, i64)>,
    /// Credited today, ms.
    read_ms: i64,
    av_ms: i64,
}

impl Earns {
    fn at(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<Self, StoreError> {
        let day = snapshot.find::<StudyDay>(StudyDay::id_of(at.me, at.day))?;
        let rules = rules_today(snapshot, at)?.into_iter().filter_map(|today| {
            let rule = at.set.as_ref()?.rule(&today.rule)?;
            Some((today, rule.every.max(1), rule.points))
        });
        let (read_ms, av_ms) = day.map_or((0, 0), |day| (day.read_ms, day.av_ms));
        Ok(Self { rules: rules.collect(), read_ms, av_ms })
    }

    /// Points that an item with so much time left can still give today.
    fn points(&self, kind: ItemKind, remaining_ms: i64, finished: bool) -> i64 {
        let times = |fact, every: i64| match (kind, fact) {
            (ItemKind::Article, FactKind::ReadMs) => (self.read_ms % every + remaining_ms) / every,
            (ItemKind::Audio | ItemKind::Video, FactKind::AvMs) => (self.av_ms % every + remaining_ms) / every,
            (ItemKind::Article, FactKind::ReadItem) | (ItemKind::Audio | ItemKind::Video, FactKind::AvItem) => {
                i64::from(!finished && every == 1)
            }
            (ItemKind::Quiz, FactKind::QuizRight) if !finished => i64::MAX,
            _ => 0,
        };
        let gives = |(today, every, points): &(RuleToday, i64, i64)| {
            times(today.fact, *every).saturating_mul(*points).min(today.left.unwrap_or(i64::MAX)).max(0)
        };
        self.rules.iter().map(gives).fold(0, i64::saturating_add)
    }
}

/// A part of a whole in percent, rounded down.
pub(super) fn percent(part: i64, whole: i64) -> u8 {
    if whole <= 0 {
        return 0;
    }
    u8::try_from((part.clamp(0, whole) * 100) / whole).unwrap_or(100)
}

fn view(
    snapshot: &Snapshot<'_>,
    at: &Standpoint,
    earns: &Earns,
    item: StudyItem,
    offline: bool,
) -> Result<ItemView, StoreError> {
    let progress_id = ItemProgress::id_of(at.me, item.id);
    let progress = snapshot.find::<ItemProgress>(progress_id)?;
    let is_quiz = item.kind == ItemKind::Quiz;
    let draw = match is_quiz {
        true => snapshot.find::<QuizDraw>(QuizDraw::id_of(at.me, item.id, at.day))?,
        false => None,
    };
    let downloaded = match sha256(&item.content) {
        Some(hash) => is_kept(snapshot, &hash)?,
        None => false,
    };
    let credited_ms = progress.as_ref().map_or(0, |progress| progress.credited_ms);
    let finished = match is_quiz {
        true => draw.as_ref().is_some_and(|draw| draw.answered_at.is_some()),
        false => progress.as_ref().is_some_and(|progress| progress.finished_on.is_some()),
    };
    let available_offline = downloaded || draw.is_some();
    let can_earn_today = earns.points(item.kind, item.length_ms.saturating_sub(credited_ms).max(0), finished);
    let words = match () {
        () if offline && !available_offline => Some("有网可学"),
        () if finished && is_quiz => Some("今日已答"),
        () if finished => Some("已学完"),
        () => None,
    };
    Ok(ItemView {
        id: item.id,
        kind: item.kind,
        category: item.category,
        published_on: item.published_on,
        length_ms: item.length_ms,
        content_bytes: item.content_bytes,
        downloaded,
        available_offline,
        credited_ms,
        percent: percent(credited_ms, item.length_ms),
        finished,
        required: item.required_month == Some(month_of(at.day)),
        unconfirmed: match &draw {
            Some(draw) => snapshot.is_pending(QuizDraw::TABLE, draw.id)?,
            None => snapshot.is_pending(ItemProgress::TABLE, progress_id)?,
        },
        can_earn_today,
        words,
        title: item.title,
        source: item.source,
    })
}

pub(super) fn content(snapshot: &Snapshot<'_>, item: RowId) -> Result<Option<Content>, StoreError> {
    let Some(hash) = hash_of(snapshot, item)? else { return Ok(None) };
    let Some(bytes) = snapshot.content(&hash)? else { return Ok(None) };
    match serde_json::from_slice(&bytes) {
        Ok(content) => Ok(Some(content)),
        Err(error) => {
            log::warn!("the content of {item}: {error}");
            Ok(None)
        }
    }
}

pub(super) fn cap_note(snapshot: &Snapshot<'_>, item: RowId, now: Timestamp) -> Result<Option<String>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    let fact = match snapshot.find::<StudyItem>(item)?.map(|item| item.kind) {
        Some(ItemKind::Article) => FactKind::ReadMs,
        Some(ItemKind::Audio | ItemKind::Video) => FactKind::AvMs,
        Some(ItemKind::Quiz) | None => return Ok(None),
    };
    let rules = rules_today(snapshot, &at)?;
    let mut full = rules.iter().filter(|rule| rule.fact == fact).peekable();
    if full.peek().is_none() || full.clone().any(|rule| rule.left != Some(0)) {
        return Ok(None);
    }
    Ok(full.find_map(|rule| {
        let cap = rule.cap.filter(|cap| rule.given >= *cap)?;
        Some(format!("{}分今日已满 {}/{cap}，时间仍计入学习记录", rule.short, rule.given))
    }))
}

/// What is to be fetched for some items.
pub(super) struct Plan {
    pub(super) fetch: Vec<Fetch>,
    pub(super) already: usize,
    pub(super) missing: Vec<RowId>,
}

/// A content to be fetched.
pub(super) struct Fetch {
    pub(super) item: RowId,
    pub(super) sha256: [u8; 32],
    pub(super) bytes: i64,
}

pub(super) fn to_fetch(snapshot: &Snapshot<'_>, items: &[RowId]) -> Result<Plan, StoreError> {
    let mut plan = Plan { fetch: vec![], already: 0, missing: vec![] };
    for id in items {
        let row = snapshot.find::<StudyItem>(*id)?;
        match row.as_ref().and_then(|item| Some((sha256(&item.content)?, item.content_bytes))) {
            None => plan.missing.push(*id),
            Some((hash, _)) if is_kept(snapshot, &hash)? => plan.already += 1,
            // Two items of one content need it once.
            Some((hash, _)) if plan.fetch.iter().any(|fetch| fetch.sha256 == hash) => plan.already += 1,
            Some((sha256, bytes)) => plan.fetch.push(Fetch { item: *id, sha256, bytes }),
        }
    }
    Ok(plan)
}

pub(super) fn kept(snapshot: &Snapshot<'_>) -> Result<KeptView, StoreError> {
    let sql = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM main.content";
    let mut statement = snapshot.conn().prepare_cached(sql)?;
    Ok(statement.query_row([], |row| Ok(KeptView { contents: row.get(0)?, bytes: row.get(1)? }))?)
}

pub(super) fn hash_of(snapshot: &Snapshot<'_>, item: RowId) -> Result<Option<[u8; 32]>, StoreError> {
    Ok(snapshot.find::<StudyItem>(item)?.and_then(|item| sha256(&item.content)))
}

pub(super) fn is_kept(snapshot: &Snapshot<'_>, sha256: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(snapshot.conn().prepare_cached("SELECT 1 FROM main.content WHERE sha256 = ?1")?.exists([sha256])?)
}

/// A hash written in hex; `None` for an item without content.
pub(super) fn sha256(hex: &str) -> Option<[u8; 32]> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return None };
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect();
    bytes?.try_into().ok()
}

/// Whether an item was begun and is not finished, with its title, credited time and length.
pub(super) fn begun(
    snapshot: &Snapshot<'_>,
    at: &Standpoint,
    item: RowId,
) -> Result<Option<super::ContinueView>, StoreError> {
    let Some(row) = snapshot.find::<StudyItem>(item)? else { return Ok(None) };
    let progress = snapshot.find::<ItemProgress>(ItemProgress::id_of(at.me, item))?;
    let Some(progress) = progress.filter(|it| it.finished_on.is_none() && it.credited_ms > 0) else { return Ok(None) };
    let downloaded = match sha256(&row.content) {
        Some(hash) => is_kept(snapshot, &hash)?,
        None => false,
    };
    Ok(Some(super::ContinueView {
        item,
        title: row.title,
        credited_ms: progress.credited_ms,
        length_ms: row.length_ms,
        percent: percent(progress.credited_ms, row.length_ms),
        downloaded,
    }))
}

/// How many items of this month are required and not finished. Quizzes are of a day.
pub(super) fn required_unfinished(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<u32, StoreError> {
    let mut statement = snapshot.conn().prepare_cached(
        "SELECT count(*) FROM study_item AS i WHERE i.required_month = ?2 AND i.kind <> 4 AND NOT EXISTS
         (SELECT 1 FROM item_progress AS p WHERE p.item = i.id AND p.member = ?1 AND p.finished_on IS NOT NULL)",
    )?;
    Ok(statement.query_row(params![at.me.0.0, month_of(at.day)], |row| row.get(0))?)
}

/// How many days of its month come after a day.
pub(super) fn month_days_left(day: CivilDay) -> u32 {
    let Some((year, month, _)) = day.ymd() else { return 0 };
    let (year, month) = if month == 12 { (year.saturating_add(1), 1) } else { (year, month + 1) };
    let next = CivilDay::from_ymd(year, month, 1);
    next.and_then(|next| u32::try_from(next.0.checked_sub(day.0)?.checked_sub(1)?).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_from_hex_and_nothing_else() {
        assert_eq!(sha256(&"0aF".repeat(22)[..64]).map(|hash| hash[..3].to_vec()), Some(vec![0x0a, 0xf0, 0xaf]));
        for text in ["", "0a", &"0g".repeat(32), &"0".repeat(63), &"0".repeat(66)] {
            assert_eq!(sha256(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_ends_with_its_last_day() {
        let day = |month, day| CivilDay::from_ymd(2026, month, day).unwrap();
        assert_eq!((month_days_left(day(11, 24)), month_days_left(day(11, 30))), (6, 0));
        assert_eq!((month_days_left(day(12, 1)), month_days_left(day(2, 1))), (30, 27));
        assert_eq!(month_of(day(2, 1)), 202_602);
        let _ = (month_days_left(CivilDay(i32::MAX)), month_of(CivilDay(i32::MIN)));
    }

    #[test]
    fn percent_is_rounded_down_and_never_beyond_the_whole() {
        assert_eq!((percent(750, 900), percent(899, 900), percent(901, 900)), (83, 99, 100));
        assert_eq!((percent(1, 0), percent(-1, 5)), (0, 0));
    }

    #[test]
    fn an_item_promises_what_the_caps_leave_and_not_more_than_it_holds() {
        let rule = |fact, left| RuleToday {
            rule: String::new(),
            fact,
            label: String::new(),
            short: "",
            given: 0,
            unconfirmed: 0,
            cap: None,
            left,
        };
        let rules = |ms_left, item_left| Earns {
            rules: vec![
                (rule(FactKind::ReadMs, ms_left), 60_000, 1),
                (rule(FactKind::ReadItem, item_left), 1, 1),
                (rule(FactKind::AvMs, Some(6)), 60_000, 1),
                (rule(FactKind::QuizRight, Some(5)), 1, 1),
            ],
            read_ms: 30_000,
            av_ms: 0,
        };
        let earns = rules(Some(6), Some(3));
        assert_eq!(earns.points(ItemKind::Article, 900_000, false), 7);
        assert_eq!(earns.points(ItemKind::Article, 90_000, false), 3);
        assert_eq!(earns.points(ItemKind::Article, 90_000, true), 2);
        assert_eq!(earns.points(ItemKind::Video, 480_000, false), 6);
        assert_eq!((earns.points(ItemKind::Quiz, 0, false), earns.points(ItemKind::Quiz, 0, true)), (5, 0));
        assert_eq!(rules(Some(0), Some(3)).points(ItemKind::Article, 900_000, false), 1);
    }
}

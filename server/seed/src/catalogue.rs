//! What there is to study: 64 written items, a daily quiz and the bank its questions are drawn from.
//!
//! The texts stand in `data/catalogue` and `data/quiz.toml`. What phones may know becomes rows; contents, the right answers
//! and the bank go to the server apart from them.

use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{ItemCategory, ItemKind, StudyItem};
use dangjian_domain::study::content::{BankQuestion, Catalogue, Content, Question};
use dangjian_domain::time::CivilDay;
use sha2::{Digest, Sha256};

use crate::calendar::{day_of, months_until, ymd};
use crate::ids::Ids;
use crate::rng::Rng;

mod files;
mod read;

/// How far back the oldest items were published: about fourteen months.
const DAYS: i32 = 425;
/// How many items are required in a month.
const REQUIRED_A_MONTH: usize = 2;
/// Title of the quiz.
const QUIZ_TITLE: &str = "每日答题";
/// Who made the quiz.
const QUIZ_SOURCE: &str = "县委组织部党员教育中心";

/// The items with everything that belongs to them.
pub(crate) struct Study {
    /// In the order of the files, the quiz last.
    pub(crate) items: Vec<StudyItem>,
    /// Contents in the order of the files.
    pub(crate) catalogue: Catalogue,
}

/// Publishes the written items one after the other over the fourteen months before `today`.
pub(crate) fn study(seed: u64, today: CivilDay, ids: Ids, county: OrgId) -> Study {
    let mut all = Study { items: vec![], catalogue: Catalogue::default() };
    // A test of `read` says that every file can be read.
    let written: Vec<(usize, read::Item)> =
        files::ITEMS.iter().filter_map(|(name, text)| Some((number(name)?, read::item(text).ok()?))).collect();
    let mut rng = Rng::new(seed, "catalogue");
    let required = written.iter().filter(|(_, item)| item.required).count();
    let mut days = published(&mut rng, today, written.len() - required).into_iter();
    let mut months = required_months(&mut rng, today, required).into_iter();
    for (number, item) in written {
        let id = ids.numbered("study-item", number);
        let (published_on, required_month) = match item.required {
            true => months.next().map_or((today, None), |(day, month)| (day, Some(month))),
            false => (days.next().unwrap_or(today), None),
        };
        let Some((sha256, bytes)) = content(&item) else { continue };
        all.items.push(StudyItem {
            id,
            version: 1,
            county,
            kind: item.kind(),
            category: item.category(),
            title: item.title.clone(),
            source: item.source.clone(),
            length_ms: item.length_ms(),
            published_on,
            required_month,
            content: hex(&sha256),
            content_bytes: bytes.len() as i64,
            checks: item.checks.len() as i64,
        });
        for (check, answer) in (0_u8..).zip(&item.checks) {
            let choices = u8::try_from(answer.choices.len()).unwrap_or(u8::MAX);
            all.catalogue.answers.push((id, check, answer.right, choices));
        }
        all.catalogue.contents.push((sha256, bytes));
    }
    all.items.push(quiz(ids, county, today));
    all.catalogue.questions = bank();
    all
}

/// The number a file's name begins with.
fn number(name: &str) -> Option<usize> {
    name.split('-').next()?.parse().ok()
}

/// Days of publication, in no order: evenly over the time up to the day before `today`, give or take a few days.
fn published(rng: &mut Rng, today: CivilDay, count: usize) -> Vec<CivilDay> {
    let last = i32::try_from(count).unwrap_or(1).saturating_sub(1).max(1);
    let mut days: Vec<CivilDay> = (0..=last)
        .take(count)
        .map(|n| today.plus_days(-(DAYS * n / last + rng.range32(-3, 3)).clamp(1, DAYS)))
        .collect();
    rng.shuffle(&mut days);
    days
}

/// Days of publication and months of the required items, in no order: two in today's month, two in the one before and so on,
/// each published in the week before its month.
fn required_months(rng: &mut Rng, today: CivilDay, count: usize) -> Vec<(CivilDay, i64)> {
    let back = i32::try_from(count / REQUIRED_A_MONTH).unwrap_or(0);
    let mut months: Vec<(i32, u32)> = months_until(today, back).collect();
    months.reverse();
    let mut all: Vec<(CivilDay, i64)> = months
        .into_iter()
        .flat_map(|month| [month; REQUIRED_A_MONTH])
        .take(count)
        .map(|(year, month)| {
            let published_on = day_of(year, month, 1).plus_days(-rng.range32(1, 6));
            (published_on, i64::from(year) * 100 + i64::from(month))
        })
        .collect();
    rng.shuffle(&mut all);
    all
}

/// Today's month as items name it.
pub(crate) fn month_of(day: CivilDay) -> i64 {
    let (year, month, _) = ymd(day);
    i64::from(year) * 100 + i64::from(month)
}

/// The content as it travels, with its hash.
fn content(item: &read::Item) -> Option<([u8; 32], Vec<u8>)> {
    let question = |check: &read::Check| Question { text: check.question.clone(), choices: check.choices.clone() };
    let content = Content { body: item.body.trim().to_owned(), checks: item.checks.iter().map(question).collect() };
    let bytes = serde_json::to_vec(&content).ok()?;
    Some((Sha256::digest(&bytes).into(), bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The quiz, which is drawn anew every day and has no content of its own.
fn quiz(ids: Ids, county: OrgId, today: CivilDay) -> StudyItem {
    StudyItem {
        id: ids.numbered("study-item", 0),
        version: 1,
        county,
        kind: ItemKind::Quiz,
        category: ItemCategory::Rules,
        title: QUIZ_TITLE.into(),
        source: QUIZ_SOURCE.into(),
        length_ms: 0,
        published_on: today.plus_days(-DAYS),
        required_month: None,
        content: String::new(),
        content_bytes: 0,
        checks: 0,
    }
}

fn bank() -> Vec<(String, String)> {
    let entry = |question: read::Question| {
        let read::Question { id, text, choices, right, why, .. } = question;
        Some((id, serde_json::to_string(&BankQuestion { text, choices, right, why }).ok()?))
    };
    read::bank(files::QUIZ).unwrap_or_default().into_iter().filter_map(entry).collect()
}

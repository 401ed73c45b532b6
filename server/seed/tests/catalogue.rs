//! What holds for the catalogue of every generated county: what a phone is told of an item is what the server has.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::RowId;
use dangjian_domain::rows::{ItemCategory, ItemKind, StudyItem};
use dangjian_domain::study::content::{BankQuestion, Content, Question};
use sha2::{Digest, Sha256};

mod common;
use common::{all, counties};

/// Whether a question has several choices, no two of them alike, and the right one is among them.
fn answerable(question: &Question, right: u8) -> bool {
    let choices: BTreeSet<&String> = question.choices.iter().collect();
    (2..=5).contains(&choices.len()) && choices.len() == question.choices.len() && usize::from(right) < choices.len()
}

fn short(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.trim() == text && text.chars().count() <= most
}

#[test]
fn there_are_sixty_items_of_every_kind_and_category_and_one_quiz() {
    for (today, county) in counties() {
        let items: Vec<StudyItem> = all(&county);
        assert!(items.len() > 60, "{} items", items.len());
        let kinds: BTreeMap<i64, usize> = items.iter().fold(BTreeMap::new(), |mut kinds, item| {
            *kinds.entry(item.kind.code()).or_default() += 1;
            kinds
        });
        assert_eq!((kinds.len(), kinds[&ItemKind::Quiz.code()]), (ItemKind::ALL.len(), 1));
        let categories: BTreeSet<i64> = items.iter().map(|item| item.category.code()).collect();
        assert_eq!(categories.len(), ItemCategory::ALL.len());
        let titles: BTreeSet<&str> = items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(titles.len(), items.len());
        for item in &items {
            assert_eq!((item.county, item.version), (county.root, 1));
            assert!(short(&item.title, 40) && short(&item.source, 20), "{}", item.title);
            assert!(today.plus_days(-425) <= item.published_on && item.published_on <= today, "{}", item.title);
            let length = if item.kind == ItemKind::Quiz { 0..=0 } else { 60_000..=1_800_000 };
            assert!(length.contains(&item.length_ms) && item.length_ms % 10_000 == 0, "{}", item.title);
        }
        let published: Vec<i32> = items.iter().map(|item| today.0 - item.published_on.0).collect();
        assert!(published.iter().any(|age| *age < 7) && published.iter().any(|age| *age > 400));
    }
}

#[test]
fn two_items_are_required_this_month_and_each_was_there_when_its_month_began() {
    for (today, county) in counties() {
        let mut months: BTreeMap<i64, usize> = BTreeMap::new();
        for item in all::<StudyItem>(&county) {
            let Some(month) = item.required_month else { continue };
            let (year, of_year, _) = item.published_on.ymd().unwrap();
            assert!(i64::from(year) * 100 + i64::from(of_year) < month, "{}", item.title);
            *months.entry(month).or_default() += 1;
        }
        let (year, of_year, _) = today.ymd().unwrap();
        let current = i64::from(year) * 100 + i64::from(of_year);
        assert_eq!(months.last_key_value(), Some((&current, &2)));
        assert!(months.len() > 1 && months.values().all(|count| *count == 2), "{months:?}");
    }
}

#[test]
fn every_content_is_found_by_the_hash_its_item_names() {
    for (_, county) in counties() {
        let mut contents: BTreeMap<String, &Vec<u8>> = BTreeMap::new();
        for (sha256, bytes) in &county.catalogue.contents {
            assert_eq!(Sha256::digest(bytes).as_slice(), sha256);
            contents.insert(sha256.iter().map(|byte| format!("{byte:02x}")).collect(), bytes);
        }
        for item in all::<StudyItem>(&county) {
            if item.kind == ItemKind::Quiz {
                assert_eq!((item.content.as_str(), item.content_bytes, item.checks), ("", 0, 0));
                continue;
            }
            let bytes = contents.remove(&item.content).unwrap();
            assert_eq!(item.content_bytes, bytes.len() as i64);
            assert!((600..=12_000).contains(&bytes.len()), "{} has {}", item.title, bytes.len());
            let content: Content = serde_json::from_slice(bytes).unwrap();
            assert_eq!(serde_json::to_vec(&content).unwrap(), *bytes);
            assert_eq!(item.checks, content.checks.len() as i64);
            assert!(short(&content.body, 3_000), "{}", item.title);
        }
        assert!(contents.is_empty());
    }
}

#[test]
fn every_check_has_one_right_answer_among_its_choices() {
    for (_, county) in counties() {
        let contents: BTreeMap<String, Content> = (county.catalogue.contents.iter())
            .map(|(sha256, bytes)| {
                (sha256.iter().map(|byte| format!("{byte:02x}")).collect(), serde_json::from_slice(bytes).unwrap())
            })
            .collect();
        let mut answers: BTreeMap<(RowId, u8), (u8, u8)> = BTreeMap::new();
        for (item, check, right, choices) in &county.catalogue.answers {
            assert_eq!(answers.insert((*item, *check), (*right, *choices)), None);
        }
        for item in all::<StudyItem>(&county).into_iter().filter(|item| item.kind != ItemKind::Quiz) {
            assert!((1..=5).contains(&item.checks), "{}", item.title);
            for (check, question) in (0_u8..).zip(&contents[&item.content].checks) {
                let (right, choices) = answers.remove(&(item.id, check)).unwrap();
                assert_eq!(usize::from(choices), question.choices.len());
                assert!(answerable(question, right) && short(&question.text, 60), "{}: {question:?}", item.title);
            }
        }
        assert!(answers.is_empty());
    }
}

#[test]
fn the_quiz_bank_has_eighty_answerable_questions_with_reasons() {
    let (_, county) = counties().next().unwrap();
    let bank = &county.catalogue.questions;
    assert_eq!(bank.len(), 80);
    assert_eq!(bank.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len(), 80);
    let mut texts = BTreeSet::new();
    for (id, json) in bank {
        let BankQuestion { text, choices, right, why } = serde_json::from_str(json).unwrap();
        let again = BankQuestion { text: text.clone(), choices: choices.clone(), right, why: why.clone() };
        assert_eq!(serde_json::to_string(&again).unwrap(), *json);
        assert!(short(&text, 60) && short(&why, 80), "{id}");
        assert!(answerable(&Question { text: text.clone(), choices }, right), "{id}");
        assert!(texts.insert(text), "{id} is asked twice");
    }
}

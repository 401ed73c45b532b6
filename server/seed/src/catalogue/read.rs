//! The written form of study items and quiz questions: TOML in which every key is known.

use dangjian_domain::rows::{ItemCategory, ItemKind};
use serde::Deserialize;

/// A study item as written in `data/catalogue`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) title: String,
    kind: Kind,
    category: Category,
    pub(super) source: String,
    /// Length of a recording, seconds.
    length_s: Option<i64>,
    /// Whether everybody is to study it in some month.
    #[serde(default)]
    pub(super) required: bool,
    pub(super) body: String,
    #[serde(default, rename = "check")]
    pub(super) checks: Vec<Check>,
}

/// A comprehension check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub(super) question: String,
    pub(super) choices: Vec<String>,
    /// The right choice, from 0.
    pub(super) right: u8,
}

/// The quiz bank, `data/quiz.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bank {
    question: Vec<Question>,
}

/// A question of the bank.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) id: String,
    /// For whoever looks after the bank; the county asks from all of it.
    #[serde(rename = "category")]
    _category: Category,
    pub(super) text: String,
    pub(super) choices: Vec<String>,
    /// The right choice, from 0.
    pub(super) right: u8,
    pub(super) why: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Article,
    Audio,
    Video,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Category {
    Rules,
    Theory,
    Life,
    Countryside,
    Migrant,
    History,
    Integrity,
    Law,
}

/// Characters an unhurried reader reads in a minute.
const CHARACTERS_A_MINUTE: i64 = 300;
/// The shortest length, ms.
const SHORTEST_MS: i64 = 60_000;
/// Lengths are whole multiples of this, ms.
const STEP_MS: i64 = 10_000;

impl Item {
    pub(super) fn kind(&self) -> ItemKind {
        match self.kind {
            Kind::Article => ItemKind::Article,
            Kind::Audio => ItemKind::Audio,
            Kind::Video => ItemKind::Video,
        }
    }

    pub(super) fn category(&self) -> ItemCategory {
        match self.category {
            Category::Rules => ItemCategory::Rules,
            Category::Theory => ItemCategory::Theory,
            Category::Life => ItemCategory::Life,
            Category::Countryside => ItemCategory::Countryside,
            Category::Migrant => ItemCategory::Migrant,
            Category::History => ItemCategory::History,
            Category::Integrity => ItemCategory::Integrity,
            Category::Law => ItemCategory::Law,
        }
    }

    /// How long it takes at most, ms: a recording as written, an article by the characters of its text without blanks.
    pub(super) fn length_ms(&self) -> i64 {
        if let Some(seconds) = self.length_s {
            return seconds * 1_000;
        }
        let characters = self.body.chars().filter(|c| !c.is_whitespace()).count() as i64;
        let ms = characters * 60_000 / CHARACTERS_A_MINUTE;
        ((ms + STEP_MS / 2) / STEP_MS * STEP_MS).max(SHORTEST_MS)
    }
}

/// Reads a study item.
pub(super) fn item(text: &str) -> Result<Item, toml::de::Error> {
    toml::from_str(text)
}

/// Reads a quiz bank.
pub(super) fn bank(text: &str) -> Result<Vec<Question>, toml::de::Error> {
    toml::from_str::<Bank>(text).map(|bank| bank.question)
}

#[cfg(test)]
mod tests {
    use super::super::files::{ITEMS, QUIZ};
    use super::*;

    #[test]
    fn every_file_is_read_and_recordings_tell_their_length() {
        for (name, text) in ITEMS {
            let item = item(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(item.length_s.is_some(), item.kind() != ItemKind::Article, "{name}");
        }
        assert_eq!(bank(QUIZ).unwrap().len(), 80);
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let (_, text) = ITEMS[0];
        assert!(item(&format!("colour = 'red'\n{text}")).is_err());
    }

    #[test]
    fn the_length_of_an_article_is_its_reading_time() {
        let written = |body: &str| {
            item(&format!("title = ''\nkind = 'article'\ncategory = 'law'\nsource = ''\nbody = '''{body}'''")).unwrap()
        };
        assert_eq!(written("短").length_ms(), 60_000);
        assert_eq!(written(&"字 \n".repeat(600)).length_ms(), 120_000);
        assert_eq!(written(&"字".repeat(624)).length_ms(), 120_000);
        assert_eq!(written(&"字".repeat(626)).length_ms(), 130_000);
    }
}

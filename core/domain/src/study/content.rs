//! The content of a study item and of a quiz as it travels: JSON, the text without the answers; and what a server has besides.

use serde::{Deserialize, Serialize};

use crate::id::RowId;

/// What is no synced row of the items there are to study: contents, and what phones are not told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Contents of the items as [`Content`] in JSON, by their SHA-256.
    pub contents: Vec<([u8; 32], Vec<u8>)>,
    /// Right answers of comprehension checks: item, number of the check from 0, right choice from 0, number of choices.
    pub answers: Vec<(RowId, u8, u8, u8)>,
    /// The quiz bank: id and [`BankQuestion`] as JSON.
    pub questions: Vec<(String, String)>,
}

/// The content of an article, or what is said in a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The text. Paragraphs are separated by an empty line; one that begins with `## ` is a heading.
    pub body: String,
    /// Comprehension checks.
    pub checks: Vec<Question>,
}

/// A question with its choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The choices in the order shown.
    pub choices: Vec<String>,
}

/// What a quiz question's answer was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// The right choice, from 0, in the order drawn.
    pub right: u8,
    /// Why.
    pub why: String,
}

/// A question of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankQuestion {
    /// The question.
    pub text: String,
    /// The choices.
    pub choices: Vec<String>,
    /// The right one, from 0.
    pub right: u8,
    /// Why it is.
    pub why: String,
}

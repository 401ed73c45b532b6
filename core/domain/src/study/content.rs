//! The content of a study item and of a quiz as it travels: JSON, the text without the answers.

use serde::{Deserialize, Serialize};

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

//! Any posting or score in words: by which rule, for what, up to which cap, and where to object.
//!
//! The arithmetic that is told is the arithmetic that was done: every number comes from the posting and the set that made it,
//! and where they don't agree that is said instead of an equation.

mod posting;
mod score;
mod words;

pub use posting::{posting, title};
pub use score::{board, components, low_boards, score};
pub use words::record_number;

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it tells: 规则, 得分.
    pub label: String,
    /// What it is.
    pub text: String,
}

impl Line {
    fn new(label: &str, text: impl Into<String>) -> Self {
        Self { label: label.to_owned(), text: text.into() }
    }
}

/// An explanation for a person, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The question it answers: 「这 3 分怎么来的」.
    pub headline: String,
    /// The answer, line by line.
    pub lines: Vec<Line>,
    /// The answer read out as one.
    pub sentence: String,
}

//! What is wrong with the text of a rule set, for the log and for the officer who wrote it.

use std::fmt;

/// At most so many problems are told in words; their number is told in any case.
const TOLD: usize = 20;

/// One value that can't be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path of keys and ids: `rules.quiz.cap.day`.
    pub place: String,
    /// What stands there, shortened; empty if nothing does.
    pub value: String,
    /// What may stand there, in English.
    pub allowed: String,
    /// What may stand there, in Chinese.
    pub allowed_zh: String,
}

/// A text that is no sound rule set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RulesError {
    /// Everything that is wrong, at least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} problem(s) in the rule set", self.problems.len())?;
        for problem in self.problems.iter().take(TOLD) {
            write!(f, "; {problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "{}: {}", self.place, self.allowed),
            value => write!(f, "{}: found {value}, {}", self.place, self.allowed),
        }
    }
}

impl Problem {
    /// For the officer: 「rules.quiz.points」填写的是 0，应为……
    pub fn sentence(&self) -> String {
        match self.value.as_str() {
            "" => format!("「{}」{}。", self.place, self.allowed_zh),
            value => format!("「{}」填写的是 {value}，{}。", self.place, self.allowed_zh),
        }
    }
}

impl RulesError {
    /// For the officer who publishes: what is wrong and what would be right, in Chinese.
    pub fn sentence(&self) -> String {
        let count = self.problems.len();
        let mut text = format!("规则集有 {count} 处问题，未发布。");
        for problem in self.problems.iter().take(TOLD) {
            text.push_str(&problem.sentence());
        }
        if count > TOLD {
            text.push_str(&format!("其余 {} 处请改正后再核对。", count - TOLD));
        }
        text
    }
}

/// A value as an error may repeat it: one line, short, nothing that acts on a terminal. Quotation marks stay as they are.
pub(super) fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let mut text = String::new();
    for c in value.chars() {
        match c {
            '"' | '\'' => text.push(c),
            _ => text.extend(c.escape_debug()),
        }
        if text.chars().count() > LONGEST {
            return text.chars().take(LONGEST).chain(['…']).collect();
        }
    }
    text
}

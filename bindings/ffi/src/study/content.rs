//! What to read, and questions about it.

use dangjian_client::study as client_study;
use dangjian_domain::id::RowId;
use dangjian_domain::time::Timestamp;

use crate::types::Day;

record! {
    /// What to read.
    Content from dangjian_domain::study::content::Content {
        /// The text. Paragraphs are separated by an empty line; one that begins with `## ` is a heading.
        body: String,
        /// Comprehension checks.
        checks: Vec<Question>,
    }
}

record! {
    /// A question with its choices.
    Question from dangjian_domain::study::content::Question {
        /// The question.
        text: String,
        /// The choices in the order shown.
        choices: Vec<String>,
    }
}

record! {
    /// What a question's answer was.
    Solution from dangjian_domain::study::content::Solution {
        /// The right choice, from 0.
        right: u8,
        /// Why.
        why: String,
    }
}

record! {
    /// Questions drawn for today.
    QuizView from client_study::QuizView {
        /// The draw.
        draw: RowId,
        /// The quiz.
        item: RowId,
        /// Its title.
        title: String,
        /// The day they were drawn for.
        day: Day,
        /// Questions with their choices in the order drawn.
        questions: Vec<Question>,
        /// When they were answered.
        answered_at: Option<Timestamp>,
        /// How many were right, once the server has judged.
        right: Option<i64>,
        /// The right choice of each and why, once the server has judged; else empty.
        solution: Vec<Solution>,
        /// Whether the answers wait for the server.
        unconfirmed: bool,
    }
}

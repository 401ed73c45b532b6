//! Quizzes: five questions drawn for a member and day, their choices shuffled, judged here.
//!
//! The draw follows from its id under the server's secret: nothing has to be kept to judge it, and nobody can know it before.

use dangjian_domain::id::RowId;
use dangjian_domain::study::content::{BankQuestion, Question, Solution};
use dangjian_protocol::random::{Random, SplitMix};

use crate::db::{Db, all};
use crate::error::CountyError;
use crate::once::Tags;

/// Questions in a quiz.
const ASKED: usize = 5;

/// The questions of the draw `id`, in its order of choices; fewer than five if the bank has fewer.
fn drawn(db: &mut dyn Db, tags: &Tags, id: RowId) -> Result<Vec<BankQuestion>, CountyError> {
    let mut bank = all(db, "SELECT body FROM quiz_question ORDER BY id", &[], |row| Ok(row.text(0)?.to_owned()))?;
    let tag = tags.lasting("dangjian/draw/1", &id.0);
    let seed = tag.iter().take(8).fold(0u64, |seed, byte| (seed << 8) | u64::from(*byte));
    let mut random = SplitMix(seed);
    let mut questions = vec![];
    while questions.len() < ASKED && !bank.is_empty() {
        let body = bank.swap_remove(below(&mut random, bank.len()));
        let mut question: BankQuestion =
            serde_json::from_str(&body).map_err(|_| CountyError::Stored("a question that can't be read"))?;
        let right = question.choices.get(usize::from(question.right)).cloned();
        for at in (1..question.choices.len()).rev() {
            question.choices.swap(at, below(&mut random, at + 1));
        }
        let right = question.choices.iter().position(|choice| Some(choice) == right.as_ref());
        let right = right.and_then(|at| u8::try_from(at).ok());
        question.right = right.ok_or(CountyError::Stored("a question without a right choice"))?;
        questions.push(question);
    }
    Ok(questions)
}

fn below(random: &mut SplitMix, n: usize) -> usize {
    usize::try_from(random.next_u64() % (n.max(1) as u64)).unwrap_or(0)
}

/// The questions as they go to the phone, and how many; `None` if there is no bank.
pub(crate) fn draw(db: &mut dyn Db, tags: &Tags, id: RowId) -> Result<Option<(String, i64)>, CountyError> {
    let questions = drawn(db, tags, id)?;
    let asked = i64::try_from(questions.len()).unwrap_or(0);
    let questions: Vec<Question> =
        questions.into_iter().map(|question| Question { text: question.text, choices: question.choices }).collect();
    let json =
        serde_json::to_string(&questions).map_err(|_| CountyError::Stored("a question that can't be written"))?;
    Ok((asked > 0).then_some((json, asked)))
}

/// How many of the answers are right, and the solution as it goes to the phone.
pub(crate) fn judge(
    db: &mut dyn Db,
    tags: &Tags,
    id: RowId,
    answers: &[u8],
) -> Result<Option<(i64, String)>, CountyError> {
    let questions = drawn(db, tags, id)?;
    let right = questions.iter().zip(answers).filter(|(question, answer)| question.right == **answer).count();
    let solution: Vec<Solution> =
        questions.into_iter().map(|question| Solution { right: question.right, why: question.why }).collect();
    let json = serde_json::to_string(&solution).map_err(|_| CountyError::Stored("a solution that can't be written"))?;
    Ok(Some((i64::try_from(right).unwrap_or(0), json)))
}

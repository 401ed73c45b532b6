//! Quiz banks: what others saw, as positions and as words.

use std::collections::BTreeMap;

use dangjian_domain::op::{Action, AnswerQuiz, DrawQuiz};
use dangjian_domain::rows::QuizDraw;
use dangjian_domain::rule::Refusal;
use dangjian_domain::study::content::{Question, Solution};
use dangjian_protocol::message::Decision;

use super::phone::Phone;
use super::report::{Class, Line, Sum};
use super::world::{ME, World, member, quiz};

/// Members whose answers fill the bank.
const TELLERS: std::ops::Range<u16> = 20..100;
/// Members who use it.
const USERS: std::ops::Range<u16> = 100..160;

struct Drawn {
    draw: dangjian_domain::id::RowId,
    questions: Vec<Question>,
}

fn draw(world: &mut World, phone: &mut Phone) -> Drawn {
    let item = quiz().id;
    assert_eq!(phone.act(world, &Action::DrawQuiz(DrawQuiz { item })).decision, Decision::Accepted);
    let draw = QuizDraw::id_of(phone.member, item, world.now.civil_day(0));
    let questions: String =
        world.conn.query_row("SELECT questions FROM quiz_draw WHERE id = ?1", [draw.0], |row| row.get(0)).unwrap();
    Drawn { draw, questions: serde_json::from_str(&questions).unwrap() }
}

fn answer(world: &mut World, phone: &mut Phone, drawn: &Drawn, answers: Vec<u8>) -> (i64, Vec<Solution>) {
    let action = Action::AnswerQuiz(AnswerQuiz { draw: drawn.draw, answers });
    assert_eq!(phone.act(world, &action).decision, Decision::Accepted);
    let sql = "SELECT right, solution FROM quiz_draw WHERE id = ?1";
    let (right, solution): (i64, String) =
        world.conn.query_row(sql, [drawn.draw.0], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    (right, serde_json::from_str(&solution).unwrap())
}

/// What banks give, of how many questions asked.
struct Measured {
    by_position: (i64, i64),
    by_words: (i64, i64),
}

fn measure(world: &mut World) -> Measured {
    let mut positions: BTreeMap<String, u8> = BTreeMap::new();
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for n in TELLERS {
        let mut phone = Phone::new(world, member(n), u64::from(n));
        let drawn = draw(world, &mut phone);
        let guesses = vec![0; drawn.questions.len()];
        let (_, solutions) = answer(world, &mut phone, &drawn, guesses);
        for (question, solution) in drawn.questions.iter().zip(solutions) {
            positions.insert(question.text.clone(), solution.right);
            words.insert(question.text.clone(), question.choices[usize::from(solution.right)].clone());
        }
    }
    let mut measured = Measured { by_position: (0, 0), by_words: (0, 0) };
    for n in USERS {
        let mut phone = Phone::new(world, member(n), u64::from(n));
        let drawn = draw(world, &mut phone);
        // Half of them rely on positions, half on words. A question that nobody met is a guess, and is not counted.
        let by_words = n % 2 == 0;
        let mut known = vec![];
        let choices: Vec<u8> = drawn
            .questions
            .iter()
            .map(|question| {
                known.push(words.contains_key(&question.text));
                let by_position = positions.get(&question.text).copied().unwrap_or(0);
                let told = words.get(&question.text);
                let at = told.and_then(|told| question.choices.iter().position(|choice| choice == told));
                if by_words { at.map_or(0, |at| at as u8) } else { by_position }
            })
            .collect();
        let (_, solutions) = answer(world, &mut phone, &drawn, choices.clone());
        let of = if by_words { &mut measured.by_words } else { &mut measured.by_position };
        for ((choice, solution), known) in choices.iter().zip(solutions).zip(known) {
            of.0 += i64::from(known && *choice == solution.right);
            of.1 += i64::from(known);
        }
    }
    measured
}

/// Positions from others' draws, words from others' draws, and answering again.
pub(crate) fn quiz_banks() -> Vec<Line> {
    let mut world = World::of(160);
    let measured = measure(&mut world);
    let share = |(right, of): (i64, i64)| right as f64 / of as f64;
    println!(
        "quiz bank: by position {:.1} % of {}, by words {:.1} % of {}",
        share(measured.by_position) * 100.0,
        measured.by_position.1,
        share(measured.by_words) * 100.0,
        measured.by_words.1
    );
    // Four choices: chance is a quarter. Four standard deviations around it.
    let spread = 4.0 * (0.25f64 * 0.75 / measured.by_position.1 as f64).sqrt();
    assert!((share(measured.by_position) - 0.25).abs() <= spread, "positions tell something");
    assert!((share(measured.by_words) - 1.0).abs() < f64::EPSILON, "words are words");

    // Somebody who knows answers all five; so does the bank's user, and nobody answers twice.
    let knows = |again: bool| {
        let mut world = World::new();
        let mut phone = Phone::new(&mut world, ME, 1);
        let mut second = Phone::new(&mut world, ME, 2);
        let drawn = draw(&mut world, &mut phone);
        let right = |question: &Question| question.choices.iter().position(|choice| choice.contains("正确")).unwrap();
        let answers: Vec<u8> = drawn.questions.iter().map(|question| right(question) as u8).collect();
        if again {
            // Asking again, on another phone too, gives the same questions.
            let other = draw(&mut world, &mut second);
            assert_eq!(other.questions, drawn.questions);
        }
        answer(&mut world, &mut phone, &drawn, answers.clone());
        if again {
            for phone in [&mut phone, &mut second] {
                let action = Action::AnswerQuiz(AnswerQuiz { draw: drawn.draw, answers: answers.clone() });
                let verdict = phone.act(&mut world, &action);
                assert_eq!(verdict.reason, Some(Refusal::Duplicate.code()));
            }
        }
        Sum::of(&world, ME)
    };
    vec![
        Line::new("quiz answered and drawn again", knows(false), knows(true), Class::Prevented),
        Line::new("quiz bank of words", knows(false), knows(false), Class::Residue),
    ]
}

#[test]
fn positions_from_others_draws_are_chance_and_words_are_known() {
    quiz_banks();
}

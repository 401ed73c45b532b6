package org.dangjian.ui.bridge

import org.dangjian.core.FactKind
import org.dangjian.core.QuizView
import org.dangjian.core.TodayView
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.quiz.QuizAnswer
import org.dangjian.ui.quiz.QuizStage
import org.dangjian.ui.quiz.QuizState

/** What is on the phone of today's quiz. */
internal class QuizReading(
    val quiz: QuizView?,
    val title: String?,
    val today: TodayView?,
    /** What was answered on this phone, as it was kept. */
    val draft: List<Int?>?,
) {
    val last get() = (quiz?.questions?.size ?: 1) - 1

    /** One for each question; absent where none was given. */
    fun answers(input: QuizModel.Input): List<Int?> {
        val given = input.answers?.takeIf { it.first == quiz?.draw?.text }?.second ?: draft.orEmpty()
        return quiz?.questions.orEmpty().mapIndexed { at, question ->
            given.getOrNull(at)?.takeIf { it in question.choices.indices }
        }
    }

    /** The question in sight: where the person went, else the first without an answer. */
    fun number(input: QuizModel.Input): Int {
        val first = answers(input).indexOfFirst { it == null }
        return (input.number ?: first.takeIf { it >= 0 } ?: last).coerceIn(0, last.coerceAtLeast(0))
    }
}

/** Under which name the answers of a draw are kept. */
internal fun draftOf(draw: String) = "quiz:$draw"

/** 「1,,0」: the number of each choice, nothing where none was made. */
internal fun textOf(answers: List<Int?>): String = answers.joinToString(",") { it?.toString().orEmpty() }

internal fun answersOf(text: String): List<Int?> = text.split(',').map(String::toIntOrNull)

/** @param sync absent while it is not known whether there is a network. */
internal fun stateOf(
    read: Read<QuizReading>,
    sync: SyncState?,
    input: QuizModel.Input,
    busy: Boolean = false,
): QuizState {
    val reading = read.orNull()
    return QuizState(
        title = reading?.title ?: QuizBridgeStrings.TITLE,
        problem = input.problem ?: read.failure?.asError(),
        stage = if (reading == null) QuizStage.Coming() else stageOf(reading, sync, input, busy),
    )
}

private fun stageOf(
    reading: QuizReading,
    sync: SyncState?,
    input: QuizModel.Input,
    busy: Boolean,
): QuizStage {
    val quiz = reading.quiz
    val right = quiz?.right
    return when {
        quiz == null -> QuizStage.Coming(comingOf(sync is SyncState.Offline).takeIf { input.problem == null })
        right != null -> judgedOf(quiz, right, reading)
        quiz.answeredAt != null -> QuizStage.Waiting(QuizBridgeStrings.WAITING, QuizBridgeStrings.WAITING_SENTENCE)
        else -> askingOf(quiz, reading, input, busy)
    }
}

private fun comingOf(offline: Boolean) =
    if (offline) {
        EmptyState(QuizBridgeStrings.OFFLINE, QuizBridgeStrings.OFFLINE_SENTENCE)
    } else {
        EmptyState(QuizBridgeStrings.COMING, QuizBridgeStrings.COMING_SENTENCE)
    }

private fun askingOf(
    quiz: QuizView,
    reading: QuizReading,
    input: QuizModel.Input,
    busy: Boolean,
): QuizStage {
    val answers = reading.answers(input)
    val number = reading.number(input)
    val question = quiz.questions.getOrNull(number) ?: return QuizStage.Coming()
    return QuizStage.Asking(
        number = number + 1,
        total = quiz.questions.size,
        question = question.text,
        choices = question.choices,
        chosen = answers[number],
        complete = null !in answers,
        busy = busy,
    )
}

private fun judgedOf(
    quiz: QuizView,
    right: Long,
    reading: QuizReading,
) = QuizStage.Judged(
    title = QuizBridgeStrings.right(right, quiz.questions.size),
    points = reading.today?.takeIf { it.shown.points }?.let(::pointsOf),
    answers =
        quiz.questions.zip(quiz.solution).mapIndexed { at, (question, solution) ->
            val yours = reading.draft?.getOrNull(at)
            QuizAnswer(
                question = question.text,
                yours = yours?.let(question.choices::getOrNull),
                right = question.choices.getOrNull(solution.right.toInt()).orEmpty(),
                why = solution.why,
                correct = yours?.let { it == solution.right.toInt() },
            )
        },
)

/** What the quiz gave today, as its rule says; nothing if no rule gives points for it. */
private fun pointsOf(today: TodayView): String? {
    val rule = today.rules.firstOrNull { it.fact == FactKind.QUIZ_RIGHT } ?: return null
    return if (rule.left == 0L) QuizBridgeStrings.full(rule.given) else QuizBridgeStrings.points(rule.given)
}

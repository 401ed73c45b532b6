package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.quiz.QuizState

/** Today's questions: asked for, answered, judged by the server. */
class QuizModel(
    phone: Phone,
    item: String,
) : ScreenModel<QuizModel.Input>(phone, Input()) {
    /**
     * @param number the question in sight, from 0; absent until the person went to one.
     * @param answers what was chosen since the quiz was opened, by draw.
     */
    data class Input(
        val number: Int? = null,
        val answers: Pair<String, List<Int?>>? = null,
        val problem: ErrorState? = null,
    )

    private val id = RowId(item)

    /** What the person sees and answers. */
    @Volatile
    private var latest: QuizReading? = null

    private val read =
        live(Topic.STUDY, Topic.POINTS, Topic.RULES, Topic.OUTBOX) {
            val quiz = study.quiz()
            QuizReading(
                quiz = quiz,
                title = quiz?.title ?: study.item(id)?.title,
                today = study.today(),
                draft = quiz?.let { settings.draft(draftOf(it.draw.text)) }?.let(::answersOf),
            )
        }

    val state: StateFlow<QuizState> =
        combine(read.onEach { latest = it.orNull() }, phone.sync, input, busy) { read, sync, input, busy ->
            stateOf(read, sync, input, busy)
        }.shown(stateOf(Read.Loading, null, Input()))

    init {
        draw()
        // One after the other, so that the last answers are the ones kept.
        viewModelScope.launch {
            input.map { it.answers }.distinctUntilChanged().collectLatest { answers ->
                if (answers == null) return@collectLatest
                try {
                    phone.keepDraft(draftOf(answers.first), textOf(answers.second))
                } catch (problem: AppException) {
                    change { copy(problem = problem.asError()) }
                }
            }
        }
    }

    fun choose(choice: Int) {
        val reading = latest ?: return
        val quiz = reading.quiz ?: return
        change {
            val number = reading.number(this)
            val answers = reading.answers(this).mapIndexed { at, before -> if (at == number) choice else before }
            copy(number = number, answers = quiz.draw.text to answers)
        }
    }

    fun previous() = step(-1)

    fun next() = step(1)

    /** Hands in; the server judges. */
    fun handIn() {
        val reading = latest ?: return
        val quiz = reading.quiz ?: return
        val answers = reading.answers(input.value).map { it ?: return }
        change { copy(problem = null) }
        once({ change { copy(problem = it.asError()) } }) {
            // The questions stay for a moment after they were handed in.
            if (study.quiz()?.answeredAt != null) return@once
            // Kept beyond this: the judged quiz is shown with what one answered.
            phone.keepDraft(draftOf(quiz.draw.text), textOf(answers))
            study.answerQuiz(quiz.draw, answers.map { it.toByte() }.toByteArray())
        }
    }

    /** Asks for the questions again. */
    fun again() {
        change { copy(problem = null) }
        draw()
        retry()
    }

    private fun draw() = once({ change { copy(problem = it.asError()) } }) { study.drawQuiz(id) }

    private fun step(by: Int) {
        val reading = latest ?: return
        change { copy(number = (reading.number(this) + by).coerceIn(0, reading.last)) }
    }
}

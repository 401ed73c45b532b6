package org.dangjian.ui.quiz

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState

/** A quiz: five questions a day, then the result with the reasons. */
@Immutable
data class QuizState(
    val title: String,
    val stage: QuizStage,
    val problem: ErrorState? = null,
)

@Immutable
sealed interface QuizStage {
    /** The server draws the questions of the day. */
    data class Coming(
        /** 「正在取今天的题目」; absent while what is on the phone is read. */
        val about: EmptyState? = null,
    ) : QuizStage

    data class Asking(
        /** From 1. */
        val number: Int,
        val total: Int,
        val question: String,
        val choices: List<String>,
        val chosen: Int? = null,
        /** Whether all are answered, so that it can be handed in. */
        val complete: Boolean = false,
        val busy: Boolean = false,
    ) : QuizStage

    /** Handed in; the server judges. */
    data class Waiting(
        /** 「已记下您的答案」 */
        val title: String,
        /** 「有网后自动上传，判分后可在这里看结果。」 */
        val sentence: String,
    ) : QuizStage

    data class Judged(
        /** 「答对 4 题」 */
        val title: String,
        /** 「得 4 分，答题今日已满 5/5」; absent where points are not shown. */
        val points: String? = null,
        val answers: List<QuizAnswer>,
    ) : QuizStage
}

@Immutable
data class QuizAnswer(
    val question: String,
    /** Absent if it was answered on another phone. */
    val yours: String?,
    val right: String,
    val why: String,
    val correct: Boolean?,
)

data class QuizCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onChoose: (Int) -> Unit = {},
    val onPrevious: () -> Unit = {},
    val onNext: () -> Unit = {},
    val onHandIn: () -> Unit = {},
    val onDone: () -> Unit = {},
)

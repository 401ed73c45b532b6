package org.dangjian.ui.quiz

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonPair
import org.dangjian.ui.components.Choices
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.UnconfirmedMark
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

@Composable
fun QuizScreen(
    state: QuizState,
    callbacks: QuizCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = { TopBar(state.title, onBack = callbacks.onBack) },
        bottom = { Foot(state.stage, callbacks) },
    ) {
        Column(
            Modifier
                .verticalScroll(rememberScrollState())
                .padding(start = Dangjian.space.margin, end = Dangjian.space.margin, bottom = 16.dp),
            verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        ) {
            state.problem?.let { ErrorCard(it, callbacks.onRetry) }
            when (val stage = state.stage) {
                is QuizStage.Coming -> Coming(stage, failed = state.problem != null)
                is QuizStage.Asking -> Asking(stage, callbacks.onChoose)
                is QuizStage.Waiting -> Waiting(stage)
                is QuizStage.Judged -> Judged(stage)
            }
        }
    }
}

@Composable
private fun Coming(
    stage: QuizStage.Coming,
    failed: Boolean,
) {
    when {
        stage.about != null -> EmptyCard(stage.about, Icons.Quiz, onWayOn = {})
        !failed -> LoadingCard()
    }
}

@Composable
private fun Asking(
    stage: QuizStage.Asking,
    onChoose: (Int) -> Unit,
) {
    AppCard(gap = 14.dp) {
        val number = QuizStrings.questionOf(stage.number, stage.total)
        Words(number, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        ProgressBar(stage.number / stage.total.toFloat())
        Words(stage.question, Modifier.semantics { heading() }, style = Dangjian.type.cardTitle)
        Choices(stage.choices, stage.chosen, onChoose)
    }
    Words(
        QuizStrings.COSTS_NOTHING,
        Modifier.fillMaxWidth(),
        style = Dangjian.type.label,
        color = Dangjian.colours.onSurfaceVariant,
        align = TextAlign.Center,
    )
}

@Composable
private fun Waiting(stage: QuizStage.Waiting) {
    AppCard(gap = 10.dp) {
        Box { UnconfirmedMark() }
        Words(stage.title, Modifier.semantics { heading() }, style = Dangjian.type.headline)
        Words(stage.sentence, color = Dangjian.colours.onSurfaceVariant)
    }
}

@Composable
private fun Judged(stage: QuizStage.Judged) {
    AppCard {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            IconSquare(Icons.Quiz, Tone.Ours, size = 56.dp, iconSize = 30.dp)
            Column {
                Words(stage.title, Modifier.semantics { heading() }, style = Dangjian.type.headline)
                stage.points?.let { Words(it, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant) }
            }
        }
    }
    stage.answers.forEachIndexed { index, answer -> Answer(index + 1, answer) }
}

@Composable
private fun Answer(
    number: Int,
    answer: QuizAnswer,
) {
    AppCard(Modifier.semantics(mergeDescendants = true) { }, gap = 8.dp) {
        Words("$number. ${answer.question}", style = Dangjian.type.bodyBold)
        when (answer.correct) {
            true -> {
                Box { StatusChip(Icons.CheckCircleFill, QuizStrings.ANSWERED_RIGHT, Tone.Ok) }
            }

            false -> {
                Box { StatusChip(Icons.Close, QuizStrings.ANSWERED_WRONG, Tone.Neutral) }
            }

            null -> {}
        }
        answer.yours.takeIf { answer.correct == false }?.let {
            Words(QuizStrings.YOURS + it, color = Dangjian.colours.onSurfaceVariant)
        }
        Words(QuizStrings.RIGHT + answer.right)
        Words(QuizStrings.WHY + answer.why, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
    }
}

@Composable
private fun Foot(
    stage: QuizStage,
    callbacks: QuizCallbacks,
) {
    if (stage is QuizStage.Coming) return
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    Column(Modifier.background(Dangjian.colours.surface)) {
        RowDivider()
        Box(
            Modifier
                .windowInsetsPadding(sides)
                .padding(start = Dangjian.space.margin, top = 12.dp, end = Dangjian.space.margin, bottom = 20.dp),
        ) {
            if (stage !is QuizStage.Asking) {
                AppButton(QuizStrings.DONE, callbacks.onDone, Modifier.fillMaxWidth())
            } else if (stage.number == 1) {
                Forward(stage, callbacks, Modifier.fillMaxWidth())
            } else {
                ButtonPair(
                    first = { AppButton(QuizStrings.PREVIOUS, callbacks.onPrevious, it, ButtonKind.Outlined) },
                    second = { Forward(stage, callbacks, it) },
                )
            }
        }
    }
}

@Composable
private fun Forward(
    stage: QuizStage.Asking,
    callbacks: QuizCallbacks,
    modifier: Modifier,
) {
    if (stage.number == stage.total) {
        AppButton(QuizStrings.HAND_IN, callbacks.onHandIn, modifier, enabled = stage.complete && !stage.busy)
    } else {
        AppButton(QuizStrings.NEXT, callbacks.onNext, modifier, enabled = stage.chosen != null)
    }
}

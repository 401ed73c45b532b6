package org.dangjian.ui.app

import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.PointerEventPass
import androidx.compose.ui.input.pointer.PointerEventType
import androidx.compose.ui.input.pointer.pointerInput
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.QuizModel
import org.dangjian.ui.bridge.ReaderModel
import org.dangjian.ui.bridge.StudyModel
import org.dangjian.ui.quiz.QuizCallbacks
import org.dangjian.ui.quiz.QuizScreen
import org.dangjian.ui.reader.ReaderCallbacks
import org.dangjian.ui.reader.ReaderScreen
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyKind
import org.dangjian.ui.study.StudyScreen

private const val TEXT_SIZE = 19
private const val ELDER_TEXT_SIZE = 26

/** Study: the list, the reader, the quiz. */
internal fun NavGraphBuilder.studyRoutes(scope: Scope) {
    listScreen(scope, Routes.STUDY) { Study(scope) }
    composable(Routes.READER) { Reader(scope, it.id("item")) }
    composable(Routes.QUIZ) { Quiz(scope, it.id("item")) }
}

@Composable
private fun Study(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { StudyModel(scope.phone) }
    val state by model.state.collectAsState()
    StudyScreen(
        state,
        StudyCallbacks(
            onFilter = model::filter,
            onItem = { id ->
                val quiz = state.items.any { it.id == id && it.kind == StudyKind.Quiz }
                navigator.open(if (quiz) Routes.quiz(id) else Routes.reader(id))
            },
            onDownload = model::download,
            onCancel = model::cancel,
            onEnd = model::end,
            onRetry = model::again,
            onEmptyWayOn = model::all,
            onTab = navigator::tab,
        ),
    )
}

@Composable
private fun Reader(
    scope: Scope,
    item: String,
) {
    val model = viewModel { ReaderModel(scope.phone, item) }
    val state by model.state.collectAsState()
    val preferences by scope.preferences.preferences.collectAsState()
    LifecycleResumeEffect(model) {
        model.seen(true)
        onPauseOrDispose { model.seen(false) }
    }
    ReaderScreen(
        state.copy(textSize = preferences.textSize ?: if (preferences.elder) ELDER_TEXT_SIZE else TEXT_SIZE),
        ReaderCallbacks(
            onBack = scope.navigator::back,
            onRetry = model::again,
            onPause = model::pause,
            onGoOn = model::goOn,
            onPlace = model::place,
            onSizeOpen = model::sizeOpen,
            onSize = { scope.preferences.change { copy(textSize = it) } },
            onChoose = model::choose,
            onSubmit = model::submit,
            onCheckOpen = model::checkOpen,
        ),
        Modifier.fillMaxSize().onTouch(model::touched),
    )
}

@Composable
private fun Quiz(
    scope: Scope,
    item: String,
) {
    val model = viewModel { QuizModel(scope.phone, item) }
    val state by model.state.collectAsState()
    QuizScreen(
        state,
        QuizCallbacks(
            onBack = scope.navigator::back,
            onRetry = model::again,
            onChoose = model::choose,
            onPrevious = model::previous,
            onNext = model::next,
            onHandIn = model::handIn,
            onDone = scope.navigator::back,
        ),
    )
}

/** Hears of every touch and takes none away from whom it is meant for. */
private fun Modifier.onTouch(touched: () -> Unit): Modifier =
    pointerInput(Unit) {
        awaitPointerEventScope {
            while (true) {
                if (awaitPointerEvent(PointerEventPass.Initial).type == PointerEventType.Press) touched()
            }
        }
    }

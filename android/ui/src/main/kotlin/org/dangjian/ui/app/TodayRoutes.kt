package org.dangjian.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.DayModel
import org.dangjian.ui.bridge.ElderTodayModel
import org.dangjian.ui.bridge.TodayModel
import org.dangjian.ui.components.Tab
import org.dangjian.ui.today.ElderTodayCallbacks
import org.dangjian.ui.today.ElderTodayScreen
import org.dangjian.ui.today.Entry
import org.dangjian.ui.today.TodayCallbacks
import org.dangjian.ui.today.TodayScreen

/** 今日, for everybody and for elders. */
internal fun NavGraphBuilder.todayRoutes(scope: Scope) {
    composable(Routes.TODAY) {
        val preferences by scope.preferences.preferences.collectAsState()
        if (preferences.elder) ElderToday(scope) else Today(scope)
    }
}

@Composable
private fun Today(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { TodayModel(scope.phone) }
    val state by model.state.collectAsState()
    Seen(model)
    TodayScreen(
        state,
        TodayCallbacks(
            onElderVersion = { scope.preferences.change { copy(elder = true) } },
            onOutbox = { navigator.open(Routes.OUTBOX) },
            onRetry = model::retry,
            onRefusedWayOn = { model.goOn(it, navigator::goOn) },
            onRefusedKnown = model::known,
            onPoints = { navigator.open(Routes.POINTS) },
            onContinue = { goOn(model, navigator) },
            onStreak = { navigator.open(Routes.POINTS) },
            onRank = { navigator.open(Routes.BOARDS) },
            onEntry = { enter(it, navigator) },
            onNotice = { navigator.open(Routes.notice(it)) },
            onNotices = { navigator.tab(Tab.Messages) },
            onTab = navigator::tab,
        ),
    )
}

@Composable
private fun ElderToday(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { ElderTodayModel(scope.phone) }
    val state by model.state.collectAsState()
    Seen(model)
    ElderTodayScreen(
        state,
        ElderTodayCallbacks(
            onOutbox = { navigator.open(Routes.OUTBOX) },
            onRetry = model::retry,
            onRefusedWayOn = { model.goOn(it, navigator::goOn) },
            onRefusedKnown = model::known,
            onContinue = { goOn(model, navigator) },
            onNotice = { navigator.open(Routes.notice(it)) },
            onMore = { navigator.tab(Tab.Me) },
            onStandardVersion = { scope.preferences.change { copy(elder = false) } },
        ),
    )
}

@Composable
private fun Seen(model: DayModel) =
    LifecycleResumeEffect(model) {
        model.seen()
        onPauseOrDispose { }
    }

/** To what was begun, else to what there is. */
private fun goOn(
    model: DayModel,
    navigator: Navigator,
) = model.next?.let { navigator.open(Routes.reader(it)) } ?: navigator.tab(Tab.Study)

private fun enter(
    entry: Entry,
    navigator: Navigator,
) = when (entry) {
    Entry.Study -> {
        navigator.tab(Tab.Study)
    }

    Entry.Notices -> {
        navigator.tab(Tab.Messages)
    }

    Entry.Points -> {
        navigator.open(Routes.POINTS)
    }

    Entry.Boards -> {
        navigator.open(Routes.BOARDS)
    }

    // Not offered: there is no such screen.
    Entry.CheckIn, Entry.Dues -> {}
}

package org.dangjian.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.MeModel
import org.dangjian.ui.bridge.ReminderModel
import org.dangjian.ui.bridge.SettingsModel
import org.dangjian.ui.me.MeCallbacks
import org.dangjian.ui.me.MeScreen
import org.dangjian.ui.me.ReminderCallbacks
import org.dangjian.ui.me.ReminderState
import org.dangjian.ui.me.SettingsCallbacks
import org.dangjian.ui.me.SettingsScreen

/** 我的 and the settings. */
internal fun NavGraphBuilder.meRoutes(scope: Scope) {
    composable(Routes.ME) { Me(scope) }
    composable(Routes.SETTINGS) { Settings(scope) }
}

@Composable
private fun Me(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { MeModel(scope.phone) }
    val state by model.state.collectAsState()
    MeScreen(
        state,
        MeCallbacks(
            onSettings = { navigator.open(Routes.SETTINGS) },
            onRetry = model::retry,
            onOutbox = { navigator.open(Routes.OUTBOX) },
            onPoints = { navigator.open(Routes.POINTS) },
            onOffice = { navigator.open(Routes.OFFICE) },
            onTab = navigator::tab,
        ),
    )
}

@Composable
private fun Settings(scope: Scope) {
    val model = viewModel { SettingsModel(scope.phone, scope.shell.version) }
    val state by model.state.collectAsState()
    val preferences by scope.preferences.preferences.collectAsState()
    val reminding = scope.shell.reminding
    val reminder = reminding?.let { viewModel { ReminderModel(scope.phone, it::changed) } }
    SettingsScreen(
        state.copy(
            reminder = reminder?.shown(reminding),
            elder = preferences.elder,
            fontStep = preferences.fontStep,
            appearance = preferences.appearance,
            highContrast = preferences.highContrast,
        ),
        SettingsCallbacks(
            onBack = scope.navigator::back,
            onElder = { scope.preferences.change { copy(elder = it) } },
            onFontStep = { scope.preferences.change { copy(fontStep = it) } },
            onAppearance = { scope.preferences.change { copy(appearance = it) } },
            onHighContrast = { scope.preferences.change { copy(highContrast = it) } },
            onSignOutOpen = model::onSignOutOpen,
            onSignOut = model::onSignOut,
            reminder =
                if (reminder == null) {
                    ReminderCallbacks()
                } else {
                    ReminderCallbacks(
                        onEnabled = {
                            reminder.enabled(it)
                            if (it && reminding.blocked.value) reminding.ask()
                        },
                        onTime = reminder::time,
                        onQuiet = reminder::quiet,
                        onRank = reminder::rank,
                        onRequired = reminder::required,
                        onAsk = reminding::ask,
                    )
                },
        ),
    )
}

@Composable
private fun ReminderModel.shown(reminding: Reminding): ReminderState? {
    val state by state.collectAsState()
    val blocked by reminding.blocked.collectAsState()
    return state?.copy(blocked = blocked)
}

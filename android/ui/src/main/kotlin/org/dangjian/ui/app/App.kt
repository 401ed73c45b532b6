package org.dangjian.ui.app

import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.ui.Modifier
import androidx.lifecycle.viewmodel.compose.viewModel
import org.dangjian.ui.bridge.Stage
import org.dangjian.ui.bridge.StartModel
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.me.Appearance
import org.dangjian.ui.me.FONT_STEPS
import org.dangjian.ui.signin.SignInCallbacks
import org.dangjian.ui.signin.SignInScreen
import org.dangjian.ui.signin.SignInState
import org.dangjian.ui.signin.SignInStep
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.DangjianTheme
import org.dangjian.ui.theme.ThemeMode

/**
 * The whole app.
 *
 * @param link where to go first: what a reminder or a push opened.
 * @param settings how it looks.
 */
@Composable
fun App(
    shell: Shell,
    link: String? = null,
    settings: PreferencesModel = viewModel { PreferencesModel(shell) },
) {
    val preferences by settings.preferences.collectAsState()
    Themed(shell, preferences) {
        val start = viewModel { StartModel(shell.people, shell::open) }
        val stage by start.stage.collectAsState()
        when (val at = stage) {
            Stage.Opening -> {}

            is Stage.Failed -> {
                ScreenFrame { Cards { ErrorCard(at.problem, start::retry) } }
            }

            is Stage.People -> {
                val step = SignInStep.People(at.people)
                SignInScreen(
                    SignInState(step),
                    SignInCallbacks(onPerson = start::choose, onOther = { start.choose(null) }),
                )
            }

            is Stage.SignIn -> {
                key(at) { SignIn(at, start) }
            }

            is Stage.Home -> {
                // By the member, not by the object: this is how what was open is found again after the process ended.
                key(at.member) { Home(at.phone, shell, settings, link) }
            }
        }
    }
}

@Composable
private fun Themed(
    shell: Shell,
    preferences: Preferences,
    content: @Composable () -> Unit,
) {
    val dark =
        when (preferences.appearance) {
            Appearance.System -> isSystemInDarkTheme()
            Appearance.Light -> false
            Appearance.Dark -> true
        }
    DangjianTheme(
        if (dark) ThemeMode.Dark else ThemeMode.Light,
        preferences.highContrast,
        preferences.elder,
        FONT_STEPS[preferences.fontStep],
        shell.fontFamily,
    ) {
        Box(Modifier.fillMaxSize().background(Dangjian.colours.background)) { content() }
    }
}

@Composable
private fun SignIn(
    at: Stage.SignIn,
    start: StartModel,
) {
    val model = at.model
    val state by model.state.collectAsState()
    SignInScreen(
        state,
        SignInCallbacks(
            onPeople = start::people,
            onLogin = model::onLogin,
            onPassword = model::onPassword,
            onCode = model::onCode,
            onAgain = model::onAgain,
            onActivation = model::onActivation,
            onBack = model::onBack,
            onSubmit = model::onSubmit,
            onResume = model::onResume,
        ),
    )
}

package org.dangjian.ui.signin

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.TextAction
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.theme.Dangjian

@Composable
fun SignInScreen(
    state: SignInState,
    callbacks: SignInCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = {
            if (state.step is SignInStep.Activation) TopBar(SignInStrings.ACTIVATION, onBack = callbacks.onBack)
        },
    ) {
        Cards(Modifier.imePadding()) {
            if (state.step !is SignInStep.Activation) Spacer(Modifier.height(28.dp))
            when (val step = state.step) {
                is SignInStep.People -> People(step, state.problem, callbacks)
                is SignInStep.Password -> Password(step, state, callbacks)
                is SignInStep.Activation -> Activation(step, state, callbacks)
                is SignInStep.FirstSync -> FirstSync(step, state.problem, callbacks.onResume)
            }
        }
    }
}

@Composable
private fun Opening(
    title: String,
    sentence: String,
) {
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Words(title, Modifier.semantics { heading() }, Dangjian.type.headline)
        Words(sentence, color = Dangjian.colours.onSurfaceVariant)
    }
}

@Composable
private fun Problem(problem: SignInProblem?) {
    problem?.let { Banner(Icons.ErrorFill, SignInStrings.problem(it), Tone.Error) }
}

@Composable
private fun People(
    step: SignInStep.People,
    problem: SignInProblem?,
    callbacks: SignInCallbacks,
) {
    Opening(SignInStrings.PEOPLE, SignInStrings.PEOPLE_SENTENCE)
    Problem(problem)
    AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
        step.people.forEachIndexed { index, person ->
            if (index > 0) RowDivider()
            ListRow(
                Modifier.padding(vertical = 4.dp),
                leading = { Avatar(person.name) },
                trailing = { Symbol(Icons.ChevronRight, 20, tint = Dangjian.colours.onSurfaceVariant) },
                onClick = { callbacks.onPerson(person.id) },
            ) {
                Words(SignInStrings.person(person.name, person.role), style = Dangjian.type.bodyBold)
                LongName(person.org, person.orgLast)
            }
        }
    }
    AppButton(SignInStrings.OTHER, callbacks.onOther, Modifier.fillMaxWidth(), ButtonKind.Outlined, icon = Icons.Login)
}

@Composable
private fun Password(
    step: SignInStep.Password,
    state: SignInState,
    callbacks: SignInCallbacks,
) {
    Opening(SignInStrings.WELCOME, SignInStrings.WELCOME_SENTENCE)
    AppCard(gap = 16.dp) {
        WritingField(SignInStrings.LOGIN, step.login, callbacks.onLogin, enabled = !state.busy)
        WritingField(SignInStrings.PASSWORD, step.password, callbacks.onPassword, secret = true, enabled = !state.busy)
        Problem(state.problem)
        Submit(SignInStrings.SIGN_IN, step.complete, state.busy, callbacks.onSubmit)
        Words(SignInStrings.FORGOTTEN, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
    }
    AppButton(SignInStrings.ACTIVATE, callbacks.onActivation, Modifier.fillMaxWidth(), ButtonKind.Outlined)
    if (step.fromPeople) TextAction(SignInStrings.PEOPLE_BACK, callbacks.onPeople)
}

@Composable
private fun Activation(
    step: SignInStep.Activation,
    state: SignInState,
    callbacks: SignInCallbacks,
) {
    val free = !state.busy
    AppCard(gap = 16.dp) {
        Words(SignInStrings.ACTIVATION_SENTENCE, color = Dangjian.colours.onSurfaceVariant)
        WritingField(SignInStrings.LOGIN, step.login, callbacks.onLogin, enabled = free)
        WritingField(SignInStrings.CODE, step.code, callbacks.onCode, enabled = free)
        WritingField(
            SignInStrings.NEW_PASSWORD,
            step.password,
            callbacks.onPassword,
            supporting = SignInStrings.PASSWORD_RULE,
            secret = true,
            enabled = free,
        )
        WritingField(SignInStrings.AGAIN, step.again, callbacks.onAgain, secret = true, enabled = free)
        if (step.differ) Banner(Icons.ErrorFill, SignInStrings.DIFFER, Tone.Error)
        Problem(state.problem)
        Submit(SignInStrings.ACTIVATE_AND_SIGN_IN, step.complete, state.busy, callbacks.onSubmit)
    }
}

@Composable
private fun Submit(
    label: String,
    complete: Boolean,
    busy: Boolean,
    onSubmit: () -> Unit,
) {
    AppButton(
        if (busy) SignInStrings.BUSY else label,
        onSubmit,
        Modifier.fillMaxWidth(),
        enabled = complete && !busy,
    )
}

@Composable
private fun FirstSync(
    step: SignInStep.FirstSync,
    problem: SignInProblem?,
    onResume: () -> Unit,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    Words(step.greeting, Modifier.semantics { heading() }, Dangjian.type.headline)
    AppCard(gap = 14.dp) {
        Row(
            // That it began or stopped is announced; the numbers are not.
            Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
            horizontalArrangement = Arrangement.spacedBy(14.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            if (step.stopped) {
                IconSquare(Icons.CloudOff, Tone.Warn, size = 56.dp, iconSize = 30.dp)
            } else {
                IconSquare(Icons.CloudDownload, Tone.Info, size = 56.dp, iconSize = 30.dp)
            }
            Column(Modifier.weight(1f)) {
                Words(
                    if (step.stopped) SignInStrings.STOPPED else SignInStrings.FIRST_SYNC,
                    style = Dangjian.type.bodyBold,
                )
                Words(
                    if (step.stopped) SignInStrings.STOPPED_SENTENCE else SignInStrings.FIRST_SYNC_SENTENCE,
                    style = Dangjian.type.label,
                    color = variant,
                )
            }
        }
        step.percent?.let { ProgressBar(it / 100f) }
        FlowRow(
            Modifier.fillMaxWidth().semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.SpaceBetween,
        ) {
            Words(SignInStrings.rows(step.rows), style = Dangjian.type.label, color = variant)
            step.percent?.let { Words(SignInStrings.percent(it), style = Dangjian.type.labelBold) }
        }
        Problem(problem)
        if (step.stopped) {
            AppButton(SignInStrings.RESUME, onResume, Modifier.fillMaxWidth(), icon = Icons.Refresh)
        }
    }
}

package org.dangjian.ui.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.FilterChip
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.SwitchRow
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

/** The part of the settings that is about the reminder, with its heading. */
@Composable
fun ReminderSettingsCard(
    state: ReminderState,
    callbacks: ReminderCallbacks,
    modifier: Modifier = Modifier,
) {
    Column(modifier, verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Words(
            ReminderStrings.TITLE,
            Modifier.padding(horizontal = 4.dp).semantics { heading() },
            Dangjian.type.labelBold,
            Dangjian.colours.onSurfaceVariant,
        )
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
            SwitchRow(
                ReminderStrings.ENABLED,
                state.enabled,
                callbacks.onEnabled,
                supporting = ReminderStrings.ENABLED_SENTENCE,
            )
            if (state.enabled && state.blocked) {
                Banner(Icons.ErrorFill, ReminderStrings.BLOCKED, Tone.Warn, Modifier.padding(vertical = 8.dp))
                AppButton(ReminderStrings.ASK, callbacks.onAsk, Modifier.fillMaxWidth(), ButtonKind.Outlined)
            }
            if (state.enabled) Details(state, callbacks)
            state.problem?.let { Banner(Icons.ErrorFill, it, Tone.Error, Modifier.padding(vertical = 8.dp)) }
        }
        state.next?.takeIf { state.enabled }?.let { NoteLine(Icons.Notifications, it) }
    }
}

@Composable
private fun Details(
    state: ReminderState,
    callbacks: ReminderCallbacks,
) {
    RowDivider()
    Choice(ReminderStrings.TIME, state.times, callbacks.onTime)
    RowDivider()
    Choice(ReminderStrings.QUIET, state.quiet, callbacks.onQuiet)
    state.rank?.let {
        RowDivider()
        SwitchRow(ReminderStrings.RANK, it, callbacks.onRank, supporting = ReminderStrings.RANK_SENTENCE)
    }
    state.required?.let {
        RowDivider()
        SwitchRow(ReminderStrings.REQUIRED, it, callbacks.onRequired, supporting = ReminderStrings.REQUIRED_SENTENCE)
    }
}

@Composable
private fun Choice(
    title: String,
    choices: List<FilterState>,
    onChoose: (String) -> Unit,
) {
    Column(Modifier.padding(vertical = 10.dp)) {
        Words(title)
        FlowRow(
            Modifier.selectableGroup(),
            horizontalArrangement = Arrangement.spacedBy(if (Dangjian.elder) 12.dp else 8.dp),
        ) {
            choices.forEach { choice ->
                FilterChip(choice.copy(icon = if (choice.selected) Icons.Check else null)) { onChoose(choice.id) }
            }
        }
    }
}

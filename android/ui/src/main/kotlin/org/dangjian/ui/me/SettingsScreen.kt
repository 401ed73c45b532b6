package org.dangjian.ui.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Slider
import androidx.compose.material3.SliderDefaults
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.Answers
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.FactRow
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterChip
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.SwitchRow
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian
import kotlin.math.roundToInt

@Composable
fun SettingsScreen(
    state: SettingsState,
    callbacks: SettingsCallbacks,
    modifier: Modifier = Modifier,
) {
    SheetOver(
        open = state.signOutWaiting != null,
        title = MeStrings.SIGN_OUT_TITLE,
        modifier = modifier,
        onDismiss = { callbacks.onSignOutOpen(false) },
        sheet = { state.signOutWaiting?.let { SignOut(it, callbacks) } },
    ) {
        ScreenFrame(top = { TopBar(MeStrings.SETTINGS, onBack = callbacks.onBack) }) {
            Cards {
                Group(MeStrings.DISPLAY) { Display(state, callbacks) }
                state.reminder?.let { ReminderSettingsCard(it, callbacks.reminder) }
                if (state.dataUse.isNotEmpty()) {
                    Group(MeStrings.DATA_USE) {
                        Column(Modifier.padding(vertical = 12.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                            state.dataUse.forEach { FactRow(it) }
                        }
                    }
                }
                Group(MeStrings.ACCOUNT) {
                    Column(Modifier.padding(vertical = 12.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
                        FactRow(FactState(MeStrings.VERSION, state.version))
                        AppButton(
                            MeStrings.SIGN_OUT,
                            { callbacks.onSignOutOpen(true) },
                            Modifier.fillMaxWidth(),
                            ButtonKind.Outlined,
                        )
                    }
                }
            }
        }
    }
}

@Composable
private fun Group(
    title: String,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Words(
            title,
            Modifier.padding(horizontal = 4.dp).semantics { heading() },
            Dangjian.type.labelBold,
            Dangjian.colours.onSurfaceVariant,
        )
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp), content = content)
    }
}

@Composable
private fun Display(
    state: SettingsState,
    callbacks: SettingsCallbacks,
) {
    SwitchRow(MeStrings.ELDER, state.elder, callbacks.onElder, supporting = MeStrings.ELDER_SENTENCE)
    RowDivider()
    FontSize(state.fontStep, callbacks.onFontStep)
    RowDivider()
    AppearanceChoice(state.appearance, callbacks.onAppearance)
    RowDivider()
    SwitchRow(MeStrings.HIGH_CONTRAST, state.highContrast, callbacks.onHighContrast)
}

@Composable
private fun FontSize(
    step: Int,
    onStep: (Int) -> Unit,
) {
    val words = MeStrings.font((FONT_STEPS[step] * 100).roundToInt())
    Column(Modifier.padding(vertical = 10.dp)) {
        FlowRow(
            Modifier.fillMaxWidth().clearAndSetSemantics { },
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Words(MeStrings.FONT)
            Words(words, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        }
        Row(
            horizontalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Words("A", Modifier.clearAndSetSemantics { }, Dangjian.type.label)
            Slider(
                value = step.toFloat(),
                onValueChange = { onStep(it.roundToInt()) },
                modifier =
                    Modifier.weight(1f).heightIn(min = Dangjian.space.touch).semantics {
                        contentDescription = MeStrings.FONT
                        stateDescription = words
                    },
                valueRange = 0f..FONT_STEPS.lastIndex.toFloat(),
                steps = FONT_STEPS.size - 2,
                colors =
                    SliderDefaults.colors(
                        thumbColor = Dangjian.colours.primary,
                        activeTrackColor = Dangjian.colours.primary,
                        inactiveTrackColor = Dangjian.colours.surfaceContainer,
                        activeTickColor = Color.Transparent,
                        inactiveTickColor = Dangjian.colours.outline,
                    ),
            )
            Words("A", Modifier.clearAndSetSemantics { }, Dangjian.type.headline)
        }
    }
}

@Composable
private fun AppearanceChoice(
    chosen: Appearance,
    onChoose: (Appearance) -> Unit,
) {
    Column(Modifier.padding(vertical = 10.dp)) {
        Words(MeStrings.APPEARANCE)
        FlowRow(
            Modifier.selectableGroup(),
            horizontalArrangement = Arrangement.spacedBy(if (Dangjian.elder) 12.dp else 8.dp),
        ) {
            Appearance.entries.forEach { appearance ->
                val selected = appearance == chosen
                val icon = if (selected) Icons.Check else null
                FilterChip(FilterState(appearance.name, appearance.label, selected, icon)) { onChoose(appearance) }
            }
        }
    }
}

@Composable
private fun SignOut(
    waiting: Int,
    callbacks: SettingsCallbacks,
) {
    Words(MeStrings.SIGN_OUT_TITLE, Modifier.semantics { heading() }, Dangjian.type.title)
    Words(MeStrings.SIGN_OUT_SENTENCE)
    if (waiting > 0) Banner(Icons.CloudUpload, MeStrings.waiting(waiting), Tone.Warn)
    Answers(MeStrings.SIGN_OUT, callbacks.onSignOut, { callbacks.onSignOutOpen(false) })
}

package org.dangjian.ui.office

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.Answers
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FactRow
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.SwitchRow
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

/** What the county uses: everything at once, or one by one. */
@Composable
fun FeaturesScreen(
    state: FeaturesState,
    callbacks: FeaturesCallbacks,
    modifier: Modifier = Modifier,
) {
    val title = if (state.asked == true) FeaturesStrings.REDUCE_TITLE else FeaturesStrings.RESTORE_TITLE
    SheetOver(
        open = state.asked != null,
        title = title,
        modifier = modifier,
        onDismiss = callbacks.onCancel,
        sheet = { state.asked?.let { Ask(it, title, callbacks) } },
    ) {
        ScreenFrame(top = { TopBar(OfficeStrings.FEATURES, onBack = callbacks.onBack) }) {
            Cards {
                state.problem?.let { ErrorCard(it, callbacks.onRetry) }
                if (state.unconfirmed) Banner(Icons.Schedule, FeaturesStrings.UNCONFIRMED, Tone.Warn)
                if (state.loading) LoadingCard() else Switches(state, callbacks)
            }
        }
    }
}

@Composable
private fun Switches(
    state: FeaturesState,
    callbacks: FeaturesCallbacks,
) {
    if (state.mayChange) {
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
            SwitchRow(
                FeaturesStrings.REDUCTION,
                state.reduced,
                callbacks.onReduced,
                supporting = FeaturesStrings.REDUCTION_SENTENCE,
            )
        }
    } else {
        NoteLine(Icons.Lock, FeaturesStrings.READ_ONLY)
    }
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        SectionHeading(FeaturesStrings.EACH, Modifier.padding(horizontal = 4.dp))
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
            Feature.entries.forEachIndexed { index, feature ->
                if (index > 0) RowDivider()
                val on = feature in state.on
                if (state.mayChange) {
                    SwitchRow(feature.label, on, { callbacks.onFeature(feature, it) }, supporting = feature.sentence)
                } else {
                    val words = if (on) FeaturesStrings.ON else FeaturesStrings.OFF
                    FactRow(FactState(feature.label, words), Modifier.padding(vertical = 12.dp))
                }
            }
        }
    }
}

@Composable
private fun Ask(
    reduce: Boolean,
    title: String,
    callbacks: FeaturesCallbacks,
) {
    Words(title, Modifier.semantics { heading() }, Dangjian.type.title)
    Words(if (reduce) FeaturesStrings.REDUCE_ASK else FeaturesStrings.RESTORE_ASK)
    val yes = if (reduce) FeaturesStrings.REDUCE else FeaturesStrings.RESTORE
    Answers(yes, callbacks.onConfirm, callbacks.onCancel)
}

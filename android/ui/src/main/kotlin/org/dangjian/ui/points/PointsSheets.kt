package org.dangjian.ui.points

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonPair
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.FactBox
import org.dangjian.ui.components.FactRow
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.UnconfirmedMark
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

/**
 * Rule × fact × cap = points.
 *
 * @param action what can be done about it; absent if nothing.
 */
@Composable
internal fun ExplanationSheet(
    state: PostingSheet.Explanation,
    onClose: () -> Unit,
    action: String?,
    onAction: () -> Unit,
) {
    FlowRow(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.SpaceBetween,
        itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        Words(state.title, Modifier.semantics { heading() }, Dangjian.type.title)
        if (state.standing == PostingStanding.Unconfirmed) UnconfirmedMark()
        if (state.standing == PostingStanding.TakenBack) {
            StatusChip(Icons.Undo, PointsStrings.TAKEN_BACK, Tone.Neutral)
        }
    }
    FactBox(state.lines)
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) { state.facts.forEach { FactRow(it) } }
    state.objection?.let { Objection(it) }
    state.note?.let { Banner(Icons.Info, it, Tone.Neutral) }
    val known: @Composable (Modifier) -> Unit = { AppButton(CommonStrings.KNOWN, onClose, it) }
    if (action == null) {
        known(Modifier.fillMaxWidth())
    } else {
        ButtonPair(first = { AppButton(action, onAction, it, ButtonKind.Outlined) }, second = known)
    }
}

@Composable
private fun Objection(objection: ObjectionState) {
    Column(verticalArrangement = Arrangement.spacedBy(6.dp)) {
        RowDivider()
        FlowRow(
            Modifier.fillMaxWidth().padding(top = 6.dp),
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Words(
                PointsStrings.made(objection.made),
                style = Dangjian.type.label,
                color = Dangjian.colours.onSurfaceVariant,
            )
            ObjectionChip(objection.standing)
        }
        Words(objection.text, style = Dangjian.type.banner)
        objection.answer?.let { FactRow(FactState(PointsStrings.ANSWER, it)) }
    }
}

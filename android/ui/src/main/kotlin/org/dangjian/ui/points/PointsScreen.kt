package org.dangjian.ui.points

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ReasonWords
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

/** The core takes 1,000 bytes, of which a Chinese character needs three. */
private const val MOST_LETTERS = 330

private val OBJECTION =
    PostingAction(
        PointsStrings.OBJECT,
        PointsStrings.OBJECT,
        ReasonWords(
            PointsStrings.OBJECTION_SENTENCE,
            PointsStrings.OBJECTION,
            PointsStrings.OBJECTION_HINT,
            PointsStrings.SEND,
            MOST_LETTERS,
            lines = 4,
        ),
    )

/** @param written the objection, as far as it is written. */
@Composable
fun PointsScreen(
    state: PointsState,
    callbacks: PostingsCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) = PostingsScreen(PointsStrings.TITLE, state.postings, OBJECTION, written, callbacks, modifier) {
    item(key = "total") { Total(state, Modifier.padding(horizontal = Dangjian.space.margin)) }
}

@Composable
private fun Total(
    state: PointsState,
    modifier: Modifier,
) {
    AppCard(modifier, gap = 14.dp) {
        Column(Modifier.semantics(mergeDescendants = true) { }) {
            Words(state.period, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            FlowRow(
                horizontalArrangement = Arrangement.spacedBy(10.dp),
                itemVerticalAlignment = Alignment.CenterVertically,
            ) {
                Words(state.total, style = Dangjian.type.displayNumber)
                if (state.unconfirmed > 0) {
                    StatusChip(Icons.Schedule, PointsStrings.unconfirmed(state.unconfirmed), Tone.Warn)
                }
            }
        }
        state.chart?.let { chart ->
            FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
                Words(PointsStrings.CHART, style = Dangjian.type.labelBold)
                Words(chart.summary, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            }
            PointsChart(chart)
        }
    }
}

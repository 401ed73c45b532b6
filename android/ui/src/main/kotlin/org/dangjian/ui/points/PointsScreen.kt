package org.dangjian.ui.points

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.TextAction
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

@Composable
fun PointsScreen(
    state: PointsState,
    callbacks: PointsCallbacks,
    modifier: Modifier = Modifier,
) {
    val sheet = state.sheet
    SheetOver(
        open = sheet != null,
        title =
            when (sheet) {
                is PointsSheet.Explanation -> sheet.title
                else -> PointsStrings.OBJECT
            },
        modifier = modifier,
        // What was written is not lost by a tap beside it.
        onDismiss = callbacks.onCloseSheet.takeIf { sheet is PointsSheet.Explanation },
        sheet = {
            when (sheet) {
                is PointsSheet.Explanation -> {
                    ExplanationSheet(
                        sheet,
                        callbacks.onCloseSheet,
                        PointsStrings.OBJECT.takeIf { sheet.canObject && sheet.objection == null },
                        { callbacks.onObject(sheet.posting) },
                    )
                }

                is PointsSheet.Objection -> {
                    ObjectionSheet(sheet, callbacks)
                }

                null -> {}
            }
        },
    ) {
        val margin = Modifier.padding(horizontal = Dangjian.space.margin)
        ScreenFrame(top = { TopBar(PointsStrings.TITLE, onBack = callbacks.onBack) }) {
            Rows {
                state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
                item(key = "total") { Total(state, margin) }
                item(key = "filters") { FilterChips(state.filters, callbacks.onFilter) }
                if (state.loading) item(key = "loading") { LoadingCard(margin) }
                state.empty?.let {
                    item(key = "empty") { EmptyCard(it, Icons.WorkspacePremiumFill, callbacks.onEmptyWayOn, margin) }
                }
                with(callbacks) { postings(state.days, state.more, state.filters, margin, onPosting, onMore, onEnd) }
            }
        }
    }
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

/** What a day brought, posting by posting. */
@Composable
internal fun PostingsOfDay(
    day: PointsDayState,
    onPosting: (String) -> Unit,
    onMore: (String) -> Unit,
    modifier: Modifier = Modifier,
) {
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 6.dp)) {
        Words(
            day.title,
            Modifier.padding(top = 8.dp, bottom = 4.dp).semantics { heading() },
            style = Dangjian.type.labelBold,
            color = Dangjian.colours.onSurfaceVariant,
        )
        day.postings.forEachIndexed { index, posting ->
            if (index > 0) RowDivider()
            Posting(posting) { onPosting(posting.id) }
        }
        day.more?.let {
            RowDivider()
            TextAction(it, { onMore(day.id) }, style = Dangjian.type.labelBold, trailing = Icons.ChevronRight)
        }
    }
}

@Composable
private fun Posting(
    posting: PostingState,
    onClick: () -> Unit,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    val confirmed = posting.standing == PostingStanding.Confirmed
    ListRow(
        Modifier.padding(vertical = 4.dp),
        leading = { IconSquare(posting.kind.icon, posting.kind.tone) },
        trailing = {
            Column(horizontalAlignment = if (Dangjian.largeText) Alignment.Start else Alignment.End) {
                Words(
                    posting.points,
                    style = Dangjian.type.cardTitle,
                    color = if (confirmed) Dangjian.colours.onSurface else variant,
                )
                Standing(posting.standing)
            }
        },
        onClick = onClick,
    ) {
        Words(posting.rule, style = Dangjian.type.bodyBold)
        if (posting.about.isNotEmpty()) Words(posting.about, style = Dangjian.type.label, color = variant)
        posting.objection?.let { Box(Modifier.padding(top = 4.dp)) { ObjectionChip(it) } }
    }
}

@Composable
private fun Standing(standing: PostingStanding) {
    val warn = Dangjian.colours.warn
    val variant = Dangjian.colours.onSurfaceVariant
    when (standing) {
        PostingStanding.Confirmed -> {
            Words(PointsStrings.CONFIRMED, style = Dangjian.type.small, color = variant)
        }

        PostingStanding.Unconfirmed -> {
            Row(
                horizontalArrangement = Arrangement.spacedBy(2.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Symbol(Icons.Schedule, 14, tint = warn)
                Words(CommonStrings.UNCONFIRMED, style = Dangjian.type.chip, color = warn)
            }
        }

        PostingStanding.TakenBack -> {
            Words(PointsStrings.TAKEN_BACK, style = Dangjian.type.small, color = variant)
        }
    }
}

/** Where an objection stands. */
@Composable
internal fun ObjectionChip(standing: ObjectionStanding) {
    when (standing) {
        ObjectionStanding.Waiting -> StatusChip(Icons.CloudUpload, PointsStrings.OBJECTION_WAITING, Tone.Warn)
        ObjectionStanding.Open -> StatusChip(Icons.HourglassTop, PointsStrings.OBJECTION_OPEN, Tone.Info)
        ObjectionStanding.Granted -> StatusChip(Icons.VerifiedFill, PointsStrings.OBJECTION_GRANTED, Tone.Ok)
        ObjectionStanding.Rejected -> StatusChip(Icons.Undo, PointsStrings.OBJECTION_REJECTED, Tone.Neutral)
    }
}

package org.dangjian.ui.points

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
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
import org.dangjian.ui.components.ReasonForm
import org.dangjian.ui.components.ReasonWords
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
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

/** What can be done about a posting by saying why. */
@Immutable
internal class PostingAction(
    val label: String,
    val title: String,
    val words: ReasonWords,
)

/**
 * Postings day by day, with a sheet about one of them.
 *
 * @param written why, as far as it is written.
 * @param head what stands above them.
 */
@Composable
internal fun PostingsScreen(
    title: String,
    state: PostingsState,
    action: PostingAction,
    written: String,
    callbacks: PostingsCallbacks,
    modifier: Modifier,
    head: LazyListScope.() -> Unit = {},
) {
    val sheet = state.sheet
    SheetOver(
        open = sheet != null,
        title = (sheet as? PostingSheet.Explanation)?.title ?: action.title,
        modifier = modifier,
        // What was written is not lost by a tap beside it.
        onDismiss = callbacks.onCloseSheet.takeIf { sheet is PostingSheet.Explanation },
        sheet = {
            when (sheet) {
                is PostingSheet.Explanation -> {
                    ExplanationSheet(
                        sheet,
                        callbacks.onCloseSheet,
                        action.label.takeIf { sheet.mayAct && sheet.objection == null },
                        { callbacks.onReason(sheet.posting) },
                    )
                }

                is PostingSheet.Reason -> {
                    Words(action.title, Modifier.semantics { heading() }, Dangjian.type.title)
                    Words(sheet.about, style = Dangjian.type.bodyBold)
                    ReasonForm(
                        action.words,
                        written,
                        sheet.problem,
                        sheet.busy,
                        callbacks.onText,
                        callbacks.onSend,
                        callbacks.onCloseSheet,
                    )
                }

                null -> {}
            }
        },
    ) {
        ScreenFrame(top = { TopBar(title, onBack = callbacks.onBack) }) { Postings(state, callbacks, head) }
    }
}

@Composable
private fun Postings(
    state: PostingsState,
    callbacks: PostingsCallbacks,
    head: LazyListScope.() -> Unit,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    Rows {
        state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
        head()
        item(key = "filters") { FilterChips(state.filters, callbacks.onFilter) }
        if (state.loading) item(key = "loading") { LoadingCard(margin) }
        state.empty?.let {
            item(key = "empty") { EmptyCard(it, Icons.WorkspacePremiumFill, callbacks.onEmptyWayOn, margin) }
        }
        items(state.days, key = { it.id }) { PostingsOfDay(it, callbacks.onPosting, callbacks.onMore, margin) }
        endOfList(state.more, state.filters to state.days.lastOrNull()?.id, margin, callbacks.onEnd)
    }
}

/** What a day brought, posting by posting. */
@Composable
private fun PostingsOfDay(
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

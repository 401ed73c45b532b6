package org.dangjian.ui.office

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.ReasonForm
import org.dangjian.ui.components.ReasonWords
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.points.ExplanationSheet
import org.dangjian.ui.points.postings
import org.dangjian.ui.theme.Dangjian

private val REVERSAL =
    ReasonWords(
        LedgerStrings.REVERSAL_SENTENCE,
        LedgerStrings.REASON,
        LedgerStrings.REASON_HINT,
        LedgerStrings.CONFIRM,
    )

/**
 * Somebody's postings, and taking one back.
 *
 * @param written the reason, as far as it is written.
 */
@Composable
fun LedgerScreen(
    state: LedgerState,
    callbacks: LedgerCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) {
    val sheet = state.sheet
    SheetOver(
        open = sheet != null,
        title =
            when (sheet) {
                is LedgerSheet.Explanation -> sheet.explanation.title
                else -> LedgerStrings.REVERSAL
            },
        modifier = modifier,
        // What was written is not lost by a tap beside it.
        onDismiss = callbacks.onCloseSheet.takeIf { sheet is LedgerSheet.Explanation },
        sheet = {
            when (sheet) {
                is LedgerSheet.Explanation -> {
                    ExplanationSheet(
                        sheet.explanation,
                        callbacks.onCloseSheet,
                        LedgerStrings.REVERSE.takeIf { sheet.canReverse },
                        { callbacks.onReverse(sheet.explanation.posting) },
                    )
                }

                is LedgerSheet.Reversal -> {
                    Reversal(sheet, written, callbacks)
                }

                null -> {}
            }
        },
    ) {
        val title = state.name?.let(LedgerStrings::titleOf) ?: LedgerStrings.TITLE
        ScreenFrame(top = { TopBar(title, onBack = callbacks.onBack) }) { Postings(state, callbacks) }
    }
}

@Composable
private fun Postings(
    state: LedgerState,
    callbacks: LedgerCallbacks,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    LazyColumn(
        contentPadding = PaddingValues(bottom = 16.dp),
        verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
    ) {
        state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
        item(key = "filters") { FilterChips(state.filters, callbacks.onFilter) }
        if (state.loading) item(key = "loading") { LoadingCard(margin) }
        state.empty?.let { item(key = "empty") { EmptyCard(it, Icons.WorkspacePremiumFill, {}, margin) } }
        with(callbacks) { postings(state.days, state.more, state.filters, margin, onPosting, onMore, onEnd) }
    }
}

@Composable
private fun Reversal(
    state: LedgerSheet.Reversal,
    written: String,
    callbacks: LedgerCallbacks,
) {
    Words(LedgerStrings.REVERSAL, Modifier.semantics { heading() }, Dangjian.type.title)
    Words(state.about, style = Dangjian.type.bodyBold)
    ReasonForm(
        REVERSAL,
        written,
        state.problem,
        callbacks.onReason,
        { callbacks.onConfirm(state.posting) },
        callbacks.onCloseSheet,
    )
}

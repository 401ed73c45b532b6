package org.dangjian.ui.office

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonPair
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.points.ExplanationSheet
import org.dangjian.ui.points.postings
import org.dangjian.ui.theme.Dangjian

/** Somebody's postings, and taking one back. */
@Composable
fun LedgerScreen(
    state: LedgerState,
    callbacks: LedgerCallbacks,
    modifier: Modifier = Modifier,
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
                    Reversal(sheet, callbacks)
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
    Rows {
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
    callbacks: LedgerCallbacks,
) {
    Words(LedgerStrings.REVERSAL, Modifier.semantics { heading() }, Dangjian.type.title)
    Words(state.about, style = Dangjian.type.bodyBold)
    Words(LedgerStrings.REVERSAL_SENTENCE, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
    WritingField(
        LedgerStrings.REASON,
        state.reason,
        callbacks.onReason,
        hint = LedgerStrings.REASON_HINT,
        most = MOST_REASON,
        lines = 3,
    )
    state.problem?.let { Banner(Icons.ErrorFill, it, Tone.Error) }
    ButtonPair(
        first = { AppButton(CommonStrings.CANCEL, callbacks.onCloseSheet, it, ButtonKind.Outlined) },
        second = {
            AppButton(
                LedgerStrings.CONFIRM,
                { callbacks.onConfirm(state.posting) },
                it,
                enabled = state.reason.isNotBlank(),
            )
        },
    )
}

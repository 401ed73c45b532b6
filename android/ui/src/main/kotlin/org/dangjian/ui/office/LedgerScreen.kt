package org.dangjian.ui.office

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.dangjian.ui.components.ReasonWords
import org.dangjian.ui.points.PostingAction
import org.dangjian.ui.points.PostingsCallbacks
import org.dangjian.ui.points.PostingsScreen

private val REVERSAL =
    PostingAction(
        LedgerStrings.REVERSE,
        LedgerStrings.REVERSAL,
        ReasonWords(
            LedgerStrings.REVERSAL_SENTENCE,
            LedgerStrings.REASON,
            LedgerStrings.REASON_HINT,
            LedgerStrings.CONFIRM,
        ),
    )

/**
 * Somebody's postings, and taking one back.
 *
 * @param written the reason, as far as it is written.
 */
@Composable
fun LedgerScreen(
    state: LedgerState,
    callbacks: PostingsCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) {
    val title = state.name?.let(LedgerStrings::titleOf) ?: LedgerStrings.TITLE
    PostingsScreen(title, state.postings, REVERSAL, written, callbacks, modifier)
}

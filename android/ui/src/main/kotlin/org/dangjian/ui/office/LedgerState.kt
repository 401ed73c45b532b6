package org.dangjian.ui.office

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.points.PointsDayState
import org.dangjian.ui.points.PointsSheet

/** What somebody's postings show whoever may see them. */
@Immutable
data class LedgerState(
    /** Whose; absent if the name is not at hand. */
    val name: String? = null,
    val filters: List<FilterState>,
    val days: List<PointsDayState>,
    /** Whether there are earlier ones. */
    val more: Boolean = false,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    val empty: EmptyState? = null,
    val sheet: LedgerSheet? = null,
)

@Immutable
sealed interface LedgerSheet {
    /** Where a posting comes from. */
    data class Explanation(
        val explanation: PointsSheet.Explanation,
        val canReverse: Boolean,
    ) : LedgerSheet

    /** A posting being taken back. */
    data class Reversal(
        val posting: String,
        /** 「有效阅读满 1 分钟计 1 分 · +3」 */
        val about: String,
        val problem: String? = null,
    ) : LedgerSheet
}

data class LedgerCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onFilter: (String) -> Unit = {},
    val onPosting: (String) -> Unit = {},
    val onMore: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    val onCloseSheet: () -> Unit = {},
    val onReverse: (String) -> Unit = {},
    val onReason: (String) -> Unit = {},
    val onConfirm: (String) -> Unit = {},
)

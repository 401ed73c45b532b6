package org.dangjian.ui.office

import androidx.compose.runtime.Immutable
import org.dangjian.ui.boards.BoardLineState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FilterState

/** What 黄榜和黑榜 shows whoever leads a branch: the names. */
@Immutable
data class LowBoardsState(
    /** Whether the black board is seen, not the yellow one. */
    val black: Boolean = false,
    /** The branches one leads, where there are several. */
    val branches: List<FilterState> = emptyList(),
    val org: String,
    val orgLast: String = org,
    val lines: List<BoardLineState>,
    val more: Boolean = false,
    /** Who sees the names. */
    val note: String,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** Why nobody stands on it. */
    val empty: EmptyState? = null,
)

data class LowBoardsCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onBlack: (Boolean) -> Unit = {},
    val onBranch: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    /** Somebody's postings. */
    val onMember: (String) -> Unit = {},
)

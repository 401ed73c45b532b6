package org.dangjian.ui.office

import androidx.compose.runtime.Immutable
import org.dangjian.ui.points.PostingsState

/** What somebody's postings show whoever may see them. */
@Immutable
data class LedgerState(
    /** Whose; absent if the name is not at hand. */
    val name: String? = null,
    val postings: PostingsState = PostingsState(loading = true),
)

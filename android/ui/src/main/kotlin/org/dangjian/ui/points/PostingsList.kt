package org.dangjian.ui.points

import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier
import org.dangjian.ui.components.LoadingCard

/** Postings day by day; whoever reaches the end of those at hand is told of by [onEnd]. */
internal fun LazyListScope.postings(
    days: List<PointsDayState>,
    more: Boolean,
    chosen: Any,
    modifier: Modifier,
    onPosting: (String) -> Unit,
    onMore: (String) -> Unit,
    onEnd: () -> Unit,
) {
    items(days, key = { it.id }) { PostingsOfDay(it, onPosting, onMore, modifier) }
    if (more) {
        item(key = "end") {
            // Another choice has another end.
            LaunchedEffect(chosen, days.lastOrNull()?.id) { onEnd() }
            LoadingCard(modifier)
        }
    }
}

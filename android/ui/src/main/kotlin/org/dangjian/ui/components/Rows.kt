package org.dangjian.ui.components

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.snapshots.Snapshot
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian

/**
 * A screen's rows, scrolling. Whoever is at the top stays there when something comes in above: a [LazyColumn] alone keeps the
 * row that was first in its place, and a problem, the points of the day or the newest notice would be out of sight above it.
 */
@Composable
fun Rows(
    modifier: Modifier = Modifier,
    state: LazyListState = rememberLazyListState(),
    top: Dp = 0.dp,
    gap: Dp = Dangjian.space.gap,
    content: LazyListScope.() -> Unit,
) {
    SideEffect {
        val atTop =
            Snapshot.withoutReadObservation {
                state.firstVisibleItemIndex == 0 && state.firstVisibleItemScrollOffset == 0 && !state.isScrollInProgress
            }
        if (atTop) state.requestScrollToItem(0)
    }
    LazyColumn(
        modifier,
        state,
        contentPadding = PaddingValues(top = top, bottom = 16.dp),
        verticalArrangement = Arrangement.spacedBy(gap),
        content = content,
    )
}

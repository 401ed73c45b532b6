package org.dangjian.ui.members

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.theme.Dangjian

@Composable
fun MembersScreen(
    state: MembersState,
    query: String,
    callbacks: MembersCallbacks,
    modifier: Modifier = Modifier,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    val list = rememberLazyListState()
    val onSeen by rememberUpdatedState(callbacks.onSeen)
    LaunchedEffect(list) {
        snapshotFlow { list.firstVisibleItemIndex }.collect { onSeen(it) }
    }
    // What is found for something else is seen from its beginning.
    var listed by rememberSaveable { mutableStateOf(state.query) }
    LaunchedEffect(state.query) {
        if (listed != state.query) list.scrollToItem(0)
        listed = state.query
    }
    ScreenFrame(
        modifier,
        top = {
            TopBar(MembersStrings.TITLE, onBack = callbacks.onBack)
            WritingField(MembersStrings.SEARCH, query, callbacks.onQuery, margin.padding(bottom = 12.dp))
        },
    ) {
        Rows(state = list, gap = 0.dp) {
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            if (state.count == 0 && !state.loading && state.problem == null) {
                item(key = "empty") {
                    EmptyCard(EmptyState(MembersStrings.EMPTY, MembersStrings.EMPTY_SENTENCE), Icons.Groups, {}, margin)
                }
            }
            // By place, not by person: rows that are not at hand have none.
            items(state.count, key = { it }) { index ->
                val row = state.row(index)
                if (row == null) {
                    Box(margin.fillMaxWidth().heightIn(min = Dangjian.space.row))
                } else {
                    MemberRow(row, margin) { callbacks.onMember(row.id) }
                }
                RowDivider(margin)
            }
        }
    }
}

@Composable
private fun MemberRow(
    row: MemberRowState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    ListRow(
        modifier.padding(vertical = 4.dp),
        leading = { Avatar(row.name) },
        trailing =
            when {
                row.suspended -> ({ StatusChip(Icons.Block, MembersStrings.SUSPENDED, Tone.Warn) })

                row.migrant -> ({ StatusChip(Icons.Person, MembersStrings.MIGRANT, Tone.Info) })

                // With large letters it would stand in a line of its own.
                Dangjian.largeText -> null

                else -> ({ Symbol(Icons.ChevronRight, 20, tint = Dangjian.colours.onSurfaceVariant) })
            },
        onClick = onClick,
    ) {
        Words(listOfNotNull(row.name, row.role).joinToString(" · "), style = Dangjian.type.bodyBold)
        LongName(row.branch, row.branchLast)
    }
}

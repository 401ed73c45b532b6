package org.dangjian.ui.office

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardLineState
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.TabRow
import org.dangjian.ui.components.TabState
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

/** Who stands on the low boards of one's branch, by name. */
@Composable
fun LowBoardsScreen(
    state: LowBoardsState,
    callbacks: LowBoardsCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = {
            TopBar(OfficeStrings.LOW_BOARDS, onBack = callbacks.onBack)
            TabRow(
                listOf(TabState(BoardKind.Yellow.label), TabState(BoardKind.Black.label)),
                if (state.black) 1 else 0,
                { callbacks.onBlack(it == 1) },
            )
        },
    ) {
        val margin = Modifier.padding(horizontal = Dangjian.space.margin)
        Rows(top = 12.dp) {
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
            if (state.branches.isNotEmpty()) {
                item(key = "branches") { FilterChips(state.branches, callbacks.onBranch) }
            } else if (state.org.isNotEmpty()) {
                item(key = "org") { LongName(state.org, state.orgLast, margin.padding(horizontal = 4.dp)) }
            }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            state.empty?.let { item(key = "empty") { EmptyCard(it, Icons.TaskAltFill, {}, margin) } }
            items(state.lines, key = { it.id }) { line ->
                Person(line, margin) { callbacks.onMember(line.id) }
            }
            endOfList(state.more, Triple(state.black, state.org, state.lines.size), margin, callbacks.onEnd)
            item(key = "notes") {
                Column(margin, verticalArrangement = Arrangement.spacedBy(8.dp)) {
                    if (state.note.isNotEmpty()) NoteLine(Icons.VisibilityOff, state.note)
                    NoteLine(Icons.Info, LowBoardsStrings.CARE)
                }
            }
        }
    }
}

@Composable
private fun Person(
    line: BoardLineState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(modifier, PaddingValues(horizontal = 16.dp, vertical = 8.dp), onClick = onClick) {
        ListRow(
            leading = { Avatar(line.name) },
            trailing = {
                Column(horizontalAlignment = if (Dangjian.largeText) Alignment.Start else Alignment.End) {
                    Words(line.score, style = Dangjian.type.cardTitle)
                    Words(line.points, style = Dangjian.type.small, color = variant)
                }
            },
        ) {
            Words(line.name, style = Dangjian.type.bodyBold)
        }
    }
}

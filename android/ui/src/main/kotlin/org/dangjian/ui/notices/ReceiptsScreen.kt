package org.dangjian.ui.notices

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.TabRow
import org.dangjian.ui.components.TabState
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

/** What is drawn at once. */
private const val NAMES_A_CARD = 50

@Composable
fun ReceiptsScreen(
    state: ReceiptsState,
    callbacks: ReceiptsCallbacks,
    modifier: Modifier = Modifier,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    val readers = state.readers
    val showUnread = state.showUnread || readers == null
    val names = if (showUnread) state.unread else readers.orEmpty()
    val missing = state.addressed - state.read
    ScreenFrame(modifier, top = { TopBar(NoticeStrings.RECEIPTS, onBack = callbacks.onBack) }) {
        Rows {
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            if (state.loading || state.problem != null) return@Rows
            item(key = "count") { Count(state, margin) }
            item(key = "tabs") {
                if (readers == null) {
                    SectionHeading(NoticeStrings.unread(missing), margin)
                } else {
                    TabRow(
                        listOf(TabState(NoticeStrings.unread(missing)), TabState(NoticeStrings.read(state.read))),
                        if (showUnread) 0 else 1,
                        { callbacks.onShowUnread(it == 0) },
                    )
                }
            }
            if (names.isEmpty()) item(key = "nobody") { Nobody(showUnread, margin) }
            items(names.chunked(NAMES_A_CARD), key = { it.first().id }) { Names(it, margin) }
            endOfList(state.more, showUnread to names.size, margin, callbacks.onEnd)
            state.asOf?.let { item(key = "as of") { NoteLine(Icons.Schedule, NoticeStrings.asOf(it), margin) } }
        }
    }
}

@Composable
private fun Nobody(
    showUnread: Boolean,
    modifier: Modifier,
) {
    val empty =
        if (showUnread) {
            EmptyState(NoticeStrings.ALL_READ, NoticeStrings.ALL_READ_SENTENCE)
        } else {
            EmptyState(NoticeStrings.NONE_READ, NoticeStrings.NONE_READ_SENTENCE)
        }
    EmptyCard(empty, if (showUnread) Icons.TaskAltFill else Icons.Campaign, {}, modifier)
}

@Composable
private fun Count(
    state: ReceiptsState,
    modifier: Modifier,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(modifier, gap = 10.dp) {
        Words(state.title, Modifier.semantics { heading() }, Dangjian.type.bodyBold)
        Words(state.about, style = Dangjian.type.label, color = variant)
        Column(
            Modifier.clearAndSetSemantics { contentDescription = state.sentence },
            verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            FlowRow(
                Modifier.fillMaxWidth(),
                horizontalArrangement = Arrangement.SpaceBetween,
                itemVerticalAlignment = Alignment.CenterVertically,
            ) {
                Words(NoticeStrings.readOf(state.read), style = Dangjian.type.cardTitle)
                Words(NoticeStrings.ofAll(state.read, state.addressed), style = Dangjian.type.cardTitle)
            }
            ProgressBar(state.read / state.addressed.coerceAtLeast(1).toFloat())
            Words(
                NoticeStrings.notRead(state.addressed - state.read),
                style = Dangjian.type.label,
                color = variant,
            )
        }
    }
}

@Composable
private fun Names(
    names: List<ReceiptState>,
    modifier: Modifier,
) {
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
        names.forEachIndexed { index, person ->
            if (index > 0) RowDivider()
            ListRow(
                Modifier.padding(vertical = 4.dp).semantics(mergeDescendants = true) { },
                leading = { Avatar(person.name) },
            ) {
                Words(person.name, style = Dangjian.type.bodyBold)
                Words(person.below, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            }
        }
    }
}

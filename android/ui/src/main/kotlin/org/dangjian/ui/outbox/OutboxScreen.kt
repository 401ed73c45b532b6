package org.dangjian.ui.outbox

import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.Foot
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.RefusedCard
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

@Composable
fun OutboxScreen(
    state: OutboxState,
    callbacks: OutboxCallbacks,
    modifier: Modifier = Modifier,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    val queued = state.waiting.any { it.standing == OutboxStanding.Queued }
    ScreenFrame(
        modifier,
        top = { TopBar(OutboxStrings.TITLE, onBack = callbacks.onBack) },
        bottom = {
            if (queued && state.sync == SyncState.Settled) {
                Foot {
                    AppButton(
                        OutboxStrings.SYNC,
                        callbacks.onSync,
                        Modifier.fillMaxWidth(),
                        ButtonKind.Outlined,
                        icon = Icons.Sync,
                    )
                }
            }
        },
    ) {
        Rows {
            if (state.sync != SyncState.Settled) item(key = "sync") { Sync(state.sync, margin) }
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onSync, margin) } }
            items(state.refused, key = { it.id }) {
                RefusedCard(it, callbacks.onRefusedWayOn, callbacks.onRefusedKnown, margin)
            }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            if (state.waiting.isNotEmpty()) {
                item(key = "waiting") { Waiting(state.waiting, margin) }
            } else if (state.refused.isEmpty() && !state.loading && state.problem == null) {
                item(key = "empty") {
                    val empty = EmptyState(OutboxStrings.EMPTY, OutboxStrings.EMPTY_SENTENCE)
                    EmptyCard(empty, Icons.CloudDone, {}, margin)
                }
            }
            endOfList(state.more, state.waiting.size, margin, callbacks.onEnd)
        }
    }
}

@Composable
private fun Sync(
    state: SyncState,
    modifier: Modifier,
) {
    when (state) {
        SyncState.Settled -> Unit
        is SyncState.Offline -> Banner(Icons.CloudOffFill, CommonStrings.OFFLINE, Tone.Warn, modifier)
        is SyncState.Syncing -> Banner(Icons.Sync, CommonStrings.syncing(state.done, state.total), Tone.Info, modifier)
    }
}

@Composable
private fun Waiting(
    waiting: List<OutboxItemState>,
    modifier: Modifier,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 12.dp)) {
        SectionHeading(OutboxStrings.WAITING)
        Words(OutboxStrings.SAFE, Modifier.padding(bottom = 8.dp), Dangjian.type.label, variant)
        waiting.forEach { item ->
            RowDivider()
            ListRow(
                Modifier.padding(vertical = 6.dp).semantics(mergeDescendants = true) { },
                trailing = { StatusChip(item.standing.icon, item.standing.label, item.standing.tone) },
            ) {
                Words(item.title, style = Dangjian.type.bodyBold)
                if (item.about.isNotEmpty()) Words(item.about, style = Dangjian.type.label, color = variant)
            }
        }
        if (waiting.any { it.standing == OutboxStanding.Held }) {
            RowDivider()
            Words(OutboxStrings.HELD_SENTENCE, Modifier.padding(top = 8.dp), Dangjian.type.label, variant)
        }
    }
}

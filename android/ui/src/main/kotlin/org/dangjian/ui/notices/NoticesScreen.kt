package org.dangjian.ui.notices

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.BottomBar
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonSize
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.SyncBanner
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

@Composable
fun NoticesScreen(
    state: NoticesState,
    callbacks: NoticesCallbacks,
    modifier: Modifier = Modifier,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    ScreenFrame(
        modifier,
        top = { TopBar(NoticeStrings.MESSAGES) },
        bottom = { BottomBar(state.bar, callbacks.onTab) },
    ) {
        Rows {
            if (state.sync != SyncState.Settled) {
                item(key = "sync") { SyncBanner(state.sync, callbacks.onOutbox, margin) }
            }
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
            if (state.canPublish) item(key = "publish") { Publish(state.draft, callbacks.onPublish, margin) }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            if (state.items.isEmpty() && !state.loading) {
                item(key = "empty") {
                    val empty = EmptyState(NoticeStrings.EMPTY, NoticeStrings.EMPTY_SENTENCE)
                    EmptyCard(empty, Icons.Campaign, {}, margin)
                }
            }
            items(state.items, key = { it.id }) { NoticeItem(it, margin) { callbacks.onNotice(it.id) } }
            endOfList(state.more, state.items.size, margin, callbacks.onEnd)
        }
    }
}

@Composable
private fun Publish(
    draft: String?,
    onPublish: () -> Unit,
    modifier: Modifier,
) {
    if (draft == null) {
        AppButton(
            NoticeStrings.PUBLISH,
            onPublish,
            modifier.fillMaxWidth(),
            ButtonKind.Tonal,
            icon = Icons.EditNote,
        )
    } else {
        AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp), gap = 10.dp) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                IconSquare(Icons.EditNote, Tone.Neutral)
                Column(Modifier.weight(1f)) {
                    Words(NoticeStrings.DRAFT, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                    Words(draft, style = Dangjian.type.bodyBold)
                }
            }
            AppButton(
                NoticeStrings.CONTINUE_DRAFT,
                onPublish,
                Modifier.fillMaxWidth(),
                ButtonKind.Tonal,
                ButtonSize.Small,
            )
        }
    }
}

@Composable
private fun NoticeItem(
    item: NoticeItemState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colours = Dangjian.colours
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp), onClick = onClick) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            val fresh = !item.read && !item.withdrawn
            IconSquare(if (fresh) Icons.CampaignFill else Icons.Campaign, if (fresh) Tone.Ours else Tone.Neutral)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
                Words(
                    item.title,
                    style = if (fresh) Dangjian.type.bodyBold else Dangjian.type.body,
                    color = if (item.withdrawn) colours.onSurfaceVariant else colours.onSurface,
                )
                LongName(item.org, item.orgLast)
                Words(item.published, style = Dangjian.type.label, color = colours.onSurfaceVariant)
                FlowRow(
                    Modifier.padding(top = 4.dp),
                    horizontalArrangement = Arrangement.spacedBy(8.dp),
                    verticalArrangement = Arrangement.spacedBy(8.dp),
                ) {
                    if (item.withdrawn) {
                        StatusChip(Icons.Undo, NoticeStrings.WITHDRAWN, Tone.Neutral)
                    } else {
                        if (fresh) StatusChip(Icons.Notifications, NoticeStrings.UNREAD, Tone.Ours)
                        if (item.edited) StatusChip(Icons.EditNote, NoticeStrings.EDITED, Tone.Info)
                    }
                    if (item.unconfirmed) StatusChip(Icons.CloudUpload, CommonStrings.TO_UPLOAD, Tone.Warn)
                }
            }
        }
    }
}

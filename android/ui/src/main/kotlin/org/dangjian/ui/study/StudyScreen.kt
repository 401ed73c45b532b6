package org.dangjian.ui.study

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
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
import androidx.compose.ui.semantics.disabled
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.BottomBar
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.IconAction
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.UnconfirmedMark
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

@Composable
fun StudyScreen(
    state: StudyState,
    callbacks: StudyCallbacks,
    modifier: Modifier = Modifier,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    ScreenFrame(
        modifier,
        top = { TopBar(StudyStrings.TITLE) },
        bottom = { BottomBar(state.bar, callbacks.onTab) },
    ) {
        Rows {
            state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
            state.points?.let { item(key = "points") { Points(it, margin) } }
            item(key = "filters") {
                Column {
                    FilterChips(state.filters, callbacks.onFilter)
                    if (state.offline) OfflineLine(margin.padding(top = 6.dp))
                }
            }
            if (state.loading) item(key = "loading") { LoadingCard(margin) }
            state.empty?.let {
                item(key = "empty") { EmptyCard(it, Icons.MenuBook, callbacks.onEmptyWayOn, margin) }
            }
            items(state.items, key = { it.id }) { item -> StudyItem(item, margin, callbacks) }
            endOfList(state.more, state.filters to state.items.size, margin, callbacks.onEnd)
        }
    }
}

@Composable
private fun Points(
    points: StudyPointsState,
    modifier: Modifier,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(
        modifier.semantics(mergeDescendants = true) { },
        padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp),
        gap = 8.dp,
    ) {
        FlowRow(
            Modifier.fillMaxWidth(),
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Words(points.title, Modifier.semantics { heading() }, style = Dangjian.type.bodyBold)
            Words(points.of, style = Dangjian.type.label, color = variant)
        }
        ProgressBar(points.fraction)
        Words(points.byKind, style = Dangjian.type.label, color = variant)
    }
}

@Composable
private fun OfflineLine(modifier: Modifier) {
    val variant = Dangjian.colours.onSurfaceVariant
    Row(modifier, horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
        Symbol(Icons.CloudOff, 18, tint = variant)
        Words(StudyStrings.OFFLINE, style = Dangjian.type.label, color = variant)
    }
}

@Composable
private fun StudyItem(
    item: StudyItemState,
    modifier: Modifier,
    callbacks: StudyCallbacks,
) {
    val colours = Dangjian.colours
    AppCard(
        modifier.semantics(mergeDescendants = true) { if (!item.canOpen) disabled() },
        gap = 12.dp,
        onClick = { callbacks.onItem(item.id) }.takeIf { item.canOpen },
    ) {
        Row(horizontalArrangement = Arrangement.spacedBy(4.dp)) {
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
                Words(
                    item.title,
                    style = Dangjian.type.cardTitle,
                    color = if (item.canOpen) colours.onSurface else colours.onSurfaceVariant,
                )
                item.source?.let { Words(it, style = Dangjian.type.label, color = colours.onSurfaceVariant) }
            }
            Fetching(item, callbacks)
        }
        val note: @Composable () -> Unit = {
            item.note?.let {
                Words(
                    it,
                    style = if (item.earns) Dangjian.type.labelBold else Dangjian.type.label,
                    color = if (item.earns) colours.primary else colours.onSurfaceVariant,
                )
            }
        }
        if (Dangjian.largeText || Dangjian.elder) {
            Chips(item, Modifier)
            note()
        } else {
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                Chips(item, Modifier.weight(1f))
                Box(Modifier.padding(top = 2.dp)) { note() }
            }
        }
        if (item.percent != null) Progress(item.percent, item.studied)
        if (item.unconfirmed) Box { UnconfirmedMark() }
    }
}

/** Fetching an item for later, or leaving off. */
@Composable
private fun Fetching(
    item: StudyItemState,
    callbacks: StudyCallbacks,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    if (item.availability is Availability.Downloading) {
        IconAction(Icons.Close, StudyStrings.cancel(item.title), { callbacks.onCancel(item.id) }, tint = variant)
    } else if (item.canDownload) {
        IconAction(
            Icons.CloudDownload,
            StudyStrings.download(item.title),
            { callbacks.onDownload(item.id) },
            tint = variant,
        )
    }
}

@Composable
private fun Chips(
    item: StudyItemState,
    modifier: Modifier,
) {
    FlowRow(
        modifier,
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        val kind = item.kind.label
        StatusChip(
            item.kind.icon,
            item.length?.let { StudyStrings.kindAndLength(kind, it) } ?: kind,
            Tone.Neutral,
        )
        when (val availability = item.availability) {
            Availability.Downloaded -> {
                StatusChip(Icons.DownloadDone, CommonStrings.DOWNLOADED, Tone.Ok)
            }

            Availability.Finished -> {
                StatusChip(Icons.CheckCircleFill, StudyStrings.FINISHED, Tone.Ok)
            }

            is Availability.Downloading -> {
                StatusChip(Icons.CloudDownload, StudyStrings.downloading(availability.percent), Tone.Info)
            }

            is Availability.Remote -> {
                StatusChip(Icons.CloudDownload, StudyStrings.notDownloaded(availability.size), Tone.Outlined)
            }

            null -> {}
        }
        if (item.required) StatusChip(Icons.FlagFill, StudyStrings.REQUIRED, Tone.Ours)
    }
}

@Composable
private fun Progress(
    percent: Int,
    studied: String?,
) {
    val words: @Composable () -> Unit = {
        studied?.let { Words(it, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant) }
    }
    if (Dangjian.largeText) {
        ProgressBar(percent / 100f)
        words()
    } else {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            ProgressBar(percent / 100f, Modifier.weight(1f))
            words()
        }
    }
}

package org.dangjian.ui.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.BottomBar
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FactRow
import org.dangjian.ui.components.IconAction
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.SyncBanner
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.ValueRow
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

@Composable
fun MeScreen(
    state: MeState,
    callbacks: MeCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = {
            TopBar(MeStrings.TITLE) { IconAction(Icons.Settings, MeStrings.SETTINGS, callbacks.onSettings) }
        },
        bottom = { BottomBar(state.bar, callbacks.onTab) },
    ) {
        Cards {
            SyncBanner(state.sync, callbacks.onOutbox)
            state.problem?.let { ErrorCard(it, callbacks.onRetry) }
            if (state.loading) LoadingCard()
            if (state.name.isNotEmpty()) Who(state)
            AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
                state.points?.let {
                    ValueRow(MeStrings.POINTS, it, callbacks.onPoints, icon = Icons.WorkspacePremiumFill)
                    RowDivider()
                }
                state.toDecide?.let {
                    ValueRow(MeStrings.TO_DECIDE, MeStrings.toDecide(it), callbacks.onOffice, icon = Icons.HourglassTop)
                    RowDivider()
                }
                val icon = if (state.sync is SyncState.Offline) Icons.CloudOff else Icons.CloudDone
                ValueRow(MeStrings.SYNC, syncWords(state), callbacks.onOutbox, icon = icon)
            }
            if (state.data.isNotEmpty()) {
                AppCard(gap = 10.dp) {
                    Row(
                        horizontalArrangement = Arrangement.spacedBy(12.dp),
                        verticalAlignment = Alignment.CenterVertically,
                    ) {
                        Symbol(Icons.Lock, 24)
                        SectionHeading(MeStrings.DATA)
                    }
                    state.data.forEach { FactRow(it) }
                }
            }
        }
    }
}

private fun syncWords(state: MeState): String =
    when (val sync = state.sync) {
        SyncState.Settled -> state.synced ?: MeStrings.ALL_SYNCED
        is SyncState.Offline -> CommonStrings.offline(sync.waiting)
        is SyncState.Syncing -> CommonStrings.syncing(sync.done, sync.total)
    }

@Composable
private fun Who(state: MeState) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(gap = 12.dp) {
        Row(
            Modifier.semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.spacedBy(14.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Avatar(state.name)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
                FlowRow(
                    horizontalArrangement = Arrangement.spacedBy(8.dp),
                    itemVerticalAlignment = Alignment.CenterVertically,
                ) {
                    Words(state.name, Modifier.semantics { heading() }, Dangjian.type.title)
                    state.kind?.let { StatusChip(Icons.FlagFill, it, Tone.Ours) }
                }
                LongName(state.org, state.orgLast)
                Words(state.number, style = Dangjian.type.label, color = variant)
            }
        }
        if (state.offices.isNotEmpty()) {
            RowDivider()
            Words(MeStrings.OFFICES, Modifier.semantics { heading() }, Dangjian.type.labelBold, variant)
            state.offices.forEach { Words(it, style = Dangjian.type.banner) }
        }
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** How the phone stands with the server. */
@Immutable
sealed interface SyncState {
    /** Nothing to say. */
    data object Settled : SyncState

    data class Offline(
        val waiting: Int,
    ) : SyncState

    data class Syncing(
        val done: Int,
        val total: Int,
    ) : SyncState
}

/** Below the title of a root screen; opens the outbox. Nothing at all when all is settled. */
@Composable
fun SyncBanner(
    state: SyncState,
    onOpen: () -> Unit,
    modifier: Modifier = Modifier,
) {
    when (state) {
        SyncState.Settled -> {}

        is SyncState.Offline -> {
            Banner(
                Icons.CloudOffFill,
                CommonStrings.offline(state.waiting),
                Tone.Warn,
                modifier,
                hint = CommonStrings.KEPT_HERE.takeIf { state.waiting > 0 },
                onClick = onOpen,
                onClickLabel = CommonStrings.OPEN_OUTBOX,
            )
        }

        is SyncState.Syncing -> {
            Banner(
                Icons.Sync,
                CommonStrings.syncing(state.done, state.total),
                Tone.Info,
                modifier,
                onClick = onOpen,
                onClickLabel = CommonStrings.OPEN_OUTBOX,
            )
        }
    }
}

/** A sentence on a coloured strip. */
@Composable
fun Banner(
    icon: ImageVector,
    text: String,
    tone: Tone,
    modifier: Modifier = Modifier,
    hint: String? = null,
    onClick: (() -> Unit)? = null,
    onClickLabel: String? = null,
) {
    val content = tone.content
    val style = Dangjian.type.banner
    Row(
        modifier
            .fillMaxWidth()
            .clip(Shapes.banner)
            .background(tone.container)
            .then(if (Dangjian.colours.highContrast) Modifier.border(2.dp, content, Shapes.banner) else Modifier)
            .then(
                if (onClick == null) {
                    Modifier
                } else {
                    Modifier.clickable(onClickLabel = onClickLabel, role = Role.Button, onClick = onClick)
                },
            ).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }
            .heightIn(min = Dangjian.space.touch)
            .padding(start = 14.dp, top = 8.dp, end = 12.dp, bottom = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(icon, 22, Modifier.padding(end = 10.dp), tint = content)
        FlowRow(
            Modifier.weight(1f),
            horizontalArrangement = Arrangement.SpaceBetween,
            verticalArrangement = Arrangement.Center,
        ) {
            Words(text, Modifier.padding(end = 4.dp), if (tone == Tone.Neutral) style else style.bold(), content)
            hint?.let { Words(it, style = style, color = content) }
        }
        if (onClick != null) Symbol(Icons.ChevronRight, 20, tint = content)
    }
}

/** An operation that the server refused. It stays until the person has chosen. */
@Immutable
data class RefusedState(
    val id: String,
    /** 「一条签到没有被认可」 */
    val title: String,
    /** Rule, measured value, limit: 「原因：签名时距会场 3.2 公里，超出 200 米。」 */
    val reason: String,
    /** When and what it was about. */
    val about: String,
    /** 「申请补签」「申诉」; absent if nothing can be done. */
    val wayOn: String? = null,
)

@Composable
fun RefusedCard(
    state: RefusedState,
    onWayOn: (String) -> Unit,
    onKnown: (String) -> Unit,
    modifier: Modifier = Modifier,
) {
    AppCard(
        modifier,
        padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp),
        gap = 10.dp,
        border = Dangjian.colours.error,
    ) {
        Row(
            Modifier.semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            Symbol(Icons.Block, 26, tint = Dangjian.colours.error)
            Column(Modifier.weight(1f)) {
                Words(state.title, style = Dangjian.type.bodyBold)
                Words(state.reason, style = Dangjian.type.label)
                if (state.about.isNotEmpty()) {
                    Words(state.about, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                }
            }
        }
        val known: @Composable (Modifier) -> Unit = {
            AppButton(CommonStrings.REFUSED_KNOWN, { onKnown(state.id) }, it, ButtonKind.Outlined, ButtonSize.Small)
        }
        if (state.wayOn == null) {
            known(Modifier.fillMaxWidth())
        } else {
            ButtonPair(
                first = { AppButton(state.wayOn, { onWayOn(state.id) }, it, ButtonKind.Tonal, ButtonSize.Small) },
                second = known,
            )
        }
    }
}

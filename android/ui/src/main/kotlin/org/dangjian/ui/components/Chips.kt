package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** What a colour says; never alone, always with an icon or words. */
enum class Tone { Neutral, Outlined, Ok, Warn, Info, Error, Honour, Ours }

internal val Tone.container: Color
    @Composable get() =
        with(Dangjian.colours) {
            when (this@container) {
                Tone.Neutral -> surfaceContainer
                Tone.Outlined -> Color.Transparent
                Tone.Ok -> okContainer
                Tone.Warn -> warnContainer
                Tone.Info -> infoContainer
                Tone.Error -> errorContainer
                Tone.Honour -> honourContainer
                Tone.Ours -> primaryContainer
            }
        }

internal val Tone.content: Color
    @Composable get() =
        with(Dangjian.colours) {
            when (this@content) {
                Tone.Neutral, Tone.Outlined -> onSurfaceVariant
                Tone.Ok -> ok
                Tone.Warn -> warn
                Tone.Info -> info
                Tone.Error -> error
                Tone.Honour -> honour
                Tone.Ours -> onPrimaryContainer
            }
        }

/** Says how something stands. Never tappable; at most two in a row. */
@Composable
fun StatusChip(
    icon: ImageVector,
    label: String,
    tone: Tone,
    modifier: Modifier = Modifier,
) {
    val content = tone.content
    Row(
        modifier
            .clip(Shapes.chip)
            .background(tone.container)
            .then(
                when {
                    Dangjian.colours.highContrast -> Modifier.border(2.dp, content, Shapes.chip)
                    tone == Tone.Outlined -> Modifier.border(1.dp, Dangjian.colours.outline, Shapes.chip)
                    else -> Modifier
                },
            ).heightIn(min = 24.dp)
            .padding(horizontal = 8.dp, vertical = 3.dp),
        horizontalArrangement = Arrangement.spacedBy(4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(icon, 16, tint = content)
        Words(label, style = Dangjian.type.chip, color = content)
    }
}

/** How a piece of evidence stands. */
enum class EvidenceState(
    val label: String,
    val icon: ImageVector,
    val tone: Tone,
) {
    Signed(CommonStrings.SIGNED, Icons.Draw, Tone.Info),
    ToUpload(CommonStrings.TO_UPLOAD, Icons.CloudUpload, Tone.Warn),
    Verified(CommonStrings.VERIFIED, Icons.VerifiedFill, Tone.Ok),
    Duplicate(CommonStrings.DUPLICATE, Icons.ReportFill, Tone.Error),
    NotPassed(CommonStrings.NOT_PASSED, Icons.GppBad, Tone.Error),
}

/** @param percent how much is sent, while [EvidenceState.ToUpload] moves. */
@Composable
fun EvidenceChip(
    state: EvidenceState,
    modifier: Modifier = Modifier,
    percent: Int? = null,
) {
    val moving = percent?.takeIf { state == EvidenceState.ToUpload }
    StatusChip(state.icon, moving?.let(CommonStrings::toUpload) ?: state.label, state.tone, modifier)
}

/** Beside whatever the server does not know of yet. */
@Composable
fun UnconfirmedMark(modifier: Modifier = Modifier) {
    StatusChip(Icons.Schedule, CommonStrings.UNCONFIRMED, Tone.Warn, modifier)
}

@Immutable
data class FilterState(
    val id: String,
    /** 「已下载 6」 */
    val label: String,
    val selected: Boolean = false,
    val icon: ImageVector? = null,
)

/** One of them is chosen. They are drawn 36 dp high and hit at 48. */
@Composable
fun FilterChips(
    filters: List<FilterState>,
    onSelect: (String) -> Unit,
    modifier: Modifier = Modifier,
    padding: PaddingValues = PaddingValues(horizontal = Dangjian.space.margin),
) {
    Row(
        modifier.horizontalScroll(rememberScrollState()).padding(padding).selectableGroup(),
        horizontalArrangement = Arrangement.spacedBy(if (Dangjian.elder) 12.dp else 8.dp),
    ) {
        filters.forEach { filter -> FilterChip(filter) { onSelect(filter.id) } }
    }
}

@Composable
internal fun FilterChip(
    filter: FilterState,
    onSelect: () -> Unit,
) {
    val colours = Dangjian.colours
    val content = if (filter.selected) colours.onPrimaryContainer else colours.onSurfaceVariant
    Box(
        Modifier
            .heightIn(min = Dangjian.space.touch)
            .selectable(filter.selected, role = Role.Tab, onClick = onSelect),
        contentAlignment = Alignment.Center,
    ) {
        Row(
            Modifier
                .clip(Shapes.filter)
                .background(if (filter.selected) colours.primaryContainer else colours.surface)
                .border(
                    width = if (colours.highContrast) 2.dp else 1.dp,
                    color =
                        when {
                            colours.highContrast -> content
                            filter.selected -> colours.primaryContainer
                            else -> colours.outlineVariant
                        },
                    shape = Shapes.filter,
                ).heightIn(min = if (Dangjian.elder) 48.dp else 36.dp)
                .padding(horizontal = 14.dp, vertical = 6.dp),
            horizontalArrangement = Arrangement.spacedBy(6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            filter.icon?.let { Symbol(it, 18, tint = content) }
            Words(
                filter.label,
                style = if (filter.selected) Dangjian.type.banner.bold() else Dangjian.type.banner,
                color = content,
            )
        }
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian

@Immutable
data class TabState(
    /** 「未读 4」 */
    val label: String,
    val icon: ImageVector? = null,
)

/** Parts of a screen, one of them seen. The chosen one is bold and underlined. */
@Composable
fun TabRow(
    tabs: List<TabState>,
    selected: Int,
    onSelect: (Int) -> Unit,
    modifier: Modifier = Modifier,
) {
    val colours = Dangjian.colours
    Column(modifier.fillMaxWidth()) {
        Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min).selectableGroup()) {
            tabs.forEachIndexed { index, tab ->
                val chosen = index == selected
                val content = if (chosen) colours.primary else colours.onSurfaceVariant
                Box(
                    Modifier
                        .weight(1f)
                        .fillMaxHeight()
                        .heightIn(min = Dangjian.space.touch)
                        .selectable(chosen, role = Role.Tab) { onSelect(index) },
                    contentAlignment = Alignment.Center,
                ) {
                    Row(
                        Modifier.padding(horizontal = 4.dp, vertical = 8.dp),
                        horizontalArrangement = Arrangement.spacedBy(6.dp),
                        verticalAlignment = Alignment.CenterVertically,
                    ) {
                        if (chosen && !Dangjian.largeText) tab.icon?.let { Symbol(it, 22, tint = content) }
                        val style = if (chosen) Dangjian.type.bodyBold else Dangjian.type.body
                        Words(tab.label, style = style, color = content, align = TextAlign.Center)
                    }
                    if (chosen) {
                        Box(
                            Modifier
                                .align(Alignment.BottomCenter)
                                .size(40.dp, 3.dp)
                                .clip(RoundedCornerShape(topStart = 3.dp, topEnd = 3.dp))
                                .background(colours.primary),
                        )
                    }
                }
            }
        }
        RowDivider()
    }
}

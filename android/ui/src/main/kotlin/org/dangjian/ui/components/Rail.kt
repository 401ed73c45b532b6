package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian

/** The bottom bar's tabs at the side, where there is room. */
@Composable
fun Rail(
    state: BottomBarState,
    onSelect: (Tab) -> Unit,
    modifier: Modifier = Modifier,
) {
    val density = LocalDensity.current
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Vertical + WindowInsetsSides.Start)
    CompositionLocalProvider(LocalDensity provides Density(density.density, density.fontScale.coerceAtMost(1.3f))) {
        Row(modifier.fillMaxHeight().background(Dangjian.colours.surface)) {
            Column(
                Modifier
                    .windowInsetsPadding(sides)
                    .width(88.dp)
                    .verticalScroll(rememberScrollState())
                    .padding(vertical = 12.dp)
                    .selectableGroup(),
                verticalArrangement = Arrangement.spacedBy(4.dp),
            ) {
                state.tabs.forEach { tab ->
                    TabItem(
                        tab,
                        selected = tab == state.selected,
                        unread = if (tab == Tab.Messages) state.unread else 0,
                        modifier = Modifier.fillMaxWidth(),
                    ) { onSelect(tab) }
                }
            }
            VerticalDivider(color = Dangjian.colours.outlineVariant)
        }
    }
}

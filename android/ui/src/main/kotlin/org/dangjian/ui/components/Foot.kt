package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian

/** What stays at the bottom of a screen that is not a root: its one button, usually. */
@Composable
fun Foot(
    modifier: Modifier = Modifier,
    content: @Composable ColumnScope.() -> Unit,
) {
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    Column(modifier.fillMaxWidth().background(Dangjian.colours.surface)) {
        RowDivider()
        Column(
            Modifier
                .windowInsetsPadding(sides)
                .padding(start = Dangjian.space.margin, top = 12.dp, end = Dangjian.space.margin, bottom = 20.dp),
            verticalArrangement = Arrangement.spacedBy(12.dp),
            content = content,
        )
    }
}

/** A screen's cards one below the other, scrolling. */
@Composable
fun Cards(
    modifier: Modifier = Modifier,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(
        modifier
            .verticalScroll(rememberScrollState())
            .padding(start = Dangjian.space.margin, end = Dangjian.space.margin, bottom = 16.dp),
        verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        content = content,
    )
}

/** A sentence that explains, with an icon before it. */
@Composable
fun NoteLine(
    icon: ImageVector,
    text: String,
    modifier: Modifier = Modifier,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    Row(
        modifier.padding(horizontal = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(icon, 18, tint = variant)
        Words(text, Modifier.weight(1f), Dangjian.type.label, variant)
    }
}

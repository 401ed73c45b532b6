package org.dangjian.ui.app

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LocalRail
import org.dangjian.ui.components.Rail
import org.dangjian.ui.components.Tab
import org.dangjian.ui.theme.Dangjian

/** From here on there is room for a rail, and for a list beside what is opened from it. */
val WIDE = 840.dp

private val LIST = 400.dp

/** Longer lines are hard to read. */
private val MOST = 760.dp

/**
 * What is open, and where there is room the rail and a list to its left.
 *
 * @param rail absent where the screens have their bar at the bottom.
 */
@Composable
fun WideFrame(
    rail: BottomBarState?,
    onTab: (Tab) -> Unit,
    list: (@Composable () -> Unit)?,
    content: @Composable () -> Unit,
) {
    CompositionLocalProvider(LocalRail provides (rail != null)) {
        Row(Modifier.fillMaxSize().background(Dangjian.colours.background)) {
            rail?.let { Rail(it, onTab) }
            if (rail != null && list != null) {
                Box(Modifier.width(LIST).fillMaxHeight()) { list() }
                VerticalDivider(color = Dangjian.colours.outlineVariant)
            }
            Box(Modifier.weight(1f).fillMaxHeight(), contentAlignment = Alignment.TopCenter) {
                Box(if (rail == null) Modifier else Modifier.widthIn(max = MOST)) { content() }
            }
        }
    }
}

/** Beside a list from which nothing was opened. */
@Composable
internal fun NothingOpen() {
    Box(Modifier.fillMaxSize().padding(Dangjian.space.margin), contentAlignment = Alignment.Center) {
        EmptyCard(EmptyState(AppStrings.NOTHING_OPEN, AppStrings.NOTHING_OPEN_SENTENCE), Icons.Article, {})
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** A screen: what stays at the top, what scrolls, what stays at the bottom. Keeps clear of the system's bars. */
@Composable
fun ScreenFrame(
    modifier: Modifier = Modifier,
    top: @Composable ColumnScope.() -> Unit = {},
    bottom: @Composable ColumnScope.() -> Unit = {},
    content: @Composable () -> Unit,
) {
    Column(modifier.fillMaxSize().background(Dangjian.colours.background)) {
        val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Top + WindowInsetsSides.Horizontal)
        Column(Modifier.fillMaxWidth().windowInsetsPadding(sides), content = top)
        Box(Modifier.weight(1f).fillMaxWidth()) { content() }
        Column(Modifier.fillMaxWidth(), content = bottom)
    }
}

/** @param onBack absent on a root screen, whose title is larger. */
@Composable
fun TopBar(
    title: String,
    modifier: Modifier = Modifier,
    onBack: (() -> Unit)? = null,
    actions: @Composable RowScope.() -> Unit = {},
) {
    Row(
        modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack != null) IconAction(Icons.ArrowBack, CommonStrings.BACK, onBack)
        Words(
            title,
            Modifier.weight(1f).padding(start = if (onBack == null) 12.dp else 0.dp).semantics { heading() },
            style = if (onBack == null) Dangjian.type.headline else Dangjian.type.title,
        )
        actions()
    }
}

/** The root screens, in their order. */
enum class Tab(
    val label: String,
    val icon: ImageVector,
    val selectedIcon: ImageVector,
) {
    Today(CommonStrings.TAB_TODAY, Icons.Home, Icons.HomeFill),
    Study(CommonStrings.TAB_STUDY, Icons.MenuBook, Icons.MenuBookFill),
    Activities(CommonStrings.TAB_ACTIVITIES, Icons.Flag, Icons.FlagFill),
    Messages(CommonStrings.TAB_MESSAGES, Icons.Notifications, Icons.NotificationsFill),
    Me(CommonStrings.TAB_ME, Icons.Person, Icons.PersonFill),
}

@Immutable
data class BottomBarState(
    val selected: Tab,
    val unread: Int = 0,
    /** Those that exist; one without a screen behind it is not shown. */
    val tabs: List<Tab> = listOf(Tab.Today, Tab.Study, Tab.Messages, Tab.Me),
)

/** Whether the root screens are changed at the side, so that no bar is needed at the bottom. */
val LocalRail = staticCompositionLocalOf { false }

/** Stays with large letters too; its own stop growing at 130 %. */
@Composable
fun BottomBar(
    state: BottomBarState,
    onSelect: (Tab) -> Unit,
    modifier: Modifier = Modifier,
) {
    if (LocalRail.current) return
    val density = LocalDensity.current
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    CompositionLocalProvider(LocalDensity provides Density(density.density, density.fontScale.coerceAtMost(1.3f))) {
        Column(modifier.fillMaxWidth().background(Dangjian.colours.surface)) {
            RowDivider()
            Row(
                Modifier
                    .windowInsetsPadding(sides)
                    .fillMaxWidth()
                    .heightIn(min = 79.dp)
                    .padding(horizontal = 4.dp)
                    .selectableGroup(),
            ) {
                state.tabs.forEach { tab ->
                    TabItem(
                        tab,
                        selected = tab == state.selected,
                        unread = if (tab == Tab.Messages) state.unread else 0,
                        modifier = Modifier.weight(1f),
                    ) { onSelect(tab) }
                }
            }
        }
    }
}

@Composable
internal fun TabItem(
    tab: Tab,
    selected: Boolean,
    unread: Int,
    modifier: Modifier,
    onSelect: () -> Unit,
) {
    val colours = Dangjian.colours
    val pill = if (selected) colours.onPrimaryContainer else colours.onSurfaceVariant
    Column(
        modifier
            .selectable(selected, role = Role.Tab, onClick = onSelect)
            .semantics { contentDescription = if (unread > 0) CommonStrings.unread(tab.label, unread) else tab.label }
            .heightIn(min = 79.dp)
            .padding(top = 10.dp, bottom = 8.dp),
        verticalArrangement = Arrangement.spacedBy(2.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Box {
            Box(
                Modifier
                    .size(60.dp, 32.dp)
                    .clip(Shapes.round)
                    .background(if (selected) colours.primaryContainer else Color.Transparent)
                    .then(
                        if (selected && colours.highContrast) Modifier.border(2.dp, pill, Shapes.round) else Modifier,
                    ),
                contentAlignment = Alignment.Center,
            ) {
                val size = if (Dangjian.elder) 28.dp else 24.dp
                Icon(if (selected) tab.selectedIcon else tab.icon, null, Modifier.size(size), tint = pill)
            }
            if (unread > 0) {
                val above = if (Dangjian.elder) (-8).dp else (-2).dp
                Badge(CommonStrings.badge(unread), Modifier.offset(35.dp, above))
            }
        }
        Words(
            tab.label,
            Modifier.clearAndSetSemantics { },
            style = if (selected) Dangjian.type.tab.bold() else Dangjian.type.tab,
            color = if (selected) colours.primary else colours.onSurfaceVariant,
        )
    }
}

/** A number or a word on the corner of an icon. What it says is read out with the icon. */
@Composable
fun Badge(
    text: String,
    modifier: Modifier = Modifier,
) {
    Box(
        modifier
            .clearAndSetSemantics { }
            .sizeIn(minWidth = 18.dp, minHeight = 18.dp)
            .clip(Shapes.round)
            .background(Dangjian.colours.fill)
            .padding(horizontal = 5.dp),
        contentAlignment = Alignment.Center,
    ) {
        Words(text, style = Dangjian.type.badge, color = Dangjian.colours.onFill)
    }
}

/** How far something is. Silent: the words beside it say it. */
@Composable
fun ProgressBar(
    fraction: Float,
    modifier: Modifier = Modifier,
    height: Dp = 8.dp,
    shape: Shape = Shapes.round,
) {
    val colours = Dangjian.colours
    Box(
        modifier
            .fillMaxWidth()
            .height(height)
            .clip(shape)
            .background(colours.surfaceContainer)
            .then(
                if (colours.highContrast &&
                    shape == Shapes.round
                ) {
                    Modifier.border(1.dp, colours.outline, shape)
                } else {
                    Modifier
                },
            ),
    ) {
        Box(
            Modifier
                .fillMaxWidth(fraction.coerceIn(0f, 1f))
                .height(height)
                .clip(shape)
                .background(colours.primary),
        )
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.focusable
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.dropShadow
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.shadow.Shadow
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/**
 * [content] with a sheet over its lower part while [open]. What is behind can neither be tapped nor read out then, and the
 * focus goes into the sheet.
 *
 * @param title what a screen reader says when it opens.
 * @param dim false where one wants to see what the sheet does to what is behind it.
 * @param onDismiss a tap beside the sheet; absent if it must be answered.
 * @param onBack the phone's own way back, which closes the sheet before it leaves the screen.
 */
@Composable
fun SheetOver(
    open: Boolean,
    title: String,
    modifier: Modifier = Modifier,
    dim: Boolean = true,
    onDismiss: (() -> Unit)? = null,
    onBack: (() -> Unit)? = onDismiss,
    sheet: @Composable ColumnScope.() -> Unit,
    content: @Composable () -> Unit,
) {
    Box(modifier.fillMaxSize()) {
        Box(if (open) Modifier.clearAndSetSemantics { } else Modifier) { content() }
        if (open) {
            onBack?.let { OnBack(it) }
            Box(
                Modifier
                    .fillMaxSize()
                    .background(if (dim) Dangjian.colours.scrim else Color.Transparent)
                    .clearAndSetSemantics { }
                    .clickable(remember { MutableInteractionSource() }, indication = null) { onDismiss?.invoke() },
            )
            Sheet(title, Modifier.align(Alignment.BottomCenter), sheet)
        }
    }
}

@Composable
private fun Sheet(
    title: String,
    modifier: Modifier,
    content: @Composable ColumnScope.() -> Unit,
) {
    val colours = Dangjian.colours
    // Where there are no shadows, an edge tells the sheet from what is behind it.
    val edge =
        when {
            colours.highContrast -> Modifier.border(2.dp, colours.onSurface, Shapes.sheet)
            colours.dark -> Modifier.border(1.dp, colours.outlineVariant, Shapes.sheet)
            else -> Modifier
        }
    val focus = remember { FocusRequester() }
    LaunchedEffect(Unit) { focus.requestFocus() }
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    Column(
        modifier
            .fillMaxWidth()
            .dropShadow(Shapes.sheet, Shadow(16.dp, Color.Black.copy(alpha = 0.12f)))
            .clip(Shapes.sheet)
            .background(Dangjian.colours.surface)
            .then(edge)
            // Taps between the parts of the sheet do not fall through.
            .pointerInput(Unit) { detectTapGestures { } }
            .semantics { paneTitle = title }
            .focusRequester(focus)
            .focusable()
            .windowInsetsPadding(sides)
            .verticalScroll(rememberScrollState())
            .padding(start = 20.dp, top = 12.dp, end = 20.dp, bottom = 28.dp),
        verticalArrangement = Arrangement.spacedBy(14.dp),
    ) {
        Box(
            Modifier
                .align(Alignment.CenterHorizontally)
                .size(36.dp, 4.dp)
                .clip(Shapes.round)
                .background(Dangjian.colours.outline.copy(alpha = 0.6f)),
        )
        content()
    }
}

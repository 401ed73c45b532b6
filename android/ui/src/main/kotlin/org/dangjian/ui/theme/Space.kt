package org.dangjian.ui.theme

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** Distances on a grid of 4 dp, and the least size of what a finger is to hit. */
@Immutable
data class Space(
    /** Left and right of a screen. */
    val margin: Dp,
    /** Between cards. */
    val gap: Dp,
    val cardPadding: Dp,
    /** Both ways. */
    val touch: Dp,
    /** A row of a list. */
    val row: Dp,
    val button: Dp,
    /** The one button of a page for elders; else as [button]. */
    val bigButton: Dp,
)

internal val StandardSpace =
    Space(
        margin = 16.dp,
        gap = 12.dp,
        cardPadding = 16.dp,
        touch = 48.dp,
        row = 60.dp,
        button = 52.dp,
        bigButton = 52.dp,
    )

internal val ElderSpace =
    Space(
        margin = 20.dp,
        gap = 16.dp,
        cardPadding = 20.dp,
        touch = 60.dp,
        row = 72.dp,
        button = 64.dp,
        bigButton = 72.dp,
    )

/** Corners. */
object Shapes {
    val chip = RoundedCornerShape(8.dp)
    val filter = RoundedCornerShape(10.dp)
    val banner = RoundedCornerShape(12.dp)
    val square = RoundedCornerShape(12.dp)
    val choice = RoundedCornerShape(14.dp)
    val card = RoundedCornerShape(16.dp)
    val elderButton = RoundedCornerShape(18.dp)
    val sheet = RoundedCornerShape(topStart = 28.dp, topEnd = 28.dp)
    val round = RoundedCornerShape(percent = 50)
}

internal val LocalSpace = staticCompositionLocalOf { StandardSpace }

package org.dangjian.ui.components

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import kotlin.math.PI

/** A day's points. */
@Immutable
data class RingState(
    val confirmed: Int,
    val unconfirmed: Int,
    /** Most points of a day; absent without such a rule. */
    val cap: Int?,
    /** 「/30 分」 */
    val of: String,
    /** 「今日积分」 */
    val label: String,
    /** All of it, read out as one: 「今日积分 13 分，上限 30 分，其中 4 分待确认」. */
    val sentence: String,
)

private const val FULL = 360f
private const val TOP = -90f

/** Solid: confirmed. Striped: what the server does not know of yet. */
@Composable
fun PointsRing(
    state: RingState,
    modifier: Modifier = Modifier,
) {
    val colours = Dangjian.colours
    val size = 132.dp * LocalDensity.current.fontScale.coerceIn(1f, 2.2f)
    Box(
        modifier.size(size).clearAndSetSemantics { contentDescription = state.sentence },
        contentAlignment = Alignment.Center,
    ) {
        Canvas(Modifier.size(size)) { ring(state, colours.surfaceContainer, colours.primary) }
        Column(horizontalAlignment = Alignment.CenterHorizontally) {
            Row(horizontalArrangement = Arrangement.spacedBy(2.dp)) {
                val number = (state.confirmed + state.unconfirmed).toString()
                Words(number, Modifier.alignByBaseline(), Dangjian.type.displayNumber)
                Words(state.of, Modifier.alignByBaseline(), Dangjian.type.label, colours.onSurfaceVariant)
            }
            Words(state.label, style = Dangjian.type.small, color = colours.onSurfaceVariant)
        }
    }
}

private fun DrawScope.ring(
    state: RingState,
    track: Color,
    colour: Color,
) {
    val width = size.minDimension * 14f / 132f
    val corner = Offset(width / 2, width / 2)
    val box = Size(size.width - width, size.height - width)
    val circumference = box.width * PI.toFloat()

    fun arc(
        from: Float,
        sweep: Float,
        colour: Color,
        cap: StrokeCap,
    ) = drawArc(colour, TOP + from, sweep, false, corner, box, style = Stroke(width, cap = cap))
    arc(0f, FULL, track, StrokeCap.Butt)
    val cap = state.cap?.takeIf { it > 0 } ?: return
    val confirmed = FULL * (state.confirmed.toFloat() / cap).coerceIn(0f, 1f)
    val all = FULL * ((state.confirmed + state.unconfirmed).toFloat() / cap).coerceIn(0f, 1f)
    val stripe = FULL * (width * 4f / 14f) / circumference
    // The solid part ends round, half a width beyond its end.
    var at = if (confirmed > 0f) confirmed + FULL * (width * 10f / 14f) / circumference else 0f
    while (at < all) {
        arc(at, minOf(stripe, all - at), colour, StrokeCap.Butt)
        at += 2 * stripe
    }
    if (confirmed > 0f) arc(0f, confirmed, colour, if (confirmed < FULL) StrokeCap.Round else StrokeCap.Butt)
}

/** What a part of the ring means. */
@Composable
fun RingLegend(
    text: String,
    striped: Boolean,
    modifier: Modifier = Modifier,
) {
    val colour = Dangjian.colours.primary
    Row(
        modifier,
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (striped) {
            Canvas(Modifier.size(scaled(12)).clip(RoundedCornerShape(3.dp))) {
                val bar = size.width / 4
                for (i in 0..2) drawRect(colour, Offset(i * bar * 1.5f, 0f), Size(bar, size.height))
            }
        } else {
            Box(Modifier.size(scaled(12)).clip(RoundedCornerShape(3.dp)).background(colour))
        }
        Words(text, style = Dangjian.type.label)
    }
}

package org.dangjian.ui.points

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian

private const val LINES = 3

/** A bar a day, today's full, and the line that no day passes. Read out as one sentence. */
@Composable
internal fun PointsChart(
    state: PointsChartState,
    modifier: Modifier = Modifier,
) {
    val colours = Dangjian.colours
    val most = maxOf(state.cap ?: 0, state.points.maxOrNull() ?: 0, LINES)
    val measurer = rememberTextMeasurer()
    val density = LocalDensity.current
    // As with the bottom bar: the labels of an axis stop growing, what they say stands in the sentence above it.
    val small = Density(density.density, density.fontScale.coerceAtMost(if (Dangjian.elder) 1f else 1.3f))
    val axis = Dangjian.type.tab.copy(color = colours.onSurfaceVariant)
    val marks =
        (1..LINES).map { most * it / LINES }.map { it to measurer.measure(it.toString(), axis, density = small) }
    val days = state.days.map { measurer.measure(it, axis, density = small) }
    val labels = marks.maxOf { it.second.size.width } + with(density) { 8.dp.roundToPx() }
    val below = (days.maxOfOrNull { it.size.height } ?: 0) + with(density) { 4.dp.roundToPx() }
    val above = marks.maxOf { it.second.size.height } / 2
    val height = with(density) { 96.dp + (below + above).toDp() }
    Canvas(modifier.fillMaxWidth().height(height).clearAndSetSemantics { contentDescription = state.sentence }) {
        val wide = size.width - labels
        val high = size.height - below - above

        fun y(points: Int) = above + high * (1f - points.toFloat() / most)
        marks.forEach { (points, words) ->
            val cap = points == state.cap
            drawLine(
                color = if (cap) colours.outline else colours.outlineVariant,
                start = Offset(0f, y(points)),
                end = Offset(wide, y(points)),
                strokeWidth = if (cap) 1.5.dp.toPx() else 1.dp.toPx(),
                pathEffect = if (cap) null else PathEffect.dashPathEffect(floatArrayOf(4.dp.toPx(), 4.dp.toPx())),
            )
            drawText(words, topLeft = Offset(size.width - words.size.width, y(points) - words.size.height / 2f))
        }
        val step = wide / state.points.size.coerceAtLeast(1)
        state.points.forEachIndexed { day, points ->
            val top = y(points)
            drawRoundRect(
                color = colours.primary,
                topLeft = Offset(day * step + step * 0.14f, top),
                size = Size(step * 0.72f, above + high - top),
                cornerRadius = CornerRadius(2.dp.toPx()),
                alpha = if (day == state.points.lastIndex || colours.highContrast) 1f else 0.68f,
            )
        }
        days.forEachIndexed { index, words ->
            val part = if (days.size == 1) 1f else index / (days.size - 1f)
            val x = (wide - words.size.width) * part
            drawText(words, topLeft = Offset(x, size.height - words.size.height))
        }
    }
}

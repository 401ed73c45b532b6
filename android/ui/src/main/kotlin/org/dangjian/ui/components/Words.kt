package org.dangjian.ui.components

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.sp
import org.dangjian.ui.theme.Dangjian

private val NUMBER_AND_UNIT = Regex("""(?<=\d) (?=\p{IsHan})|(?<=[${CommonStrings.BEFORE_NUMBER}]) (?=\d)""")

/** From when to when: 「05:22—05:26」. */
private val SPAN = Regex("""(?<=\d)—(?=\d)""")

/** No line breaks inside 「1 位」, 「第 4 名」 or 「05:22—05:26」, and none begins with 「·」. */
fun String.keepUnits(): String =
    replace(NUMBER_AND_UNIT, "\u00A0").replace(SPAN, "\u2060—\u2060").replace(" · ", "\u00A0· ")

/** Text of the app. Never of a fixed height: it wraps, and what is around it grows. */
@Composable
fun Words(
    text: String,
    modifier: Modifier = Modifier,
    style: TextStyle = Dangjian.type.body,
    color: Color = LocalContentColor.current,
    align: TextAlign? = null,
    maxLines: Int = Int.MAX_VALUE,
) {
    Text(
        text = text.keepUnits(),
        modifier = modifier,
        color = color,
        style = style,
        textAlign = align,
        maxLines = maxLines,
        overflow = TextOverflow.Ellipsis,
    )
}

/** How much larger the letters of elders are than others'. */
private const val ELDER_SCALE = 1.3f

/** An icon beside words: silent, and as large as the words ask for. */
@Composable
fun Symbol(
    icon: ImageVector,
    size: Int,
    modifier: Modifier = Modifier,
    tint: Color = LocalContentColor.current,
) {
    val grown = if (Dangjian.elder) ELDER_SCALE else 1f
    Icon(icon, contentDescription = null, modifier = modifier.size(scaled(size) * grown), tint = tint)
}

/** A length that grows with the letters. */
@Composable
fun scaled(size: Int): Dp = with(LocalDensity.current) { size.sp.toDp() }

/**
 * The name of an organization, which can be very long. At most two lines; what does not fit is left out in the middle, since
 * the end says which of many it is. Read out it is whole, and so it is on a tap if [expandable].
 *
 * @param last the last level, which stays: 「第三党小组」.
 */
@Composable
fun LongName(
    name: String,
    last: String,
    modifier: Modifier = Modifier,
    style: TextStyle = Dangjian.type.label,
    color: Color = Dangjian.colours.onSurfaceVariant,
    expandable: Boolean = false,
) {
    var whole by rememberSaveable(name) { mutableStateOf(false) }
    val measurer = rememberTextMeasurer()
    BoxWithConstraints(modifier) {
        val width = constraints.maxWidth
        val short =
            remember(name, last, width, style, LocalDensity.current) {
                shortened(name, last) {
                    measurer.measure(it.keepUnits(), style, constraints = Constraints(maxWidth = width)).lineCount <=
                        2
                }
            }
        val cut = short != name
        val tap =
            if (expandable && cut) {
                Modifier
                    .heightIn(min = Dangjian.space.touch)
                    .clickable(onClickLabel = CommonStrings.SHOW_WHOLE_NAME) { whole = !whole }
            } else {
                Modifier
            }
        Box(tap, contentAlignment = Alignment.CenterStart) {
            Text(
                text = (if (whole) name else short).keepUnits(),
                modifier = Modifier.semantics { if (cut) contentDescription = name },
                style = style,
                color = color,
            )
        }
    }
}

/** [name] if it fits; else as much of its beginning as fits before an ellipsis and [last]. */
internal fun shortened(
    name: String,
    last: String,
    fits: (String) -> Boolean,
): String {
    if (fits(name)) return name
    val end = if (name.endsWith(last)) last else name.takeLast(8)
    var fitting = 0
    var tooLong = name.length - end.length + 1
    while (tooLong - fitting > 1) {
        val middle = (fitting + tooLong) / 2
        if (fits(name.take(middle) + "…" + end)) fitting = middle else tooLong = middle
    }
    return name.take(fitting) + "…" + end
}

internal fun TextStyle.bold(): TextStyle = copy(fontWeight = FontWeight.Bold)

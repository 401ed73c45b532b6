package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
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
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** How much a button asks for. A screen has one [Filled] at most. */
enum class ButtonKind { Filled, Tonal, Outlined }

/** [Big] is the one button of a page for elders; [Small] stands inside a card. */
enum class ButtonSize { Standard, Big, Small }

@Composable
fun AppButton(
    label: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    kind: ButtonKind = ButtonKind.Filled,
    size: ButtonSize = ButtonSize.Standard,
    icon: ImageVector? = null,
    enabled: Boolean = true,
) {
    val colours = Dangjian.colours
    val space = Dangjian.space
    val content =
        when (kind) {
            ButtonKind.Filled -> colours.onFill
            ButtonKind.Tonal -> colours.onPrimaryContainer
            ButtonKind.Outlined -> colours.onSurface
        }
    val ground =
        when (kind) {
            ButtonKind.Filled -> colours.fill
            ButtonKind.Tonal -> colours.primaryContainer
            ButtonKind.Outlined -> Color.Transparent
        }
    val height: Dp =
        when (size) {
            ButtonSize.Standard -> space.button
            ButtonSize.Big -> space.bigButton
            ButtonSize.Small -> space.touch
        }
    val style: TextStyle =
        when (size) {
            ButtonSize.Standard -> Dangjian.type.button
            ButtonSize.Big -> Dangjian.type.bigButton
            ButtonSize.Small -> if (Dangjian.elder) Dangjian.type.button else Dangjian.type.banner.bold()
        }
    val shape: Shape =
        when {
            Dangjian.elder && size == ButtonSize.Big -> RoundedCornerShape(20.dp)
            Dangjian.elder -> Shapes.elderButton
            else -> RoundedCornerShape(height / 2)
        }
    val border =
        when {
            kind == ButtonKind.Filled -> Modifier
            colours.highContrast -> Modifier.border(2.dp, content, shape)
            kind == ButtonKind.Outlined -> Modifier.border(1.dp, colours.outline, shape)
            else -> Modifier
        }
    Row(
        modifier
            .alpha(if (enabled) 1f else 0.45f)
            .clip(shape)
            .background(ground)
            .then(border)
            .clickable(enabled = enabled, role = Role.Button, onClick = onClick)
            .heightIn(min = height)
            .padding(horizontal = if (size == ButtonSize.Small) 12.dp else 16.dp, vertical = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterHorizontally),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        icon?.let {
            val iconSize =
                when {
                    size == ButtonSize.Small -> 20
                    Dangjian.elder && size == ButtonSize.Big -> 28
                    Dangjian.elder -> 22
                    else -> 24
                }
            Symbol(it, iconSize, tint = content)
        }
        Words(label, style = style, color = content, align = TextAlign.Center)
    }
}

/** Two buttons of equal width; one below the other when the letters are large. */
@Composable
fun ButtonPair(
    first: @Composable (Modifier) -> Unit,
    second: @Composable (Modifier) -> Unit,
    modifier: Modifier = Modifier,
) {
    if (Dangjian.largeText) {
        Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
            first(Modifier.fillMaxWidth())
            second(Modifier.fillMaxWidth())
        }
    } else {
        Row(
            modifier.fillMaxWidth().height(IntrinsicSize.Max),
            horizontalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        ) {
            first(Modifier.weight(1f).fillMaxHeight())
            second(Modifier.weight(1f).fillMaxHeight())
        }
    }
}

/** What a sheet that asks ends with: doing it, or not. */
@Composable
internal fun Answers(
    yes: String,
    onYes: () -> Unit,
    onNo: () -> Unit,
    enabled: Boolean = true,
) = ButtonPair(
    first = { AppButton(CommonStrings.CANCEL, onNo, it, ButtonKind.Outlined) },
    second = { AppButton(yes, onYes, it, enabled = enabled) },
)

/** An icon to tap. [label] is read out. */
@Composable
fun IconAction(
    icon: ImageVector,
    label: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    tint: Color = LocalContentColor.current,
) {
    Box(
        modifier
            .sizeIn(minWidth = Dangjian.space.touch, minHeight = Dangjian.space.touch)
            .clip(Shapes.round)
            .clickable(role = Role.Button, onClick = onClick),
        contentAlignment = Alignment.Center,
    ) {
        Icon(
            icon,
            contentDescription = label,
            modifier = Modifier.size(if (Dangjian.elder) 30.dp else 24.dp),
            tint = tint,
        )
    }
}

/** Words to tap, beside a heading or below a sentence. */
@Composable
fun TextAction(
    label: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    style: TextStyle = Dangjian.type.banner.bold(),
    color: Color = Dangjian.colours.primary,
    trailing: ImageVector? = null,
) {
    Row(
        modifier
            .clip(Shapes.chip)
            .clickable(role = Role.Button, onClick = onClick)
            .sizeIn(minWidth = Dangjian.space.touch, minHeight = Dangjian.space.touch),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Words(label, style = style, color = color)
        trailing?.let { Symbol(it, 20, tint = color) }
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.dropShadow
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.shadow.Shadow
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.DpOffset
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Colours
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

private val ShadowColour = Color(0xFF281E14)

/** Light: a faint shadow. Dark: a hairline instead. High contrast: 2 dp. */
private fun Modifier.cardGround(
    colours: Colours,
    border: Color?,
): Modifier =
    this
        .then(
            if (colours.dark || colours.highContrast) {
                Modifier
            } else {
                Modifier
                    .dropShadow(
                        Shapes.card,
                        Shadow(8.dp, ShadowColour.copy(alpha = 0.04f), offset = DpOffset(0.dp, 2.dp)),
                    ).dropShadow(
                        Shapes.card,
                        Shadow(2.dp, ShadowColour.copy(alpha = 0.06f), offset = DpOffset(0.dp, 1.dp)),
                    )
            },
        ).clip(Shapes.card)
        .background(colours.surface)
        .then(
            when {
                border != null -> Modifier.border(2.dp, border, Shapes.card)
                colours.highContrast -> Modifier.border(2.dp, colours.onSurface, Shapes.card)
                colours.dark -> Modifier.border(1.dp, colours.outlineVariant, Shapes.card)
                else -> Modifier
            },
        )

/** @param border a border of 2 dp in this colour, for what must not be overlooked. */
@Composable
fun AppCard(
    modifier: Modifier = Modifier,
    padding: PaddingValues = PaddingValues(Dangjian.space.cardPadding),
    gap: Dp = 0.dp,
    border: Color? = null,
    onClick: (() -> Unit)? = null,
    onClickLabel: String? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(
        modifier
            .fillMaxWidth()
            .cardGround(Dangjian.colours, border)
            .then(
                if (onClick == null) {
                    Modifier
                } else {
                    Modifier.clickable(onClickLabel = onClickLabel, role = Role.Button, onClick = onClick)
                },
            ).padding(padding),
        verticalArrangement = Arrangement.spacedBy(gap, Alignment.CenterVertically),
        content = content,
    )
}

/** An icon on a square of its colour, at the head of a row. */
@Composable
fun IconSquare(
    icon: ImageVector,
    tone: Tone,
    modifier: Modifier = Modifier,
    size: Dp = 44.dp,
    iconSize: Dp = 24.dp,
) {
    val content = tone.content
    Box(
        modifier
            .size(size)
            .clip(Shapes.square)
            .background(tone.container)
            .then(if (Dangjian.colours.highContrast) Modifier.border(2.dp, content, Shapes.square) else Modifier),
        contentAlignment = Alignment.Center,
    ) {
        Icon(icon, null, Modifier.size(iconSize), tint = content)
    }
}

/** A person's family name in a circle. Silent: the whole name stands beside it. */
@Composable
fun Avatar(
    name: String,
    modifier: Modifier = Modifier,
) {
    Box(
        modifier
            .clearAndSetSemantics { }
            .size(scaled(44))
            .clip(CircleShape)
            .background(Dangjian.colours.surfaceContainer),
        contentAlignment = Alignment.Center,
    ) {
        Words(name.take(1), style = Dangjian.type.button, color = Dangjian.colours.onSurfaceVariant)
    }
}

/**
 * A row of a list: what leads, two lines, what trails. With large letters what trails drops to its own line.
 *
 * @param lines usually a title and a supporting line.
 */
@Composable
fun ListRow(
    modifier: Modifier = Modifier,
    leading: (@Composable () -> Unit)? = null,
    trailing: (@Composable () -> Unit)? = null,
    onClick: (() -> Unit)? = null,
    lines: @Composable ColumnScope.() -> Unit,
) {
    val frame =
        modifier
            .fillMaxWidth()
            .then(if (onClick == null) Modifier else Modifier.clickable(role = Role.Button, onClick = onClick))
            .heightIn(min = Dangjian.space.row)
            .padding(vertical = 6.dp)
    if (Dangjian.largeText) {
        Column(frame, verticalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterVertically)) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                leading?.invoke()
                Column(Modifier.weight(1f), content = lines)
            }
            trailing?.invoke()
        }
    } else {
        Row(
            frame,
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            leading?.invoke()
            Column(Modifier.weight(1f), content = lines)
            trailing?.invoke()
        }
    }
}

/** What stands above a part of a screen. */
@Composable
fun SectionHeading(
    text: String,
    modifier: Modifier = Modifier,
    action: String? = null,
    onAction: () -> Unit = {},
) {
    Row(modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        Words(text, Modifier.weight(1f).semantics { heading() }, style = Dangjian.type.bodyBold)
        if (action != null) {
            TextAction(
                action,
                onAction,
                style = Dangjian.type.label,
                color = Dangjian.colours.onSurfaceVariant,
                trailing = Icons.ChevronRight,
            )
        }
    }
}

/** A line between rows. */
@Composable
fun RowDivider(modifier: Modifier = Modifier) {
    Box(modifier.fillMaxWidth().height(1.dp).background(Dangjian.colours.outlineVariant))
}

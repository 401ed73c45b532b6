package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** Something to turn on or off; the whole row is the switch. */
@Composable
fun SwitchRow(
    label: String,
    checked: Boolean,
    onChange: (Boolean) -> Unit,
    modifier: Modifier = Modifier,
    supporting: String? = null,
) {
    Row(
        modifier
            .fillMaxWidth()
            .toggleable(checked, role = Role.Switch, onValueChange = onChange)
            .heightIn(min = Dangjian.space.row)
            .padding(vertical = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Words(label)
            supporting?.let { Words(it, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant) }
        }
        Toggle(checked)
    }
}

/** The switch itself: filled with a large thumb, or an outline with a small one, so that colour is not all. */
@Composable
private fun Toggle(checked: Boolean) {
    val colours = Dangjian.colours
    Box(
        Modifier
            .size(52.dp, 32.dp)
            .clip(Shapes.round)
            .then(
                if (checked) {
                    Modifier.background(colours.fill)
                } else {
                    Modifier.border(2.dp, colours.outline, Shapes.round)
                },
            ).padding(horizontal = if (checked) 4.dp else 8.dp),
        contentAlignment = if (checked) Alignment.CenterEnd else Alignment.CenterStart,
    ) {
        Box(
            Modifier
                .size(if (checked) 24.dp else 16.dp)
                .clip(CircleShape)
                .background(if (checked) colours.onFill else colours.outline),
        )
    }
}

/** A setting with its value, which opens something. */
@Composable
fun ValueRow(
    label: String,
    value: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    icon: ImageVector? = null,
) {
    val frame =
        modifier
            .fillMaxWidth()
            .clickable(role = Role.Button, onClick = onClick)
            .heightIn(min = Dangjian.space.row)
            .padding(vertical = 8.dp)
    val variant = Dangjian.colours.onSurfaceVariant
    if (Dangjian.largeText) {
        Row(
            frame,
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            icon?.let { Symbol(it, 24) }
            Column {
                Words(label)
                Words(value, style = Dangjian.type.label, color = variant)
            }
        }
    } else {
        Row(frame, verticalAlignment = Alignment.CenterVertically) {
            icon?.let { Symbol(it, 24, Modifier.padding(end = 12.dp)) }
            FlowRow(
                Modifier.weight(1f),
                horizontalArrangement = Arrangement.SpaceBetween,
                itemVerticalAlignment = Alignment.CenterVertically,
            ) {
                Words(label, Modifier.padding(end = 12.dp))
                Words(value, style = Dangjian.type.label, color = variant)
            }
            Symbol(Icons.ChevronRight, 20, tint = variant)
        }
    }
}

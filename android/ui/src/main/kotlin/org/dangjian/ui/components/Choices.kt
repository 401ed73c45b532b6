package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** One of several answers. */
@Composable
fun Choices(
    choices: List<String>,
    chosen: Int?,
    onChoose: (Int) -> Unit,
    modifier: Modifier = Modifier,
) {
    val colours = Dangjian.colours
    Column(
        modifier.selectableGroup(),
        verticalArrangement = Arrangement.spacedBy(if (Dangjian.elder) 12.dp else 10.dp),
    ) {
        choices.forEachIndexed { index, choice ->
            val selected = index == chosen
            val content = if (selected) colours.onPrimaryContainer else colours.onSurface
            Row(
                Modifier
                    .fillMaxWidth()
                    .clip(Shapes.choice)
                    .background(if (selected) colours.primaryContainer else colours.surface)
                    .border(
                        if (selected || colours.highContrast) 2.dp else 1.dp,
                        if (selected) colours.primary else colours.outline,
                        Shapes.choice,
                    ).selectable(selected, role = Role.RadioButton) { onChoose(index) }
                    .heightIn(min = if (Dangjian.elder) 72.dp else 56.dp)
                    .padding(horizontal = 14.dp, vertical = 12.dp),
                horizontalArrangement = Arrangement.spacedBy(12.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Symbol(
                    if (selected) Icons.RadioButtonChecked else Icons.RadioButtonUnchecked,
                    22,
                    tint = if (selected) colours.primary else colours.onSurface,
                )
                val style = if (selected) Dangjian.type.bodyBold else Dangjian.type.body
                Words(choice, Modifier.weight(1f), style, content)
            }
        }
    }
}

package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/**
 * A place to write, with its name above it, where large letters do not cut it off.
 *
 * @param hint what could be written, shown while nothing is.
 * @param most the most letters; more are not taken, and how many there are is said below.
 * @param lines how many lines are seen at least.
 * @param wraps whether what is longer goes on in another line.
 */
@Composable
fun WritingField(
    label: String,
    value: String,
    onChange: (String) -> Unit,
    modifier: Modifier = Modifier,
    hint: String? = null,
    supporting: String? = null,
    secret: Boolean = false,
    digits: Boolean = false,
    most: Int? = null,
    lines: Int = 1,
    wraps: Boolean = lines > 1,
    enabled: Boolean = true,
    style: TextStyle = Dangjian.type.body,
) {
    val colours = Dangjian.colours
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Words(label, Modifier.clearAndSetSemantics { }, Dangjian.type.label, colours.onSurfaceVariant)
        BasicTextField(
            value = value,
            onValueChange = { onChange(if (most == null) it else it.take(most)) },
            modifier = Modifier.fillMaxWidth().semantics { contentDescription = label },
            enabled = enabled,
            textStyle = style.copy(color = colours.onSurface),
            keyboardOptions =
                KeyboardOptions(
                    keyboardType =
                        when {
                            secret -> KeyboardType.Password
                            digits -> KeyboardType.Number
                            else -> KeyboardType.Text
                        },
                ),
            singleLine = !wraps,
            minLines = lines,
            visualTransformation = if (secret) PasswordVisualTransformation() else VisualTransformation.None,
            cursorBrush = SolidColor(colours.primary),
            decorationBox = { field ->
                Box(
                    Modifier
                        .fillMaxWidth()
                        .clip(Shapes.banner)
                        .background(colours.surface)
                        .border(if (colours.highContrast) 2.dp else 1.dp, colours.outline, Shapes.banner)
                        .heightIn(min = Dangjian.space.button)
                        .padding(horizontal = 14.dp, vertical = 12.dp),
                    contentAlignment = if (lines == 1) Alignment.CenterStart else Alignment.TopStart,
                ) {
                    if (value.isEmpty() && hint != null) {
                        val light = style.copy(fontWeight = FontWeight.Normal)
                        Words(hint, Modifier.clearAndSetSemantics { }, light, colours.onSurfaceVariant)
                    }
                    field()
                }
            },
        )
        val count = most?.takeIf { lines > 1 }?.let { CommonStrings.countOf(value.length, it) }
        if (supporting != null || count != null) {
            FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
                if (supporting == null) {
                    Spacer(Modifier)
                } else {
                    Words(supporting, style = Dangjian.type.small, color = colours.onSurfaceVariant)
                }
                count?.let { Words(it, style = Dangjian.type.small, color = colours.onSurfaceVariant) }
            }
        }
    }
}

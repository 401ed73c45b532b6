package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** A fact: what it is, and it. */
@Immutable
data class FactState(
    val label: String,
    val text: String,
    /** Whether it is what the others lead to. */
    val strong: Boolean = false,
)

/** Facts on one ground, as an account of how something came about. */
@Composable
fun FactBox(
    facts: List<FactState>,
    modifier: Modifier = Modifier,
) {
    val colours = Dangjian.colours
    Column(
        modifier
            .fillMaxWidth()
            .clip(Shapes.banner)
            .background(colours.surfaceContainer)
            .then(if (colours.highContrast) Modifier.border(2.dp, colours.outline, Shapes.banner) else Modifier)
            .padding(horizontal = 16.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        facts.forEachIndexed { index, fact ->
            if (fact.strong && index > 0) RowDivider()
            FactRow(fact)
        }
    }
}

/** The label on the left, the text on the right; one below the other with large letters. Read as one. */
@Composable
fun FactRow(
    fact: FactState,
    modifier: Modifier = Modifier,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    val style = if (fact.strong) Dangjian.type.cardTitle else Dangjian.type.banner
    val frame = modifier.fillMaxWidth().semantics(mergeDescendants = true) { }
    if (Dangjian.largeText || Dangjian.elder) {
        Column(frame) {
            Words(fact.label, style = Dangjian.type.label, color = variant)
            Words(fact.text, style = style)
        }
    } else {
        Row(frame, horizontalArrangement = Arrangement.spacedBy(16.dp)) {
            Words(fact.label, style = Dangjian.type.banner, color = variant)
            Words(fact.text, Modifier.weight(1f), style, align = TextAlign.End)
        }
    }
}

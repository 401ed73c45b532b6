package org.dangjian.ui.components

import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier

/**
 * The end of what is at hand of a list that goes on while there is [more]: [onEnd] is told when it comes into sight.
 *
 * @param at what differs where the end is another one: what was chosen, and how much is at hand.
 */
internal fun LazyListScope.endOfList(
    more: Boolean,
    at: Any?,
    modifier: Modifier,
    onEnd: () -> Unit,
) {
    if (!more) return
    item(key = "end") {
        LaunchedEffect(at) { onEnd() }
        LoadingCard(modifier)
    }
}

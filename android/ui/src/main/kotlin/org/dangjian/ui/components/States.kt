package org.dangjian.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** Nothing there: what is missing, and one way on. */
@Immutable
data class EmptyState(
    val title: String,
    val sentence: String,
    val wayOn: String? = null,
)

@Composable
fun EmptyCard(
    state: EmptyState,
    icon: ImageVector,
    onWayOn: () -> Unit,
    modifier: Modifier = Modifier,
) {
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp)) {
        Row(horizontalArrangement = Arrangement.spacedBy(14.dp), verticalAlignment = Alignment.CenterVertically) {
            IconSquare(icon, Tone.Neutral, size = 56.dp, iconSize = 30.dp)
            Column(Modifier.weight(1f)) {
                Words(state.title, style = Dangjian.type.bodyBold)
                Words(state.sentence, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                state.wayOn?.let { TextAction(it, onWayOn) }
            }
        }
    }
}

private const val SKELETON_AFTER_MS = 300L
private const val WORDS_AFTER_MS = 1_000L

/** Nothing for 300 ms, since local data is usually there by then; then a skeleton, after a second with words. */
@Composable
fun LoadingCard(modifier: Modifier = Modifier) {
    var skeleton by remember { mutableStateOf(false) }
    var words by remember { mutableStateOf(false) }
    LaunchedEffect(Unit) {
        delay(SKELETON_AFTER_MS)
        skeleton = true
        delay(WORDS_AFTER_MS - SKELETON_AFTER_MS)
        words = true
    }
    if (skeleton) Skeleton(words, modifier)
}

@Composable
internal fun Skeleton(
    words: Boolean,
    modifier: Modifier = Modifier,
) {
    AppCard(
        modifier.semantics(mergeDescendants = true) { if (!words) contentDescription = CommonStrings.LOADING },
        padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp),
        gap = 10.dp,
    ) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Bone(Modifier.size(44.dp))
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                Bone(Modifier.fillMaxWidth(0.7f).height(16.dp))
                Bone(Modifier.fillMaxWidth(0.45f).height(12.dp))
            }
        }
        if (words) {
            Words(CommonStrings.READING_LOCAL, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        }
    }
}

@Composable
private fun Bone(modifier: Modifier) {
    Box(modifier.clip(Shapes.square).background(Dangjian.colours.surfaceContainer))
}

/** Something went wrong. */
@Immutable
data class ErrorState(
    /** 「暂时连不上平台」 */
    val title: String,
    /** What is shown instead and what is safe: 「下面是 11月23日 22:10 的内容。您的操作已存本机，不会丢失。」 */
    val sentence: String,
    /** For whoever is asked for help: 「N-103」. */
    val code: String,
    val canRetry: Boolean = true,
)

@Composable
fun ErrorCard(
    state: ErrorState,
    onRetry: () -> Unit,
    modifier: Modifier = Modifier,
) {
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp), gap = 10.dp) {
        Row(
            Modifier.semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            Symbol(Icons.ErrorFill, 26, tint = Dangjian.colours.error)
            Column(Modifier.weight(1f)) {
                Words(state.title, style = Dangjian.type.bodyBold)
                Words(state.sentence, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            }
        }
        val code: @Composable () -> Unit = {
            Words(
                CommonStrings.code(state.code),
                style = Dangjian.type.small,
                color = Dangjian.colours.onSurfaceVariant,
            )
        }
        if (!state.canRetry) {
            code()
        } else if (Dangjian.largeText) {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                Retry(onRetry, Modifier.fillMaxWidth())
                code()
            }
        } else {
            Row(verticalAlignment = Alignment.CenterVertically) {
                Retry(onRetry, Modifier.weight(1f).padding(end = 12.dp))
                code()
            }
        }
    }
}

@Composable
private fun Retry(
    onRetry: () -> Unit,
    modifier: Modifier,
) {
    AppButton(CommonStrings.TRY_AGAIN, onRetry, modifier, ButtonKind.Outlined, ButtonSize.Small, Icons.Refresh)
}

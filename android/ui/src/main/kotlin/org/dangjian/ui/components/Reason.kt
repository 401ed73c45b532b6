package org.dangjian.ui.components

import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import org.dangjian.ui.theme.Dangjian

/** The core takes 400 bytes of a reason, of which a Chinese character needs three. */
private const val MOST_REASON = 130

/**
 * What a [ReasonForm] says.
 *
 * @param sentence what becomes of what is written.
 * @param most the most letters.
 */
@Immutable
class ReasonWords(
    val sentence: String,
    val label: String,
    val hint: String,
    val confirm: String,
    val most: Int = MOST_REASON,
    val lines: Int = 3,
)

/**
 * The end of every sheet in which somebody says why: nothing is done without words.
 *
 * @param problem why it was not done.
 * @param busy whether it is being done.
 * @param enabled whether all else is chosen.
 */
@Composable
internal fun ReasonForm(
    words: ReasonWords,
    written: String,
    problem: String?,
    busy: Boolean,
    onWrite: (String) -> Unit,
    onConfirm: () -> Unit,
    onCancel: () -> Unit,
    enabled: Boolean = true,
) {
    Words(words.sentence, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
    WritingField(words.label, written, onWrite, hint = words.hint, most = words.most, lines = words.lines)
    problem?.let { Banner(Icons.ErrorFill, it, Tone.Error) }
    Answers(words.confirm, onConfirm, onCancel, enabled && !busy && written.isNotBlank())
}

@file:OptIn(ExperimentalTestApi::class)

package org.dangjian.ui.desktop

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import org.dangjian.ui.components.keepUnits

/** How long anything may take that goes over the network, ms. */
const val PATIENCE_MS = 20_000L

private const val POLL_MS = 20L

/** One of several phones on one screen. */
interface Handset {
    /** The tag under which it is found. */
    val name: String
}

private fun Handset?.here(matcher: SemanticsMatcher) =
    if (this == null) matcher else matcher and hasAnyAncestor(hasTestTag(name))

/** Waits until somewhere stands [text], and gives where. @param on which phone, if there are several. */
fun ComposeUiTest.sees(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
): SemanticsNodeInteraction {
    val matcher = on.here(hasText(text.keepUnits(), substring) or hasContentDescription(text, substring))
    waits("sees $text") { onAllNodes(matcher).fetchSemanticsNodes().isNotEmpty() }
    return onAllNodes(matcher)[0]
}

/** Waits until [text] stands nowhere. */
fun ComposeUiTest.seesNoMore(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
) = waits("sees $text no more") {
    onAllNodes(on.here(hasText(text.keepUnits(), substring))).fetchSemanticsNodes().isEmpty()
}

/** Writes into the field called [label], in place of what stands there. */
fun ComposeUiTest.writes(
    label: String,
    text: String,
    on: Handset? = null,
) {
    val field = on.here(hasSetTextAction() and hasContentDescription(label))
    waits("a field $label") { onAllNodes(field).fetchSemanticsNodes().isNotEmpty() }
    onNode(field).performTextReplacement(text)
}

/** Waits for what other threads do, and leaves them the processor meanwhile. */
fun ComposeUiTest.waits(
    what: String,
    until: () -> Boolean,
) {
    val end = System.nanoTime() + PATIENCE_MS * 1_000_000
    while (!until()) {
        check(System.nanoTime() < end) { "$what: not within $PATIENCE_MS ms; there is: ${texts()}" }
        Thread.sleep(POLL_MS)
        waitForIdle()
    }
}

/** All that can be read now. */
fun ComposeUiTest.texts(): List<String> =
    onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text))
        .fetchSemanticsNodes()
        .flatMap { it.config[SemanticsProperties.Text] }
        .map { it.text }

/** Taps what says [text], when it is there. @param last of several the last, which lies above the others. */
fun ComposeUiTest.taps(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
    last: Boolean = false,
) {
    val first = sees(text, substring, on)
    val node = if (last) onAllNodes(on.here(hasText(text.keepUnits(), substring))).onLast() else first
    runCatching { node.performScrollTo() }
    node.clicks()
}

/** On the thread that draws, where navigation insists to be; a touch of the test framework would come on the test's own. */
fun SemanticsNodeInteraction.clicks() = performSemanticsAction(SemanticsActions.OnClick)

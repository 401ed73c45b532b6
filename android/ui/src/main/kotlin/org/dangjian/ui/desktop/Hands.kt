@file:OptIn(ExperimentalTestApi::class, ExperimentalCoroutinesApi::class)

package org.dangjian.ui.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.v2.runSkikoComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.dangjian.ui.components.keepUnits
import javax.swing.SwingUtilities

/** How long anything may take that goes over the network, ms: on a busy machine many times what it takes on an idle one. */
const val PATIENCE_MS = 120_000L

/** What no task on the app's thread tells of is looked at so often, ms. */
private const val POLL_MS = 20L

/** The screen that the test framework draws on if it is not told. */
private val SCREEN = Size(1024f, 768f)

/** One of several phones on one screen. */
interface Handset {
    /** The tag under which it is found. */
    val name: String
}

/** Whose view models end when the hands let go of the app. */
class Owner : ViewModelStoreOwner {
    override val viewModelStore = ViewModelStore()
}

/**
 * Uses an app as a person would.
 *
 * Composition, view models and [use] share one thread, and each has its turn: what other threads want done on it is done
 * while the hands wait. Were the view models on a thread of their own, as they are in a window, they would change what the
 * other is just composing or looking at. An exception that a view model lets out fails this use, not the next.
 *
 * @param size of the screen, in its pixels.
 */
fun hands(
    size: Size = SCREEN,
    density: Density = Density(1f),
    use: Hands.() -> Unit,
) = onDrawingThread<Unit> {
    val main = MainQueue()
    var problem: Throwable? = null
    Dispatchers.setMain(main)
    try {
        // The second version composes when its clock is moved on; the first also did on any thread that changed a state.
        runSkikoComposeUiTest(size, density) { problem = Hands(this, main).uses(use) }
    } catch (uncaught: Throwable) {
        problem?.addSuppressed(uncaught) ?: throw uncaught
    } finally {
        Dispatchers.resetMain()
    }
    problem?.let { throw it }
}

/** On Swing's thread, where windows and the test framework draw; for what is on screen may be asked there only. */
internal fun <T> onDrawingThread(what: () -> T): T {
    var done: Result<T>? = null
    SwingUtilities.invokeAndWait { done = runCatching(what) }
    return checkNotNull(done).getOrThrow()
}

/** What was to be seen when something went wrong. */
private class Seen(
    texts: List<String>,
) : Exception("there is: $texts")

/** See [hands]. */
open class Hands internal constructor(
    private val test: ComposeUiTest,
    private val main: MainQueue,
) : ComposeUiTest by test {
    protected constructor(other: Hands) : this(other.test, other.main)

    private var shown by mutableStateOf<(@Composable () -> Unit)?>(null)
    private val ends = mutableListOf<() -> Unit>()

    /** Gives what went wrong. */
    internal fun uses(use: Hands.() -> Unit): Throwable? {
        var problem = runCatching { use() }.exceptionOrNull()
        problem?.let { runCatching { it.addSuppressed(Seen(texts())) } }

        fun tries(what: () -> Unit) {
            val another = runCatching(what).exceptionOrNull() ?: return
            problem?.addSuppressed(another) ?: run { problem = another }
        }
        // What is seen goes before what it shows.
        tries {
            shown = null
            waitForIdle()
        }
        ends.forEach { end ->
            tries {
                end()
                waitForIdle()
            }
        }
        return problem
    }

    /** Opens an app; once. */
    fun shows(content: @Composable () -> Unit) {
        shown = content
        test.setContent { shown?.invoke() }
        waitForIdle()
    }

    /** What is to be done when the app has left the screen, after what was said before. */
    fun atTheEnd(what: () -> Unit) {
        ends += what
    }

    /** Until there is nothing left to do on the app's thread; other threads may be busy. */
    override fun waitForIdle() {
        val end = System.nanoTime() + PATIENCE_MS * 1_000_000
        do {
            test.waitForIdle()
            check(System.nanoTime() < end) { "not idle within $PATIENCE_MS ms" }
        } while (main.drain())
    }

    override fun <T> runOnIdle(action: () -> T): T {
        waitForIdle()
        return action()
    }

    /** Waits for what other threads do, and leaves them the processor meanwhile. */
    fun waits(
        what: String,
        until: () -> Boolean,
    ) {
        val end = System.nanoTime() + PATIENCE_MS * 1_000_000
        waitForIdle()
        while (!until()) {
            check(System.nanoTime() < end) { "$what: not within $PATIENCE_MS ms; there is: ${texts()}" }
            main.await(POLL_MS)
            waitForIdle()
        }
    }

    /** Waits until there is something that [matcher] fits, and gives the first. @param last gives the last instead. */
    fun finds(
        what: String,
        matcher: SemanticsMatcher,
        last: Boolean = false,
    ): SemanticsNodeInteraction {
        waits(what) { any(matcher) }
        return if (last) onAllNodes(matcher).onLast() else onAllNodes(matcher)[0]
    }

    /** Whether there is something that [matcher] fits. */
    fun any(matcher: SemanticsMatcher) = onAllNodes(matcher).fetchSemanticsNodes().isNotEmpty()
}

private fun Handset?.here(matcher: SemanticsMatcher) =
    if (this == null) matcher else matcher and hasAnyAncestor(hasTestTag(name))

private fun says(
    text: String,
    substring: Boolean,
) = hasText(text.keepUnits(), substring) or hasContentDescription(text, substring)

/** Waits until somewhere stands [text], and gives where. @param on which phone, if there are several. */
fun Hands.sees(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
): SemanticsNodeInteraction = finds("sees $text", on.here(says(text, substring)))

/** Waits until [text] stands nowhere. */
fun Hands.seesNoMore(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
) = waits("sees $text no more") { !any(on.here(hasText(text.keepUnits(), substring))) }

/** Writes into the field called [label], in place of what stands there. */
fun Hands.writes(
    label: String,
    text: String,
    on: Handset? = null,
) = replaces("a field $label", on.here(hasSetTextAction() and hasContentDescription(label)), text)

/** Writes into all fields, from the first on. */
fun Hands.fills(
    vararg texts: String,
    on: Handset? = null,
) {
    val fields = on.here(hasSetTextAction() and isEnabled())
    waits("${texts.size} fields") { onAllNodes(fields).fetchSemanticsNodes().size == texts.size }
    texts.forEachIndexed { index, text ->
        onAllNodes(fields)[index].performTextReplacement(text)
        waitForIdle()
    }
}

private fun Hands.replaces(
    what: String,
    field: SemanticsMatcher,
    text: String,
) {
    finds(what, field and isEnabled()).performTextReplacement(text)
    waitForIdle()
}

/** All that can be read now. */
fun Hands.texts(): List<String> =
    onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text))
        .fetchSemanticsNodes()
        .flatMap { it.config[SemanticsProperties.Text] }
        .map { it.text }

/** Taps what says [text], when it is there and can be tapped. @param last of several the last, which lies above the others. */
fun Hands.taps(
    text: String,
    substring: Boolean = false,
    on: Handset? = null,
    last: Boolean = false,
) {
    val matcher = if (last) hasText(text.keepUnits(), substring) else says(text, substring)
    taps("can tap $text", on.here(matcher), last)
}

/** Taps what is read out as [name]. */
fun Hands.tapsNamed(name: String) = taps("can tap what is called $name", hasContentDescription(name))

private fun Hands.taps(
    what: String,
    matcher: SemanticsMatcher,
    last: Boolean = false,
) {
    val node = finds(what, matcher and hasClickAction() and isEnabled(), last)
    if (hasAnyAncestor(hasScrollAction()).matches(node.fetchSemanticsNode())) node.performScrollTo()
    // Not by touch: it would meet whatever lies above, such as a bar.
    node.performSemanticsAction(SemanticsActions.OnClick)
    waitForIdle()
}

/** Scrolls the list until [text] is in sight, which may still be on its way, and gives where it stands. */
fun Hands.scrollsTo(text: String): SemanticsNodeInteraction {
    val row = hasText(text.keepUnits())
    waits("$text is in the list") {
        // Not finding it is an error there; here it is a reason to look again.
        any(hasScrollToIndexAction()) &&
            runCatching { onNode(hasScrollToIndexAction()).performScrollToNode(row) }.isSuccess && any(row)
    }
    return onAllNodes(row)[0]
}

/** Scrolls the list to its row [index], once it has so many. */
fun Hands.scrollsTo(index: Int) =
    waits("a list of more than $index") {
        any(hasScrollToIndexAction()) &&
            runCatching { onNode(hasScrollToIndexAction()).performScrollToIndex(index) }.isSuccess
    }

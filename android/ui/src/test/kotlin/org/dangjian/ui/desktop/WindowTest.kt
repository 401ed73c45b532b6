package org.dangjian.ui.desktop

import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.core.MeView
import org.dangjian.core.PASSWORD
import org.dangjian.ui.moduleDir
import org.dangjian.ui.notices.NoticeStrings
import org.junit.Assume.assumeFalse
import org.junit.Before
import java.awt.GraphicsEnvironment
import java.awt.Robot
import java.awt.Window
import java.awt.event.InputEvent
import java.io.File
import javax.accessibility.Accessible
import javax.accessibility.AccessibleContext
import javax.accessibility.AccessibleRole
import javax.accessibility.AccessibleState
import javax.imageio.ImageIO
import kotlin.concurrent.thread
import kotlin.test.Test

/** How long what comes of a click may take before one clicks again, ms. */
private const val AGAIN_MS = 5_000L

/** The mouse's button takes this long to be pressed and let go, ms. */
private const val BUTTON_MS = 15

private const val TITLE = "周六九时开会"
private const val TEXT = "在老祠堂，请带笔记本"

/**
 * Two real windows on a real display, used with the mouse; what is where is learnt as a screen reader learns it, and words are
 * put in as dictation puts them in: without a window manager it is up to chance which window has the keyboard. Needs a display:
 * the suite gives it a virtual one; and a process of its own: the windows close when that ends.
 */
class WindowTest {
    private val data = County.dir("windows").apply { mkdirs() }
    private val people = listOf("dongguan1", "dongguan2")
    private lateinit var names: List<String>
    private lateinit var robot: Robot

    @Before
    fun two_phones_of_one_branch_are_at_hand() {
        assumeFalse("no display", GraphicsEnvironment.isHeadless())
        val members = people.map { runBlocking { signedIn(it) } }
        names = members.map { it.name }
        val rows =
            people.zip(members) { who, me ->
                "$who,${me.name},${me.offices.first().roleWords},${me.orgName},${County.named(who)},$PASSWORD"
            }
        File(data, "people.csv")
            .writeText((listOf("phone,name,role,organization,login,password") + rows).joinToString("\n"))
        robot = Robot().apply { autoDelay = BUTTON_MS }
        thread(isDaemon = true, name = "app") { windows(Town(data, County.url), data) }
    }

    private suspend fun signedIn(who: String): MeView {
        val phone = County.signedIn("windows/phones/$who", who)
        return checkNotNull(phone.account.me()).also { phone.close() }
    }

    @Test
    fun a_notice_written_in_one_window_arrives_in_the_other() {
        val (left, right) = waits("two windows") { shown().takeIf { it.distinctBy(Window::getX).size == 2 } }
        val (writer, reader) = names
        val sampler = Sampler()
        click(left, writer) { there(left, "消息") }
        click(right, reader) { there(right, "消息") }
        click(left, "消息") { there(left, NoticeStrings.PUBLISH) }
        click(right, "消息") { there(right, NoticeStrings.PUBLISH) }
        click(left, NoticeStrings.PUBLISH) { onDrawingThread { fields(left).size == 2 } }
        write(left, 0, TITLE)
        write(left, 1, TEXT)
        // The title says so too; the button is the last.
        click(left, NoticeStrings.publishTo(null), last = true) { onDrawingThread { fields(left).isEmpty() } }
        click(right, TITLE) { there(right, TEXT) }
        val longest = sampler.longest()
        // Told, not asserted: a busy machine stops any thread for longer.
        println("the drawing thread's longest stay in the core: $longest")
    }

    private fun shown() = Window.getWindows().filter { it.isShowing }.sortedBy { it.x }

    /** Clicks until [then]: a click meets nothing where something still moved, or while the screen before was leaving. */
    private fun click(
        window: Window,
        what: String,
        last: Boolean = false,
        then: () -> Boolean,
    ) {
        var before: Pair<Int, Int>? = null
        var clicked: Long? = null
        waits("$what in the ${window.name}, and what comes of a click on it") {
            val done = then()
            if (!done) {
                val now = find(window, last) { node -> node.takeIf { it.says(what) && it.can() }?.let(::placeOf) }
                val again = clicked?.let { System.nanoTime() - it > AGAIN_MS * 1_000_000 } ?: true
                if (now != null && now == before && again) {
                    press(now)
                    clicked = System.nanoTime()
                }
                before = now
            }
            Unit.takeIf { done }
        }
    }

    private fun there(
        window: Window,
        what: String,
    ) = onDrawingThread { all(window).any { it.says(what) } }

    private fun press(place: Pair<Int, Int>) {
        robot.mouseMove(place.first, place.second)
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK)
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK)
    }

    private fun write(
        window: Window,
        field: Int,
        text: String,
    ) = waits("$text in field $field of the ${window.name}") {
        onDrawingThread {
            val words = fields(window)[field].accessibleEditableText
            val written = words.getTextRange(0, words.charCount) == text
            if (!written) words.setTextContents(text)
            Unit.takeIf { written }
        }
    }

    private fun AccessibleContext.can() = accessibleStateSet.contains(AccessibleState.ENABLED)

    private fun fields(window: Window) =
        all(window).filter { it.accessibleRole == AccessibleRole.TEXT && it.accessibleEditableText != null }

    private fun AccessibleContext.says(what: String) =
        listOfNotNull(accessibleName, accessibleDescription).any { it.startsWith(what) }

    private fun placeOf(context: AccessibleContext): Pair<Int, Int>? {
        val component = context.accessibleComponent ?: return null
        val (corner, size) = (component.locationOnScreen ?: return null) to component.size
        return if (size.width == 0) null else corner.x + size.width / 2 to corner.y + size.height / 2
    }

    private fun <T> find(
        window: Window,
        last: Boolean = false,
        look: (AccessibleContext) -> T?,
    ): T? = onDrawingThread { all(window).let { if (last) it.asReversed() else it }.firstNotNullOfOrNull(look) }

    private fun all(window: Window): List<AccessibleContext> {
        val found = mutableListOf<AccessibleContext>()

        fun visit(node: Accessible?) {
            val context = node?.accessibleContext ?: return
            found += context
            for (child in 0 until context.accessibleChildrenCount) visit(context.getAccessibleChild(child))
        }
        visit(window as? Accessible)
        return found
    }

    /**
     * Looks until there is what is looked for. A look that fails has seen nothing: a window that was just opened and not yet laid
     * out throws when asked for what is on it.
     */
    private fun <T : Any> waits(
        what: String,
        look: () -> T?,
    ): T {
        val end = System.nanoTime() + PATIENCE_MS * 1_000_000
        while (true) {
            val seen = runCatching(look)
            seen.getOrNull()?.let { return it }
            if (System.nanoTime() > end) {
                val there = runCatching(::told).getOrElse { it.toString() }
                throw AssertionError("$what: not within $PATIENCE_MS ms; there is: $there", seen.exceptionOrNull())
            }
            Thread.sleep(50)
        }
    }

    /** What is on screen, in words; and as a picture in `target/windows.png`. */
    private fun told(): String {
        val display = GraphicsEnvironment.getLocalGraphicsEnvironment().maximumWindowBounds
        ImageIO.write(robot.createScreenCapture(display), "png", File(moduleDir, "target/windows.png"))
        return shown().joinToString { window ->
            onDrawingThread { all(window).mapNotNull { it.accessibleName }.distinct() }.toString()
        }
    }
}

/** Looks at the thread that draws once a millisecond: for how long at a time is it in the core? */
private class Sampler {
    /** @param where the core was called from. */
    class Stay(
        val ms: Long,
        val where: List<StackTraceElement>,
    ) {
        override fun toString() = "$ms ms at\n" + where.joinToString("\n")
    }

    @Volatile private var on = true
    private var longest = Stay(0, emptyList())
    private val drawing = onDrawingThread { Thread.currentThread() }
    private val looking =
        thread(isDaemon = true) {
            var since = 0L
            while (on) {
                val now = System.nanoTime()
                val stack = drawing.stackTrace
                val inCore = stack.any { it.className.startsWith("org.dangjian.core.") }
                since =
                    if (!inCore) {
                        0
                    } else if (since == 0L) {
                        now
                    } else {
                        since
                    }
                val ms = (now - since) / 1_000_000
                if (inCore && ms > longest.ms) longest = Stay(ms, stack.toList())
                Thread.sleep(1)
            }
        }

    fun longest(): Stay {
        on = false
        looking.join()
        return longest
    }
}

package org.dangjian.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.runSkikoComposeUiTest
import androidx.compose.ui.unit.Density
import org.dangjian.ui.notices.NoticesCallbacks
import org.dangjian.ui.notices.NoticesScreen
import org.dangjian.ui.notices.ReceiptState
import org.dangjian.ui.notices.ReceiptsCallbacks
import org.dangjian.ui.notices.ReceiptsScreen
import org.dangjian.ui.office.LedgerScreen
import org.dangjian.ui.office.LowBoardsCallbacks
import org.dangjian.ui.office.LowBoardsScreen
import org.dangjian.ui.office.OfficeCallbacks
import org.dangjian.ui.office.OfficeScreen
import org.dangjian.ui.outbox.OutboxCallbacks
import org.dangjian.ui.outbox.OutboxScreen
import org.dangjian.ui.points.PointsScreen
import org.dangjian.ui.points.PostingsCallbacks
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyScreen
import kotlin.test.Test
import kotlin.test.assertEquals

private const val ROWS = 60

/** Every list goes on when somebody has scrolled to its end, and not before. */
@OptIn(ExperimentalTestApi::class)
class EndOfListTest {
    private var ends = 0
    private val onEnd: () -> Unit = { ends++ }

    /** @param screen its list, going on or not. */
    private fun goesOn(screen: @Composable (more: Boolean) -> Unit) {
        for (more in listOf(true, false)) {
            ends = 0
            runSkikoComposeUiTest(Size(WIDTH_DP * DENSITY, HEIGHT_DP * DENSITY), Density(DENSITY)) {
                setContent { Themed(Mode.Light) { screen(more) } }
                waitForIdle()
                assertEquals(0, ends)
                // Chips scroll too, but the other way, and have one row.
                val lists = onAllNodes(hasScrollToIndexAction())
                val list = lists[lists.fetchSemanticsNodes().indices.maxBy { lists[it].rows() }]
                list.performScrollToIndex(list.rows() - 1)
                waitForIdle()
                assertEquals(if (more) 1 else 0, ends)
            }
        }
    }

    private fun SemanticsNodeInteraction.rows(): Int =
        fetchSemanticsNode().config.getOrNull(SemanticsProperties.CollectionInfo)?.rowCount ?: 0

    private fun <T> many(
        row: T,
        id: T.(String) -> T,
    ) = List(ROWS) { row.id("row $it") }

    @Test
    fun notices() {
        val items = many(NoticeSamples.notices.items[0]) { copy(id = it) }
        goesOn {
            NoticesScreen(NoticeSamples.notices.copy(items = items, more = it), NoticesCallbacks(onEnd = onEnd))
        }
    }

    @Test
    fun who_has_read_a_notice() {
        val names = List(ROWS) { ReceiptState("$it", "党员", "支部") }
        goesOn {
            val state = NoticeSamples.receipts.copy(unread = names, more = it)
            ReceiptsScreen(state, ReceiptsCallbacks(onEnd = onEnd))
        }
    }

    @Test
    fun what_waits() {
        val waiting = many(NoticeSamples.outbox.waiting[0]) { copy(id = it) }
        goesOn {
            OutboxScreen(NoticeSamples.outbox.copy(waiting = waiting, more = it), OutboxCallbacks(onEnd = onEnd))
        }
    }

    @Test
    fun postings() {
        val postings = PointsSamples.points.postings
        val days = many(postings.days[0]) { copy(id = it) }
        val callbacks = PostingsCallbacks(onEnd = onEnd)
        goesOn { PointsScreen(PointsSamples.points.copy(postings = postings.copy(days = days, more = it)), callbacks) }
        goesOn { LedgerScreen(OfficeSamples.ledger.copy(postings = postings.copy(days = days, more = it)), callbacks) }
    }

    @Test
    fun low_boards() {
        val lines = many(OfficeSamples.lowBoards.lines[0]) { copy(id = it) }
        goesOn {
            val state = OfficeSamples.lowBoards.copy(lines = lines, more = it)
            LowBoardsScreen(state, LowBoardsCallbacks(onEnd = onEnd))
        }
    }

    @Test
    fun what_is_to_be_decided() {
        val matters = many(MeSamples.office.reviews[0]) { copy(id = it) }
        val callbacks = OfficeCallbacks(onEnd = onEnd)
        goesOn { OfficeScreen(MeSamples.office.copy(reviews = matters, moreReviews = it), callbacks) }
        goesOn {
            val state = MeSamples.office.copy(showObjections = true, objections = matters, moreObjections = it)
            OfficeScreen(state, callbacks)
        }
    }

    @Test
    fun what_there_is_to_study() {
        val items = many(Samples.study.items[0]) { copy(id = it) }
        goesOn { StudyScreen(Samples.study.copy(items = items, more = it), StudyCallbacks(onEnd = onEnd)) }
    }
}

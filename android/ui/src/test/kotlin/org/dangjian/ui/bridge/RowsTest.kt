package org.dangjian.ui.bridge

import kotlinx.coroutines.runBlocking
import org.dangjian.core.MemberId
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeScope
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView
import org.dangjian.core.OpId
import org.dangjian.core.OpKind
import org.dangjian.core.OrgId
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.core.ReaderView
import org.dangjian.core.ReceiptsView
import org.dangjian.core.Refusal
import org.dangjian.core.Timestamp
import org.dangjian.core.UnreadView
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Lists that are longer than what the core gives at once. */
class RowsTest {
    private val asked = mutableListOf<Pair<UInt, UInt>>()

    /** A list of [length] rows, as the core would give it. */
    private fun rows(
        count: UInt,
        length: Int,
    ) = runBlocking {
        rowsOf(count, { it }) { limit, offset ->
            asked += limit to offset
            val rows = (0 until length).drop(offset.toInt()).take(limit.toInt())
            Rows(rows, offset.toInt() + rows.size < length)
        }
    }

    @Test
    fun a_list_goes_on_beyond_what_the_core_gives_at_once() {
        val read = rows(450u, length = 1_000)
        assertEquals((0 until 450).toList(), read.rows)
        assertTrue(read.more)
        assertEquals(listOf(200u to 0u, 200u to 200u, 50u to 400u), asked)
    }

    @Test
    fun a_list_ends_where_it_ends() {
        assertFalse(rows(50u, length = 50).more)
        assertEquals(listOf(50u to 0u), asked)
        assertEquals(201, rows(UInt.MAX_VALUE, length = 201).rows.size)
        assertEquals(emptyList(), rows(50u, length = 0).rows)
    }

    @Test
    fun what_moved_down_while_it_was_read_stands_once() {
        val read =
            runBlocking {
                // Something new came between two pages.
                rowsOf(400u, { it }) { limit, offset ->
                    Rows((0 until limit.toInt()).map { offset.toInt() + it - if (offset > 0u) 1 else 0 }, true)
                }
            }
        assertEquals((0 until 399).toList(), read.rows)
    }

    @Test
    fun of_what_waits_the_first_to_go_are_shown_and_all_that_was_refused() {
        fun row(
            id: Int,
            state: OutboxState = OutboxState.Queued,
        ) = OutboxView(OpId("$id"), OpKind.PUBLISH_NOTICE, null, "题", "文", state)
        // Newest first.
        val all = (9 downTo 1).map { row(it) } + row(0, OutboxState.Refused(Refusal.STALE))
        val shown = outboxRows(all, 3)
        assertEquals(listOf("0", "3", "2", "1"), shown.rows.map { it.op.text })
        assertTrue(shown.more)
        assertFalse(outboxRows(all, 9).more)
    }

    @Test
    fun names_go_on_while_there_are_as_many_as_were_asked_for() {
        val notice =
            NoticeView(
                NoticeId("n"),
                1uL,
                OrgId("o"),
                "支部",
                NoticeScope.BRANCH,
                "题",
                "文",
                "何志远",
                Timestamp(0),
                null,
                NoticeState.PUBLISHED,
                null,
                read = true,
                unconfirmed = false,
            )
        val unread = List(100) { UnreadView(MemberId("u$it"), "党员", "支部") }
        val receipts =
            ReceiptsView(301u, 1u, unread, listOf(ReaderView(MemberId("r"), "党员", "支部", Timestamp(0))))
        assertTrue(receiptsOf(notice, receipts, 100u, showUnread = true, nowMs = 0).more)
        assertFalse(receiptsOf(notice, receipts, 200u, showUnread = true, nowMs = 0).more)
        assertFalse(receiptsOf(notice, receipts, 100u, showUnread = false, nowMs = 0).more)
    }
}

package org.dangjian.ui.bridge

import org.dangjian.core.CaseState
import org.dangjian.core.Day
import org.dangjian.core.DayPoints
import org.dangjian.core.EntryView
import org.dangjian.core.FactKind
import org.dangjian.core.LedgerFilter
import org.dangjian.core.RowId
import org.dangjian.core.SummaryView
import org.dangjian.core.Timestamp
import org.dangjian.ui.points.ObjectionStanding
import org.dangjian.ui.points.PostingKind
import org.dangjian.ui.points.PostingStanding
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** What 积分 makes of the core's postings. */
class PointsMappingTest {
    private val today = LocalDate.of(2026, 11, 24)

    private fun day(ago: Int) = Day(today.toEpochDay().toInt() - ago, "")

    private fun entry(
        id: String,
        ago: Int = 0,
        points: Long = 1,
        title: String = "每日登录",
        reversed: Boolean = false,
        confirmed: Boolean = true,
        appeal: CaseState? = null,
    ) = EntryView(
        RowId(id),
        day(ago),
        title,
        aboutTitle = null,
        fromAt = Timestamp(1_795_500_000_000),
        toAt = null,
        points = points,
        confirmed = confirmed,
        reversed = reversed,
        appeal = appeal,
    )

    private fun days(
        ledger: Ledger,
        open: Set<String> = emptySet(),
        waiting: Set<String> = emptySet(),
    ) = daysOf(ledger, open, waiting, today)

    @Test
    fun postings_stand_by_day_with_what_the_day_came_to() {
        val days =
            days(Ledger(listOf(entry("a", points = 3), entry("b", points = -1), entry("c", ago = 2)), more = false))
        assertEquals(listOf("今天 +2", "11月22日 星期日 +1"), days.map { it.title })
        assertEquals(listOf("+3", "-1"), days[0].postings.map { it.points })
    }

    @Test
    fun of_a_full_day_the_first_are_seen_until_the_others_are_asked_for() {
        val ledger = Ledger((1..9).map { entry("$it", points = 2) }, more = false)
        val first = days(ledger).single()
        assertEquals(5 to "今天还有 4 条，共 8 分", first.postings.size to first.more)
        val all = days(ledger, open = setOf(first.id)).single()
        assertEquals(9 to null, all.postings.size to all.more)
    }

    @Test
    fun a_day_that_the_page_may_have_cut_waits_for_the_rest() {
        val rows = listOf(entry("a"), entry("b", ago = 1))
        assertEquals(listOf("今天 +1"), days(Ledger(rows, more = true)).map { it.title })
        assertEquals(2, days(Ledger(rows, more = false)).size)
        assertEquals(1, days(Ledger(rows.take(1), more = true)).size)
    }

    @Test
    fun what_a_posting_was_for_is_told_by_what_is_known() {
        val ledger =
            Ledger(
                listOf(
                    entry("sign"),
                    entry("life", title = "x"),
                    entry("idea", title = "y"),
                    entry("back", points = -2),
                ),
                more = false,
                life = setOf("life"),
                suggestions = setOf("idea"),
                facts = mapOf("每日登录" to FactKind.SIGN_IN),
            )
        assertEquals(
            listOf(PostingKind.SignIn, PostingKind.Life, PostingKind.Suggestion, PostingKind.Reversal),
            ledger.rows.map(ledger::kindOf),
        )
    }

    @Test
    fun an_objection_that_was_not_sent_says_so() {
        val rows =
            listOf(entry("a", appeal = CaseState.OPEN), entry("b", appeal = CaseState.DISMISSED, reversed = true))
        val shown = days(Ledger(rows, more = false), waiting = setOf("a")).single().postings
        assertEquals(listOf(ObjectionStanding.Waiting, ObjectionStanding.Rejected), shown.map { it.objection })
        assertEquals(listOf(PostingStanding.Confirmed, PostingStanding.TakenBack), shown.map { it.standing })
    }

    @Test
    fun the_filter_of_what_waits_is_there_while_something_does() {
        assertEquals(4, filtersOf(LedgerFilter.ALL, 0).size)
        assertEquals("待确认 2", filtersOf(LedgerFilter.ALL, 2).last().label)
        assertEquals(true, filtersOf(LedgerFilter.UNCONFIRMED, 0).last().selected)
    }

    private fun summary(points: List<Long>) =
        SummaryView(
            20264,
            "四季度",
            "10—12月",
            confirmed = 1_046,
            unconfirmed = 4,
            totalEver = 9_000,
            thirtyDays = points.mapIndexed { index, of -> DayPoints(day(points.lastIndex - index), of) },
            meanADay = points.sum() / points.size,
            dayCap = 30,
        )

    @Test
    fun the_chart_is_read_out_as_one_and_absent_without_points() {
        val chart = checkNotNull(chartOf(summary(List(30) { if (it == 29) 13L else 21L })))
        assertEquals(listOf("10-26", "11-10", "今天"), chart.days)
        assertEquals("日均 20 分 · 上限 30", chart.summary)
        assertEquals(
            "近 30 天每日学习得分：日均 20 分，最高 21 分，最低 13 分，今天 13 分，每日上限 30 分",
            chart.sentence,
        )
        assertNull(chartOf(summary(List(30) { 0L })))
    }

    @Test
    fun figures_are_grouped_and_signed() {
        assertEquals(listOf("0", "999", "1,046", "-12,345,678"), listOf(0L, 999L, 1_046L, -12_345_678L).map(::grouped))
        assertEquals(listOf("+3", "0", "-3"), listOf(3L, 0L, -3L).map(::signed))
    }
}

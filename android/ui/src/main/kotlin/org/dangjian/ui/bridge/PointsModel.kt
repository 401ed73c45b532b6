package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import org.dangjian.core.AppealView
import org.dangjian.core.CaseState
import org.dangjian.core.Dangjian
import org.dangjian.core.EntryExplanation
import org.dangjian.core.EntryPage
import org.dangjian.core.LedgerFilter
import org.dangjian.core.RowId
import org.dangjian.core.SummaryView
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.points.ObjectionStanding
import org.dangjian.ui.points.ObjectionState
import org.dangjian.ui.points.PointsChartState
import org.dangjian.ui.points.PointsState
import org.dangjian.ui.points.PostingSheet
import java.time.LocalDate

/** Objections that are looked through; nobody makes more in years. */
private const val APPEALS = 200u

/** One's points: the quarter's sum, the days behind it, each posting with where it comes from, and objecting. */
class PointsModel(
    phone: Phone,
) : PostingsModel<PointsModel.Mine>(phone, "objection", Topic.STUDY) {
    /** What there is of one's own beside the postings. */
    class Mine internal constructor(
        internal val summary: SummaryView?,
        internal val appeals: List<AppealView>,
    )

    val state: StateFlow<PointsState> =
        shown(PointsState()) { postings, mine ->
            val summary = mine?.summary
            PointsState(
                period = summary?.let { PointsWordsStrings.period(it.monthsWords) }.orEmpty(),
                total = summary?.let { grouped(it.confirmed) }.orEmpty(),
                unconfirmed = summary?.unconfirmed?.toInt() ?: 0,
                chart = summary?.let { chartOf(it) },
                postings = postings,
            )
        }

    override suspend fun Dangjian.entries(
        filter: LedgerFilter,
        limit: UInt,
        offset: UInt,
    ): EntryPage = points.ledger(filter, limit, offset)

    override suspend fun Dangjian.beside() = Mine(points.summary(), points.appeals(APPEALS, 0u).rows)

    override suspend fun Dangjian.send(
        posting: RowId,
        text: String,
    ) {
        points.appeal(posting, text)
    }

    override fun waiting(beside: Mine) =
        beside.appeals.filter { it.unconfirmed }.mapTo(mutableSetOf()) { it.about.text }

    override fun explanation(
        explained: EntryExplanation,
        beside: Mine?,
    ): PostingSheet.Explanation {
        // The newest comes first.
        val appeal = beside?.appeals?.firstOrNull { it.about == explained.entry.id }
        return explanationOf(explained).copy(objection = appeal?.let { objectionOf(it, phone.nowMs()) })
    }

    override fun empty(filter: LedgerFilter) =
        if (filter == LedgerFilter.ALL) {
            EmptyState(PointsWordsStrings.NONE_YET, PointsWordsStrings.NONE_YET_SENTENCE, PointsWordsStrings.TO_STUDY)
        } else {
            EmptyState(PointsWordsStrings.NONE_OF_KIND, PointsWordsStrings.NONE_OF_KIND_SENTENCE)
        }
}

internal fun objectionOf(
    appeal: AppealView,
    nowMs: Long,
): ObjectionState {
    val day = dayOf(shanghai(appeal.madeAt.ms).toLocalDate(), shanghai(nowMs).toLocalDate())
    val sent = !(appeal.unconfirmed && appeal.state == CaseState.OPEN)
    return ObjectionState(
        standing = if (sent) appeal.state.asStanding() else ObjectionStanding.Waiting,
        made = PointsWordsStrings.madeAt(day, clockOf(appeal.madeAt)),
        text = appeal.text,
        answer = appeal.answer,
    )
}

/** Nothing while there was nothing in thirty days. */
internal fun chartOf(summary: SummaryView): PointsChartState? {
    val points = summary.thirtyDays.map { it.points.toInt() }
    if (points.all { it == 0 }) return null
    val (mean, cap) = summary.meanADay.toInt() to summary.dayCap?.toInt()
    val dates = summary.thirtyDays.map { LocalDate.ofEpochDay(it.day.days.toLong()) }
    return PointsChartState(
        points = points,
        cap = cap,
        summary = PointsWordsStrings.chart(mean, cap),
        days =
            listOf(dates.first(), dates[dates.size / 2]).map { PointsWordsStrings.axis(it.monthValue, it.dayOfMonth) } +
                PointsWordsStrings.CHART_TODAY,
        sentence = PointsWordsStrings.chartSentence(mean, points.max(), points.min(), points.last(), cap),
    )
}

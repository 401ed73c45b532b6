package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import org.dangjian.core.AppealView
import org.dangjian.core.CaseState
import org.dangjian.core.EntryExplanation
import org.dangjian.core.LedgerFilter
import org.dangjian.core.RowId
import org.dangjian.core.SummaryView
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.points.ObjectionStanding
import org.dangjian.ui.points.ObjectionState
import org.dangjian.ui.points.PointsChartState
import org.dangjian.ui.points.PointsSheet
import org.dangjian.ui.points.PointsState
import java.time.LocalDate

/** Objections that are looked through; nobody makes more in years. */
private const val APPEALS = 200u

/** One's points: the quarter's sum, the days behind it, each posting with where it comes from, and objecting. */
class PointsModel(
    phone: Phone,
) : ScreenModel<PointsModel.Input>(phone, Input()) {
    /**
     * @param filter the name of a [LedgerFilter].
     * @param pages how far the person has scrolled.
     * @param open days of which all postings are shown.
     * @param posting which one the sheet is about.
     * @param objecting whether an objection to it is being written.
     * @param problem why it was not sent.
     */
    data class Input(
        val filter: String = LedgerFilter.ALL.name,
        val pages: UInt = 1u,
        val open: Set<String> = emptySet(),
        val posting: String? = null,
        val objecting: Boolean = false,
        val problem: String? = null,
    )

    private class Page(
        val summary: SummaryView?,
        val ledger: Ledger,
        val unconfirmed: Int,
        val appeals: List<AppealView>,
    )

    private val page =
        live(
            Topic.POINTS,
            Topic.CASES,
            Topic.RULES,
            Topic.STUDY,
            key = { it.filter to it.pages },
        ) { (filter, pages) ->
            Page(
                points.summary(),
                ledgerOf(LedgerFilter.valueOf(filter), pages) { of, limit, offset -> points.ledger(of, limit, offset) },
                points.ledger(LedgerFilter.UNCONFIRMED, POSTINGS, 0u).rows.size,
                points.appeals(APPEALS, 0u).rows,
            )
        }

    private val explained =
        live(Topic.POINTS, Topic.CASES, Topic.RULES, key = { it.posting }) { posting ->
            posting?.let { points.explain(RowId(it)) }
        }

    private val objection = Writing(phone, viewModelScope)

    /** The objection being written. */
    val written: StateFlow<String> = objection.text

    val state: StateFlow<PointsState> =
        combine(page, explained, input) { page, explained, input -> stateOf(page, explained.orNull(), input) }
            .shown(PointsState("", "", filters = emptyList(), days = emptyList(), loading = true))

    fun filter(id: String) = change { copy(filter = id, pages = 1u) }

    /** All of a day. */
    fun more(day: String) = change { copy(open = open + day) }

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    fun explain(posting: String) = change { copy(posting = posting, objecting = false, problem = null) }

    /** Closes the sheet; what was written stays for the next time. */
    fun close() {
        objection.close()
        change { copy(posting = null, objecting = false, problem = null) }
    }

    /** The screen is left, or the app. */
    fun leave() = objection.leave()

    fun beginObjection(posting: String) {
        objection.open(objectionDraft(posting))
        change { copy(posting = posting, objecting = true, problem = null) }
    }

    fun write(text: String) = objection.write(text)

    /** Sends the objection, with or without a network. */
    fun send(posting: String) {
        val text = objection.text.value.trim()
        act(
            failed = { problem -> input.update { it.copy(problem = problem.sentence()) } },
            done = {
                objection.done()
                change { copy(objecting = false, problem = null) }
            },
        ) { points.appeal(RowId(posting), text) }
    }

    private fun stateOf(
        read: Read<Page>,
        explained: EntryExplanation?,
        input: Input,
    ): PointsState {
        val page = read.orNull()
        val today = shanghai(phone.nowMs()).toLocalDate()
        val waiting =
            page
                ?.appeals
                .orEmpty()
                .filter { it.unconfirmed }
                .mapTo(mutableSetOf()) { it.about.text }
        val filter = LedgerFilter.valueOf(input.filter)
        return PointsState(
            period = page?.summary?.let { PointsWordsStrings.period(it.monthsWords) }.orEmpty(),
            total = page?.summary?.let { grouped(it.confirmed) }.orEmpty(),
            unconfirmed = page?.summary?.unconfirmed?.toInt() ?: 0,
            chart = page?.summary?.let { chartOf(it) },
            filters = filtersOf(filter, page?.unconfirmed ?: 0),
            days = page?.let { daysOf(it.ledger, input.open, waiting, today) }.orEmpty(),
            more = page?.ledger?.more == true,
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            empty = emptyOf(filter).takeIf { page != null && page.ledger.rows.isEmpty() },
            sheet = explained?.takeIf { it.entry.id.text == input.posting }?.let { sheetOf(it, page, input) },
        )
    }

    private fun sheetOf(
        explained: EntryExplanation,
        page: Page?,
        input: Input,
    ): PointsSheet {
        val entry = explained.entry
        if (input.objecting) {
            val about = PointsWordsStrings.posting(entry.title, signed(entry.points))
            return PointsSheet.Objection(entry.id.text, about, problem = input.problem)
        }
        // The newest comes first.
        val appeal = page?.appeals?.firstOrNull { it.about == entry.id }
        return explanationOf(explained).copy(objection = appeal?.let { objectionOf(it, phone.nowMs()) })
    }
}

/** Under which id the core keeps an objection to [posting]. */
private fun objectionDraft(posting: String) = "objection:$posting"

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

private fun emptyOf(filter: LedgerFilter) =
    if (filter == LedgerFilter.ALL) {
        EmptyState(PointsWordsStrings.NONE_YET, PointsWordsStrings.NONE_YET_SENTENCE, PointsWordsStrings.TO_STUDY)
    } else {
        EmptyState(PointsWordsStrings.NONE_OF_KIND, PointsWordsStrings.NONE_OF_KIND_SENTENCE)
    }

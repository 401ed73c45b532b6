package org.dangjian.ui.bridge

import org.dangjian.core.CaseState
import org.dangjian.core.Dangjian
import org.dangjian.core.EntryExplanation
import org.dangjian.core.EntryPage
import org.dangjian.core.EntryView
import org.dangjian.core.FactKind
import org.dangjian.core.LedgerFilter
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.points.ObjectionStanding
import org.dangjian.ui.points.PointsDayState
import org.dangjian.ui.points.PostingKind
import org.dangjian.ui.points.PostingSheet
import org.dangjian.ui.points.PostingStanding
import org.dangjian.ui.points.PostingState
import java.time.LocalDate

/** Postings that are read at once. */
internal const val POSTINGS = 60u

/** How many of a day are seen before the others are asked for. */
private const val SHOWN_A_DAY = 5

/** Postings, and what they were given for as far as that can be told. */
internal class Ledger(
    val rows: List<EntryView>,
    val more: Boolean,
    private val life: Set<String> = emptySet(),
    private val suggestions: Set<String> = emptySet(),
    private val facts: Map<String, FactKind> = emptyMap(),
) {
    fun kindOf(entry: EntryView): PostingKind =
        when {
            entry.points < 0 -> {
                PostingKind.Reversal
            }

            entry.id.text in suggestions -> {
                PostingKind.Suggestion
            }

            entry.id.text in life -> {
                PostingKind.Life
            }

            else -> {
                when (facts[entry.title]) {
                    FactKind.SIGN_IN -> PostingKind.SignIn
                    FactKind.AV_MS, FactKind.AV_ITEM -> PostingKind.Media
                    FactKind.QUIZ_RIGHT -> PostingKind.Quiz
                    else -> PostingKind.Text
                }
            }
        }
}

/**
 * So many pages of a ledger. Postings don't say what they were given for, so organization life and suggestions are read once
 * more by themselves: those among the rows are among the first as many of their kind.
 */
internal suspend fun Dangjian.ledgerOf(
    filter: LedgerFilter,
    pages: UInt,
    page: suspend (LedgerFilter, UInt, UInt) -> EntryPage,
): Ledger {
    suspend fun all(filter: LedgerFilter): Rows<EntryView> =
        rowsOf(pages * POSTINGS, { it.id }) { limit, offset -> page(filter, limit, offset).run { Rows(rows, more) } }
    val entries = all(filter)

    suspend fun idsOf(kind: LedgerFilter): Set<String> =
        when (filter) {
            kind -> entries.rows
            LedgerFilter.ALL, LedgerFilter.UNCONFIRMED -> all(kind).rows
            else -> emptyList()
        }.mapTo(mutableSetOf()) { it.id.text }
    return Ledger(
        entries.rows,
        entries.more,
        idsOf(LedgerFilter.LIFE),
        idsOf(LedgerFilter.SUGGESTION),
        study
            .today()
            ?.rules
            .orEmpty()
            .associate { it.label to it.fact },
    )
}

/**
 * Postings by day. A day that the end of a page may have cut is left out until the rest is there, since its sum would be
 * wrong; unless there is no other.
 *
 * @param open days of which all are shown.
 * @param waiting what is objected to without the server knowing of it.
 */
internal fun daysOf(
    ledger: Ledger,
    open: Set<String>,
    waiting: Set<String>,
    today: LocalDate,
): List<PointsDayState> {
    val days = ledger.rows.groupBy { it.day.days }.toList()
    val whole = if (ledger.more && days.size > 1) days.dropLast(1) else days
    return whole.map { (day, rows) ->
        val id = day.toString()
        val shown = if (id in open || rows.size <= SHOWN_A_DAY + 1) rows else rows.take(SHOWN_A_DAY)
        val rest = rows.drop(shown.size)
        val date = LocalDate.ofEpochDay(day.toLong())
        PointsDayState(
            id,
            PointsWordsStrings.dayTitle(dayTitleOf(date, today), signed(rows.sumOf { it.points })),
            shown.map { postingOf(it, ledger.kindOf(it), it.id.text in waiting) },
            rest.takeIf { it.isNotEmpty() }?.let {
                PointsWordsStrings.more(dayOf(date, today), it.size, it.sumOf { entry -> entry.points }.toInt())
            },
        )
    }
}

private fun dayTitleOf(
    day: LocalDate,
    today: LocalDate,
): String {
    val words = dayOf(day, today)
    val near = day == today || day == today.minusDays(1)
    return if (near) words else PointsWordsStrings.weekday(words, BridgeStrings.WEEKDAYS[day.dayOfWeek.ordinal])
}

private fun postingOf(
    entry: EntryView,
    kind: PostingKind,
    waiting: Boolean,
) = PostingState(
    id = entry.id.text,
    kind = kind,
    rule = entry.title,
    about =
        listOfNotNull(entry.aboutTitle, (entry.toAt ?: entry.fromAt)?.let(::clockOf))
            .joinToString(PointsWordsStrings.BETWEEN),
    points = signed(entry.points),
    standing = entry.standing,
    objection = entry.appeal?.let { if (waiting) ObjectionStanding.Waiting else it.asStanding() },
)

internal val EntryView.standing
    get() =
        when {
            reversed -> PostingStanding.TakenBack
            confirmed -> PostingStanding.Confirmed
            else -> PostingStanding.Unconfirmed
        }

internal fun CaseState.asStanding() =
    when (this) {
        CaseState.OPEN -> ObjectionStanding.Open
        CaseState.UPHELD -> ObjectionStanding.Granted
        CaseState.DISMISSED -> ObjectionStanding.Rejected
    }

/** Where a posting comes from: the equation first, then what it rests on. */
internal fun explanationOf(explained: EntryExplanation): PostingSheet.Explanation {
    val lines = explained.explanation.lines
    val equation = lines.takeWhile { it.label != PointsWordsStrings.BASIS }
    return PostingSheet.Explanation(
        posting = explained.entry.id.text,
        title = explained.explanation.headline,
        standing = explained.entry.standing,
        lines = equation.map { FactState(it.label, it.text, strong = it.label in PointsWordsStrings.RESULTS) },
        facts = lines.drop(equation.size).map { FactState(it.label, it.text) },
        note = explained.note,
    )
}

private val FILTERS =
    listOf(
        LedgerFilter.ALL to PointsWordsStrings.ALL,
        LedgerFilter.STUDY to PointsWordsStrings.STUDY,
        LedgerFilter.LIFE to PointsWordsStrings.LIFE,
        LedgerFilter.SUGGESTION to PointsWordsStrings.SUGGESTION,
    )

/** @param unconfirmed how many the server does not know of yet. */
internal fun filtersOf(
    chosen: LedgerFilter,
    unconfirmed: Int,
): List<FilterState> {
    val all =
        if (unconfirmed == 0 && chosen != LedgerFilter.UNCONFIRMED) {
            FILTERS
        } else {
            FILTERS + (LedgerFilter.UNCONFIRMED to PointsWordsStrings.unconfirmed(unconfirmed))
        }
    return all.map { (filter, label) -> FilterState(filter.name, label, filter == chosen) }
}

package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Dangjian
import org.dangjian.core.EntryExplanation
import org.dangjian.core.EntryPage
import org.dangjian.core.LedgerFilter
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.points.PostingSheet
import org.dangjian.ui.points.PostingsState

/**
 * Somebody's postings, each with where it comes from, and saying something about one of them.
 *
 * @param draft under which word the core keeps what is being said.
 * @param topics what the screen depends on beside the postings.
 * @param B what it shows beside them.
 */
abstract class PostingsModel<B> internal constructor(
    phone: Phone,
    private val draft: String,
    vararg topics: Topic,
) : ScreenModel<PostingsModel.Input>(phone, Input()) {
    /**
     * @param filter the name of a [LedgerFilter].
     * @param pages how far the person has scrolled.
     * @param open days of which all postings are shown.
     * @param posting which one the sheet is about.
     * @param saying whether something is being written about it.
     * @param problem why that was not sent.
     */
    data class Input(
        val filter: String = LedgerFilter.ALL.name,
        val pages: UInt = 1u,
        val open: Set<String> = emptySet(),
        val posting: String? = null,
        val saying: Boolean = false,
        val problem: String? = null,
    )

    private class Page<B>(
        val ledger: Ledger,
        val unconfirmed: Int,
        val beside: B,
    )

    private val page =
        live(
            Topic.POINTS,
            Topic.CASES,
            Topic.RULES,
            *topics,
            key = { it.filter to it.pages },
        ) { (filter, pages) ->
            Page(
                ledgerOf(LedgerFilter.valueOf(filter), pages) { of, limit, offset -> entries(of, limit, offset) },
                entries(LedgerFilter.UNCONFIRMED, POSTINGS, 0u).rows.size,
                beside(),
            )
        }

    private val explained =
        live(Topic.POINTS, Topic.CASES, Topic.RULES, key = { it.posting }) { posting ->
            posting?.let { points.explain(RowId(it)) }
        }

    private val saying = Writing(phone, viewModelScope)

    /** What is being written. */
    val written: StateFlow<String> = saying.text

    internal abstract suspend fun Dangjian.entries(
        filter: LedgerFilter,
        limit: UInt,
        offset: UInt,
    ): EntryPage

    internal abstract suspend fun Dangjian.beside(): B

    /** Sends what was written, with or without a network. */
    internal abstract suspend fun Dangjian.send(
        posting: RowId,
        text: String,
    )

    /** About what the server does not know yet that something was said. */
    internal open fun waiting(beside: B): Set<String> = emptySet()

    internal abstract fun explanation(
        explained: EntryExplanation,
        beside: B?,
    ): PostingSheet.Explanation

    /** What stands where there are no postings. */
    internal abstract fun empty(filter: LedgerFilter): EmptyState

    /** The screen's state, of its postings and what it shows beside them. */
    internal fun <S> shown(
        first: S,
        stateOf: (PostingsState, B?) -> S,
    ): StateFlow<S> =
        combine(page, explained, input, busy) { page, explained, input, busy ->
            stateOf(postingsOf(page, explained.orNull(), input, busy), page.orNull()?.beside)
        }.shown(first)

    fun filter(id: String) = change { copy(filter = id, pages = 1u) }

    /** All of a day. */
    fun more(day: String) = change { copy(open = open + day) }

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    fun explain(posting: String) = change { copy(posting = posting, saying = false, problem = null) }

    /** Begins to say something about [posting]. */
    fun begin(posting: String) {
        saying.open("$draft:$posting")
        change { copy(posting = posting, saying = true, problem = null) }
    }

    fun write(text: String) = saying.write(text)

    /** Closes the sheet; what was written stays for the next time. */
    fun close() {
        saying.close()
        change { copy(posting = null, saying = false, problem = null) }
    }

    /** The screen is left, or the app. */
    fun leave() = saying.leave()

    /** Sends what was written; where that stands is seen where the posting comes from. */
    fun send() {
        val (posting, text) = (input.value.takeIf { it.saying }?.posting ?: return) to written.value.trim()
        once(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = {
                saying.done()
                change { copy(saying = false, problem = null) }
            },
        ) { send(RowId(posting), text) }
    }

    private fun postingsOf(
        read: Read<Page<B>>,
        explained: EntryExplanation?,
        input: Input,
        busy: Boolean,
    ): PostingsState {
        val page = read.orNull()
        val filter = LedgerFilter.valueOf(input.filter)
        val today = shanghai(phone.nowMs()).toLocalDate()
        return PostingsState(
            filters = filtersOf(filter, page?.unconfirmed ?: 0),
            days = page?.let { daysOf(it.ledger, input.open, waiting(it.beside), today) }.orEmpty(),
            more = page?.ledger?.more == true,
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            empty = page?.takeIf { it.ledger.rows.isEmpty() }?.let { empty(filter) },
            sheet = explained?.takeIf { it.entry.id.text == input.posting }?.let { sheetOf(it, page, input, busy) },
        )
    }

    private fun sheetOf(
        explained: EntryExplanation,
        page: Page<B>?,
        input: Input,
        busy: Boolean,
    ): PostingSheet {
        if (!input.saying) return explanation(explained, page?.beside)
        val entry = explained.entry
        return PostingSheet.Reason(PointsWordsStrings.posting(entry.title, signed(entry.points)), input.problem, busy)
    }
}

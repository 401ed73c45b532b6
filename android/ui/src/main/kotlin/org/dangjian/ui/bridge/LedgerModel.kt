package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import org.dangjian.core.EntryExplanation
import org.dangjian.core.LedgerFilter
import org.dangjian.core.MemberId
import org.dangjian.core.Role
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.office.LedgerSheet
import org.dangjian.ui.office.LedgerState

/** The postings of [member], as far as this phone holds them, and taking one back. */
class LedgerModel(
    phone: Phone,
    private val member: String,
) : ScreenModel<LedgerModel.Input>(phone, Input()) {
    /**
     * @param open days of which all postings are shown.
     * @param posting which one the sheet is about.
     * @param reversing whether the reason for taking it back is being written.
     */
    data class Input(
        val filter: String = LedgerFilter.ALL.name,
        val pages: UInt = 1u,
        val open: Set<String> = emptySet(),
        val posting: String? = null,
        val reversing: Boolean = false,
        val sending: Boolean = false,
        val problem: String? = null,
    )

    private class Page(
        val ledger: Ledger,
        val unconfirmed: Int,
        val name: String?,
        val supervises: Boolean,
    )

    private val page =
        live(
            Topic.POINTS,
            Topic.CASES,
            Topic.RULES,
            Topic.PEOPLE,
            key = { it.filter to it.pages },
        ) { (filter, pages) ->
            val whose = MemberId(member)
            val me = account.me()
            Page(
                ledgerOf(LedgerFilter.valueOf(filter), pages) { of, limit, offset ->
                    office.ledger(whose, of, limit, offset)
                },
                office.ledger(whose, LedgerFilter.UNCONFIRMED, POSTINGS, 0u).rows.size,
                members.get(whose)?.name,
                // Where a role reaches is decided by the rules when it is done; nobody takes back their own.
                me?.member != whose &&
                    me?.offices.orEmpty().any {
                        it.role == Role.REVIEWER || it.role == Role.OFFICER
                    },
            )
        }

    private val explained =
        live(Topic.POINTS, Topic.CASES, Topic.RULES, key = { it.posting }) { posting ->
            posting?.let { points.explain(RowId(it)) }
        }

    private val reason = Writing(phone, viewModelScope)

    /** The reason being written. */
    val written: StateFlow<String> = reason.text

    val state: StateFlow<LedgerState> =
        combine(page, explained, input) { page, explained, input -> stateOf(page, explained.orNull(), input) }
            .shown(LedgerState(filters = emptyList(), days = emptyList(), loading = true))

    fun filter(id: String) = change { copy(filter = id, pages = 1u) }

    /** All of a day. */
    fun more(day: String) = change { copy(open = open + day) }

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    fun explain(posting: String) = change { copy(posting = posting, reversing = false, problem = null) }

    fun beginReversal(posting: String) {
        reason.open("reversal:$posting")
        change { copy(posting = posting, reversing = true, problem = null) }
    }

    fun write(text: String) = reason.write(text)

    /** Closes the sheet; the reason stays for the next time. */
    fun close() {
        reason.close()
        change { copy(posting = null, reversing = false, problem = null) }
    }

    /** The screen is left, or the app. */
    fun leave() = reason.leave()

    fun reverse(posting: String) {
        val text = reason.text.value.trim()
        if (input.value.sending) return
        change { copy(sending = true) }
        act(
            failed = { problem -> input.update { it.copy(sending = false, problem = problem.sentence()) } },
            done = {
                reason.done()
                change { copy(posting = null, reversing = false, sending = false, problem = null) }
            },
        ) { office.reverse(RowId(posting), text) }
    }

    private fun stateOf(
        read: Read<Page>,
        explained: EntryExplanation?,
        input: Input,
    ): LedgerState {
        val page = read.orNull()
        val today = shanghai(phone.nowMs()).toLocalDate()
        return LedgerState(
            name = page?.name,
            filters = filtersOf(LedgerFilter.valueOf(input.filter), page?.unconfirmed ?: 0),
            days = page?.let { daysOf(it.ledger, input.open, emptySet(), today) }.orEmpty(),
            more = page?.ledger?.more == true,
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            empty =
                EmptyState(OfficeWordsStrings.NONE_IN_LEDGER, OfficeWordsStrings.NONE_IN_LEDGER_SENTENCE)
                    .takeIf { page != null && page.ledger.rows.isEmpty() },
            sheet = explained?.takeIf { it.entry.id.text == input.posting }?.let { sheetOf(it, page, input) },
        )
    }

    private fun sheetOf(
        explained: EntryExplanation,
        page: Page?,
        input: Input,
    ): LedgerSheet {
        val entry = explained.entry
        if (input.reversing) {
            val about = PointsWordsStrings.posting(entry.title, signed(entry.points))
            return LedgerSheet.Reversal(entry.id.text, about, problem = input.problem)
        }
        val standing = entry.points > 0 && entry.confirmed && !entry.reversed
        return LedgerSheet.Explanation(explanationOf(explained), page?.supervises == true && standing)
    }
}

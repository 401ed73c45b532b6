package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import org.dangjian.core.Dangjian
import org.dangjian.core.EntryExplanation
import org.dangjian.core.EntryPage
import org.dangjian.core.LedgerFilter
import org.dangjian.core.MemberId
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.office.LedgerState

/** The postings of [member], as far as this phone holds them, and taking one back. */
class LedgerModel(
    phone: Phone,
    member: String,
) : PostingsModel<String?>(phone, "reversal", Topic.PEOPLE) {
    private val member = MemberId(member)

    val state: StateFlow<LedgerState> = shown(LedgerState()) { postings, name -> LedgerState(name, postings) }

    override suspend fun Dangjian.entries(
        filter: LedgerFilter,
        limit: UInt,
        offset: UInt,
    ): EntryPage = office.ledger(member, filter, limit, offset)

    override suspend fun Dangjian.beside() = members.get(member)?.name

    override suspend fun Dangjian.send(
        posting: RowId,
        text: String,
    ) {
        office.reverse(posting, text)
    }

    // Only what was given is 「收回」 here.
    override fun explanation(
        explained: EntryExplanation,
        beside: String?,
    ) = explanationOf(explained).copy(mayAct = explained.mayReverse && explained.entry.points > 0)

    override fun empty(filter: LedgerFilter) =
        EmptyState(OfficeWordsStrings.NONE_IN_LEDGER, OfficeWordsStrings.NONE_IN_LEDGER_SENTENCE)
}

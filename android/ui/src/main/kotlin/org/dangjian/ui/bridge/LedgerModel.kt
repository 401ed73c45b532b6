package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import org.dangjian.core.Dangjian
import org.dangjian.core.EntryExplanation
import org.dangjian.core.EntryPage
import org.dangjian.core.LedgerFilter
import org.dangjian.core.MemberId
import org.dangjian.core.Role
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.office.LedgerState
import org.dangjian.ui.points.PostingSheet

/** The postings of [member], as far as this phone holds them, and taking one back. */
class LedgerModel(
    phone: Phone,
    member: String,
) : PostingsModel<LedgerModel.Whose>(phone, "reversal", Topic.PEOPLE) {
    /** @param supervises whether this person may take postings back. */
    class Whose internal constructor(
        internal val name: String?,
        internal val supervises: Boolean,
    )

    private val member = MemberId(member)

    val state: StateFlow<LedgerState> = shown(LedgerState()) { postings, whose -> LedgerState(whose?.name, postings) }

    override suspend fun Dangjian.entries(
        filter: LedgerFilter,
        limit: UInt,
        offset: UInt,
    ): EntryPage = office.ledger(member, filter, limit, offset)

    override suspend fun Dangjian.beside(): Whose {
        val me = account.me()
        val roles = me?.offices.orEmpty().map { it.role }
        // Where a role reaches is decided by the rules when it is done; nobody takes back their own.
        val supervises = me?.member != member && (Role.REVIEWER in roles || Role.OFFICER in roles)
        return Whose(members.get(member)?.name, supervises)
    }

    override suspend fun Dangjian.send(
        posting: RowId,
        text: String,
    ) {
        office.reverse(posting, text)
    }

    override fun explanation(
        explained: EntryExplanation,
        beside: Whose?,
    ): PostingSheet.Explanation {
        val stands = explained.entry.run { points > 0 && confirmed && !reversed }
        return explanationOf(explained).copy(mayAct = stands && beside?.supervises == true)
    }

    override fun empty(filter: LedgerFilter) =
        EmptyState(OfficeWordsStrings.NONE_IN_LEDGER, OfficeWordsStrings.NONE_IN_LEDGER_SENTENCE)
}

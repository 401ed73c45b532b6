package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.map
import org.dangjian.core.MemberLineView
import org.dangjian.core.MemberPage
import org.dangjian.core.Topic
import org.dangjian.ui.members.MemberRowState
import org.dangjian.ui.members.MembersState

private const val PAGE = 50

/** Pages at hand before and after the one in sight. */
private const val AROUND = 2

/** Members that this phone knows of: a window of the list around what is in sight, however long it is. */
class MembersModel(
    phone: Phone,
) : ScreenModel<MembersModel.Input>(phone, Input()) {
    /** @param page the one in sight. */
    data class Input(
        val query: String = "",
        val page: Int = 0,
    )

    /** As many rows as were ever seen of a query: scrolling back makes the list no shorter. */
    private class Known(
        val query: String,
        val count: Int,
    )

    /** What was read for which query. */
    private class Window(
        val query: String,
        val page: MemberPage,
    )

    private var known = Known("", 0)
    private val typed = MutableStateFlow("")

    /** What is looked for, as far as it is written: a field must have its letters at once. */
    val written: StateFlow<String> = typed.asStateFlow()

    private val window =
        live(Topic.PEOPLE, key = { it }) { (query, page) ->
            val first = maxOf(0, page - AROUND) * PAGE
            Window(query, members.list(query.trim(), null, (PAGE * (2 * AROUND + 1)).toUInt(), first.toUInt()))
        }

    val state: StateFlow<MembersState> = window.map(::stateOf).shown(MembersState(loading = true))

    fun onQuery(text: String) {
        typed.value = text
        change { Input(query = text) }
    }

    fun onSeen(row: Int) = change { copy(page = row / PAGE) }

    private fun stateOf(read: Read<Window>): MembersState {
        val window = read.orNull()
        return MembersState(
            query = window?.query.orEmpty(),
            count = window?.let(::count) ?: 0,
            offset =
                window
                    ?.page
                    ?.offset
                    ?.toInt() ?: 0,
            rows =
                window
                    ?.page
                    ?.rows
                    .orEmpty()
                    .map(::rowOf),
            loading = read is Read.Loading,
            problem = read.failure?.asError(),
        )
    }

    private fun count(window: Window): Int {
        val page = window.page
        val end = page.offset.toInt() + page.rows.size
        val before = known.takeIf { it.query == window.query && page.more }?.count ?: 0
        // One row more than is at hand brings the next page.
        return maxOf(end + if (page.more) 1 else 0, before).also { known = Known(window.query, it) }
    }
}

internal fun rowOf(member: MemberLineView) =
    MemberRowState(
        id = member.member.text,
        name = member.name,
        branch = member.branch,
        branchLast = lastLevelOf(member.branch),
        role = member.roleWords.ifEmpty { null },
        migrant = member.migrant,
        suspended = member.suspended,
    )

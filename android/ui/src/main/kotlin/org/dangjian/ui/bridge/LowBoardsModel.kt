package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Board
import org.dangjian.core.BoardLineView
import org.dangjian.core.Dangjian
import org.dangjian.core.OfficeView
import org.dangjian.core.Role
import org.dangjian.core.SubjectKind
import org.dangjian.core.Topic
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.office.LowBoardsState

private const val NAMES = 50u

/** The low boards of the branches one leads, with names. */
class LowBoardsModel(
    phone: Phone,
) : ScreenModel<LowBoardsModel.Input>(phone, Input()) {
    /** @param branch an organization's id; the first that one leads if it is absent. */
    data class Input(
        val black: Boolean = false,
        val branch: String? = null,
        val names: UInt = NAMES,
    )

    private class Page(
        val branches: List<OfficeView>,
        val branch: OfficeView?,
        val lines: Rows<BoardLineView>?,
        val note: String,
        val names: Boolean,
    )

    private val page =
        live(Topic.BOARDS, Topic.POINTS, Topic.RULES, Topic.PEOPLE, key = { it }) { asked ->
            val branches = branchesLed()
            val branch = branches.firstOrNull { it.org.text == asked.branch } ?: branches.firstOrNull()
            val board = if (asked.black) Board.BLACK else Board.YELLOW
            Page(
                branches,
                branch,
                branch?.let {
                    rowsOf(asked.names, BoardLineView::subject) { limit, offset ->
                        office.lowBoard(it.org, board, limit, offset).run { Rows(rows, more) }
                    }
                },
                branch?.let { boards.board(it.org, SubjectKind.MEMBER, board, 1u, 0u)?.lowNote }.orEmpty(),
                office.features()?.switches?.namesOnLowBoards != false,
            )
        }

    val state: StateFlow<LowBoardsState> =
        combine(page, input, ::stateOf)
            .shown(LowBoardsState(org = "", lines = emptyList(), note = "", loading = true))

    fun black(black: Boolean) = change { copy(black = black, names = NAMES) }

    fun branch(org: String) = change { copy(branch = org, names = NAMES) }

    /** The end of the list is in sight. */
    fun end() = change { copy(names = names + NAMES) }

    private fun stateOf(
        read: Read<Page>,
        input: Input,
    ): LowBoardsState {
        val page = read.orNull()
        val org = page?.branch?.orgName.orEmpty()
        val lines = page?.lines?.rows.orEmpty()
        return LowBoardsState(
            black = input.black,
            branches =
                page?.branches.orEmpty().takeIf { it.size > 1 }.orEmpty().map {
                    FilterState(it.org.text, lastLevelOf(it.orgName), it.org == page?.branch?.org)
                },
            org = org,
            orgLast = lastLevelOf(org),
            lines = lines.map(::lineOf),
            more = page?.lines?.more == true,
            note = page?.note.orEmpty(),
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            empty = page?.takeIf { lines.isEmpty() }?.let { emptyOf(it.names, input.black) },
        )
    }

    private fun emptyOf(
        names: Boolean,
        black: Boolean,
    ): EmptyState {
        val label = (if (black) BoardKind.Black else BoardKind.Yellow).label
        return if (names) {
            EmptyState(OfficeWordsStrings.nobodyLow(label), OfficeWordsStrings.NOBODY_LOW_SENTENCE)
        } else {
            EmptyState(OfficeWordsStrings.NAMES_OFF, OfficeWordsStrings.NAMES_OFF_SENTENCE)
        }
    }
}

/** The branches that this phone's member leads. */
internal suspend fun Dangjian.branchesLed(): List<OfficeView> =
    account.me()?.offices.orEmpty().filter {
        it.isBranch && (it.role == Role.SECRETARY || it.role == Role.DEPUTY_SECRETARY)
    }

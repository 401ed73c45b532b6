package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Board
import org.dangjian.core.BoardLineView
import org.dangjian.core.BoardView
import org.dangjian.core.Dangjian
import org.dangjian.core.OrgId
import org.dangjian.core.RankView
import org.dangjian.core.ScopeView
import org.dangjian.core.ScoreView
import org.dangjian.core.SubjectKind
import org.dangjian.core.Topic
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardLineState
import org.dangjian.ui.boards.BoardsState
import org.dangjian.ui.boards.OwnRankState
import org.dangjian.ui.boards.OwnScoreState
import org.dangjian.ui.boards.ScorePartState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons

private const val LINES = 50u

/** A score in full, as it is written. */
private const val FULL_SCORE = 100f

/** The four boards of each organization one belongs to, and where one stands. */
class BoardsModel(
    phone: Phone,
) : ScreenModel<BoardsModel.Input>(phone, Input()) {
    /**
     * @param scope an organization's id; the own branch if it is absent.
     * @param kind the name of a [SubjectKind].
     * @param scoreOpen whether the own score is explained.
     */
    data class Input(
        val board: BoardKind = BoardKind.Gold,
        val scope: String? = null,
        val kind: String = SubjectKind.MEMBER.name,
        val lines: UInt = LINES,
        val scoreOpen: Boolean = false,
    )

    /** What was read for which choice. */
    private class Page(
        val off: Boolean,
        val scopes: List<ScopeView>,
        val scope: ScopeView?,
        val kind: SubjectKind,
        val kindOfBoard: BoardKind,
        val board: BoardView?,
        val rank: RankView?,
        val score: ScoreView?,
    )

    private val page =
        live(
            Topic.BOARDS,
            Topic.POINTS,
            Topic.RULES,
            Topic.PEOPLE,
            key = { it.copy(scoreOpen = false) },
        ) { asked ->
            val scopes = boards.scopes()
            val scope = scopes.firstOrNull { it.org.text == asked.scope } ?: scopes.firstOrNull()
            // What was chosen in a wider scope may not exist in this one.
            val kind = SubjectKind.valueOf(asked.kind).takeIf { it in scope?.kinds.orEmpty() } ?: SubjectKind.MEMBER
            Page(
                off = office.features()?.switches?.publicRanking == false,
                scopes = scopes,
                scope = scope,
                kind = kind,
                kindOfBoard = asked.board,
                board = scope?.let { board(it.org, kind, asked.board.asBoard(), asked.lines) },
                rank = scope?.let { boards.rank(it.org, kind) },
                score = points.myScore(),
            )
        }

    val state: StateFlow<BoardsState> =
        combine(page, input, ::stateOf)
            .shown(
                BoardsState(
                    BoardKind.Gold,
                    emptyList(),
                    period = "",
                    lines = emptyList(),
                    lowNote = "",
                    loading = true,
                ),
            )

    fun board(board: BoardKind) = change { copy(board = board, lines = LINES) }

    fun scope(org: String) = change { copy(scope = org, lines = LINES) }

    fun kind(kind: String) = change { copy(kind = kind, lines = LINES) }

    fun score(open: Boolean) = change { copy(scoreOpen = open) }

    /** More lines of the board. */
    fun more() = change { copy(lines = lines + LINES) }

    private fun stateOf(
        read: Read<Page>,
        input: Input,
    ): BoardsState {
        val page = read.orNull()
        val board = page?.board
        val lines = page?.let(::linesOf).orEmpty()
        val kind = page?.kindOfBoard ?: input.board
        return BoardsState(
            // The tab follows the finger; what stands below it is there a moment later.
            board = input.board,
            scopes =
                page?.scopes.orEmpty().map {
                    val chosen = it.org == page?.scope?.org
                    FilterState(it.org.text, it.label, chosen, if (chosen) Icons.Check else null)
                },
            kinds = page?.let(::kindsOf).orEmpty(),
            period = board?.quarterWords.orEmpty(),
            rule = board?.rule,
            lines = lines,
            more = board?.listed?.let { it > board.lines.size } == true,
            counted = board?.let { countedOf(it, kind, phone.nowMs()) },
            score = page?.takeIf { it.kind == SubjectKind.MEMBER }?.score?.let { scoreOf(it, input.scoreOpen) },
            lowNote = board?.lowNote.orEmpty(),
            own = page?.rank?.let(::ownOf),
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            empty = page?.takeIf { lines.isEmpty() && !it.off }?.let(::emptyOf),
            off = page?.off == true,
        )
    }

    private fun linesOf(page: Page): List<BoardLineState> {
        val board = page.board ?: return emptyList()
        // One's own line is seen also where it is not among those listed.
        val mine = board.mine?.takeIf { mine -> board.lines.none { it.subject == mine.subject } }
        return (board.lines + listOfNotNull(mine)).map(::lineOf)
    }

    private fun kindsOf(page: Page): List<FilterState> =
        page.scope
            ?.kinds
            .orEmpty()
            .takeIf { it.size > 1 }
            .orEmpty()
            .map { FilterState(it.name, labelOf(it), it == page.kind) }

    private fun emptyOf(page: Page): EmptyState {
        val (kind, label) = page.kindOfBoard to page.kindOfBoard.label
        val people = page.kind == SubjectKind.MEMBER
        return when {
            page.board?.asOf == null -> {
                EmptyState(BoardsWordsStrings.NOT_YET, BoardsWordsStrings.NOT_YET_SENTENCE)
            }

            kind.low && people -> {
                EmptyState(BoardsWordsStrings.notOn(label), BoardsWordsStrings.LOW_SENTENCE)
            }

            kind.low -> {
                EmptyState(BoardsWordsStrings.orgNotOn(label), BoardsWordsStrings.LOW_SENTENCE_ORG)
            }

            // Above the branch the core lists the best only.
            kind == BoardKind.Silver && (page.scope?.kinds?.size ?: 0) > 1 -> {
                EmptyState(BoardsWordsStrings.BEST_ONLY, BoardsWordsStrings.bestOnlySentence(label))
            }

            else -> {
                EmptyState(BoardsWordsStrings.nobody(label), BoardsWordsStrings.NOBODY_SENTENCE)
            }
        }
    }
}

/** The first [count] lines of a board. */
private suspend fun Dangjian.board(
    org: OrgId,
    kind: SubjectKind,
    board: Board,
    count: UInt,
): BoardView? {
    var view: BoardView? = null
    val lines =
        rowsOf(count, { it.subject }) { limit, offset ->
            val read = boards.board(org, kind, board, limit, offset).also { view = it }
            val end = offset.toLong() + (read?.lines?.size ?: 0)
            Rows(read?.lines.orEmpty(), (read?.listed ?: 0) > end)
        }
    return view?.copy(lines = lines.rows)
}

internal fun BoardKind.asBoard() =
    when (this) {
        BoardKind.Gold -> Board.GOLD
        BoardKind.Silver -> Board.SILVER
        BoardKind.Yellow -> Board.YELLOW
        BoardKind.Black -> Board.BLACK
    }

private fun labelOf(kind: SubjectKind) =
    when (kind) {
        SubjectKind.MEMBER -> BoardsWordsStrings.MEMBERS
        SubjectKind.BRANCH -> BoardsWordsStrings.BRANCHES
        SubjectKind.COMMITTEE -> BoardsWordsStrings.COMMITTEES
    }

internal fun lineOf(line: BoardLineView) =
    BoardLineState(
        id = line.subject.text,
        place = line.place?.toInt(),
        name = line.name,
        below = line.ofName,
        score = line.scoreWords,
        points = BoardsWordsStrings.points(grouped(line.points)),
        mine = line.mine,
        belowLast = line.ofName?.let(::lastLevelOf),
    )

/** 「本支部 28 名党员，金榜 5 人 · 更新于今天 12:00」, as much of it as is known. */
internal fun countedOf(
    board: BoardView,
    kind: BoardKind,
    nowMs: Long,
): String? {
    val people = board.kind == SubjectKind.MEMBER
    val listed = board.listed?.takeIf { it > 0 }
    val parts =
        listOfNotNull(
            board.subjects?.let {
                BoardsWordsStrings.counted(board.label, it, people, labelOf(board.kind))
            },
            listed?.let {
                val unit = if (people) BoardsWordsStrings.PEOPLE else BoardsWordsStrings.ORGS
                BoardsWordsStrings.listed(kind.label, it, unit)
            },
        ).joinToString(BoardsWordsStrings.COMMA)
    val updated = board.asOf?.let { BoardsWordsStrings.updated(timeOf(it, nowMs)) }
    return listOfNotNull(parts.ifEmpty { null }, updated).joinToString(BoardsWordsStrings.DOT).ifEmpty { null }
}

internal fun scoreOf(
    score: ScoreView,
    open: Boolean,
): OwnScoreState? {
    if (score.components.isEmpty()) return null
    val explanation = score.explanation?.lines.orEmpty()
    return OwnScoreState(
        title = BoardsWordsStrings.score(score.scoreWords),
        parts =
            score.components.map {
                ScorePartState(BoardsWordsStrings.part(it.label, it.text), (it.text.toFloatOrNull() ?: 0f) / FULL_SCORE)
            },
        explanation =
            if (explanation.isEmpty()) {
                emptyList()
            } else {
                explanation.map { FactState(it.label, it.text) } +
                    FactState(BoardsWordsStrings.TOTAL, score.scoreWords, strong = true)
            },
        open = open && explanation.isNotEmpty(),
    )
}

internal fun ownOf(rank: RankView) =
    OwnRankState(
        place = rank.rank.toString(),
        title =
            when (rank.kind) {
                SubjectKind.MEMBER -> {
                    BoardsWordsStrings.mine(rank.within, rank.rank)
                }

                SubjectKind.BRANCH -> {
                    BoardsWordsStrings.ours(BoardsWordsStrings.MY_BRANCH, rank.within, rank.rank)
                }

                SubjectKind.COMMITTEE -> {
                    BoardsWordsStrings.ours(BoardsWordsStrings.MY_COMMITTEE, rank.within, rank.rank)
                }
            },
        movement = movementOf(rank),
        change = rank.words,
        toNext = rank.toNext,
        sentence = listOfNotNull(rank.sentence, rank.toNext).joinToString(BoardsWordsStrings.COMMA),
    )

package org.dangjian.ui.bridge

import org.dangjian.core.Board
import org.dangjian.core.BoardView
import org.dangjian.core.Day
import org.dangjian.core.Explanation
import org.dangjian.core.Line
import org.dangjian.core.OrgId
import org.dangjian.core.RankView
import org.dangjian.core.RowId
import org.dangjian.core.ScoreView
import org.dangjian.core.SubjectKind
import org.dangjian.core.Timestamp
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.today.Movement
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import org.dangjian.core.Movement as CoreMovement

/** What 排行榜 makes of the core's boards, and how long something waits. */
class BoardsMappingTest {
    /** 2026-11-24 12:00 in Shanghai. */
    private val noon = 1_795_492_800_000L

    private fun board(
        kind: SubjectKind = SubjectKind.MEMBER,
        listed: Long? = 5,
        subjects: Long? = 28,
        asOf: Timestamp? = Timestamp(noon),
    ) = BoardView(
        OrgId("o"),
        "本支部",
        kind,
        Board.GOLD,
        20264,
        "四季度",
        rule = null,
        lines = emptyList(),
        listed = listed,
        subjects = subjects,
        mine = null,
        lowNote = "",
        asOf = asOf,
    )

    private fun counted(board: BoardView) = countedOf(board, BoardKind.Gold, noon)

    @Test
    fun how_many_are_ranked_and_listed_is_told_as_far_as_it_is_known() {
        assertEquals("本支部 28 名党员，金榜 5 人 · 更新于今天 12:00", counted(board()))
        assertEquals("本支部 28 个支部，金榜 5 个 · 更新于今天 12:00", counted(board(SubjectKind.BRANCH)))
        assertEquals("本支部 28 名党员 · 更新于今天 12:00", counted(board(listed = null)))
        assertEquals("金榜 5 人", counted(board(subjects = null, asOf = null)))
        assertNull(counted(board(listed = 0, subjects = null, asOf = null)))
    }

    private fun score(explanation: Explanation?) =
        ScoreView(
            RowId("s"),
            20264,
            points = 1_046,
            score = 924,
            scoreWords = "92.4",
            board = Board.GOLD,
            components = listOf(Line("学习", "41.2"), Line("组织生活", "40.0")),
            explanation = explanation,
            asOf = Timestamp(noon),
            appeal = null,
        )

    @Test
    fun a_score_has_its_parts_and_is_explained_where_it_can_be() {
        val explained = Explanation("", listOf(Line("学习", "1,007 ÷ 1,100 × 45 ≈ 41.2")), "")
        val open = checkNotNull(scoreOf(score(explained), open = true))
        assertEquals(listOf("学习 41.2", "组织生活 40.0"), open.parts.map { it.label })
        assertEquals(0.412f, open.parts[0].fraction)
        assertEquals(listOf("学习" to false, "合计" to true), open.explanation.map { it.label to it.strong })
        assertEquals(true, open.open)
        val silent = checkNotNull(scoreOf(score(null), open = true))
        assertEquals(emptyList<Any>() to false, silent.explanation to silent.open)
    }

    private fun rank(
        movement: CoreMovement?,
        kind: SubjectKind = SubjectKind.MEMBER,
    ) = RankView(
        OrgId("o"),
        "",
        "支部",
        kind,
        rank = 4,
        subjects = 28,
        points = 1_046,
        movement = movement,
        words = movement?.let { "较昨日下降 1 位" },
        sentence = "支部第 4 名，较昨日下降 1 位",
        toNext = "距第 3 名还差 46 分",
        day = Day(0, ""),
        quarter = 20264,
        asOf = Timestamp(noon),
    )

    @Test
    fun the_own_rank_is_read_out_as_one() {
        val own = ownOf(rank(CoreMovement.Down(1)))
        assertEquals("我：支部第 4 名" to Movement.Down, own.title to own.movement)
        assertEquals("支部第 4 名，较昨日下降 1 位，距第 3 名还差 46 分", own.sentence)
        assertEquals(null to null, ownOf(rank(null)).let { it.movement to it.change })
        assertEquals("本支部：支部第 4 名", ownOf(rank(null, SubjectKind.BRANCH)).title)
    }

    @Test
    fun what_waits_says_for_how_long() {
        fun waiting(hours: Long) = waitingSince(Timestamp(noon - hours * 3_600_000), noon)
        assertEquals(listOf("今天收到", "已等 5 小时", "已等 2 天"), listOf(0L, 5L, 50L).map(::waiting))
    }
}

@file:OptIn(ExperimentalTestApi::class)

package org.dangjian.ui.journeys

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import kotlinx.coroutines.runBlocking
import org.dangjian.core.Board
import org.dangjian.core.County
import org.dangjian.core.Dangjian
import org.dangjian.core.ItemFilter
import org.dangjian.core.ItemKind
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardsStrings
import org.dangjian.ui.bridge.ReminderChoice
import org.dangjian.ui.bridge.Reminders
import org.dangjian.ui.bridge.shanghai
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.waits
import org.dangjian.ui.moduleDir
import org.dangjian.ui.office.FeaturesStrings
import org.dangjian.ui.office.OfficeStrings
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Boards and ranks: who sees whom, and what is said of a fall. */
class BoardsJourney {
    @Test
    fun a_low_board_shows_nobody_to_members_and_names_to_who_leads_the_branch() {
        val secretary = TestPhone("leader", "village9.secretary", "dangjian://office")
        val names = mutableListOf<String>()
        var board = BoardKind.Black
        journey(secretary) {
            taps(OfficeStrings.LOW_BOARDS)
            val (low, members) = lowBoardOf(secretary)
            taps(low.label)
            sees(members.first())
            board = low
            names += members
        }
        val member = TestPhone("low", "village9.member2", "dangjian://boards")
        journey(member) {
            taps(board.label)
            sees("黄榜、黑榜不公开姓名", substring = true)
            // One's own line, or that there is none.
            waits("the board") { everything().any { "（我）" in it || "您不在" in it } }
            val own =
                runBlocking {
                    checkNotNull(
                        member.phone.core.account
                            .me(),
                    ).name
                }
            assertEquals(emptyList(), (names - own).filter { name -> everything().any { name in it } })
        }
        assertTrue(names.size > 1)
    }

    @Test
    fun where_the_county_turns_ranking_off_the_boards_say_so() {
        val officer = TestPhone("county", "officer1", "dangjian://office")
        val member = TestPhone("unranked", "village6.member1", "dangjian://boards")
        journey(officer, member) {
            sees(BoardKind.Gold.label, on = member)
            taps(OfficeStrings.FEATURES, on = officer)
            try {
                taps(FeaturesStrings.RANKING, on = officer)
                sees(BoardsStrings.OFF, on = member)
                seesNoMore(BoardKind.Gold.label, on = member)
                taps(FeaturesStrings.RANKING, on = officer)
                sees(BoardKind.Gold.label, on = member)
            } finally {
                runBlocking {
                    officer.phone.core.office
                        .setBurdenReduction(false)
                    officer.phone.core.core
                        .sync()
                }
            }
        }
    }

    @Test
    fun a_rank_that_slipped_is_what_the_reminder_speaks_of() {
        val close = Close.find("village10.member1")
        val sleeper = TestPhone("sleeper", link = "dangjian://boards")
        runBlocking { County.signIn(sleeper.open(null).core, close.ahead.login) }
        journey(sleeper) {
            sees("支部第 ${close.ahead.rank} 名", substring = true)
            close.behind.overtakes(close.gap)
            sees("下降", substring = true)
            val told =
                runBlocking {
                    val reminders = Reminders(sleeper.phone)
                    val now = shanghai(sleeper.phone.nowMs())
                    reminders.keep(
                        ReminderChoice(
                            atMin = now.hour * 60 + now.minute,
                            quietFromMin = 0,
                            quietToMin = 0,
                            rank = true,
                        ),
                    )
                    val due = checkNotNull(reminders.due())
                    assertTrue(reminders.next()?.let { it.atMs > sleeper.phone.nowMs() } != false, "said twice")
                    due.text
                }
            assertTrue("下滑了" in told, told)
        }
    }
}

/** A low board of the branch on which there is somebody, and who, as its secretary's phone knows. */
internal fun lowBoardOf(secretary: TestPhone): Pair<BoardKind, List<String>> =
    runBlocking {
        val core = secretary.phone.core
        val branch = checkNotNull(core.account.me()).offices.first { it.isBranch }.org
        listOf(BoardKind.Black to Board.BLACK, BoardKind.Yellow to Board.YELLOW)
            .map { (kind, board) ->
                kind to
                    core.office
                        .lowBoard(branch, board, 200u, 0u)
                        .rows
                        .map { it.name }
            }.first { (_, names) -> names.isNotEmpty() }
    }

/** All that can be read or is read out now. */
private fun ComposeUiTest.everything(): List<String> =
    texts() +
        onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.ContentDescription))
            .fetchSemanticsNodes()
            .flatMap { it.config[SemanticsProperties.ContentDescription] }

/** Somebody of a branch, on a phone without a screen. */
private class Person(
    val login: String,
    val core: Dangjian,
    val rank: Long,
    val points: Long,
) {
    /** Earns more than [gap] points: by opening the app, and by the quiz, of which the answers are known here. */
    fun overtakes(gap: Long) =
        runBlocking {
            core.study.signInToday()
            if (gap > 0) answersTheQuiz()
            core.core.sync()
            val now = checkNotNull(core.points.summary()).let { it.confirmed + it.unconfirmed }
            assertTrue(now > points + gap, "$now of ${points + gap}")
        }

    private suspend fun answersTheQuiz() {
        val item =
            core.study
                .items(ItemFilter(kinds = listOf(ItemKind.QUIZ), category = null), 1u, 0u)
                .rows
                .first()
                .id
        core.study.drawQuiz(item)
        core.core.sync()
        val quiz = checkNotNull(core.study.quiz())
        val answers = quiz.questions.map { it.choices.indexOf(RIGHT.getValue(it.text)).toByte() }.toByteArray()
        core.study.answerQuiz(quiz.draw, answers)
    }

    private companion object {
        /** The right answer to each question of the made-up county; each draw has them in another order. */
        val RIGHT: Map<String, String> by lazy {
            File(moduleDir, "../../server/seed/data/quiz.toml").readText().split("[[question]]").drop(1).associate {
                fun field(pattern: String) = checkNotNull(Regex(pattern).find(it)).groupValues[1]
                val choices =
                    Regex(
                        "'(.*?)'",
                    ).findAll(field("""choices = \[(.*)]""")).map { it.groupValues[1] }.toList()
                field("""text = '(.*)'""") to choices[field("""right = (\d)""").toInt()]
            }
        }
    }
}

/** Two of a branch, so close that [behind] can pass [ahead] in one day. The county's points change with the date. */
private class Close(
    val ahead: Person,
    val behind: Person,
) {
    val gap get() = ahead.points - behind.points

    companion object {
        /** What signing in and the quiz come to. */
        private const val MOST_GAP = 5L

        /** Signs in one after the other of a branch until two are close enough. */
        fun find(member: String): Close =
            runBlocking {
                val rows = File(County.folder, "server/activation-codes.csv").readLines().drop(1).map { it.split(',') }
                val branch = rows.first { it[1] == County.named(member) }[3]
                val met = mutableListOf<Person>()
                for (row in rows.filter { it[3] == branch }) {
                    val core = County.phone("rank-${row[1]}")
                    County.signIn(core, row[1])
                    val rank = core.boards.todayRank() ?: continue
                    val person = Person(row[1], core, rank.rank, rank.points)
                    val close = met.map { if (it.points >= person.points) Close(it, person) else Close(person, it) }
                    close.filter { it.gap <= MOST_GAP }.minByOrNull { it.gap }?.let { return@runBlocking it }
                    met += person
                }
                error("nobody of $branch is close to another")
            }
    }
}

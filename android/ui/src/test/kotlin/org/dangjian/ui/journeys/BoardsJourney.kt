package org.dangjian.ui.journeys

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import kotlinx.coroutines.runBlocking
import org.dangjian.core.Board
import org.dangjian.core.County
import org.dangjian.core.ItemFilter
import org.dangjian.core.ItemKind
import org.dangjian.core.SubjectKind
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardsStrings
import org.dangjian.ui.bridge.ReminderChoice
import org.dangjian.ui.bridge.Reminders
import org.dangjian.ui.bridge.shanghai
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
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
        val close = Close.find("village10.secretary")
        val sleeper = TestPhone("sleeper", link = "dangjian://boards")
        runBlocking { County.signIn(sleeper.open(null).core, close.sleeper) }
        journey(sleeper) {
            sees("支部第", substring = true)
            close.behind.forEach { Person(it).overtakes(close.points) }
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
                    val due = checkNotNull(reminders.next())
                    assertTrue(due.atMs <= sleeper.phone.nowMs(), "not yet")
                    reminders.shown(now.toLocalDate().toEpochDay().toInt())
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
private fun Hands.everything(): List<String> =
    texts() +
        onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.ContentDescription))
            .fetchSemanticsNodes()
            .flatMap { it.config[SemanticsProperties.ContentDescription] }

/** Somebody of a branch, on a phone without a screen. */
private class Person(
    private val login: String,
) {
    private val core = runBlocking { County.phone("rank-$login").also { County.signIn(it, login) } }

    /** Earns enough for more than [points]: by opening the app, and by the quiz, of which the answers are known here. */
    fun overtakes(points: Long) =
        runBlocking {
            core.study.signInToday()
            answersTheQuiz()
            core.core.sync()
            val now = checkNotNull(core.points.summary()).let { it.confirmed + it.unconfirmed }
            assertTrue(now > points, "$now of $points")
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

/**
 * Members of a branch, so close that so many of [behind] can pass the [sleeper] in one day that the rank falls, although
 * the sleeper opens the app and has [points] then. The county's points change with the date.
 */
private class Close(
    val sleeper: String,
    val points: Long,
    val behind: List<String>,
) {
    companion object {
        /** What opening the app comes to, and the quiz besides. */
        private const val SIGN_IN = 1L
        private const val MOST = SIGN_IN + 5

        fun find(secretary: String): Close {
            val points = pointsOf(secretary)
            for ((sleeper, had) in points) {
                val has = had + SIGN_IN
                val passed = points.values.count { it in had + 1..has }
                val behind = points.filter { (other, its) -> other != sleeper && its <= had && its + MOST > has }.keys
                // Not one more than is needed: one who has as many is passed by opening the app.
                if (behind.size > passed) return Close(sleeper, has, behind.take(passed + 1))
            }
            error("nobody is close to another: $points")
        }

        /** Who of the branch has how many points, by login, as its secretary's phone knows. */
        private fun pointsOf(secretary: String): Map<String, Long> =
            runBlocking {
                val core = County.signedIn("rank-secretary", secretary)
                val branch = checkNotNull(core.account.me()).offices.first { it.isBranch }.org
                val high =
                    listOf(Board.GOLD, Board.SILVER).mapNotNull {
                        core.boards.board(branch, SubjectKind.MEMBER, it, 200u, 0u)
                    }
                val low = listOf(Board.YELLOW, Board.BLACK).map { core.office.lowBoard(branch, it, 200u, 0u).rows }
                val lines = high.flatMap { it.lines } + low.flatten()
                val own = core.account.me()?.member
                core.close()
                val logins =
                    File(County.folder, "server/activation-codes.csv")
                        .readLines()
                        .drop(1)
                        .map { it.split(',') }
                        .associate { it[0] to it[1] }
                lines
                    .filter { it.subject.text != own?.text }
                    .mapNotNull { line -> logins[line.subject.text]?.let { it to line.points } }
                    .toMap()
            }
    }
}

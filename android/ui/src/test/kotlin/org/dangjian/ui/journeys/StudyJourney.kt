package org.dangjian.ui.journeys

import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.click
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performTouchInput
import kotlinx.coroutines.runBlocking
import org.dangjian.core.ItemFilter
import org.dangjian.core.ItemKind
import org.dangjian.core.ItemView
import org.dangjian.core.Switches
import org.dangjian.core.TimerState
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.scrollsTo
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.tapsNamed
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.quiz.QuizStrings
import org.dangjian.ui.reader.ReaderStrings
import org.dangjian.ui.study.StudyStrings
import org.dangjian.ui.today.TodayStrings
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** A step in which no phone takes its app for frozen, ms. */
private const val STEP_MS = 25_000L

/** A minute of study, and a little: what counts while one leaves the text is not promised. */
private const val MINUTE_MS = 65_000L

class StudyJourney {
    @Test
    fun studied_offline_it_waits_and_with_the_network_it_counts() {
        val me = TestPhone("studies-offline", "village2.member1", server = TourCounty)
        journey(me) {
            hears("今日积分 ")
            val item = me.article { it.creditedMs == 0L && it.lengthMs > 120_000 }
            me.downloads(item)
            waits("online") { CommonStrings.OFFLINE !in texts().joinToString() }
            goesOffline(me)
            opens(item)
            sees("再学", substring = true)
            // A step is lost if the clock does not run yet; one more is made while it counts the last.
            repeat(8) { if (me.session().countedMs < MINUTE_MS) studies() }
            tapsNamed(CommonStrings.BACK)
            tapsNamed(CommonStrings.TAB_TODAY)
            hears("分待确认")
            sees("项待同步", substring = true)
            waits("minutes of study are told") { texts().any { it.matches(Regex("[1-3].分.\\d\\d.秒")) } }
            me.network(true)
            waits("all is confirmed") { ring()?.contains("待确认") == false && "待同步" !in texts().joinToString() }
            assertTrue(runBlocking { me.phone.call { study.today() } }!!.pointsConfirmed >= 1)
        }
    }

    @Test
    fun the_reader_stands_while_the_app_is_away_and_a_check_is_answered() {
        val me = TestPhone("reads", "village2.member2", server = TourCounty)
        journey(me) {
            hears("今日积分 ")
            val item = me.articles().filter { it.creditedMs == 0L }.maxBy { it.lengthMs }
            opens(item)
            hears(ReaderStrings.ANNOUNCE_RUNNING)
            runBlocking { me.phone.foreground(false) }
            hears("已暂停：已离开本应用")
            sees("已暂停：已离开本应用")
            runBlocking { me.phone.foreground(true) }
            hears(ReaderStrings.ANNOUNCE_RUNNING)
            tapsNamed(ReaderStrings.PAUSE)
            hears(ReaderStrings.ANNOUNCE_PAUSED)
            tapsNamed(ReaderStrings.GO_ON)
            hears(ReaderStrings.ANNOUNCE_RUNNING)
            repeat(13) { if (ReaderStrings.CHECK !in texts()) studies() }
            sees(ReaderStrings.CHECK)
            val check = me.session().state as TimerState.Check
            val question = runBlocking { me.phone.call { study.content(item.id) } }!!.checks[check.number.toInt()]
            sees(question.text)
            taps(ReaderStrings.LOOK_BACK)
            sees(ReaderStrings.WAITING)
            taps(ReaderStrings.ANSWER)
            taps(question.choices[1])
            taps(ReaderStrings.SUBMIT)
            hears(ReaderStrings.ANNOUNCE_RUNNING)
            assertFalse(ReaderStrings.CHECK in texts())
            tapsNamed(CommonStrings.BACK)
            waits("the session is over") { runBlocking { me.phone.call { study.session() } } == null }
        }
    }

    @Test
    fun a_quiz_is_answered_and_judged_with_reasons() {
        val me = TestPhone("quiz", "village2.member3")
        journey(me) {
            hears("今日积分 ")
            tapsNamed(TodayStrings.STUDY)
            taps("答题")
            taps("每日答题")
            repeat(5) { at ->
                sees(QuizStrings.questionOf(at + 1, 5))
                val quiz = runBlocking { me.phone.call { study.quiz() } }!!
                taps(quiz.questions[at].choices[0])
                // What was chosen outlives the process.
                waits("it is kept") {
                    runBlocking {
                        me.phone.call {
                            settings.draft(
                                "quiz:${quiz.draw.text}",
                            )
                        }
                    }?.split(',')?.getOrNull(at) ==
                        "0"
                }
                taps(if (at < 4) QuizStrings.NEXT else QuizStrings.HAND_IN)
            }
            sees("答对", substring = true)
            sees("，共 5 题", substring = true)
            val quiz = runBlocking { me.phone.call { study.quiz() } }!!
            quiz.solution.forEach { sees(QuizStrings.WHY + it.why) }
            val wrong = quiz.solution.count { it.right != 0.toUByte() }
            assertEquals(wrong, texts().count { it == QuizStrings.ANSWERED_WRONG })
            assertEquals(5L - wrong, quiz.right)
            taps(QuizStrings.DONE)
            sees("今日已答")
        }
    }

    @Test
    fun a_recording_is_its_script_and_says_so_and_counts_only_once_it_is_begun() {
        val me = TestPhone("listens", "village4.member1")
        journey(me) {
            hears("今日积分 ")
            tapsNamed(TodayStrings.STUDY)
            taps("视听")
            val filter = ItemFilter(kinds = listOf(ItemKind.AUDIO, ItemKind.VIDEO))
            val item = runBlocking { me.phone.call { study.items(filter, 1u, 0u) } }.rows.first()
            waits("only recordings") { texts().none { it.startsWith("图文") } }
            taps(item.title)
            sees("没有声音和画面", substring = true)
            hears(ReaderStrings.ANNOUNCE_PAUSED)
            tapsNamed(ReaderStrings.GO_ON)
            hears(ReaderStrings.ANNOUNCE_RUNNING)
        }
    }

    @Test
    fun what_was_downloaded_opens_without_a_network_and_the_rest_says_when() {
        val me = TestPhone("downloads", "village3.member1")
        journey(me) {
            hears("今日积分 ")
            tapsNamed(TodayStrings.STUDY)
            val (here, there) = me.articles().filter { !it.downloaded }
            sees(here.title)
            tapsNamed(StudyStrings.download(here.title))
            waits("it is on the phone") { me.articles().first { it.id == here.id }.downloaded }
            taps("已下载 1")
            sees(here.title)
            goesOffline(me)
            sees(StudyStrings.OFFLINE)
            taps("推荐")
            scrollsTo(there.title)
            sees("有网可学")
            scrollsTo(here.title)
            taps(here.title)
            hears(ReaderStrings.ANNOUNCE_RUNNING)
            tapsNamed(CommonStrings.BACK)
            waits("the list is back") { StudyStrings.OFFLINE in texts() }
        }
    }

    @Test
    fun the_elder_version_is_one_tap_away_and_says_offline_in_a_sentence() {
        val me = TestPhone("elder", "village3.member2")
        journey(me) {
            taps(TodayStrings.ELDER_VERSION)
            sees(TodayStrings.STANDARD_VERSION)
            goesOffline(me)
            sees("现在没有网。", substring = true)
            me.network(true)
            waits("online") { "现在没有网" !in texts().joinToString() }
            taps(TodayStrings.STANDARD_VERSION)
            sees(TodayStrings.ELDER_VERSION)
        }
    }

    @Test
    fun burden_reduction_hides_figures_without_a_hole() {
        val me = TestPhone("relieved", "village3.member3", server = TourCounty)
        val officer = TestPhone("relieves", "officer4", server = TourCounty)
        journey(me, officer) {
            waits("both are in") { texts().count { it == TodayStrings.ELDER_VERSION } == 2 }
            hears("今日积分 ")
            runBlocking { officer.phone.call { office.setBurdenReduction(true) } }
            try {
                waits("no figures") {
                    ring() == null && TodayStrings.MINUTES !in texts() &&
                        TodayStrings.STREAK !in texts()
                }
                assertTrue(onAllNodes(hasContentDescription(TodayStrings.POINTS)).fetchSemanticsNodes().isEmpty())
                sees(TodayStrings.NEWEST_NOTICE)
            } finally {
                runBlocking { officer.phone.call { office.setFeatures(ALL_ON) } }
            }
            hears("今日积分 ")
        }
    }
}

private val ALL_ON = Switches(true, true, true, true, true, true, true)

private fun TestPhone.articles(): List<ItemView> =
    runBlocking { phone.call { study.items(ItemFilter(kinds = listOf(ItemKind.ARTICLE)), 60u, 0u).rows } }

private fun TestPhone.article(that: (ItemView) -> Boolean): ItemView = articles().first(that)

private fun TestPhone.downloads(item: ItemView) = runBlocking { phone.call { study.download(listOf(item.id)) } }

private fun TestPhone.session() = checkNotNull(runBlocking { phone.call { study.session() } })

/** Waits until something is read out as [text], or begins or ends so. */
private fun Hands.hears(text: String): SemanticsNodeInteraction =
    finds("hears $text", hasContentDescription(text, substring = true))

/** What the ring says. */
private fun Hands.ring(): String? =
    onAllNodes(hasContentDescription("今日积分 ", substring = true))
        .fetchSemanticsNodes()
        .firstOrNull()
        ?.config
        ?.get(androidx.compose.ui.semantics.SemanticsProperties.ContentDescription)
        ?.first()

private fun Hands.opens(item: ItemView) {
    tapsNamed(TodayStrings.STUDY)
    scrollsTo(item.title)
    taps(item.title)
    sees(item.title)
}

/** Time passes while somebody reads and touches the screen now and then. */
private fun Hands.studies() {
    TourCounty.clock.pass(STEP_MS)
    onRoot().performTouchInput { click(center) }
    waitForIdle()
}

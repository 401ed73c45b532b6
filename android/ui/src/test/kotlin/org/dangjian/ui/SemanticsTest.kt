package org.dangjian.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHasClickAction
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.runSkikoComposeUiTest
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.Density
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.Tab
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.quiz.QuizCallbacks
import org.dangjian.ui.quiz.QuizScreen
import org.dangjian.ui.reader.ReaderCallbacks
import org.dangjian.ui.reader.ReaderScreen
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyScreen
import org.dangjian.ui.today.ElderTodayCallbacks
import org.dangjian.ui.today.ElderTodayScreen
import org.dangjian.ui.today.Entry
import org.dangjian.ui.today.TodayCallbacks
import org.dangjian.ui.today.TodayScreen
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What a screen reader says, what a finger hits, and whether words are whole. */
@OptIn(ExperimentalTestApi::class)
class SemanticsTest {
    private val callbacks = TodayCallbacks()

    private val screens: Map<String, @Composable () -> Unit> =
        mapOf<String, @Composable () -> Unit>(
            "today" to { TodayScreen(Samples.todayLongest, callbacks) },
            "today without figures" to { TodayScreen(Samples.todayBurdenReduction, callbacks) },
            "today first day" to { TodayScreen(Samples.todayFirstDay, callbacks) },
            "study" to { StudyScreen(Samples.study, StudyCallbacks()) },
            "study empty" to { StudyScreen(Samples.studyEmpty, StudyCallbacks()) },
            "reader" to { ReaderScreen(Samples.reader, ReaderCallbacks()) },
            "reader size" to { ReaderScreen(Samples.readerSize, ReaderCallbacks()) },
            "reader check" to { ReaderScreen(Samples.readerCheck, ReaderCallbacks()) },
            "quiz" to { QuizScreen(Samples.quiz, QuizCallbacks()) },
            "quiz result" to { QuizScreen(Samples.quizResult, QuizCallbacks()) },
            "components" to { ComponentSheet() },
            "states" to { StateSheet() },
        ) + moreScreens
    private val elderScreens: Map<String, @Composable () -> Unit> =
        mapOf(
            "elder today" to { ElderTodayScreen(Samples.elder, ElderTodayCallbacks()) },
            "elder today offline" to { ElderTodayScreen(Samples.elderLongest, ElderTodayCallbacks()) },
        )

    private fun show(
        mode: Mode,
        heightDp: Int = HEIGHT_DP,
        content: @Composable () -> Unit,
        test: ComposeUiTest.() -> Unit,
    ) = runSkikoComposeUiTest(Size(WIDTH_DP * DENSITY, heightDp * DENSITY), Density(DENSITY)) {
        setContent { Themed(mode, content) }
        test()
    }

    private fun ComposeUiTest.nodes(
        matcher: SemanticsMatcher,
        unmerged: Boolean = false,
    ): List<SemanticsNode> = onAllNodes(matcher, useUnmergedTree = unmerged).fetchSemanticsNodes()

    private fun ComposeUiTest.headings(): List<String> =
        nodes(isHeading()).flatMap { it.config.getOrNull(SemanticsProperties.Text).orEmpty() }.map { it.text }

    @Test
    fun the_ring_is_read_as_one_sentence() =
        show(Mode.Light, content = { TodayScreen(Samples.today, callbacks) }) {
            onNodeWithContentDescription("今日积分 13 分，上限 30 分，其中 4 分待确认").assertIsDisplayed().assertHasClickAction()
            onAllNodesWithText("今日积分", substring = true).assertCountEquals(0)
            onAllNodesWithText("待确认", substring = true).assertCountEquals(0)
        }

    @Test
    fun the_rank_is_read_as_one_sentence() =
        show(Mode.Light, content = { TodayScreen(Samples.today, callbacks) }) {
            onNodeWithContentDescription("支部第 4 名，较昨日下降 1 位").assertIsDisplayed()
            onAllNodesWithText("支部第", substring = true).assertCountEquals(0)
        }

    @Test
    fun what_is_due_is_read_with_its_entry() =
        show(Mode.Light, content = { TodayScreen(Samples.today, callbacks) }) {
            onNodeWithContentDescription("党费，待缴").assertIsDisplayed()
            onNodeWithContentDescription("通知，2 条未读").assertIsDisplayed()
            onNodeWithContentDescription("消息，2 条未读").assertIsDisplayed()
            onNodeWithContentDescription("今日").assertIsSelected()
        }

    @Test
    fun today_has_its_headings() =
        show(Mode.Light, content = { TodayScreen(Samples.today, callbacks) }) {
            assertEquals(listOf("早上好，刘秋云同志", "最新通知"), headings())
        }

    @Test
    fun the_check_has_the_screen_to_itself() =
        show(Mode.Light, content = { ReaderScreen(Samples.readerCheck, ReaderCallbacks()) }) {
            assertEquals(listOf("理解检查"), headings())
            assertEquals(
                listOf("理解检查"),
                nodes(
                    SemanticsMatcher.keyIsDefined(SemanticsProperties.PaneTitle),
                ).map { it.config[SemanticsProperties.PaneTitle] },
            )
            onAllNodesWithText("先看职责", substring = true).assertCountEquals(0)
        }

    @Test
    fun the_timer_announces_its_state_and_never_a_second() =
        show(Mode.Light, content = { ReaderScreen(Samples.reader, ReaderCallbacks()) }) {
            val live = nodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.LiveRegion))
            assertEquals(listOf("计时开始"), live.flatMap { it.config[SemanticsProperties.ContentDescription] })
            assertTrue(nodes(hasText("12:30", substring = true)).isEmpty())
        }

    @Test
    fun what_needs_a_network_cannot_be_opened_without() =
        show(Mode.Light, content = { StudyScreen(Samples.studyOffline, StudyCallbacks()) }) {
            onNodeWithText("乡村振兴促进法解读：农村宅基地怎么管").assertIsNotEnabled()
            onNodeWithText("离线中，只能打开已下载的内容").assertIsDisplayed()
        }

    @Test
    fun taps_arrive_with_what_they_are_about() {
        val heard = mutableListOf<Any>()
        val listening =
            TodayCallbacks(
                onElderVersion = { heard += "elder" },
                onOutbox = { heard += "outbox" },
                onRefusedWayOn = { heard += "way on $it" },
                onRefusedKnown = { heard += "known $it" },
                onContinue = { heard += "continue" },
                onEntry = { heard += it },
                onNotice = { heard += it },
                onTab = { heard += it },
            )
        show(Mode.Light, 1500, { TodayScreen(Samples.todayRefused, listening) }) {
            onNodeWithText("长辈版").performClick()
            onNodeWithText("正在同步 1/3").performClick()
            onNodeWithText("申请补签").performClick()
            onNodeWithText("我已知道").performClick()
            onNodeWithText("继续学习：支部工作条例辅导").performClick()
            onNodeWithContentDescription("党费，待缴").performClick()
            onNodeWithText("11月党员大会定于 28 日 9:00 召开，请提前安排好时间".keepUnits()).performClick()
            onNode(hasContentDescription("消息，2 条未读")).performClick()
        }
        assertEquals<List<Any>>(
            listOf("elder", "outbox", "way on op", "known op", "continue", Entry.Dues, "notice", Tab.Messages),
            heard,
        )
    }

    @Test
    fun only_tabs_that_exist_are_shown() =
        show(Mode.Light, content = { TodayScreen(Samples.today, callbacks) }) {
            val tabs = nodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Selected))
            assertEquals(
                listOf("今日", "学习", "消息，2 条未读", "我的"),
                tabs.flatMap { it.config[SemanticsProperties.ContentDescription] },
            )
        }

    @Test
    fun loading_shows_nothing_then_a_skeleton_then_words() =
        runSkikoComposeUiTest {
            mainClock.autoAdvance = false
            setContent { Themed(Mode.Light) { LoadingCard() } }
            mainClock.advanceTimeBy(250)
            assertTrue(nodes(hasContentDescription(CommonStrings.LOADING)).isEmpty())
            mainClock.advanceTimeBy(200)
            onNodeWithContentDescription(CommonStrings.LOADING).assertIsDisplayed()
            mainClock.advanceTimeBy(700)
            onNodeWithText(CommonStrings.READING_LOCAL).assertIsDisplayed()
        }

    @Test
    fun what_can_be_tapped_is_large_enough() =
        screens.forEach { (name, screen) ->
            targets(name, Mode.Light, screen, 48f)
        }

    @Test
    fun what_elders_tap_is_larger() =
        (elderScreens + screens).forEach { (name, screen) ->
            targets(name, Mode.Elder, screen, 60f)
        }

    private fun targets(
        name: String,
        mode: Mode,
        screen: @Composable () -> Unit,
        least: Float,
    ) = show(mode, 4000, screen) {
        val small =
            nodes(SemanticsMatcher.keyIsDefined(SemanticsActions.OnClick))
                .filter { it.size.width / DENSITY < least || it.size.height / DENSITY < least }
                .map { "$name: ${it.words()} ${it.size.width / DENSITY}×${it.size.height / DENSITY}" }
        assertEquals(emptyList(), small)
    }

    @Test
    fun no_word_is_cut_off_with_letters_twice_as_large() =
        screens.forEach { (name, screen) -> whole(name, Mode.Large, screen) }

    @Test
    fun no_word_is_cut_off_for_elders_with_letters_twice_as_large() =
        elderScreens.forEach { (name, screen) -> whole(name, Mode.ElderLarge, screen) }

    @Test
    fun no_word_is_cut_off_for_elders() =
        (screens + elderScreens).forEach { (name, screen) ->
            whole(name, Mode.Elder, screen)
        }

    private fun whole(
        name: String,
        mode: Mode,
        screen: @Composable () -> Unit,
    ) = show(mode, 8000, screen) {
        val cut =
            nodes(SemanticsMatcher.keyIsDefined(SemanticsActions.GetTextLayoutResult), unmerged = true)
                .filter { node ->
                    val layouts = mutableListOf<TextLayoutResult>()
                    node.config[SemanticsActions.GetTextLayoutResult].action?.invoke(layouts)
                    val scrolled = node.inScrolledRow()
                    val bounds = node.boundsInRoot
                    val hidden = bounds.width < node.size.width - 1 || bounds.height < node.size.height - 1
                    // A field in which nothing is written yet has a line without height.
                    val written = layouts.any { it.layoutInput.text.isNotEmpty() }
                    written && (layouts.any { it.cut() } || (hidden && !scrolled))
                }.map { "$name: ${it.words()}" }
        assertEquals(emptyList(), cut)
    }

    private fun TextLayoutResult.cut(): Boolean =
        multiParagraph.didExceedMaxLines ||
            getLineEnd(lineCount - 1) < layoutInput.text.length ||
            (0 until lineCount).any { line ->
                getLineRight(line) - getLineLeft(line) > size.width + 1 || getLineBottom(line) > size.height + 1
            }

    /** Filter chips go on beyond the edge and are scrolled to. */
    private fun SemanticsNode.inScrolledRow(): Boolean =
        generateSequence(this) { it.parent }.any {
            it.config.getOrNull(SemanticsProperties.HorizontalScrollAxisRange) !=
                null
        }

    private fun SemanticsNode.words(): String =
        config.getOrNull(SemanticsProperties.ContentDescription)?.joinToString()
            ?: config.getOrNull(SemanticsProperties.Text)?.joinToString { it.text }
            ?: "node $id"
}

package org.dangjian.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.runSkikoComposeUiTest
import androidx.compose.ui.unit.Density
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.notices.NoticesCallbacks
import org.dangjian.ui.notices.NoticesScreen
import org.dangjian.ui.quiz.QuizCallbacks
import org.dangjian.ui.quiz.QuizScreen
import org.dangjian.ui.quiz.QuizStage
import org.dangjian.ui.reader.ReaderCallbacks
import org.dangjian.ui.reader.ReaderScreen
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyScreen
import org.dangjian.ui.study.StudyState
import org.dangjian.ui.theme.Dangjian
import kotlin.test.Test
import kotlin.test.assertEquals

/** What study, the reader and the quiz do with taps. */
@OptIn(ExperimentalTestApi::class)
class ReaderTest {
    private val heard = mutableListOf<Any>()

    private val callbacks =
        ReaderCallbacks(
            onBack = { heard += "back" },
            onPause = { heard += "pause" },
            onGoOn = { heard += "go on" },
            onPlace = { block, percent -> heard += block to percent },
            onSizeOpen = { heard += "size $it" },
            onChoose = { heard += "choice $it" },
            onSubmit = { heard += "submit" },
            onCheckOpen = { heard += "check $it" },
        )

    private fun show(
        content: @Composable () -> Unit,
        test: ComposeUiTest.() -> Unit,
    ) = runSkikoComposeUiTest(Size(WIDTH_DP * DENSITY, HEIGHT_DP * DENSITY), Density(DENSITY)) {
        setContent { Themed(Mode.Light, content) }
        test()
    }

    @Test
    fun the_reader_says_where_one_is_in_the_text() {
        show({ ReaderScreen(Samples.reader.copy(textSize = 30), callbacks) }) {
            onNode(hasScrollToIndexAction()).performScrollToIndex(6)
            waitForIdle()
        }
        assertEquals(0, (heard.first() as Pair<*, *>).first)
        assertEquals(100, (heard.last() as Pair<*, *>).second)
    }

    @Test
    fun the_reader_begins_where_one_was() {
        val long = Samples.reader.copy(blocks = List(5) { Samples.reader.blocks }.flatten(), firstBlock = 10)
        show({ ReaderScreen(long, callbacks) }) { waitForIdle() }
        assertEquals(10, (heard.first() as Pair<*, *>).first)
    }

    @Test
    fun the_clock_is_stopped_and_started() {
        show({ ReaderScreen(Samples.reader, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithContentDescription("暂停计时").performClick()
            onNodeWithContentDescription("字号").performClick()
            onNodeWithContentDescription("返回").performClick()
        }
        show({ ReaderScreen(Samples.readerPaused, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithContentDescription("继续计时").performClick()
        }
        assertEquals<List<Any>>(listOf("pause", "size true", "back", "go on"), heard)
    }

    @Test
    fun a_check_is_submitted_only_once_something_is_chosen() {
        val unanswered = Samples.readerCheck.copy(check = Samples.readerCheck.check?.copy(chosen = null))
        show({ ReaderScreen(unanswered, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithText("提交并继续计时").assertIsNotEnabled()
            onNodeWithText("等外出党员返乡后再通知").performClick()
        }
        show({ ReaderScreen(Samples.readerCheck, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithText("经常联系，及时告知重要事项和活动安排").assertIsSelected()
            onNodeWithText("提交并继续计时").performClick()
        }
        assertEquals<List<Any>>(listOf("choice 0", "submit"), heard)
    }

    @Test
    fun one_may_look_back_into_the_text_before_answering() {
        show({ ReaderScreen(Samples.readerCheck, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithText("回看原文").performClick()
        }
        val aside = Samples.readerCheck.copy(check = Samples.readerCheck.check?.copy(open = false))
        show({ ReaderScreen(aside, callbacks.copy(onPlace = { _, _ -> })) }) {
            onNodeWithText("先看职责", substring = true).assertIsDisplayed()
            onNodeWithText("有一道理解题等您作答").assertIsDisplayed()
            onNodeWithText("回答").performClick()
        }
        assertEquals<List<Any>>(listOf("check false", "check true"), heard)
    }

    @Test
    fun a_quiz_is_handed_in_only_when_all_is_answered() {
        val last = Samples.quiz.copy(stage = (Samples.quiz.stage as QuizStage.Asking).copy(number = 5))
        show({ QuizScreen(last, QuizCallbacks()) }) { onNodeWithText("交卷").assertIsNotEnabled() }
        val complete = last.copy(stage = (last.stage as QuizStage.Asking).copy(complete = true))
        show({ QuizScreen(complete, QuizCallbacks()) }) { onNodeWithText("交卷").assertIsEnabled() }
    }

    @Test
    fun study_tells_which_item_and_which_filter() {
        val callbacks =
            StudyCallbacks(
                onFilter = { heard += "filter $it" },
                onItem = { heard += "item $it" },
                onTab = { heard += it },
            )
        show({ StudyScreen(Samples.studyOffline, callbacks) }) {
            onNodeWithText("已下载 6").performClick()
            onNodeWithText("微党课：老支书讲油茶产业路").performClick()
            onNodeWithText("乡村振兴促进法解读：农村宅基地怎么管").performClick()
            onNodeWithContentDescription("今日").performClick()
        }
        assertEquals<List<Any>>(listOf("filter downloaded", "item 2", Tab.Today), heard)
    }

    private val manyToStudy =
        Samples.study.copy(items = List(12) { Samples.study.items[2].copy(id = "$it", title = "第 $it 篇") })

    @Test
    fun the_points_of_the_day_come_into_sight_when_they_are_known() {
        var state by mutableStateOf(StudyState(filters = Samples.study.filters, loading = true, items = emptyList()))
        show({ StudyScreen(state, StudyCallbacks()) }) {
            waitForIdle()
            state = manyToStudy
            onNodeWithText("今天还可得 17 分".keepUnits(), substring = true).assertIsDisplayed()
        }
    }

    @Test
    fun whoever_has_scrolled_stays_there_when_something_comes_in_above() {
        var state by mutableStateOf(manyToStudy)
        show({ StudyScreen(state, StudyCallbacks()) }) {
            onNode(hasScrollToIndexAction()).performScrollToIndex(8)
            state = manyToStudy.copy(problem = Samples.problem)
            onNodeWithText("第 6 篇".keepUnits()).assertIsDisplayed()
            onNodeWithText(Samples.problem.title, substring = true).assertDoesNotExist()
        }
    }

    @Test
    fun a_notice_just_published_comes_into_sight() {
        val newest = NoticeSamples.notices.items.first()
        val many = NoticeSamples.notices.items + List(9) { newest.copy(id = "old $it", title = "第 $it 条") }
        val before = NoticeSamples.notices.copy(sync = SyncState.Settled, canPublish = false, items = many.drop(1))
        var state by mutableStateOf(before)
        show({ NoticesScreen(state, NoticesCallbacks()) }) {
            waitForIdle()
            state = before.copy(items = many)
            onNodeWithText(newest.title.keepUnits()).assertIsDisplayed()
        }
    }

    @Test
    fun a_long_name_is_read_out_whole_and_shown_whole_on_a_tap() =
        show(
            {
                LongName(
                    Samples.LONGEST_ORG,
                    Samples.LONGEST_ORG_LAST,
                    style = Dangjian.type.headline,
                    expandable = true,
                )
            },
        ) {
            onNodeWithContentDescription(Samples.LONGEST_ORG).assertIsDisplayed().performClick()
            onNodeWithText(Samples.LONGEST_ORG).assertIsDisplayed()
        }
}

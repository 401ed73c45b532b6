package org.dangjian.ui.bridge

import org.dangjian.core.AppException
import org.dangjian.core.Day
import org.dangjian.core.DownloadOutcome
import org.dangjian.core.DownloadProgress
import org.dangjian.core.ItemCategory
import org.dangjian.core.ItemKind
import org.dangjian.core.ItemView
import org.dangjian.core.OpId
import org.dangjian.core.OpKind
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.core.PauseReason
import org.dangjian.core.Question
import org.dangjian.core.QuizView
import org.dangjian.core.Refusal
import org.dangjian.core.RowId
import org.dangjian.core.Solution
import org.dangjian.core.Stopped
import org.dangjian.core.StudySession
import org.dangjian.core.TimerState
import org.dangjian.core.Timestamp
import org.dangjian.ui.quiz.QuizStage
import org.dangjian.ui.reader.TimerMode
import org.dangjian.ui.study.Availability
import org.dangjian.ui.today.Entry
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What study, the reader and the quiz make of what the core says. */
class StudyMappingTest {
    private val item =
        ItemView(
            id = RowId("item"),
            title = "题目",
            kind = ItemKind.ARTICLE,
            category = ItemCategory.RULES,
            source = "支部",
            publishedOn = Day(20_000, "2024-10-04"),
            lengthMs = 200_000,
            contentBytes = 3_100,
            downloaded = false,
            availableOffline = false,
            creditedMs = 0,
            percent = 0u,
            finished = false,
            required = false,
            unconfirmed = false,
            canEarnToday = 4,
            words = null,
        )

    private fun shown(
        item: ItemView,
        offline: Boolean = false,
        points: Boolean = true,
        minutes: Boolean = true,
    ) = studyItemOf(item, offline, downloading = null, points, minutes)

    private fun session(state: TimerState) = StudySession(RowId("item"), 10_000, 60_000, 140_000, state, "", 1_000)

    @Test
    fun a_running_clock_is_counted_on_up_to_the_items_length() {
        val running = session(TimerState.Running)
        assertEquals(65_000L to 135_000L, running.at(6_000).let { it.creditedMs to it.remainingMs })
        assertEquals(200_000L to 0L, running.at(900_000).let { it.creditedMs to it.remainingMs })
        assertEquals(60_000, running.at(500).creditedMs)
    }

    @Test
    fun a_standing_clock_stands() =
        listOf(TimerState.Paused(PauseReason.SCREEN_OFF), TimerState.Check(0u), TimerState.Ended).forEach {
            assertEquals(60_000, session(it).at(90_000).creditedMs)
        }

    @Test
    fun why_the_clock_stands_is_said_unless_the_person_stopped_it() {
        fun reason(
            why: PauseReason,
            input: ReaderModel.Input,
        ) = readerOf(
            Read.Loading,
            session(TimerState.Paused(why)).copy(stateWords = "已暂停").at(0),
            input,
        ).timer?.also { assertEquals(TimerMode.Paused, it.mode) }?.reason
        val stopped = ReaderModel.Input(stands = true)
        assertNull(reason(PauseReason.NOT_VISIBLE, stopped))
        assertNull(reason(PauseReason.NOT_PLAYING, stopped.copy(recording = true)))
        assertNull(reason(PauseReason.NOT_VISIBLE, ReaderModel.Input(sizeOpen = true)))
        assertEquals("已暂停", reason(PauseReason.NOT_VISIBLE, ReaderModel.Input()))
        assertEquals("已暂停", reason(PauseReason.BACKGROUND, stopped))
    }

    @Test
    fun a_text_is_in_view_unless_stopped_and_a_recording_plays_only_once_begun() {
        val seen = ReaderModel.Input(seen = true)
        assertEquals(true to true, seen.observed())
        assertEquals(false, seen.copy(stands = true).observed().first)
        assertEquals(true to false, seen.copy(stands = true, recording = true).observed())
        assertEquals(false, seen.copy(sizeOpen = true).observed().first)
        assertEquals(false, ReaderModel.Input().observed().first)
    }

    @Test
    fun times_and_sizes_read_as_people_say_them() {
        assertEquals(listOf("00:00", "12:30", "75:05"), listOf(999L, 750_000, 4_505_999).map(::runningOf))
        assertEquals(listOf("2 分 30 秒", "45 秒", "1 分 00 秒"), listOf(150_000L, 44_001, 59_001).map(::leftOf))
        assertEquals("18 分 00 秒", minutesOf(1_080_000))
        assertEquals(listOf("1 KB", "4 KB", "48 MB"), listOf(0L, 3_100, 48_200_000).map(::sizeOf))
        assertEquals(4, wholeMinutes(200_000))
    }

    @Test
    fun an_item_says_what_it_can_give_unless_points_are_hidden() {
        assertEquals("还可得 4 分" to true, shown(item).let { it.note to it.earns })
        assertEquals(null to false, shown(item, points = false).let { it.note to it.earns })
        val begun = item.copy(creditedMs = 90_000, percent = 45u)
        assertEquals(45 to "已学 01:30", shown(begun).let { it.percent to it.studied })
        assertEquals(45 to null, shown(begun, minutes = false).let { it.percent to it.studied })
        assertNull(shown(begun.copy(finished = true, words = "已学完")).percent)
    }

    @Test
    fun offline_only_what_is_here_opens_and_nothing_is_fetched() {
        assertEquals(true to true, shown(item).let { it.canOpen to it.canDownload })
        val offline = shown(item.copy(words = "有网可学"), offline = true)
        assertEquals(Triple(false, false, "有网可学"), Triple(offline.canOpen, offline.canDownload, offline.note))
        val here = item.copy(downloaded = true, availableOffline = true)
        assertTrue(shown(here, offline = true).canOpen)
        assertEquals(Availability.Downloaded, shown(here).availability)
        assertNull(shown(item.copy(kind = ItemKind.QUIZ)).availability)
    }

    @Test
    fun a_cancelled_download_is_no_problem_and_a_failed_one_is() {
        fun outcome(
            stopped: Stopped?,
            missing: List<RowId> = emptyList(),
        ) = DownloadOutcome(DownloadProgress(0, 0, 0u, 1u), 0u, missing, stopped).problem()
        assertNull(outcome(null))
        assertNull(outcome(Stopped.Cancelled))
        assertEquals(StudyBridgeStrings.MISSING_TITLE, outcome(null, listOf(item.id))?.title)
        assertEquals(BridgeStrings.PROBLEM_TITLE, outcome(Stopped.Failed(AppException.KeyStore()))?.title)
        assertEquals(0, DownloadProgress(0, 0, 0u, 0u).percent())
        assertEquals(33, DownloadProgress(1, 3, 0u, 1u).percent())
    }

    private val quiz =
        QuizView(
            draw = RowId("draw"),
            item = RowId("quiz"),
            title = "每日答题",
            day = Day(20_000, "2024-10-04"),
            questions = List(3) { Question("问 $it", listOf("甲", "乙")) },
            answeredAt = null,
            right = null,
            solution = emptyList(),
            unconfirmed = false,
        )

    private fun stage(
        quiz: QuizView?,
        draft: List<Int?>? = null,
        input: QuizModel.Input = QuizModel.Input(),
    ) = stateOf(Read.Done(QuizReading(quiz, null, null, draft)), null, input).stage

    @Test
    fun answers_are_kept_as_text_and_read_back() {
        val answers = listOf(1, null, 0, null)
        assertEquals(answers, answersOf(textOf(answers)))
    }

    @Test
    fun a_quiz_begins_again_with_the_first_question_that_has_no_answer() {
        val asking = stage(quiz, draft = listOf(1, null, 5)) as QuizStage.Asking
        assertEquals(Triple(2, null, false), Triple(asking.number, asking.chosen, asking.complete))
        val complete = stage(quiz, draft = listOf(1, 1, 0)) as QuizStage.Asking
        assertEquals(Triple(3, 0, true), Triple(complete.number, complete.chosen, complete.complete))
    }

    @Test
    fun a_judged_quiz_shows_ones_answers_if_this_phone_knows_them() {
        val judged =
            quiz.copy(answeredAt = Timestamp(1), right = 1, solution = List(3) { Solution(0u, "因为") })
        val known = stage(judged, draft = listOf(0, 1, 1)) as QuizStage.Judged
        assertEquals(listOf(true, false, false), known.answers.map { it.correct })
        assertEquals("乙", known.answers[1].yours)
        assertEquals(listOf(null, null, null), (stage(judged) as QuizStage.Judged).answers.map { it.correct })
        assertTrue(stage(quiz.copy(answeredAt = Timestamp(1))) is QuizStage.Waiting)
        assertTrue(stage(null) is QuizStage.Coming)
    }

    @Test
    fun what_is_hidden_has_no_entry() {
        assertEquals(listOf(Entry.Study, Entry.Notices), entriesOf(points = false, rank = false, 0).map { it.entry })
        assertEquals("2 条未读", entriesOf(points = true, rank = true, unread = 2).last().due)
    }

    @Test
    fun a_refusal_about_points_or_words_has_a_way_on_and_another_can_only_be_known() {
        fun refused(
            kind: OpKind?,
            refusal: Refusal?,
        ) = refusedOf(OutboxView(OpId("op"), kind, null, null, null, OutboxState.Refused(refusal)), "题目")
        assertEquals(OutboxWordsStrings.POINTS, refused(OpKind.RECORD_STUDY, Refusal.DUPLICATE).wayOn)
        assertNull(refused(OpKind.READ_NOTICE, Refusal.NOT_ALLOWED).wayOn)
        assertEquals(OutboxWordsStrings.AGAIN, refused(OpKind.PUBLISH_NOTICE, Refusal.NOT_ALLOWED).wayOn)
        assertTrue(OutboxWordsStrings.UNKNOWN_REASON in refused(null, null).reason)
    }
}

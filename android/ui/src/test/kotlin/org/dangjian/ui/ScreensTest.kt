package org.dangjian.ui

import org.dangjian.ui.quiz.QuizCallbacks
import org.dangjian.ui.quiz.QuizScreen
import org.dangjian.ui.quiz.QuizState
import org.dangjian.ui.reader.ReaderCallbacks
import org.dangjian.ui.reader.ReaderScreen
import org.dangjian.ui.reader.ReaderState
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyScreen
import org.dangjian.ui.study.StudyState
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.today.ElderTodayCallbacks
import org.dangjian.ui.today.ElderTodayScreen
import org.dangjian.ui.today.ElderTodayState
import org.dangjian.ui.today.TodayCallbacks
import org.dangjian.ui.today.TodayScreen
import org.dangjian.ui.today.TodayState
import kotlin.test.Test

/** Every screen looks as it was approved, in every mode. */
class ScreensTest {
    private val highContrast = listOf(Mode.HighContrast)

    private fun today(
        name: String,
        state: TodayState,
        elder: ElderTodayState,
        more: List<Mode> = emptyList(),
        heightDp: Int = HEIGHT_DP,
        largeHeightDp: Int = heightDp,
    ) = checkScreen(
        name,
        more,
        heightDp,
        largeHeightDp = largeHeightDp,
        elder = { ElderTodayScreen(elder, ElderTodayCallbacks()) },
    ) {
        TodayScreen(state, TodayCallbacks())
    }

    private fun study(
        name: String,
        state: StudyState,
        more: List<Mode> = emptyList(),
    ) = checkScreen(name, more, largeHeightDp = 2600) { StudyScreen(state, StudyCallbacks()) }

    private fun reader(
        name: String,
        state: ReaderState,
        more: List<Mode> = emptyList(),
        largeHeightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, more, largeHeightDp = largeHeightDp) {
        ReaderScreen(if (Dangjian.elder) state.copy(textSize = 26) else state, ReaderCallbacks())
    }

    private fun quiz(
        name: String,
        state: QuizState,
        more: List<Mode> = emptyList(),
    ) = checkScreen(name, more, largeHeightDp = 1500) { QuizScreen(state, QuizCallbacks()) }

    @Test
    fun today_looks_as_approved() =
        today(
            "today",
            Samples.today,
            Samples.elder,
            highContrast + Mode.HighContrastDark + Mode.ElderLarge,
            largeHeightDp = 2200,
        )

    @Test
    fun today_offline_says_what_waits() =
        today("today-offline", Samples.todayOffline, Samples.elderOffline, highContrast)

    @Test
    fun today_keeps_a_refused_operation_in_sight() =
        today("today-refused", Samples.todayRefused, Samples.elderRefused, highContrast, 1300)

    @Test
    fun today_without_figures_has_no_hole() =
        today("today-burden-reduction", Samples.todayBurdenReduction, Samples.elderBurdenReduction)

    @Test
    fun today_on_the_first_day_says_what_to_do() =
        today("today-first-day", Samples.todayFirstDay, Samples.elderFirstDay)

    @Test
    fun today_with_letters_twice_as_large_stands_in_one_column() =
        today(
            "today-longest",
            Samples.todayLongest,
            Samples.elderLongest,
            listOf(Mode.Large),
            heightDp = 1300,
            largeHeightDp = 2900,
        )

    @Test
    fun study_shows_what_gives_points_and_what_is_on_the_phone() =
        study("study", Samples.study, highContrast + Mode.Large)

    @Test
    fun study_offline_puts_last_what_needs_a_network() = study("study-offline", Samples.studyOffline, highContrast)

    @Test
    fun study_empty_says_what_is_missing() = study("study-empty", Samples.studyEmpty)

    @Test
    fun reader_counts() = reader("reader", Samples.reader, highContrast + Mode.Large)

    @Test
    fun reader_pauses() = reader("reader-paused", Samples.readerPaused, highContrast)

    @Test
    fun reader_says_that_a_recording_is_only_its_script() = reader("reader-script", Samples.readerScript)

    @Test
    fun reader_says_when_what_is_not_here_can_be_read() = reader("reader-offline", Samples.readerOffline)

    @Test
    fun reader_says_that_the_day_is_full() = reader("reader-full", Samples.readerFull, highContrast)

    @Test
    fun reader_offers_other_sizes() = reader("reader-size", Samples.readerSize)

    @Test
    fun reader_asks_while_the_clock_stands() =
        reader("reader-check", Samples.readerCheck, highContrast + Mode.Large, largeHeightDp = 1900)

    @Test
    fun quiz_says_when_its_questions_come() = quiz("quiz-coming", Samples.quizComing)

    @Test
    fun quiz_asks() = quiz("quiz", Samples.quiz, highContrast + Mode.Large)

    @Test
    fun quiz_waits_for_the_server() = quiz("quiz-waiting", Samples.quizWaiting)

    @Test
    fun quiz_says_why() = quiz("quiz-result", Samples.quizResult, highContrast)

    @Test
    fun components_look_as_approved() =
        checkScreen("components", highContrast + Mode.HighContrastDark, 980) { ComponentSheet() }

    @Test
    fun states_look_as_approved() =
        checkScreen("states", highContrast + Mode.Large, 980, largeHeightDp = 1700) { StateSheet() }
}

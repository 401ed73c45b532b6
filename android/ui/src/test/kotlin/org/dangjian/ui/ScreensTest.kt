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
import org.dangjian.ui.today.ElderTodayCallbacks
import org.dangjian.ui.today.ElderTodayScreen
import org.dangjian.ui.today.ElderTodayState
import org.dangjian.ui.today.TodayCallbacks
import org.dangjian.ui.today.TodayScreen
import org.dangjian.ui.today.TodayState
import kotlin.test.Test

/** Every screen looks as it was approved, in every mode. */
class ScreensTest {
    private val threeModes = listOf(Mode.Light, Mode.Dark, Mode.HighContrast)

    private fun today(
        name: String,
        state: TodayState,
        modes: List<Mode>,
        heightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, modes, heightDp) { TodayScreen(state, TodayCallbacks()) }

    private fun elder(
        name: String,
        state: ElderTodayState,
        modes: List<Mode>,
        heightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, modes, heightDp) { ElderTodayScreen(state, ElderTodayCallbacks()) }

    private fun study(
        name: String,
        state: StudyState,
        modes: List<Mode>,
        heightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, modes, heightDp) { StudyScreen(state, StudyCallbacks()) }

    private fun reader(
        name: String,
        state: ReaderState,
        modes: List<Mode>,
        heightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, modes, heightDp) { ReaderScreen(state, ReaderCallbacks()) }

    private fun quiz(
        name: String,
        state: QuizState,
        modes: List<Mode>,
        heightDp: Int = HEIGHT_DP,
    ) = checkScreen(name, modes, heightDp) { QuizScreen(state, QuizCallbacks()) }

    @Test
    fun today_looks_as_approved() = today("today", Samples.today, threeModes + Mode.HighContrastDark)

    @Test
    fun today_offline_says_what_waits() = today("today-offline", Samples.todayOffline, threeModes)

    @Test
    fun today_keeps_a_refused_operation_in_sight() = today("today-refused", Samples.todayRefused, threeModes, 1300)

    @Test
    fun today_without_figures_has_no_hole() =
        today("today-burden-reduction", Samples.todayBurdenReduction, listOf(Mode.Light, Mode.Dark))

    @Test
    fun today_on_the_first_day_says_what_to_do() = today("today-first-day", Samples.todayFirstDay, listOf(Mode.Light))

    @Test
    fun today_with_letters_twice_as_large_stands_in_one_column() =
        today("today-longest", Samples.todayLongest, listOf(Mode.Large), 2900)

    @Test
    fun today_for_elders_is_a_layout_of_its_own() =
        elder("elder-today", Samples.elder, listOf(Mode.Elder, Mode.ElderDark))

    @Test
    fun today_for_elders_says_in_a_sentence_that_there_is_no_network() =
        elder("elder-today-offline", Samples.elderOffline, listOf(Mode.Elder), 1200)

    @Test
    fun today_for_elders_with_letters_twice_as_large() =
        elder("elder-today", Samples.elder, listOf(Mode.ElderLarge), 2200)

    @Test
    fun study_shows_what_gives_points_and_what_is_on_the_phone() =
        study("study", Samples.study, threeModes + Mode.Elder)

    @Test
    fun study_offline_puts_last_what_needs_a_network() = study("study-offline", Samples.studyOffline, threeModes)

    @Test
    fun study_empty_says_what_is_missing() = study("study-empty", Samples.studyEmpty, listOf(Mode.Light))

    @Test
    fun study_with_letters_twice_as_large() = study("study", Samples.study, listOf(Mode.Large), 2600)

    @Test
    fun reader_counts() = reader("reader", Samples.reader, threeModes + Mode.Large)

    @Test
    fun reader_for_elders_has_larger_letters() =
        reader("reader", Samples.reader.copy(textSize = 26), listOf(Mode.Elder))

    @Test
    fun reader_pauses() = reader("reader-paused", Samples.readerPaused, threeModes)

    @Test
    fun reader_says_that_a_recording_is_only_its_script() =
        reader("reader-script", Samples.readerScript, listOf(Mode.Light, Mode.Elder))

    @Test
    fun reader_says_when_what_is_not_here_can_be_read() =
        reader("reader-offline", Samples.readerOffline, listOf(Mode.Light))

    @Test
    fun quiz_says_when_its_questions_come() = quiz("quiz-coming", Samples.quizComing, listOf(Mode.Light))

    @Test
    fun reader_says_that_the_day_is_full() = reader("reader-full", Samples.readerFull, threeModes)

    @Test
    fun reader_offers_other_sizes() = reader("reader-size", Samples.readerSize, listOf(Mode.Light, Mode.Dark))

    @Test
    fun reader_asks_while_the_clock_stands() = reader("reader-check", Samples.readerCheck, threeModes + Mode.Elder)

    @Test
    fun reader_asks_with_letters_twice_as_large() =
        reader("reader-check", Samples.readerCheck, listOf(Mode.Large), 1900)

    @Test
    fun quiz_asks() = quiz("quiz", Samples.quiz, threeModes + Mode.Elder)

    @Test
    fun quiz_with_letters_twice_as_large() = quiz("quiz", Samples.quiz, listOf(Mode.Large), 1500)

    @Test
    fun quiz_waits_for_the_server() = quiz("quiz-waiting", Samples.quizWaiting, listOf(Mode.Light))

    @Test
    fun quiz_says_why() = quiz("quiz-result", Samples.quizResult, threeModes)

    @Test
    fun components_look_as_approved() =
        checkScreen("components", threeModes + Mode.HighContrastDark + Mode.Elder, 980) { ComponentSheet() }

    @Test
    fun states_look_as_approved() = checkScreen("states", threeModes + Mode.Elder, 980) { StateSheet() }

    @Test
    fun states_with_letters_twice_as_large() = checkScreen("states", listOf(Mode.Large), 1700) { StateSheet() }
}

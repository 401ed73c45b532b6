package org.dangjian.ui.desktop

import kotlinx.coroutines.runBlocking
import org.dangjian.core.ItemFilter
import org.dangjian.core.ItemKind
import org.dangjian.core.ItemView
import org.dangjian.ui.boards.BoardsStrings
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.notices.NoticeStrings
import org.dangjian.ui.points.PointsStrings
import org.dangjian.ui.quiz.QuizStrings
import org.dangjian.ui.reader.ReaderStrings
import org.dangjian.ui.signin.SignInStrings
import org.dangjian.ui.study.StudyStrings
import org.dangjian.ui.today.TodayStrings

/** A step in which no phone takes its app for frozen, ms. */
private const val STEP_MS = 25_000L

/** Longer than a check lets wait. */
private const val MOST_STEPS = 13

internal fun Walk.signingIn() {
    sees(SignInStrings.PEOPLE)
    picture("signin-people")
    taps(SignInStrings.OTHER)
    sees(SignInStrings.WELCOME)
    picture("signin")
    taps(SignInStrings.ACTIVATE)
    sees(SignInStrings.CODE)
    picture("signin-activation")
}

/** Chooses somebody in the list, and is on 今日. */
internal fun Walk.arrives(name: String) {
    taps(name, substring = true)
    sees(TodayStrings.ELDER_VERSION)
    settles()
}

internal fun Walk.studying() {
    picture("today")
    offline {
        sees(CommonStrings.OFFLINE, substring = true)
        picture("today-offline")
        taps(CommonStrings.TAB_STUDY)
        sees(StudyStrings.OFFLINE)
        picture("study-offline")
    }
    waits("the list is as with a network") { StudyStrings.OFFLINE !in texts() }
    picture("study")
    reads()
    answersQuiz()
}

private fun Walk.articles(): List<ItemView> =
    runBlocking { phone.call { study.items(ItemFilter(kinds = listOf(ItemKind.ARTICLE)), 60u, 0u).rows } }

private fun Walk.reads() {
    val item = articles().filter { it.creditedMs == 0L }.maxBy { it.lengthMs }
    scrollsTo(item.title)
    taps(item.title)
    sees(ReaderStrings.PAUSE)
    studies()
    picture("reader")
    taps(ReaderStrings.PAUSE)
    sees(ReaderStrings.GO_ON)
    picture("reader-paused")
    taps(ReaderStrings.GO_ON)
    sees(ReaderStrings.PAUSE)
    repeat(MOST_STEPS) { if (ReaderStrings.CHECK !in texts()) studies() }
    sees(ReaderStrings.CHECK)
    picture("reader-check")
    taps(ReaderStrings.LOOK_BACK)
    taps(CommonStrings.BACK)
    sees(StudyStrings.TITLE)
}

/** Time passes while somebody reads and touches the screen now and then. */
private fun Walk.studies() {
    pass(STEP_MS)
    touches()
    settles()
}

private fun Walk.answersQuiz() {
    scrollsTo(0)
    taps(StudyStrings.QUIZ)
    taps(DesktopStrings.QUIZ)
    repeat(QUESTIONS) { at ->
        sees(QuizStrings.questionOf(at + 1, QUESTIONS))
        val quiz = checkNotNull(runBlocking { phone.call { study.quiz() } })
        taps(quiz.questions[at].choices[1])
        settles()
        if (at == 1) picture("quiz")
        taps(if (at < QUESTIONS - 1) QuizStrings.NEXT else QuizStrings.HAND_IN)
    }
    sees(QuizStrings.WHY, substring = true)
    picture("quiz-result")
}

internal fun Walk.points() {
    taps(TodayStrings.POINTS)
    sees(PointsStrings.TITLE)
    settles()
    picture("points")
    taps(DesktopStrings.READ_RULE, substring = true)
    sees(PointsStrings.OBJECT)
    picture("points-explained")
    taps(PointsStrings.OBJECT)
    writes(PointsStrings.OBJECTION, DesktopStrings.OBJECTION)
    settles()
    picture("points-objecting")
    taps(PointsStrings.SEND)
    sees(PointsStrings.OBJECTION_OPEN)
    settles()
    picture("points-objected")
    taps(CommonStrings.KNOWN)
    sees(PointsStrings.TITLE)
    taps(CommonStrings.BACK)
    taps(TodayStrings.BOARDS)
    sees(BoardsStrings.TITLE)
    settles()
    picture("boards")
    taps(BoardsStrings.SILVER)
    settles()
    picture("boards-silver")
    taps(BoardsStrings.YELLOW)
    settles()
    picture("boards-low")
    taps(BoardsStrings.EXPLAIN, substring = true)
    settles()
    picture("boards-explained")
}

internal fun Walk.reading() {
    taps(CommonStrings.TAB_MESSAGES, substring = true)
    sees(NoticeStrings.MESSAGES)
    settles()
    picture("notices")
    taps(DesktopStrings.NOTICE)
    sees(DesktopStrings.NOTICE_BODY)
    settles()
    picture("notice")
    taps(CommonStrings.BACK)
    settings()
}

private const val QUESTIONS = 5

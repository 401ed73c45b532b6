package org.dangjian.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHasClickAction
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.assertLeftPositionInRootIsEqualTo
import androidx.compose.ui.test.click
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.runSkikoComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardsCallbacks
import org.dangjian.ui.boards.BoardsScreen
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.me.Appearance
import org.dangjian.ui.me.MeCallbacks
import org.dangjian.ui.me.MeScreen
import org.dangjian.ui.me.SettingsCallbacks
import org.dangjian.ui.me.SettingsScreen
import org.dangjian.ui.members.MemberCallbacks
import org.dangjian.ui.members.MemberScreen
import org.dangjian.ui.notices.NoticeCallbacks
import org.dangjian.ui.notices.NoticeScreen
import org.dangjian.ui.notices.PublishCallbacks
import org.dangjian.ui.notices.PublishScreen
import org.dangjian.ui.notices.ReceiptsCallbacks
import org.dangjian.ui.notices.ReceiptsScreen
import org.dangjian.ui.office.OfficeCallbacks
import org.dangjian.ui.office.OfficeScreen
import org.dangjian.ui.outbox.OutboxCallbacks
import org.dangjian.ui.outbox.OutboxScreen
import org.dangjian.ui.points.PointsScreen
import org.dangjian.ui.points.PointsState
import org.dangjian.ui.points.PostingSheet
import org.dangjian.ui.points.PostingsCallbacks
import org.dangjian.ui.quiz.QuizCallbacks
import org.dangjian.ui.quiz.QuizScreen
import org.dangjian.ui.quiz.QuizStage
import org.dangjian.ui.quiz.QuizState
import org.dangjian.ui.quiz.QuizStrings
import org.dangjian.ui.signin.SignInCallbacks
import org.dangjian.ui.signin.SignInScreen
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse

/** What the screens beyond today and study say to a screen reader, and what they do with taps. */
@OptIn(ExperimentalTestApi::class)
class MoreSemanticsTest {
    private val heard = mutableListOf<Any>()

    private fun show(
        content: @Composable () -> Unit,
        test: ComposeUiTest.() -> Unit,
    ) = runSkikoComposeUiTest(Size(WIDTH_DP * DENSITY, 2400 * DENSITY), Density(DENSITY)) {
        setContent { Themed(Mode.Light, content) }
        test()
    }

    @Test
    fun the_chart_is_one_sentence() =
        show({ PointsScreen(PointsSamples.points, PostingsCallbacks()) }) {
            onNodeWithContentDescription("近 30 天每日学习得分：", substring = true).assertIsDisplayed()
            onNodeWithText("另有 4 分待确认".keepUnits()).assertIsDisplayed()
        }

    @Test
    fun a_posting_is_explained_and_objected_to() {
        val callbacks =
            PostingsCallbacks(
                onPosting = { heard += "posting $it" },
                onReason = { heard += "object $it" },
                onText = { heard += it },
                onSend = { heard += "send" },
                onCloseSheet = { heard += "close" },
            )
        show({ PointsScreen(PointsSamples.points, callbacks) }) { onNodeWithText("每日登录").performClick() }
        show({ PointsScreen(PointsSamples.pointsExplained, callbacks) }) {
            onAllNodesWithText("每日登录").assertCountEquals(0)
            onNodeWithText("对结果有疑问").performClick()
            onNodeWithText("知道了").performClick()
        }
        show({ PointsScreen(PointsSamples.pointsObjecting, callbacks) }) {
            onNodeWithText("提交").assertIsNotEnabled()
            onNodeWithContentDescription("我的疑问").performTextInput("少计了")
        }
        show({
            PointsScreen(PointsSamples.pointsObjecting, callbacks, written = "少计了")
        }) { onNodeWithText("提交").performClick() }
        assertEquals<List<Any>>(listOf("posting 3", "object 1", "close", "少计了", "send"), heard)
    }

    @Test
    fun an_objection_is_made_once() =
        show({ PointsScreen(PointsSamples.pointsObjected, PostingsCallbacks()) }) {
            onAllNodesWithText("对结果有疑问").assertCountEquals(0)
            onNodeWithText("疑问未采纳").assertIsDisplayed()
        }

    @Test
    fun a_line_of_a_board_is_one_sentence() =
        show({ BoardsScreen(PointsSamples.boards, BoardsCallbacks()) }) {
            onNodeWithContentDescription("第 4 名，刘秋云（我），92.4，积分 1,046 分").assertIsDisplayed()
            onNodeWithContentDescription("支部第 4 名，较昨日下降 1 位，距第 3 名还差 46 分").assertIsDisplayed()
            onNodeWithText("金榜").assertIsSelected()
        }

    @Test
    fun low_boards_name_nobody() =
        show({ BoardsScreen(PointsSamples.boardsLow, BoardsCallbacks(onBoard = { heard += it })) }) {
            onNodeWithText("黄榜、黑榜不公开姓名", substring = true).assertIsDisplayed()
            PointsSamples.boards.lines.filterNot { it.mine }.forEach {
                onAllNodesWithText(it.name, substring = true).assertCountEquals(0)
            }
            onNodeWithText("银榜").performClick()
            assertEquals<List<Any>>(listOf(BoardKind.Silver), heard)
        }

    @Test
    fun without_ranking_there_are_no_boards() =
        show({ BoardsScreen(PointsSamples.boardsOff, BoardsCallbacks()) }) {
            onAllNodesWithText("金榜").assertCountEquals(0)
            onNodeWithText("看我的积分").assertHasClickAction()
        }

    @Test
    fun one_signs_in_only_with_both_words() {
        val callbacks =
            SignInCallbacks(
                onSubmit = { heard += "submit" },
                onPassword = { heard += it },
                onPerson = { heard += it },
                onResume = { heard += "resume" },
            )
        show({ SignInScreen(MeSamples.signInEmpty, callbacks) }) {
            onNodeWithText("登录").assertIsNotEnabled()
            onNodeWithContentDescription("密码").performTextInput("x")
        }
        show({ SignInScreen(MeSamples.signIn, callbacks) }) { onNodeWithText("登录").performClick() }
        show({ SignInScreen(MeSamples.signInBusy, callbacks) }) { onNodeWithText("正在核对…").assertIsNotEnabled() }
        show({ SignInScreen(MeSamples.people, callbacks) }) { onNodeWithText("刘秋云").performClick() }
        show({ SignInScreen(MeSamples.firstSyncStopped, callbacks) }) { onNodeWithText("接着取").performClick() }
        assertEquals<List<Any>>(listOf("x", "submit", "1", "resume"), heard)
    }

    @Test
    fun passwords_must_agree() {
        show({ SignInScreen(MeSamples.activationDiffers, SignInCallbacks()) }) {
            onNodeWithText("两次输入的密码不一样").assertIsDisplayed()
            onNodeWithText("激活并登录").assertIsNotEnabled()
        }
        show({ SignInScreen(MeSamples.activation, SignInCallbacks()) }) { onNodeWithText("激活并登录").assertIsEnabled() }
    }

    @Test
    fun passwords_are_not_logged() {
        assertFalse("ab12cd34" in MeSamples.signIn.toString())
        assertFalse("ab12cd34" in MeSamples.activation.toString())
    }

    @Test
    fun a_notice_is_published_to_so_many_people() {
        val callbacks = PublishCallbacks(onPublish = { heard += "publish" }, onScope = { heard += it })
        show({ PublishScreen(NoticeSamples.publishEmpty, callbacks) }) { onNodeWithText("发布").assertIsNotEnabled() }
        show({ PublishScreen(NoticeSamples.publish, callbacks) }) {
            onNodeWithText("本级和下级 118").performClick()
            onNodeWithText("发布给 32 人".keepUnits()).performClick()
        }
        assertEquals<List<Any>>(listOf("subtree", "publish"), heard)
    }

    @Test
    fun members_see_no_receipts() =
        show({ NoticeScreen(NoticeSamples.notice, NoticeCallbacks()) }) {
            onAllNodesWithText("已读情况").assertCountEquals(0)
            onNodeWithText("已告知书记您已阅读", substring = true).assertIsDisplayed()
        }

    @Test
    fun a_withdrawal_has_a_reason() {
        val withdrawing = NoticeSamples.noticeWithdrawing
        show({ NoticeScreen(withdrawing, NoticeCallbacks(), written = " ") }) {
            onNodeWithText("确定撤回").assertIsNotEnabled()
        }
        show({ NoticeScreen(withdrawing, NoticeCallbacks(), written = "有变") }) {
            onNodeWithText("确定撤回").assertIsEnabled()
        }
    }

    @Test
    fun receipts_are_one_sentence_and_two_lists() =
        show({ ReceiptsScreen(NoticeSamples.receipts, ReceiptsCallbacks(onShowUnread = { heard += it })) }) {
            onNodeWithContentDescription("32 人中 28 人已读，4 人未读").assertIsDisplayed()
            onNodeWithText("未读 4").assertIsSelected()
            onNodeWithText("已读 28").performClick()
            assertEquals<List<Any>>(listOf(false), heard)
        }

    @Test
    fun what_was_refused_stays_until_it_is_known() =
        show({ OutboxScreen(NoticeSamples.outbox, OutboxCallbacks(onRefusedKnown = { heard += it })) }) {
            onNodeWithText("我已知道").performClick()
            onNodeWithText("待核对").assertIsDisplayed()
            onAllNodesWithText("现在同步").assertCountEquals(0)
            assertEquals<List<Any>>(listOf("op"), heard)
        }

    @Test
    fun the_icon_before_an_entry_belongs_to_what_is_tapped() {
        show({ MeScreen(MeSamples.me, MeCallbacks(onPoints = { heard += "points" })) }) {
            onNodeWithText("我的积分").performTouchInput { click(Offset(10f, centerY)) }
            onNodeWithText("我的积分").assertLeftPositionInRootIsEqualTo(32.dp)
        }
        assertEquals<List<Any>>(listOf("points"), heard)
    }

    @Test
    fun only_what_exists_can_be_tapped_in_me() =
        show({ MeScreen(MeSamples.me, MeCallbacks(onSettings = { heard += "settings" })) }) {
            onNodeWithContentDescription("设置").performClick()
            onAllNodesWithText("待我核对").assertCountEquals(0)
            onAllNodesWithText("我的数据和授权").assertCountEquals(0)
            assertEquals<List<Any>>(listOf("settings"), heard)
        }

    @Test
    fun settings_tell_what_was_chosen() {
        val callbacks =
            SettingsCallbacks(
                onElder = { heard += "elder $it" },
                onAppearance = { heard += it },
                onSignOutOpen = { heard += "ask $it" },
                onSignOut = { heard += "out" },
            )
        show({ SettingsScreen(MeSamples.settings, callbacks) }) {
            onNodeWithText("长辈版").performClick()
            onNodeWithText("深色").performClick()
            onNodeWithText("退出登录").performClick()
        }
        show({ SettingsScreen(MeSamples.settingsSignOut, callbacks) }) { onNodeWithText("退出登录").performClick() }
        assertEquals<List<Any>>(listOf("elder true", Appearance.Dark, "ask true", "out"), heard)
    }

    @Test
    fun what_is_decided_leads_to_whom_it_concerns() =
        show({ OfficeScreen(MeSamples.officeDeciding, OfficeCallbacks(onMember = { heard += it })) }) {
            onAllNodesWithText("黄小兰").onLast().performClick()
            assertEquals<List<Any>>(listOf("m1"), heard)
        }

    @Test
    fun a_decision_has_a_reason() {
        val callbacks = OfficeCallbacks(onChoose = { heard += it }, onDecide = { heard += "decide" })
        show({ OfficeScreen(MeSamples.officeDeciding, callbacks) }) {
            onNodeWithText("提交结论").assertIsNotEnabled()
            onNodeWithText("情况属实，需要纠正").performClick()
        }
        show({ OfficeScreen(MeSamples.officeAnswering, callbacks, written = " ") }) {
            onNodeWithText("提交结论").assertIsNotEnabled()
        }
        show({ OfficeScreen(MeSamples.officeAnswering, callbacks, written = "属实") }) {
            onNodeWithText("提交结论").performClick()
        }
        assertEquals<List<Any>>(listOf(true, "decide"), heard)
    }

    @Test
    fun what_is_being_done_cannot_be_done_again() {
        val objecting = PointsSamples.pointsObjecting.postings.copy(sheet = PostingSheet.Reason("", busy = true))
        show({ PointsScreen(PointsState(postings = objecting), PostingsCallbacks(), written = "少计了") }) {
            onNodeWithText("提交").assertIsNotEnabled()
        }
        val decision = MeSamples.officeAnswering.decision?.copy(busy = true)
        val answering = MeSamples.officeAnswering.copy(decision = decision)
        show({ OfficeScreen(answering, OfficeCallbacks(), written = "属实") }) {
            onNodeWithText("提交结论").assertIsNotEnabled()
        }
        val withdrawing = NoticeSamples.noticeWithdrawing.copy(busy = true)
        show({ NoticeScreen(withdrawing, NoticeCallbacks(), written = "有变") }) {
            onNodeWithText("确定撤回").assertIsNotEnabled()
        }
        show(
            {
                QuizScreen(
                    QuizState("", QuizStage.Asking(1, 1, "", listOf("甲"), 0, true, busy = true)),
                    QuizCallbacks(),
                )
            },
        ) {
            onNodeWithText(QuizStrings.HAND_IN).assertIsNotEnabled()
        }
        show({ MemberScreen(MembersSamples.member.copy(busy = true), MemberCallbacks()) }) {
            onNodeWithText("申请查看支部积分明细").assertIsNotEnabled()
        }
        show({ MemberScreen(MembersSamples.memberMoveAsked.copy(busy = true), MemberCallbacks()) }) {
            onNodeWithText("确定转移").assertIsNotEnabled()
        }
    }
}

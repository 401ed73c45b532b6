package org.dangjian.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.runSkikoComposeUiTest
import androidx.compose.ui.unit.Density
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.members.MemberCallbacks
import org.dangjian.ui.members.MemberScreen
import org.dangjian.ui.members.MembersCallbacks
import org.dangjian.ui.members.MembersScreen
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse

/** What the screens of members say to a screen reader, and what they do with taps. */
@OptIn(ExperimentalTestApi::class)
class MembersSemanticsTest {
    private val heard = mutableListOf<Any>()

    private fun show(
        content: @Composable () -> Unit,
        test: ComposeUiTest.() -> Unit,
    ) = runSkikoComposeUiTest(Size(WIDTH_DP * DENSITY, 2400 * DENSITY), Density(DENSITY)) {
        setContent { Themed(Mode.Light, content) }
        test()
    }

    private val callbacks =
        MemberCallbacks(
            onLedger = { heard += "ledger" },
            onOpenLedger = { heard += "open" },
            onAskCode = { heard += "ask code" },
            onCode = { heard += "code" },
            onAskRevoke = { heard += "ask ${it.id}" },
            onRevoke = { heard += "revoke $it" },
            onMove = { heard += "move" },
            onBranch = { heard += it.id },
            onMoveTo = { heard += "to $it" },
        )

    @Test
    fun members_are_looked_for_and_opened_and_rows_not_at_hand_have_no_words() {
        val callbacks =
            MembersCallbacks(
                onQuery = { heard += it },
                onSeen = { heard += it },
                onMember = { heard += "member $it" },
            )
        show({ MembersScreen(MembersSamples.members, "", callbacks) }) {
            onNodeWithText("何志远 · 书记".keepUnits()).assertIsDisplayed()
            onNodeWithText("外出流动").assertIsDisplayed()
            onNodeWithText("停止党籍").assertIsDisplayed()
            onNodeWithText("刘秋云").performClick()
            onNodeWithContentDescription("姓名或党员编号").performTextInput("兰")
        }
        assertEquals(listOf<Any>(0, "member 5", "兰"), heard)
    }

    @Test
    fun nobody_found_is_said() =
        show({ MembersScreen(MembersSamples.membersNone, "欧阳", MembersCallbacks()) }) {
            onNodeWithText("没有找到").assertIsDisplayed()
        }

    @Test
    fun each_thing_to_do_is_there_if_one_may() {
        show({ MemberScreen(MembersSamples.member, callbacks) }) {
            onNodeWithText("申请查看支部积分明细").performClick()
            onNodeWithText("开一个激活码").performClick()
            onNodeWithText("转到别的支部").performClick()
            onAllNodesWithText("停用").assertCountEquals(1)
            onNodeWithText("停用").performClick()
            onNodeWithText("已停用").assertIsDisplayed()
        }
        show({ MemberScreen(MembersSamples.memberOpen, callbacks) }) {
            onNodeWithText("查看积分明细").performClick()
            listOf("开一个激活码", "转到别的支部", "停用", "登录的手机").forEach {
                onAllNodesWithText(it).assertCountEquals(0)
            }
        }
        assertEquals(listOf<Any>("open", "ask code", "move", "ask a", "ledger"), heard)
    }

    @Test
    fun what_waits_is_said_and_not_offered_again() =
        show({ MemberScreen(MembersSamples.memberLongest, callbacks) }) {
            onNodeWithText("已申请，等平台确认").assertIsDisplayed()
            onNodeWithText("转移等平台确认").assertIsDisplayed()
            onAllNodesWithText("转到别的支部").assertCountEquals(0)
            onNodeWithText("连上网才能查看登录的手机").assertIsDisplayed()
        }

    @Test
    fun nothing_is_done_unasked() {
        show({ MemberScreen(MembersSamples.memberAsked, callbacks) }) {
            onAllNodesWithText("开一个激活码").onLast().performClick()
        }
        show({ MemberScreen(MembersSamples.memberRevoking, callbacks) }) {
            onAllNodesWithText("停用").onLast().performClick()
        }
        show({ MemberScreen(MembersSamples.memberMoving, callbacks) }) {
            onNodeWithText("新田县枧头镇彭梓城村党支部").performClick()
        }
        show({ MemberScreen(MembersSamples.memberMoveAsked, callbacks) }) {
            onNodeWithText("确定转移").performClick()
        }
        assertEquals(listOf<Any>("code", "revoke a", "x", "to x"), heard)
    }

    @Test
    fun a_code_is_shown_and_not_logged() {
        show({ MemberScreen(MembersSamples.memberCode, callbacks) }) { onNodeWithText("7K4M-29XP").assertIsDisplayed() }
        assertFalse("7K4M" in MembersSamples.memberCode.toString())
    }
}

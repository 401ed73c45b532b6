package org.dangjian.ui.journeys

import kotlinx.coroutines.runBlocking
import org.dangjian.core.LedgerFilter
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.office.LedgerStrings
import org.dangjian.ui.office.OfficeStrings
import org.dangjian.ui.points.PointsStrings
import kotlin.test.Test
import kotlin.test.assertFalse

/** Points: where each comes from, and objecting. */
class PointsJourney {
    @Test
    fun who_doubts_points_objects_and_gets_an_answer() {
        val member = TestPhone("objector", "village8.member1", "dangjian://points")
        val reviewer = TestPhone("reviewer", "reviewer1", "dangjian://office")
        val doubt = "那天我学了很久，只计了三分钟。"
        journey(member, reviewer) {
            sees(PointsStrings.CHART, on = member)
            seesTodaysPosting(member)
            opensAPosting(member)
            sees("记录编号", on = member)
            taps(PointsStrings.OBJECT, on = member)
            writes(PointsStrings.OBJECTION, doubt, on = member)
            // Thinks again, and finds it as it was.
            taps(CommonStrings.CANCEL, on = member)
            opensAPosting(member)
            taps(PointsStrings.OBJECT, on = member)
            sees(doubt, on = member)
            taps(PointsStrings.SEND, on = member)
            sees(PointsStrings.OBJECTION_OPEN, on = member)

            taps("疑问 1", on = reviewer)
            taps(doubt, on = reviewer)
            taps(OfficeStrings.REJECTED, on = reviewer)
            writes(OfficeStrings.REASON, "中间锁屏两分多钟，按规则不计时。", on = reviewer)
            taps(OfficeStrings.DECIDE, on = reviewer)
            sees(OfficeStrings.NO_OBJECTIONS, on = reviewer)

            sees(PointsStrings.OBJECTION_REJECTED, on = member)
            sees("中间锁屏两分多钟，按规则不计时。", on = member)
            taps(CommonStrings.KNOWN, on = member)
            sees(PointsStrings.OBJECTION_REJECTED, on = member)
        }
    }

    @Test
    fun an_objection_begun_is_there_after_the_process_ended() {
        val phone = TestPhone("half-written", "village8.member2", "dangjian://points")
        journey(phone) {
            seesTodaysPosting(phone)
            opensAPosting(phone)
            taps(PointsStrings.OBJECT)
            writes(PointsStrings.OBJECTION, "这一天我没有登录。")
            waits("it is kept") { phone.drafts().any { it == "这一天我没有登录。" } }
        }
        journey(phone) {
            seesTodaysPosting(phone)
            opensAPosting(phone)
            taps(PointsStrings.OBJECT)
            sees("这一天我没有登录。")
        }
    }

    @Test
    fun who_leads_a_branch_sees_its_postings_and_takes_none_back() {
        val secretary = TestPhone("ledger", "village8.secretary", "dangjian://office")
        journey(secretary) {
            taps(OfficeStrings.LOW_BOARDS)
            val (board, names) = lowBoardOf(secretary)
            taps(board.label)
            val name = names.first()
            taps(name)
            sees(LedgerStrings.titleOf(name))
            opensAPosting(secretary)
            sees("记录编号")
            assertFalse(LedgerStrings.REVERSE in texts())
        }
    }
}

/** What the core keeps that was begun to be written about one's newest postings. */
private fun TestPhone.drafts(): List<String> =
    runBlocking {
        val core = phone.core
        core.points
            .ledger(LedgerFilter.ALL, 20u, 0u)
            .rows
            .mapNotNull { core.settings.draft("objection:${it.id.text}") }
    }

/** Opening the app brings a posting, some time later: till then another stands first. */
private fun Hands.seesTodaysPosting(on: TestPhone) = sees("今天 +", substring = true, on = on)

/** The posting that stands first. */
private fun Hands.opensAPosting(on: TestPhone) {
    val rules = listOf("每日登录", "有效阅读满 1 分钟计 1 分", "阅读文章每篇 1 分", "每日答题每题 1 分", "视听学习每条 1 分")
    waits("postings") { texts().any { it.replace('\u00A0', ' ') in rules } }
    taps(texts().first { it.replace('\u00A0', ' ') in rules }, on = on)
}

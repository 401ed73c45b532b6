package org.dangjian.ui.journeys

import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeView
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.notices.NoticeStrings
import org.dangjian.ui.outbox.OutboxStrings
import kotlin.test.Test
import kotlin.test.assertEquals

/** Notices as those who write and those who read them meet them. */
class NoticeJourney {
    @Test
    fun what_the_secretary_in_dongguan_publishes_is_read_elsewhere_and_she_sees_by_how_many() {
        val secretary = TestPhone("dongguan-secretary", "dongguan1", NOTICES)
        val reader = TestPhone("dongguan-reader", "dongguan3", NOTICES)
        journey(secretary, reader) {
            publishes(secretary, "周日志愿服务", "上午九点在寮步镇党群服务中心集合。")
            taps("周日志愿服务", on = reader)
            sees("上午九点在寮步镇党群服务中心集合。", on = reader)
            sees(NoticeStrings.told(null), on = reader)
            taps("周日志愿服务", on = secretary)
            // She has read it too, now that it is open before her.
            sees("2 人已读，共 36 人", substring = true, on = secretary)
            taps(NoticeStrings.RECEIPTS, substring = true, on = secretary)
            sees("36 人中 2 人已读，34 人未读", on = secretary)
            sees(NoticeStrings.unread(34), on = secretary)
        }
    }

    @Test
    fun what_is_published_without_a_network_waits_and_goes_out_when_there_is_one() {
        val secretary = TestPhone("publishes-offline", "village11.secretary", NOTICES)
        val reader = TestPhone("reads-later", "village11.member1", NOTICES)
        journey(secretary, reader) {
            sees(NoticeStrings.PUBLISH, on = secretary)
            goesOffline(secretary)
            publishes(secretary, "停水通知", "明天上午停水检修。") { sees(NoticeStrings.OFFLINE, on = secretary) }
            sees(CommonStrings.TO_UPLOAD, on = secretary)
            taps(CommonStrings.offline(1), on = secretary)
            sees(OutboxStrings.SAFE, on = secretary)
            sees("停水通知", substring = true, on = secretary)
            secretary.network(true)
            sees(OutboxStrings.EMPTY, on = secretary)
            sees("停水通知", on = reader)
        }
    }

    @Test
    fun the_reader_sees_that_a_notice_was_edited_and_why_it_was_withdrawn() {
        val secretary = TestPhone("edits", "village12.secretary", NOTICES)
        val reader = TestPhone("sees-edits", "village12.member1", NOTICES)
        journey(secretary, reader) {
            publishes(secretary, "清扫村道", "周六八点。")
            taps("清扫村道", on = reader)
            sees("周六八点。", on = reader)
            taps("清扫村道", on = secretary)
            taps(NoticeStrings.EDIT, on = secretary)
            sees("周六八点。", on = secretary)
            writes(NoticeStrings.BODY, "周日九点。", secretary)
            taps(NoticeStrings.SAVE, on = secretary)
            sees("周日九点。", on = reader)
            sees("修改过", substring = true, on = reader)
            taps(NoticeStrings.WITHDRAW, on = secretary)
            writes(NoticeStrings.REASON, "有雨，另行通知", secretary)
            taps(NoticeStrings.WITHDRAW_NOW, on = secretary)
            sees(NoticeStrings.withdrawn("有雨，另行通知"), on = secretary)
            sees(NoticeStrings.withdrawn("有雨，另行通知"), on = reader)
        }
    }

    @Test
    fun what_the_server_refused_stays_until_the_person_said_that_it_was_seen() {
        journey(refused("refused-and-known", "village13.secretary")) {
            sees(REFUSED, substring = true)
            sees("换届选举", substring = true)
        }
        // Also on 今日, in the same words and with the same way on.
        journey(TestPhone("refused-and-known", "village13.secretary")) {
            sees(REFUSED, substring = true)
            sees("换届选举", substring = true)
            sees("改后再发")
        }
        val again = TestPhone("refused-and-known", "village13.secretary", OUTBOX)
        journey(again) {
            taps(CommonStrings.REFUSED_KNOWN)
            seesNoMore(REFUSED, substring = true)
            sees(OutboxStrings.EMPTY)
            assertEquals(
                0,
                runBlocking {
                    again.phone.core.outbox
                        .list(10u, 0u)
                        .rows.size
                },
            )
        }
    }

    @Test
    fun what_was_written_and_refused_can_be_sent_again() {
        val phone = refused("refused-and-again", "village14.secretary")
        journey(phone) {
            taps("改后再发")
            sees("下周二。")
            taps(NoticeStrings.SAVE)
            sees(OutboxStrings.EMPTY)
            waits("the notice says it") {
                runBlocking {
                    phone.phone.core
                        .noticeCalled("换届选举")
                        ?.body == "下周二。"
                }
            }
        }
    }

    /** The outbox of somebody who, without a network, edited what was edited elsewhere meanwhile. */
    private fun refused(
        name: String,
        who: String,
    ): TestPhone {
        val phone = TestPhone(name, who, NOTICES)
        journey(phone) {
            publishes(phone, "换届选举", "下周一。")
            val other = runBlocking { County.signedIn("$name-other", who) }
            taps("换届选举")
            sees("下周一。")
            goesOffline(phone)
            taps(NoticeStrings.EDIT)
            sees("下周一。")
            writes(NoticeStrings.BODY, "下周二。")
            taps(NoticeStrings.SAVE)
            sees("下周二。")
            waits("the notice elsewhere") {
                runBlocking {
                    other.core.sync()
                    other.noticeCalled("换届选举") != null
                }
            }
            runBlocking {
                val notice = checkNotNull(other.noticeCalled("换届选举"))
                other.notices.edit(notice.id, notice.version, "换届选举", "下周三。")
                other.core.sync()
                other.close()
            }
            phone.network(true)
            sees("下周三。")
        }
        return TestPhone(name, who, OUTBOX)
    }

    private suspend fun Dangjian.noticeCalled(title: String): NoticeView? =
        notices.list(20u, 0u).rows.firstOrNull { it.title == title }

    /** Begins with the list of notices before the eyes, and ends there. */
    private fun Hands.publishes(
        phone: TestPhone,
        title: String,
        body: String,
        look: () -> Unit = {},
    ) {
        taps(NoticeStrings.PUBLISH, on = phone)
        writes(NoticeStrings.TITLE, title, phone)
        writes(NoticeStrings.BODY, body, phone)
        look()
        taps("发布给", substring = true, on = phone)
        sees(title, on = phone)
        sees(NoticeStrings.MESSAGES, on = phone)
    }
}

private const val NOTICES = "dangjian://notices"
private const val OUTBOX = "dangjian://outbox"
private const val REFUSED = "没有生效"

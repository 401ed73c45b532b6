package org.dangjian.ui

import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.notices.NoticeItemState
import org.dangjian.ui.notices.NoticeState
import org.dangjian.ui.notices.NoticesState
import org.dangjian.ui.notices.PublishState
import org.dangjian.ui.notices.ReceiptState
import org.dangjian.ui.notices.ReceiptsState
import org.dangjian.ui.outbox.OutboxItemState
import org.dangjian.ui.outbox.OutboxStanding
import org.dangjian.ui.outbox.OutboxState

/** Notices and the outbox to draw. The people and the branches are made up. */
object NoticeSamples {
    private const val TITLE = "12月主题党日：为家乡学校捐赠课桌椅"
    private const val ORG = "新田县驻东莞第三流动党支部"
    private const val BODY =
        "12月份支部计划开展向金陵镇中心小学捐赠 60 套课桌椅活动。请各位党员 12月6日（星期日）9:00 到寮步镇党群服务中心集合，" +
            "不能到场的可线上参加。"

    val notices =
        NoticesState(
            sync = SyncState.Offline(1),
            items =
                listOf(
                    NoticeItemState("1", TITLE, ORG, published = "今天 20:18", read = false, edited = true),
                    NoticeItemState("2", "11月党费请于 25 日前交清", ORG, published = "今天 20:02", unconfirmed = true),
                    NoticeItemState("3", "11月党员大会定于 28 日 9:00 召开", ORG, published = "11月20日", withdrawn = true),
                    NoticeItemState(
                        "4",
                        "关于开展冬季森林防火宣传的通知",
                        Samples.LONGEST_ORG,
                        Samples.LONGEST_ORG_LAST,
                        "11月18日",
                    ),
                ),
            canPublish = true,
            bar = BottomBarState(Tab.Messages, unread = 1),
        )

    val noticesEmpty = NoticesState(items = emptyList())

    val noticesDraft = notices.copy(draft = TITLE)

    val notice =
        NoticeState(TITLE, "何志远 · 支部书记", ORG, published = "今天 20:18", body = BODY, told = true, toldAt = "20:19")

    val noticeEdited =
        notice.copy(
            edited = "今天 20:40",
            unconfirmed = true,
            told = false,
            receipts = "28 人已读，共 32 人",
            canEdit = true,
            canWithdraw = true,
        )

    val noticeWithdrawn = notice.copy(withdrawn = "集合地点有变，另行通知")

    val noticeWithdrawing = noticeEdited.copy(withdrawing = true)

    val publish =
        PublishState(
            org = ORG,
            speaker = "何志远（书记）",
            scopes =
                listOf(
                    FilterState("members", "本支部党员 32", selected = true, icon = Icons.Check),
                    FilterState("subtree", "本级和下级 118"),
                ),
            people = 32,
            title = TITLE,
            body = BODY,
            keptAt = "20:16",
        )

    val publishEmpty = publish.copy(title = "", body = "", keptAt = null, offline = true, people = null)

    val receipts =
        ReceiptsState(
            title = TITLE,
            about = "何志远 · 今天 20:18 发布 · 本支部党员 32 人",
            read = 28,
            addressed = 32,
            sentence = "32 人中 28 人已读，4 人未读",
            unread =
                listOf(
                    ReceiptState("1", "欧阳文斌", ORG),
                    ReceiptState("2", "陈小燕", ORG),
                    ReceiptState("3", "李志孙", ORG),
                    ReceiptState("4", Samples.LONGEST_PERSON, ORG),
                ),
            readers = listOf(ReceiptState("5", "周永红", "今天 20:20 已读"), ReceiptState("6", "谢冬生", "今天 20:31 已读")),
            asOf = "20:41",
        )

    val receiptsReaders = receipts.copy(showUnread = false)

    val receiptsAllRead = receipts.copy(read = 32, unread = emptyList(), sentence = "32 人都已读")

    val outbox =
        OutboxState(
            sync = SyncState.Offline(2),
            refused = listOf(Samples.refused),
            waiting =
                listOf(
                    OutboxItemState("1", "学习记录", "支部工作条例学习辅导 · 今天 05:26", OutboxStanding.Queued),
                    OutboxItemState("2", "发布通知", "$TITLE · 今天 20:18", OutboxStanding.Queued),
                    OutboxItemState("3", "对积分的疑问", "有效阅读 · 今天 05:40", OutboxStanding.Held),
                ),
        )

    val outboxReady = outbox.copy(sync = SyncState.Settled, refused = emptyList())

    val outboxEmpty = OutboxState()
}

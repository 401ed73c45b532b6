package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeView
import org.dangjian.core.ReceiptsView
import org.dangjian.core.Topic
import org.dangjian.ui.notices.ReceiptState
import org.dangjian.ui.notices.ReceiptsState

/** The most names on one screen. */
private const val NAMES = 500u

/** Who has read a notice. */
class ReceiptsModel(
    phone: Phone,
    private val id: String,
) : ScreenModel<ReceiptsModel.Input>(phone, Input()) {
    /** @param unread whether those are seen who have not. */
    data class Input(
        val unread: Boolean = true,
    )

    private val page =
        live(Topic.NOTICES, Topic.PEOPLE) {
            notices.get(NoticeId(id))?.let { notice -> notices.receipts(notice.id, NAMES)?.let { notice to it } }
        }

    val state: StateFlow<ReceiptsState> =
        combine(page, input) { read, input ->
            val known = read.orNull()?.let { (notice, receipts) -> receiptsOf(notice, receipts, phone.nowMs()) }
            (known ?: ReceiptsState(loading = read !is Read.Failed, problem = read.failure?.asError()))
                .copy(showUnread = input.unread)
        }.shown(ReceiptsState(loading = true))

    fun onShowUnread(show: Boolean) = change { copy(unread = show) }
}

internal fun receiptsOf(
    notice: NoticeView,
    receipts: ReceiptsView,
    nowMs: Long,
): ReceiptsState {
    val (read, addressed) = receipts.read.toInt() to receipts.addressed.toInt()
    return ReceiptsState(
        title = notice.title,
        about = NoticeWordsStrings.published(notice.authorName, timeOf(notice.publishedAt, nowMs)),
        read = read,
        addressed = addressed,
        sentence = NoticeWordsStrings.receiptsSentence(read, addressed),
        unread = receipts.unread.map { ReceiptState(it.member.text, it.name, it.branch) },
        readers =
            receipts.readers.map {
                ReceiptState(it.member.text, it.name, NoticeWordsStrings.readBy(it.branch, timeOf(it.readAt, nowMs)))
            },
    )
}

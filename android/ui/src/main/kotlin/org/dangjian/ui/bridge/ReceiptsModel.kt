package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeView
import org.dangjian.core.ReceiptsView
import org.dangjian.core.Topic
import org.dangjian.ui.notices.ReceiptState
import org.dangjian.ui.notices.ReceiptsState

private const val NAMES = 100u

/** Who has read a notice. */
class ReceiptsModel(
    phone: Phone,
    private val id: String,
) : ScreenModel<ReceiptsModel.Input>(phone, Input()) {
    /**
     * @param unread whether those are seen who have not.
     * @param pages how far the person has scrolled.
     */
    data class Input(
        val unread: Boolean = true,
        val pages: UInt = 1u,
    )

    private class Page(
        val notice: NoticeView,
        val receipts: ReceiptsView,
        val names: UInt,
    )

    private val page =
        live(Topic.NOTICES, Topic.PEOPLE, key = { it.pages }) { pages ->
            val names = pages * NAMES
            notices.get(NoticeId(id))?.let { notice ->
                notices.receipts(notice.id, names)?.let { Page(notice, it, names) }
            }
        }

    val state: StateFlow<ReceiptsState> =
        combine(page, input) { read, input ->
            read.orNull()?.let { receiptsOf(it.notice, it.receipts, it.names, input.unread, phone.nowMs()) }
                ?: ReceiptsState(loading = read !is Read.Failed, problem = read.failure?.asError())
        }.shown(ReceiptsState(loading = true))

    fun onShowUnread(show: Boolean) = change { copy(unread = show, pages = 1u) }

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }
}

/** @param names how many were asked for. */
internal fun receiptsOf(
    notice: NoticeView,
    receipts: ReceiptsView,
    names: UInt,
    showUnread: Boolean,
    nowMs: Long,
): ReceiptsState {
    val (read, addressed) = receipts.read.toInt() to receipts.addressed.toInt()
    return ReceiptsState(
        title = notice.title,
        about = NoticeWordsStrings.published(notice.authorName, timeOf(notice.publishedAt, nowMs)),
        read = read,
        addressed = addressed,
        showUnread = showUnread,
        more = (if (showUnread) receipts.unread else receipts.readers).size >= names.toInt(),
        sentence = NoticeWordsStrings.receiptsSentence(read, addressed),
        unread = receipts.unread.map { ReceiptState(it.member.text, it.name, it.branch) },
        readers =
            receipts.readers.map {
                ReceiptState(it.member.text, it.name, NoticeWordsStrings.readBy(it.branch, timeOf(it.readAt, nowMs)))
            },
    )
}

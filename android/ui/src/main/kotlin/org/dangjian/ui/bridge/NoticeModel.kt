package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeView
import org.dangjian.core.OpKind
import org.dangjian.core.ReceiptsView
import org.dangjian.core.Topic
import org.dangjian.ui.notices.NoticeState
import org.dangjian.core.NoticeState as CoreState

/** One notice, and what those who lead can do with it. */
class NoticeModel(
    phone: Phone,
    private val id: String,
) : ScreenModel<NoticeModel.Input>(phone, Input()) {
    /**
     * @param withdrawing whether a withdrawal is being written.
     * @param problem why the last one did not work.
     */
    data class Input(
        val withdrawing: Boolean = false,
        val problem: String? = null,
    )

    private class Page(
        val notice: NoticeView?,
        val receipts: ReceiptsView?,
        /** Whether that it was read has arrived at the server. */
        val told: Boolean,
    )

    private val reason = Writing(phone, viewModelScope)
    private val page = live(Topic.NOTICES, Topic.PEOPLE, Topic.OUTBOX) { read() }

    val state: StateFlow<NoticeState> = combine(page, input, busy, ::stateOf).shown(NoticeState(loading = true))

    /** Why it is taken back, as far as it is written. */
    val written: StateFlow<String> = reason.text

    private suspend fun Dangjian.read(): Page {
        val notice = notices.get(NoticeId(id)) ?: return Page(null, null, told = false)
        val leads = notices.voices().any { it.org == notice.org }
        val receipts = if (leads) notices.receipts(notice.id, 0u) else null
        val waits =
            wholeOutbox().any { it.kind == OpKind.READ_NOTICE && it.about?.text == id }
        return Page(notice, receipts, told = notice.read && !leads && !waits)
    }

    /** The person has it before their eyes; the core tells it on, once. */
    fun seen() = act { notices.markRead(NoticeId(id)) }

    /** It is not here: perhaps it was announced before it arrived. */
    fun fetch() = act { core.sync() }

    fun withdrawing(open: Boolean) {
        change { Input(withdrawing = open) }
        if (open) reason.open("withdraw/$id") else reason.close()
    }

    fun onReason(text: String) = reason.write(text)

    /** Takes it back. */
    fun withdraw() {
        val why = reason.text.value
        if (!input.value.withdrawing) return
        once(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = {
                reason.done()
                change { Input() }
            },
        ) { notices.get(NoticeId(id))?.let { notices.withdraw(it.id, it.version, why) } }
    }

    /** The screen is left, or the app. */
    fun leave() = reason.leave()

    private fun stateOf(
        read: Read<Page>,
        input: Input,
        busy: Boolean,
    ): NoticeState {
        val page = read.orNull()
        val notice =
            page?.notice
                ?: return NoticeState(
                    loading = read is Read.Loading,
                    problem = read.failure?.asError(),
                    missing = read is Read.Done,
                )
        return noticeOf(notice, page.receipts, page.told, phone.nowMs())
            .copy(withdrawing = input.withdrawing, withdrawalProblem = input.problem, busy = busy)
    }
}

internal fun noticeOf(
    notice: NoticeView,
    receipts: ReceiptsView?,
    told: Boolean,
    nowMs: Long,
) = NoticeState(
    title = notice.title,
    author = notice.authorName,
    org = notice.orgName,
    orgLast = lastLevelOf(notice.orgName),
    published = timeOf(notice.publishedAt, nowMs),
    edited = notice.editedAt?.let { timeOf(it, nowMs) },
    body = notice.body,
    withdrawn = if (notice.state == CoreState.WITHDRAWN) notice.withdrawnReason.orEmpty() else null,
    unconfirmed = notice.unconfirmed,
    told = told,
    receipts = receipts?.let { NoticeWordsStrings.receipts(it.read.toInt(), it.addressed.toInt()) },
    canEdit = receipts != null,
    canWithdraw = receipts != null,
)

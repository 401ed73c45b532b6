package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.map
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView
import org.dangjian.core.Topic
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.notices.NoticeItemState
import org.dangjian.ui.notices.NoticesState

private const val PAGE = 50u

/** The notices that concern this phone, newest first. */
class NoticesModel(
    phone: Phone,
) : ScreenModel<NoticesModel.Input>(phone, Input()) {
    /** @param pages how many pages the person has scrolled to. */
    data class Input(
        val pages: UInt = 1u,
    )

    private class Page(
        val notices: Rows<NoticeView>,
        val speaks: Boolean,
    )

    private val page =
        live(Topic.NOTICES, Topic.PEOPLE, key = { it.pages }) { pages ->
            Page(
                rowsOf(pages * PAGE, { it.id }) { limit, offset ->
                    notices.list(limit, offset).run { Rows(rows, more) }
                },
                notices.voices().isNotEmpty(),
            )
        }

    private val draft =
        phone.drafted.map { phone.kept(PublishDraft.ID)?.let(PublishDraft::parse)?.heading }

    val state: StateFlow<NoticesState> =
        combine(page, draft, phone.sync, phone.unread, ::stateOf)
            .shown(NoticesState(loading = true, items = emptyList()))

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    private fun stateOf(
        read: Read<Page>,
        draft: String?,
        sync: SyncState,
        unread: Int,
    ) = NoticesState(
        sync = sync,
        problem = read.failure?.asError(),
        loading = read is Read.Loading,
        items =
            read
                .orNull()
                ?.notices
                ?.rows
                .orEmpty()
                .map { itemOf(it, phone.nowMs()) },
        more = read.orNull()?.notices?.more == true,
        canPublish = read.orNull()?.speaks == true,
        draft = draft,
        bar = BottomBarState(Tab.Messages, unread),
    )
}

internal fun itemOf(
    notice: NoticeView,
    nowMs: Long,
) = NoticeItemState(
    id = notice.id.text,
    title = notice.title,
    org = notice.orgName,
    orgLast = lastLevelOf(notice.orgName),
    published = timeOf(notice.publishedAt, nowMs),
    read = notice.read,
    edited = notice.editedAt != null,
    withdrawn = notice.state == NoticeState.WITHDRAWN,
    unconfirmed = notice.unconfirmed,
)

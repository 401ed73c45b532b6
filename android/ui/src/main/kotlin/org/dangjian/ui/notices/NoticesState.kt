package org.dangjian.ui.notices

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab

/** What 消息 shows. */
@Immutable
data class NoticesState(
    val sync: SyncState = SyncState.Settled,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** Newest first. */
    val items: List<NoticeItemState>,
    /** Whether there are earlier ones. */
    val more: Boolean = false,
    /** Whether this person may publish one. */
    val canPublish: Boolean = false,
    /** 「12月主题党日：为家乡学校捐赠课桌椅」, begun and not published. */
    val draft: String? = null,
    val bar: BottomBarState = BottomBarState(Tab.Messages),
)

@Immutable
data class NoticeItemState(
    val id: String,
    val title: String,
    val org: String,
    /** Its last level, which is never left out. */
    val orgLast: String = org,
    /** 「今天 20:18」 */
    val published: String,
    val read: Boolean = true,
    val edited: Boolean = false,
    val withdrawn: Boolean = false,
    val unconfirmed: Boolean = false,
)

data class NoticesCallbacks(
    val onOutbox: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onNotice: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    val onPublish: () -> Unit = {},
    val onTab: (Tab) -> Unit = {},
)

/** One notice. */
@Immutable
data class NoticeState(
    val title: String = "",
    /** 「何志远 · 支部书记」 */
    val author: String = "",
    val org: String = "",
    val orgLast: String = org,
    /** 「今天 20:18」 */
    val published: String = "",
    /** 「今天 20:40」 */
    val edited: String? = null,
    val body: String = "",
    val loading: Boolean = false,
    val problem: ErrorState? = null,
    /** Whether this phone does not have it, or not yet. */
    val missing: Boolean = false,
    /** Why it was withdrawn. */
    val withdrawn: String? = null,
    val unconfirmed: Boolean = false,
    /** Whether those who lead were told that this person has read it. */
    val told: Boolean = false,
    /** When: 「20:19」; absent where that is not known. */
    val toldAt: String? = null,
    /** For those who lead: 「28 人已读，共 32 人」. */
    val receipts: String? = null,
    val canEdit: Boolean = false,
    val canWithdraw: Boolean = false,
    /** Whether the reason for a withdrawal is being written. */
    val withdrawing: Boolean = false,
    /** Why the withdrawal did not work. */
    val withdrawalProblem: String? = null,
    val busy: Boolean = false,
) {
    /** Whether there is a notice to see. */
    val there get() = !loading && !missing && problem == null
}

data class NoticeCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onReceipts: () -> Unit = {},
    val onEdit: () -> Unit = {},
    val onWithdrawOpen: (Boolean) -> Unit = {},
    val onReason: (String) -> Unit = {},
    val onWithdraw: () -> Unit = {},
)

/** A notice being written. */
@Immutable
data class PublishState(
    /** 「新田县驻东莞第三流动党支部」 */
    val org: String,
    val orgLast: String = org,
    /** 「何志远（书记）」 */
    val speaker: String,
    /** 「本支部党员 32」 */
    val scopes: List<FilterState>,
    /** How many people it goes to; absent while that is not known. */
    val people: Int? = null,
    val title: String = "",
    val body: String = "",
    /** 「20:16」 */
    val keptAt: String? = null,
    /** Whether a published one is being changed. */
    val editing: Boolean = false,
    val offline: Boolean = false,
    val problem: String? = null,
    val busy: Boolean = false,
) {
    val complete get() = title.isNotBlank() && body.isNotBlank() && scopes.any { it.selected }
}

data class PublishCallbacks(
    val onClose: () -> Unit = {},
    val onScope: (String) -> Unit = {},
    val onTitle: (String) -> Unit = {},
    val onBody: (String) -> Unit = {},
    val onPublish: () -> Unit = {},
)

/** Who has read a notice, for those who lead. */
@Immutable
data class ReceiptsState(
    val title: String = "",
    /** 「何志远 · 今天 20:18 发布 · 本支部党员 32 人」 */
    val about: String = "",
    val read: Int = 0,
    val addressed: Int = 0,
    /** All of it, read out as one: 「32 人中 28 人已读」. */
    val sentence: String = "",
    val loading: Boolean = false,
    val problem: ErrorState? = null,
    val showUnread: Boolean = true,
    val unread: List<ReceiptState> = emptyList(),
    /** Absent while only their number is known. */
    val readers: List<ReceiptState>? = null,
    /** Whether there are more of those that are shown. */
    val more: Boolean = false,
    /** Since when the numbers stand: 「20:41」. */
    val asOf: String? = null,
)

@Immutable
data class ReceiptState(
    val id: String,
    val name: String,
    /** The branch, or when it was read. */
    val below: String,
)

data class ReceiptsCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onShowUnread: (Boolean) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
)

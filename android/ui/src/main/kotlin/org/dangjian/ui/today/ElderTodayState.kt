package org.dangjian.ui.today

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.RefusedState

/** What 今日 shows to elders: few things, large, in whole sentences, and nothing to decode. */
@Immutable
data class ElderTodayState(
    val date: String,
    val greeting: String,
    /** All there is to say about the network: 「现在没有网。您做的都存好了，有网自动上传」. */
    val offline: String? = null,
    val problem: ErrorState? = null,
    val refused: List<RefusedState> = emptyList(),
    /** Absent until what is on this phone was read. */
    val study: ElderStudyState? = null,
    /** Only what exists has a button. */
    val checkIn: Boolean = false,
    val dues: Boolean = false,
    val notice: ElderNoticeState? = null,
    /** Whether the phone can read aloud. */
    val speech: Boolean = false,
    /** Whether the branch has given a number. */
    val phone: Boolean = false,
)

@Immutable
data class ElderStudyState(
    /** 「今天学了 8 分钟」 */
    val title: String,
    /** 「得 9 分，还可得 21 分」; absent where points are not shown. */
    val detail: String? = null,
    val begun: Boolean,
)

@Immutable
data class ElderNoticeState(
    val id: String,
    val text: String,
)

data class ElderTodayCallbacks(
    val onReadAloud: () -> Unit = {},
    val onOutbox: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onRefusedWayOn: (String) -> Unit = {},
    val onRefusedKnown: (String) -> Unit = {},
    val onContinue: () -> Unit = {},
    val onCheckIn: () -> Unit = {},
    val onDues: () -> Unit = {},
    val onReadNotice: (String) -> Unit = {},
    val onNotice: (String) -> Unit = {},
    val onCall: () -> Unit = {},
    val onMore: () -> Unit = {},
    val onStandardVersion: () -> Unit = {},
)

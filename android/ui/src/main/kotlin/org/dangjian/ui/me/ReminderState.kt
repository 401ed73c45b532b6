package org.dangjian.ui.me

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.FilterState

/** What the settings of the reminder show. */
@Immutable
data class ReminderState(
    val enabled: Boolean,
    /** When one wants to be reminded: 「05:00」. */
    val times: List<FilterState>,
    /** When it is to be quiet: 「22:00—05:00」. */
    val quiet: List<FilterState>,
    /** Whether a fall in rank is spoken of; absent where the county has no ranking. */
    val rank: Boolean? = null,
    /** Whether required items are reminded of; absent where they are in any case. */
    val required: Boolean? = null,
    /** The next one as known now: 「下次提醒（明天 05:00）：新的一天，您可以从几分钟的学习开始」. */
    val next: String? = null,
    /** Whether it is on and the phone does not let the app show it. */
    val blocked: Boolean = false,
    /** Why it was not kept. */
    val problem: String? = null,
)

data class ReminderCallbacks(
    val onEnabled: (Boolean) -> Unit = {},
    val onTime: (String) -> Unit = {},
    val onQuiet: (String) -> Unit = {},
    val onRank: (Boolean) -> Unit = {},
    val onRequired: (Boolean) -> Unit = {},
    val onAsk: () -> Unit = {},
)

package org.dangjian.ui.outbox

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.RefusedState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tone

/** What was done on this phone and has not arrived, or was not accepted. */
@Immutable
data class OutboxState(
    val sync: SyncState = SyncState.Settled,
    /** They stay until the person has chosen. */
    val refused: List<RefusedState> = emptyList(),
    /** In the order they go. */
    val waiting: List<OutboxItemState> = emptyList(),
    /** Whether more wait than are shown. */
    val more: Boolean = false,
    val loading: Boolean = false,
    val problem: ErrorState? = null,
)

enum class OutboxStanding(
    val label: String,
    val icon: ImageVector,
    val tone: Tone,
) {
    Queued(OutboxStrings.QUEUED, Icons.CloudUpload, Tone.Warn),

    /** A person or a newer server decides. */
    Held(OutboxStrings.HELD, Icons.HourglassTop, Tone.Info),
}

@Immutable
data class OutboxItemState(
    val id: String,
    /** 「学习记录」 */
    val title: String,
    /** 「支部工作条例学习辅导 · 今天 05:26」 */
    val about: String,
    val standing: OutboxStanding,
)

data class OutboxCallbacks(
    val onBack: () -> Unit = {},
    val onRefusedWayOn: (String) -> Unit = {},
    val onRefusedKnown: (String) -> Unit = {},
    val onSync: () -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
)

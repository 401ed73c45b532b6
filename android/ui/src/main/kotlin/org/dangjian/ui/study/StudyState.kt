package org.dangjian.ui.study

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.Tab

/** What 学习 shows. */
@Immutable
data class StudyState(
    /** Absent where points are not shown. */
    val points: StudyPointsState? = null,
    val filters: List<FilterState>,
    val offline: Boolean = false,
    val problem: ErrorState? = null,
    /** Whether the first read of the phone's own data is still under way. */
    val loading: Boolean = false,
    /** In the order to show; what can't be opened offline comes last. */
    val items: List<StudyItemState>,
    /** Whether there are more. */
    val more: Boolean = false,
    /** Why there are no items. */
    val empty: EmptyState? = null,
    val bar: BottomBarState = BottomBarState(Tab.Study),
)

/** What study can still give today. */
@Immutable
data class StudyPointsState(
    /** 「今天还可得 17 分」 */
    val title: String,
    /** 「13 / 30」 */
    val of: String,
    val fraction: Float,
    /** 「阅读篇数余 3 · 视听余 9 · 答题余 5 · 阅读时长已满」 */
    val byKind: String,
)

enum class StudyKind(
    val label: String,
    val icon: ImageVector,
) {
    Text(StudyStrings.TEXT, Icons.Article),
    Video(StudyStrings.VIDEO, Icons.Videocam),
    Audio(StudyStrings.AUDIO, Icons.VolumeUp),
    Quiz(StudyStrings.QUIZ, Icons.Quiz),
}

/** Whether an item can be opened without a network. */
@Immutable
sealed interface Availability {
    data object Downloaded : Availability

    data object Finished : Availability

    data class Downloading(
        val percent: Int,
    ) : Availability

    /** @param size 「48 MB」 */
    data class Remote(
        val size: String,
    ) : Availability
}

@Immutable
data class StudyItemState(
    val id: String,
    val title: String,
    /** Who made it; only where it tells something. */
    val source: String? = null,
    val kind: StudyKind,
    /** 「15 分」; absent for a quiz. */
    val length: String? = null,
    /** Absent for a quiz: its questions come every day. */
    val availability: Availability?,
    /** Whether everybody is to study it this month. */
    val required: Boolean = false,
    /** How much is credited, percent; absent before the first minute and after the last. */
    val percent: Int? = null,
    /** 「已学 12:30」 */
    val studied: String? = null,
    /** Whether the progress is not all known to the server yet. */
    val unconfirmed: Boolean = false,
    /** 「还可得 1 分」「本篇已计分」「有网可学」 */
    val note: String? = null,
    /** Whether [note] is about points that can be had. */
    val earns: Boolean = false,
    /** False for what needs a network when there is none. */
    val canOpen: Boolean = true,
    /** Whether it can be fetched now, to be there when there is no network. */
    val canDownload: Boolean = false,
)

data class StudyCallbacks(
    val onFilter: (String) -> Unit = {},
    val onItem: (String) -> Unit = {},
    val onDownload: (String) -> Unit = {},
    val onCancel: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onEmptyWayOn: () -> Unit = {},
    val onTab: (Tab) -> Unit = {},
)

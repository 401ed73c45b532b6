package org.dangjian.ui.today

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.RefusedState
import org.dangjian.ui.components.RingState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab

/** What 今日 shows. Whatever a county's switches hide is absent, and leaves no hole. */
@Immutable
data class TodayState(
    /** 「11月24日 星期二」 */
    val date: String,
    /** 「早上好，刘秋云同志」 */
    val greeting: String,
    val sync: SyncState = SyncState.Settled,
    val problem: ErrorState? = null,
    val refused: List<RefusedState> = emptyList(),
    /** Absent until what is on this phone was read; what is the newest notice is not known then either. */
    val study: TodayStudyState? = null,
    /** 「37 天」 */
    val streak: String? = null,
    val rank: RankState? = null,
    val participation: ParticipationState? = null,
    val entries: List<EntryState>,
    val activity: NextActivityState? = null,
    val notice: NewestNoticeState? = null,
    val bar: BottomBarState = BottomBarState(Tab.Today),
)

@Immutable
data class TodayStudyState(
    /** Absent where points are not shown. */
    val ring: RingState? = null,
    /** 「18 分 00 秒」; absent where minutes are not shown. */
    val minutes: String? = null,
    /** Absent before anything was begun. */
    val resume: ResumeState? = null,
)

/** What was begun and can be gone on with. */
@Immutable
data class ResumeState(
    val title: String,
    val percent: Int,
)

enum class Movement { Up, Down, Same }

@Immutable
data class RankState(
    /** 「支部第 4 名」 */
    val title: String,
    /** 「较昨日下降 1 位」; absent if yesterday's rank is not known. */
    val change: String? = null,
    val movement: Movement? = null,
    /** Both read out as one. */
    val sentence: String,
)

/** Taking part in organizational life, in place of figures. */
@Immutable
data class ParticipationState(
    /** 「本月组织生活已参加 3 次」 */
    val title: String,
    /** 「主题党日 1 · 党小组会 1 · 党课 1」 */
    val detail: String,
)

/** Where the entries of 今日 lead. */
enum class Entry(
    val label: String,
    val icon: ImageVector,
) {
    Study(TodayStrings.STUDY, Icons.MenuBook),
    CheckIn(TodayStrings.CHECK_IN, Icons.QrCodeScanner),
    Dues(TodayStrings.DUES, Icons.Payments),
    Notices(TodayStrings.NOTICES, Icons.Campaign),
    Points(TodayStrings.POINTS, Icons.WorkspacePremiumFill),
    Boards(TodayStrings.BOARDS, Icons.LeaderboardFill),
}

@Immutable
data class EntryState(
    val entry: Entry,
    /** What is due: 「待缴」 or a number. */
    val badge: String? = null,
    /** The same read out: 「2 条未读」. */
    val due: String? = badge,
)

@Immutable
data class NextActivityState(
    /** 「15:00」 */
    val time: String,
    /** 「今天」 */
    val day: String,
    val title: String,
    val place: String,
)

@Immutable
data class NewestNoticeState(
    val id: String,
    val title: String,
    /** 「三占塘村党支部」 */
    val org: String,
    /** Its last level, which is never left out. */
    val orgLast: String = org,
    /** 「昨天 19:40 · 未读」 */
    val about: String,
)

data class TodayCallbacks(
    val onElderVersion: () -> Unit = {},
    val onOutbox: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onRefusedWayOn: (String) -> Unit = {},
    val onRefusedKnown: (String) -> Unit = {},
    val onPoints: () -> Unit = {},
    val onContinue: () -> Unit = {},
    val onStreak: () -> Unit = {},
    val onRank: () -> Unit = {},
    val onParticipation: () -> Unit = {},
    val onEntry: (Entry) -> Unit = {},
    val onActivity: () -> Unit = {},
    val onNotice: (String) -> Unit = {},
    val onNotices: () -> Unit = {},
    val onTab: (Tab) -> Unit = {},
)

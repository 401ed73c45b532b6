package org.dangjian.ui.boards

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.today.Movement

/** What 排行榜 shows. */
@Immutable
data class BoardsState(
    val board: BoardKind,
    /** 「本支部」「新圩镇」「全县」 */
    val scopes: List<FilterState>,
    /** Members, branches, committees; empty where only members are ranked. */
    val kinds: List<FilterState> = emptyList(),
    /** 「四季度」 */
    val period: String,
    /** What puts somebody on this board: 「90 分以上，名额不超过 20%（规则集 2026.1）」 */
    val rule: String? = null,
    /** Whoever stands on it by name; on the low boards nobody but oneself. */
    val lines: List<BoardLineState>,
    /** Whether there are others below them. */
    val more: Boolean = false,
    /** 「本支部 28 名党员，金榜 5 人 · 更新于今天 12:00」 */
    val counted: String? = null,
    val score: OwnScoreState? = null,
    /** Who sees the names on the low boards. */
    val lowNote: String,
    val own: OwnRankState? = null,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** Why nobody stands on it. */
    val empty: EmptyState? = null,
    /** Whether the county has no ranking; then nothing else is shown. */
    val off: Boolean = false,
)

enum class BoardKind(
    val label: String,
    val icon: ImageVector,
    val low: Boolean = false,
) {
    Gold(BoardsStrings.GOLD, Icons.WorkspacePremiumFill),
    Silver(BoardsStrings.SILVER, Icons.WorkspacePremiumFill),
    Yellow(BoardsStrings.YELLOW, Icons.VisibilityOff, low = true),
    Black(BoardsStrings.BLACK, Icons.VisibilityOff, low = true),
}

@Immutable
data class BoardLineState(
    val id: String,
    val place: Int? = null,
    val name: String,
    /** The organization above, where it is not the board's own. */
    val below: String? = null,
    /** 「92.4」 */
    val score: String,
    /** 「1,046 分」 */
    val points: String,
    val mine: Boolean = false,
    /** The last level of [below], which is never left out. */
    val belowLast: String? = below,
)

/** What the own score is made of. */
@Immutable
data class OwnScoreState(
    /** 「我的 92.4 分由什么组成」 */
    val title: String,
    val parts: List<ScorePartState>,
    /** How each part follows from points; empty while that is not at hand. */
    val explanation: List<FactState> = emptyList(),
    /** Whether [explanation] is open. */
    val open: Boolean = false,
)

@Immutable
data class ScorePartState(
    /** 「学习 41.2」 */
    val label: String,
    /** Of the most that a score can be. */
    val fraction: Float,
)

/** Oneself, always in sight. */
@Immutable
data class OwnRankState(
    /** 「4」 */
    val place: String,
    /** 「我：支部第 4 名」 */
    val title: String,
    val movement: Movement? = null,
    /** 「较昨日下降 1 位」 */
    val change: String? = null,
    /** 「距第 3 名还差 46 分 · 今天已得 13 分」 */
    val toNext: String? = null,
    /** All of it, read out as one. */
    val sentence: String,
)

data class BoardsCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onBoard: (BoardKind) -> Unit = {},
    val onScope: (String) -> Unit = {},
    val onKind: (String) -> Unit = {},
    val onScoreOpen: (Boolean) -> Unit = {},
    val onMore: () -> Unit = {},
    val onPoints: () -> Unit = {},
)

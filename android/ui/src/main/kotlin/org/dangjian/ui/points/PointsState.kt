package org.dangjian.ui.points

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.Tone

/** What 我的积分 shows. */
@Immutable
data class PointsState(
    /** 「本季积分（10—12月）」 */
    val period: String,
    /** What the server knows of: 「1,046」. */
    val total: String,
    val unconfirmed: Int = 0,
    val chart: PointsChartState? = null,
    val filters: List<FilterState>,
    val days: List<PointsDayState>,
    /** Whether there are earlier ones. */
    val more: Boolean = false,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** Why there are no postings. */
    val empty: EmptyState? = null,
    val sheet: PointsSheet? = null,
)

/** The days behind the total. */
@Immutable
data class PointsChartState(
    /** Oldest first. */
    val points: List<Int>,
    /** Most points of a day; absent without such a rule. */
    val cap: Int? = null,
    /** 「日均 21 分 · 上限 30」 */
    val summary: String,
    /** Below the first, the middle and the last: 「10-26」「11-10」「今天」. */
    val days: List<String>,
    /** All of it, read out as one. */
    val sentence: String,
)

@Immutable
data class PointsDayState(
    val id: String,
    /** 「今天 +13」 */
    val title: String,
    val postings: List<PostingState>,
    /** 「今天还有 4 条，共 8 分」; absent if all are shown. */
    val more: String? = null,
)

enum class PostingKind(
    val icon: ImageVector,
    val tone: Tone = Tone.Neutral,
) {
    Text(Icons.Article),
    Media(Icons.Videocam),
    Quiz(Icons.Quiz),
    SignIn(Icons.Login),
    Life(Icons.Flag),
    Suggestion(Icons.Lightbulb, Tone.Honour),
    Reversal(Icons.Undo),
}

enum class PostingStanding { Confirmed, Unconfirmed, TakenBack }

@Immutable
data class PostingState(
    val id: String,
    val kind: PostingKind,
    /** Its rule in words. */
    val rule: String,
    /** 「支部工作条例学习辅导 · 05:26」; empty if nothing is known. */
    val about: String,
    /** 「+3」 */
    val points: String,
    val standing: PostingStanding,
    val objection: ObjectionStanding? = null,
)

/** Where an objection stands. */
enum class ObjectionStanding { Waiting, Open, Granted, Rejected }

@Immutable
sealed interface PointsSheet {
    /** Where a posting comes from. */
    data class Explanation(
        val posting: String,
        /** 「这 3 分怎么来的」 */
        val title: String,
        val standing: PostingStanding,
        /** Rule × fact × cap, and the points last. */
        val lines: List<FactState>,
        /** What it is about, rule set, record number, state. */
        val facts: List<FactState>,
        val note: String? = null,
        val canObject: Boolean = true,
        val objection: ObjectionState? = null,
    ) : PointsSheet

    /** An objection being written. */
    data class Objection(
        val posting: String,
        /** What it is about: 「有效阅读满 1 分钟计 1 分 · +3」 */
        val about: String,
        val problem: String? = null,
    ) : PointsSheet
}

/** An objection that was made. */
@Immutable
data class ObjectionState(
    val standing: ObjectionStanding,
    /** 「11月24日 05:40」 */
    val made: String,
    val text: String,
    val answer: String? = null,
)

data class PointsCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onFilter: (String) -> Unit = {},
    val onPosting: (String) -> Unit = {},
    val onMore: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    val onEmptyWayOn: () -> Unit = {},
    val onCloseSheet: () -> Unit = {},
    val onObject: (String) -> Unit = {},
    val onText: (String) -> Unit = {},
    val onSend: (String) -> Unit = {},
)

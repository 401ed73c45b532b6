package org.dangjian.ui.points

import androidx.compose.runtime.Immutable

/** What 我的积分 shows. */
@Immutable
data class PointsState(
    /** 「本季积分（10—12月）」 */
    val period: String = "",
    /** What the server knows of: 「1,046」. */
    val total: String = "",
    val unconfirmed: Int = 0,
    val chart: PointsChartState? = null,
    val postings: PostingsState = PostingsState(loading = true),
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

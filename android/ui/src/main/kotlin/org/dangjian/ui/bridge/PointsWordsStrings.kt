package org.dangjian.ui.bridge

/** Words of points that view models put together. */
internal object PointsWordsStrings {
    const val ALL = "全部"
    const val STUDY = "学习"
    const val LIFE = "活动"
    const val SUGGESTION = "建议"
    const val UNCONFIRMED = "待确认"
    const val BETWEEN = " · "

    /** With which line of an explanation begins what it rests on. */
    const val BASIS = "依据"

    /** The lines that the others lead to. */
    val RESULTS = setOf("得分", "收回", "恢复")

    const val NONE_YET = "还没有积分"
    const val NONE_YET_SENTENCE = "学完一篇或参加一次活动后，会在这里逐条列出。"
    const val TO_STUDY = "去学习"
    const val NONE_OF_KIND = "这一类还没有积分"
    const val NONE_OF_KIND_SENTENCE = "选“全部”可以看到所有记录。"

    const val CHART_TODAY = "今天"

    fun period(months: String) = "本季积分（$months）"

    fun unconfirmed(count: Int) = "$UNCONFIRMED $count"

    fun dayTitle(
        day: String,
        sum: String,
    ) = "$day $sum"

    fun weekday(
        day: String,
        weekday: String,
    ) = "$day $weekday"

    fun more(
        day: String,
        count: Int,
        points: Int,
    ) = "${day}还有 $count 条，共 $points 分"

    fun chart(
        mean: Int,
        cap: Int?,
    ) = "日均 $mean 分" + if (cap == null) "" else " · 上限 $cap"

    fun chartSentence(
        mean: Int,
        most: Int,
        least: Int,
        today: Int,
        cap: Int?,
    ) = "近 30 天每日学习得分：日均 $mean 分，最高 $most 分，最低 $least 分，今天 $today 分" +
        if (cap == null) "" else "，每日上限 $cap 分"

    fun axis(
        month: Int,
        day: Int,
    ) = "%02d-%02d".format(month, day)

    fun posting(
        rule: String,
        points: String,
    ) = "$rule · $points"

    fun madeAt(
        day: String,
        clock: String,
    ) = "$day $clock"
}

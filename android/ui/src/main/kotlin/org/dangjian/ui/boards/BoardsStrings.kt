package org.dangjian.ui.boards

object BoardsStrings {
    const val TITLE = "排行榜"
    const val GOLD = "金榜"
    const val SILVER = "银榜"
    const val YELLOW = "黄榜"
    const val BLACK = "黑榜"
    const val EXPLAIN = "说明"
    const val MORE = "看更多"
    const val DETAILS = "看明细"
    const val COMMA = "，"
    const val OFF = "本县没有开排行榜"
    const val OFF_SENTENCE = "学习和组织生活照常记录，您的积分只有您和支部能看到。"
    const val OFF_WAY_ON = "看我的积分"

    fun mine(name: String) = "$name（我）"

    fun period(
        board: String,
        period: String,
    ) = "$period · $board"

    fun rule(
        title: String,
        rule: String,
    ) = "$title：$rule"

    fun line(
        place: Int?,
        name: String,
        score: String,
        points: String,
    ) = (if (place == null) "" else "第 $place 名，") + "$name，$score，积分 $points"
}

package org.dangjian.ui.bridge

/** Words that the models of 今日 put together. */
internal object TodayBridgeStrings {
    const val TODAY_POINTS = "今日积分"
    const val READ = "已读"
    const val UNREAD = "未读"

    fun of(cap: Long?) = if (cap == null) "分" else "/$cap 分"

    fun days(days: UInt) = "$days 天"

    fun rank(
        within: String,
        rank: Long,
    ) = "${within}第 $rank 名"

    fun about(
        time: String,
        read: Boolean,
    ) = "$time · ${if (read) READ else UNREAD}"

    const val ELDER_OFFLINE = "现在没有网。您做的都存好了，有网自动上传"
    const val ELDER_OFFLINE_NOTHING = "现在没有网。已下载的内容照样能学"
    const val ELDER_NOT_YET = "今天还没有学习"
    const val ELDER_STUDY = "学习"

    fun elderStudied(minutes: Long) = if (minutes == 0L) "今天学了不到 1 分钟" else "今天学了 $minutes 分钟"

    fun elderPoints(
        points: Long,
        left: Long,
    ) = if (left > 0) "得 $points 分，还可得 $left 分" else "得 $points 分，今天的已得满"
}

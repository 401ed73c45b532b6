package org.dangjian.ui.bridge

import org.dangjian.core.ItemCategory

/** Words that the model of 学习 puts together. */
internal object StudyBridgeStrings {
    const val ALL = "推荐"
    const val REQUIRED = "本月必学"
    const val MEDIA = "视听"
    const val QUIZ = "答题"
    const val DOWNLOADED = "已下载"

    fun downloaded(count: UInt) = "$DOWNLOADED $count"

    fun of(category: ItemCategory): String =
        when (category) {
            ItemCategory.RULES -> "党章党规"
            ItemCategory.THEORY -> "理论"
            ItemCategory.LIFE -> "组织生活"
            ItemCategory.COUNTRYSIDE -> "乡村振兴"
            ItemCategory.MIGRANT -> "流动党员"
            ItemCategory.HISTORY -> "党史"
            ItemCategory.INTEGRITY -> "廉洁"
            ItemCategory.LAW -> "法律"
        }

    fun left(points: Long) = "今天还可得 $points 分"

    const val ALL_DONE = "今天的学习积分已得满"

    fun canEarn(points: Long) = "还可得 $points 分"

    fun studied(clock: String) = "已学 $clock"

    fun minutes(minutes: Long) = "$minutes 分"

    const val NONE_DOWNLOADED = "还没有下载的内容"
    const val NONE_DOWNLOADED_SENTENCE = "有网时打开一篇，就会存到本机，以后没有网也能学。"
    const val NONE_HERE = "这里还没有内容"
    const val NONE_HERE_SENTENCE = "县里发布后会显示在这里。"
    const val SEE_ALL = "看全部内容"

    const val MISSING_TITLE = "没有下载成功"
    const val MISSING_SENTENCE = "平台上暂时没有这一篇的内容，请过些时候再试。"
}

package org.dangjian.ui.bridge

import org.dangjian.core.OpKind

/** Words that the models of 今日 put together. */
internal object TodayBridgeStrings {
    const val TODAY_POINTS = "今日积分"
    const val READ = "已读"
    const val UNREAD = "未读"
    const val POINTS_WAY_ON = "查看积分"

    fun of(cap: Long?) = if (cap == null) "分" else "/$cap 分"

    fun days(days: UInt) = "$days 天"

    fun rank(
        within: String,
        rank: Long,
    ) = "${within}第 $rank 名"

    fun unread(count: Int) = "$count 条未读"

    fun about(
        time: String,
        read: Boolean,
    ) = "$time · ${if (read) READ else UNREAD}"

    fun title(text: String) = "《$text》"

    /** 「一段学习记录没有被认可」 */
    fun refused(kind: OpKind?): String {
        val what =
            when (kind) {
                OpKind.PUBLISH_NOTICE -> "一则通知没有发布成功"
                OpKind.EDIT_NOTICE -> "一处通知修改没有生效"
                OpKind.WITHDRAW_NOTICE -> "一则通知没有撤回"
                OpKind.READ_NOTICE -> "一条已读记录没有被认可"
                OpKind.MOVE_MEMBER -> "一次组织关系变动没有生效"
                OpKind.OPEN_LEDGER -> "一次台账操作没有生效"
                OpKind.RECORD_STUDY -> "一段学习记录没有被认可"
                OpKind.SIGN_IN_TODAY -> "一次每日登录没有被认可"
                OpKind.DRAW_QUIZ -> "今天的题目没有取到"
                OpKind.ANSWER_QUIZ -> "一次答题没有被认可"
                OpKind.REVERSE_ENTRY -> "一次积分撤销没有生效"
                OpKind.MAKE_APPEAL -> "一条申诉没有被受理"
                OpKind.DECIDE_APPEAL -> "一次申诉答复没有生效"
                OpKind.DECIDE_REVIEW -> "一次核对结论没有生效"
                OpKind.PUBLISH_RULES -> "一套积分规则没有发布成功"
                OpKind.SET_FEATURES -> "一次功能设置没有生效"
                null -> "一项操作没有被认可"
            }
        return what
    }

    fun reason(sentence: String) = "原因：$sentence"

    const val UNKNOWN_REASON = "原因：平台的新规则，请更新应用后查看。"

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

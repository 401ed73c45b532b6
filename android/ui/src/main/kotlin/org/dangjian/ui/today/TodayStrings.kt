package org.dangjian.ui.today

object TodayStrings {
    const val ELDER_VERSION = "长辈版"
    const val MINUTES = "今日有效学习"
    const val CONTINUE = "继续学习"
    const val START = "开始学习"
    const val STREAK = "连续学习"
    const val NEWEST_NOTICE = "最新通知"
    const val NO_NOTICE = "还没有通知"
    const val NO_NOTICE_SENTENCE = "支部发布后会显示在这里，没有网时也能看。"

    const val STUDY = "学习"
    const val CHECK_IN = "签到"
    const val DUES = "党费"
    const val NOTICES = "通知"
    const val POINTS = "积分"
    const val BOARDS = "排行榜"

    const val READ_ALOUD = "朗读"
    const val READ_TO_ME = "读给我听"
    const val SCAN = "扫码签到"
    const val PAY_DUES = "交党费"
    const val NEW_NOTICE = "新通知"
    const val WHOLE_TEXT = "看全文"
    const val CALL_BRANCH = "打电话找支部帮忙"
    const val MORE = "更多功能"
    const val STANDARD_VERSION = "回标准版"

    fun continueWith(title: String) = "$CONTINUE：$title"

    fun confirmed(points: Int) = "已确认 $points 分"

    fun unconfirmed(points: Int) = "待确认 $points 分"

    fun lastAt(percent: Int) = "上次学到 $percent%"

    fun due(
        label: String,
        what: String,
    ) = "$label，$what"
}

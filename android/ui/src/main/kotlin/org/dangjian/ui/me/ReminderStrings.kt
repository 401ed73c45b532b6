package org.dangjian.ui.me

object ReminderStrings {
    const val TITLE = "学习提醒"
    const val ENABLED = "提醒我学习"
    const val ENABLED_SENTENCE = "当天学过就不再提醒，每天最多一次"
    const val BLOCKED = "手机没有允许本应用显示通知，现在提醒不了。"
    const val ASK = "允许显示提醒"
    const val TIME = "提醒时间"
    const val QUIET = "免打扰"
    const val RANK = "名次下滑时告诉我"
    const val RANK_SENTENCE = "早上提醒时说明比昨天下滑了几位"
    const val REQUIRED = "提醒本月必学"
    const val REQUIRED_SENTENCE = "月底前还没学完时提醒"
}

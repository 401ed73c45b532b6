package org.dangjian.ui.desktop

/** Titles of windows, and what is written and tapped on a walk. */
internal object DesktopStrings {
    const val QUIZ = "每日答题"
    const val READ_RULE = "有效阅读"
    const val OBJECTION = "昨天晚上读完了一篇，没有看到计分。"
    const val OBJECTIONS = "疑问"
    const val ANSWER = "已核对计时记录，应当计分。"
    const val NOTICE = "12月主题党日：为家乡学校捐赠课桌椅"
    const val NOTICE_BODY = "请各位党员12月6日（星期日）9:00到党群服务中心集合，不能到场的可线上参加。"
    const val PUBLISH_NOW = "发布"
    const val BROKEN_RULES = "name = \"新规则\"\nversion = \"\"\n"
    const val TO_MEND = "处要改"
    const val READ_BY = "人已读"

    fun title(number: Int) = "新田智慧党建 · 手机 $number"
}

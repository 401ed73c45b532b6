package org.dangjian.ui.bridge

/** Words that view models put together; those with figures of the core come from there. */
internal object BridgeStrings {
    const val OFFLINE_TITLE = "暂时连不上平台"
    const val PROBLEM_TITLE = "没有完成"

    const val TODAY = "今天"
    const val YESTERDAY = "昨天"

    fun monthDay(
        month: Int,
        day: Int,
    ) = "${month}月${day}日"

    fun yearMonthDay(
        year: Int,
        month: Int,
        day: Int,
    ) = "${year}年${month}月${day}日"

    val WEEKDAYS = listOf("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")

    fun hello(name: String) = "${name}同志，您好"

    const val BEFORE_DAWN = "凌晨好"
    const val MORNING = "早上好"
    const val FORENOON = "上午好"
    const val NOON = "中午好"
    const val AFTERNOON = "下午好"
    const val EVENING = "晚上好"

    fun greeting(
        part: String,
        name: String,
    ) = "$part，${name}同志"
}

package org.dangjian.ui.bridge

/** Words of offices that view models put together. */
internal object OfficeWordsStrings {
    const val TODAY = "今天收到"
    const val SOMETHING = "对一条记录有疑问"
    const val NONE_IN_LEDGER = "没有积分记录"
    const val NONE_IN_LEDGER_SENTENCE = "本机没有这位党员这一类的记录。"

    fun days(count: Long) = "已等 $count 天"

    fun hours(count: Long) = "已等 $count 小时"

    fun about(
        kind: String,
        day: String,
    ) = "$kind · $day"

    fun from(day: String) = "${day}起执行"

    fun version(
        name: String,
        version: String,
    ) = "$name $version"

    const val NOBODY_LOW_SENTENCE = "本支部没有党员在这一榜。"
    const val NAMES_OFF = "本县不显示榜上姓名"
    const val NAMES_OFF_SENTENCE = "县级管理员关闭了这一项，只有本人知道自己在榜上。"

    fun nobodyLow(board: String) = "${board}没有人"
}

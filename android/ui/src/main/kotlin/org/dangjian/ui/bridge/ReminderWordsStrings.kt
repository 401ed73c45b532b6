package org.dangjian.ui.bridge

/** Words of the reminder that view models put together. */
internal object ReminderWordsStrings {
    const val TOMORROW = "明天"
    const val NEVER_QUIET = "不设"

    fun span(
        from: String,
        to: String,
    ) = "$from—$to"

    fun next(
        day: String,
        clock: String,
        body: String,
    ) = "下次提醒（$day $clock）：$body"
}

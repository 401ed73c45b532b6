package org.dangjian.ui.reader

object ReaderStrings {
    /** How a paragraph begins that is to be set apart. */
    const val THINK = "想一想："
    const val COUNTED = "已计"
    const val PAUSED = "已暂停"
    const val DAY_FULL = "今日已满"
    const val ANNOUNCE_RUNNING = "计时开始"
    const val ANNOUNCE_PAUSED = "计时已暂停"
    const val ANNOUNCE_DAY_FULL = "今日计分已满，时间仍计入学习记录"
    const val TEXT_SIZE = "字号"
    const val PAUSE = "暂停计时"
    const val GO_ON = "继续计时"
    const val DONE = "完成"

    const val CHECK = "理解检查"
    const val SUBMIT = "提交并继续计时"
    const val LOOK_BACK = "回看原文"
    const val ANSWER = "回答"
    const val COSTS_NOTHING = "答错不扣分，可回看原文后再答。\n离线作答先存本机，联网后确认。"
    const val WAITING = "有一道理解题等您作答"

    fun clockStopped(clock: String) = "作答时暂停计时，已计的 $clock 不受影响。"

    fun questionOf(
        number: Int,
        total: Int,
    ) = "第 $number 题，共 $total 题"

    fun place(percent: Int) = "读到 $percent%"
}

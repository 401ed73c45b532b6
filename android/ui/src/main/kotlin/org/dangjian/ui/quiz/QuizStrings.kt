package org.dangjian.ui.quiz

object QuizStrings {
    const val PREVIOUS = "上一题"
    const val NEXT = "下一题"
    const val HAND_IN = "交卷"
    const val DONE = "完成"
    const val YOURS = "您的答案："
    const val RIGHT = "正确答案："
    const val WHY = "解析："
    const val ANSWERED_RIGHT = "答对"
    const val ANSWERED_WRONG = "答错"
    const val COSTS_NOTHING = "答错不扣分，没有时间限制。\n离线作答先存本机，联网后判分。"

    fun questionOf(
        number: Int,
        total: Int,
    ) = "第 $number 题，共 $total 题"
}

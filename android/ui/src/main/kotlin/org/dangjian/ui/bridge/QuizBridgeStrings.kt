package org.dangjian.ui.bridge

/** Words that the quiz's model puts together. */
internal object QuizBridgeStrings {
    const val TITLE = "每日答题"
    const val COMING = "正在取今天的题目"
    const val COMING_SENTENCE = "取来以后，没有网也能作答。"
    const val OFFLINE = "今天的题目还没有取来"
    const val OFFLINE_SENTENCE = "现在没有网，有网可学：连上网会自动取来。"
    const val WAITING = "已记下您的答案"
    const val WAITING_SENTENCE = "有网后自动上传，判分后可在这里看结果。"

    fun right(
        right: Long,
        asked: Int,
    ) = "答对 $right 题，共 $asked 题"

    fun points(points: Long) = "得 $points 分"

    fun full(points: Long) = "得 $points 分，答题今日已满"
}

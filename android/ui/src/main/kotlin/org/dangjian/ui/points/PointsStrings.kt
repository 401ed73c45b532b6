package org.dangjian.ui.points

object PointsStrings {
    const val TITLE = "我的积分"
    const val CHART = "近 30 天每日学习得分"
    const val CONFIRMED = "已确认"
    const val TAKEN_BACK = "已扣回"
    const val EXPLAIN = "看这几分怎么来的"
    const val OBJECT = "对结果有疑问"
    const val OBJECTION = "我的疑问"
    const val OBJECTION_SENTENCE = "写明哪里不对，负责同志会核对并答复您。没有网也可以提交，有网后自动上传。"
    const val OBJECTION_HINT = "例如：那天我读了 6 分钟，只计了 3 分钟"
    const val SEND = "提交"
    const val ANSWER = "答复"

    const val OBJECTION_WAITING = "疑问待上传"
    const val OBJECTION_OPEN = "疑问处理中"
    const val OBJECTION_GRANTED = "疑问已采纳"
    const val OBJECTION_REJECTED = "疑问未采纳"

    fun unconfirmed(points: Int) = "另有 $points 分待确认"

    fun made(at: String) = "$at 提交"
}

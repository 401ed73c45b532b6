package org.dangjian.ui.bridge

import org.dangjian.core.OpKind

/** What the outbox calls what was done. */
internal object OutboxWordsStrings {
    const val UNKNOWN_REASON = "平台没有认可，原因要等更新后才能显示。"
    const val AGAIN = "改后再发"
    const val POINTS = "查看积分"

    fun of(kind: OpKind?): String =
        when (kind) {
            OpKind.PUBLISH_NOTICE -> "发布通知"
            OpKind.EDIT_NOTICE -> "修改通知"
            OpKind.WITHDRAW_NOTICE -> "撤回通知"
            OpKind.READ_NOTICE -> "通知已读"
            OpKind.MOVE_MEMBER -> "组织关系转接"
            OpKind.OPEN_LEDGER -> "查看积分明细"
            OpKind.RECORD_STUDY -> "学习记录"
            OpKind.SIGN_IN_TODAY -> "每日登录"
            OpKind.DRAW_QUIZ -> "领取今日答题"
            OpKind.ANSWER_QUIZ -> "今日答题"
            OpKind.REVERSE_ENTRY -> "撤销积分"
            OpKind.MAKE_APPEAL -> "对积分的疑问"
            OpKind.DECIDE_APPEAL -> "答复疑问"
            OpKind.DECIDE_REVIEW -> "核对结论"
            OpKind.PUBLISH_RULES -> "积分规则"
            OpKind.SET_FEATURES -> "功能开关"
            null -> "其他操作"
        }

    /** 「一段学习记录没有被认可」 */
    fun refused(kind: OpKind?): String =
        when (kind) {
            OpKind.PUBLISH_NOTICE -> "一则通知没有发布成功"
            OpKind.EDIT_NOTICE -> "一处通知修改没有生效"
            OpKind.WITHDRAW_NOTICE -> "一则通知没有撤回"
            OpKind.READ_NOTICE -> "一条已读记录没有被认可"
            OpKind.MOVE_MEMBER -> "一次组织关系变动没有生效"
            OpKind.OPEN_LEDGER -> "一次台账操作没有生效"
            OpKind.RECORD_STUDY -> "一段学习记录没有被认可"
            OpKind.SIGN_IN_TODAY -> "一次每日登录没有被认可"
            OpKind.DRAW_QUIZ -> "今天的题目没有取到"
            OpKind.ANSWER_QUIZ -> "一次答题没有被认可"
            OpKind.REVERSE_ENTRY -> "一次积分撤销没有生效"
            OpKind.MAKE_APPEAL -> "一条申诉没有被受理"
            OpKind.DECIDE_APPEAL -> "一次申诉答复没有生效"
            OpKind.DECIDE_REVIEW -> "一次核对结论没有生效"
            OpKind.PUBLISH_RULES -> "一套积分规则没有发布成功"
            OpKind.SET_FEATURES -> "一次功能设置没有生效"
            null -> "一项操作没有被认可"
        }

    fun reason(sentence: String) = "原因：$sentence"
}

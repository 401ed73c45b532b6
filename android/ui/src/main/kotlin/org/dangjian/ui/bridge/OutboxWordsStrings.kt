package org.dangjian.ui.bridge

import org.dangjian.core.OpKind

/** What the outbox calls what was done. */
internal object OutboxWordsStrings {
    const val UNKNOWN_REASON = "平台没有认可，原因要等更新后才能显示。"
    const val AGAIN = "改后再发"

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

    fun refused(what: String) = "没有被认可：$what"

    fun reason(sentence: String) = "原因：$sentence"
}

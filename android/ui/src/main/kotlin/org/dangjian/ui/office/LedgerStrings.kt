package org.dangjian.ui.office

object LedgerStrings {
    const val TITLE = "积分记录"
    const val REVERSE = "收回这几分"
    const val REVERSAL = "收回积分"
    const val REVERSAL_SENTENCE = "每条记录只能收回一次。本人会看到理由，可以提出疑问；疑问成立时分数退还。"
    const val REASON = "理由"
    const val REASON_HINT = "写明依据，本人会看到"
    const val CONFIRM = "收回"

    fun titleOf(name: String) = "${name}的积分记录"
}

package org.dangjian.ui.office

object OfficeStrings {
    const val TITLE = "待我核对"
    const val NO_REVIEWS = "没有要核对的"
    const val NO_REVIEWS_SENTENCE = "系统发现需要人工核对的记录时，会放在这里。"
    const val NO_OBJECTIONS = "没有未答复的疑问"
    const val NO_OBJECTIONS_SENTENCE = "党员对结果有疑问时，会放在这里等您答复。"
    const val OTHERS_DECIDE = "由上级党组织答复"
    const val PAGES = "其他工作"
    const val MEMBERS = "党员"
    const val MEMBERS_SENTENCE = "查找党员，激活码、手机和积分明细"
    const val LOW_BOARDS = "黄榜和黑榜"
    const val LOW_BOARDS_SENTENCE = "本支部需要关心的党员"
    const val FEATURES = "功能开关"
    const val FEATURES_SENTENCE = "减负、排行榜等，对全县生效"
    const val RULES = "积分规则"
    const val RULES_SENTENCE = "检查和发布新的规则集"
    const val DECIDED = "已处理，待上传"
    const val REVIEW = "人工核对"
    const val OBJECTION = "答复疑问"
    const val UPHELD = "情况属实，需要纠正"
    const val NOT_UPHELD = "没有问题，不用处理"
    const val GRANTED = "疑问成立，予以采纳"
    const val REJECTED = "结果无误，不予采纳"
    const val REVIEW_NOTE = "这里只作结论，不会直接扣分。"
    const val GRANTED_NOTE = "采纳后，被扣回的分会退还本人。"
    const val REASON = "理由"
    const val REASON_HINT = "写明依据，本人会看到"
    const val DECIDE = "提交结论"

    fun reviews(
        count: Int,
        more: Boolean,
    ) = "核对 $count${if (more) "+" else ""}"

    fun objections(
        count: Int,
        more: Boolean,
    ) = "疑问 $count${if (more) "+" else ""}"
}

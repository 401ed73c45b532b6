package org.dangjian.ui.bridge

/** What the screens of notices say with names and figures in it. */
internal object NoticeWordsStrings {
    private const val BRANCH = "本支部党员"
    private const val SUBTREE = "本级和下级"

    const val CHANGED = "您写的时候，别的同志改过这条通知。再点一次“保存修改”，就换成您写的。"
    const val GONE = "这条通知不在本机了，您写的还在草稿里。"

    fun receipts(
        read: Int,
        addressed: Int,
    ) = "$read 人已读，共 $addressed 人"

    /** 「本支部党员 32」; with the organization before it if there are several. */
    fun scope(
        branch: Boolean,
        org: String?,
        people: Int?,
    ) = listOfNotNull(org?.let { "$it：" }, if (branch) BRANCH else SUBTREE, people?.let { " $it" }).joinToString("")

    fun speaker(
        name: String,
        role: String,
    ) = "$name（$role）"

    fun published(
        author: String,
        at: String,
    ) = "$author · $at 发布"

    fun readBy(
        branch: String,
        at: String,
    ) = "$branch · $at"

    fun receiptsSentence(
        read: Int,
        addressed: Int,
    ) = if (read == addressed) "$addressed 人都已读" else "$addressed 人中 $read 人已读，${addressed - read} 人未读"
}

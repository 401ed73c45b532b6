package org.dangjian.ui.notices

object NoticeStrings {
    const val MESSAGES = "消息"
    const val NOTICE = "通知"
    const val PUBLISH = "发布通知"
    const val EDIT = "修改通知"
    const val UNREAD = "未读"
    const val WITHDRAWN = "已撤回"
    const val EDITED = "已修改"
    const val EMPTY = "还没有通知"
    const val EMPTY_SENTENCE = "支部发布后会显示在这里，没有网时也能看。"
    const val DRAFT = "草稿"
    const val CONTINUE_DRAFT = "接着写"

    private const val TOLD = "已告知书记您已阅读"
    const val MISSING = "本机没有这条通知"
    const val MISSING_SENTENCE = "可能还没有送到，有网时会自动取回。"

    const val RECEIPTS = "已读情况"
    const val WITHDRAW = "撤回"
    const val WITHDRAW_TITLE = "撤回这条通知"
    const val WITHDRAW_SENTENCE = "撤回后大家仍能看到通知，并看到撤回的原因。"
    const val REASON = "撤回原因"
    const val REASON_HINT = "例如：时间有变，另行通知"
    const val WITHDRAW_NOW = "确定撤回"

    const val TO_WHOM = "发给谁"
    const val TITLE = "标题"
    const val TITLE_HINT = "一句话说清什么事"
    const val BODY = "正文"
    const val BODY_HINT = "写明时间、地点和要做什么"
    const val DRAFT_KEPT = "边写边存，退出也不会丢"
    const val OFFLINE = "没有网：发布后先存本机，有网自动发出。"
    const val CAN_WITHDRAW = "发布后可修改或撤回，时间和原因大家看得到。"
    const val SAVE = "保存修改"
    const val BUSY = "正在发布…"

    const val ALL_READ = "都已读"
    const val ALL_READ_SENTENCE = "发给的每一位同志都看过了。"
    const val NONE_READ = "还没有人读"
    const val NONE_READ_SENTENCE = "同志们打开后会显示在这里。"

    fun withdrawn(reason: String) = "$WITHDRAWN：$reason"

    fun edited(at: String) = "$at 修改过"

    fun told(at: String?) = if (at == null) TOLD else "$TOLD · $at"

    fun people(people: Int) = "共 $people 人"

    fun publishTo(people: Int?) = if (people == null) "发布" else "发布给 $people 人"

    fun kept(at: String) = "草稿已存本机 · $at"

    fun unread(count: Int) = "$UNREAD $count"

    fun read(count: Int) = "已读 $count"

    fun readOf(count: Int) = "$count 人已读"

    fun ofAll(
        read: Int,
        addressed: Int,
    ) = "$read/$addressed"

    fun notRead(count: Int) = "$count 人未读"

    fun asOf(at: String) = "数据截至 $at"
}

package org.dangjian.ui.components

/** Words that more than one screen uses. */
object CommonStrings {
    /** Letters that a number belongs to: 「第 4 名」「视听余 9」. */
    const val BEFORE_NUMBER = "第余"

    const val SIGNED = "已签名"
    const val TO_UPLOAD = "待上传"
    const val VERIFIED = "已核验"
    const val DUPLICATE = "疑似重复"
    const val NOT_PASSED = "未通过"
    const val UNCONFIRMED = "待确认"
    const val DOWNLOADED = "已下载"

    const val OFFLINE = "离线"
    const val KEPT_HERE = "已存本机，有网自动补传"
    const val OPEN_OUTBOX = "查看待同步的内容"
    const val REFUSED_KNOWN = "我已知道"
    const val READING_LOCAL = "正在读取本机内容…"
    const val LOADING = "正在读取"
    const val TRY_AGAIN = "再试一次"
    const val BACK = "返回"
    const val ALL = "全部"
    const val CANCEL = "取消"
    const val CLOSE = "关闭"
    const val KNOWN = "知道了"
    const val SHOW_WHOLE_NAME = "显示全名"

    const val TAB_TODAY = "今日"
    const val TAB_STUDY = "学习"
    const val TAB_ACTIVITIES = "活动"
    const val TAB_MESSAGES = "消息"
    const val TAB_ME = "我的"

    fun offline(waiting: Int) = if (waiting == 0) OFFLINE else "$OFFLINE：$waiting 项待同步"

    fun syncing(
        done: Int,
        total: Int,
    ) = "正在同步 $done/$total"

    fun toUpload(percent: Int) = "$TO_UPLOAD $percent%"

    fun countOf(
        count: Int,
        most: Int,
    ) = "$count/$most"

    fun code(code: String) = "代码 $code"

    /** How many, on a badge. No more than [MOST_COUNTED] are counted. */
    fun badge(count: Int) = if (count > MOST_COUNTED) "$MOST_COUNTED+" else "$count"

    fun unread(count: Int) = if (count > MOST_COUNTED) "$MOST_COUNTED 条以上未读" else "$count 条未读"

    fun unread(
        label: String,
        count: Int,
    ) = "$label，${unread(count)}"

    private const val MOST_COUNTED = 99
}

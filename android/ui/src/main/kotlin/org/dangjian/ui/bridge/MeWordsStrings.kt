package org.dangjian.ui.bridge

/** What 我的 and the settings say with names and figures in it. */
internal object MeWordsStrings {
    const val MIGRANT = "流动党员"
    const val KEPT = "离线学习内容"
    const val NONE_KEPT = "还没有下载"
    const val PHONE = "保存在本机的"
    const val PHONE_KEEPS = "名册、通知、积分和学习记录，退出登录也不删除"
    const val RECEIVED = "打开以来收到"
    const val SENT = "打开以来发出"

    fun number(number: String) = "党员编号 $number"

    fun office(
        org: String,
        role: String,
    ) = "$org · $role"

    fun points(
        quarter: String,
        points: Long,
    ) = "$quarter ${"%,d".format(points)} 分"

    fun contents(
        count: Int,
        size: String,
    ) = "$count 篇 · $size"

    private const val KB = 1_000.0

    /** 「640 KB」「3.4 MB」「218 MB」 */
    fun size(bytes: Long): String =
        when {
            bytes < KB * KB -> "%.0f KB".format(bytes / KB)
            bytes < 10 * KB * KB -> "%.1f MB".format(bytes / (KB * KB))
            bytes < KB * KB * KB -> "%.0f MB".format(bytes / (KB * KB))
            else -> "%.1f GB".format(bytes / (KB * KB * KB))
        }
}

package org.dangjian.ui.me

object MeStrings {
    const val TITLE = "我的"
    const val SETTINGS = "设置"
    const val OFFICES = "我的职务"
    const val POINTS = "我的积分"
    const val TO_DECIDE = "待我核对"
    const val NOTHING_TO_DECIDE = "没有待办"
    const val SYNC = "同步与离线"
    const val ALL_SYNCED = "全部已同步"
    const val DATA = "我的数据和授权"

    const val DISPLAY = "显示"
    const val ELDER = "长辈版"
    const val ELDER_SENTENCE = "大字、大按钮、内容更少"
    const val FONT = "字号"
    const val FONT_STANDARD = "标准，跟随系统"
    const val APPEARANCE = "外观"
    const val SYSTEM = "跟随系统"
    const val LIGHT = "浅色"
    const val DARK = "深色"
    const val HIGH_CONTRAST = "高对比度"
    const val DATA_USE = "流量与离线"
    const val ACCOUNT = "账号"
    const val SIGN_OUT = "退出登录"
    const val SIGN_OUT_TITLE = "要退出登录吗？"
    const val SIGN_OUT_SENTENCE = "退出后要输密码才能再进。本机的内容不会删除。"
    const val VERSION = "版本"

    fun toDecide(count: Int) = if (count == 0) NOTHING_TO_DECIDE else "$count 件"

    fun font(percent: Int) = if (percent == 100) FONT_STANDARD else "$percent%"

    fun waiting(count: Int) = "还有 $count 项待同步，退出后仍会自动上传。"
}

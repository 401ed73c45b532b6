package org.dangjian.ui.office

object RulesStrings {
    const val INTRO = "把规则集全文粘贴到下面，应用会逐项检查。检查通过才能发布；已计的积分不受影响。"
    const val TEXT = "规则集全文"
    const val HINT = "粘贴 TOML 格式的规则集"
    const val SOUND = "检查通过"
    const val PUBLISH = "发布规则集"
    const val PUBLISHING = "正在发布"
    const val WAITING = "已提交，待平台确认"
    const val ACCEPTED = "平台已接收"
    const val REFUSED = "平台没有接受"

    fun broken(count: Int) = "有 $count 处要改，暂不能发布"

    fun rules(count: Int) = "共 $count 条规则"
}

package org.dangjian.ui.app

internal object AppStrings {
    const val NOTHING_OPEN = "请在左边选一项"
    const val NOTHING_OPEN_SENTENCE = "内容会显示在这里。"
}

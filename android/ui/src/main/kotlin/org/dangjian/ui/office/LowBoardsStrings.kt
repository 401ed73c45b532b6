package org.dangjian.ui.office

object LowBoardsStrings {
    const val CARE = "名单只用于谈心和帮助，请不要转发或张贴。"
}

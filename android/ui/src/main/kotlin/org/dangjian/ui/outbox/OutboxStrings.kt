package org.dangjian.ui.outbox

object OutboxStrings {
    const val TITLE = "待同步"
    const val QUEUED = "待上传"
    const val HELD = "待核对"
    const val WAITING = "还没有送到平台的"
    const val SAFE = "都已存本机，有网后按先后自动上传，不用再做一遍。"
    const val HELD_SENTENCE = "“待核对”的平台已收到，需要人工核对。"
    const val SYNC = "现在同步"
    const val EMPTY = "全部已同步"
    const val EMPTY_SENTENCE = "您在本机做的，平台都已收到。"
}

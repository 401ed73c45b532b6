package org.dangjian.ui.study

object StudyStrings {
    const val TITLE = "学习"
    const val OFFLINE = "离线中，只能打开已下载的内容"
    const val FINISHED = "已学完"
    const val TEXT = "图文"
    const val VIDEO = "视频"
    const val AUDIO = "音频"
    const val QUIZ = "答题"
    const val REQUIRED = "本月必学"

    fun download(title: String) = "下载：$title"

    fun cancel(title: String) = "取消下载：$title"

    fun notDownloaded(size: String) = "未下载 $size"

    fun downloading(percent: Int) = "正在下载 $percent%"

    fun kindAndLength(
        kind: String,
        length: String,
    ) = "$kind · $length"
}

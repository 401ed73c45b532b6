package org.dangjian.ui.bridge

/** Words that the reader's model puts together. */
internal object ReaderBridgeStrings {
    const val OFFLINE_TITLE = "这一篇还没有下载"
    const val OFFLINE_SENTENCE = "现在没有网，有网可学：连上网会自动取来，取来后没有网也能学。"
    const val GONE_TITLE = "没有找到这一篇"
    const val GONE_SENTENCE = "它可能已不再提供，请回到学习页另选一篇。"

    /** There are scripts of recordings, and no recordings. */
    const val SCRIPT = "这是节目的文字稿，没有声音和画面。点右下角开始后，对照文字稿学习的时间按视听计时。"

    const val FINISHED = "本篇已学完"

    fun remaining(time: String) = "再学 ${time}学完本篇"

    fun seconds(
        minutes: Long,
        seconds: Long,
    ) = if (minutes == 0L) "$seconds 秒" else "$minutes 分 %02d 秒".format(seconds)

    /** 「18 分 00 秒」 */
    fun time(
        minutes: Long,
        seconds: Long,
    ) = "$minutes 分 %02d 秒".format(seconds)
}

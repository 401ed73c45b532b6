package org.dangjian.ui.bridge

private const val SECOND_MS = 1_000L
private const val MINUTE_MS = 60_000L

/** 「12:30」 */
internal fun runningOf(ms: Long): String = "%02d:%02d".format(ms / MINUTE_MS, ms % MINUTE_MS / SECOND_MS)

/** 「18 分 00 秒」 */
internal fun minutesOf(ms: Long): String = ReaderBridgeStrings.time(ms / MINUTE_MS, ms % MINUTE_MS / SECOND_MS)

/** 「2 分 30 秒」「45 秒」: what is left, so a second begun is a second. */
internal fun leftOf(ms: Long): String {
    val seconds = (ms + SECOND_MS - 1) / SECOND_MS
    return ReaderBridgeStrings.seconds(seconds / 60, seconds % 60)
}

/** How long something takes at most, in minutes. */
internal fun wholeMinutes(ms: Long): Long = (ms + MINUTE_MS - 1) / MINUTE_MS

private const val KB = 1_000L
private const val MB = 1_000_000L

/** 「48 MB」「4 KB」 */
internal fun sizeOf(bytes: Long): String =
    if (bytes < MB) "${maxOf(1, (bytes + KB - 1) / KB)} KB" else "${(bytes + MB / 2) / MB} MB"

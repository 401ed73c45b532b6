package org.dangjian.ui.bridge

import org.dangjian.core.Timestamp

private const val HOUR_MS = 3_600_000L
private const val DAY_MS = 24 * HOUR_MS

/** 「已等 2 天」「已等 5 小时」, or that it came just now. */
internal fun waitingSince(
    since: Timestamp,
    nowMs: Long,
): String {
    val ms = nowMs - since.ms
    return when {
        ms >= DAY_MS -> OfficeWordsStrings.days(ms / DAY_MS)
        ms >= HOUR_MS -> OfficeWordsStrings.hours(ms / HOUR_MS)
        else -> OfficeWordsStrings.TODAY
    }
}

package org.dangjian.ui.bridge

import org.dangjian.core.Timestamp
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.ZoneOffset

/** The county's time; it has known no summer time since 1991. */
private val SHANGHAI = ZoneOffset.ofHours(8)

internal fun shanghai(ms: Long): LocalDateTime = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), SHANGHAI)

/** 「17:31」 */
internal fun clockOf(at: Timestamp): String = shanghai(at.ms).let { "%02d:%02d".format(it.hour, it.minute) }

/** 「今天」「昨天」「11月23日」, with the year if it is another. */
internal fun dayOf(
    day: LocalDate,
    today: LocalDate,
): String =
    when {
        day == today -> BridgeStrings.TODAY
        day == today.minusDays(1) -> BridgeStrings.YESTERDAY
        day.year == today.year -> BridgeStrings.monthDay(day.monthValue, day.dayOfMonth)
        else -> BridgeStrings.yearMonthDay(day.year, day.monthValue, day.dayOfMonth)
    }

/** 「今天 20:18」「昨天 19:40」; before that the day alone. */
internal fun timeOf(
    at: Timestamp,
    nowMs: Long,
): String {
    val (then, today) = shanghai(at.ms) to shanghai(nowMs).toLocalDate()
    val day = dayOf(then.toLocalDate(), today)
    return if (then.toLocalDate() >= today.minusDays(1)) "$day ${clockOf(at)}" else day
}

/** 「11月24日 星期二」 */
internal fun dateOf(nowMs: Long): String =
    shanghai(nowMs).let {
        "${BridgeStrings.monthDay(it.monthValue, it.dayOfMonth)} ${BridgeStrings.WEEKDAYS[it.dayOfWeek.ordinal]}"
    }

/** 「早上好，刘秋云同志」 */
internal fun greetingOf(
    nowMs: Long,
    name: String,
): String {
    val part =
        when (shanghai(nowMs).hour) {
            in 0..4 -> BridgeStrings.BEFORE_DAWN
            in 5..8 -> BridgeStrings.MORNING
            in 9..10 -> BridgeStrings.FORENOON
            in 11..12 -> BridgeStrings.NOON
            in 13..17 -> BridgeStrings.AFTERNOON
            else -> BridgeStrings.EVENING
        }
    return BridgeStrings.greeting(part, name)
}

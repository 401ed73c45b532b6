package org.dangjian.app.reminder

private const val DAY_MS = 86_400_000L
private const val SHANGHAI_MS = 8 * 3_600_000L

/** How late a reminder may still be shown, as the core has it. */
private const val GRACE_MS = 3_600_000L

/** Alarms may ring a little early after the clock was set. */
private const val EARLY_MS = 60_000L

/** A reminder as it was planned: shown if the core can't be asked in time when it is due. */
internal data class Planned(
    val atMs: Long,
    val title: String,
    val body: String,
)

/** What to do now. */
internal sealed interface Due {
    /** Show it; it was this day's. */
    data class Show(
        val planned: Planned,
        val day: Int,
    ) : Due

    /** Whoever is using the app, or just did, needs no reminder today. */
    data class Spared(
        val day: Int,
    ) : Due

    /** Ring at that time. */
    data class Later(
        val planned: Planned,
    ) : Due

    data object Nothing : Due
}

/** The day in the county, in days since 1970-01-01. */
internal fun civilDay(ms: Long): Int = Math.floorDiv(ms + SHANGHAI_MS, DAY_MS).toInt()

/**
 * What to do about the next reminder as the core knows it.
 *
 * @param inUse somebody uses the app, or just did.
 */
internal fun due(
    next: Planned?,
    nowMs: Long,
    inUse: Boolean,
): Due =
    when {
        next == null -> Due.Nothing
        next.atMs > nowMs + EARLY_MS -> Due.Later(next)
        inUse -> Due.Spared(civilDay(nowMs))
        else -> Due.Show(next, civilDay(nowMs))
    }

/**
 * What to do when the alarm rings and the core did not answer in time: what was planned is still true, if it is not too
 * late and today's was not shown.
 */
internal fun dueUnasked(
    planned: Planned?,
    nowMs: Long,
    lastSent: Int?,
    inUse: Boolean,
): Due {
    val day = civilDay(nowMs)
    return when {
        planned == null || nowMs - planned.atMs !in -EARLY_MS..GRACE_MS -> Due.Nothing
        lastSent != null && lastSent >= day -> Due.Nothing
        inUse -> Due.Spared(day)
        else -> Due.Show(planned, day)
    }
}

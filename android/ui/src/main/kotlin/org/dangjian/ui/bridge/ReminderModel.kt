package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.dangjian.core.Switches
import org.dangjian.core.Topic
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.me.ReminderState

private const val HOUR = 60

/** When most people have a moment, minutes after midnight. */
private val TIMES = listOf(5 * HOUR, 6 * HOUR, 7 * HOUR, 12 * HOUR + 30, 19 * HOUR, 20 * HOUR, 21 * HOUR)

/** From when to when it can be quiet; never, if both are the same. */
private val QUIET = listOf(22 * HOUR to 5 * HOUR, 21 * HOUR to 6 * HOUR, 23 * HOUR to 7 * HOUR, 0 to 0)

/**
 * The settings of the reminder.
 *
 * @param chosen what was planned may be wrong now.
 */
class ReminderModel(
    phone: Phone,
    private val chosen: () -> Unit,
) : ScreenModel<ReminderModel.Input>(phone, Input()) {
    data class Input(
        val problem: String? = null,
    )

    private class Page(
        val choice: ReminderChoice,
        val next: ReminderNote?,
        val switches: Switches?,
    )

    private val reminders = Reminders(phone)

    /** Two choices in a row: the second changes what the first left. */
    private val choosing = Mutex()

    private val page =
        live(Topic.STUDY, Topic.POINTS, Topic.BOARDS, Topic.RULES) {
            Page(reminders.choice(), reminders.next(), office.features()?.switches)
        }

    /** Absent until it was read. */
    val state: StateFlow<ReminderState?> =
        combine(page, input) { read, input ->
            read.orNull()?.let {
                reminderStateOf(
                    it.choice,
                    it.next,
                    it.switches,
                    phone.nowMs(),
                ).copy(problem = input.problem)
            }
        }.shown(null)

    fun enabled(on: Boolean) = set { copy(enabled = on) }

    /** @param id minutes after midnight. */
    fun time(id: String) = set { copy(atMin = id.toIntOrNull() ?: atMin) }

    /** @param id two times in minutes after midnight. */
    fun quiet(id: String) =
        set {
            val times = id.split('-').mapNotNull(String::toIntOrNull)
            if (times.size == 2) copy(quietFromMin = times[0], quietToMin = times[1]) else this
        }

    fun rank(on: Boolean) = set { copy(rank = on) }

    fun required(on: Boolean) = set { copy(required = on) }

    private fun set(change: ReminderChoice.() -> ReminderChoice) =
        act(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = {
                change { copy(problem = null) }
                chosen()
                retry()
            },
        ) { choosing.withLock { reminders.keep(reminders.choice().change()) } }
}

internal fun reminderStateOf(
    choice: ReminderChoice,
    next: ReminderNote?,
    switches: Switches?,
    nowMs: Long,
): ReminderState {
    val quiet = choice.quietFromMin to choice.quietToMin
    return ReminderState(
        enabled = choice.enabled,
        times =
            (TIMES + choice.atMin).distinct().sorted().map {
                FilterState(it.toString(), clockOf(it), it == choice.atMin)
            },
        quiet = (QUIET + quiet).distinct().map { FilterState("${it.first}-${it.second}", spanOf(it), it == quiet) },
        rank = choice.rank.takeIf { switches?.publicRanking == true },
        // Elsewhere the core reminds of them in any case.
        required = choice.required.takeIf { switches != null && !switches.publicRanking && !switches.usageReports },
        next = next?.let { nextOf(it, nowMs) },
    )
}

private fun clockOf(minutes: Int) = "%02d:%02d".format(minutes / HOUR, minutes % HOUR)

private fun spanOf(quiet: Pair<Int, Int>) =
    if (quiet.first == quiet.second) {
        ReminderWordsStrings.NEVER_QUIET
    } else {
        ReminderWordsStrings.span(clockOf(quiet.first), clockOf(quiet.second))
    }

private fun nextOf(
    next: ReminderNote,
    nowMs: Long,
): String {
    val (at, today) = shanghai(next.atMs) to shanghai(nowMs).toLocalDate()
    val tomorrow = at.toLocalDate() == today.plusDays(1)
    val day = if (tomorrow) ReminderWordsStrings.TOMORROW else dayOf(at.toLocalDate(), today)
    return ReminderWordsStrings.next(day, clockOf(at.hour * HOUR + at.minute), next.text)
}

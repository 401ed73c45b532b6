package org.dangjian.ui.bridge

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.onEach
import org.dangjian.core.OpId
import org.dangjian.core.Topic
import java.time.LocalDate

private const val MINUTE_MS = 60_000L

/**
 * What both forms of 今日 do. The input is the day that is shown.
 */
abstract class DayModel(
    phone: Phone,
) : ScreenModel<LocalDate>(phone, shanghai(phone.nowMs()).toLocalDate()) {
    internal val read: Flow<Read<TodayReading>> =
        live(
            Topic.STUDY,
            Topic.POINTS,
            Topic.BOARDS,
            Topic.RULES,
            Topic.PEOPLE,
            Topic.NOTICES,
            Topic.OUTBOX,
            key = { it },
        ) {
            readToday().also {
                next =
                    it.today
                        ?.nextItem
                        ?.item
                        ?.text
            }
        }

    /** The time now, and again every minute: days end, and so do mornings. */
    internal val minute: Flow<Long> =
        flow {
            while (true) {
                emit(phone.nowMs())
                delay(MINUTE_MS)
            }
        }.onEach { now ->
            val day = shanghai(now).toLocalDate()
            if (day != input.value) {
                change { day }
                seen()
            }
        }

    /** What 「继续学习」 leads to; absent before anything was begun. */
    @Volatile
    var next: String? = null
        private set

    /** 今日 is seen: that somebody opened the app counts once a day, and may be said as often as one likes. */
    fun seen() = act { study.signInToday() }

    /** Goes on from what was refused: [open] is told where. If that fails it stays on the screen, and so does its button. */
    fun goOn(
        id: String,
        open: (WayOn) -> Unit,
    ) = once(done = { way -> way?.let(open) }) { phone.goOnFrom(id) }

    /** The person has seen that an operation was refused. */
    fun known(refused: String) = act { outbox.acknowledge(OpId(refused)) }
}

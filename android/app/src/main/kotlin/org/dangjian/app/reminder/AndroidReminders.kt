package org.dangjian.app.reminder

import android.app.AlarmManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.dangjian.app.Notifications
import org.dangjian.app.work.ReminderWork
import org.dangjian.core.ReminderSettings
import org.dangjian.ui.app.ReminderChoice
import org.dangjian.ui.app.Reminders
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.bridge.reminder

/**
 * The morning's reminder. The core says when and what; this sets one alarm for it, and asks anew whenever what is known
 * may have changed: after each exchange, when the app is left, after a start of the phone, when the clock was set, when
 * it rings.
 *
 * @param mayShow asks the person, if need be, whether the app may show notifications.
 */
internal class AndroidReminders(
    private val context: Context,
    private val notifications: Notifications,
    private val scope: CoroutineScope,
    private val inUse: () -> Boolean,
    private val mayShow: suspend () -> Boolean,
) : Reminders {
    private val store = ReminderStore(context)
    private val alarms = context.getSystemService(Context.ALARM_SERVICE) as AlarmManager
    private val turn = Mutex()
    private val current = MutableStateFlow(store.choice.withBlocked())

    override val choice: StateFlow<ReminderChoice> = current.asStateFlow()

    override fun turn(on: Boolean) {
        change { copy(on = on) }
        if (!on) return
        scope.launch {
            mayShow()
            refresh()
        }
    }

    override fun at(min: Int) = change { copy(atMin = min) }

    /** The person may have been in the phone's settings. */
    fun refresh() {
        current.value = current.value.withBlocked()
    }

    private fun change(change: ReminderChoice.() -> ReminderChoice) {
        current.value = current.value.change().withBlocked()
        store.choice = current.value
        ReminderWork.once(context)
    }

    private fun ReminderChoice.withBlocked() = copy(blocked = on && !notifications.allowed)

    /**
     * Plans the next reminder with what [phone] knows, and shows what is due.
     *
     * @param left the app was just left: whoever did that needs no reminder now.
     */
    suspend fun plan(
        phone: Phone,
        left: Boolean = false,
    ) = turn.withLock {
        // Once today's was shown or spared, the next one is of another day.
        repeat(2) {
            val choice = store.choice
            val settings = ReminderSettings(enabled = choice.on, atMin = choice.atMin.toUShort())
            val next = phone.reminder(settings, store.lastSent)?.let { Planned(it.at.ms, it.title, it.body) }
            if (!carryOut(due(next, System.currentTimeMillis(), left || inUse()))) return@withLock
        }
    }

    /** The alarm rings, and there is no time to ask the core. */
    suspend fun ringUnasked() =
        turn.withLock {
            if (store.choice.on) {
                carryOut(dueUnasked(store.planned, System.currentTimeMillis(), store.lastSent, inUse()))
            }
        }

    /** True if today's is done with. */
    private fun carryOut(due: Due): Boolean =
        when (due) {
            is Due.Show -> {
                notifications.remind(due.planned)
                store.lastSent = due.day
                true
            }

            is Due.Spared -> {
                store.lastSent = due.day
                true
            }

            is Due.Later -> {
                store.planned = due.planned
                // May ring some minutes late, and needs no permission for that; the core allows an hour.
                alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, due.planned.atMs, alarm())
                false
            }

            Due.Nothing -> {
                store.planned = null
                alarms.cancel(alarm())
                false
            }
        }

    private fun alarm(): PendingIntent =
        PendingIntent.getBroadcast(
            context,
            0,
            Intent(context, AlarmReceiver::class.java),
            PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE,
        )
}

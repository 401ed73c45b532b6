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
import org.dangjian.ui.app.Reminding
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.bridge.Reminders

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
) : Reminding {
    private val store = ReminderStore(context)
    private val alarms = context.getSystemService(Context.ALARM_SERVICE) as AlarmManager
    private val turn = Mutex()
    private val isBlocked = MutableStateFlow(!notifications.allowed)

    override val blocked: StateFlow<Boolean> = isBlocked.asStateFlow()

    override fun changed() = ReminderWork.once(context)

    override fun ask() {
        scope.launch {
            mayShow()
            refresh()
        }
    }

    /** The person may have been in the phone's settings. */
    fun refresh() {
        isBlocked.value = !notifications.allowed
    }

    /**
     * Plans the next reminder with what [phone] knows, and shows what is due.
     *
     * @param left the app was just left: whoever did that needs no reminder now.
     */
    suspend fun plan(
        phone: Phone,
        left: Boolean = false,
    ) = turn.withLock {
        val reminders = Reminders(phone)
        // Once today's was shown or spared, the next one is of another day.
        repeat(2) {
            val next = reminders.next(store.lastSent)?.let { Planned(it.atMs, it.title, it.text) }
            if (!carryOut(due(next, System.currentTimeMillis(), left || inUse()))) return@withLock
            store.lastSent?.let { reminders.shown(it) }
        }
    }

    /** The alarm rings, and there is no time to ask the core. */
    suspend fun ringUnasked() =
        turn.withLock {
            carryOut(dueUnasked(store.planned, System.currentTimeMillis(), store.lastSent, inUse()))
            Unit
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

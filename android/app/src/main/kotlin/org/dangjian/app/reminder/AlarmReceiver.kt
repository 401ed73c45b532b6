package org.dangjian.app.reminder

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.util.Log
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.dangjian.app.DangjianApp
import org.dangjian.app.work.ReminderWork
import org.dangjian.core.AppException

/** A receiver is given ten seconds. */
private const val PATIENCE_MS = 7_000L

/**
 * A reminder is due. Shown from here rather than from a job: at five in the morning the phone lies still, and jobs wait
 * until it is picked up.
 */
internal class AlarmReceiver : BroadcastReceiver() {
    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        val app = context.applicationContext as DangjianApp
        val pending = goAsync()
        app.scope.launch {
            try {
                val planned = withTimeoutOrNull(PATIENCE_MS) { app.behind { app.reminders.plan(it) } }
                if (planned == null) app.reminders.ringUnasked()
            } catch (problem: AppException) {
                Log.w("reminder", "the core can't be asked: ${problem.code()}")
                app.reminders.ringUnasked()
            } finally {
                pending.finish()
            }
        }
    }
}

internal val REARMED_BY =
    setOf(
        Intent.ACTION_BOOT_COMPLETED,
        Intent.ACTION_MY_PACKAGE_REPLACED,
        Intent.ACTION_TIME_CHANGED,
        Intent.ACTION_TIMEZONE_CHANGED,
    )

/** Alarms are gone after a start of the phone and an update, and mean another time after the clock was set. */
internal class RearmReceiver : BroadcastReceiver() {
    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        if (intent.action in REARMED_BY) ReminderWork.once(context)
    }
}

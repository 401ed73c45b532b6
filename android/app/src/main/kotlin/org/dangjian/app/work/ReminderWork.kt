package org.dangjian.app.work

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.ExistingWorkPolicy
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import org.dangjian.app.DangjianApp
import org.dangjian.core.AppException

/** Plans the reminder anew, where a receiver has no time to. Needs no network. */
internal class ReminderWork(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as DangjianApp
        return try {
            app.behind { app.reminders.plan(it) }
            Result.success()
        } catch (problem: AppException) {
            if (problem.retryable()) Result.retry() else Result.failure()
        }
    }

    internal companion object {
        private const val ONCE = "reminder"

        fun once(context: Context) {
            val request = OneTimeWorkRequestBuilder<ReminderWork>().build()
            WorkManager.getInstance(context).enqueueUniqueWork(ONCE, ExistingWorkPolicy.REPLACE, request)
        }
    }
}

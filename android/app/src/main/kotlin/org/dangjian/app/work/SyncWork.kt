package org.dangjian.app.work

import android.content.Context
import android.os.Build
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.OutOfQuotaPolicy
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import org.dangjian.app.DangjianApp
import org.dangjian.core.AppException
import org.dangjian.core.NoticeView
import org.dangjian.ui.bridge.Exchanged
import org.dangjian.ui.bridge.exchange
import org.dangjian.ui.bridge.unreadNotices
import java.util.concurrent.TimeUnit

/** Exchanges with the server although nobody sees the app, says what is new, and plans the reminder anew. */
internal class SyncWork(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as DangjianApp
        return try {
            app.behind { phone ->
                val exchanged = phone.exchange()
                if (exchanged == Exchanged.Done) {
                    tell(app, phone.unreadNotices())
                    app.reminders.plan(phone)
                }
                resultOf(exchanged)
            }
        } catch (problem: AppException) {
            if (problem.retryable()) Result.retry() else Result.failure()
        }
    }

    private fun resultOf(exchanged: Exchanged) =
        when (exchanged) {
            Exchanged.Done, Exchanged.Nobody -> Result.success()
            Exchanged.Later -> if (runAttemptCount < ATTEMPTS) Result.retry() else Result.failure()
            Exchanged.Failed -> Result.failure()
        }

    private fun tell(
        app: DangjianApp,
        unread: List<NoticeView>,
    ) {
        val kept = app.getSharedPreferences("news", Context.MODE_PRIVATE)
        val news = newsOf(unread, if (kept.contains(TOLD)) kept.getLong(TOLD, 0) else null)
        // Whoever has the app open sees them anyway.
        if (!app.surroundings.isSeen) app.notifications.tell(news.notices)
        kept.edit().putLong(TOLD, news.toldMs).apply()
    }

    internal companion object {
        private const val PERIODIC = "sync"
        private const val ONCE = "sync-once"
        private const val TOLD = "told"

        /** After that the next hour does it. */
        private const val ATTEMPTS = 5
        private const val EVERY_H = 1L
        private val online = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

        /** Every hour while there is a network. */
        fun everyHour(context: Context) {
            val request =
                PeriodicWorkRequestBuilder<SyncWork>(EVERY_H, TimeUnit.HOURS).setConstraints(online).build()
            WorkManager
                .getInstance(context)
                .enqueueUniquePeriodicWork(PERIODIC, ExistingPeriodicWorkPolicy.UPDATE, request)
        }

        /** As soon as there is a network: a push said so, or the app was left with something to hand in. */
        fun once(
            context: Context,
            urgent: Boolean = false,
        ) {
            val request = OneTimeWorkRequestBuilder<SyncWork>().setConstraints(online)
            // Before Android 12 an urgent job would have to show a notification of its own.
            if (urgent && Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
                request.setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
            }
            // One that waits for a network does for all; one that runs may have read too early.
            WorkManager.getInstance(context).enqueueUniqueWork(ONCE, ExistingWorkPolicy.REPLACE, request.build())
        }
    }
}

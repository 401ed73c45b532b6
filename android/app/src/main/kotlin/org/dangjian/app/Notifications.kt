package org.dangjian.app

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import org.dangjian.app.reminder.Planned
import org.dangjian.core.NoticeView

/** What the app shows while it is not seen. */
internal class Notifications(
    private val context: Context,
) {
    private val manager = context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager

    /** Whether the person lets the app show anything, and the reminders in particular. */
    val allowed: Boolean
        get() =
            permitted &&
                manager.areNotificationsEnabled() &&
                manager.getNotificationChannel(REMINDERS)?.importance != NotificationManager.IMPORTANCE_NONE

    private val permitted: Boolean
        get() =
            Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
                context.checkSelfPermission(POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED

    /** Does nothing where they are there already, so the person's own settings stay. */
    fun makeChannels() =
        manager.createNotificationChannels(
            listOf(
                channel(NOTICES, R.string.channel_notices, R.string.channel_notices_about),
                channel(REMINDERS, R.string.channel_reminders, R.string.channel_reminders_about),
            ),
        )

    fun remind(reminder: Planned) = show(REMINDERS, REMINDERS, reminder.title, reminder.body, "dangjian://study")

    /** One for each, so that each opens its own; more than a few are one. */
    fun tell(news: List<NoticeView>) {
        if (news.size > MOST) {
            val words = context.resources.getQuantityString(R.plurals.notices_new, news.size, news.size)
            return show(NOTICES, NOTICES, words, null, "dangjian://notices")
        }
        for (notice in news) show(NOTICES, notice.id.text, notice.title, notice.orgName, linkTo(notice.id.text))
    }

    private fun channel(
        id: String,
        name: Int,
        about: Int,
    ) = NotificationChannel(id, context.getString(name), NotificationManager.IMPORTANCE_DEFAULT).apply {
        description = context.getString(about)
        // A locked phone on a table says that there is something, not what.
        lockscreenVisibility = Notification.VISIBILITY_PRIVATE
    }

    private fun show(
        channel: String,
        tag: String,
        title: String,
        body: String?,
        link: String,
    ) {
        if (!permitted) return
        val notification =
            Notification
                .Builder(context, channel)
                .setSmallIcon(R.drawable.ic_notification)
                .setColor(context.getColor(R.color.brand))
                .setContentTitle(title)
                .setContentText(body)
                .setStyle(Notification.BigTextStyle().bigText(body))
                .setContentIntent(opening(link))
                .setAutoCancel(true)
                .build()
        manager.notify(tag, 0, notification)
    }

    private fun opening(link: String): PendingIntent =
        PendingIntent.getActivity(
            context,
            0,
            Intent(Intent.ACTION_VIEW, Uri.parse(link), context, MainActivity::class.java),
            PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE,
        )

    private companion object {
        const val NOTICES = "notices"
        const val REMINDERS = "reminders"
        const val MOST = 3

        fun linkTo(notice: String) = "dangjian://notice/$notice"
    }
}

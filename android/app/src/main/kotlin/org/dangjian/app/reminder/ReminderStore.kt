package org.dangjian.app.reminder

import android.content.Context
import android.content.SharedPreferences

/** What is planned and was shown, for when the core can't be asked in time. Not in backups. */
internal class ReminderStore(
    context: Context,
) {
    private val kept: SharedPreferences = context.getSharedPreferences("reminder", Context.MODE_PRIVATE)

    /** The day of the last reminder, in days since 1970-01-01. */
    var lastSent: Int?
        get() = if (kept.contains(LAST_SENT)) kept.getInt(LAST_SENT, 0) else null
        set(day) = kept.edit().run { if (day == null) remove(LAST_SENT) else putInt(LAST_SENT, day) }.apply()

    var planned: Planned?
        get() {
            val title = kept.getString(TITLE, null) ?: return null
            return Planned(kept.getLong(AT, 0), title, kept.getString(BODY, null).orEmpty())
        }
        set(planned) =
            kept
                .edit()
                .run {
                    if (planned == null) {
                        remove(TITLE)
                    } else {
                        putLong(AT, planned.atMs).putString(TITLE, planned.title).putString(BODY, planned.body)
                    }
                }.apply()

    private companion object {
        const val LAST_SENT = "lastSent"
        const val AT = "at"
        const val TITLE = "title"
        const val BODY = "body"
    }
}

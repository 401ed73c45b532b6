package org.dangjian.app.reminder

import android.content.Context
import android.content.SharedPreferences
import org.dangjian.ui.app.ReminderChoice

private const val LAST_MIN = 24 * 60 - 1

/** What the person chose and what is planned. Not in backups: a new phone asks anew. */
internal class ReminderStore(
    context: Context,
) {
    private val kept: SharedPreferences = context.getSharedPreferences("reminder", Context.MODE_PRIVATE)

    var choice: ReminderChoice
        get() {
            val standard = ReminderChoice()
            return ReminderChoice(
                kept.getBoolean(ON, standard.on),
                kept.getInt(AT_MIN, standard.atMin).coerceIn(0, LAST_MIN),
            )
        }
        set(choice) =
            kept
                .edit()
                .putBoolean(ON, choice.on)
                .putInt(AT_MIN, choice.atMin)
                .apply()

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
        const val ON = "on"
        const val AT_MIN = "atMin"
        const val LAST_SENT = "lastSent"
        const val AT = "at"
        const val TITLE = "title"
        const val BODY = "body"
    }
}

package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.Flow
import org.dangjian.core.Reminder
import org.dangjian.core.ReminderSettings
import org.dangjian.core.Topic

/** A reminder to show. */
data class ReminderNote(
    /** When, ms since 1970. */
    val atMs: Long,
    val title: String,
    val text: String,
    /** What tapping it opens. */
    val link: String,
)

/**
 * What a phone's member is reminded of; the core knows. The platform's shell asks [next] when the app is left, when
 * [changed] says so and after each reminder, has itself woken at that time, asks again, since much may have changed, and
 * tells with [shown] what it showed.
 */
class Reminders(
    private val phone: Phone,
) {
    /** Something that a reminder depends on changed. */
    val changed: Flow<Unit> = phone.changed(Topic.STUDY, Topic.POINTS, Topic.BOARDS, Topic.RULES, Topic.PEOPLE)

    /**
     * The next reminder as known now; nothing if nobody is signed in.
     *
     * @param shown the day of the last one that was shown without [shown] being told, in days since 1970-01-01.
     */
    suspend fun next(shown: Int? = null): ReminderNote? {
        if (phone.call { core.member() } == null) return null
        val choice = choice().settings()
        val last = listOfNotNull(phone.call { settings.draft(SHOWN) }?.toIntOrNull(), shown).maxOrNull()
        return phone.call { settings.reminder(choice, last) }?.note()
    }

    /** That day's reminder was shown, or was not needed. */
    suspend fun shown(day: Int) = phone.keepDraft(SHOWN, day.toString())

    internal suspend fun choice(): ReminderChoice =
        phone.call { settings.draft(CHOICE) }?.let(ReminderChoice::parse) ?: ReminderChoice()

    internal suspend fun keep(choice: ReminderChoice) = phone.keepDraft(CHOICE, choice.text())

    private fun Reminder.note() = ReminderNote(at.ms, title, body, LINK)

    private companion object {
        /** Under which ids the core keeps what was chosen, and the day of the last reminder. */
        const val CHOICE = "reminder"
        const val SHOWN = "reminder.shown"
        const val LINK = "dangjian://study"
    }
}

private const val DAY_MIN = 1_440

/** What the member chose; minutes are after midnight. */
internal data class ReminderChoice(
    val enabled: Boolean = true,
    val atMin: Int = 5 * 60,
    val quietFromMin: Int = 22 * 60,
    val quietToMin: Int = 5 * 60,
    val rank: Boolean = false,
    val required: Boolean = false,
) {
    fun settings() =
        ReminderSettings(
            enabled,
            atMin.toUShort(),
            quietFromMin.toUShort(),
            quietToMin.toUShort(),
            rank,
            required,
        )

    /** One setting a line. */
    fun text() =
        listOf(
            "enabled=$enabled",
            "at=$atMin",
            "quietFrom=$quietFromMin",
            "quietTo=$quietToMin",
            "rank=$rank",
            "required=$required",
        ).joinToString("\n")

    companion object {
        /** Takes what it understands; whatever else stands there is as if it had not been chosen. */
        fun parse(text: String): ReminderChoice {
            val kept = text.lines().associate { it.substringBefore('=') to it.substringAfter('=', "") }
            val standard = ReminderChoice()

            fun minute(name: String) = kept[name]?.toIntOrNull()?.takeIf { it in 0 until DAY_MIN }

            fun flag(name: String) = kept[name]?.toBooleanStrictOrNull()
            return ReminderChoice(
                flag("enabled") ?: standard.enabled,
                minute("at") ?: standard.atMin,
                minute("quietFrom") ?: standard.quietFromMin,
                minute("quietTo") ?: standard.quietToMin,
                flag("rank") ?: standard.rank,
                flag("required") ?: standard.required,
            )
        }
    }
}

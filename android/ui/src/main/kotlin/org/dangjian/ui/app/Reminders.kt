package org.dangjian.ui.app

import androidx.compose.runtime.Immutable
import kotlinx.coroutines.flow.StateFlow

/** Whether and when the person wants to be reminded to study. */
@Immutable
data class ReminderChoice(
    val on: Boolean = false,
    /** Minutes after midnight. */
    val atMin: Int = 5 * 60,
    /** It is on, and the phone does not let the app show it. */
    val blocked: Boolean = false,
)

/** The reminders of whatever the app runs on. */
interface Reminders {
    val choice: StateFlow<ReminderChoice>

    /** Turns them on or off. Turning them on may make the phone ask whether the app may show them. */
    fun turn(on: Boolean)

    /** @param min minutes after midnight. */
    fun at(min: Int)
}

package org.dangjian.ui.app

import kotlinx.coroutines.flow.StateFlow

/**
 * Whatever shows reminders on what the app runs on. What was chosen, what is said and when is for
 * [org.dangjian.ui.bridge.Reminders] to tell; this has the phone ring then.
 */
interface Reminding {
    /** Whether the phone does not let the app show any. */
    val blocked: StateFlow<Boolean>

    /** The person chose something else: what is planned may be wrong. */
    fun changed()

    /** Asks the person whether the app may show them. */
    fun ask()
}

package org.dangjian.ui.app

import androidx.compose.ui.text.font.FontFamily
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone

/** What the app is given by whatever it runs on: an Android activity, or a window on the desktop. */
interface Shell {
    /** 「0.1.0」 */
    val version: String

    val fontFamily: FontFamily

    /** Who can be chosen without typing; nobody on somebody's own phone. */
    val people: List<Access>

    /** The phone of [person], or of whoever owns this one. It is opened once and stays open. */
    suspend fun open(person: Access?): Phone

    /** What [keep] was given last; read on the thread that draws, so it must be at hand. */
    fun kept(): String?

    /** Keeps how the person wants the app to look. */
    fun keep(preferences: String)

    /** Where there is somebody to remind: not on a desktop. */
    val reminding: Reminding? get() = null
}

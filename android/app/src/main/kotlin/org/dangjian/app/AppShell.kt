package org.dangjian.app

import android.content.Context
import androidx.compose.ui.text.font.FontFamily
import org.dangjian.ui.app.Reminding
import org.dangjian.ui.app.Shell
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone

/**
 * Android as the app sees it. Belongs to the process, not to an activity: view models keep it over a turn of the phone.
 */
internal class AppShell(
    private val app: DangjianApp,
) : Shell {
    private val look = app.getSharedPreferences(LOOK, Context.MODE_PRIVATE)

    override val version: String = BuildConfig.VERSION_NAME

    /** The phone's own, which is what its owner reads everywhere else. */
    override val fontFamily: FontFamily = FontFamily.Default

    /** Made-up people are for the desktop. */
    override val people: List<Access> = emptyList()

    override val reminding: Reminding get() = app.reminders

    override suspend fun open(person: Access?): Phone = app.phone()

    override fun kept(): String? = look.getString(PREFERENCES, null)

    override fun keep(preferences: String) = look.edit().putString(PREFERENCES, preferences).apply()

    internal companion object {
        /** The only file in backups (`res/xml/backup_rules.xml`): how the app looks is worth taking to a new phone. */
        const val LOOK = "look"
        private const val PREFERENCES = "preferences"
    }
}

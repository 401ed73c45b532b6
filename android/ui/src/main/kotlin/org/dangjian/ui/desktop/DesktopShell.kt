package org.dangjian.ui.desktop

import androidx.compose.ui.text.font.FontFamily
import org.dangjian.ui.app.Shell
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone
import java.io.File

private val font = desktopFont()

/**
 * A window of the app.
 *
 * @param looks where the choice of looks is kept; nowhere if absent.
 */
class DesktopShell(
    private val town: Town,
    private val looks: File? = null,
    override val people: List<Access> = town.people,
) : Shell {
    /** The phone that is seen in it. */
    var phone: Phone? = null
        private set

    override val version: String = VERSION
    override val fontFamily: FontFamily = font

    override suspend fun open(person: Access?): Phone = town.phone(person).also { phone = it }

    override fun kept(): String? = looks?.takeIf(File::exists)?.readText()

    override fun keep(preferences: String) {
        looks?.writeText(preferences)
    }

    private companion object {
        const val VERSION = "0.1.0"
    }
}

package org.dangjian.ui.app

import androidx.compose.runtime.Immutable
import org.dangjian.ui.me.Appearance
import org.dangjian.ui.me.FONT_STEPS
import org.dangjian.ui.reader.TEXT_SIZES

/** How a person wants the app to look. Kept on the phone, not in the account. */
@Immutable
data class Preferences(
    /** 长辈版. */
    val elder: Boolean = false,
    /** Place in [FONT_STEPS]. */
    val fontStep: Int = 1,
    val appearance: Appearance = Appearance.System,
    val highContrast: Boolean = false,
    /** Of the reader, sp; absent until it was chosen. */
    val textSize: Int? = null,
) {
    /** One setting a line. */
    fun text(): String =
        listOfNotNull(
            "elder=$elder",
            "fontStep=$fontStep",
            "appearance=${appearance.name}",
            "highContrast=$highContrast",
            textSize?.let { "textSize=$it" },
        ).joinToString("\n")

    companion object {
        /** Takes what it understands; whatever else stands there is as if it had not been chosen. */
        fun parse(text: String): Preferences {
            val settings = text.lines().associate { it.substringBefore('=') to it.substringAfter('=', "") }
            val standard = Preferences()
            return Preferences(
                elder = settings["elder"]?.toBooleanStrictOrNull() ?: standard.elder,
                fontStep =
                    settings["fontStep"]?.toIntOrNull()?.takeIf {
                        it in FONT_STEPS.indices
                    } ?: standard.fontStep,
                appearance =
                    Appearance.entries.firstOrNull { it.name == settings["appearance"] } ?: standard.appearance,
                highContrast = settings["highContrast"]?.toBooleanStrictOrNull() ?: standard.highContrast,
                textSize = settings["textSize"]?.toIntOrNull()?.takeIf { it in TEXT_SIZES },
            )
        }
    }
}

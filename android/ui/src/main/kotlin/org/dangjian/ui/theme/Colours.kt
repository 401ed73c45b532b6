package org.dangjian.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color

/**
 * Every colour there is. Red means "ours" and "do this", never "wrong": [error] is crimson and never stands without an icon
 * and words. [fill] is apart from [primary] because text on the dark ground needs a lighter red than a button does.
 */
@Immutable
data class Colours(
    val dark: Boolean,
    val highContrast: Boolean,
    val background: Color,
    val surface: Color,
    val surfaceContainer: Color,
    val onSurface: Color,
    val onSurfaceVariant: Color,
    val outline: Color,
    val outlineVariant: Color,
    /** Text, icons, the ring. */
    val primary: Color,
    /** Filled buttons, badges, switches. */
    val fill: Color,
    val onFill: Color,
    val primaryContainer: Color,
    val onPrimaryContainer: Color,
    val ok: Color,
    val okContainer: Color,
    val warn: Color,
    val warnContainer: Color,
    val info: Color,
    val infoContainer: Color,
    val error: Color,
    val errorContainer: Color,
    val honour: Color,
    val honourContainer: Color,
    val scrim: Color,
)

val LightColours =
    Colours(
        dark = false,
        highContrast = false,
        background = Color(0xFFF6F5F3),
        surface = Color(0xFFFFFFFF),
        surfaceContainer = Color(0xFFEFEDEA),
        onSurface = Color(0xFF1C1B1A),
        onSurfaceVariant = Color(0xFF57534E),
        outline = Color(0xFF86817B),
        outlineVariant = Color(0xFFE3E0DC),
        primary = Color(0xFFB3181E),
        fill = Color(0xFFB3181E),
        onFill = Color(0xFFFFFFFF),
        primaryContainer = Color(0xFFFFE4E0),
        onPrimaryContainer = Color(0xFF7A0C12),
        ok = Color(0xFF1A6B3C),
        okContainer = Color(0xFFDDF3E4),
        warn = Color(0xFF8A4B00),
        warnContainer = Color(0xFFFFE9CF),
        info = Color(0xFF1D5C9E),
        infoContainer = Color(0xFFE0ECFA),
        error = Color(0xFF8E1247),
        errorContainer = Color(0xFFFBE3EC),
        honour = Color(0xFF7A5600),
        honourContainer = Color(0xFFFFEDC7),
        scrim = Color(0x85141210),
    )

val DarkColours =
    Colours(
        dark = true,
        highContrast = false,
        background = Color(0xFF141312),
        surface = Color(0xFF1F1E1C),
        surfaceContainer = Color(0xFF2B2926),
        onSurface = Color(0xFFECE8E4),
        onSurfaceVariant = Color(0xFFBDB7B0),
        outline = Color(0xFF958F88),
        outlineVariant = Color(0xFF3A3734),
        primary = Color(0xFFFF7A70),
        fill = Color(0xFFCE3238),
        onFill = Color(0xFFFFFFFF),
        primaryContainer = Color(0xFF5E1518),
        onPrimaryContainer = Color(0xFFFFDAD6),
        ok = Color(0xFF8FDAA7),
        okContainer = Color(0xFF123D24),
        warn = Color(0xFFFFBC78),
        warnContainer = Color(0xFF4A2A00),
        info = Color(0xFFA9CCF7),
        infoContainer = Color(0xFF15365C),
        error = Color(0xFFFFB1CC),
        errorContainer = Color(0xFF5A0B2E),
        honour = Color(0xFFF2C566),
        honourContainer = Color(0xFF453200),
        scrim = Color(0x99000000),
    )

/** Containers are plain and get a border of 2 dp in the colour of their words. */
val HighContrastLightColours =
    Colours(
        dark = false,
        highContrast = true,
        background = Color(0xFFFFFFFF),
        surface = Color(0xFFFFFFFF),
        surfaceContainer = Color(0xFFF2F2F2),
        onSurface = Color(0xFF000000),
        onSurfaceVariant = Color(0xFF2B2926),
        outline = Color(0xFF1C1B1A),
        outlineVariant = Color(0xFF1C1B1A),
        primary = Color(0xFF8C0A10),
        fill = Color(0xFF8C0A10),
        onFill = Color(0xFFFFFFFF),
        primaryContainer = Color(0xFFFFFFFF),
        onPrimaryContainer = Color(0xFF8C0A10),
        ok = Color(0xFF0B4A26),
        okContainer = Color(0xFFFFFFFF),
        warn = Color(0xFF5E3200),
        warnContainer = Color(0xFFFFFFFF),
        info = Color(0xFF0E3F73),
        infoContainer = Color(0xFFFFFFFF),
        error = Color(0xFF6A0732),
        errorContainer = Color(0xFFFFFFFF),
        honour = Color(0xFF4F3700),
        honourContainer = Color(0xFFFFFFFF),
        scrim = Color(0x99000000),
    )

val HighContrastDarkColours =
    Colours(
        dark = true,
        highContrast = true,
        background = Color(0xFF000000),
        surface = Color(0xFF000000),
        surfaceContainer = Color(0xFF1A1A1A),
        onSurface = Color(0xFFFFFFFF),
        onSurfaceVariant = Color(0xFFE6E2DE),
        outline = Color(0xFFE6E2DE),
        outlineVariant = Color(0xFFE6E2DE),
        primary = Color(0xFFFFA59E),
        fill = Color(0xFFFFA59E),
        onFill = Color(0xFF000000),
        primaryContainer = Color(0xFF000000),
        onPrimaryContainer = Color(0xFFFFA59E),
        ok = Color(0xFFA9F0BF),
        okContainer = Color(0xFF000000),
        warn = Color(0xFFFFD0A1),
        warnContainer = Color(0xFF000000),
        info = Color(0xFFC7DFFF),
        infoContainer = Color(0xFF000000),
        error = Color(0xFFFFC7DB),
        errorContainer = Color(0xFF000000),
        honour = Color(0xFFFFDB8F),
        honourContainer = Color(0xFF000000),
        scrim = Color(0xCC000000),
    )

/** The table for a mode. */
fun coloursOf(
    dark: Boolean,
    highContrast: Boolean,
): Colours =
    when {
        highContrast && dark -> HighContrastDarkColours
        highContrast -> HighContrastLightColours
        dark -> DarkColours
        else -> LightColours
    }

/** For the parts of Material 3 that are used as they are: ripples, text fields, selection. No dynamic colour. */
internal fun Colours.toColorScheme(): ColorScheme =
    (if (dark) darkColorScheme() else lightColorScheme()).copy(
        primary = primary,
        onPrimary = onFill,
        primaryContainer = primaryContainer,
        onPrimaryContainer = onPrimaryContainer,
        secondary = onSurfaceVariant,
        onSecondary = surface,
        secondaryContainer = surfaceContainer,
        onSecondaryContainer = onSurface,
        tertiary = honour,
        onTertiary = surface,
        tertiaryContainer = honourContainer,
        onTertiaryContainer = honour,
        background = background,
        onBackground = onSurface,
        surface = surface,
        onSurface = onSurface,
        surfaceVariant = surfaceContainer,
        onSurfaceVariant = onSurfaceVariant,
        surfaceContainer = surfaceContainer,
        surfaceTint = surface,
        error = error,
        onError = surface,
        errorContainer = errorContainer,
        onErrorContainer = error,
        outline = outline,
        outlineVariant = outlineVariant,
        scrim = scrim,
    )

internal val LocalColours = staticCompositionLocalOf { LightColours }

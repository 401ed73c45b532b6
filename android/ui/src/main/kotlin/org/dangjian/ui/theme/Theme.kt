package org.dangjian.ui.theme

import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.Density

enum class ThemeMode { Light, Dark }

/**
 * What every screen stands in.
 *
 * @param fontScale multiplies the system's own scale.
 * @param fontFamily the system's font on a phone; on the desktop `org.dangjian.ui.desktop.desktopFont()`.
 */
@Composable
fun DangjianTheme(
    mode: ThemeMode = ThemeMode.Light,
    highContrast: Boolean = false,
    elder: Boolean = false,
    fontScale: Float = 1f,
    fontFamily: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val colours = coloursOf(mode == ThemeMode.Dark, highContrast)
    val type = remember(elder, fontFamily) { typeOf(elder, fontFamily) }
    val scheme = remember(colours) { colours.toColorScheme() }
    val system = LocalDensity.current
    MaterialTheme(colorScheme = scheme) {
        CompositionLocalProvider(
            LocalColours provides colours,
            LocalType provides type,
            LocalSpace provides if (elder) ElderSpace else StandardSpace,
            LocalElder provides elder,
            LocalDensity provides Density(system.density, system.fontScale * fontScale),
            LocalContentColor provides colours.onSurface,
            LocalTextStyle provides type.body,
            content = content,
        )
    }
}

internal val LocalElder = staticCompositionLocalOf { false }

/** The theme's values at a place. */
object Dangjian {
    val colours: Colours
        @Composable @ReadOnlyComposable
        get() = LocalColours.current

    val type: Type
        @Composable @ReadOnlyComposable
        get() = LocalType.current

    val space: Space
        @Composable @ReadOnlyComposable
        get() = LocalSpace.current

    /** 长辈版. */
    val elder: Boolean
        @Composable @ReadOnlyComposable
        get() = LocalElder.current

    /** Letters so large that what stands side by side must stand one below the other. */
    val largeText: Boolean
        @Composable @ReadOnlyComposable
        get() = LocalDensity.current.fontScale >= 1.5f
}

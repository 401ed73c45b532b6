package org.dangjian.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.dangjian.ui.theme.Colours
import org.dangjian.ui.theme.DarkColours
import org.dangjian.ui.theme.HighContrastDarkColours
import org.dangjian.ui.theme.HighContrastLightColours
import org.dangjian.ui.theme.LightColours
import kotlin.math.max
import kotlin.math.min
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** WCAG 2.2: text 4.5 : 1, shapes 3 : 1, computed from the tables. */
class ContrastTest {
    private val tables =
        mapOf(
            "light" to LightColours,
            "dark" to DarkColours,
            "high contrast light" to HighContrastLightColours,
            "high contrast dark" to HighContrastDarkColours,
        )

    private fun contrast(
        a: Color,
        b: Color,
    ): Float = (max(a.luminance(), b.luminance()) + 0.05f) / (min(a.luminance(), b.luminance()) + 0.05f)

    /** Every colour of text with every ground it stands on. */
    private fun texts(colours: Colours): Map<String, Pair<Color, Color>> =
        with(colours) {
            mapOf(
                "onSurface on surface" to (onSurface to surface),
                "onSurface on background" to (onSurface to background),
                "onSurface on surfaceContainer" to (onSurface to surfaceContainer),
                "onSurfaceVariant on surface" to (onSurfaceVariant to surface),
                "onSurfaceVariant on background" to (onSurfaceVariant to background),
                "onSurfaceVariant on surfaceContainer" to (onSurfaceVariant to surfaceContainer),
                "primary on surface" to (primary to surface),
                "primary on background" to (primary to background),
                "onFill on fill" to (onFill to fill),
                "onPrimaryContainer" to (onPrimaryContainer to primaryContainer),
                "ok on its container" to (ok to okContainer),
                "ok on surface" to (ok to surface),
                "warn on its container" to (warn to warnContainer),
                "info on its container" to (info to infoContainer),
                "error on its container" to (error to errorContainer),
                "error on surface" to (error to surface),
                "honour on its container" to (honour to honourContainer),
            )
        }

    @Test
    fun text_can_be_read_in_every_mode() {
        for ((mode, colours) in tables) {
            for ((pair, both) in texts(colours)) {
                val contrast = contrast(both.first, both.second)
                val least = if (colours.highContrast) 9.69f else 4.5f
                assertTrue(contrast >= least, "$mode: $pair is $contrast")
            }
        }
    }

    @Test
    fun shapes_can_be_told_from_their_ground_in_every_mode() {
        for ((mode, colours) in tables) {
            with(colours) {
                mapOf(
                    "fill on surface" to (fill to surface),
                    "fill on background" to (fill to background),
                    "outline on background" to (outline to background),
                    "outline on surface" to (outline to surface),
                    "primary on surfaceContainer" to (primary to surfaceContainer),
                ).forEach { (pair, both) ->
                    val contrast = contrast(both.first, both.second)
                    assertTrue(contrast >= 3f, "$mode: $pair is $contrast")
                }
            }
        }
    }

    @Test
    fun the_tables_have_the_contrasts_they_were_chosen_for() {
        fun Colours.check(
            expected: Float,
            pair: Colours.() -> Pair<Color, Color>,
        ) = pair().let { (a, b) -> assertEquals(expected, contrast(a, b), 0.06f) }
        LightColours.check(17.2f) { onSurface to surface }
        DarkColours.check(13.7f) { onSurface to surface }
        LightColours.check(6.5f) { onSurfaceVariant to surfaceContainer }
        DarkColours.check(7.3f) { onSurfaceVariant to surfaceContainer }
        LightColours.check(6.8f) { primary to surface }
        DarkColours.check(6.6f) { primary to surface }
        LightColours.check(6.8f) { onFill to fill }
        DarkColours.check(5.1f) { onFill to fill }
        DarkColours.check(3.3f) { fill to surface }
        LightColours.check(3.5f) { outline to background }
        DarkColours.check(5.8f) { outline to background }
    }
}

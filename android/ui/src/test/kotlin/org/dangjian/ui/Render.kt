package org.dangjian.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.Density
import org.dangjian.ui.desktop.desktopFont
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.DangjianTheme
import org.dangjian.ui.theme.ThemeMode
import org.jetbrains.skia.EncodedImageFormat
import java.io.File
import javax.imageio.ImageIO

/** How a screen is looked at. */
enum class Mode(
    val suffix: String,
    val theme: ThemeMode = ThemeMode.Light,
    val highContrast: Boolean = false,
    val elder: Boolean = false,
    val fontScale: Float = 1f,
) {
    Light("light"),
    Dark("dark", ThemeMode.Dark),
    HighContrast("hc", highContrast = true),
    HighContrastDark("hc-dark", ThemeMode.Dark, highContrast = true),
    Elder("elder", elder = true),
    ElderDark("elder-dark", ThemeMode.Dark, elder = true),
    ElderLarge("elder-200", elder = true, fontScale = 2f),
    Large("200", fontScale = 2f),
    ;

    /** Letters twice as large need a taller picture. */
    val large get() = fontScale > 1f
}

/** How every state of every screen is looked at, at the least. */
val EVERY_STATE = listOf(Mode.Light, Mode.Dark, Mode.Elder)

const val WIDTH_DP = 412
const val HEIGHT_DP = 915
const val DENSITY = 2f

private val font = desktopFont()

@Composable
fun Themed(
    mode: Mode,
    content: @Composable () -> Unit,
) {
    DangjianTheme(mode.theme, mode.highContrast, mode.elder, mode.fontScale, font) {
        Box(Modifier.fillMaxSize().background(Dangjian.colours.background)) { content() }
    }
}

/** The screen as PNG, without a display. A few frames are drawn, so that what starts with the first is there. */
fun renderPng(
    mode: Mode,
    heightDp: Int = HEIGHT_DP,
    widthDp: Int = WIDTH_DP,
    content: @Composable () -> Unit,
): ByteArray {
    val scene =
        ImageComposeScene((widthDp * DENSITY).toInt(), (heightDp * DENSITY).toInt(), Density(DENSITY)) {
            Themed(mode, content)
        }
    try {
        var image = scene.render(0)
        for (frame in 1..4L) image = scene.render(frame * 500_000_000L)
        return checkNotNull(image.encodeToData(EncodedImageFormat.PNG)).bytes
    } finally {
        scene.close()
    }
}

/** Where the module is, wherever the tests are started from. */
val moduleDir = File(System.getProperty("ui.dir") ?: ".")

/** The pictures just made. */
val madeDir = File(moduleDir, "target/screens").apply { mkdirs() }

/** The pictures somebody looked at. */
val approvedDir = File(moduleDir, "src/test/screens")

/** What part of all pixels may be off. */
private const val MOST_DIFFERENT = 0.0005

/**
 * Renders a state of a screen and compares with the approved pictures; `-Dscreens.update=true` approves instead.
 *
 * @param more ways to look at it beyond [EVERY_STATE].
 * @param largeHeightDp for those with letters twice as large.
 * @param elder what elders have in place of [content], where that is a screen of its own. It is looked at in the dark too.
 */
fun checkScreen(
    name: String,
    more: List<Mode> = emptyList(),
    heightDp: Int = HEIGHT_DP,
    widthDp: Int = WIDTH_DP,
    largeHeightDp: Int = heightDp,
    elder: (@Composable () -> Unit)? = null,
    content: @Composable () -> Unit,
) {
    val own = if (elder == null) emptyList() else listOf(Mode.ElderDark)
    val complaints =
        (EVERY_STATE + own + more).distinct().mapNotNull { mode ->
            val screen = if (mode.elder) elder ?: content else content
            val height = if (mode.large) largeHeightDp else heightDp
            checkPicture("$name-${mode.suffix}.png", renderPng(mode, height, widthDp, screen))
        }
    check(complaints.isEmpty()) { complaints.joinToString("\n") }
}

/** What is wrong with a picture. */
private fun checkPicture(
    file: String,
    png: ByteArray,
): String? {
    val full = File(madeDir, file).apply { writeBytes(png) }
    val made = halved(png)
    val approved = File(approvedDir, file)
    val difference = if (approved.exists()) difference(made, ImageIO.read(approved)) else 1.0
    if (difference <= MOST_DIFFERENT) return null
    if (System.getProperty("screens.update") == "true") {
        approved.parentFile.mkdirs()
        keep(made, approved)
        return null
    }
    return if (approved.exists()) {
        "$file: ${"%.3f".format(difference * 100)} % of the pixels differ; compare $full with $approved"
    } else {
        "$file was never approved: look at $full, then run with -Dscreens.update=true"
    }
}

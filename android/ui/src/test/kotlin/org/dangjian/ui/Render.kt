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
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO
import kotlin.math.abs

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
}

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

/** The pictures somebody looked at, at half the size: that keeps them small, and a hair's breadth is averaged away. */
val approvedDir = File(moduleDir, "src/test/screens")

private val CHANNELS = listOf(0, 8, 16)

/** How much a channel may be off, of 255. */
private const val TOLERANCE = 16

/** What part of all pixels may be off by more. */
private const val MOST_DIFFERENT = 0.0005

private fun Int.channel(shift: Int) = this shr shift and 0xFF

private fun halved(image: BufferedImage): BufferedImage {
    val half = BufferedImage(image.width / 2, image.height / 2, BufferedImage.TYPE_INT_RGB)
    for (y in 0 until half.height) {
        for (x in 0 until half.width) {
            val four = (0..3).map { image.getRGB(2 * x + it % 2, 2 * y + it / 2) }
            half.setRGB(x, y, CHANNELS.sumOf { shift -> (four.sumOf { it.channel(shift) } + 2) / 4 shl shift })
        }
    }
    return half
}

private fun difference(
    made: BufferedImage,
    approved: BufferedImage,
): Double {
    if (made.width != approved.width || made.height != approved.height) return 1.0
    var different = 0
    for (y in 0 until made.height) {
        for (x in 0 until made.width) {
            val a = made.getRGB(x, y)
            val b = approved.getRGB(x, y)
            if (a != b && CHANNELS.any { abs(a.channel(it) - b.channel(it)) > TOLERANCE }) different++
        }
    }
    return different.toDouble() / (made.width * made.height)
}

/** Renders in every one of [modes] and compares with the approved pictures; `-Dscreens.update=true` approves instead. */
fun checkScreen(
    name: String,
    modes: List<Mode>,
    heightDp: Int = HEIGHT_DP,
    widthDp: Int = WIDTH_DP,
    content: @Composable () -> Unit,
) {
    val complaints =
        modes.mapNotNull { mode ->
            checkScreen("$name-${mode.suffix}.png", renderPng(mode, heightDp, widthDp, content))
        }
    check(complaints.isEmpty()) { complaints.joinToString("\n") }
}

/** What is wrong with a picture. */
private fun checkScreen(
    file: String,
    png: ByteArray,
): String? {
    val full = File(madeDir, file).apply { writeBytes(png) }
    val made = halved(ImageIO.read(full))
    val approved = File(approvedDir, file)
    val difference = if (approved.exists()) difference(made, ImageIO.read(approved)) else 1.0
    if (difference <= MOST_DIFFERENT) return null
    if (System.getProperty("screens.update") == "true") {
        approved.parentFile.mkdirs()
        ImageIO.write(made, "png", approved)
        return null
    }
    return if (approved.exists()) {
        "$file: ${"%.3f".format(difference * 100)} % of the pixels differ; compare $full with $approved"
    } else {
        "$file was never approved: look at $full, then run with -Dscreens.update=true"
    }
}

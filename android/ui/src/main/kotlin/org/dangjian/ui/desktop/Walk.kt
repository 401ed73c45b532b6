@file:OptIn(ExperimentalTestApi::class)

package org.dangjian.ui.desktop

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.click
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.unit.Density
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import kotlinx.coroutines.runBlocking
import org.dangjian.ui.app.App
import org.dangjian.ui.app.Preferences
import org.dangjian.ui.app.PreferencesModel
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.me.Appearance
import java.io.File
import javax.imageio.ImageIO

private const val WIDTH_DP = 412
private const val HEIGHT_DP = 915
private const val DENSITY = 2f

/** How long nothing changes on a screen that is at rest, ms. A clock that runs changes each second. */
private const val REST_MS = 400L

/** How a screen is looked at. */
enum class Look(
    val suffix: String,
    val preferences: Preferences,
) {
    Light("light", Preferences(appearance = Appearance.Light)),
    Dark("dark", Preferences(appearance = Appearance.Dark)),
    Elder("elder", Preferences(elder = true, appearance = Appearance.Light)),
}

/** Somebody who goes through the app and takes pictures. */
class Walk(
    hands: Hands,
    private val shell: DesktopShell,
    private val looks: PreferencesModel,
    private val clock: LocalClock,
    private val out: File,
) : Hands(hands) {
    /** Pictures taken. */
    var pictures = 0
        private set

    val phone: Phone get() = checkNotNull(shell.phone) { "no phone was opened" }

    /** Takes this screen's picture in [looks]. */
    fun picture(
        name: String,
        vararg looks: Look = Look.entries.toTypedArray(),
    ) {
        looks.forEach { look ->
            this.looks.change { look.preferences }
            // 今日 for elders is a screen of its own, which reads first.
            settles()
            val image = onRoot().captureToImage().toAwtImage()
            ImageIO.write(image, "png", File(out, "$name-${look.suffix}.png"))
            pictures++
        }
        this.looks.change { Look.Light.preferences }
        waitForIdle()
    }

    /** What is done in [steps] is done without a network. */
    fun offline(steps: () -> Unit) {
        waits("nothing is under way") {
            phone.core.core
                .status()
                .run { online && !syncing && queued == 0uL }
        }
        runBlocking { phone.network(false) }
        steps()
        runBlocking { phone.network(true) }
    }

    /** Waits until what the screen shows stays as it is for a while. */
    fun settles() {
        var before = texts()
        var since = System.nanoTime()
        waits("the screen is at rest") {
            val now = texts()
            if (now != before) since = System.nanoTime()
            before = now
            System.nanoTime() - since > REST_MS * 1_000_000
        }
    }

    /** Touches the screen, as one does in reading. */
    fun touches() = onRoot().performTouchInput { click(center) }

    /** Lets time pass for everybody. */
    fun pass(ms: Long) = clock.pass(ms)
}

/** Opens the app on a phone-sized screen and goes through it; gives how many pictures were taken. */
fun walk(
    town: Town,
    out: File,
    walk: Walk.() -> Unit,
): Int {
    var pictures = 0
    hands(Size(WIDTH_DP * DENSITY, HEIGHT_DP * DENSITY), Density(DENSITY)) {
        val shell = DesktopShell(town)
        val looks = PreferencesModel(shell).apply { change { Look.Light.preferences } }
        val owner = Owner()
        atTheEnd { owner.viewModelStore.clear() }
        shows {
            CompositionLocalProvider(LocalViewModelStoreOwner provides owner) { App(shell, settings = looks) }
        }
        val walker = Walk(this, shell, looks, town.clock, out)
        walker.walk()
        pictures = walker.pictures
    }
    return pictures
}

package org.dangjian.ui.desktop

import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.WindowPosition
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import kotlinx.coroutines.runBlocking
import org.dangjian.ui.app.App
import java.awt.GraphicsEnvironment
import java.io.File
import kotlin.system.exitProcess

private const val USAGE = "usage: --data DIR --server URL [--screens DIR]"
private const val PHONE_WIDTH = 412
private const val PHONE_HEIGHT = 915
private const val MOST_WINDOWS = 2

/** How much of the display's height a window leaves to bars and titles. */
private const val SPARE = 60

/**
 * The app on the desktop: two phones side by side, or the pictures of a tour.
 *
 * `--data DIR --server URL [--screens DIR]`
 */
fun main(arguments: Array<String>) {
    val options = arguments.toList().chunked(2).associate { it.first() to it.getOrNull(1) }
    val data = options["--data"]
    val server = options["--server"]
    if (data == null || server == null || !options.keys.all { it in setOf("--data", "--server", "--screens") }) {
        System.err.println(USAGE)
        exitProcess(2)
    }
    val town = Town(File(data), server)
    val screens = options["--screens"]
    if (screens == null) {
        windows(town, File(data))
    } else {
        Screens(town, File(screens)).take()
        runBlocking { town.close() }
        exitProcess(0)
    }
}

internal fun windows(
    town: Town,
    data: File,
) {
    val display = GraphicsEnvironment.getLocalGraphicsEnvironment().maximumWindowBounds
    val height = minOf(PHONE_HEIGHT, display.height - SPARE)
    val count = (display.width / PHONE_WIDTH).coerceIn(1, MOST_WINDOWS)
    application {
        repeat(count) { index ->
            val shell = remember { DesktopShell(town, File(data, "looks-${index + 1}")) }
            val state =
                rememberWindowState(
                    size = DpSize(PHONE_WIDTH.dp, height.dp),
                    position = WindowPosition((index * (PHONE_WIDTH + 8)).dp, 0.dp),
                )
            Window(
                onCloseRequest = {
                    runBlocking { town.close() }
                    exitApplication()
                },
                state = state,
                title = DesktopStrings.title(index + 1),
            ) {
                LaunchedEffect(state.isMinimized) { shell.phone?.foreground(!state.isMinimized) }
                App(shell)
            }
        }
    }
}

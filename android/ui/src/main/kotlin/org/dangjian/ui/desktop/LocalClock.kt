package org.dangjian.ui.desktop

import org.dangjian.core.Clock
import org.dangjian.core.ClockReading
import org.dangjian.core.Timestamp
import org.dangjian.core.systemClock
import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption

/**
 * This machine's clock, as far ahead as the server's of the same tour: both read from [file] by how many milliseconds.
 * Without the file it is the machine's.
 */
class LocalClock(
    private val file: File,
) : Clock {
    private val machine = systemClock()
    private val first = ahead()

    override fun read(): ClockReading {
        val (here, ahead) = machine.read() to ahead()
        return here.copy(wall = Timestamp(here.wall.ms + ahead), bootMs = here.bootMs + ahead - first)
    }

    /** Lets time pass for everybody. */
    fun pass(ms: Long) {
        // Renamed into place: the server may be reading.
        val new = File(file.path + ".new").apply { writeText("${ahead() + ms}\n") }
        Files.move(new.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE)
    }

    private fun ahead(): Long = if (file.exists()) file.readText().trim().toLongOrNull() ?: 0 else 0
}

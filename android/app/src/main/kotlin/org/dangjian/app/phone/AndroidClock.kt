package org.dangjian.app.phone

import android.content.ContentResolver
import android.os.SystemClock
import android.provider.Settings
import org.dangjian.core.Clock
import org.dangjian.core.ClockReading
import org.dangjian.core.ProviderException
import org.dangjian.core.Timestamp
import java.io.File
import java.io.IOException

/** Android's clocks. `elapsedRealtime` counts sleep too, which study and check-in need. */
internal class AndroidClock(
    private val resolver: ContentResolver,
) : Clock {
    /** It can't change while the process lives, so it is read once. */
    private val bootId: ByteArray? by lazy { ofKernel() ?: BootId.ofCount(bootCount()) }

    override fun read(): ClockReading {
        val id = bootId ?: throw ProviderException.Unavailable()
        return ClockReading(Timestamp(System.currentTimeMillis()), SystemClock.elapsedRealtime(), id.copyOf())
    }

    private fun ofKernel(): ByteArray? =
        try {
            BootId.ofKernel(File(KERNEL).readText())
        } catch (_: IOException) {
            // Some vendors forbid it.
            null
        }

    private fun bootCount() = Settings.Global.getInt(resolver, Settings.Global.BOOT_COUNT, 0)

    private companion object {
        const val KERNEL = "/proc/sys/kernel/random/boot_id"
    }
}

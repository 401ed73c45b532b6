package org.dangjian.app.phone

import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.UUID

/** Which run of the phone it is, in 16 bytes. */
internal object BootId {
    private const val BYTES = 16
    private val UUID_TEXT = Regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

    /** What Linux says in `/proc/sys/kernel/random/boot_id`; nothing if that is no UUID. */
    fun ofKernel(text: String): ByteArray? {
        val trimmed = text.trim().lowercase()
        if (!UUID_TEXT.matches(trimmed)) return null
        val id = UUID.fromString(trimmed)
        return ByteBuffer
            .allocate(BYTES)
            .putLong(id.mostSignificantBits)
            .putLong(id.leastSignificantBits)
            .array()
            .takeIf { bytes -> bytes.any { it != 0.toByte() } }
    }

    /** How often the phone was started, hashed: it only has to change with each start. */
    fun ofCount(count: Int): ByteArray? {
        if (count <= 0) return null
        val hash = MessageDigest.getInstance("SHA-256").digest("dangjian boot $count".toByteArray())
        return hash.copyOf(BYTES)
    }
}

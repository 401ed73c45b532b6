package org.dangjian.app.keys

import android.hardware.biometrics.BiometricPrompt
import java.math.BigInteger
import java.security.PublicKey
import java.security.interfaces.ECPublicKey

private const val COORDINATE = 32
private const val UNCOMPRESSED: Byte = 4

/** A P-256 key as the core takes it: 65 bytes, 4 and both coordinates. Nothing if it is another kind of key. */
internal fun PublicKey.uncompressed(): ByteArray? {
    val key = this as? ECPublicKey ?: return null
    if (key.params.order.bitLength() != COORDINATE * Byte.SIZE_BITS) return null
    return byteArrayOf(UNCOMPRESSED) + key.w.affineX.padded() + key.w.affineY.padded()
}

/** [BigInteger] drops leading zeros and adds one where the highest bit is set. */
private fun BigInteger.padded(): ByteArray {
    val bytes = toByteArray().dropWhile { it == 0.toByte() }
    return ByteArray(COORDINATE - bytes.size) + bytes
}

/** What lies in the file key's file: one byte that says how it is written, the nonce, the wrapped key with its tag. */
internal class WrappedKey(
    val nonce: ByteArray,
    val sealed: ByteArray,
) {
    fun bytes(): ByteArray = byteArrayOf(FORMAT) + nonce + sealed

    companion object {
        const val NONCE = 12
        const val TAG = 16
        const val KEY = 32
        private const val FORMAT: Byte = 1

        /** Nothing if these bytes are no wrapped key: then it is lost, and must not be replaced unasked. */
        fun parse(bytes: ByteArray): WrappedKey? {
            if (bytes.size != 1 + NONCE + KEY + TAG || bytes[0] != FORMAT) return null
            return WrappedKey(bytes.copyOfRange(1, 1 + NONCE), bytes.copyOfRange(1 + NONCE, bytes.size))
        }
    }
}

/**
 * Whether a secure element that took so long for each of these signatures, ns, is quick enough. Each batch of
 * operations and each session waits for one: 300 ms go unnoticed there. The median, since the first one also wakes the
 * element.
 */
internal fun fastEnough(tookNs: List<Long>): Boolean = tookNs.sorted()[tookNs.size / 2] <= FAST_NS

private const val FAST_NS = 300_000_000L

/**
 * Whether the prompt ended because the person said no. That it was cancelled by the system, say because the screen went
 * dark, is no answer.
 */
internal fun saidNo(error: Int): Boolean = error == BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED

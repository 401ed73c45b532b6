package org.dangjian.app

import android.hardware.biometrics.BiometricPrompt
import org.dangjian.app.keys.WrappedKey
import org.dangjian.app.keys.fastEnough
import org.dangjian.app.keys.saidNo
import org.dangjian.app.keys.uncompressed
import java.math.BigInteger
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.PublicKey
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.security.spec.ECPoint
import java.security.spec.ECPublicKeySpec
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class EncodingTest {
    private fun ec(curve: String) =
        KeyPairGenerator.getInstance("EC").run {
            initialize(ECGenParameterSpec(curve))
            generateKeyPair().public
        }

    /** A P-256 key in its usual form ends with the 65 bytes. */
    private fun PublicKey.tail() = encoded.takeLast(65).toByteArray()

    @Test
    fun a_key_is_the_same_65_bytes_that_end_its_usual_form() =
        repeat(200) {
            val key = ec("secp256r1")
            assertContentEquals(key.tail(), key.uncompressed())
        }

    @Test
    fun coordinates_that_begin_with_zeros_keep_them() {
        val parameters = (ec("secp256r1") as ECPublicKey).params
        val key =
            object : ECPublicKey {
                override fun getParams() = parameters

                override fun getW() = ECPoint(BigInteger.ONE, BigInteger.TWO.pow(255))

                override fun getAlgorithm() = "EC"

                override fun getFormat() = "X.509"

                override fun getEncoded() = ByteArray(0)
            }
        val expected = ByteArray(65)
        expected[0] = 4
        expected[32] = 1
        expected[33] = 0x80.toByte()
        assertContentEquals(expected, key.uncompressed())
    }

    @Test
    fun what_was_encoded_is_the_same_point() {
        val key = ec("secp256r1") as ECPublicKey
        val bytes = assertNotNull(key.uncompressed())
        val point = ECPoint(BigInteger(1, bytes.copyOfRange(1, 33)), BigInteger(1, bytes.copyOfRange(33, 65)))
        assertEquals(key, KeyFactory.getInstance("EC").generatePublic(ECPublicKeySpec(point, key.params)))
    }

    @Test
    fun other_keys_are_refused() {
        assertNull(ec("secp384r1").uncompressed())
        assertNull(
            KeyPairGenerator
                .getInstance("RSA")
                .generateKeyPair()
                .public
                .uncompressed(),
        )
    }

    @Test
    fun a_wrapped_key_is_read_as_it_was_written() {
        val wrapped = WrappedKey(ByteArray(12) { 1 }, ByteArray(48) { 2 })
        val read = assertNotNull(WrappedKey.parse(wrapped.bytes()))
        assertContentEquals(wrapped.nonce, read.nonce)
        assertContentEquals(wrapped.sealed, read.sealed)
    }

    @Test
    fun damaged_files_are_no_wrapped_key() {
        val bytes = WrappedKey(ByteArray(12), ByteArray(48)).bytes()
        val damaged =
            (0 until bytes.size).map(bytes::copyOf) +
                listOf(bytes + 0, bytes.copyOf().also { it[0] = 0 }, bytes.copyOf().also { it[0] = 2 })
        damaged.forEach { assertNull(WrappedKey.parse(it)) }
    }

    @Test
    fun an_element_is_measured_by_its_middle_signature() {
        assertTrue(fastEnough(listOf(2_000_000_000, 90_000_000, 100_000_000)))
        assertTrue(fastEnough(listOf(300_000_000, 300_000_000, 300_000_000)))
        assertFalse(fastEnough(listOf(90_000_000, 300_000_001, 800_000_000)))
    }

    @Test
    fun only_a_person_says_no() {
        assertTrue(saidNo(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED))
        val others =
            listOf(
                BiometricPrompt.BIOMETRIC_ERROR_CANCELED,
                BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT,
                BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT,
                BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL,
            )
        others.forEach { assertFalse(saidNo(it)) }
    }
}

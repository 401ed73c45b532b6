package org.dangjian.app

import org.dangjian.app.phone.AndroidPush
import org.dangjian.app.phone.BootId
import org.dangjian.app.phone.NoPush
import org.dangjian.app.phone.PushAdapter
import org.dangjian.app.phone.pemOf
import org.dangjian.app.phone.placeOf
import org.dangjian.core.Place
import org.dangjian.core.Timestamp
import java.security.KeyStore
import java.security.cert.CertificateFactory
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class PhoneTest {
    @Test
    fun the_kernels_boot_id_is_its_sixteen_bytes() {
        val expected = ByteArray(16) { (0x11 * it).toByte() }
        assertContentEquals(expected, BootId.ofKernel("00112233-4455-6677-8899-aabbccddeeff\n"))
        assertContentEquals(expected, BootId.ofKernel("00112233-4455-6677-8899-AABBCCDDEEFF"))
    }

    @Test
    fun anything_else_is_no_boot_id() {
        val others =
            listOf(
                "",
                "\n",
                "0",
                "1-2-3-4-5",
                "00112233445566778899aabbccddeeff",
                "00112233-4455-6677-8899-aabbccddeefg",
                "00112233-4455-6677-8899-aabbccddeeff0",
                "00000000-0000-0000-0000-000000000000",
            )
        others.forEach { assertNull(BootId.ofKernel(it), it) }
    }

    @Test
    fun a_count_of_starts_gives_another_id_each_time_and_the_same_within_one() {
        val ids = (1..1_000).map { assertNotNull(BootId.ofCount(it)) }
        assertTrue(ids.all { it.size == 16 })
        assertEquals(1_000, ids.map { it.toList() }.toSet().size)
        assertContentEquals(ids[6], BootId.ofCount(7))
        assertNull(BootId.ofCount(0))
        assertNull(BootId.ofCount(-1))
    }

    @Test
    fun a_place_is_given_as_exactly_as_the_phone_knows_it() {
        val place = Place(259_043_210, 1_122_030_000, 13u, Timestamp(5))
        assertEquals(place, placeOf(25.904321, 112.203, 12.3f, 5))
        assertEquals(-450_000_000, placeOf(-45.0, -180.0, 0f, 5)?.latitudeE7)
        assertEquals(-1_800_000_000, placeOf(-45.0, -180.0, 0f, 5)?.longitudeE7)
    }

    @Test
    fun a_place_without_accuracy_or_off_the_earth_is_none() {
        assertNull(placeOf(25.9, 112.2, null, 5))
        assertNull(placeOf(25.9, 112.2, Float.NaN, 5))
        assertNull(placeOf(25.9, 112.2, -1f, 5))
        assertNull(placeOf(Double.NaN, 112.2, 1f, 5))
        assertNull(placeOf(90.1, 112.2, 1f, 5))
        assertNull(placeOf(25.9, 180.1, 1f, 5))
    }

    @Test
    fun trusted_certificates_are_handed_over_as_pem() {
        val managers = TrustManagerFactory.getInstance("PKIX").apply { init(null as KeyStore?) }.trustManagers
        val trusted = managers.filterIsInstance<X509TrustManager>().flatMap { it.acceptedIssuers.toList() }
        assertFalse(trusted.isEmpty())
        val factory = CertificateFactory.getInstance("X.509")
        for (certificate in trusted) {
            val pem = pemOf(certificate.encoded)
            assertTrue(pem.decodeToString().lines().all { it.length <= 64 })
            assertEquals(certificate, factory.generateCertificate(pem.inputStream()))
        }
    }

    @Test
    fun without_a_vendor_there_is_no_token() {
        assertNull(AndroidPush(NoPush).token())
        assertNull(AndroidPush(Vendor("  ")).token())
        assertEquals("abc", AndroidPush(Vendor("abc")).token())
    }

    private class Vendor(
        private val token: String,
    ) : PushAdapter {
        override fun token() = token
    }
}

package org.dangjian.app

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.dangjian.app.keys.uncompressed
import org.dangjian.app.phone.BootId
import org.dangjian.app.phone.Surroundings
import org.dangjian.app.phone.ToldPhone
import org.dangjian.app.phone.pemOf
import org.dangjian.app.reminder.civilDay
import org.dangjian.core.Clock
import org.dangjian.core.ClockReading
import org.dangjian.core.County
import org.dangjian.core.Dangjian
import org.dangjian.core.KeyStore
import org.dangjian.core.KeyUse
import org.dangjian.core.Platform
import org.dangjian.core.Timestamp
import org.dangjian.ui.bridge.Exchanged
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.bridge.Reminders
import org.dangjian.ui.bridge.exchange
import org.dangjian.ui.bridge.sleep
import org.dangjian.ui.bridge.unreadNotices
import org.dangjian.ui.bridge.wake
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import java.security.KeyStore as SystemKeyStore

/** The real core and a real server, with keys and clock as Android's are but for where they lie. */
class CoreTest {
    /** Java's own ECDSA, which Android's is modelled on: the same names, the same DER. */
    private class JavaKeys : KeyStore {
        private val pairs =
            KeyUse.entries.associateWith {
                KeyPairGenerator.getInstance("EC").run {
                    initialize(ECGenParameterSpec("secp256r1"))
                    generateKeyPair()
                }
            }

        override fun silentKey() = publicOf(KeyUse.SILENT)

        override fun presenceKey() = publicOf(KeyUse.PRESENCE)

        private fun publicOf(use: KeyUse) = checkNotNull(pairs.getValue(use).public.uncompressed())

        override fun sign(
            key: KeyUse,
            message: ByteArray,
        ): ByteArray =
            Signature.getInstance("SHA256withECDSA").run {
                initSign(pairs.getValue(key).private)
                update(message)
                sign()
            }

        override fun fileKey() = ByteArray(32) { 7 }

        override fun forgetSigningKeys() = Unit

        override fun wipe() = Unit
    }

    private object JavaClock : Clock {
        private val boot = checkNotNull(BootId.ofCount(3))

        override fun read() =
            ClockReading(Timestamp(System.currentTimeMillis()), System.nanoTime() / 1_000_000, boot.copyOf())
    }

    private val dir = County.dir("app-${System.nanoTime()}")
    private val platform = Platform(JavaKeys(), JavaClock)
    private val roots: List<ByteArray> =
        TrustManagerFactory
            .getInstance("PKIX")
            .apply { init(null as SystemKeyStore?) }
            .trustManagers
            .filterIsInstance<X509TrustManager>()
            .flatMap { it.acceptedIssuers.toList() }
            .map { pemOf(it.encoded) }
    private val config = County.config(dir).copy(roots = roots)
    private var phone: Phone? = null

    private suspend fun opened() = Phone.open(config, platform, JavaClock).also { phone = it }

    private suspend fun signIn(who: String) {
        val core = Dangjian.open(config, platform)
        try {
            County.signIn(core, County.named(who))
        } finally {
            core.close()
        }
    }

    @AfterTest
    fun close() = runBlocking { phone?.close() ?: Unit }

    @Test
    fun the_server_takes_keys_and_signatures_as_android_gives_them() =
        runBlocking {
            assertTrue(roots.size > 50)
            signIn("village1.member1")
            // Each start signs anew, and half of all signatures come out in the form that the core has to turn round.
            repeat(5) {
                val phone = opened()
                assertEquals(Exchanged.Done, phone.exchange())
                phone.close()
            }
        }

    @Test
    fun nobody_signed_in_has_nothing_to_exchange_and_no_reminder() =
        runBlocking {
            val phone = opened()
            assertEquals(Exchanged.Nobody, phone.exchange())
            assertNull(Reminders(phone).next())
            assertEquals(emptyList(), phone.unreadNotices())
        }

    @Test
    fun a_reminder_is_planned_in_the_persons_hour_and_never_twice_a_day() =
        runBlocking {
            signIn("village1.member2")
            val phone = opened()
            val now = System.currentTimeMillis()
            val today = civilDay(now)
            val reminders = Reminders(phone)
            val first = assertNotNull(reminders.next())
            assertTrue(first.atMs >= now - 60_000 && first.atMs < now + 3 * 86_400_000L)
            assertTrue(civilDay(assertNotNull(reminders.next(shown = today)).atMs) > today)
            reminders.shown(today)
            assertTrue(civilDay(assertNotNull(reminders.next()).atMs) > today)
        }

    @Test
    fun a_phone_asleep_is_woken_for_work_and_sleeps_again() =
        runBlocking {
            signIn("village1.member3")
            val phone = opened()
            phone.sleep()
            phone.wake()
            assertEquals(Exchanged.Done, phone.exchange())
            phone.sleep()

            val around = Surroundings()
            val told = ToldPhone(phone)
            val scope = CoroutineScope(Dispatchers.Default)
            around.begin(told)
            scope.launch { around.watch(told) }
            repeat(3) {
                val exchanged = withTimeout(20_000) { around.behind(told) { phone.exchange() } }
                assertEquals(Exchanged.Done, exchanged)
            }
            scope.cancel()
        }
}

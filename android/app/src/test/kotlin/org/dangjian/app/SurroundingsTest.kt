package org.dangjian.app

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.dangjian.app.phone.Once
import org.dangjian.app.phone.Surroundings
import org.dangjian.app.phone.Told
import org.dangjian.core.AppException
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
class SurroundingsTest {
    private class Fake : Told {
        val heard = mutableListOf<String>()
        var fails = false
        var asleep = false

        override suspend fun foreground(isSeen: Boolean) {
            heard += if (isSeen) "seen" else "left"
            if (fails) throw AppException.Closed()
            asleep = !isSeen
        }

        override suspend fun screen(isLit: Boolean) {
            heard += if (isLit) "lit" else "dark"
        }

        override suspend fun network(isThere: Boolean) {
            heard += if (isThere) "online" else "offline"
        }

        override suspend fun wake() {
            heard += "wake"
            if (fails) throw AppException.Closed()
            asleep = false
        }

        override suspend fun sleep() {
            heard += "sleep"
            asleep = true
        }
    }

    private val fake = Fake()
    private val logged = mutableListOf<String>()
    private val around = Surroundings(logged::add)

    private suspend fun TestScope.begin(): Job {
        around.begin(fake)
        return backgroundScope.launch { around.watch(fake) }.also { runCurrent() }
    }

    @Test
    fun what_happened_before_the_phone_was_open_is_told_once() =
        runTest {
            around.seen(true)
            around.lit(false)
            around.online(false)
            begin()
            assertEquals(listOf("seen", "dark", "offline"), fake.heard)
        }

    @Test
    fun each_change_is_told_and_nothing_is_said_of_a_network_nobody_knows_of() =
        runTest {
            begin()
            around.seen(true)
            runCurrent()
            around.lit(false)
            runCurrent()
            around.seen(false)
            runCurrent()
            assertEquals(listOf("left", "lit", "seen", "dark", "left"), fake.heard)
        }

    @Test
    fun work_behind_the_scenes_wakes_the_phone_and_lets_it_sleep_again() =
        runTest {
            begin()
            around.behind(fake) { assertFalse(fake.asleep) }
            assertTrue(fake.asleep)
        }

    @Test
    fun work_that_fails_lets_it_sleep_too() =
        runTest {
            begin()
            assertFailsWith<IllegalStateException> { around.behind(fake) { error("as tested") } }
            assertTrue(fake.asleep)
        }

    @Test
    fun a_phone_that_could_not_be_woken_is_woken_for_the_next_work() =
        runTest {
            begin()
            fake.fails = true
            assertFailsWith<AppException.Closed> { around.behind(fake) { error("never done") } }
            fake.fails = false
            around.behind(fake) { assertFalse(fake.asleep) }
            assertTrue(fake.asleep)
        }

    @Test
    fun two_works_at_once_sleep_once_both_are_done() =
        runTest {
            begin()
            val (first, second) = List(2) { CompletableDeferred<Unit>() }
            launch { around.behind(fake) { first.await() } }
            launch { around.behind(fake) { second.await() } }
            runCurrent()
            first.complete(Unit)
            runCurrent()
            assertFalse(fake.asleep)
            second.complete(Unit)
            runCurrent()
            assertTrue(fake.asleep)
            assertEquals(1, fake.heard.count { it == "wake" })
        }

    @Test
    fun work_that_ends_while_the_app_is_seen_does_not_put_it_to_sleep() =
        runTest {
            begin()
            val end = CompletableDeferred<Unit>()
            launch { around.behind(fake) { end.await() } }
            runCurrent()
            around.seen(true)
            runCurrent()
            end.complete(Unit)
            runCurrent()
            assertFalse(fake.asleep)
            assertFalse("sleep" in fake.heard)
        }

    @Test
    fun leaving_the_app_does_not_stop_the_work() =
        runTest {
            around.seen(true)
            begin()
            val end = CompletableDeferred<Unit>()
            launch { around.behind(fake) { end.await() } }
            runCurrent()
            around.seen(false)
            runCurrent()
            assertFalse(fake.asleep)
            end.complete(Unit)
            runCurrent()
            assertTrue(fake.asleep)
        }

    @Test
    fun a_phone_that_could_not_be_told_is_told_again() =
        runTest {
            fake.fails = true
            begin()
            assertEquals(1, logged.size)
            fake.fails = false
            around.seen(true)
            runCurrent()
            assertEquals("seen", fake.heard.last())
            assertFalse(fake.asleep)
        }

    @Test
    fun it_is_made_once_however_many_ask() =
        runTest {
            var made = 0
            val once = Once(backgroundScope) { (++made).also { CompletableDeferred(Unit).await() } }
            val all = List(5) { async { once.get() } }
            assertEquals(List(5) { 1 }, all.map { it.await() })
            assertEquals(1, once.get())
        }

    @Test
    fun after_a_failure_the_next_who_asks_tries_again() =
        runTest {
            val scope = CoroutineScope(SupervisorJob() + StandardTestDispatcher(testScheduler))
            var tries = 0
            val once = Once(scope) { if (++tries == 1) throw AppException.KeyStore() else tries }
            assertFailsWith<AppException.KeyStore> { once.get() }
            assertEquals(2, once.get())
            assertEquals(2, once.get())
        }

    @Test
    fun whoever_stops_waiting_does_not_stop_the_others() =
        runTest {
            val go = CompletableDeferred<Unit>()
            val once = Once(backgroundScope) { go.await().let { "phone" } }
            val impatient = launch { once.get() }
            runCurrent()
            impatient.cancel()
            val patient = async { once.get() }
            go.complete(Unit)
            assertEquals("phone", patient.await())
        }
}

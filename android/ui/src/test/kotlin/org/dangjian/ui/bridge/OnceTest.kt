package org.dangjian.ui.bridge

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What must not be done twice. */
class OnceTest {
    @Test
    fun a_second_tap_while_the_first_is_under_way_does_nothing() =
        runBlocking {
            val once = Once(this)
            val arrived = CompletableDeferred<Unit>()
            var done = 0
            repeat(3) {
                once.begin {
                    done++
                    arrived.await()
                }
                assertTrue(once.busy.value)
            }
            arrived.complete(Unit)
            once.busy.first { !it }
            assertEquals(1, done)
            once.begin { done++ }
            once.busy.first { !it }
            assertEquals(2, done)
        }

    @Test
    fun where_the_screen_is_over_nothing_begins_and_nothing_stays_busy() {
        val once = Once(CoroutineScope(Job().apply { cancel() }))
        once.begin { error("not begun") }
        runBlocking { withTimeout(5_000) { once.busy.first { !it } } }
    }
}

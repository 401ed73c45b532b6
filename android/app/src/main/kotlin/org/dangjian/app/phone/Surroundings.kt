package org.dangjian.app.phone

import android.util.Log
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.dangjian.core.AppException
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.bridge.sleep
import org.dangjian.ui.bridge.wake

/** Who is told of what happens around the app. */
internal interface Told {
    suspend fun foreground(isSeen: Boolean)

    suspend fun screen(isLit: Boolean)

    suspend fun network(isThere: Boolean)

    suspend fun wake()

    suspend fun sleep()
}

internal class ToldPhone(
    private val phone: Phone,
) : Told {
    override suspend fun foreground(isSeen: Boolean) = phone.foreground(isSeen)

    override suspend fun screen(isLit: Boolean) = phone.screen(isLit)

    override suspend fun network(isThere: Boolean) = phone.network(isThere)

    override suspend fun wake() = phone.wake()

    override suspend fun sleep() = phone.sleep()
}

/**
 * Whether the app is seen, the screen lit, a network there; and whether the phone has something to do behind the
 * scenes. What happens before the phone is open is told once it is. One thing at a time: a phone put to sleep by work
 * that ended just as somebody opened the app would stay asleep before their eyes.
 */
internal class Surroundings(
    private val log: (String) -> Unit = { Log.w("surroundings", it) },
) {
    private val seen = MutableStateFlow(false)
    private val lit = MutableStateFlow(true)
    private val online = MutableStateFlow<Boolean?>(null)
    private val turn = Mutex()
    private var toldSeen: Boolean? = null
    private var awake = false
    private var working = 0

    val isSeen get() = seen.value

    fun seen(isSeen: Boolean) {
        seen.value = isSeen
    }

    fun lit(isLit: Boolean) {
        lit.value = isLit
    }

    fun online(isOnline: Boolean) {
        online.value = isOnline
    }

    /**
     * Tells [told], just opened, whether it is seen: before anybody uses it, since going to sleep ends what is under
     * way.
     */
    suspend fun begin(told: Told) = told.seenNow(seen.value)

    /** Tells [told] how it is, and each change; never ends. */
    suspend fun watch(told: Told) =
        coroutineScope {
            launch { seen.collect { told.seenNow(it) } }
            launch { lit.tell(told::screen) }
            launch { online.filterNotNull().tell(told::network) }
        }

    /** Does [work] with the phone awake, whether or not the app is seen. */
    suspend fun <T> behind(
        told: Told,
        work: suspend () -> T,
    ): T {
        turn.withLock {
            if (!awake) {
                told.wake()
                awake = true
            }
            working += 1
        }
        try {
            return work()
        } finally {
            withContext(NonCancellable) {
                turn.withLock {
                    working -= 1
                    if (working == 0 && !seen.value) {
                        awake = false
                        attempt { told.sleep() }
                    }
                }
            }
        }
    }

    private suspend fun Told.seenNow(isSeen: Boolean) =
        turn.withLock {
            if (isSeen == toldSeen) return@withLock
            toldSeen = isSeen
            attempt { foreground(isSeen) }
            awake = isSeen
            if (!isSeen && working > 0) {
                attempt { wake() }
                awake = true
            }
        }

    private suspend fun Flow<Boolean>.tell(to: suspend (Boolean) -> Unit) = collect { attempt { to(it) } }

    /** That the phone could not be told is no reason to end the app. */
    private suspend fun attempt(call: suspend () -> Unit) {
        try {
            call()
        } catch (problem: AppException) {
            log("not told: ${problem.javaClass.simpleName}")
        }
    }
}

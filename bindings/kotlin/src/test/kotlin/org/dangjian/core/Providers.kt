package org.dangjian.core

import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** How a key store may fail when it is opened. */
enum class Bad { Throws, Empty, Short, Cancels }

class BadKeys(
    private val good: KeyStore,
    private val bad: Bad,
) : KeyStore by good {
    override fun silentKey(): ByteArray =
        when (bad) {
            Bad.Throws -> throw RuntimeException("as tested")
            Bad.Empty -> ByteArray(0)
            Bad.Short -> good.silentKey().copyOf(64)
            Bad.Cancels -> throw ProviderException.Cancelled()
        }
}

/** How a key store may fail when it signs. */
enum class SignBad { Cancels, Throws, Empty, Trailing, WrongKey }

class BadSigner(
    private val good: KeyStore,
    private val bad: SignBad,
    private val other: KeyStore,
) : KeyStore by good {
    override fun sign(
        key: KeyUse,
        message: ByteArray,
    ): ByteArray =
        when (bad) {
            SignBad.Cancels -> throw ProviderException.Cancelled()
            SignBad.Throws -> throw RuntimeException("as tested")
            SignBad.Empty -> ByteArray(0)
            SignBad.Trailing -> good.sign(key, message) + 0
            SignBad.WrongKey -> other.sign(key, message)
        }
}

/** A clock that is right, once [mood] has passed. */
class MoodyClock : Clock {
    @Volatile var mood: () -> Unit = {}
    private val computer = systemClock()

    override fun read(): ClockReading {
        mood()
        return computer.read()
    }
}

object Hanging : Location {
    val release = CountDownLatch(1)

    override fun lastPlace(): Place? {
        release.await(60, TimeUnit.SECONDS)
        return null
    }
}

object NoPush : PushToken {
    override fun token(): String? = throw ProviderException.Unavailable()
}

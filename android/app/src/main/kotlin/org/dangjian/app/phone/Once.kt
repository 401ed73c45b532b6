package org.dangjian.app.phone

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async

/**
 * Something that is made once, however many ask for it; if making it failed, the next who asks tries again. Whoever
 * stops waiting does not stop the making: others wait for it too.
 */
internal class Once<T : Any>(
    private val scope: CoroutineScope,
    private val make: suspend () -> T,
) {
    private var making: Deferred<T>? = null

    suspend fun get(): T = current().await()

    @OptIn(ExperimentalCoroutinesApi::class)
    @Synchronized
    private fun current(): Deferred<T> =
        making?.takeUnless { it.isCompleted && it.getCompletionExceptionOrNull() != null }
            ?: scope.async { make() }.also { making = it }
}

package org.dangjian.ui.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.dangjian.core.AppException

/** How long after the last letter what was written is kept, ms: a phone is not to write a file at every letter. */
private const val REST_MS = 400L

/** What was kept under [id]; nothing if it can't be read. */
internal suspend fun Phone.kept(id: String): String? =
    try {
        call { settings.draft(id) }
    } catch (_: AppException) {
        null
    }

/**
 * Keeps what is being written in the core: a moment after the last letter, and at once when the screen is left.
 *
 * @param scope of the screen; what is not kept yet when it ends is kept all the same, by [now].
 */
internal class Keeper(
    private val phone: Phone,
    private val id: String,
    private val scope: CoroutineScope,
) {
    private class Text(
        val text: String?,
    )

    private val last = MutableStateFlow<Long?>(null)
    private val order = Mutex()
    private var resting: Job? = null

    @Volatile
    private var waiting: Text? = null

    /** When it was kept last, ms since 1970. */
    val keptAt: StateFlow<Long?> = last.asStateFlow()

    /** @param text absent if there is nothing to keep any more. */
    fun write(text: String?) {
        waiting = Text(text)
        resting?.cancel()
        resting =
            scope.launch {
                delay(REST_MS)
                now()
            }
    }

    /** What was kept; what still waits to be kept is kept first. */
    suspend fun kept(): String? {
        save()
        return phone.kept(id)
    }

    /** Keeps it at once. */
    fun now() {
        // Outlives the screen: it is just being left.
        CoroutineScope(phone.work).launch { save() }
    }

    /** It was published, or sent: nothing is to be kept, also nothing that was still waiting. */
    suspend fun forget() {
        resting?.cancel()
        waiting = Text(null)
        save()
    }

    private suspend fun save() =
        order.withLock {
            val text = waiting ?: return@withLock
            try {
                phone.keepDraft(id, text.text)
                if (waiting === text) waiting = null
                last.value = phone.nowMs().takeIf { text.text != null }
            } catch (_: AppException) {
                // It stays on the screen, and the next letter tries again.
            }
        }
}

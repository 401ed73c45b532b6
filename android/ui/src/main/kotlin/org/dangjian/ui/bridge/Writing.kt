package org.dangjian.ui.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.dangjian.core.AppException

/**
 * What somebody is writing. A field shows it in the same frame, without the way through a model's other flows, and the core
 * keeps it after each stroke, so that neither closing a sheet nor the end of the process loses it.
 */
class Writing internal constructor(
    private val phone: Phone,
    private val scope: CoroutineScope,
) {
    private val current = MutableStateFlow("")

    /** One at a time: what is written later must not be overtaken. */
    private val strokes = Channel<Pair<String, String?>>(Channel.UNLIMITED)
    private var id: String? = null

    val text: StateFlow<String> = current.asStateFlow()

    init {
        scope.launch {
            for ((id, text) in strokes) keep(id, text)
        }
    }

    /** Goes on with what was written under [id], or begins. */
    internal fun open(id: String) {
        this.id = id
        current.value = ""
        scope.launch {
            val kept =
                try {
                    phone.call { settings.draft(id) }
                } catch (_: AppException) {
                    null
                }
            if (this@Writing.id == id && current.value.isEmpty()) current.value = kept.orEmpty()
        }
    }

    fun write(text: String) {
        current.value = text
        id?.let { strokes.trySend(it to text.ifEmpty { null }) }
    }

    /** Leaves it for later. */
    internal fun close() {
        id = null
        current.value = ""
    }

    /** It is done with. */
    internal fun done() {
        id?.let { strokes.trySend(it to null) }
        close()
    }

    private suspend fun keep(
        id: String,
        text: String?,
    ) {
        try {
            phone.call { settings.saveDraft(id, text) }
        } catch (_: AppException) {
            // It still stands on the screen and is kept with the next stroke; sending it says what is wrong.
        }
    }
}

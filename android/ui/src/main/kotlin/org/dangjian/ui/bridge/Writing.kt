package org.dangjian.ui.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/**
 * What somebody is writing in one field, perhaps about one thing after the other. A field shows it in the same frame,
 * without the way through a model's other flows; a [Keeper] keeps it.
 */
class Writing internal constructor(
    private val phone: Phone,
    private val scope: CoroutineScope,
) {
    private val current = MutableStateFlow("")

    /** One for each thing written about: the same must not be kept twice at a time. */
    private val keepers = mutableMapOf<String, Keeper>()
    private var keeper: Keeper? = null

    val text: StateFlow<String> = current.asStateFlow()

    /** Goes on with what was written under [id], or begins. */
    internal fun open(id: String) {
        val opened = keepers.getOrPut(id) { Keeper(phone, id, scope) }
        keeper = opened
        current.value = ""
        scope.launch {
            val kept = opened.kept()
            if (keeper === opened && current.value.isEmpty()) current.value = kept.orEmpty()
        }
    }

    fun write(text: String) {
        current.value = text
        keeper?.write(text.ifBlank { null })
    }

    /** The screen is left, or the app. */
    internal fun leave() {
        keeper?.now()
    }

    /** Leaves it for later. */
    internal fun close() {
        leave()
        keeper = null
        current.value = ""
    }

    /** It is done with. */
    internal fun done() {
        keeper?.write(null)
        close()
    }
}

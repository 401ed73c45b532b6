package org.dangjian.ui.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** Does one thing at a time: whoever taps twice does not do it twice. */
internal class Once(
    private val scope: CoroutineScope,
) {
    private val underWay = MutableStateFlow(false)

    val busy: StateFlow<Boolean> = underWay.asStateFlow()

    /** Does [work], unless something is under way. */
    fun begin(work: suspend () -> Unit) {
        if (!underWay.compareAndSet(expect = false, update = true)) return
        // Also where the scope is over and nothing begins.
        scope.launch { work() }.invokeOnCompletion { underWay.value = false }
    }
}

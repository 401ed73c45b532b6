package org.dangjian.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect

/** Does [leave] when the screen goes away, and when the app does: after that the process may end without a word. */
@Composable
internal fun WhenLeft(leave: () -> Unit) {
    DisposableEffect(Unit) { onDispose(leave) }
    LifecycleEventEffect(Lifecycle.Event.ON_STOP) { leave() }
}

package org.dangjian.ui.app

import androidx.lifecycle.ViewModel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** How the app looks, and changing it. */
class PreferencesModel(
    private val shell: Shell,
) : ViewModel() {
    private val current = MutableStateFlow(shell.kept()?.let(Preferences::parse) ?: Preferences())

    val preferences: StateFlow<Preferences> = current.asStateFlow()

    fun change(change: Preferences.() -> Preferences) {
        current.value = current.value.change()
        shell.keep(current.value.text())
    }
}

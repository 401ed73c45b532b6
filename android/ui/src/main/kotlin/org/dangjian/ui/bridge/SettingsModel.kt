package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.KeptView
import org.dangjian.core.OutboxState
import org.dangjian.core.Topic
import org.dangjian.core.TrafficView
import org.dangjian.ui.components.FactState
import org.dangjian.ui.me.SettingsState

/** What the settings take from the core: data use, and signing out. How the app looks is not kept there. */
class SettingsModel(
    phone: Phone,
    version: String,
) : ScreenModel<SettingsModel.Input>(phone, Input()) {
    /** @param waiting how many operations wait, while one is asked whether to sign out. */
    data class Input(
        val waiting: Int? = null,
    )

    private val use = live(Topic.STUDY, Topic.OUTBOX) { settings.traffic() to study.kept() }

    val state: StateFlow<SettingsState> =
        combine(use, input) { read, input ->
            SettingsState(
                dataUse = read.orNull()?.let { (traffic, kept) -> dataUseOf(traffic, kept) }.orEmpty(),
                version = version,
                signOutWaiting = input.waiting,
            )
        }.shown(SettingsState(version = version))

    /** Asks once; [open] is false when the person thought better of it. */
    fun onSignOutOpen(open: Boolean) {
        if (!open) return change { copy(waiting = null) }
        act(failed = { change { copy(waiting = 0) } }, done = { change { copy(waiting = it) } }) {
            wholeOutbox().count { it.state is OutboxState.Queued }
        }
    }

    fun onSignOut() = once(failed = { change { copy(waiting = null) } }) { account.signOut() }
}

internal fun dataUseOf(
    traffic: TrafficView,
    kept: KeptView,
): List<FactState> =
    listOf(
        FactState(MeWordsStrings.RECEIVED, MeWordsStrings.size(traffic.receivedBytes.toLong())),
        FactState(MeWordsStrings.SENT, MeWordsStrings.size(traffic.sentBytes.toLong())),
        FactState(MeWordsStrings.KEPT, keptWords(kept)),
    )

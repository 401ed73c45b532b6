package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeScope
import org.dangjian.core.VoiceView

/** To whom one can choose to speak. */
internal data class Address(
    val voice: VoiceView,
    val scope: NoticeScope,
) {
    /** What stands for it in a draft and on a chip. */
    val id get() = "${voice.org.text}/${scope.name}"
}

/** To whom the phone's member may speak. */
internal suspend fun Dangjian.addresses(): List<Address> = notices.voices().addresses

/** How many people a notice goes to; absent while that is not known. */
internal suspend fun Dangjian.audience(address: Address): Int? =
    notices.audience(address.voice.org, address.scope)?.toInt()

internal val List<VoiceView>.addresses get() = flatMap { voice -> voice.scopes.map { Address(voice, it) } }

package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.MeView
import org.dangjian.core.NoticeScope
import org.dangjian.core.OrgId
import org.dangjian.core.Role

/** An organization for which somebody may speak, and to whom. */
internal data class Voice(
    val org: OrgId,
    val orgName: String,
    /** 「书记」 */
    val role: String,
    val scopes: List<NoticeScope>,
)

/** To whom one can choose to speak. */
internal data class Address(
    val voice: Voice,
    val scope: NoticeScope,
) {
    /** What stands for it in a draft and on a chip. */
    val id get() = "${voice.org.text}/${scope.name}"
}

/** For whom the phone's member may speak. */
internal suspend fun Dangjian.voices(): List<Voice> = account.me()?.let(::voicesOf).orEmpty()

/** How many people a notice goes to; absent while that is not known. */
@Suppress("UNUSED_PARAMETER", "UnusedReceiverParameter")
internal suspend fun Dangjian.audience(address: Address): Int? = null

private val SPEAKING = setOf(Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.OFFICER)

/** From what one may do for whom: a branch speaks to its members, whatever stands above to all below it. */
internal fun voicesOf(me: MeView): List<Voice> =
    me.offices.filter { it.role in SPEAKING }.map {
        val scope = if (it.isBranch) NoticeScope.BRANCH else NoticeScope.SUBTREE
        Voice(it.org, it.orgName, it.roleWords, listOf(scope))
    }

internal val List<Voice>.addresses get() = flatMap { voice -> voice.scopes.map { Address(voice, it) } }

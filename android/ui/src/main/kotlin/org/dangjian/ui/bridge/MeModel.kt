package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Dangjian
import org.dangjian.core.KeptView
import org.dangjian.core.MeView
import org.dangjian.core.SummaryView
import org.dangjian.core.Topic
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.me.MeState

/** How many matters are counted. */
private const val MATTERS = 200u

/** The member of this phone. */
class MeModel(
    phone: Phone,
) : ScreenModel<Unit>(phone, Unit) {
    internal class Page(
        val me: MeView,
        /** Absent where points are not shown. */
        val summary: SummaryView?,
        /** Absent for who decides nothing. */
        val toDecide: Int?,
        val kept: KeptView,
    )

    private val page =
        live(Topic.PEOPLE, Topic.POINTS, Topic.CASES, Topic.RULES, Topic.STUDY) {
            account.me()?.let { me -> Page(me, shownSummary(), toDecide(me), study.kept()) }
        }

    val state: StateFlow<MeState> =
        combine(page, phone.sync, phone.unread) { read, sync, unread ->
            val known = read.orNull()?.let(::meOf) ?: MeState(loading = read !is Read.Failed)
            known.copy(problem = read.failure?.asError(), sync = sync, bar = BottomBarState(Tab.Me, unread))
        }.shown(MeState(loading = true))
}

/** What was earned, where the county shows that. */
private suspend fun Dangjian.shownSummary(): SummaryView? =
    points.summary().takeIf {
        study.today()?.shown?.points ==
            true
    }

private suspend fun Dangjian.toDecide(me: MeView): Int? {
    if (me.offices.none { it.role != null }) return null
    val cases = office.cases(MATTERS, 0u).rows.count { it.mayDecide }
    return cases + office.appeals(MATTERS, 0u).rows.count { it.mayDecide }
}

internal fun meOf(page: MeModel.Page): MeState {
    val me = page.me
    return MeState(
        name = me.name,
        number = MeWordsStrings.number(me.number),
        kind = MeWordsStrings.MIGRANT.takeIf { me.migrant },
        org = me.orgName,
        orgLast = lastLevelOf(me.orgName),
        offices = me.offices.map { MeWordsStrings.office(it.orgName, it.roleWords) },
        points = page.summary?.let { MeWordsStrings.points(it.quarterWords, it.confirmed) },
        toDecide = page.toDecide,
        data =
            listOf(
                FactState(MeWordsStrings.PHONE, MeWordsStrings.PHONE_KEEPS),
                FactState(MeWordsStrings.KEPT, keptWords(page.kept)),
            ),
    )
}

internal fun keptWords(kept: KeptView): String =
    if (kept.contents == 0u) {
        MeWordsStrings.NONE_KEPT
    } else {
        MeWordsStrings.contents(kept.contents.toInt(), MeWordsStrings.size(kept.bytes.toLong()))
    }

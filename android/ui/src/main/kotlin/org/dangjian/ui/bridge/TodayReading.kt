package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView
import org.dangjian.core.OpKind
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.core.RankView
import org.dangjian.core.RowId
import org.dangjian.core.TodayView
import org.dangjian.ui.components.RefusedState

/** So many entries of the outbox are looked through for refused ones. */
private const val OUTBOX_LOOKED_AT = 100u

/** So many notices are looked through for one that still holds. */
private const val NOTICES_LOOKED_AT = 20u

/** What both forms of 今日 are made of. */
internal class TodayReading(
    val name: String,
    val today: TodayView?,
    val rank: RankView?,
    val notice: NoticeView?,
    val refused: List<RefusedState>,
)

internal suspend fun Dangjian.readToday(): TodayReading {
    val refused = outbox.list(OUTBOX_LOOKED_AT, 0u).rows.filter { it.state is OutboxState.Refused }
    return TodayReading(
        name = account.me()?.name.orEmpty(),
        today = study.today(),
        rank = boards.todayRank(),
        notice = notices.list(NOTICES_LOOKED_AT, 0u).rows.firstOrNull { it.state == NoticeState.PUBLISHED },
        refused = refused.map { refusedOf(it, aboutOf(it)) },
    )
}

/** What an operation was about, in words of the person's. */
private suspend fun Dangjian.aboutOf(entry: OutboxView): String? {
    entry.title?.let { return it }
    val about = entry.about ?: return null
    return when (entry.kind) {
        OpKind.RECORD_STUDY, OpKind.DRAW_QUIZ -> study.item(RowId(about.text))?.title?.let(TodayBridgeStrings::title)
        else -> entry.text
    }
}

/** A refusal that is about points leads to where their rules and one's score are, and an objection can be made. */
private val ABOUT_POINTS = setOf(OpKind.RECORD_STUDY, OpKind.SIGN_IN_TODAY, OpKind.ANSWER_QUIZ)

internal fun refusedOf(
    entry: OutboxView,
    about: String?,
): RefusedState {
    val refusal = (entry.state as? OutboxState.Refused)?.refusal
    return RefusedState(
        id = entry.op.text,
        title = TodayBridgeStrings.refused(entry.kind),
        reason = refusal?.let { TodayBridgeStrings.reason(it.sentence()) } ?: TodayBridgeStrings.UNKNOWN_REASON,
        about = about ?: entry.text.orEmpty(),
        wayOn = TodayBridgeStrings.POINTS_WAY_ON.takeIf { entry.kind in ABOUT_POINTS },
    )
}

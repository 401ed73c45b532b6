package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView
import org.dangjian.core.RankView
import org.dangjian.core.TodayView
import org.dangjian.ui.components.RefusedState

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

internal suspend fun Dangjian.readToday() =
    TodayReading(
        name = account.me()?.name.orEmpty(),
        today = study.today(),
        rank = boards.todayRank(),
        notice = notices.list(NOTICES_LOOKED_AT, 0u).rows.firstOrNull { it.state == NoticeState.PUBLISHED },
        refused = refusals(),
    )

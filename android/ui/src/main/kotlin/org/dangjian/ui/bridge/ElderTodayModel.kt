package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.NoticeState
import org.dangjian.core.TodayView
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.today.ElderNoticeState
import org.dangjian.ui.today.ElderStudyState
import org.dangjian.ui.today.ElderTodayState

private const val MINUTE_MS = 60_000L

/** 今日 for elders. */
class ElderTodayModel(
    phone: Phone,
) : DayModel(phone) {
    val state: StateFlow<ElderTodayState> =
        combine(read, phone.sync, minute) { read, sync, now -> elderOf(read, sync, now) }
            .shown(ElderTodayState(dateOf(phone.nowMs()), ""))

    private fun elderOf(
        read: Read<TodayReading>,
        sync: SyncState,
        now: Long,
    ): ElderTodayState {
        val reading = read.orNull()
        return ElderTodayState(
            date = dateOf(now),
            greeting = reading?.let { greetingOf(now, it.name) }.orEmpty(),
            offline = offlineOf(sync),
            problem = read.failure?.asError(),
            refused = reading?.refused.orEmpty(),
            study = reading?.let { elderStudyOf(it.today) },
            notice =
                reading?.notice?.takeIf { it.state == NoticeState.PUBLISHED && !it.read }?.let {
                    ElderNoticeState(it.id.text, it.title)
                },
        )
    }
}

/** All there is to say about the network, in a sentence. */
internal fun offlineOf(sync: SyncState): String? =
    (sync as? SyncState.Offline)?.let {
        if (it.waiting > 0) TodayBridgeStrings.ELDER_OFFLINE else TodayBridgeStrings.ELDER_OFFLINE_NOTHING
    }

internal fun elderStudyOf(today: TodayView?): ElderStudyState {
    val begun = today?.nextItem != null
    val title =
        when {
            today == null -> TodayBridgeStrings.ELDER_STUDY
            !today.shown.minutes -> today.nextItem?.title ?: TodayBridgeStrings.ELDER_STUDY
            today.creditedMs == 0L -> TodayBridgeStrings.ELDER_NOT_YET
            else -> TodayBridgeStrings.elderStudied(today.creditedMs / MINUTE_MS)
        }
    val points =
        today?.takeIf { it.shown.points }?.let {
            TodayBridgeStrings.elderPoints(it.pointsConfirmed + it.pointsUnconfirmed, it.leftToday)
        }
    return ElderStudyState(title, points, begun)
}

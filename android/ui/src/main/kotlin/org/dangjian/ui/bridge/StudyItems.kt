package org.dangjian.ui.bridge

import org.dangjian.core.ItemKind
import org.dangjian.core.ItemView
import org.dangjian.core.TodayView
import org.dangjian.ui.study.Availability
import org.dangjian.ui.study.StudyItemState
import org.dangjian.ui.study.StudyKind
import org.dangjian.ui.study.StudyPointsState

private const val FIRST_MINUTE_MS = 60_000L

internal fun kindOf(kind: ItemKind): StudyKind =
    when (kind) {
        ItemKind.ARTICLE -> StudyKind.Text
        ItemKind.AUDIO -> StudyKind.Audio
        ItemKind.VIDEO -> StudyKind.Video
        ItemKind.QUIZ -> StudyKind.Quiz
    }

/**
 * @param downloading how far its download is, percent; absent if there is none.
 * @param points whether the county shows points.
 * @param minutes whether the county shows minutes.
 */
internal fun studyItemOf(
    item: ItemView,
    offline: Boolean,
    downloading: Int?,
    points: Boolean,
    minutes: Boolean,
): StudyItemState {
    val isQuiz = item.kind == ItemKind.QUIZ
    val begun = !isQuiz && !item.finished && item.creditedMs >= FIRST_MINUTE_MS
    val earns = points && item.canEarnToday > 0 && item.words == null
    return StudyItemState(
        id = item.id.text,
        title = item.title,
        source = item.source,
        kind = kindOf(item.kind),
        length = item.takeUnless { isQuiz }?.let { StudyBridgeStrings.minutes(wholeMinutes(it.lengthMs)) },
        availability = availabilityOf(item, downloading),
        required = item.required,
        percent = item.percent.toInt().takeIf { begun },
        studied = StudyBridgeStrings.studied(runningOf(item.creditedMs)).takeIf { begun && minutes },
        unconfirmed = item.unconfirmed,
        // That an item is finished stands on its chip.
        note =
            if (earns) {
                StudyBridgeStrings.canEarn(item.canEarnToday)
            } else {
                item.words.takeUnless {
                    item.finished &&
                        !isQuiz
                }
            },
        earns = earns,
        canOpen = !offline || item.availableOffline,
        canDownload = !offline && !isQuiz && !item.downloaded && downloading == null,
    )
}

private fun availabilityOf(
    item: ItemView,
    downloading: Int?,
): Availability? =
    when {
        item.kind == ItemKind.QUIZ -> null
        downloading != null -> Availability.Downloading(downloading)
        item.finished && item.downloaded -> Availability.Finished
        item.downloaded -> Availability.Downloaded
        else -> Availability.Remote(sizeOf(item.contentBytes))
    }

/** What study can still give today; nothing without a daily cap. */
internal fun studyPointsOf(today: TodayView): StudyPointsState? {
    val cap = today.cap?.takeIf { it > 0 } ?: return null
    val sum = today.pointsConfirmed + today.pointsUnconfirmed
    return StudyPointsState(
        title = if (today.leftToday > 0) StudyBridgeStrings.left(today.leftToday) else StudyBridgeStrings.ALL_DONE,
        of = "$sum / $cap",
        fraction = (sum.toFloat() / cap).coerceIn(0f, 1f),
        byKind = today.leftWords,
    )
}

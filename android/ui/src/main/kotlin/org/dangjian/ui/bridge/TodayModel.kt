package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.ContinueView
import org.dangjian.core.NoticeView
import org.dangjian.core.RankView
import org.dangjian.core.TodayView
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.RingState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.today.Entry
import org.dangjian.ui.today.EntryState
import org.dangjian.ui.today.Movement
import org.dangjian.ui.today.NewestNoticeState
import org.dangjian.ui.today.RankState
import org.dangjian.ui.today.ResumeState
import org.dangjian.ui.today.TodayState
import org.dangjian.ui.today.TodayStudyState
import org.dangjian.core.Movement as CoreMovement

/** 今日. */
class TodayModel(
    phone: Phone,
) : DayModel(phone) {
    val state: StateFlow<TodayState> =
        combine(read, phone.sync, phone.unread, minute) { read, sync, unread, now ->
            todayOf(read, sync, unread, now)
        }.shown(TodayState(dateOf(phone.nowMs()), "", entries = emptyList()))

    private fun todayOf(
        read: Read<TodayReading>,
        sync: SyncState,
        unread: Int,
        now: Long,
    ): TodayState {
        val reading = read.orNull()
        val shown = reading?.today?.shown
        return TodayState(
            date = dateOf(now),
            greeting = reading?.let { greetingOf(now, it.name) }.orEmpty(),
            sync = sync,
            problem = read.failure?.asError(),
            refused = reading?.refused.orEmpty(),
            study = reading?.let { studyOf(it.today) },
            streak = reading?.today?.takeIf { it.shown.points }?.let(::streakOf),
            rank = reading?.rank?.takeIf { shown?.rank == true }?.let(::rankOf),
            entries = entriesOf(shown?.points == true, shown?.rank == true, unread),
            notice = reading?.notice?.let { newestOf(it, now) },
            bar = BottomBarState(Tab.Today, unread),
        )
    }
}

/** What a county's switches hide is absent. */
internal fun studyOf(today: TodayView?): TodayStudyState =
    TodayStudyState(
        ring = today?.takeIf { it.shown.points }?.let(::ringOf),
        minutes = today?.takeIf { it.shown.minutes }?.let { minutesOf(it.creditedMs) },
        resume = today?.nextItem?.let(::resumeOf),
    )

internal fun ringOf(today: TodayView) =
    RingState(
        confirmed = today.pointsConfirmed.toInt(),
        unconfirmed = today.pointsUnconfirmed.toInt(),
        cap = today.cap?.toInt(),
        of = TodayBridgeStrings.of(today.cap),
        label = TodayBridgeStrings.TODAY_POINTS,
        sentence = today.sentence,
    )

private fun resumeOf(next: ContinueView) = ResumeState(next.title, next.percent.toInt())

private fun streakOf(today: TodayView) =
    today.streak.days
        .takeIf { it > 0u }
        ?.let(TodayBridgeStrings::days)

/** Absent for who had no rank before. */
internal fun movementOf(rank: RankView): Movement? =
    when (rank.movement) {
        is CoreMovement.Up -> Movement.Up
        is CoreMovement.Down -> Movement.Down
        CoreMovement.Same -> Movement.Same
        CoreMovement.New, null -> null
    }

internal fun rankOf(rank: RankView) =
    RankState(
        title = TodayBridgeStrings.rank(rank.within, rank.rank),
        change = rank.words,
        movement = movementOf(rank),
        sentence = rank.sentence,
    )

/** Where points or ranks are not shown there is nothing to open. */
internal fun entriesOf(
    points: Boolean,
    rank: Boolean,
    unread: Int,
): List<EntryState> =
    listOfNotNull(
        EntryState(Entry.Study),
        EntryState(Entry.Points).takeIf { points },
        EntryState(Entry.Boards).takeIf { rank },
        if (unread > 0) {
            EntryState(Entry.Notices, CommonStrings.badge(unread), CommonStrings.unread(unread))
        } else {
            EntryState(Entry.Notices)
        },
    )

private fun newestOf(
    notice: NoticeView,
    now: Long,
) = NewestNoticeState(
    id = notice.id.text,
    title = notice.title,
    org = notice.orgName,
    orgLast = lastLevelOf(notice.orgName),
    about = TodayBridgeStrings.about(timeOf(notice.publishedAt, now), notice.read),
)

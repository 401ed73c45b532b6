package org.dangjian.ui.bridge

import org.dangjian.core.ItemKind
import org.dangjian.core.ItemView
import org.dangjian.core.PauseReason
import org.dangjian.core.StudySession
import org.dangjian.core.TimerState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.reader.CheckState
import org.dangjian.ui.reader.ReaderState
import org.dangjian.ui.reader.TimerMode
import org.dangjian.ui.reader.TimerState as ClockState

/** What the reader is to know of its item besides the text. */
internal class ReaderFacts(
    val item: ItemView?,
    val capNote: String?,
)

internal val ItemKind.isRecording get() = this == ItemKind.AUDIO || this == ItemKind.VIDEO

internal val StudySession.runs get() = state == TimerState.Running || state == TimerState.ItemFull

/** A session at a moment: what the core said, counted on. */
internal data class Ticking(
    val session: StudySession,
    val creditedMs: Long,
    val remainingMs: Long,
)

/** At a reading of the boot clock. While the clock stands, nothing comes to what the core said. */
internal fun StudySession.at(bootMs: Long): Ticking {
    val since = if (runs) (bootMs - atBootMs).coerceAtLeast(0) else 0
    val more = since.coerceAtMost(remainingMs.coerceAtLeast(0))
    return Ticking(this, creditedEstimateMs + more, remainingMs - more)
}

/** Whether the item is in view, and whether it plays. */
internal fun ReaderModel.Input.observed(): Pair<Boolean, Boolean> =
    (seen && !sizeOpen && (recording || !stands)) to !stands

internal fun readerOf(
    facts: Read<ReaderFacts>,
    ticking: Ticking?,
    input: ReaderModel.Input,
): ReaderState {
    val item = facts.orNull()?.item
    val capNote = facts.orNull()?.capNote
    return ReaderState(
        title = item?.title.orEmpty(),
        source = item?.source.orEmpty(),
        length = item?.let { StudyBridgeStrings.minutes(wholeMinutes(it.lengthMs)) }.orEmpty(),
        downloaded = item?.downloaded == true,
        note = ReaderBridgeStrings.SCRIPT.takeIf { input.recording },
        blocks = input.blocks,
        missing = input.missing ?: goneOf().takeIf { facts is Read.Done && item == null },
        problem = input.problem ?: facts.failure?.asError(),
        firstBlock = input.firstBlock,
        placePercent = input.percent,
        timer = ticking?.let { clockOf(it, input, dayFull = capNote != null) },
        remaining = ticking?.let { remainingOf(it, item?.finished == true) }.orEmpty(),
        capNote = capNote,
        sizeOpen = input.sizeOpen,
        check = ticking?.let { checkOf(it.session.state, input) },
    )
}

private fun clockOf(
    ticking: Ticking,
    input: ReaderModel.Input,
    dayFull: Boolean,
) = ClockState(
    mode =
        when {
            !ticking.session.runs -> TimerMode.Paused
            dayFull -> TimerMode.DayFull
            else -> TimerMode.Running
        },
    clock = runningOf(ticking.creditedMs),
    reason = ticking.session.stateWords.takeIf { saysWhy(ticking.session.state, input) },
)

/** That the person stopped the clock, or opened a sheet, they know. */
private fun saysWhy(
    state: TimerState,
    input: ReaderModel.Input,
): Boolean =
    when (state) {
        TimerState.Running, TimerState.ItemFull -> {
            false
        }

        is TimerState.Paused -> {
            when (state.reason) {
                PauseReason.NOT_VISIBLE -> !input.stands && !input.sizeOpen
                PauseReason.NOT_PLAYING -> !input.stands
                else -> true
            }
        }

        is TimerState.Check, TimerState.Ended -> {
            true
        }
    }

private fun remainingOf(
    ticking: Ticking,
    finished: Boolean,
): String =
    when {
        ticking.session.state == TimerState.ItemFull -> ticking.session.stateWords
        finished || ticking.remainingMs <= 0 -> ReaderBridgeStrings.FINISHED
        else -> ReaderBridgeStrings.remaining(leftOf(ticking.remainingMs))
    }

/** One question at a time. */
private fun checkOf(
    state: TimerState,
    input: ReaderModel.Input,
): CheckState? {
    val question = (state as? TimerState.Check)?.let { input.checks.getOrNull(it.number.toInt()) } ?: return null
    return CheckState(
        number = 1,
        total = 1,
        question = question.text,
        choices = question.choices,
        chosen = input.choice,
        open = input.checkOpen,
    )
}

internal fun offlineOf() = EmptyState(ReaderBridgeStrings.OFFLINE_TITLE, ReaderBridgeStrings.OFFLINE_SENTENCE)

internal fun goneOf() = EmptyState(ReaderBridgeStrings.GONE_TITLE, ReaderBridgeStrings.GONE_SENTENCE)

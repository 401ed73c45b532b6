package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeId
import org.dangjian.core.OpKind
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.ui.components.RefusedState

/** Where one goes on from an operation that was refused. */
sealed interface WayOn {
    /** To one's points: how they came about is said there, and an objection can be made. */
    data object Points : WayOn

    /**
     * To what was written, as a draft.
     *
     * @param notice which one it changes; a new one if absent.
     */
    data class Write(
        val notice: String?,
    ) : WayOn
}

private val ABOUT_POINTS = setOf(OpKind.RECORD_STUDY, OpKind.SIGN_IN_TODAY, OpKind.ANSWER_QUIZ)
private val WRITTEN = setOf(OpKind.PUBLISH_NOTICE, OpKind.EDIT_NOTICE)

/** What [row] says once it was refused, wherever it is shown. */
internal fun refusedOf(
    row: OutboxView,
    about: String,
): RefusedState {
    val refusal = (row.state as? OutboxState.Refused)?.refusal
    return RefusedState(
        id = row.op.text,
        title = OutboxWordsStrings.refused(row.kind),
        reason = OutboxWordsStrings.reason(refusal?.sentence() ?: OutboxWordsStrings.UNKNOWN_REASON),
        about = about,
        wayOn =
            when (row.kind) {
                in WRITTEN -> OutboxWordsStrings.AGAIN
                in ABOUT_POINTS -> OutboxWordsStrings.POINTS
                else -> null
            },
    )
}

/**
 * Goes on from the refused operation called [id]. What was written becomes a draft, and its refusal counts as known;
 * nothing if there is no such operation any more.
 */
internal suspend fun Phone.goOnFrom(id: String): WayOn? =
    call {
        val row = wholeOutbox().firstOrNull { it.op.text == id }
        when (row?.kind) {
            in ABOUT_POINTS -> WayOn.Points
            in WRITTEN -> checkNotNull(row).let { WayOn.Write(writeAgain(it)).also { outbox.acknowledge(row.op) } }
            else -> null
        }
    }

private suspend fun Phone.writeAgain(row: OutboxView): String? {
    val (title, body) = row.title.orEmpty() to row.text.orEmpty()
    val notice = row.about?.text?.takeIf { row.kind == OpKind.EDIT_NOTICE }
    if (notice == null) {
        keepDraft(PublishDraft.ID, PublishDraft.of(null, title, body).text())
    } else {
        val of = call { notices.get(NoticeId(notice)) }?.let(EditDraft::wordsOf).orEmpty()
        keepDraft(EditDraft.id(notice), EditDraft(of, title, body).text())
    }
    return notice
}

/** Operations that were refused and not yet said to be known. */
internal suspend fun Dangjian.refusals(): List<RefusedState> =
    named(wholeOutbox().filter { it.state is OutboxState.Refused })
        .map { (row, about) -> refusedOf(row, about) }

package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeId
import org.dangjian.core.OpId
import org.dangjian.core.OpKind
import org.dangjian.core.OutboxView
import org.dangjian.core.Topic
import org.dangjian.ui.components.RefusedState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.outbox.OutboxItemState
import org.dangjian.ui.outbox.OutboxStanding
import org.dangjian.ui.outbox.OutboxState
import org.dangjian.core.OutboxState as CoreState

private const val PAGE = 100u

/** How much of what was written is shown where there is no title. */
private const val BEGINNING = 40

/** What was done on this phone and has not arrived, or was not accepted. */
class OutboxModel(
    phone: Phone,
) : ScreenModel<OutboxModel.Input>(phone, Input()) {
    /** @param problem why the last exchange did not work. */
    data class Input(
        val problem: org.dangjian.core.AppException? = null,
    )

    private val page = live(Topic.OUTBOX) { named(outbox.list(PAGE, 0u).rows) }

    val state: StateFlow<OutboxState> =
        combine(page, phone.sync, input) { read, sync, input ->
            outboxOf(read.orNull().orEmpty(), sync).copy(
                loading = read is Read.Loading,
                // That there is no network is said by the strip above.
                problem = (read.failure ?: input.problem.takeIf { sync !is SyncState.Offline })?.asError(),
            )
        }.shown(OutboxState(loading = true))

    /** Now, not when the core would. */
    fun sync() {
        change { copy(problem = null) }
        act(failed = { problem -> change { copy(problem = problem) } }) { core.sync() }
    }

    /** The person has seen that it was refused. */
    fun known(id: String) = act { outbox.acknowledge(OpId(id)) }

    /**
     * What was written and refused is begun again: it becomes a draft, and [open] is told which notice it changes, or
     * that it is a new one.
     */
    fun again(
        id: String,
        open: (notice: String?) -> Unit,
    ) {
        var notice: String? = null
        act(done = { open(notice) }) {
            val row = outbox.list(PAGE, 0u).rows.first { it.op.text == id }
            notice = beginAgain(row)
            outbox.acknowledge(row.op)
        }
    }

    private suspend fun Dangjian.beginAgain(row: OutboxView): String? {
        val (title, body) = row.title.orEmpty() to row.text.orEmpty()
        val notice = row.about?.text?.takeIf { row.kind == OpKind.EDIT_NOTICE }
        if (notice == null) {
            phone.keepDraft(PublishDraft.ID, PublishDraft.of(null, title, body).text())
        } else {
            val of = notices.get(NoticeId(notice))?.let(EditDraft::wordsOf).orEmpty()
            phone.keepDraft(EditDraft.id(notice), EditDraft(of, title, body).text())
        }
        return notice
    }
}

/** Each with what it is about, in words. */
internal suspend fun Dangjian.named(rows: List<OutboxView>): List<Pair<OutboxView, String>> =
    rows.map { row -> row to (row.title ?: titleOf(row) ?: row.text?.take(BEGINNING)).orEmpty() }

private suspend fun Dangjian.titleOf(row: OutboxView): String? {
    val about = row.about ?: return null
    return when (row.kind) {
        OpKind.READ_NOTICE, OpKind.WITHDRAW_NOTICE -> notices.get(NoticeId(about.text))?.title
        OpKind.RECORD_STUDY, OpKind.DRAW_QUIZ -> study.item(about)?.title
        OpKind.MAKE_APPEAL, OpKind.REVERSE_ENTRY -> points.explain(about)?.entry?.title
        else -> null
    }
}

/** @param rows newest first, as the core has them. */
internal fun outboxOf(
    rows: List<Pair<OutboxView, String>>,
    sync: SyncState,
): OutboxState {
    val (refused, waiting) = rows.partition { (row, _) -> row.state is CoreState.Refused }
    return OutboxState(
        sync = sync,
        refused = refused.map { (row, about) -> refusedOf(row, about) },
        waiting =
            waiting.asReversed().map { (row, about) ->
                val standing = if (row.state is CoreState.Held) OutboxStanding.Held else OutboxStanding.Queued
                OutboxItemState(row.op.text, OutboxWordsStrings.of(row.kind), about, standing)
            },
    )
}

/** What [row] says once it was refused; also shown on 今日. */
internal fun refusedOf(
    row: OutboxView,
    about: String,
): RefusedState {
    val refusal = (row.state as? CoreState.Refused)?.refusal
    return RefusedState(
        id = row.op.text,
        title = OutboxWordsStrings.refused(OutboxWordsStrings.of(row.kind)),
        reason = OutboxWordsStrings.reason(refusal?.sentence() ?: OutboxWordsStrings.UNKNOWN_REASON),
        about = about,
        wayOn =
            OutboxWordsStrings.AGAIN.takeIf { row.kind == OpKind.PUBLISH_NOTICE || row.kind == OpKind.EDIT_NOTICE },
    )
}

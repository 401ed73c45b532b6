package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeId
import org.dangjian.core.OpId
import org.dangjian.core.OpKind
import org.dangjian.core.OutboxView
import org.dangjian.core.Topic
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.outbox.OutboxItemState
import org.dangjian.ui.outbox.OutboxStanding
import org.dangjian.ui.outbox.OutboxState
import org.dangjian.core.OutboxState as CoreState

private const val PAGE = 100

/** How much of what was written is shown where there is no title. */
private const val BEGINNING = 40

/** What was done on this phone and has not arrived, or was not accepted. */
class OutboxModel(
    phone: Phone,
) : ScreenModel<OutboxModel.Input>(phone, Input()) {
    /**
     * @param pages how far the person has scrolled.
     * @param problem why the last exchange did not work.
     */
    data class Input(
        val pages: Int = 1,
        val problem: AppException? = null,
    )

    private val page =
        live(Topic.OUTBOX, key = { it.pages }) { pages ->
            val shown = outboxRows(wholeOutbox(), pages * PAGE)
            Rows(named(shown.rows), shown.more)
        }

    val state: StateFlow<OutboxState> =
        combine(page, phone.sync, input) { read, sync, input ->
            val page = read.orNull()
            outboxOf(page?.rows.orEmpty(), sync).copy(
                more = page?.more == true,
                loading = read is Read.Loading,
                // That there is no network is said by the strip above.
                problem = (read.failure ?: input.problem.takeIf { sync !is SyncState.Offline })?.asError(),
            )
        }.shown(OutboxState(loading = true))

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1) }

    /** Now, not when the core would. */
    fun sync() {
        change { copy(problem = null) }
        act(::failed) { core.sync() }
    }

    /** The person has seen that it was refused. */
    fun known(id: String) = act { outbox.acknowledge(OpId(id)) }

    /** Goes on from what was refused: [open] is told where. */
    fun goOn(
        id: String,
        open: (WayOn) -> Unit,
    ) = once(::failed, done = { way -> way?.let(open) }) { phone.goOnFrom(id) }

    private fun failed(problem: AppException) = change { copy(problem = problem) }
}

/** What was refused, and the first [count] of those to go: they stand at the end, since the newest come first. */
internal fun outboxRows(
    rows: List<OutboxView>,
    count: Int,
): Rows<OutboxView> {
    val (refused, waiting) = rows.partition { it.state is CoreState.Refused }
    return Rows(refused + waiting.takeLast(count), waiting.size > count)
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

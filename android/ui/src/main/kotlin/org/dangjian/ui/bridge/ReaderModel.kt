package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.Question
import org.dangjian.core.RowId
import org.dangjian.core.Stopped
import org.dangjian.core.Topic
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.reader.ReaderBlock
import org.dangjian.ui.reader.ReaderState
import org.dangjian.ui.reader.readerBlocks

private const val SECOND_MS = 1_000L

/** A touch within this time of the last one need not be told, ms. */
private const val TOUCH_MS = 5_000L

/**
 * Reading one item: fetches it if it is not on the phone, and tells the core's clock what it must know. What counts is
 * decided there.
 */
class ReaderModel(
    phone: Phone,
    item: String,
) : ScreenModel<ReaderModel.Input>(phone, Input()) {
    /**
     * @param blocks the text, once it is here.
     * @param place the first block in sight.
     * @param percent how far the last block in sight is.
     * @param seen whether the reader is what the person looks at.
     * @param stands whether the person stopped the clock.
     * @param checkOpen false while they look back into the text.
     * @param choice what they chose in the check.
     */
    data class Input(
        val blocks: List<ReaderBlock> = emptyList(),
        internal val checks: List<Question> = emptyList(),
        val recording: Boolean = false,
        val missing: EmptyState? = null,
        val problem: ErrorState? = null,
        val firstBlock: Int = 0,
        val place: Int = 0,
        val percent: Int = 0,
        val seen: Boolean = false,
        val stands: Boolean = false,
        val sizeOpen: Boolean = false,
        val checkOpen: Boolean = true,
        val choice: Int? = null,
    )

    private val id = RowId(item)
    private val keeper = Keeper(phone, "place:$item", viewModelScope)
    private var touchedAt: Long? = null
    private var studying: Job? = null

    private val facts =
        live(Topic.STUDY, Topic.POINTS, Topic.RULES) {
            val points = study.today()?.shown?.points == true
            ReaderFacts(study.item(id), if (points) study.capNote(id) else null)
        }

    val state: StateFlow<ReaderState> =
        combine(facts, session(), input) { facts, ticking, input -> readerOf(facts, ticking, input) }
            .shown(readerOf(Read.Loading, null, Input()))

    init {
        studying = viewModelScope.launch { study() }
    }

    /** The reader is what the person looks at, or is not any more. */
    fun seen(is_: Boolean) {
        if (!is_) keeper.now()
        change { copy(seen = is_) }
    }

    fun pause() = change { copy(stands = true) }

    fun goOn() = change { copy(stands = false) }

    fun place(
        block: Int,
        percent: Int,
    ) {
        if (block != input.value.place) keeper.write(block.toString())
        change { copy(place = block, percent = percent) }
    }

    fun sizeOpen(open: Boolean) = change { copy(sizeOpen = open) }

    fun checkOpen(open: Boolean) = change { copy(checkOpen = open) }

    fun choose(choice: Int) = change { copy(choice = choice) }

    /** Hands in what was chosen. */
    fun submit() {
        val choice = input.value.choice ?: return
        change { copy(choice = null, checkOpen = true, problem = null) }
        act({ change { copy(problem = it.asError()) } }) { study.answer(choice.toUByte()) }
    }

    /** The person touched the screen. */
    fun touched() {
        val now = phone.bootMs()
        if (touchedAt?.let { now - it in 0..<TOUCH_MS } == true) return
        touchedAt = now
        act { study.input() }
    }

    /** Tries again to fetch the text. */
    fun again() {
        change { copy(problem = null) }
        if (studying?.isActive != true) studying = viewModelScope.launch { study() }
        retry()
    }

    override fun onCleared() {
        keeper.now()
        // This model's own scope is over.
        CoroutineScope(phone.work).launch { told { if (study.session()?.item == id) study.stop() } }
    }

    /** Fetches, opens, and from then on tells the clock what it must know. */
    private suspend fun study() {
        change { copy(missing = null, problem = null) }
        try {
            if (!fetched()) return
            phone.call { study.open(id) }
            phone.call { study.foreground(phone.inForeground) }
            phone.call { study.screen(phone.screenLit) }
            // One after the other: the last said must be the last heard.
            input.map { it.observed() }.distinctUntilChanged().collect { (visible, plays) ->
                phone.call {
                    study.visible(visible)
                    study.playing(plays)
                }
            }
        } catch (problem: AppException) {
            change { copy(problem = problem.asError()) }
        }
    }

    /** Whether the text is here now. Waits for a network as long as the person does. */
    private suspend fun fetched(): Boolean {
        while (true) {
            val here = phone.call { here() }
            if (here != null) {
                change { here(this) }
                return true
            }
            val outcome = phone.call { study.download(listOf(id)) }
            val why = (outcome.stopped as? Stopped.Failed)?.error
            when {
                why is AppException.Offline -> {
                    change { copy(missing = offlineOf()) }
                    delay(SECOND_MS)
                    phone.sync.first { it !is SyncState.Offline }
                    change { copy(missing = null) }
                }

                why != null -> {
                    throw why
                }

                outcome.missing.isNotEmpty() -> {
                    change { copy(missing = goneOf()) }
                    return false
                }
            }
        }
    }

    private suspend fun Dangjian.here(): (Input.() -> Input)? {
        val content = study.content(id) ?: return null
        val view = study.item(id)
        val kept = keeper.kept()?.toIntOrNull() ?: 0
        val blocks = readerBlocks(content.body)
        val first = kept.coerceIn(0, (blocks.size - 1).coerceAtLeast(0))
        val recording = view?.kind?.isRecording == true
        return {
            copy(
                blocks = blocks,
                checks = content.checks,
                recording = recording,
                firstBlock = first,
                place = first,
                // Nothing plays by itself.
                stands = recording,
            )
        }
    }

    /** The session, counted on each second while its clock runs. */
    @OptIn(ExperimentalCoroutinesApi::class)
    private fun session(): Flow<Ticking?> =
        phone.core.session().transformLatest { session ->
            val mine = session?.takeIf { it.item == id }
            emit(mine?.at(phone.bootMs()))
            while (mine?.runs == true) {
                delay(SECOND_MS)
                emit(mine.at(phone.bootMs()))
            }
        }

    /** Says something to the core that may be lost without harm. */
    private suspend fun told(call: suspend Dangjian.() -> Unit) {
        try {
            phone.call(call)
        } catch (_: AppException) {
        }
    }
}

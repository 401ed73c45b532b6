package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.CancelHandle
import org.dangjian.core.DownloadListener
import org.dangjian.core.DownloadOutcome
import org.dangjian.core.DownloadProgress
import org.dangjian.core.ItemView
import org.dangjian.core.RowId
import org.dangjian.core.Stopped
import org.dangjian.core.TodayView
import org.dangjian.core.Topic
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.study.StudyState

private const val PAGE = 20u

/** What there is to study, and fetching it for when there is no network. */
class StudyModel(
    phone: Phone,
) : ScreenModel<StudyModel.Input>(phone, Input()) {
    /**
     * @param pages how many pages the person has scrolled to.
     * @param problem why the last download ended early.
     */
    data class Input(
        val filter: String = StudyFilters.ALL,
        val pages: UInt = 1u,
        val offline: Boolean = false,
        val problem: ErrorState? = null,
    )

    private class Page(
        val filter: String,
        val items: Rows<ItemView>,
        val today: TodayView?,
        val kept: UInt,
    )

    private class Download(
        val percent: Int,
        val cancel: CancelHandle,
    )

    /** By item. */
    private val downloads = MutableStateFlow<Map<String, Download>>(emptyMap())

    private val page =
        live(
            Topic.STUDY,
            Topic.POINTS,
            Topic.RULES,
            Topic.OUTBOX,
            key = { Triple(it.filter, it.pages, it.offline) },
        ) { (filter, pages, offline) ->
            Page(
                filter,
                rowsOf(pages * PAGE, { it.id }) { limit, offset ->
                    study.items(StudyFilters.of(filter).copy(offline = offline), limit, offset).run { Rows(rows, more) }
                },
                study.today(),
                study.kept().contents,
            )
        }

    private val sync = phone.sync.onEach { change { copy(offline = it is SyncState.Offline) } }

    val state: StateFlow<StudyState> =
        combine(page, downloads, sync, phone.unread, input) { read, downloads, _, unread, input ->
            stateOf(read, downloads, unread, input)
        }.shown(StudyState(filters = emptyList(), loading = true, items = emptyList()))

    fun filter(id: String) = change { copy(filter = id, pages = 1u, problem = null) }

    fun all() = filter(StudyFilters.ALL)

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    /** Reads again what could not be read, or takes away why a download ended. */
    fun again() {
        change { copy(problem = null) }
        retry()
    }

    /** Fetches an item's content, so that it is there when there is no network. */
    fun download(id: String) {
        if (id in downloads.value) return
        val cancel = CancelHandle()
        downloads.update { it + (id to Download(0, cancel)) }
        change { copy(problem = null) }
        viewModelScope.launch {
            try {
                val told = Told(id)
                val outcome = phone.call { study.download(listOf(RowId(id)), told, cancel) }
                change { copy(problem = outcome.problem()) }
            } catch (problem: AppException) {
                change { copy(problem = problem.asError()) }
            } finally {
                downloads.update { it - id }
                cancel.close()
            }
            retry()
        }
    }

    /** Leaves a download off; what is there stays. */
    fun cancel(id: String) {
        downloads.value[id]?.cancel?.cancel()
    }

    override fun onCleared() = downloads.value.values.forEach { it.cancel.cancel() }

    private inner class Told(
        private val id: String,
    ) : DownloadListener {
        override fun onProgress(progress: DownloadProgress) =
            downloads.update { all ->
                val download = all[id] ?: return@update all
                all + (id to Download(progress.percent(), download.cancel))
            }
    }

    private fun stateOf(
        read: Read<Page>,
        downloads: Map<String, Download>,
        unread: Int,
        input: Input,
    ): StudyState {
        val page = read.orNull()
        val shown = page?.today?.shown
        val items = page?.items?.rows.orEmpty()
        return StudyState(
            points = page?.today?.takeIf { it.shown.points }?.let(::studyPointsOf),
            filters = StudyFilters.all(input.filter, page?.kept),
            offline = input.offline,
            problem = input.problem ?: read.failure?.asError(),
            loading = read is Read.Loading,
            items =
                items.map {
                    studyItemOf(
                        it,
                        input.offline,
                        downloads[it.id.text]?.percent,
                        shown?.points == true,
                        shown?.minutes == true,
                    )
                },
            more = page?.items?.more == true,
            empty = page?.takeIf { items.isEmpty() }?.let { emptyOf(it.filter) },
            bar = BottomBarState(Tab.Study, unread),
        )
    }
}

private const val WHOLE = 100

internal fun DownloadProgress.percent(): Int =
    if (totalBytes <= 0) 0 else (doneBytes * WHOLE / totalBytes).toInt().coerceIn(0, WHOLE)

/** What a person is to know of a download that did not bring what it should; nothing if they cancelled it. */
internal fun DownloadOutcome.problem(): ErrorState? =
    when (val why = stopped) {
        is Stopped.Failed -> why.error.asError()
        Stopped.Cancelled -> null
        null -> missingOf().takeIf { missing.isNotEmpty() }
    }

private fun missingOf() =
    ErrorState(
        StudyBridgeStrings.MISSING_TITLE,
        StudyBridgeStrings.MISSING_SENTENCE,
        code = "content_missing",
    )

internal fun emptyOf(filter: String): EmptyState =
    when (filter) {
        StudyFilters.ALL -> {
            EmptyState(StudyBridgeStrings.NONE_HERE, StudyBridgeStrings.NONE_HERE_SENTENCE)
        }

        StudyFilters.DOWNLOADED -> {
            EmptyState(
                StudyBridgeStrings.NONE_DOWNLOADED,
                StudyBridgeStrings.NONE_DOWNLOADED_SENTENCE,
                StudyBridgeStrings.SEE_ALL,
            )
        }

        else -> {
            EmptyState(
                StudyBridgeStrings.NONE_HERE,
                StudyBridgeStrings.NONE_HERE_SENTENCE,
                StudyBridgeStrings.SEE_ALL,
            )
        }
    }

package org.dangjian.ui.bridge

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.scan
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withContext
import org.dangjian.core.AppException
import org.dangjian.core.Clock
import org.dangjian.core.CoreConfig
import org.dangjian.core.Dangjian
import org.dangjian.core.Platform
import org.dangjian.core.Status
import org.dangjian.core.Topic
import org.dangjian.core.attempt
import org.dangjian.ui.components.SyncState

/** How many notices are looked through for unread ones: one more than a badge counts. */
private const val NOTICES_COUNTED = 100u

/** How long a phone that just started may take to reach the server before it says that it is offline, ms. */
private const val FIRST_TRY_MS = 2_000L

/**
 * One member's phone, as the view models know it. Nothing here waits on the thread that draws: calls go to [work].
 *
 * @param clock the one that the core was given.
 */
class Phone private constructor(
    private val opener: suspend () -> Dangjian,
    first: Dangjian,
    private val clock: Clock,
    internal val work: CoroutineDispatcher,
) {
    /** Another one after [reopen]. */
    @Volatile
    internal var core: Dangjian = first
        private set

    private val isRevoked = MutableStateFlow(false)

    /** This phone's access was taken away: nothing answers any more until it is opened anew. */
    internal val revoked: Flow<Unit> =
        merge(
            isRevoked.filter { it }.map { },
            // First come all topics, which says nothing.
            watched { changes().drop(1).filter { Topic.REVOKED in it }.map { } },
        )

    /** What the core tells; ends when it is closed. */
    private fun <T> watched(what: Dangjian.() -> Flow<T>): Flow<T> =
        flow { emitAll(core.what()) }.catch { problem ->
            when (problem) {
                is AppException.Closed -> {}

                is AppException.DeviceRevoked -> {
                    isRevoked.value = true
                }

                else -> {
                    throw problem
                }
            }
        }

    private val lit = MutableStateFlow(true)
    private val front = MutableStateFlow(true)

    /** The time as the phone shows it, ms since 1970. */
    internal fun nowMs(): Long = clock.read().wall.ms

    /** The clock since the phone was switched on, ms. */
    internal fun bootMs(): Long = clock.read().bootMs

    /** Whether the app is in the foreground and the screen lit. */
    internal val inForeground get() = front.value
    internal val screenLit get() = lit.value

    /** Now, and whenever one of [topics] changed. */
    internal fun changed(vararg topics: Topic): Flow<Unit> =
        watched { changes().filter { it.any(topics::contains) }.map { } }

    /** How it stands with the server, for the strip below a title. */
    @OptIn(kotlinx.coroutines.ExperimentalCoroutinesApi::class)
    internal val sync: Flow<SyncState> =
        watched { status() }
            .scan(Standing()) { before, status -> before.then(status) }
            .transformLatest { standing ->
                if (standing.unheard) delay(FIRST_TRY_MS)
                emit(standing.state)
            }.distinctUntilChanged()
            .flowOn(work)

    /** Whether somebody is signed in. */
    internal val signedIn: Flow<Boolean> =
        watched { status() }
            .map { it.signedIn }
            .distinctUntilChanged()
            .flowOn(work)

    private val drafts = MutableStateFlow(0)

    /** Now, and whenever something begun was kept or done with. */
    internal val drafted: Flow<Unit> = drafts.map { }

    /** Keeps what somebody has begun to write, chose, or where they were, or forgets it: nothing else does. */
    internal suspend fun keepDraft(
        id: String,
        text: String?,
    ) {
        call { settings.saveDraft(id, text) }
        drafts.update { it + 1 }
    }

    /** Unread notices, for the bar at the bottom. */
    val unread: Flow<Int> =
        watched { noticePage(NOTICES_COUNTED) }
            .map { page ->
                page.rows.count { !it.read }
            }.distinctUntilChanged()
            .flowOn(work)

    /** Calls the core, away from the thread that draws. */
    internal suspend fun <T> call(call: suspend Dangjian.() -> T): T =
        withContext(work) {
            try {
                attempt { core.call() }
            } catch (problem: AppException.DeviceRevoked) {
                isRevoked.value = true
                throw problem
            }
        }

    /** The app is seen, or is not any more; then no file stays locked, and study stands. */
    suspend fun foreground(is_: Boolean) {
        front.value = is_
        call {
            if (is_) core.resume()
            study.foreground(is_)
            if (!is_) core.suspend(SUSPEND_MS)
        }
    }

    /** The screen is lit, or went dark. */
    suspend fun screen(lit: Boolean) {
        this.lit.value = lit
        call { study.screen(lit) }
    }

    /** There is a network again, or none. */
    suspend fun network(is_: Boolean) = call { core.networkChanged(is_) }

    /** Closes the files and ends all threads. */
    suspend fun close() = core.close()

    /** Opens the files anew, as those of a new phone if its access was taken away. */
    internal suspend fun reopen() =
        withContext(work) {
            core.close()
            core = opener()
            isRevoked.value = false
        }

    companion object {
        private const val SUSPEND_MS = 5_000u

        /**
         * Opens the phone's files.
         *
         * @throws org.dangjian.core.AppException if they can't be opened; see [problemOf].
         */
        suspend fun open(
            config: CoreConfig,
            platform: Platform,
            clock: Clock,
            work: CoroutineDispatcher = Dispatchers.Default,
        ): Phone =
            withContext(work) {
                val opener = suspend { Dangjian.open(config, platform) }
                Phone(opener, opener(), clock, work)
            }
    }
}

/** How it stood and stands with the server. */
private data class Standing(
    val status: Status? = null,
    /** Operations that were waiting when this exchange began. */
    val begun: Int = 0,
    val wasOnline: Boolean = false,
) {
    fun then(next: Status): Standing {
        val queued = next.queued.toInt()
        return Standing(
            next,
            if (next.syncing) maxOf(queued, if (status?.syncing == true) begun else 0) else 0,
            wasOnline || next.online,
        )
    }

    /** It was not online since the start: perhaps it just had no time yet. */
    val unheard get() = !wasOnline && state is SyncState.Offline

    val state: SyncState
        get() =
            when {
                status == null || (status.online && begun == 0) -> SyncState.Settled
                begun > 0 && status.online -> SyncState.Syncing(begun - status.queued.toInt(), begun)
                else -> SyncState.Offline(status.queued.toInt())
            }
}

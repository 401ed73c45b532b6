package org.dangjian.core

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import java.nio.charset.CharacterCodingException

/**
 * One member's phone: the core with its services taken out once, and its observations as flows. A flow ends its observation
 * on both sides when its collector goes away.
 */
class Dangjian private constructor(
    val core: DangjianCore,
) {
    val account: AccountService = core.account()
    val notices: NoticeService = core.notices()
    val study: StudyService = core.study()
    val points: PointsService = core.points()
    val boards: BoardService = core.boards()
    val members: MemberService = core.members()
    val office: OfficeService = core.office()
    val outbox: OutboxService = core.outbox()
    val settings: SettingsService = core.settings()

    /** How it stands with the server. */
    fun status(): Flow<Status> =
        observed { scope ->
            core.observeStatus(
                object : StatusListener {
                    override fun onStatus(status: Status) = scope.tell(status)
                },
            )
        }.conflate()

    /** The open study session. */
    fun session(): Flow<StudySession?> =
        observed { scope ->
            core.observeSession(
                object : SessionListener {
                    override fun onSession(session: StudySession?) = scope.tell(session)
                },
            )
        }.conflate()

    /** Today's points, time and streak. */
    fun today(): Flow<TodayView?> =
        observed { scope ->
            core.observeToday(
                object : TodayListener {
                    override fun onToday(today: TodayView?) = scope.tell(today)
                },
            )
        }.conflate()

    /** A page of the list of notices. */
    fun noticePage(
        limit: UInt,
        offset: UInt = 0u,
    ): Flow<NoticePage> =
        observed { scope ->
            core.observeNotices(
                limit,
                offset,
                object : NoticesListener {
                    override fun onNotices(page: NoticePage) = scope.tell(page)
                },
            )
        }.conflate()

    /** A page of the outbox. */
    fun outboxPage(
        limit: UInt,
        offset: UInt = 0u,
    ): Flow<OutboxPage> =
        observed { scope ->
            core.observeOutbox(
                limit,
                offset,
                object : OutboxListener {
                    override fun onOutbox(page: OutboxPage) = scope.tell(page)
                },
            )
        }.conflate()

    /** What changed, by topic; first all of them. None is lost, so the collector must keep up. */
    fun changes(): Flow<List<Topic>> =
        observed { scope ->
            core.observeChanges(
                object : ChangeListener {
                    override fun onChanges(topics: List<Topic>) = scope.tell(topics)
                },
            )
        }.buffer(Channel.UNLIMITED)

    /** Ends the core and lets go of everything. Calls from then on answer [AppException.Closed]. */
    suspend fun close() {
        core.shutdown()
    }

    companion object {
        /**
         * Opens one member's phone.
         *
         * @throws IllegalStateException if the native library has another API than this code was generated from.
         */
        suspend fun open(
            config: CoreConfig,
            platform: Platform,
        ): Dangjian {
            val native = apiHash()
            check(native == API_HASH) { "the native library's API is $native, this code's is $API_HASH" }
            return Dangjian(attempt { DangjianCore.open(config, platform) })
        }
    }
}

private fun <T> ProducerScope<T>.tell(value: T) {
    trySend(value)
}

private fun <T> observed(start: (ProducerScope<T>) -> TaskHandle): Flow<T> =
    callbackFlow {
        val handle = start(this)
        awaitClose {
            handle.cancel()
            handle.close()
        }
    }

/**
 * Calls the core so that whatever goes wrong is an [AppException]: also a text that is no text (a lone surrogate) and an
 * object that was closed.
 */
suspend fun <T> attempt(call: suspend () -> T): T =
    try {
        call()
    } catch (error: CharacterCodingException) {
        throw AppException.InvalidInput("text", emptyList()).apply { initCause(error) }
    } catch (error: InternalException) {
        throw AppException.Defect().apply { initCause(error) }
    } catch (error: kotlinx.coroutines.CancellationException) {
        throw error
    } catch (error: IllegalStateException) {
        throw AppException.Closed().apply { initCause(error) }
    }

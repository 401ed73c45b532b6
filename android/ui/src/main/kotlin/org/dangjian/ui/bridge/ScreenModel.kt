package org.dangjian.ui.bridge

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.mapLatest
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.Topic

/** What was read from the core. */
internal sealed interface Read<out T> {
    data object Loading : Read<Nothing>

    data class Done<T>(
        val value: T,
    ) : Read<T>

    data class Failed(
        val problem: AppException,
    ) : Read<Nothing>
}

internal fun <T> Read<T>.orNull(): T? = (this as? Read.Done)?.value

internal val Read<*>.failure: AppException? get() = (this as? Read.Failed)?.problem

/** How long a screen that is not seen keeps what it read, ms: turning the phone does not read again. */
private const val KEEP_MS = 5_000L

/**
 * What stands behind a screen: reads from the core whenever something it shows changed, and says what the person does.
 * Keeps nothing that would be missed: what a person writes goes to the core's drafts.
 *
 * @param I what the person chose and wrote on this screen so far.
 */
abstract class ScreenModel<I>(
    protected val phone: Phone,
    first: I,
) : ViewModel() {
    protected val input = MutableStateFlow(first)
    private val again = MutableStateFlow(0)

    /**
     * What [read] gives, now and whenever one of [topics] or what [key] takes from the input changed. While it is read
     * again, the last stays.
     */
    @OptIn(ExperimentalCoroutinesApi::class)
    internal fun <K, T> live(
        vararg topics: Topic,
        key: (I) -> K,
        read: suspend Dangjian.(K) -> T,
    ): Flow<Read<T>> =
        combine(
            phone.changed(*topics).conflate(),
            input.map(key).distinctUntilChanged(),
            again,
        ) { _, chosen, _ -> chosen }
            .mapLatest { chosen ->
                try {
                    Read.Done(phone.call { read(chosen) })
                } catch (problem: AppException) {
                    Read.Failed(problem)
                }
            }

    /** The same, where nothing that is chosen matters. */
    internal fun <T> live(
        vararg topics: Topic,
        read: suspend Dangjian.() -> T,
    ): Flow<Read<T>> = live(*topics, key = {}) { read() }

    /** Held while the screen is seen and a little longer; computed away from the thread that draws. */
    protected fun <S> Flow<S>.shown(first: S): StateFlow<S> =
        flowOn(phone.work).stateIn(viewModelScope, SharingStarted.WhileSubscribed(KEEP_MS), first)

    /** Reads everything again. */
    fun retry() = again.update { it + 1 }

    /** The person chose or wrote something. */
    protected fun change(change: I.() -> I) = input.update(change)

    private val one = Once(viewModelScope)

    /** Whether something is under way that is done [once]: its button is disabled meanwhile. */
    protected val busy: StateFlow<Boolean> = one.busy

    /** Does something; what came of it is told on the thread that draws: to [done], or to [failed] why it did not work. */
    protected fun <T> act(
        failed: (AppException) -> Unit = {},
        done: (T) -> Unit = {},
        call: suspend Dangjian.() -> T,
    ) {
        viewModelScope.launch { attempt(failed, done, call) }
    }

    /** As [act], and everything that makes an operation: not while another is under way. */
    protected fun <T> once(
        failed: (AppException) -> Unit = {},
        done: (T) -> Unit = {},
        call: suspend Dangjian.() -> T,
    ) = one.begin { attempt(failed, done, call) }

    private suspend fun <T> attempt(
        failed: (AppException) -> Unit,
        done: (T) -> Unit,
        call: suspend Dangjian.() -> T,
    ) = try {
        done(phone.call(call))
    } catch (problem: AppException) {
        failed(problem)
    }
}

package org.dangjian.ui.desktop

import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext

/**
 * The main thread of an app that is used by [Hands]: the thread that makes it. What is dispatched to it waits until that
 * thread calls for it, so nothing changes while it looks at the screen.
 */
internal class MainQueue : MainCoroutineDispatcher() {
    private val thread = Thread.currentThread()
    private val tasks = LinkedBlockingQueue<Runnable>()

    override val immediate: MainCoroutineDispatcher =
        object : MainCoroutineDispatcher() {
            override val immediate: MainCoroutineDispatcher get() = this

            override fun isDispatchNeeded(context: CoroutineContext) = Thread.currentThread() !== thread

            override fun dispatch(
                context: CoroutineContext,
                block: Runnable,
            ) = this@MainQueue.dispatch(context, block)
        }

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        tasks.add(block)
    }

    /** Does what waits by now; what that brings about waits for the next time. Gives whether there was anything. */
    fun drain(): Boolean {
        check(Thread.currentThread() === thread) { "not on the thread of the app" }
        val waiting = mutableListOf<Runnable>()
        tasks.drainTo(waiting)
        waiting.forEach(Runnable::run)
        return waiting.isNotEmpty()
    }

    /** Leaves the processor to other threads until one of them wants something done here, for [ms] at most. */
    fun await(ms: Long) {
        check(Thread.currentThread() === thread) { "not on the thread of the app" }
        tasks.poll(ms, TimeUnit.MILLISECONDS)?.run()
    }
}

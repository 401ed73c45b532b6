package org.dangjian.core

import com.sun.management.OperatingSystemMXBean
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.management.ManagementFactory

private const val PAGE = 50u

/** The longest page there is, and how many of them are 1,000 records. */
private const val LONGEST = 200u
private const val PAGES = 5u

/**
 * What crossing into the core costs, in processor time: `./scripts/bench ffi`. Of the thread that calls, which is what a phone's
 * screen would feel, and of the whole process, the core's own work and its database included. Medians of [ROUNDS] rounds.
 */
class FfiBench {
    private val system = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    private val threads = ManagementFactory.getThreadMXBean()

    private class Cost(
        val callerUs: Double,
        val processUs: Double,
    )

    private fun cost(
        calls: Int,
        call: suspend () -> Unit,
    ): Cost {
        val rounds =
            (0..WARM_UP + ROUNDS)
                .map {
                    runBlocking {
                        val (caller, process) = threads.currentThreadCpuTime to system.processCpuTime
                        repeat(calls) { call() }
                        val spent = threads.currentThreadCpuTime - caller to system.processCpuTime - process
                        Cost(spent.first / 1e3 / calls, spent.second / 1e3 / calls)
                    }
                }.drop(WARM_UP)
        return Cost(median(rounds.map { it.callerUs }), median(rounds.map { it.processUs }))
    }

    private fun median(values: List<Double>) = values.sorted()[values.size / 2]

    @Test
    fun `what crossing costs`() =
        runBlocking {
            val phone = County.signedIn("bench", "officer4")
            val members = phone.members
            check(members.list("", null, PAGE, 0u).rows.size == PAGE.toInt())
            check(members.list("", null, LONGEST, 0u).rows.size == LONGEST.toInt())
            val costs =
                mapOf(
                    "nothing" to cost(20_000) { apiHash() },
                    "call" to cost(10_000) { phone.core.status() },
                    "suspending_call" to cost(2_000) { phone.core.member() },
                    "page_of_50" to cost(200) { members.list("", null, PAGE, 0u) },
                    "records_1000" to
                        cost(20) { for (page in 0u until PAGES) members.list("", null, LONGEST, page * LONGEST) },
                )
            val all = scroll(phone)
            val told =
                buildJsonObject {
                    costs.forEach { (name, cost) ->
                        put("${name}_caller_us", JsonPrimitive(rounded(cost.callerUs)))
                        put("${name}_process_us", JsonPrimitive(rounded(cost.processUs)))
                    }
                    put("page_of_50_goal_us", JsonPrimitive(100))
                    put("members_scrolled", JsonPrimitive(all.first))
                    put("most_heap_while_scrolling_mb", JsonPrimitive(rounded(all.second)))
                }
            phone.close()
            File(System.getProperty("dangjian.bench")).apply { parentFile.mkdirs() }.writeText("$told\n")
        }

    /** All members, page by page as one scrolls; how many there were, and the most memory in use beyond that before, MB. */
    private suspend fun scroll(phone: Dangjian): Pair<Int, Double> {
        val before = used()
        var most = before
        var seen = 0
        do {
            val page = phone.members.list("", null, PAGE, seen.toUInt())
            seen += page.rows.size
            if (seen % (20 * PAGE.toInt()) == 0) most = maxOf(most, used())
        } while (page.more)
        return seen to (most - before) / 1e6
    }

    private fun used(): Long {
        System.gc()
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
    }

    private fun rounded(value: Double) = Math.round(value * 100) / 100.0

    private companion object {
        const val WARM_UP = 3
        const val ROUNDS = 9
    }
}

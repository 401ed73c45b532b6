package org.dangjian.ui.bridge

import org.dangjian.core.Dangjian
import org.dangjian.core.OutboxView

/** The most rows that the core gives at once. */
private const val MOST = 200u

/** The beginning of a list, and whether there is more of it. */
internal class Rows<out R>(
    val rows: List<R>,
    val more: Boolean,
)

/**
 * The first [count] rows of a list, in as many pages as the core needs for that. Whatever moved down while they were read
 * stands once: a list on the screen must not have the same row twice.
 */
internal suspend fun <R> rowsOf(
    count: UInt,
    id: (R) -> Any,
    page: suspend (limit: UInt, offset: UInt) -> Rows<R>,
): Rows<R> {
    val rows = mutableListOf<R>()
    var offset = 0u
    var more = true
    while (more && offset < count) {
        val limit = minOf(MOST, count - offset)
        val read = page(limit, offset)
        rows += read.rows
        offset += limit
        more = read.more
    }
    return Rows(rows.distinctBy(id), more)
}

/** Everything that waits or was refused, newest first: what was done without a network may be much. */
internal suspend fun Dangjian.wholeOutbox(): List<OutboxView> =
    rowsOf(UInt.MAX_VALUE, { it.op }) { limit, offset -> outbox.list(limit, offset).run { Rows(rows, more) } }.rows

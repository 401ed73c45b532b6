package org.dangjian.app.work

import org.dangjian.core.NoticeView

/** What to tell of new notices. */
internal data class News(
    val notices: List<NoticeView>,
    /** Up to when everything was told, ms since 1970. */
    val toldMs: Long,
)

/**
 * The unread notices that nobody was told of yet, newest first.
 *
 * @param toldMs as kept from the last time; nothing at first, when all the old ones come at once and are no news.
 */
internal fun newsOf(
    unread: List<NoticeView>,
    toldMs: Long?,
): News {
    val newest = maxOf(unread.maxOfOrNull { it.publishedAt.ms } ?: 0, toldMs ?: 0)
    val news = if (toldMs == null) emptyList() else unread.filter { it.publishedAt.ms > toldMs }
    return News(news, newest)
}

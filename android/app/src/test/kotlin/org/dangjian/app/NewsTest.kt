package org.dangjian.app

import android.content.Intent
import org.dangjian.app.work.News
import org.dangjian.app.work.newsOf
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeScope
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView
import org.dangjian.core.OrgId
import org.dangjian.core.Timestamp
import org.dangjian.ui.app.Routes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

class NewsTest {
    private val id = "018f2f6e-0000-7000-8000-000000000001"

    private fun notice(atMs: Long) =
        NoticeView(
            id = NoticeId(id),
            version = 1u,
            org = OrgId(id),
            orgName = "org",
            scope = NoticeScope.BRANCH,
            title = "at $atMs",
            body = "",
            authorName = "",
            publishedAt = Timestamp(atMs),
            editedAt = null,
            state = NoticeState.PUBLISHED,
            withdrawnReason = null,
            read = false,
            unconfirmed = false,
        )

    @Test
    fun the_first_copy_of_everything_is_no_news() =
        assertEquals(News(emptyList(), 9), newsOf(listOf(notice(9), notice(3)), toldMs = null))

    @Test
    fun what_came_since_is_told_once() {
        val news = newsOf(listOf(notice(12), notice(10), notice(9)), toldMs = 9)
        assertEquals(News(listOf(notice(12), notice(10)), 12), news)
        assertEquals(News(emptyList(), 12), newsOf(listOf(notice(12), notice(10)), news.toldMs))
    }

    @Test
    fun when_all_is_read_the_time_stays() = assertEquals(News(emptyList(), 9), newsOf(emptyList(), toldMs = 9))

    @Test
    fun an_intent_opens_its_link_but_not_again_from_the_recent_apps() {
        val link = "dangjian://notice/$id"
        assertEquals(link, linkOf(Intent.ACTION_VIEW, link, 0))
        assertNull(linkOf(Intent.ACTION_VIEW, link, Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        assertNull(linkOf(Intent.ACTION_MAIN, link, 0))
        assertNull(linkOf(Intent.ACTION_VIEW, null, 0))
        assertNull(linkOf(Intent.ACTION_VIEW, "https://notice/$id", 0))
    }

    @Test
    fun what_notifications_open_is_a_place_in_the_app() {
        val text = sources.first { it.name == "Notifications.kt" }.readText()
        val links =
            Regex(
                "\"(dangjian://[^\"]*)\"",
            ).findAll(text).map { it.groupValues[1].replace("\$notice", id) }.toList()
        assertEquals(3, links.size)
        links.forEach { assertNotNull(Routes.ofLink(it), it) }
    }
}

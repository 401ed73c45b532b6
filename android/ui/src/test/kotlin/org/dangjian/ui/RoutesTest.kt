package org.dangjian.ui

import org.dangjian.ui.app.Routes
import org.dangjian.ui.components.Tab
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class RoutesTest {
    private val id = "0197a2b4-0000-7000-8000-0123456789ab"

    @Test
    fun a_link_leads_to_its_screen() {
        assertEquals("notices", Routes.ofLink("dangjian://notices"))
        assertEquals("notice/$id", Routes.ofLink("dangjian://notice/$id"))
        assertEquals("reader/$id", Routes.ofLink("dangjian://reader/$id"))
    }

    @Test
    fun a_link_from_elsewhere_or_to_what_must_not_be_opened_leads_nowhere() {
        val links =
            listOf(
                "https://example.org/notices",
                "dangjian://settings",
                "dangjian://publish",
                "dangjian://notice/",
                "dangjian://notice/$id/../settings",
                "dangjian://notice/$id?x=1",
                "notices",
                "",
            )
        links.forEach { assertNull(Routes.ofLink(it), it) }
    }

    @Test
    fun every_screen_is_found_under_a_tab() {
        assertEquals(Tab.Messages, Routes.tabOf(Routes.RECEIPTS))
        assertEquals(Tab.Study, Routes.tabOf(Routes.READER))
        assertEquals(Tab.Me, Routes.tabOf(Routes.SETTINGS))
        assertEquals(Tab.Today, Routes.tabOf(Routes.POINTS))
        assertEquals(Tab.Today, Routes.tabOf(null))
    }
}

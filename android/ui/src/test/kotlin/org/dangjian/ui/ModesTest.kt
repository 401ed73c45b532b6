package org.dangjian.ui

import kotlin.test.Test
import kotlin.test.assertEquals

/** No state of a screen is seen only in the light. */
class ModesTest {
    private val approved: Map<String, Set<Mode>> =
        checkNotNull(approvedDir.list())
            .map { it.removeSuffix(".png") }
            .groupBy({ it.removeSuffix("-${modeOf(it).suffix}") }, ::modeOf)
            .mapValues { it.value.toSet() }

    /** The longest suffix that fits: `today-elder-dark` is no `today-elder` in the dark. */
    private fun modeOf(picture: String): Mode =
        checkNotNull(Mode.entries.filter { picture.endsWith("-${it.suffix}") }.maxByOrNull { it.suffix.length }) {
            "$picture.png says of no mode how it was made"
        }

    @Test
    fun every_state_was_approved_in_the_light_in_the_dark_and_for_elders() {
        val missing = approved.mapValues { (_, modes) -> EVERY_STATE - modes }.filterValues { it.isNotEmpty() }
        assertEquals(emptyMap(), missing)
    }

    @Test
    fun every_state_there_is_was_approved() = assertEquals(emptySet(), moreScreens.keys - approved.keys)

    @Test
    fun today_has_a_screen_for_elders_that_was_approved_in_the_dark_too() {
        val missing =
            approved.filterKeys { it == "today" || it.startsWith("today-") }.filterValues {
                Mode.ElderDark !in
                    it
            }
        assertEquals(emptyMap(), missing)
    }
}

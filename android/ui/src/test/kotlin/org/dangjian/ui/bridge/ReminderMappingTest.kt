package org.dangjian.ui.bridge

import org.dangjian.core.Switches
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** The settings of the reminder. */
class ReminderMappingTest {
    /** 2026-11-24 12:00 in Shanghai. */
    private val noon = 1_795_492_800_000L
    private val all = Switches(true, true, true, true, true, true, true)
    private val none = Switches(false, false, false, false, false, false, false)

    private fun state(
        choice: ReminderChoice = ReminderChoice(),
        next: ReminderNote? = null,
        switches: Switches? = all,
    ) = reminderStateOf(choice, next, switches, noon)

    @Test
    fun what_is_kept_is_read_again_and_nonsense_is_as_if_not_chosen() {
        val choice = ReminderChoice(enabled = false, atMin = 405, quietFromMin = 0, quietToMin = 0, rank = true)
        assertEquals(choice, ReminderChoice.parse(choice.text()))
        assertEquals(ReminderChoice(), ReminderChoice.parse("at=1440\nrank=perhaps\nquietFrom=\n"))
    }

    @Test
    fun a_time_that_is_not_among_the_usual_ones_can_be_seen_too() {
        val state = state(ReminderChoice(atMin = 6 * 60 + 45))
        assertEquals("06:45", state.times.single { it.selected }.label)
        assertEquals("22:00—05:00", state.quiet.single { it.selected }.label)
        assertEquals("不设", state.quiet.last().label)
    }

    @Test
    fun rank_is_offered_where_there_is_one_and_required_items_where_they_are_not_reminded_of_anyway() {
        assertEquals(false to null, state().let { it.rank to it.required })
        assertEquals(null to false, state(switches = none).let { it.rank to it.required })
        assertEquals(null to null, state(switches = null).let { it.rank to it.required })
    }

    @Test
    fun the_next_one_is_told_with_its_day() {
        val tomorrow = ReminderNote(noon + 17 * 3_600_000, "", "新的一天", "")
        assertEquals("下次提醒（明天 05:00）：新的一天", state(next = tomorrow).next)
        assertNull(state().next)
    }
}

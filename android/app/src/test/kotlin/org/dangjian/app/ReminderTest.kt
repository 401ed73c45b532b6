package org.dangjian.app

import org.dangjian.app.reminder.Due
import org.dangjian.app.reminder.Planned
import org.dangjian.app.reminder.civilDay
import org.dangjian.app.reminder.due
import org.dangjian.app.reminder.dueUnasked
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZonedDateTime
import kotlin.test.Test
import kotlin.test.assertEquals

class ReminderTest {
    private val shanghai = ZoneId.of("Asia/Shanghai")
    private val five = at(5, 0)
    private val planned = Planned(five, "title", "body")
    private val today = LocalDate.of(2026, 11, 24).toEpochDay().toInt()

    private fun at(
        hour: Int,
        minute: Int,
        second: Int = 0,
    ) = ZonedDateTime.of(2026, 11, 24, hour, minute, second, 0, shanghai).toInstant().toEpochMilli()

    @Test
    fun a_day_begins_at_midnight_in_the_county() {
        assertEquals(today, civilDay(at(0, 0)))
        assertEquals(today, civilDay(at(23, 59, 59)))
        assertEquals(today - 1, civilDay(at(0, 0) - 1))
        assertEquals(-1, civilDay(-8 * 3_600_000L - 1))
        assertEquals(0, civilDay(0))
    }

    @Test
    fun what_is_to_come_rings_later() = assertEquals(Due.Later(planned), due(planned, at(4, 30), inUse = false))

    @Test
    fun what_is_due_is_shown_though_the_alarm_rang_a_little_early() {
        assertEquals(Due.Show(planned, today), due(planned, five, inUse = false))
        assertEquals(Due.Show(planned, today), due(planned, at(4, 59, 30), inUse = false))
        assertEquals(Due.Show(planned, today), due(planned, at(5, 40), inUse = false))
    }

    @Test
    fun who_uses_the_app_is_spared_for_the_day() {
        assertEquals(Due.Spared(today), due(planned, five, inUse = true))
        assertEquals(Due.Later(planned), due(planned, at(4, 30), inUse = true))
    }

    @Test
    fun nothing_is_due_where_nothing_is_planned() {
        assertEquals(Due.Nothing, due(null, five, inUse = false))
        assertEquals(Due.Nothing, dueUnasked(null, five, null, inUse = false))
    }

    @Test
    fun unasked_what_was_planned_is_shown_within_the_hour() {
        assertEquals(Due.Show(planned, today), dueUnasked(planned, five, null, inUse = false))
        assertEquals(Due.Show(planned, today), dueUnasked(planned, at(6, 0), today - 1, inUse = false))
        assertEquals(Due.Nothing, dueUnasked(planned, at(6, 0, 1), today - 1, inUse = false))
        assertEquals(Due.Nothing, dueUnasked(planned, at(4, 58), today - 1, inUse = false))
        assertEquals(Due.Spared(today), dueUnasked(planned, five, null, inUse = true))
    }

    @Test
    fun unasked_nothing_is_shown_twice_a_day() {
        assertEquals(Due.Nothing, dueUnasked(planned, at(5, 30), today, inUse = false))
        assertEquals(Due.Nothing, dueUnasked(planned, at(5, 30), today + 1, inUse = false))
    }
}

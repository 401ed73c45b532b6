package org.dangjian.ui

import kotlin.test.Test

/** What those see who look after others looks as approved. */
class OfficeScreensTest {
    private val modes = listOf(Mode.Light, Mode.Dark, Mode.HighContrast, Mode.Elder)

    private fun look(
        vararg names: String,
        modes: List<Mode> = this.modes,
    ) = names.forEach { checkScreen(it, modes, HEIGHT_DP, content = moreScreens.getValue(it)) }

    @Test
    fun offices_and_what_else_they_have() =
        look(
            "office-of-county",
            "office-of-branch",
            modes =
                modes - Mode.HighContrast,
        )

    @Test
    fun the_low_boards_with_names() = look("low-boards")

    @Test
    fun the_low_boards_of_several_branches() = look("low-boards-several", modes = modes.take(2))

    @Test
    fun what_the_county_uses() = look("features", "features-asked")

    @Test
    fun what_the_county_does_not_use() = look("features-reduced", "features-read-only", modes = modes.take(2))

    @Test
    fun rule_sets() = look("rules-broken", "rules-sound")

    @Test
    fun before_a_rule_set_is_pasted() = look("rules-empty", modes = modes.take(2))

    @Test
    fun somebodys_postings() = look("ledger", "ledger-reversing")

    @Test
    fun somebodys_posting_explained_and_no_postings() = look("ledger-explained", "ledger-empty", modes = modes.take(2))

    @Test
    fun the_reminder() = look("reminder")

    @Test
    fun the_reminder_that_the_phone_does_not_show() = look("reminder-blocked", modes = modes.take(2) + Mode.Elder)

    @Test
    fun the_reminder_turned_off() = look("reminder-off", modes = modes.take(2))
}

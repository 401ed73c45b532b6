package org.dangjian.ui

import kotlin.test.Test

/** What those see who look after others looks as approved. */
class OfficeScreensTest {
    private fun look(
        vararg names: String,
        more: List<Mode> = emptyList(),
    ) = names.forEach { checkScreen(it, more, content = moreScreens.getValue(it)) }

    private fun lookInHighContrastToo(vararg names: String) = look(*names, more = listOf(Mode.HighContrast))

    @Test
    fun offices_and_what_else_they_have() = look("office-of-county", "office-of-branch")

    @Test
    fun the_low_boards_with_names() = lookInHighContrastToo("low-boards")

    @Test
    fun the_low_boards_of_several_branches() = look("low-boards-several")

    @Test
    fun what_the_county_uses() = lookInHighContrastToo("features", "features-asked")

    @Test
    fun what_the_county_does_not_use() = look("features-reduced", "features-read-only")

    @Test
    fun rule_sets() = lookInHighContrastToo("rules-broken", "rules-sound")

    @Test
    fun before_a_rule_set_is_pasted() = look("rules-empty")

    @Test
    fun somebodys_postings() = lookInHighContrastToo("ledger", "ledger-reversing")

    @Test
    fun somebodys_posting_explained_and_no_postings() = look("ledger-explained", "ledger-empty")

    @Test
    fun the_reminder() = lookInHighContrastToo("reminder")

    @Test
    fun the_reminder_that_the_phone_does_not_show() = look("reminder-blocked")

    @Test
    fun the_reminder_turned_off() = look("reminder-off")
}

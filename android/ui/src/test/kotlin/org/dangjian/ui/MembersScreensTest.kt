package org.dangjian.ui

import kotlin.test.Test

/** Members, for those who lead them, look as approved. */
class MembersScreensTest {
    private fun look(
        vararg names: String,
        more: List<Mode> = emptyList(),
        largeHeightDp: Int = HEIGHT_DP,
    ) = names.forEach {
        checkScreen(it, more, largeHeightDp = largeHeightDp, content = moreScreens.getValue(it))
    }

    @Test
    fun members() = look("members", "member", more = listOf(Mode.HighContrast, Mode.Large), largeHeightDp = 2200)

    @Test
    fun the_longest_names() = look("member-longest", more = listOf(Mode.Large), largeHeightDp = 2200)

    @Test
    fun somebody_is_moved() = look("member-moving", more = listOf(Mode.Large), largeHeightDp = 2200)

    @Test
    fun what_is_asked_and_told_once() = look("member-asked", "member-revoking", "member-move-asked")

    @Test
    fun a_code() = look("member-code", more = listOf(Mode.ElderLarge), largeHeightDp = 1600)

    @Test
    fun nobody_and_who_may_do_little() = look("members-none", "member-open")
}

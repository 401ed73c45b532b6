package org.dangjian.ui

import kotlin.test.Test

/** Members, for those who lead them, look as approved. */
class MembersScreensTest {
    private val modes = listOf(Mode.Light, Mode.Dark, Mode.HighContrast, Mode.Elder)

    private fun look(
        vararg names: String,
        modes: List<Mode> = this.modes,
        heightDp: Int = HEIGHT_DP,
    ) = names.forEach { checkScreen(it, modes, heightDp, content = moreScreens.getValue(it)) }

    @Test
    fun members() = look("members", "member")

    @Test
    fun members_with_letters_twice_as_large() =
        look("members", "member", "member-longest", "member-moving", modes = listOf(Mode.Large), heightDp = 2200)

    @Test
    fun the_longest_names() = look("member-longest", modes = modes.take(1) + Mode.Elder)

    @Test
    fun what_is_asked_and_told_once() =
        look("member-asked", "member-code", "member-revoking", "member-moving", modes = modes.take(2))

    @Test
    fun nobody_and_who_may_do_little() = look("members-none", "member-open", "member-move-asked", modes = modes.take(1))

    @Test
    fun a_code_for_elders() = look("member-code", modes = listOf(Mode.ElderLarge), heightDp = 1600)
}

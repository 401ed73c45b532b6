package org.dangjian.ui

import kotlin.test.Test

/** Points, boards, notices, the outbox, oneself and office look as approved. */
class MoreScreensTest {
    private fun look(
        vararg names: String,
        more: List<Mode> = emptyList(),
        largeHeightDp: Int = HEIGHT_DP,
    ) = names.forEach {
        checkScreen(it, more, largeHeightDp = largeHeightDp, content = moreScreens.getValue(it))
    }

    @Test
    fun signing_in() =
        look("signin-people", "signin", "signin-empty", "signin-activation", "first-sync", "first-sync-stopped")

    @Test
    fun points() = look("points", more = listOf(Mode.HighContrast, Mode.Large), largeHeightDp = 2200)

    @Test
    fun points_explained_and_none() = look("points-explained", "points-first-day")

    @Test
    fun objecting_to_points() = look("points-objecting", "points-objected")

    @Test
    fun boards() = look("boards", more = listOf(Mode.HighContrast, Mode.Large), largeHeightDp = 2400)

    @Test
    fun other_boards() = look("boards-county", "boards-low", "boards-explained", "boards-off")

    @Test
    fun notices() = look("notices", "notice", "publish", "receipts")

    @Test
    fun other_notices() = look("notices-empty", "notice-edited", "notice-withdrawn", "notice-withdrawing")

    @Test
    fun writing_and_reading_of_notices() = look("notices-draft", "publish-empty", "receipts-all-read")

    @Test
    fun the_outbox() = look("outbox", "outbox-empty")

    @Test
    fun oneself() = look("me", "me-leader", "settings", "settings-sign-out")

    @Test
    fun office() = look("office", "office-objections", "office-empty", "office-deciding", "office-answering")
}

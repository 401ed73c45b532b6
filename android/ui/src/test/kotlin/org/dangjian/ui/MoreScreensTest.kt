package org.dangjian.ui

import androidx.compose.runtime.getValue
import kotlin.test.Test

/** Points, boards, notices, the outbox, oneself and office look as approved. */
class MoreScreensTest {
    private val modes = listOf(Mode.Light, Mode.Dark, Mode.Elder)

    private fun look(
        vararg names: String,
        modes: List<Mode> = this.modes,
        heightDp: Int = HEIGHT_DP,
    ) = names.forEach { checkScreen(it, modes, heightDp, content = moreScreens.getValue(it)) }

    @Test
    fun signing_in() = look("signin-people", "signin", "signin-activation", "first-sync", "first-sync-stopped")

    @Test
    fun points() = look("points", "points-explained")

    @Test
    fun points_in_high_contrast() = look("points", "boards", modes = listOf(Mode.HighContrast))

    @Test
    fun points_with_letters_twice_as_large() = look("points", modes = listOf(Mode.Large), heightDp = 2200)

    @Test
    fun objecting_to_points() = look("points-objecting", "points-objected", "points-first-day", modes = modes.take(2))

    @Test
    fun boards() = look("boards")

    @Test
    fun boards_with_letters_twice_as_large() = look("boards", modes = listOf(Mode.Large), heightDp = 2400)

    @Test
    fun other_boards() = look("boards-county", "boards-low", "boards-explained", "boards-off", modes = modes.take(2))

    @Test
    fun notices() = look("notices", "notice", "publish", "receipts")

    @Test
    fun other_notices() =
        look("notices-empty", "notice-edited", "notice-withdrawn", "notice-withdrawing", modes = modes.take(2))

    @Test
    fun writing_and_reading_of_notices() =
        look("notices-draft", "publish-empty", "receipts-all-read", modes = modes.take(1))

    @Test
    fun the_outbox() = look("outbox", "outbox-empty")

    @Test
    fun oneself() = look("me", "me-leader", "settings", "settings-sign-out")

    @Test
    fun office() = look("office", "office-objections", "office-empty", "office-deciding", "office-answering")
}

package org.dangjian.ui.journeys

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isOn
import androidx.compose.ui.test.isSelected
import androidx.compose.ui.test.performSemanticsAction
import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.core.PASSWORD
import org.dangjian.ui.app.Preferences
import org.dangjian.ui.bridge.ReminderChoice
import org.dangjian.ui.bridge.ReminderModel
import org.dangjian.ui.bridge.Reminders
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.me.Appearance
import org.dangjian.ui.me.FONT_STEPS
import org.dangjian.ui.me.MeStrings
import org.dangjian.ui.notices.NoticeStrings
import org.dangjian.ui.signin.SignInProblem
import org.dangjian.ui.signin.SignInStrings
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The settings, and the way out and in again. */
class SettingsJourney {
    @Test
    fun how_the_app_looks_changes_at_once_and_is_kept() {
        val phone = TestPhone("looks", "village15.member1", NOTICES)
        journey(phone) {
            goesToSettings()
            val before = heightOf(MeStrings.HIGH_CONTRAST)
            taps(MeStrings.ELDER)
            waits("letters are larger") { heightOf(MeStrings.HIGH_CONTRAST) > before }
            taps(MeStrings.DARK)
            taps(MeStrings.HIGH_CONTRAST)
            finds("the slider", hasContentDescription(MeStrings.FONT))
                .performSemanticsAction(SemanticsActions.SetProgress) { it(3f) }
            finds("the size is said", hasStateDescription("130%"))
        }
        val kept = Preferences.parse(checkNotNull(phone.kept()))
        assertEquals(Preferences(elder = true, 3, Appearance.Dark, highContrast = true), kept)
        assertEquals(1.3f, FONT_STEPS[kept.fontStep])
        // Opened again, it looks so from the first frame on.
        journey(phone) {
            goesToSettings()
            val letters = heightOf(MeStrings.HIGH_CONTRAST)
            finds("darkness chosen", hasText(MeStrings.DARK) and isSelected())
            finds("contrast on", hasText(MeStrings.HIGH_CONTRAST) and isOn())
            finds("the size is said", hasStateDescription("130%"))
            taps(MeStrings.ELDER)
            waits("letters are smaller") { heightOf(MeStrings.HIGH_CONTRAST) < letters }
        }
    }

    @Test
    fun choices_in_a_row_are_all_kept() {
        val phone = TestPhone("reminded", "village15.member2")
        journey(phone) {
            goesToSettings()
            val model = ReminderModel(phone.phone) {}
            model.time("360")
            model.quiet("0-0")
            model.required(true)
            val chosen = ReminderChoice(atMin = 360, quietFromMin = 0, quietToMin = 0, required = true)
            waits("all of it is kept") { runBlocking { Reminders(phone.phone).choice() } == chosen }
        }
    }

    @Test
    fun signing_out_asks_and_one_can_sign_in_again_without_a_network() {
        val who = "village15.secretary"
        val phone = TestPhone("signs-out", who, NOTICES)
        journey(phone) {
            sees(NoticeStrings.PUBLISH)
            goesOffline(phone)
            taps(NoticeStrings.PUBLISH)
            writes(NoticeStrings.TITLE, "离线写的通知")
            writes(NoticeStrings.BODY, "等有网再发。")
            taps("发布给", substring = true, on = phone)
            sees("离线写的通知")
            goesToSettings()
            taps(MeStrings.SIGN_OUT)
            sees(MeStrings.SIGN_OUT_TITLE)
            sees(MeStrings.waiting(1))
            taps(CommonStrings.CANCEL)
            seesNoMore(MeStrings.SIGN_OUT_TITLE)
            taps(MeStrings.SIGN_OUT)
            sees(MeStrings.SIGN_OUT_TITLE)
            taps(MeStrings.SIGN_OUT, last = true)
            signsIn(who, "不是这个密码 1")
            sees(SignInStrings.problem(SignInProblem.WrongPassword))
            signsIn(who, PASSWORD)
            sees("离线写的通知")
        }
    }

    @Test
    fun after_too_many_wrong_passwords_one_is_told_how_long_to_wait() =
        journey(TestPhone("locked-out")) {
            runBlocking { County.signedIn("locked-out-other", "village16.member3").close() }
            val lockedOut = SignInStrings.problem(SignInProblem.LockedOut(0)).substringBefore(" 0")
            repeat(MOST_TRIES) {
                if (texts().any { it.startsWith(lockedOut) }) return@repeat
                signsIn("village16.member3", "不是这个密码 1")
                waits("an answer") {
                    texts().any { it == SignInStrings.problem(SignInProblem.WrongPassword) || it.startsWith(lockedOut) }
                }
            }
            assertTrue(texts().any { it.startsWith(lockedOut) }, "${texts()}")
        }

    private fun Hands.signsIn(
        who: String,
        password: String,
    ) {
        writes(SignInStrings.LOGIN, County.named(who))
        writes(SignInStrings.PASSWORD, password)
        taps(SignInStrings.SIGN_IN)
    }

    private fun Hands.goesToSettings() {
        taps("我的")
        taps(MeStrings.SETTINGS)
        sees(MeStrings.DISPLAY)
    }

    private fun Hands.heightOf(text: String) = sees(text).fetchSemanticsNode().size.height
}

private const val NOTICES = "dangjian://notices"
private const val MOST_TRIES = 30

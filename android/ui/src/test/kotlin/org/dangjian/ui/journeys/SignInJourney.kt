@file:OptIn(ExperimentalTestApi::class)

package org.dangjian.ui.journeys

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.performTextInput
import org.dangjian.core.County
import org.dangjian.core.PASSWORD
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.waits
import org.dangjian.ui.signin.SignInStrings
import kotlin.test.Test

class SignInJourney {
    @Test
    fun the_first_time_one_activates_and_the_data_comes() =
        journey(TestPhone("first-time")) {
            val login = County.named("village1.member1")
            taps(SignInStrings.ACTIVATE)
            sees(SignInStrings.ACTIVATION)
            listOf(login, County.codeOf(login), PASSWORD, PASSWORD).forEachIndexed { index, text ->
                onAllNodes(hasSetTextAction())[index].performTextInput(text)
            }
            taps(SignInStrings.ACTIVATE_AND_SIGN_IN)
            waits(
                "the sign-in is over",
            ) { SignInStrings.ACTIVATION !in texts() && SignInStrings.FIRST_SYNC !in texts() }
        }
}

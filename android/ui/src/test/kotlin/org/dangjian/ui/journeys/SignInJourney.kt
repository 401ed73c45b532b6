package org.dangjian.ui.journeys

import org.dangjian.core.County
import org.dangjian.core.PASSWORD
import org.dangjian.ui.desktop.fills
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.signin.SignInStrings
import org.dangjian.ui.today.TodayStrings
import kotlin.test.Test

class SignInJourney {
    @Test
    fun the_first_time_one_activates_and_the_data_comes() =
        journey(TestPhone("first-time")) {
            val login = County.named("village1.member1")
            taps(SignInStrings.ACTIVATE)
            sees(SignInStrings.ACTIVATION)
            fills(login, County.codeOf(login), PASSWORD, PASSWORD)
            taps(SignInStrings.ACTIVATE_AND_SIGN_IN)
            sees(TodayStrings.ELDER_VERSION)
        }
}

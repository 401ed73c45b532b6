package org.dangjian.ui

import androidx.compose.runtime.Composable
import org.dangjian.ui.app.NothingOpen
import org.dangjian.ui.app.WideFrame
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.me.MeCallbacks
import org.dangjian.ui.me.MeScreen
import org.dangjian.ui.notices.NoticeCallbacks
import org.dangjian.ui.notices.NoticeScreen
import org.dangjian.ui.notices.NoticesCallbacks
import org.dangjian.ui.notices.NoticesScreen
import org.dangjian.ui.reader.ReaderCallbacks
import org.dangjian.ui.reader.ReaderScreen
import org.dangjian.ui.study.StudyCallbacks
import org.dangjian.ui.study.StudyScreen
import org.dangjian.ui.theme.Dangjian
import kotlin.test.Test

/** On a tablet or in a wide window: a rail, and a list beside what is opened from it. */
class WideTest {
    private fun look(
        name: String,
        tab: Tab,
        list: (@Composable () -> Unit)?,
        content: @Composable () -> Unit,
    ) = checkScreen("wide-$name", heightDp = WIDE_HEIGHT_DP, widthDp = WIDE_WIDTH_DP) {
        WideFrame(BottomBarState(tab, unread = 1), onTab = {}, list, content)
    }

    @Test
    fun a_notice_beside_the_list_of_notices() =
        look("notices", Tab.Messages, { NoticesScreen(NoticeSamples.notices, NoticesCallbacks()) }) {
            NoticeScreen(NoticeSamples.noticeEdited, NoticeCallbacks())
        }

    @Test
    fun an_article_beside_the_list_of_what_can_be_studied() =
        look("study", Tab.Study, { StudyScreen(Samples.study, StudyCallbacks()) }) {
            ReaderScreen(Samples.reader.copy(textSize = if (Dangjian.elder) 26 else 19), ReaderCallbacks())
        }

    @Test
    fun one_screen_alone() = look("me", Tab.Me, list = null) { MeScreen(MeSamples.meLeader, MeCallbacks()) }

    @Test
    fun nothing_opened_yet() =
        look("nothing-open", Tab.Messages, { NoticesScreen(NoticeSamples.notices, NoticesCallbacks()) }) {
            NothingOpen()
        }
}

private const val WIDE_WIDTH_DP = 1280
private const val WIDE_HEIGHT_DP = 800
